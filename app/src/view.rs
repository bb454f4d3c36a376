//! The parts of the page, one component a file.

pub mod app;
pub mod attention;
pub mod canvas;
pub mod cells;
pub mod choice;
pub mod chord;
pub mod drop_zone;
pub mod evaluate;
pub mod experiments;
pub mod field;
pub mod file_button;
pub mod genes;
pub mod header;
pub mod loss;
pub mod mapping;
pub mod matrix;
pub mod menu;
pub mod preparation;
pub mod problem;
pub mod scatter;
pub mod scrubber;
pub mod select_one;
pub mod simulate;
pub mod status;
pub mod theme;
pub mod time_boxes;
pub mod time_strip;
pub mod tooltip;
pub mod train;
pub mod work;

pub use app::App;

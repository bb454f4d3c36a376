//! The parts of the page, one component a file.

pub mod app;
pub mod attention;
pub mod canvas;
pub mod cast;
pub mod cells;
pub mod choice;
pub mod chord;
pub mod drawer;
pub mod drop_zone;
pub mod evaluate;
pub mod field;
pub mod file_button;
pub mod header;
pub mod loss;
pub mod mapping;
pub mod matrix;
pub mod pointing;
pub mod preparation;
pub mod problem;
pub mod scatter;
pub mod spark;
pub mod status;
pub mod theme;
pub mod time_boxes;
pub mod time_strip;
pub mod tooltip;
pub mod train;
pub mod work;

pub use app::App;

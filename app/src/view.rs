//! The parts of the page, one component a file.

pub mod app;
pub mod attention;
pub mod canvas;
pub mod cells;
pub mod choice;
pub mod chord;
pub mod drop_zone;
pub mod evaluate;
pub mod export;
pub mod field;
pub mod file_button;
pub mod header;
pub mod help;
pub mod loss;
pub mod mapping;
pub mod matrix;
pub mod modal;
pub mod panel_tools;
pub mod preparation;
pub mod problem;
pub mod scatter;
pub mod status;
pub mod theme;
pub mod time_boxes;
pub mod time_strip;
pub mod tooltip;
pub mod tour;
pub mod train;
pub mod work;

pub use app::App;

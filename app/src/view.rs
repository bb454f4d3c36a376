//! The parts of the page, one component a file.

pub mod canvas;
pub mod chord;
pub mod loss;
pub mod matrix;
pub mod scatter;
pub mod tooltip;

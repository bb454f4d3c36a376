//! Layouts and drawings: pure functions of plain data, shared by the page and the command line.

pub mod chord;
pub mod curve;
pub mod field;
pub mod palette;

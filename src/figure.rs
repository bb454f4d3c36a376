//! Layouts and drawings: pure functions of plain data, shared by the page and the command line.

pub mod chord;
pub mod comparison;
pub mod curve;
pub mod field;
pub mod labels;
pub mod palette;
pub mod points;
pub mod scatter;
pub mod score_table;
pub mod theme;
pub mod ticks;
pub mod verdict;

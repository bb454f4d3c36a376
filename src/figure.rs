//! Layouts and drawings: pure functions of plain data, shared by the page and the command line.
//!
//! Each figure is a layout, which the page draws with its own means, and a function to an SVG document with title, legend and caption.
//! What needs a library for pictures stands behind the feature `figures`.

pub mod arrows;
pub mod cell_matrix;
pub mod cells;
pub mod chord;
pub mod comparison;
pub mod curve;
pub mod field;
pub mod heatmap;
pub mod labels;
pub mod links;
pub mod palette;
#[cfg(feature = "figures")]
pub mod plane;
#[cfg(feature = "figures")]
pub mod png;
pub mod points;
pub mod quantity;
pub mod scatter;
pub mod score_table;
pub mod spark;
pub mod svg;
pub mod theme;
pub mod ticks;
pub mod verdict;

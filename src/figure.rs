//! Layouts and drawings: pure functions of plain data, shared by the page and the command line.
//!
//! Each figure is a layout, which the page draws with its own means, and a function to an SVG document with title, legend and caption.
//! Documents stand behind the feature `svg`; what needs a library for pictures behind `figures`.

pub mod arrows;
pub mod cell_matrix;
pub mod cells;
pub mod chord;
pub mod comparison;
pub mod composition;
pub mod corner;
pub mod courses;
pub mod curve;
pub mod drawing;
pub mod eigenvalues;
#[cfg(feature = "svg")]
pub mod embed;
pub mod experiment;
pub mod field;
pub mod flow;
pub mod gene_network;
pub mod hearing;
pub mod heatmap;
pub mod labels;
pub mod lasso;
pub mod lines;
pub mod links;
pub mod methods;
pub mod moving;
pub mod operator;
pub mod operator_grid;
pub mod pairs;
pub mod palette;
pub mod particles;
#[cfg(feature = "svg")]
pub mod plane;
#[cfg(feature = "figures")]
pub mod png;
pub mod points;
pub mod pooled;
pub mod quantity;
pub mod ranked_bars;
pub mod report;
pub mod scatter;
pub mod score_table;
pub mod shades;
pub mod signs;
pub mod spark;
pub mod stability;
pub mod streamlines;
pub mod svg;
pub mod theme;
pub mod ticks;
pub mod time_axis;
pub mod trails;
pub mod type_flow;
pub mod verdict;

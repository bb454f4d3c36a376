//! The tests of the engine, the figures and the command line: one program, since linking each file alone costs minutes.

mod architecture;
mod bad_commands;
mod bad_input;
mod cell_mnn;
mod cell_mnn_training;
mod command_line;
mod data_anndata;
mod data_bundle;
mod data_files;
mod data_tissue;
mod data_weights;
mod divergence;
mod evaluation;
mod exact_transport;
mod figures;
mod interactions;
mod kept_training;
mod mutated_files;
mod parity;
mod preprocess;
mod reproducible;
mod session;
mod simulation;
mod support;

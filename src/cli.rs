//! The command line program: the same session, files and numbers as the page.
//!
//! Results go to standard output (with `--json` as one JSON object), progress and messages to standard error. Exit codes: 0 done,
//! 1 a fault or a failing device, 2 wrong use (also by the argument parser), 3 a file that cannot be used, 4 diverged training.

mod ask;
mod figure;
mod info;
mod input;
mod tissue;
mod train;

use clap::{Parser, Subcommand};
use scimf::error::{Error, Kind};
use std::process::ExitCode;

/// scIMF: collective multicellular dynamics from time-series single-cell data.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show what is in a dataset.
    Info(info::Info),
    /// Train scIMF on a dataset.
    Train(train::Train),
    /// Who listens to whom at a time point: cell-type attention.
    Attention(ask::Attention),
    /// Velocity of the observed cells of a time point.
    Velocity(ask::Velocity),
    /// Draw a figure of the page as an SVG or PNG file.
    Figure(figure::Figure),
    /// Write a simulated tissue with known interactions as a dataset bundle.
    SimulateTissue(tissue::SimulateTissue),
}

/// Runs the program.
pub fn run() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Info(command) => command.run(),
        Command::Train(command) => command.run(),
        Command::Attention(command) => command.run(),
        Command::Velocity(command) => command.run(),
        Command::Figure(command) => command.run(),
        Command::SimulateTissue(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scimf: {error}");
            ExitCode::from(exit_code(&error))
        }
    }
}

fn exit_code(error: &Error) -> u8 {
    match error.kind {
        Kind::Device | Kind::Internal => 1,
        Kind::Request => 2,
        Kind::Input => 3,
        Kind::Diverged => 4,
    }
}

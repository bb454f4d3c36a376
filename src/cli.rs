//! The command line program: the same session, files and numbers as the page.
//!
//! Results go to standard output (with `--json` as one JSON object), progress and messages to standard error. Exit codes: 0 done,
//! 1 a fault or a failing device, 2 wrong use (also by the argument parser), 3 a file that cannot be used, 4 diverged training, 130 stopped by Ctrl-C.

mod ask;
mod benchmark;
mod evaluate;
mod figure;
mod files;
mod info;
mod input;
mod interactions;
mod interrupt;
mod network;
mod opened;
mod prepare;
mod recipe;
mod recovery;
mod regulation;
mod simulate;
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
    /// Make a dataset bundle of a study: from counts to principal components.
    Prepare(prepare::Prepare),
    /// Train a model on a dataset.
    Train(train::Train),
    /// Compare predictions at held-out time points with what was observed there.
    Evaluate(evaluate::Evaluate),
    /// Run a plan of held-out evaluations and write one table.
    Benchmark(benchmark::Benchmark),
    /// Simulate cells from the first time point to the last.
    Simulate(simulate::Simulate),
    /// Who listens to whom at a time point: cell-type attention.
    Attention(ask::Attention),
    /// Who acts on whom, as far as the data tell.
    Interactions(interactions::Interactions),
    /// How well planted interactions are found: by attention, or by what needs no training.
    Recovery(recovery::Recovered),
    /// Velocity of the observed cells of a time point.
    Velocity(ask::Velocity),
    /// The operator of a cell, or the mean over cells, of Cell-MNN.
    Operator(regulation::Operator),
    /// The strongest gene interactions that Cell-MNN's operators hold.
    GeneNetwork(regulation::Network),
    /// Why a gene rises or falls, under Cell-MNN.
    Why(regulation::Why),
    /// Compare the interactions of Cell-MNN with known signs.
    Signs(regulation::Signs),
    /// Draw a figure of the page as an SVG or PNG file.
    Figure(figure::Figure),
    /// Write a simulated tissue with known interactions as a dataset bundle.
    SimulateTissue(tissue::SimulateTissue),
    /// Write a simulated gene network with known signs as a dataset bundle.
    SimulateNetwork(network::SimulateNetwork),
}

/// Runs the program.
pub fn run() -> ExitCode {
    interrupt::listen();
    let result = match Arguments::parse().command {
        Command::Info(command) => command.run(),
        Command::Prepare(command) => command.run(),
        Command::Train(command) => command.run(),
        Command::Benchmark(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Evaluate(command) => command.run(),
        Command::Attention(command) => command.run(),
        Command::Interactions(command) => command.run(),
        Command::Recovery(command) => command.run(),
        Command::Velocity(command) => command.run(),
        Command::Operator(command) => command.run(),
        Command::GeneNetwork(command) => command.run(),
        Command::Why(command) => command.run(),
        Command::Signs(command) => command.run(),
        Command::Figure(command) => command.run(),
        Command::SimulateTissue(command) => command.run(),
        Command::SimulateNetwork(command) => command.run(),
    };
    match result {
        Ok(()) if interrupt::asked() => ExitCode::from(interrupt::EXIT_CODE),
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("scimf: {error}");
            ExitCode::from(if interrupt::asked() { interrupt::EXIT_CODE } else { exit_code(&error) })
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

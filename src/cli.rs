//! The command line program: the same session, files and numbers as the page.
//!
//! Results go to standard output (with `--json` as one JSON object), progress and messages to standard error. Exit codes: 0 done,
//! 1 a fault or a failing device, 2 wrong use (also by the argument parser), 3 a file that cannot be used, 4 diverged training, 130 stopped by Ctrl-C,
//! 141 nobody reads the output.

/// Says something on standard error, unless `--quiet` was asked for.
macro_rules! say {
    ($($words:tt)*) => {
        if !$crate::cli::quiet() {
            eprintln!($($words)*);
        }
    };
}

mod agreement;
mod ask;
mod benchmark;
mod columns;
mod evaluate;
mod export;
mod figure;
mod files;
mod info;
mod input;
mod interactions;
mod interrupt;
mod kept;
mod network;
mod opened;
mod path;
mod potential;
mod prepare;
mod recipe;
mod recovery;
mod regulation;
mod report;
mod samples;
mod settings_file;
mod shell;
mod simulate;
mod site;
mod times;
mod tissue;
mod train;

use clap::{Parser, Subcommand};
use scimf::error::{Error, Kind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends the help: what scripts rely on.
const CONVENTIONS: &str = "\
Results go to standard output, with --json as JSON; progress and messages go to standard error.

Exit codes: 0 done, 1 a fault or a failing device, 2 wrong use, 3 a file that cannot be used, 4 diverged training, 130 stopped by Ctrl-C, 141 nobody reads the output.

NO_COLOR turns colours off. SCIMF_PAGE names the folder of the built page for `scimf explore`.";

static QUIET: AtomicBool = AtomicBool::new(false);

/// Nothing but errors and warnings is to be said.
fn quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// scIMF Explorer: collective multicellular dynamics from time-series single-cell data.
#[derive(Parser)]
#[command(version, about, after_long_help = CONVENTIONS)]
struct Arguments {
    /// Options of the command from a TOML file: a line for each, such as `updates = 600`, and `data` for its files. What is named here counts more.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say nothing but errors and warnings.
    #[arg(long, short, global = true)]
    quiet: bool,
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
    /// Write the study with what a model learned of it as AnnData.
    Export(export::Export),
    /// Who listens to whom at a time point: cell-type attention.
    Attention(ask::Attention),
    /// Who acts on whom, as far as the data tell.
    Interactions(interactions::Interactions),
    /// How well planted interactions are found: by attention, or by what needs no training.
    Recovery(recovery::Recovered),
    /// Velocity of the observed cells of a time point.
    Velocity(ask::Velocity),
    /// A number that a model has for every cell or interval: its potential, its residual, what start cells weigh, its noise.
    Readings(potential::Readings),
    /// The potential of a model over a plane of two axes of the model space.
    Landscape(potential::Plane),
    /// Where copies of single cells end.
    Fates(potential::Fates),
    /// The path of least action between two groups of cells, and the genes that move on it.
    Path(path::LeastAction),
    /// The operator of a cell, or the mean over cells, of a model that has operators.
    Operator(regulation::Operator),
    /// The strongest gene interactions that operators hold.
    GeneNetwork(regulation::Network),
    /// Why a gene rises or falls, as operators say.
    Why(regulation::Why),
    /// Compare the interactions that operators hold with known signs.
    Signs(regulation::Signs),
    /// Draw a figure of the page as an SVG or PNG file.
    Figure(figure::Figure),
    /// Write one self-contained HTML document about a study and its model.
    Report(report::Report),
    /// Write the completions of a shell to standard output.
    Completions(shell::Completions),
    /// Write the manual.
    Manual(shell::Manual),
    /// Open a study in the page, served on this machine.
    Explore(site::Explore),
    /// Put a study into a built page, as a link that opens it.
    Publish(site::Publish),
    /// Write a simulated tissue with known interactions as a dataset bundle.
    SimulateTissue(tissue::SimulateTissue),
    /// Write a simulated gene network with known signs as a dataset bundle.
    SimulateNetwork(network::SimulateNetwork),
}

/// Runs the program.
pub fn run() -> ExitCode {
    interrupt::listen();
    let arguments = match settings_file::merged(std::env::args_os().collect()) {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("scimf: {error}");
            return ExitCode::from(exit_code(&error));
        }
    };
    let Arguments { command, quiet, .. } = Arguments::parse_from(arguments);
    QUIET.store(quiet, Ordering::Relaxed);
    let result = match command {
        Command::Info(command) => command.run(),
        Command::Prepare(command) => command.run(),
        Command::Train(command) => command.run(),
        Command::Benchmark(command) => command.run(),
        Command::Simulate(command) => command.run(),
        Command::Evaluate(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Attention(command) => command.run(),
        Command::Interactions(command) => command.run(),
        Command::Recovery(command) => command.run(),
        Command::Velocity(command) => command.run(),
        Command::Readings(command) => command.run(),
        Command::Landscape(command) => command.run(),
        Command::Fates(command) => command.run(),
        Command::Path(command) => command.run(),
        Command::Operator(command) => command.run(),
        Command::GeneNetwork(command) => command.run(),
        Command::Why(command) => command.run(),
        Command::Signs(command) => command.run(),
        Command::Figure(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Manual(command) => command.run(),
        Command::Explore(command) => command.run(),
        Command::Publish(command) => command.run(),
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

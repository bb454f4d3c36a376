//! Builds, serves and tests the explorer: `cargo xtask --help`.

mod bench;
mod demo;
mod docs;
mod gallery;
mod keep;
mod licences;
mod page;
mod progress;
mod python;
mod serve;
mod shell;
mod test;
mod tools;
mod web;

use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Builds, serves and tests the explorer.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100, after_help = VARIABLES)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

/// Ends the help.
const VARIABLES: &str = "\
docs, demo, gallery and test --only python take the command line that the variable SCIMF names, if it is set, and build none.";

#[derive(Subcommand)]
enum Task {
    /// Build the page and serve it on this machine.
    Serve {
        /// Open it in the default browser.
        #[arg(long)]
        open: bool,
        /// Port on 127.0.0.1.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Build it as it is published, with the profile `page`: smaller, but ready much later.
        #[arg(long)]
        published: bool,
    },
    /// Build the page into a folder that any static host can serve, under any path.
    Build {
        /// Which cargo profile: `page` is what is published, `web` builds in a fraction of the time.
        #[arg(long, value_enum, default_value_t)]
        profile: web::Profile,
        /// Folder to write; its content is replaced.
        #[arg(long, default_value = "dist")]
        dist: PathBuf,
    },
    /// Run every check: format, lints, native tests, wasm build, end to end in Chromium, and Python's view of our files where it is installed.
    Test {
        /// Only one part.
        #[arg(long, value_enum)]
        only: Option<test::Part>,
    },
    /// Measure the page's weight and speed beside a peer or a budget, and print a table.
    Bench {
        /// Print JSON instead of a table.
        #[arg(long)]
        json: bool,
        /// Only one group of rows, by its name in docs/PERFORMANCE.md.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// A page that is built already; without it the page is built as it is published.
        #[arg(long, value_name = "DIST")]
        page: Option<PathBuf>,
    },
    /// Build the documentation as a site (installs mdBook).
    Docs {
        /// Folder to write.
        #[arg(long, default_value = "dist/docs")]
        dist: PathBuf,
    },
    /// Make the demo, public/demo.zip: simulate its tissue, train its models, look for its evidence.
    Demo {
        /// Few cells and updates, into target/demo alone: to see that every step works.
        #[arg(long)]
        quick: bool,
    },
    /// Put a gallery of small studies with trained weights into a built page: four are simulated, two are public and need their files.
    Gallery {
        /// The built page, as `cargo xtask build` leaves it.
        #[arg(long, default_value = "dist")]
        into: PathBuf,
        /// Only one study, by its name.
        #[arg(long, value_name = "NAME")]
        only: Option<String>,
        /// Reprogramming in serum (Schiebinger et al. 2019): an .h5ad with obs `day` and `cell_type`.
        #[arg(long, value_name = "FILE")]
        mef: Option<PathBuf>,
        /// Mouse ES cells (Klein et al. 2015): a table of counts with a column `day`.
        #[arg(long, value_name = "FILE")]
        klein: Option<PathBuf>,
        /// Train no more than so many steps, to see whether it works.
        #[arg(long, value_name = "STEPS")]
        steps: Option<u32>,
    },
    /// Hold the licences and sources of all crates against deny.toml.
    Licences,
    /// Ask the advisory database about all crates, and check deny.toml as a whole: needs cargo-deny 0.18 or later, and a network.
    Advisories,
    /// Save pictures of the page's states under target/screenshots, from a build with the `web` profile.
    Screenshots {
        /// Only those that the documents show: they take the place of the ones in docs/images.
        #[arg(long)]
        docs: bool,
        /// A page that is built already.
        #[arg(long, value_name = "DIST")]
        page: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    std::env::set_current_dir(shell::root())?;
    match Cli::parse().task {
        Task::Serve { open, port, published } => {
            let profile = if published { web::Profile::Page } else { web::Profile::Web };
            // `dist` holds only what is meant to be published.
            let dist = if published { shell::root().join("dist") } else { test::dist() };
            web::expect(profile);
            web::build(profile, &dist, |cargo| cargo)?;
            serve::serve(&dist, port, open)
        }
        Task::Build { profile, dist } => {
            web::expect(profile);
            web::build(profile, &dist, |cargo| cargo)
        }
        Task::Test { only } => test::run(only),
        Task::Bench { json, only, page } => bench::run(only.as_deref(), json, page),
        Task::Docs { dist } => test::docs(&dist),
        Task::Demo { quick } => test::demo(quick),
        Task::Gallery { into, only, mef, klein, steps } => {
            let files = [("--mef", mef), ("--klein", klein)];
            test::gallery(&into, &files, only.as_deref(), steps)
        }
        Task::Licences => licences::check(),
        Task::Advisories => licences::advisories(),
        Task::Screenshots { docs, page } => test::screenshots(page, docs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// The commands of this program that a document names.
    fn commands(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for rest in text.split("cargo xtask").skip(1) {
            let rest = rest.split(['`', '#', '|']).next().unwrap_or_default();
            found.extend(rest.trim_start().lines().next().map(|line| line.trim().to_owned()));
        }
        found
    }

    #[test]
    fn every_command_that_the_documents_name_is_one() {
        let in_folder = |folder: &Path| {
            let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            paths.filter(|path| path.extension().is_some_and(|it| it == "md")).collect::<Vec<_>>()
        };
        let root = shell::root();
        let documents = [in_folder(root), in_folder(&root.join("docs"))].concat();
        let mut count = 0;
        for document in documents.into_iter().filter(|path| !path.ends_with("CHANGELOG.md")) {
            for command in commands(&fs::read_to_string(&document).unwrap()) {
                let words = ["cargo xtask"].into_iter().chain(command.split_whitespace());
                let asked_for_help = |error: &clap::Error| error.kind() == clap::error::ErrorKind::DisplayHelp;
                let known = Cli::try_parse_from(words).map_or_else(|error| asked_for_help(&error), |_| true);
                assert!(known, "{}: cargo xtask {command}", document.display());
                count += 1;
            }
        }
        assert!(count > 20, "{count} commands");
    }
}

//! The page, built and sealed.

use crate::{
    seal,
    shell::{cargo, run, step, words},
    tools,
};
use anyhow::{Context, Result};
use std::{fs, path::Path};

/// How the page is compiled.
#[derive(Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Profile {
    /// Small and fast, as published; takes several minutes.
    #[default]
    Page,
    /// Without link-time optimisation, for tests and development.
    Web,
}

/// Builds the page into `dist`, whose content is replaced.
///
/// # Errors
/// A tool cannot be installed, the build fails, or trunk's result is not what [`seal::seal`] expects.
pub fn build(profile: Profile, dist: &Path) -> Result<()> {
    tools::wasm_target()?;
    let mut trunk = tools::trunk()?;
    // Trunk's `--offline` is handed on to cargo, so the packages have to be here before.
    run(words(cargo(), "fetch --locked --target wasm32-unknown-unknown"))?;
    let (profile, duration) = match profile {
        Profile::Page => ("page", "about 15 minutes the first time"),
        Profile::Web => ("web", "some minutes the first time"),
    };
    step(&format!("build the page (profile {profile}, {duration})"), || {
        trunk.args(["build", "--offline", "--skip-version-check", "--cargo-profile", profile, "--dist"]).arg(dist);
        // Trunk refuses the value `1` that some terminals and runners set.
        trunk.env_remove("NO_COLOR");
        run(trunk)?;
        seal::seal(dist)
    })?;
    report_sizes(dist)
}

fn report_sizes(dist: &Path) -> Result<()> {
    let mut files: Vec<_> = fs::read_dir(dist)?.collect::<std::io::Result<_>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let size = file.metadata().context("a file of dist vanished")?.len();
        eprintln!("{:>10.1} KB  {}", size as f64 / 1e3, file.path().display());
    }
    Ok(())
}

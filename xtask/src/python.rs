//! What other programs make of our files: anndata, scVelo, CellRank and Snakemake, in a Python of their own under `target/`.

use crate::shell::{self, output, root, words};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The interpreter with the packages; none if it was not installed yet.
pub fn installed() -> Option<PathBuf> {
    let python = folder().join("bin/python");
    output(&python, &["-c", "import anndata, scvelo, cellrank, snakemake"]).map(|_| python)
}

/// Installs the packages, which takes some minutes and a network.
///
/// # Errors
/// There is no Python 3, or a package cannot be had.
pub fn install() -> Result<PathBuf> {
    if let Some(python) = installed() {
        return Ok(python);
    }
    let folder = folder();
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(&folder);
    shell::run(make).context("Python 3 with its module venv is needed")?;
    let python = folder.join("bin/python");
    let mut pip = words(Command::new(&python), "-m pip install --quiet --requirement");
    pip.arg(root().join("tests/python/requirements.txt"));
    shell::run(pip)?;
    Ok(python)
}

/// Exports a small study with a briefly trained model, and lets Python read, draw and continue it.
///
/// # Errors
/// A program fails, or finds what it did not expect.
pub fn round_trip(python: &Path, scimf: &Path) -> Result<()> {
    let folder = root().join("target/python-files");
    fs::create_dir_all(&folder)?;
    let at = |name: &str| folder.join(name).display().to_string();
    let fixture = root().join("tests/fixtures/h5ad/gzip_csr.h5ad").display().to_string();
    let (weights, study) = (at("weights.safetensors"), at("study.h5ad"));
    let picture = at("velocity.png");
    for arguments in [
        vec!["train", &fixture, "--updates", "20", "--cells", "64", "--output", &weights],
        vec!["export", &fixture, "--weights", &weights, "--plane", "UMAP", "--output", &study],
    ] {
        let mut program = Command::new(scimf);
        program.args(&arguments);
        shell::run(program)?;
    }
    fs::remove_file(&picture).ok();
    let mut check = Command::new(python);
    check.arg(root().join("tests/python/round_trip.py")).args([&study, &picture]).current_dir(&folder);
    shell::run(check)?;
    ensure!(fs::metadata(&picture).is_ok_and(|file| file.len() > 1000), "{picture} was not drawn");
    Ok(())
}

fn folder() -> PathBuf {
    root().join("target/python")
}

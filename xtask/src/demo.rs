//! The demo: a simulated tissue in seven samples, fitted models, and the evidence of who acts on whom.

use crate::shell::{root, run, words};
use anyhow::{Result, ensure};
use std::{fs, path::Path, process::Command};

/// What makes it: the tissue, the trainings, the evidence. Each command reads and writes the same file.
const TISSUE: &str = "simulate-tissue --design depletion --cells 150 --components 20 --strength 2 --seed 3";
const TRAININGS: [&str; 2] =
    ["--model mean-field --cells 448 --updates 300 --seed 1", "--model scimf --cells 160 --updates 300 --seed 1"];
const EVIDENCE: &str = "--seeds 3 --twins 3 --cells 448 --updates 60 --seed 1";
/// Largest file in bytes: it is loaded before anything is seen.
const LARGEST: u64 = 2_000_000;

/// Makes `public/demo.zip` with the command line `scimf`.
///
/// # Errors
/// A command fails, or the file is too large.
pub fn make(scimf: &Path) -> Result<()> {
    let folder = root().join("target/demo");
    fs::create_dir_all(&folder)?;
    let file = folder.join("demo.zip");
    let command = |name: &str| words(Command::new(scimf), name);
    let mut tissue = command(TISSUE);
    tissue.arg("--output").arg(&file);
    run(tissue)?;
    for options in TRAININGS {
        let mut train = command("train");
        train.arg(&file).args(options.split_whitespace()).arg("--bundle").arg(&file);
        run(train)?;
    }
    let mut evidence = command("interactions");
    evidence.arg(&file).args(EVIDENCE.split_whitespace()).arg("--bundle").arg(&file);
    run(evidence)?;
    let size = fs::metadata(&file)?.len();
    ensure!(size < LARGEST, "the demo has {size} bytes; at most {LARGEST} are allowed");
    fs::copy(&file, root().join("public/demo.zip"))?;
    Ok(())
}

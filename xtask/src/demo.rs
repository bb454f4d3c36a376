//! The demo: a simulated tissue in seven samples, fitted models, and the evidence of who acts on whom.

use crate::shell::{root, run, words};
use anyhow::{Result, ensure};
use std::{fs, path::Path, process::Command};

/// Largest file in bytes: it is loaded before anything is seen.
const LARGEST: u64 = 2_000_000;

/// Makes `public/demo.zip` with the command line `scimf`: the tissue, the trainings, the evidence. Each command reads and writes the same file.
/// `quick` takes few cells and updates and leaves `public/demo.zip` alone: it shows that every step works.
///
/// # Errors
/// A command fails, or the file is too large.
pub fn make(scimf: &Path, quick: bool) -> Result<()> {
    let [cells, updates, fits, each] = if quick { [30, 2, 1, 2] } else { [150, 300, 3, 60] };
    let folder = root().join("target/demo");
    fs::create_dir_all(&folder)?;
    let file = folder.join("demo.zip");
    let step = |command: &str, input: Option<&Path>, options: &str, output: &str| {
        let mut step = words(Command::new(scimf), command);
        step.args(input).args(options.split_whitespace()).arg(output).arg(&file);
        run(step)
    };
    let tissue = format!("--design depletion --cells {cells} --components 20 --strength 2 --seed 3");
    step("simulate-tissue", None, &tissue, "--output")?;
    for model in ["--model mean-field --cells 448", "--model scimf --cells 160"] {
        step("train", Some(&file), &format!("{model} --updates {updates} --seed 1"), "--bundle")?;
    }
    let evidence = format!("--seeds {fits} --twins {fits} --cells 448 --updates {each} --seed 1");
    step("interactions", Some(&file), &evidence, "--bundle")?;
    let size = fs::metadata(&file)?.len();
    ensure!(size < LARGEST, "the demo has {size} bytes; at most {LARGEST} are allowed");
    if !quick {
        fs::copy(&file, root().join("public/demo.zip"))?;
    }
    Ok(())
}

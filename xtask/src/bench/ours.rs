//! Our own command line under measurement.

use crate::shell::{cargo, json_lines, root, run, words};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The command line, as it was built last.
pub struct Scimf(PathBuf);

impl Scimf {
    /// Builds it as its users do.
    pub fn built() -> Result<Self> {
        run(words(cargo(), "build --quiet --release --package scimf"))?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
        Ok(Self(target.join("release/scimf")))
    }

    /// A training of a study on the CPU, whose weights lie beside the study; it prints its events.
    pub fn training(&self, study: &Path, updates: u32, threads: &str) -> Command {
        let mut training = Command::new(&self.0);
        training.arg("train").arg(study).args(["--device", "cpu", "--json"]);
        training.args(["--updates", &updates.to_string(), "--output"]).arg(weights(study));
        training.env("RAYON_NUM_THREADS", threads);
        training
    }

    /// Seconds of each update of a training.
    pub fn seconds(&self, study: &Path, updates: u32, threads: &str) -> Result<Vec<f64>> {
        let events = json_lines(&mut self.training(study, updates, threads))?;
        Ok(events.iter().filter_map(|event| event["Update"]["seconds"].as_f64()).collect())
    }

    /// Who listens to whom at the first time point, under the weights beside the study.
    pub fn attention(&self, study: &Path, threads: &str) -> Command {
        let mut attention = Command::new(&self.0);
        attention.arg("attention").arg(study).args(["--time", "0", "--weights"]).arg(weights(study));
        attention.env("RAYON_NUM_THREADS", threads);
        attention
    }
}

fn weights(study: &Path) -> PathBuf {
    study.with_extension("safetensors")
}

/// Seconds that a program takes, and the most memory that it has had, in GB (Linux).
pub fn watched(mut command: Command) -> Result<(f64, f64)> {
    let begin = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().context("it could not be started")?;
    let mut most = 0.0_f64;
    let status = loop {
        most = most.max(peak(&child).unwrap_or(0.0));
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok((begin.elapsed().as_secs_f64(), most))
}

fn peak(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1e6)
}

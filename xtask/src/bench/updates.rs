//! Updates of a training: on the command line beside PyTorch and geomloss, and in the browser beside the command line.

use super::{Bench, Peer, Row, Target, number};
use crate::shell::{cargo, root, run, step, words};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A study as the peer makes it, what a training of it is called, and how much faster than the peer an update has to be.
struct Study {
    name: &'static str,
    cells: &'static str,
    updates: u32,
    faster: f64,
    reason: &'static str,
}

/// One of the zebrafish study's size (38,731 cells, 12 time points) and a small one (1,000 cells, 3 time points); 50 components each.
const STUDIES: [Study; 2] = [
    Study {
        name: "zebrafish-size",
        cells: "3231,3000,3100,3200,3300,3400,3500,3300,3200,3200,3200,3100",
        updates: 3,
        faster: 20.0,
        reason: "",
    },
    Study { name: "small", cells: "300,350,350", updates: 20, faster: 2.5, reason: "" },
];

/// Times that a browser's update may take of one on the command line with one thread.
const BROWSER: f64 = 2.5;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let python = step("install PyTorch and geomloss", python)?;
    let scimf = step("build the command line", command_line)?;
    let folder = root().join("target/bench");
    fs::create_dir_all(&folder)?;
    let mut rows = Vec::new();
    for study in &STUDIES {
        let path = folder.join(format!("{}.npz", study.name));
        let peer = |command: &str| {
            let mut peer = Command::new(&python);
            peer.arg(root().join("tests/peers/scimf_torch.py")).arg(command).arg(&path);
            peer
        };
        let mut make = peer("make");
        make.args(["--cells", study.cells]);
        run(make)?;
        let threads = std::thread::available_parallelism()?.to_string();
        let updates = study.updates.to_string();
        let torch = lines(peer("time").args(["--threads", &threads, "--updates", &updates]))?;
        let torch = median(torch.iter().map(|line| number(line, "seconds")).collect::<Result<_>>()?)?;
        let ours = trained(&scimf, &path, study.updates, &threads)?;
        rows.push(Row {
            name: format!("update, CPU, {}: {threads} threads", study.name),
            ours,
            peer: Peer { name: "PyTorch and geomloss".into(), figure: torch },
            unit: "s",
            target: Target::AtMost(1.0 / study.faster),
            reason: study.reason,
        });
        if study.name == "small" {
            let alone = trained(&scimf, &path, study.updates, "1")?;
            let browser = bench.script("updates.js", &[&path.to_string_lossy(), &updates])?;
            rows.push(Row {
                name: format!("update in the browser, CPU, {}", study.name),
                ours: median(seconds(&browser)?)?,
                peer: Peer { name: "command line, 1 thread".into(), figure: alone },
                unit: "s",
                target: Target::AtMost(BROWSER),
                reason: "",
            });
        }
    }
    Ok(rows)
}

/// A Python with the peers' packages, beside what this project builds.
fn python() -> Result<PathBuf> {
    let folder = root().join("target/bench/python");
    let python = folder.join("bin/python");
    if !python.is_file() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&folder);
        run(make)?;
    }
    let packages = root().join("tests/peers/requirements.txt");
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(packages);
    run(install)?;
    Ok(python)
}

fn command_line() -> Result<PathBuf> {
    run(words(cargo(), "build --quiet --package scimf"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("debug/scimf"))
}

/// Median seconds of an update of our own training.
fn trained(scimf: &Path, study: &Path, updates: u32, threads: &str) -> Result<f64> {
    let mut training = Command::new(scimf);
    training.arg("train").arg(study).args(["--device", "cpu", "--json", "--updates", &updates.to_string(), "--output"]);
    training.arg(study.with_extension("safetensors")).env("RAYON_NUM_THREADS", threads);
    let events = lines(&mut training)?;
    let seconds = events.iter().filter_map(|event| event["Update"]["seconds"].as_f64()).collect();
    median(seconds)
}

fn seconds(figures: &Value) -> Result<Vec<f64>> {
    let list = figures["seconds"].as_array().context("the script gave no list `seconds`")?;
    list.iter().map(|value| value.as_f64().context("`seconds` holds something else than numbers")).collect()
}

/// Runs a program that prints one JSON object a line.
fn lines(command: &mut Command) -> Result<Vec<Value>> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("it could not be started")?;
    ensure!(output.status.success(), "{command:?} ended with {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}"))).collect()
}

/// The median of all but the first, in which constants of the data are computed and memory is taken.
fn median(mut seconds: Vec<f64>) -> Result<f64> {
    ensure!(seconds.len() > 1, "too few updates were timed");
    seconds.remove(0);
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}

//! Updates of a training: on the command line beside PyTorch and geomloss, and in the browser beside the command line.

use super::{Bench, Peer, Row, Target, number};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

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
    Study {
        name: "small",
        cells: "300,350,350",
        updates: 20,
        faster: 2.5,
        reason: "more than half of it are products of matrices that both compute, the peer's with fused multiply-add; ours round each \
            product and each sum, so that every machine and the browser give the same bits",
    },
];

/// Times that a browser's update may take of one on the command line with one thread.
const BROWSER: f64 = 2.5;
/// How much faster an update in the browser has to be with two workers than with one.
const TWO_WORKERS: f64 = 1.7;
/// Updates of which the later half is timed: helpers come after the first.
const SHARED_UPDATES: u32 = 8;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let (torch, scimf) = (bench.torch()?, bench.scimf()?);
    let mut rows = Vec::new();
    for study in &STUDIES {
        let path = torch.study(study.name, study.cells)?;
        let threads = std::thread::available_parallelism()?.to_string();
        let updates = study.updates.to_string();
        let peer = torch.figures("time", &path, &["--threads", &threads, "--updates", &updates])?;
        let peer = median(peer.iter().map(|line| number(line, "seconds")).collect::<Result<_>>()?)?;
        let name = format!("update, CPU, {}: {threads} threads", study.name);
        let ours = median(scimf.seconds(&path, study.updates, &threads)?)?;
        let peer = Peer { name: "PyTorch and geomloss".into(), figure: peer };
        rows.push(Row::beside(name, ours, peer, "s", Target::AtMost(1.0 / study.faster)).because(study.reason));
        if study.name == "zebrafish-size" {
            let shared = |workers: &str| -> Result<Value> {
                bench.script("updates.js", &[&path.to_string_lossy(), &SHARED_UPDATES.to_string(), workers])
            };
            let (one, two) = (shared("1")?, shared("2")?);
            ensure!(one["losses"] == two["losses"], "two workers do not compute what one computes");
            let later = |figures: &Value| median(seconds(figures)?.split_off(SHARED_UPDATES as usize / 2 - 1));
            let name = format!("update in the browser, CPU, {}: 2 workers", study.name);
            let peer = Peer { name: "1 worker".into(), figure: later(&one)? };
            rows.push(Row::beside(name, later(&two)?, peer, "s", Target::AtMost(1.0 / TWO_WORKERS)));
        } else {
            let browser = bench.script("updates.js", &[&path.to_string_lossy(), &updates])?;
            let name = format!("update in the browser, CPU, {}", study.name);
            let one = median(scimf.seconds(&path, study.updates, "1")?)?;
            let peer = Peer { name: "command line, 1 thread".into(), figure: one };
            let row = Row::beside(name, median(seconds(&browser)?)?, peer, "s", Target::AtMost(BROWSER));
            rows.push(row.because("a browser's vectors have 128 bits, this machine's 512"));
        }
    }
    Ok(rows)
}

fn seconds(figures: &Value) -> Result<Vec<f64>> {
    let list = figures["seconds"].as_array().context("the script gave no list `seconds`")?;
    list.iter().map(|value| value.as_f64().context("`seconds` holds something else than numbers")).collect()
}

/// The median of all but the first, in which constants of the data are computed and memory is taken.
fn median(mut seconds: Vec<f64>) -> Result<f64> {
    ensure!(seconds.len() > 1, "too few updates were timed");
    seconds.remove(0);
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}

//! Attention on all observed cells of a time point.

use super::{Bench, Peer, Row, Target, number, ours};
use anyhow::{Context, Result};

/// Cells of the first time point, and a few of a second one.
const CELLS: &str = "10000,16";

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let (torch, scimf) = (bench.torch()?, bench.scimf()?);
    let study = torch.study("attention", CELLS)?;
    let threads = std::thread::available_parallelism()?.to_string();
    // Weights to attend with.
    scimf.seconds(&study, 1, &threads)?;
    let (seconds, gigabytes) = ours::watched(scimf.attention(&study, &threads))?;
    let peer = torch.figures("attention", &study, &["--threads", &threads])?;
    let peer = peer.last().context("the peer printed nothing")?;
    let beside = |what: String, ours, figure, unit| -> Result<Row> {
        let peer = Peer { name: "PyTorch, CPU".into(), figure: number(peer, figure)? };
        Ok(Row::beside(what, ours, peer, unit, Target::AtMost(1.0)))
    };
    let what = "attention of 10,000 cells, types x types";
    Ok(vec![
        Row::within(format!("{what}: whole command, {threads} threads"), seconds, 1.0, "s")
            .because("the budget is for a GPU, and this is the CPU"),
        beside(format!("{what}: whole command, {threads} threads"), seconds, "seconds", "s")?,
        beside(format!("{what}: memory at its peak"), gigabytes, "gigabytes", "GB")?,
    ])
}

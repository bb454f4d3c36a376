//! Attention on all observed cells of a time point.

use super::{Bench, Peer, Row, Target, number, ours, ours::Scimf, torch::Torch};
use anyhow::{Context, Result};

/// Cells of the first time point, and a few of a second one.
const CELLS: &str = "10000,16";

pub fn rows(_: &Bench) -> Result<Vec<Row>> {
    let (torch, scimf) = (Torch::installed()?, Scimf::built()?);
    let study = torch.study("attention", CELLS)?;
    let threads = std::thread::available_parallelism()?.to_string();
    // Weights to attend with.
    scimf.seconds(&study, 1, &threads)?;
    let (seconds, gigabytes) = ours::watched(scimf.attention(&study, &threads))?;
    let peer = torch.figures("attention", &study, &["--threads", &threads])?;
    let peer = peer.last().context("the peer printed nothing")?;
    let beside = |figure| Peer { name: "PyTorch, CPU".into(), figure };
    let what = "attention of 10,000 cells, types x types";
    Ok(vec![
        Row::within(format!("{what}: whole command, {threads} threads"), seconds, 1.0, "s")
            .because("the budget is for a GPU, and this is the CPU"),
        Row {
            name: format!("{what}: whole command, {threads} threads"),
            ours: seconds,
            peer: beside(number(peer, "seconds")?),
            unit: "s",
            target: Target::AtMost(1.0),
            reason: "",
        },
        Row {
            name: format!("{what}: memory at its peak"),
            ours: gigabytes,
            peer: beside(number(peer, "gigabytes")?),
            unit: "GB",
            target: Target::AtMost(1.0),
            reason: "",
        },
    ])
}

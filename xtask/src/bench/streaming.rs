//! A time point with so many cells that the matrix of costs would not fit well into memory.

use super::{Bench, Peer, Row, Target, ours, ours::Scimf, torch::Torch};
use anyhow::Result;

/// Observed cells, 512 of the first time point to be moved, and the costs between them in GB of f32.
const CELLS: &str = "512,250000";
const COSTS: f64 = 512.0 * 250_000.0 * 4.0 / 1e9;

pub fn rows(_: &Bench) -> Result<Vec<Row>> {
    let (torch, scimf) = (Torch::installed()?, Scimf::built()?);
    let study = torch.study("streaming", CELLS)?;
    let threads = std::thread::available_parallelism()?.to_string();
    let (_, gigabytes) = ours::watched(scimf.training(&study, 2, &threads))?;
    Ok(vec![Row {
        name: "512 x 250,000 cells: memory of a training at its peak".into(),
        ours: gigabytes,
        peer: Peer { name: "the matrix of costs alone".into(), figure: COSTS },
        unit: "GB",
        target: Target::AtMost(1.0),
        reason: "",
    }])
}

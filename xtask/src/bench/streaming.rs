//! A time point with so many cells that the matrix of costs would not fit well into memory.

use super::{Bench, Peer, Row, Target, ours};
use anyhow::Result;

/// Observed cells, 512 of the first time point to be moved, and the costs between them in GB of f32.
const CELLS: &str = "512,250000";
const COSTS: f64 = 512.0 * 250_000.0 * 4.0 / 1e9;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let scimf = bench.scimf()?;
    let study = bench.torch()?.study("streaming", CELLS)?;
    let threads = std::thread::available_parallelism()?.to_string();
    let (_, gigabytes) = ours::watched(scimf.training(&study, 2, &threads))?;
    let name = "512 x 250,000 cells: memory of a training at its peak";
    let peer = Peer { name: "the matrix of costs alone".into(), figure: COSTS };
    Ok(vec![Row::beside(name, gigabytes, peer, "GB", Target::AtMost(1.0))])
}

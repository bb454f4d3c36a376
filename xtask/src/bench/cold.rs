//! A cold start: what a first visitor waits for, the demo from the server of `cargo xtask serve`.

use super::{Bench, Row, number};
use crate::serve;
use anyhow::Result;

/// From the first request until the demo is drawn.
pub fn demo(bench: &Bench) -> Result<Vec<Row>> {
    let (address, _answering) = serve::start(bench.page()?, 0)?;
    let figures = bench.script("cold.js", &["demo", &address])?;
    Ok(vec![Row::within("demo is drawn after a cold load", number(&figures, "seconds")?, 2.0, "s")])
}

/// From Start until the first update, some time after a study was opened.
pub fn update(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("cold.js", &["update"])?;
    let row = Row::within("first update after Start, WebGPU", number(&figures, "seconds")?, 5.0, "s");
    let reason = "on a software adapter the browser's compilation of the kernels counts, and is not done ahead";
    Ok(vec![row.because(reason)])
}

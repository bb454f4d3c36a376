//! A cold start: what a first visitor waits for, from the server of `cargo xtask serve`.

use super::{Bench, Row, number};
use crate::serve;
use anyhow::Result;

/// From the first request until the demo is drawn.
pub fn demo(bench: &Bench) -> Result<Vec<Row>> {
    measure(bench, "demo", "demo is drawn after a cold load", 2.0)
}

/// From Start until the first update, some time after the page was opened.
pub fn update(bench: &Bench) -> Result<Vec<Row>> {
    let reason = "on a software adapter the browser's compilation of the kernels counts, and is not done ahead";
    let rows = measure(bench, "update", "first update after Start, WebGPU", 5.0)?;
    Ok(rows.into_iter().map(|row| row.because(reason)).collect())
}

fn measure(bench: &Bench, what: &str, name: &str, budget: f64) -> Result<Vec<Row>> {
    let (address, _answering) = serve::start(bench.page()?, 0)?;
    let figures = bench.script("cold.js", &[what, &address])?;
    Ok(vec![Row::within(name, number(&figures, "seconds")?, budget, "s")])
}

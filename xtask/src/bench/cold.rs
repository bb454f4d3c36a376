//! A cold start: what a first visitor waits for, from the server of `cargo xtask serve`.

use super::{Bench, Row, number};
use crate::serve;
use anyhow::Result;

/// Seconds that a user reads before the training is started.
const READING: &str = "30";

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let (address, _workers) = serve::start(bench.page()?, 0)?;
    let times = bench.script("cold.js", &[&address, READING])?;
    Ok(vec![
        Row::within("demo is drawn after a cold load", number(&times, "demo")?, 2.0, "s"),
        Row::within("first update after Start, WebGPU", number(&times, "update")?, 5.0, "s"),
    ])
}

//! What a training asks of a GPU: in a browser each dispatch costs time of the host, whatever the GPU.

use super::{Bench, Row, number};
use anyhow::Result;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("dispatches.js", &[])?;
    Ok(vec![Row::within("dispatches of an Euler step, there and back", number(&figures, "step")?, 12.0, "")])
}

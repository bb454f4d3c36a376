//! A million cells of 50 principal components, 200 MB, in a tab.

use super::{Bench, Row, number};
use anyhow::Result;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("scale.js", &[])?;
    Ok(vec![
        Row::within("1,000,000 cells x 50: open and draw", number(&figures, "seconds")?, 30.0, "s"),
        Row::within("1,000,000 cells x 50: memory at its peak", number(&figures, "peak")? / 1e3, 2.0, "GB"),
    ])
}

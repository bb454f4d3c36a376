//! Memory of a tab that trains for long.

use super::{Bench, Peer, Row, Target, number};
use anyhow::Result;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("memory.js", &[])?;
    let row = |name: &str, key: &str, reason: &'static str| -> Result<Row> {
        Ok(Row {
            name: format!("{name} after 1,000 updates in a tab"),
            ours: number(&figures["last"], key)?,
            peer: Peer { name: "after 100".into(), figure: number(&figures["first"], key)? },
            unit: "MB",
            target: Target::AtMost(1.05),
            reason,
        })
    };
    Ok(vec![
        row("memory of the engine", "engine", "")?,
        row(
            "memory of the page's program",
            "page",
            "the losses of all updates are kept for the curve, some 450 bytes each",
        )?,
        row("JavaScript's heap", "heap", "")?,
    ])
}

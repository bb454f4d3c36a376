//! Memory of a tab that trains for long.

use super::{Bench, Peer, Row, Target, number};
use anyhow::Result;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("memory.js", &[])?;
    let row = |name: &str, key: &str, reason: &'static str| -> Result<Row> {
        let name = format!("{name} after 1,000 updates in a tab");
        let peer = Peer { name: "after 100".into(), figure: number(&figures["first"], key)? };
        Ok(Row::beside(name, number(&figures["last"], key)?, peer, "MB", Target::AtMost(1.05)).because(reason))
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

//! What a browser has to load: the two programs, compressed as static hosts do.

use super::{Bench, Row, number};
use anyhow::Result;

/// Why the engine is heavier than its budget.
const ENGINE: &str =
    "burn's way to the GPU (cubecl, cubek, pliron), and nine models, each compiled with burn's operations";

/// Why the page is.
const PAGE: &str = "of a development build's code a third is the page's own, a quarter leptos, a fifth serde";

/// What the page weighed when it was last measured as published, in MB: it must not grow unseen while it misses its budget.
const PAGE_BEFORE: f64 = 0.89;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let sizes = bench.script("weight.js", &[])?;
    let row = |name: &str, key: &str, budget: f64| {
        Ok::<_, anyhow::Error>(Row::within(name, number(&sizes, key)? / 1e6, budget, "MB"))
    };
    Ok(vec![
        row("page, brotli -11", "ui_brotli", 0.45)?.because(PAGE),
        row("page, beside its last measure", "ui_brotli", PAGE_BEFORE)?,
        row("engine, brotli -11", "worker_brotli", 1.6)?.because(ENGINE),
        row("engine, gzip -9", "worker_gzip", 2.4)?.because(ENGINE),
    ])
}

//! Frames per second, beside regl-scatterplot (npm) with the same cells on a canvas of the same size in the same browser.

use super::{Bench, Peer, Row, Target, number};
use anyhow::Result;

pub fn rows(bench: &Bench) -> Result<Vec<Row>> {
    let figures = bench.script("drawing.js", &[])?;
    let row = |name: &str, ours: &str, peer: &str, figure: &str, unit, scale: f64| {
        let peer = Peer { name: peer.into(), figure: number(&figures, figure)? / scale };
        let ours = number(&figures, ours)? / scale;
        Ok::<_, anyhow::Error>(Row::beside(name, ours, peer, unit, Target::AtLeast(1.0)))
    };
    let peer = "regl-scatterplot";
    Ok(vec![
        row("250,000 cells, pan and zoom", "frames", peer, "peer_frames", "frames/s", 1.0)?,
        row("the same, cells drawn", "points", peer, "peer_points", "million/s", 1e6)?.because(
            "while the plane moves cells are thinned until a frame takes 45 ms, and all are drawn when it rests",
        ),
        row("2,000 simulated cells", "simulated", &format!("{peer}, no trails"), "peer_simulated", "frames/s", 1.0)?,
    ])
}

//! The velocity of the chosen time point: arrows on a grid, arrows of cells, stream lines, and the key to their scale.

use super::pen::Pen;
use super::scene::{Scene, shown};
use crate::prelude::*;
use crate::{shown::velocity, state::Flow};
use scimf::figure::arrows::{self, Drawn};
use scimf::figure::field::length_quantile;
use scimf::figure::flow;
use scimf::figure::scatter::pairs;

/// Width in CSS pixels below which axes and key do not fit beside each other.
const NARROW: f64 = 280.0;

impl Pen<'_> {
    /// Draws the velocity as it is chosen; particles have a layer of their own.
    pub fn flow(&self, scene: Scene) {
        match untrack(|| shown(scene.state)) {
            Flow::Grid => {
                let drawn = arrows::drawn(&scene.arrows.get_untracked(), &self.viewport, &scene.whole());
                self.arrows(scene, drawn);
            }
            Flow::Cells => self.arrows(scene, self.cell_arrows(scene)),
            Flow::Lines => self.lines(scene),
            Flow::Particles if !scene.grid.with_untracked(|grid| grid.is_empty()) => {
                self.note(scene, "particles drift with the velocity", self.viewport.size[0] - 12.0);
            }
            Flow::Particles | Flow::Off => {}
        }
    }

    fn cell_arrows(&self, scene: Scene) -> Option<Drawn> {
        let (dataset, velocity) = (scene.state.dataset.get_untracked()?, untrack(|| velocity::drawn(scene.state))?);
        let all = pairs(&dataset.cells.positions);
        let at: Option<Vec<[f32; 2]>> = velocity.cells.iter().map(|&i| all.get(i as usize).copied()).collect();
        // The grid is empty where the velocity is not that of the chosen time point.
        arrows::of_cells(&scene.arrows.get_untracked(), &at?, pairs(&velocity.vectors), &self.viewport, &scene.whole())
    }

    fn arrows(&self, scene: Scene, drawn: Option<Drawn>) {
        let Some(drawn) = drawn else { return };
        self.context.begin_path();
        drawn.shapes.iter().for_each(|shape| self.arrow(shape));
        self.outline(1.3, 0.9);
        let (right, y) = (self.viewport.size[0] - 12.0, self.key_line());
        let start = right - drawn.key_length;
        self.context.begin_path();
        arrows::shape([start, y], [drawn.key_length, 0.0]).iter().for_each(|shape| self.arrow(shape));
        self.outline(1.3, 1.0);
        self.note(scene, &format!("{} per interval", drawn.key), start - 8.0);
    }

    /// Lines that are wider where cells move faster, with an arrowhead in the middle.
    fn lines(&self, scene: Scene) {
        let typical = length_quantile(&scene.arrows.get_untracked(), 0.9);
        let Some(drawn) = flow::strokes(&scene.lines.get_untracked(), typical, &self.viewport) else { return };
        let heads = || drawn.heads.iter().for_each(|head| self.path(head));
        self.context.begin_path();
        drawn.pieces.iter().flat_map(|(_, pieces)| pieces).for_each(|piece| self.path(piece));
        heads();
        self.stroke(self.paper, flow::WIDTHS[1] + 1.4, 0.5);
        for (width, pieces) in &drawn.pieces {
            self.context.begin_path();
            pieces.iter().for_each(|piece| self.path(piece));
            self.stroke(self.ink, *width, 0.8);
        }
        self.context.begin_path();
        heads();
        self.stroke(self.ink, 1.6, 0.95);
        self.note(scene, "wider is faster", self.viewport.size[0] - 12.0);
    }

    /// The key at the lower right, with a word on the projection where it is not exact.
    fn note(&self, scene: Scene, text: &str, right: f64) {
        let exact = scene.state.velocity.with_untracked(|v| v.as_ref().is_none_or(|v| v.exact));
        let text = if exact { text.to_owned() } else { format!("{text}, projected through neighbours") };
        self.text(&text, right, self.key_line(), "right");
    }

    /// Where the key stands: beside the axes, or over them where both do not fit into a line.
    fn key_line(&self) -> f64 {
        let [width, height] = self.viewport.size;
        height - if width < NARROW { 78.0 } else { 14.0 }
    }
}

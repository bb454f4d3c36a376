//! The velocity of the chosen time point: arrows on a grid, arrows of cells, stream lines, and the key to their scale.

use super::pen::Pen;
use super::scene::{Scene, shown};
use crate::state::Flow;
use leptos::prelude::*;
use scimf::figure::arrows::{self, Drawn};
use scimf::figure::field::length_quantile;
use scimf::figure::scatter::pairs;

/// Thinnest and thickest stream line, in pixels, and the number of widths between them.
const WIDTHS: (f64, f64, usize) = (0.7, 2.2, 6);

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
        let (dataset, velocity) = (scene.state.dataset.get_untracked()?, scene.state.velocity.get_untracked()?);
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
        let (right, y) = (self.viewport.size[0] - 12.0, self.viewport.size[1] - 14.0);
        let start = right - drawn.key_length;
        self.context.begin_path();
        arrows::shape([start, y], [drawn.key_length, 0.0]).iter().for_each(|shape| self.arrow(shape));
        self.outline(1.3, 1.0);
        self.note(scene, &format!("{} per interval", drawn.key), start - 8.0);
    }

    /// Lines that are wider where cells move faster, with an arrowhead in the middle.
    fn lines(&self, scene: Scene) {
        let typical = length_quantile(&scene.arrows.get_untracked(), 0.9);
        if typical.is_nan() || typical <= 0.0 {
            return;
        }
        let lines = scene.lines.get_untracked();
        let (thin, thick, classes) = WIDTHS;
        let class = |speed: f64| ((speed / typical).min(1.0) * (classes - 1) as f64).round() as usize;
        // The pieces of each width, so that a width is set once.
        let mut pieces: Vec<Vec<[[f64; 2]; 2]>> = vec![Vec::new(); classes];
        let mut heads = Vec::new();
        for line in lines.iter() {
            let points: Vec<[f64; 2]> = line.points.iter().map(|point| self.viewport.project(*point)).collect();
            for (i, piece) in points.windows(2).enumerate() {
                pieces[class(line.speeds[i])].push([piece[0], piece[1]]);
            }
            let middle = points.len() / 2;
            if let (Some(from), Some(to)) = (middle.checked_sub(1).and_then(|i| points.get(i)), points.get(middle)) {
                let along = [to[0] - from[0], to[1] - from[1]];
                let length = along[0].hypot(along[1]).max(f64::MIN_POSITIVE);
                heads.extend(arrows::shape(*from, along.map(|c| c / length * 14.0)).map(|shape| shape.head));
            }
        }
        self.context.begin_path();
        pieces.iter().flatten().for_each(|piece| self.path(piece));
        heads.iter().for_each(|head| self.path(head));
        self.stroke(self.paper, thick + 1.4, 0.5);
        for (class, pieces) in pieces.iter().enumerate() {
            self.context.begin_path();
            pieces.iter().for_each(|piece| self.path(piece));
            self.stroke(self.ink, thin + (thick - thin) * class as f64 / (classes - 1) as f64, 0.8);
        }
        self.context.begin_path();
        heads.iter().for_each(|head| self.path(head));
        self.stroke(self.ink, 1.6, 0.95);
        self.note(scene, "wider is faster", self.viewport.size[0] - 12.0);
    }

    /// The key at the lower right, with a word on the projection where it is not exact.
    fn note(&self, scene: Scene, text: &str, right: f64) {
        let exact = scene.state.velocity.with_untracked(|v| v.as_ref().is_none_or(|v| v.exact));
        let text = if exact { text.to_owned() } else { format!("{text}, projected through neighbours") };
        self.text(&text, right, self.viewport.size[1] - 14.0, "right");
    }
}

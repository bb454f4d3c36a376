//! Simulated cells on their way, with trails; those of an experiment with and without the change.

use super::pen::Pen;
use super::scene::Scene;
use crate::state::{ColorBy, Marker};
use leptos::prelude::*;
use scimf::figure::palette::Rgb;
use scimf::figure::scatter::between_frames;
use scimf::figure::time_axis;
use scimf::protocol::Simulation;

/// Age of the pieces of a trail, in sampling intervals.
const TRAIL: [f64; 5] = [0.24, 0.18, 0.12, 0.06, 0.0];
/// Size of a cell, in pixels.
const RADIUS: f64 = 2.8;

impl Pen<'_> {
    /// All cells that are played, where they are at the playhead.
    pub(super) fn simulated(&self, scene: Scene, playhead: f64) {
        let (played, space) = untrack(|| (scene.state.played(), scene.state.space.get()));
        for (marker, simulation) in played.iter().filter(|(_, simulation)| simulation.query.space == space) {
            self.moving(scene, simulation, *marker, playhead);
        }
        if let [(first, _), (second, _)] = played[..] {
            self.key([first, second]);
        }
        let labels = untrack(|| scene.state.time_labels());
        if playhead > labels.len().saturating_sub(1) as f64 + 1e-6 {
            let words = format!("{}: no data here", time_axis::words(&labels, playhead));
            self.text(&words, self.viewport.size[0] / 2.0, 16.0, "center");
        }
    }

    fn moving(&self, scene: Scene, simulation: &Simulation, marker: Marker, playhead: f64) {
        let first = f64::from(simulation.times.first().copied().unwrap_or(0.0));
        let at = |t: f64| -> Vec<[f64; 2]> {
            let cells = between_frames(&simulation.times, &simulation.positions, t.max(first));
            cells.into_iter().map(|cell| self.place(cell)).collect()
        };
        let color = match (marker, scene.state.color_by.get_untracked()) {
            (Marker::Changed, _) => self.accent,
            (Marker::Plain, ColorBy::Time) => {
                scene.time_colors.with_untracked(|c| c.get(playhead.round() as usize).copied()).unwrap_or(self.ink)
            }
            _ => self.ink,
        };
        let trail = if marker == Marker::Changed { self.accent } else { self.ink };
        let mut before = at(playhead - TRAIL[0]);
        for (i, age) in TRAIL.iter().enumerate().skip(1) {
            let now = at(playhead - age);
            self.context.begin_path();
            before.iter().zip(&now).for_each(|(a, b)| self.path(&[*a, *b]));
            self.stroke(trail, 1.0 + 0.3 * i as f64, 0.10 * i as f64);
            before = now;
        }
        self.context.begin_path();
        before.iter().for_each(|at| self.mark(marker, *at));
        self.paint(marker, color);
    }

    /// The outline of a cell: a circle, or a diamond with the change.
    fn mark(&self, marker: Marker, place: [f64; 2]) {
        let [x, y] = place;
        if marker == Marker::Changed {
            let r = 1.35 * RADIUS;
            self.path(&[[x + r, y], [x, y + r], [x - r, y], [x, y - r], [x + r, y]]);
        } else {
            self.circle(place, RADIUS);
        }
    }

    /// Cells without a change are hollow, all others are filled.
    fn paint(&self, marker: Marker, color: Rgb) {
        if marker == Marker::Unchanged {
            self.stroke(self.paper, 3.2, 0.9);
            self.stroke(color, 1.4, 1.0);
        } else {
            self.stroke(self.paper, 2.0, 0.9);
            self.context.set_fill_style_str(&color.to_string());
            self.context.fill();
        }
    }

    /// What the marks of two simulations mean, at the lower right.
    fn key(&self, markers: [Marker; 2]) {
        let [right, bottom] = [self.viewport.size[0] - 12.0, self.viewport.size[1] - 14.0];
        for (i, marker) in markers.into_iter().rev().enumerate() {
            let y = bottom - 18.0 * i as f64;
            let (name, color) = match marker {
                Marker::Changed => ("changed", self.accent),
                Marker::Unchanged => ("unchanged", self.ink),
                Marker::Plain => ("simulated", self.ink),
            };
            self.text(name, right - 12.0, y, "right");
            self.context.begin_path();
            self.mark(marker, [right - 3.0, y]);
            self.paint(marker, color);
        }
    }
}

//! Simulated cells on their way, with trails; those of an experiment with and without the change.

use super::pen::Pen;
use super::scene::Scene;
use crate::prelude::*;
use crate::state::{ColorBy, Marker};
use scimf::figure::moving;
use scimf::figure::palette::Rgb;
use scimf::figure::time_axis;
use scimf::protocol::Simulation;

impl Pen<'_> {
    /// All cells that are played, where they are at the playhead.
    pub(super) fn simulated(&self, scene: Scene, playhead: f64) {
        let (played, space) = untrack(|| (scene.state.drawn(), scene.state.space.get()));
        for (marker, simulation) in played.iter().filter(|(_, simulation)| simulation.query.space == space) {
            self.moving(scene, simulation, *marker, playhead);
        }
        if played.len() > 1 {
            self.key(played.iter().map(|(marker, _)| *marker));
        }
        let labels = untrack(|| scene.state.time_labels());
        if playhead > labels.len().saturating_sub(1) as f64 + 1e-6 {
            let words = format!("{}: no data here", time_axis::words(&labels, playhead));
            self.text(&words, self.viewport.size[0] / 2.0, 16.0, "center");
        }
    }

    fn moving(&self, scene: Scene, simulation: &Simulation, marker: Marker, playhead: f64) {
        let moving = moving::at(simulation, playhead, &self.viewport);
        if marker == Marker::Floor {
            self.context.begin_path();
            moving.cells.iter().for_each(|at| self.mark(marker, *at));
            return self.paint(marker, self.ink);
        }
        let color = match (marker, scene.state.color_by.get_untracked()) {
            (Marker::Changed, _) => self.accent,
            (Marker::Plain, ColorBy::Time) => {
                scene.time_colors.with_untracked(|c| c.get(playhead.round() as usize).copied()).unwrap_or(self.ink)
            }
            _ => self.ink,
        };
        let trail = if marker == Marker::Changed { self.accent } else { self.ink };
        for piece in &moving.trail {
            self.context.begin_path();
            piece.lines.iter().for_each(|line| self.path(line));
            self.stroke(trail, piece.width, piece.opacity);
        }
        if marker == Marker::Plain && scene.state.color_by.get_untracked() == ColorBy::Type && !moving.kinds.is_empty()
        {
            return scene.type_colors.with_untracked(|colors| self.become_types(&moving, colors));
        }
        self.context.begin_path();
        moving.cells.iter().for_each(|at| self.mark(marker, *at));
        self.paint(marker, color);
    }

    /// Cells in the colours of the types that they have become.
    fn become_types(&self, moving: &moving::Moving, colors: &[Rgb]) {
        for (kind, color) in colors.iter().enumerate() {
            let theirs = moving.cells.iter().zip(&moving.kinds).filter(|(_, of)| usize::from(**of) == kind);
            self.context.begin_path();
            theirs.for_each(|(at, _)| self.mark(Marker::Plain, *at));
            self.paint(Marker::Plain, *color);
        }
    }

    /// The outline of a cell: a circle, or a diamond with the change.
    fn mark(&self, marker: Marker, place: [f64; 2]) {
        match marker {
            Marker::Changed => self.path(&moving::diamond(place)),
            Marker::Floor => self.circle(place, moving::FLOOR.0),
            Marker::Plain | Marker::Unchanged => self.circle(place, moving::RADIUS),
        }
    }

    /// Cells without a change are hollow, the noise floor is a pale ground, all others are filled.
    fn paint(&self, marker: Marker, color: Rgb) {
        if marker == Marker::Floor {
            self.context.set_fill_style_str(&color.to_string());
            self.context.set_global_alpha(moving::FLOOR.1);
            self.context.fill();
            self.context.set_global_alpha(1.0);
        } else if marker == Marker::Unchanged {
            self.stroke(self.paper, 3.2, 0.9);
            self.stroke(color, 1.4, 1.0);
        } else {
            self.stroke(self.paper, 2.0, 0.9);
            self.context.set_fill_style_str(&color.to_string());
            self.context.fill();
        }
    }

    /// What the marks of several simulations mean, at the lower right.
    fn key(&self, markers: impl DoubleEndedIterator<Item = Marker>) {
        let [right, bottom] = [self.viewport.size[0] - 12.0, self.viewport.size[1] - 14.0];
        for (i, marker) in markers.rev().enumerate() {
            let y = bottom - 18.0 * i as f64;
            let color = if marker == Marker::Changed { self.accent } else { self.ink };
            self.text(marker.name(), right - 12.0, y, "right");
            self.context.begin_path();
            // The ground of a cell is larger than a line of text.
            match marker {
                Marker::Floor => self.circle([right - 3.0, y], 1.8 * moving::RADIUS),
                _ => self.mark(marker, [right - 3.0, y]),
            }
            self.paint(marker, color);
        }
    }
}

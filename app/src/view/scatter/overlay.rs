//! The layer above the cells: arrows, simulated cells, names, axes.

use super::{ARROW_SPACING, Scene};
use crate::state::{ColorBy, Dataset};
use crate::view::canvas::{FONT, sharp_context};
use leptos::prelude::*;
use scimf::figure::field::length_quantile;
use scimf::figure::labels::shorten;
use scimf::figure::palette::Rgb;
use scimf::figure::scatter::{Viewport, between_frames, median, pairs};
use scimf::figure::ticks::round_down;
use std::f64::consts::TAU;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Age of the pieces of a trail, in sampling intervals.
const TRAIL: [f64; 5] = [0.24, 0.18, 0.12, 0.06, 0.0];
/// A type needs this many cells to be named in the picture.
const NAMED_CELLS: usize = 10;

/// A canvas with the colours of the page.
struct Pen<'a> {
    context: &'a CanvasRenderingContext2d,
    viewport: Viewport,
    ink: Rgb,
    paper: Rgb,
}

/// Draws everything above the cells.
pub fn draw(canvas: &HtmlCanvasElement, scene: Scene) {
    let state = scene.state;
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let dark = state.dark.get_untracked();
    let [ink, paper] = if dark { [0xe6_ecf0, 0x11_181c] } else { [0x1c_252b, 0xff_ffff] }.map(Rgb::new);
    let pen = Pen { context: &context, viewport: scene.viewport.get_untracked(), ink, paper };
    context.set_font(FONT);
    context.set_line_cap("round");
    context.set_line_join("round");

    match state.playhead.get_untracked() {
        Some(playhead) => pen.simulated(scene, playhead),
        None => pen.arrows(scene),
    }
    if state.color_by.get_untracked() == ColorBy::Type {
        pen.names(scene, &dataset);
    }
    pen.axes(scene, &dataset);
    if let Some(point) = scene.hovered.get_untracked().and_then(|i| pairs(&dataset.cells.positions).get(i).copied()) {
        pen.ring(point);
    }
}

impl Pen<'_> {
    fn stroke(&self, color: Rgb, width: f64, alpha: f64) {
        self.context.set_global_alpha(alpha);
        self.context.set_stroke_style_str(&color.to_string());
        self.context.set_line_width(width);
        self.context.stroke();
        self.context.set_global_alpha(1.0);
    }

    /// Text with a halo, so that it can be read over cells.
    fn text(&self, text: &str, x: f64, y: f64, align: &str) {
        self.context.set_text_align(align);
        self.context.set_text_baseline("middle");
        self.context.set_line_width(3.5);
        self.context.set_stroke_style_str(&self.paper.to_string());
        self.context.set_fill_style_str(&self.ink.to_string());
        // Neither can fail for a text without a maximal width.
        let _ = self.context.stroke_text(text, x, y);
        let _ = self.context.fill_text(text, x, y);
    }

    fn path(&self, points: &[[f64; 2]]) {
        for (i, [x, y]) in points.iter().enumerate() {
            if i == 0 { self.context.move_to(*x, *y) } else { self.context.line_to(*x, *y) }
        }
    }

    /// An arrow from `start` along `vector` (pixels).
    fn arrow(&self, start: [f64; 2], vector: [f64; 2]) {
        let length = vector[0].hypot(vector[1]);
        if length < 1.5 {
            return;
        }
        let tip = [start[0] + vector[0], start[1] + vector[1]];
        let head = (0.4 * length).clamp(2.5, 6.0) / length;
        let barb = |side: f64| {
            [
                tip[0] - head * (vector[0] + side * 0.55 * vector[1]),
                tip[1] - head * (vector[1] - side * 0.55 * vector[0]),
            ]
        };
        self.path(&[start, tip]);
        self.path(&[barb(1.0), tip, barb(-1.0)]);
    }

    fn arrows(&self, scene: Scene) {
        let arrows = scene.arrows.get_untracked();
        let typical = length_quantile(&arrows, 0.9);
        if typical <= 0.0 {
            return;
        }
        // A fast arrow is a bit longer than its box; all lengths grow with the magnification, as the boxes do.
        let whole = Viewport::fit(scene.bounds.get_untracked(), self.viewport.size, 28.0);
        let spacing = ARROW_SPACING * self.viewport.scale / whole.scale;
        let pixels = 1.35 * spacing / typical;
        self.context.begin_path();
        for arrow in arrows.iter() {
            let [x, y] = self.viewport.project(arrow.at);
            let vector = [arrow.vector[0] * pixels, -arrow.vector[1] * pixels];
            let cut = (2.0 * spacing / vector[0].hypot(vector[1])).min(1.0);
            let [dx, dy] = vector.map(|c| c * cut);
            self.arrow([x - dx / 2.0, y - dy / 2.0], [dx, dy]);
        }
        self.stroke(self.paper, 3.2, 0.75);
        self.stroke(self.ink, 1.3, 0.9);

        let speed = round_down(60.0 / pixels);
        let exact = scene.state.velocity.with_untracked(|v| v.as_ref().is_none_or(|v| v.exact));
        let note = if exact { "per interval" } else { "per interval, approximate projection" };
        let (right, y) = (self.viewport.size[0] - 12.0, self.viewport.size[1] - 14.0);
        self.context.begin_path();
        self.arrow([right - speed * pixels, y], [speed * pixels, 0.0]);
        self.stroke(self.paper, 3.2, 0.75);
        self.stroke(self.ink, 1.3, 1.0);
        self.text(&format!("{speed} {note}"), right - speed * pixels - 8.0, y, "right");
    }

    fn simulated(&self, scene: Scene, playhead: f64) {
        let Some(simulation) = scene.state.simulation.get_untracked() else { return };
        if simulation.query.space != scene.state.space.get_untracked() {
            return;
        }
        let first = f64::from(simulation.times.first().copied().unwrap_or(0.0));
        let at = |t: f64| -> Vec<[f64; 2]> {
            let cells = between_frames(&simulation.times, &simulation.positions, t.max(first));
            cells.into_iter().map(|cell| self.viewport.project(cell.map(f64::from))).collect()
        };
        let mut before = at(playhead - TRAIL[0]);
        for (i, age) in TRAIL.iter().enumerate().skip(1) {
            let now = at(playhead - age);
            self.context.begin_path();
            before.iter().zip(&now).for_each(|(a, b)| self.path(&[*a, *b]));
            self.stroke(self.ink, 1.0 + 0.3 * i as f64, 0.10 * i as f64);
            before = now;
        }
        let color = match scene.state.color_by.get_untracked() {
            ColorBy::Type => self.ink,
            ColorBy::Time => {
                scene.time_colors.with_untracked(|c| c.get(playhead.round() as usize).copied()).unwrap_or(self.ink)
            }
        };
        self.context.begin_path();
        for [x, y] in before {
            self.context.move_to(x + 2.8, y);
            // The radius is positive, the only thing that could be wrong.
            let _ = self.context.arc(x, y, 2.8, 0.0, TAU);
        }
        self.stroke(self.paper, 2.0, 0.9);
        self.context.set_fill_style_str(&color.to_string());
        self.context.fill();
    }

    /// Names of the types at the middle of their cells, most frequent first; a name that would cover another is left out.
    fn names(&self, scene: Scene, dataset: &Dataset) {
        let (counts, time) = (scene.counts.get_untracked(), scene.state.time.get_untracked() as u32);
        let focus = scene.state.focused_type.get_untracked();
        let points = pairs(&dataset.cells.positions);
        let mut order: Vec<usize> = (0..counts.len()).filter(|&kind| counts[kind] >= NAMED_CELLS).collect();
        order.sort_by_key(|&kind| std::cmp::Reverse((focus == Some(kind), counts[kind])));
        let mut taken: Vec<[f64; 4]> = Vec::new();
        self.context.set_font(&format!("600 {FONT}"));
        for kind in order {
            let cells = dataset.cells.times.iter().zip(dataset.cells.cell_types.iter()).zip(points);
            let here = cells.filter(|((t, k), _)| **t == time && **k as usize == kind).map(|(_, point)| *point);
            let Some(middle) = median(here.collect()) else { continue };
            let name = shorten(&dataset.summary.cell_types[kind].name, 24);
            let [x, y] = self.viewport.project(middle);
            let half = self.context.measure_text(&name).map_or(0.0, |metrics| metrics.width()) / 2.0 + 3.0;
            let own = [x - half, x + half, y - 9.0, y + 9.0];
            let covers = |b: &[f64; 4]| own[0] < b[1] && own[1] > b[0] && own[2] < b[3] && own[3] > b[2];
            if taken.iter().any(covers) || focus.is_some_and(|focus| focus != kind) {
                continue;
            }
            taken.push(own);
            self.text(&name, x, y, "center");
        }
        self.context.set_font(FONT);
    }

    /// A small corner with the names of the axes.
    fn axes(&self, scene: Scene, dataset: &Dataset) {
        let Some(space) = dataset.summary.spaces.get(scene.state.space.get_untracked()) else { return };
        let (x, y) = (14.0, self.viewport.size[1] - 14.0);
        self.context.begin_path();
        self.arrow([x, y], [34.0, 0.0]);
        self.arrow([x, y], [0.0, -34.0]);
        self.stroke(self.paper, 3.2, 0.75);
        self.stroke(self.ink, 1.2, 0.7);
        self.text(&shorten(&space.axes[0], 18), x + 40.0, y, "left");
        self.text(&shorten(&space.axes[1], 18), x - 4.0, y - 44.0, "left");
    }

    fn ring(&self, point: [f32; 2]) {
        let [x, y] = self.viewport.project(point.map(f64::from));
        self.context.begin_path();
        let _ = self.context.arc(x, y, 6.0, 0.0, TAU);
        self.stroke(self.paper, 4.0, 0.9);
        self.stroke(self.ink, 1.8, 1.0);
    }
}

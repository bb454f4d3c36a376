//! The layer above the cells: arrows, simulated cells, names, axes.

use super::Scene;
use crate::state::{ColorBy, Dataset};
use crate::view::canvas::{FONT, sharp_context};
use leptos::prelude::*;
use scimf::figure::arrows;
use scimf::figure::cells::names;
use scimf::figure::labels::shorten;
use scimf::figure::palette::Rgb;
use scimf::figure::scatter::{Viewport, pairs};
use scimf::figure::theme::Theme;
use std::f64::consts::TAU;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A canvas with the colours of the page.
pub(super) struct Pen<'a> {
    pub(super) context: &'a CanvasRenderingContext2d,
    pub(super) viewport: Viewport,
    pub(super) ink: Rgb,
    pub(super) paper: Rgb,
    /// What stands out.
    pub(super) accent: Rgb,
}

/// Draws everything above the cells.
pub fn draw(canvas: &HtmlCanvasElement, scene: Scene) {
    let state = scene.state;
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let Theme { ink, paper, accent, .. } = Theme::new(state.dark.get_untracked());
    let pen = Pen { context: &context, viewport: scene.viewport.get_untracked(), ink, paper, accent };
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
    pub(super) fn stroke(&self, color: Rgb, width: f64, alpha: f64) {
        self.context.set_global_alpha(alpha);
        self.context.set_stroke_style_str(&color.to_string());
        self.context.set_line_width(width);
        self.context.stroke();
        self.context.set_global_alpha(1.0);
    }

    /// Text with a halo, so that it can be read over cells.
    pub(super) fn text(&self, text: &str, x: f64, y: f64, align: &str) {
        self.context.set_text_align(align);
        self.context.set_text_baseline("middle");
        self.context.set_line_width(3.5);
        self.context.set_stroke_style_str(&self.paper.to_string());
        self.context.set_fill_style_str(&self.ink.to_string());
        // Neither can fail for a text without a maximal width.
        let _ = self.context.stroke_text(text, x, y);
        let _ = self.context.fill_text(text, x, y);
    }

    pub(super) fn path(&self, points: &[[f64; 2]]) {
        for (i, [x, y]) in points.iter().enumerate() {
            if i == 0 { self.context.move_to(*x, *y) } else { self.context.line_to(*x, *y) }
        }
    }

    /// The lines of an arrow.
    fn arrow(&self, shape: &arrows::Shape) {
        self.path(&shape.shaft);
        self.path(&shape.head);
    }

    fn arrows(&self, scene: Scene) {
        let whole = Viewport::fit(scene.bounds.get_untracked(), self.viewport.size, 28.0);
        let Some(drawn) = arrows::drawn(&scene.arrows.get_untracked(), &self.viewport, &whole) else { return };
        self.context.begin_path();
        drawn.shapes.iter().for_each(|shape| self.arrow(shape));
        self.stroke(self.paper, 3.2, 0.75);
        self.stroke(self.ink, 1.3, 0.9);

        let exact = scene.state.velocity.with_untracked(|v| v.as_ref().is_none_or(|v| v.exact));
        let note = if exact { "per interval" } else { "per interval, approximate projection" };
        let (right, y) = (self.viewport.size[0] - 12.0, self.viewport.size[1] - 14.0);
        let start = right - drawn.key_length;
        self.context.begin_path();
        arrows::shape([start, y], [drawn.key_length, 0.0]).iter().for_each(|shape| self.arrow(shape));
        self.stroke(self.paper, 3.2, 0.75);
        self.stroke(self.ink, 1.3, 1.0);
        self.text(&format!("{} {note}", drawn.key), start - 8.0, y, "right");
    }

    /// Names of the types at the middle of their cells, most frequent first; a name that would cover another is left out.
    fn names(&self, scene: Scene, dataset: &Dataset) {
        let time = scene.state.time.get_untracked() as u32;
        let focus = scene.state.focused_type.get_untracked();
        let cells = &dataset.cells;
        let kinds: Vec<&str> = dataset.summary.cell_types.iter().map(|kind| kind.name.as_str()).collect();
        let here =
            |i: usize| (cells.times.get(i) == Some(&time)).then(|| cells.cell_types.get(i).map(|&k| k as usize))?;
        self.context.set_font(&format!("600 {FONT}"));
        let measure = |text: &str| self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        for name in names(cells, &kinds, &self.viewport, focus, here, measure) {
            self.text(&name.text, name.at[0], name.at[1], "center");
        }
        self.context.set_font(FONT);
    }

    /// A small corner with the names of the axes.
    fn axes(&self, scene: Scene, dataset: &Dataset) {
        let Some(space) = dataset.summary.spaces.get(scene.state.space.get_untracked()) else { return };
        let (x, y) = (14.0, self.viewport.size[1] - 14.0);
        self.context.begin_path();
        for along in [[34.0, 0.0], [0.0, -34.0]] {
            arrows::shape([x, y], along).iter().for_each(|shape| self.arrow(shape));
        }
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

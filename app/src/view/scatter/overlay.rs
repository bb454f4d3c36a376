//! The layer above the cells: velocity, simulated cells, names, axes, and what the user points at.

use super::pen::Pen;
use super::scene::Scene;
use crate::{
    state::{ColorBy, Dataset},
    view::canvas::{FONT, sharp_context},
};
use scimf::figure::arrows;
use scimf::figure::cells::place_names;
use scimf::figure::labels::shorten;
use scimf::figure::path;
use scimf::figure::scatter::pairs;
use scimf::figure::theme::Theme;
use web_sys::HtmlCanvasElement;

/// Draws everything above the cells.
pub fn draw(canvas: &HtmlCanvasElement, scene: Scene) {
    let state = scene.state;
    with_pen(canvas, scene, |pen, dataset| {
        pen.density(scene);
        match state.playhead.get_untracked() {
            Some(playhead) => pen.simulated(scene, playhead),
            None => pen.flow(scene),
        }
        pen.path_between(scene);
        pen.heard(scene, dataset);
        pen.frame(scene, dataset);
        if let Some(point) = scene.hovered.get_untracked().and_then(|i| pairs(&dataset.cells.positions).get(i).copied())
        {
            pen.ring(pen.place(point), scene.crosshair.get_untracked());
        }
        pen.lasso(&scene.lasso.get_untracked());
    });
}

/// Draws the names and axes of a plot that stands beside.
pub fn draw_beside(canvas: &HtmlCanvasElement, scene: Scene) {
    with_pen(canvas, scene, |pen, dataset| pen.frame(scene, dataset));
}

/// Draws on an empty canvas, if there is a dataset.
fn with_pen(canvas: &HtmlCanvasElement, scene: Scene, draw: impl FnOnce(&Pen, &Dataset)) {
    let state = scene.state;
    let Some(context) = sharp_context(canvas, scene.size.get_untracked()) else { return };
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let Theme { ink, paper, accent, .. } = Theme::new(state.dark.get_untracked());
    context.set_font(FONT);
    context.set_line_cap("round");
    context.set_line_join("round");
    draw(&Pen { context: &context, viewport: scene.viewport.get_untracked(), ink, paper, accent }, &dataset);
}

impl Pen<'_> {
    /// Names of the types, where the cells have their colours, and the axes.
    fn frame(&self, scene: Scene, dataset: &Dataset) {
        if scene.state.color_by.get_untracked() == ColorBy::Type {
            self.names(scene, dataset);
        }
        self.axes(scene, dataset);
    }

    /// The path of least action, with heads, over the straight line, which is dashed.
    fn path_between(&self, scene: Scene) {
        let Some(path) = scene.path.get_untracked() else { return };
        let drawn = path::drawn(&path, &self.viewport);
        self.context.begin_path();
        self.path(&drawn.straight);
        self.stroke(self.paper, 3.6, 0.8);
        self.dashed(&path::DASHES);
        self.stroke(self.ink, 1.5, 0.9);
        self.dashed(&[]);
        self.context.begin_path();
        self.path(&drawn.line);
        drawn.heads.iter().for_each(|head| self.path(head));
        self.stroke(self.paper, path::WIDTH + 2.6, 0.85);
        self.stroke(self.accent, path::WIDTH, 1.0);
    }

    /// Lines around the densest places.
    fn density(&self, scene: Scene) {
        for line in scene.density.get_untracked().iter() {
            self.context.begin_path();
            line.pieces.iter().for_each(|piece| self.path(&piece.map(|end| self.viewport.project(end))));
            self.outline(1.0, 0.75);
        }
    }

    /// Names of the types at the middle of their cells, most frequent first; a name that would cover another is left out.
    fn names(&self, scene: Scene, dataset: &Dataset) {
        let focus = scene.state.focused_type.get_untracked();
        let kinds: Vec<&str> = dataset.summary.cell_types.iter().map(|kind| kind.name.as_str()).collect();
        self.context.set_font(&format!("600 {FONT}"));
        let measure = |text: &str| self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        let middles = scene.middles.get_untracked();
        for name in place_names(&middles, &kinds, &self.viewport, focus, measure) {
            self.text(&name.text, name.at[0], name.at[1], "center");
        }
        self.context.set_font(FONT);
    }

    /// A small corner with the names of the axes.
    fn axes(&self, scene: Scene, dataset: &Dataset) {
        let Some(space) = dataset.summary.space(scene.state.space.get_untracked()) else { return };
        let (x, y) = (14.0, self.viewport.size[1] - 14.0);
        self.context.begin_path();
        for along in [[34.0, 0.0], [0.0, -34.0]] {
            arrows::shape([x, y], along).iter().for_each(|shape| self.arrow(shape));
        }
        self.outline(1.2, 0.8);
        self.text(&shorten(&space.axes[0], 18), x + 40.0, y, "left");
        self.text(&shorten(&space.axes[1], 18), x - 4.0, y - 44.0, "left");
    }

    /// A ring round a cell, with lines to the edges where the keys move it.
    fn ring(&self, [x, y]: [f64; 2], crosshair: bool) {
        self.context.begin_path();
        self.circle([x, y], 6.0);
        if crosshair {
            let [width, height] = self.viewport.size;
            for line in [[[0.0, y], [x - 10.0, y]], [[x + 10.0, y], [width, y]]] {
                self.path(&line);
            }
            for line in [[[x, 0.0], [x, y - 10.0]], [[x, y + 10.0], [x, height]]] {
                self.path(&line);
            }
        }
        self.stroke(self.paper, 4.0, 0.9);
        self.stroke(self.ink, 1.8, 1.0);
    }

    /// The line that is being drawn round cells.
    fn lasso(&self, line: &[[f64; 2]]) {
        if line.is_empty() {
            return;
        }
        let line: Vec<[f64; 2]> = line.iter().map(|point| self.viewport.project(*point)).collect();
        self.context.begin_path();
        self.path(&line);
        self.context.close_path();
        self.context.set_fill_style_str(&self.ink.to_string());
        self.context.set_global_alpha(0.08);
        self.context.fill();
        self.context.set_global_alpha(1.0);
        self.stroke(self.paper, 3.4, 0.9);
        self.dashed(&[6.0, 4.0]);
        self.stroke(self.ink, 1.5, 1.0);
        self.dashed(&[]);
    }

    /// What the next strokes are made of: lengths of dashes and gaps in turn; nothing for whole lines.
    pub fn dashed(&self, lengths: &[f64]) {
        let lengths: js_sys::Array = lengths.iter().map(|length| wasm_bindgen::JsValue::from(*length)).collect();
        // It fails for what is no list of numbers only.
        let _ = self.context.set_line_dash(&lengths);
    }
}

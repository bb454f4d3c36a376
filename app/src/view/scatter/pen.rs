//! A canvas with the colours of the page.

use scimf::figure::arrows::Shape;
use scimf::figure::palette::Rgb;
use scimf::figure::scatter::Viewport;
use std::f64::consts::TAU;
use web_sys::CanvasRenderingContext2d;

/// Draws in pixels of the plot.
pub struct Pen<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub viewport: Viewport,
    pub ink: Rgb,
    pub paper: Rgb,
    /// What stands out.
    pub accent: Rgb,
}

impl Pen<'_> {
    /// Strokes the current path.
    pub fn stroke(&self, color: Rgb, width: f64, alpha: f64) {
        self.context.set_global_alpha(alpha);
        self.context.set_stroke_style_str(&color.to_string());
        self.context.set_line_width(width);
        self.context.stroke();
        self.context.set_global_alpha(1.0);
    }

    /// Strokes the current path with a halo, so that it can be seen over cells.
    pub fn outline(&self, width: f64, alpha: f64) {
        self.stroke(self.paper, width + 1.9, 0.75 * alpha);
        self.stroke(self.ink, width, alpha);
    }

    /// Text with a halo, so that it can be read over cells.
    pub fn text(&self, text: &str, x: f64, y: f64, align: &str) {
        self.context.set_text_align(align);
        self.context.set_text_baseline("middle");
        self.context.set_line_width(3.5);
        self.context.set_stroke_style_str(&self.paper.to_string());
        self.context.set_fill_style_str(&self.ink.to_string());
        // Neither can fail for a text without a maximal width.
        let _ = self.context.stroke_text(text, x, y);
        let _ = self.context.fill_text(text, x, y);
    }

    /// Adds lines to the current path.
    pub fn path(&self, points: &[[f64; 2]]) {
        for (i, [x, y]) in points.iter().enumerate() {
            if i == 0 { self.context.move_to(*x, *y) } else { self.context.line_to(*x, *y) }
        }
    }

    /// Adds the lines of an arrow to the current path.
    pub fn arrow(&self, shape: &Shape) {
        self.path(&shape.shaft);
        self.path(&shape.head);
    }

    /// Adds a circle to the current path.
    pub fn circle(&self, [x, y]: [f64; 2], radius: f64) {
        self.context.move_to(x + radius, y);
        // The radius is positive, the only thing that could be wrong.
        let _ = self.context.arc(x, y, radius, 0.0, TAU);
    }

    /// A cell's place in pixels.
    pub fn place(&self, point: [f32; 2]) -> [f64; 2] {
        self.viewport.project(point.map(f64::from))
    }
}

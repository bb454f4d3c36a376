//! What lies over the cells: velocity, simulated cells, and the cells that a cell is joined with.

use super::{Joined, Sheet};
use crate::figure::arrows;
use crate::figure::cells::{ColorBy, Style};
use crate::figure::contours::Contour;
use crate::figure::field::{Grid, length_quantile};
use crate::figure::flow::{Flow, LINE_SPACING, WIDTHS, strokes};
use crate::figure::hearing::joint;
use crate::figure::moving::{self, Marker, RADIUS};
use crate::figure::palette::Rgb;
use crate::figure::path;
use crate::figure::streamlines;
use crate::figure::svg::{Anchor, line_through};
use crate::protocol::{LeastActionPath, Simulation};

impl Sheet<'_> {
    /// The velocity of cells with its key.
    pub(super) fn flow(&mut self, flow: Flow, grid: &Grid, at: &[[f32; 2]], vectors: &[[f32; 2]]) {
        let mean = grid.arrows();
        let drawn = match flow {
            Flow::Off => return,
            Flow::Lines | Flow::Particles => return self.lines(grid, length_quantile(&mean, 0.9)),
            Flow::Grid => arrows::drawn(&mean, &self.viewport, &self.whole),
            Flow::Cells => arrows::of_cells(&mean, at, vectors, &self.viewport, &self.whole),
        };
        let Some(drawn) = drawn else { return };
        self.arrows(&drawn.shapes, "velocity");
        let [right, y] = self.corner();
        let key = arrows::shape([right - drawn.key_length, y], [drawn.key_length, 0.0]);
        self.arrows(key.as_slice(), "key");
        let note = format!("{} per interval", drawn.key);
        self.svg.halo([right - drawn.key_length - 8.0, y], &note, Anchor::End);
    }

    /// Stream lines, wider where cells move faster.
    fn lines(&mut self, grid: &Grid, typical: f64) {
        let lines = streamlines::lines(grid, LINE_SPACING / self.whole.scale);
        let Some(drawn) = strokes(&lines, typical, &self.viewport) else { return };
        let (ink, paper) = (self.svg.theme.ink, self.svg.theme.paper);
        let join = |lines: &mut dyn Iterator<Item = &[[f64; 2]]>| -> String {
            lines.map(|line| line_through(line.iter().copied())).collect()
        };
        let heads = join(&mut drawn.heads.iter().map(|head| &head[..]));
        let all = join(&mut drawn.pieces.iter().flat_map(|(_, pieces)| pieces).map(|piece| &piece[..]));
        self.svg.add(format_args!(
            "<g class=\"stream\" fill=\"none\" stroke=\"{ink}\" stroke-linecap=\"round\" stroke-linejoin=\"round\">"
        ));
        self.svg.add(format_args!(
            "<path d=\"{all}{heads}\" stroke=\"{paper}\" stroke-width=\"{:.1}\" stroke-opacity=\"0.5\"/>",
            WIDTHS[1] + 1.4
        ));
        for (width, pieces) in drawn.pieces.iter().filter(|(_, pieces)| !pieces.is_empty()) {
            let path = join(&mut pieces.iter().map(|piece| &piece[..]));
            self.svg.add(format_args!("<path d=\"{path}\" stroke-width=\"{width:.2}\" stroke-opacity=\"0.8\"/>"));
        }
        self.svg.add(format_args!("<path d=\"{heads}\" stroke-width=\"1.6\"/></g>"));
        self.svg.halo(self.corner(), "wider is faster", Anchor::End);
    }

    /// Lines around the densest places.
    pub(super) fn density(&mut self, lines: &[Contour]) {
        let (ink, paper) = (self.svg.theme.ink, self.svg.theme.paper);
        for line in lines {
            let piece = |piece: &[[f64; 2]; 2]| line_through(piece.map(|end| self.viewport.project(end)));
            let path: String = line.pieces.iter().map(piece).collect();
            for (color, width) in [(paper, 2.6), (ink, 1.0)] {
                self.svg.add(format_args!(
                    "<path class=\"density\" d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-opacity=\"0.7\"/>"
                ));
            }
        }
    }

    /// Simulated cells with their trails, as they are at a time.
    pub(super) fn moving(&mut self, played: &[(Marker, &Simulation)], time: f64, style: &Style) {
        let (ink, accent) = (self.svg.theme.ink, self.svg.theme.accent);
        for (marker, simulation) in played {
            let moving = moving::at(simulation, time, &self.viewport);
            if *marker == Marker::Floor {
                self.floor(&moving.cells);
                continue;
            }
            let trail = if *marker == Marker::Changed { accent } else { ink };
            let color = match (marker, style.color_by) {
                (Marker::Plain, ColorBy::Time) => style.times.get(time.round() as usize).copied().unwrap_or(ink),
                _ => trail,
            };
            self.svg.add(format_args!("<g class=\"moving {}\">", marker.name()));
            for piece in &moving.trail {
                let path: String = piece.lines.iter().map(|line| line_through(*line)).collect();
                self.svg.add(format_args!(
                    "<path d=\"{path}\" fill=\"none\" stroke=\"{trail}\" stroke-width=\"{:.1}\" stroke-opacity=\"{:.1}\"/>",
                    piece.width, piece.opacity
                ));
            }
            for (i, at) in moving.cells.iter().enumerate() {
                let kind = moving.kinds.get(i).filter(|_| (*marker, style.color_by) == (Marker::Plain, ColorBy::Type));
                let color = kind.and_then(|&kind| style.types.get(usize::from(kind)).copied()).unwrap_or(color);
                self.mark(*marker, *at, color);
            }
            self.svg.add(format_args!("</g>"));
        }
        if played.len() > 1 {
            let [right, bottom] = self.corner();
            for (i, (marker, _)) in played.iter().rev().enumerate() {
                let y = bottom - 18.0 * i as f64;
                self.mark(*marker, [right - 3.0, y], if *marker == Marker::Changed { accent } else { ink });
                self.svg.halo([right - 12.0, y], marker.name(), Anchor::End);
            }
        }
    }

    /// The ground that the cells of the noise floor cover.
    fn floor(&mut self, cells: &[[f64; 2]]) {
        let (radius, opacity) = moving::FLOOR;
        let circle = |[x, y]: &[f64; 2]| {
            let across = 2.0 * radius;
            format!("M{:.1},{y:.1}a{radius},{radius} 0 1 0 {across},0a{radius},{radius} 0 1 0 -{across},0z", x - radius)
        };
        let path: String = cells.iter().map(circle).collect();
        let ink = self.svg.theme.ink;
        self.svg.add(format_args!("<path class=\"floor\" d=\"{path}\" fill=\"{ink}\" fill-opacity=\"{opacity}\"/>"));
    }

    /// A simulated cell: a dot, a ring without a change, or a diamond with it.
    fn mark(&mut self, marker: Marker, [x, y]: [f64; 2], color: Rgb) {
        let paper = self.svg.theme.paper;
        match marker {
            Marker::Plain => self.svg.add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\" fill=\"{color}\" stroke=\"{paper}\" stroke-width=\"1\"/>"
            )),
            Marker::Unchanged => self.svg.add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{RADIUS}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.4\"/>"
            )),
            Marker::Floor => {
                self.floor(&[[x, y]]);
            }
            Marker::Changed => self.svg.add(format_args!(
                "<path d=\"{}\" fill=\"{color}\" stroke=\"{paper}\" stroke-width=\"1\"/>",
                line_through(moving::diamond([x, y]))
            )),
        }
    }

    /// The path of least action, with heads, over the straight line, which is dashed.
    pub(super) fn path(&mut self, path: &LeastActionPath) {
        let drawn = path::drawn(path, &self.viewport);
        let (ink, paper, accent) = (self.svg.theme.ink, self.svg.theme.paper, self.svg.theme.accent);
        let straight = line_through(drawn.straight.iter().copied());
        let whole: String = drawn.heads.iter().map(|head| line_through(*head)).collect();
        let whole = line_through(drawn.line.iter().copied()) + &whole;
        let dashes = path::DASHES.map(|length| length.to_string()).join(" ");
        self.svg.add(format_args!(
            "<g class=\"least-action\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\
             <path d=\"{straight}\" stroke=\"{paper}\" stroke-width=\"3.6\" stroke-opacity=\"0.8\"/>\
             <path d=\"{straight}\" stroke=\"{ink}\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\"/>\
             <path d=\"{whole}\" stroke=\"{paper}\" stroke-width=\"{:.1}\" stroke-opacity=\"0.85\"/>\
             <path d=\"{whole}\" stroke=\"{accent}\" stroke-width=\"{:.1}\"/></g>",
            path::WIDTH + 2.6,
            path::WIDTH
        ));
    }

    /// Whole lines to a cell from its senders, dashed lines from it to its receivers.
    pub(super) fn joined(&mut self, joined: &Joined, all: &[[f32; 2]]) {
        let (ink, paper) = (self.svg.theme.ink, self.svg.theme.paper);
        let Some(own) = all.get(joined.cell as usize).map(|point| self.place(*point)) else { return };
        self.svg.add(format_args!("<g class=\"joined\" fill=\"none\" stroke=\"{ink}\" stroke-linecap=\"round\">"));
        for (sends, side) in [(false, joined.listens_to), (true, joined.heard_by)] {
            for (other, width) in side.widths() {
                let Some(other) = all.get(other as usize).map(|point| self.place(*point)) else { continue };
                let (start, end) = if sends { (own, other) } else { (other, own) };
                if let Some(joint) = joint(start, end, width) {
                    let [[x, y], [mx, my], [tx, ty]] = [joint.start, joint.middle, joint.tip];
                    let path = format!("M{x:.1},{y:.1}Q{mx:.1},{my:.1} {tx:.1},{ty:.1}");
                    let head = line_through(joint.head);
                    let dash = if sends {
                        format!(" stroke-dasharray=\"{:.1} {:.1}\"", width + 3.0, width + 3.5)
                    } else {
                        String::new()
                    };
                    self.svg.add(format_args!(
                        "<path d=\"{path}{head}\" stroke=\"{paper}\" stroke-width=\"{:.2}\" stroke-opacity=\"0.7\"/>\
                         <path d=\"{path}\" stroke-width=\"{width:.2}\"{dash}/><path d=\"{head}\" stroke-width=\"1.8\"/>",
                        width + 2.0
                    ));
                }
                if !sends {
                    let [x, y] = other;
                    self.svg.add(format_args!(
                        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"{ink}\" stroke=\"{paper}\"/>",
                        2.0 + width / 2.0
                    ));
                }
            }
        }
        let [x, y] = own;
        for (color, width) in [(paper, 6.0), (ink, 2.6)] {
            self.svg.add(format_args!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\" stroke=\"{color}\" stroke-width=\"{width}\"/>"
            ));
        }
        self.svg.add(format_args!("</g>"));
    }

    /// Where keys end.
    fn corner(&self) -> [f64; 2] {
        [self.viewport.size[0] - 4.0, self.viewport.size[1] - 10.0]
    }
}

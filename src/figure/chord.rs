//! The chord diagram of cell-type attention: who listens to whom.
//!
//! Every cell type has an arc: its outgoing half first (clockwise), then its incoming half. A ribbon leaves the outgoing half of its sender, in
//! the sender's colour, and ends with a gap and an arrowhead at the incoming half of its receiver. Widths are proportional to the weights, on
//! one scale that a [`ScaleBar`] states.
//! Angles are radians, clockwise from the top; coordinates are centred on the circle, y down.

mod path;
mod scale_bar;
mod svg;

pub use scale_bar::ScaleBar;
pub use svg::to_svg;

use super::labels::spread;
use std::f64::consts::TAU;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct ChordInput<'a> {
    /// Number of cells of each of the n types; fixes n.
    pub cells: &'a [usize],
    /// n x n, row-major, row = receiver, column = sender, not negative; NaN where a type is absent.
    pub weights: &'a [f32],
}

/// How it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct ChordOptions {
    /// Outer radius of the arcs.
    pub radius: f64,
    /// Thickness of the arcs.
    pub thickness: f64,
    /// Smallest angle between neighbouring arcs.
    pub gap: f64,
    /// The sum of weights that fills the circle, so that diagrams of several time points have one angle per unit; none: the sum of this diagram.
    /// See [`total`] and [`super::quantity::Quantity::circle`].
    pub scale: Option<f64>,
    /// Leave out what types say to themselves.
    pub hide_self: bool,
    /// Smallest distance of neighbouring labels on one side.
    pub label_spacing: f64,
}

impl Default for ChordOptions {
    fn default() -> Self {
        Self { radius: 150.0, thickness: 14.0, gap: 0.05, scale: None, hide_self: false, label_spacing: 28.0 }
    }
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct ChordLayout {
    /// One arc a type, in the order of the types.
    pub arcs: Vec<Arc>,
    /// One ribbon a pair with a positive weight, thickest first, so that thin ones are drawn on top.
    pub ribbons: Vec<Ribbon>,
    /// Number of pairs that have a weight (zero included): the n of "rank 3 of n".
    pub pairs: usize,
    /// Angle between neighbouring arcs.
    pub gap: f64,
    /// Angle of one unit of weight.
    pub angle_per_unit: f64,
}

/// A cell type on the circle.
#[derive(Clone, Debug, PartialEq)]
pub struct Arc {
    /// Where the outgoing half begins.
    pub start: f64,
    /// Where the outgoing half ends and the incoming half begins.
    pub middle: f64,
    /// Where the incoming half ends.
    pub end: f64,
    /// Sum of the weights this type sends.
    pub outgoing: f64,
    /// Sum of the weights this type receives.
    pub incoming: f64,
    /// Number of cells.
    pub cells: usize,
    /// The type has weights; false: it is drawn as a hairline.
    pub present: bool,
    /// SVG path of the outgoing half; of the hairline (to be stroked) where the type is absent.
    pub outgoing_path: String,
    /// SVG path of the incoming half; empty where the type is absent.
    pub incoming_path: String,
    /// Where its name stands.
    pub label: Label,
}

/// Where the name of an arc stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Start of the text (its end on the left side), vertical centre.
    pub x: f64,
    /// Vertical centre of the text.
    pub y: f64,
    /// The label is on the left side: its text ends at `x`.
    pub left: bool,
    /// SVG path of a line from arc to label.
    pub leader: String,
}

/// One directed link.
#[derive(Clone, Debug, PartialEq)]
pub struct Ribbon {
    /// Type that is listened to.
    pub sender: usize,
    /// Type that listens.
    pub receiver: usize,
    /// The weight.
    pub weight: f64,
    /// Share of the receiver's whole input, each weight counted once a cell of the sender, 0 … 1.
    pub share: f64,
    /// 1 for the greatest weight.
    pub rank: usize,
    /// Angles on the sender's outgoing half.
    pub from: [f64; 2],
    /// Angles on the receiver's incoming half.
    pub to: [f64; 2],
    /// SVG path.
    pub path: String,
}

impl Ribbon {
    /// SVG path of the middle of it that is this share of its width, 0 … 1; none of a share of nothing.
    #[must_use]
    pub fn middle(&self, share: f64, options: &ChordOptions) -> Option<String> {
        let narrow = |[a, b]: [f64; 2]| {
            let (middle, half) = ((a + b) / 2.0, share.min(1.0) * (b - a) / 2.0);
            [middle - half, middle + half]
        };
        let (from, to) = (narrow(self.from), narrow(self.to));
        (share > 0.0).then(|| self::path::between(self.sender == self.receiver, from, to, options))
    }
}

/// Sum of the weights of a diagram, for [`ChordOptions::scale`]: diagrams share a scale if all get the greatest of their totals.
#[must_use]
pub fn total(input: &ChordInput, hide_self: bool) -> f64 {
    let n = input.cells.len();
    (0..n * n).filter(|i| !(hide_self && i / n == i % n)).map(|i| weight(input, i / n, i % n).unwrap_or(0.0)).sum()
}

/// Lays out a chord diagram.
///
/// ```
/// use scimf::figure::chord::{ChordInput, ChordOptions, layout};
///
/// // Rows are receivers: the first type listens to the second, and nobody else to anybody.
/// let drawn = layout(&ChordInput { cells: &[40, 60], weights: &[0.0, 0.7, 0.0, 0.0] }, &ChordOptions::default());
/// assert_eq!((drawn.arcs.len(), drawn.ribbons.len()), (2, 1));
/// ```
///
/// # Panics
/// If `weights` is not n x n.
#[must_use]
pub fn layout(input: &ChordInput, options: &ChordOptions) -> ChordLayout {
    let n = input.cells.len();
    assert_eq!(input.weights.len(), n * n, "the weights are a row and a column for each of the {n} types");
    let shown = |receiver: usize, sender: usize| match weight(input, receiver, sender) {
        Some(w) if !(options.hide_self && receiver == sender) => w,
        _ => 0.0,
    };
    let gap = options.gap.min(0.5 * TAU / n.max(1) as f64);
    let sum = total(input, options.hide_self);
    let full = options.scale.unwrap_or(sum).max(sum);
    // Each weight has two ends: one on its sender's arc, one on its receiver's.
    let angle_per_unit = if full > 0.0 { (TAU - n as f64 * gap) / (2.0 * full) } else { 0.0 };
    let gap = if n == 0 { TAU } else { (TAU - 2.0 * sum * angle_per_unit) / n as f64 };

    let mut arcs = Vec::with_capacity(n);
    let mut from = vec![[0.0; 2]; n * n];
    let mut to = vec![[0.0; 2]; n * n];
    let mut at = gap / 2.0;
    for this in 0..n {
        // The nearest type counter-clockwise comes first, so that links leave towards their side of the circle without crossing.
        let others = || (1..n).map(move |step| (this + n - step) % n);
        let start = at;
        let put = |at: &mut f64, weight: f64| {
            let span = [*at, *at + weight * angle_per_unit];
            *at = span[1];
            span
        };
        // What a type says to itself leaves last and arrives first: a hump over the middle of the arc.
        others().for_each(|other| from[other * n + this] = put(&mut at, shown(other, this)));
        from[this * n + this] = put(&mut at, shown(this, this));
        let middle = at;
        to[this * n + this] = put(&mut at, shown(this, this));
        others().for_each(|other| to[this * n + other] = put(&mut at, shown(this, other)));
        let end = at;
        at += gap;
        let present = (0..n).any(|o| weight(input, this, o).is_some() || weight(input, o, this).is_some());
        let inner = options.radius - options.thickness;
        let (outgoing_path, incoming_path) = if present {
            (path::band(start, middle, inner, options.radius), path::band(middle, end, inner, options.radius))
        } else {
            (path::hairline(start, inner, options.radius), String::new())
        };
        arcs.push(Arc {
            start,
            middle,
            end,
            outgoing: (0..n).map(|other| shown(other, this)).sum(),
            incoming: (0..n).map(|other| shown(this, other)).sum(),
            cells: input.cells[this],
            present,
            outgoing_path,
            incoming_path,
            label: Label { x: 0.0, y: 0.0, left: false, leader: String::new() },
        });
    }
    place_labels(&mut arcs, options);
    let (ribbons, pairs) = ribbons(input, options, &from, &to);
    ChordLayout { arcs, ribbons, pairs, gap, angle_per_unit }
}

/// A weight, if it is a number; a negative one counts as zero.
fn weight(input: &ChordInput, receiver: usize, sender: usize) -> Option<f64> {
    let w = f64::from(input.weights[receiver * input.cells.len() + sender]);
    w.is_finite().then_some(w.max(0.0))
}

/// The ribbons and the number of pairs that have a weight.
fn ribbons(input: &ChordInput, options: &ChordOptions, from: &[[f64; 2]], to: &[[f64; 2]]) -> (Vec<Ribbon>, usize) {
    let n = input.cells.len();
    let input_of = |receiver: usize| -> f64 {
        (0..n).filter_map(|s| weight(input, receiver, s).map(|w| w * input.cells[s] as f64)).sum()
    };
    let inputs: Vec<f64> = (0..n).map(input_of).collect();
    let mut links: Vec<(usize, usize, f64)> = (0..n * n)
        .map(|i| (i / n, i % n))
        .filter(|(receiver, sender)| !(options.hide_self && receiver == sender))
        .filter_map(|(receiver, sender)| weight(input, receiver, sender).map(|w| (receiver, sender, w)))
        .collect();
    links.sort_by(|a, b| b.2.total_cmp(&a.2));
    let ribbons = links
        .iter()
        .enumerate()
        .filter(|(_, link)| link.2 > 0.0)
        .map(|(i, &(receiver, sender, weight))| {
            let (from, to) = (from[receiver * n + sender], to[receiver * n + sender]);
            Ribbon {
                sender,
                receiver,
                weight,
                share: if inputs[receiver] > 0.0 {
                    weight * input.cells[sender] as f64 / inputs[receiver]
                } else {
                    0.0
                },
                rank: i + 1,
                from,
                to,
                path: path::between(sender == receiver, from, to, options),
            }
        })
        .collect();
    (ribbons, links.len())
}

/// Puts each name beside the middle of its arc, and apart from the other names on its side.
fn place_labels(arcs: &mut [Arc], options: &ChordOptions) {
    let reach = options.radius + 22.0;
    for left in [false, true] {
        let side: Vec<usize> =
            (0..arcs.len()).filter(|&i| (((arcs[i].start + arcs[i].end) / 2.0).sin() < 0.0) == left).collect();
        let wanted: Vec<f64> =
            side.iter().map(|&i| -((arcs[i].start + arcs[i].end) / 2.0).cos() * (options.radius + 14.0)).collect();
        let placed = spread(&wanted, options.label_spacing, -reach, reach);
        for (&i, y) in side.iter().zip(placed) {
            let angle = (arcs[i].start + arcs[i].end) / 2.0;
            let sign = if left { -1.0 } else { 1.0 };
            // Outside the circle at its height, and never further in than the arc itself.
            let beside = (reach * reach - y * y).max(0.0).sqrt().max((angle.sin() * (options.radius + 14.0)).abs());
            let x = sign * beside;
            let leader = path::leader(angle, options.radius + 2.0, x - sign * 3.0, y);
            arcs[i].label = Label { x, y, left, leader };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: [usize; 3] = [120, 80, 40];
    const WEIGHTS: [f32; 9] = [0.1, 0.4, 0.2, 0.05, 0.3, 0.6, 0.0, 0.25, 0.15];

    fn check(input: &ChordInput, options: &ChordOptions) -> ChordLayout {
        let layout = layout(input, options);
        let n = layout.arcs.len();
        let filled: f64 = layout.arcs.iter().map(|arc| arc.end - arc.start).sum();
        assert!((filled + n as f64 * layout.gap - TAU).abs() < 1e-9, "arcs and gaps close the circle");
        for (i, arc) in layout.arcs.iter().enumerate() {
            assert!(arc.start <= arc.middle && arc.middle <= arc.end);
            assert!((arc.middle - arc.start - arc.outgoing * layout.angle_per_unit).abs() < 1e-9);
            assert!((arc.end - arc.middle - arc.incoming * layout.angle_per_unit).abs() < 1e-9);
            if let Some(next) = layout.arcs.get(i + 1) {
                assert!(arc.end < next.start, "arcs {i} and {} overlap", i + 1);
            }
            let mut spans: Vec<[f64; 2]> = layout.ribbons.iter().filter(|r| r.sender == i).map(|r| r.from).collect();
            spans.extend(layout.ribbons.iter().filter(|r| r.receiver == i).map(|r| r.to));
            spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
            assert!(spans.windows(2).all(|w| w[0][1] <= w[1][0] + 1e-9), "ends on arc {i} overlap");
        }
        for ribbon in &layout.ribbons {
            let (sender, receiver) = (&layout.arcs[ribbon.sender], &layout.arcs[ribbon.receiver]);
            assert!(ribbon.from[0] >= sender.start - 1e-9 && ribbon.from[1] <= sender.middle + 1e-9);
            assert!(ribbon.to[0] >= receiver.middle - 1e-9 && ribbon.to[1] <= receiver.end + 1e-9);
            assert!(ribbon.path.starts_with('M') && ribbon.path.ends_with('Z') && !ribbon.path.contains("NaN"));
        }
        layout
    }

    #[test]
    fn widths_are_weights() {
        let layout = check(&ChordInput { cells: &CELLS, weights: &WEIGHTS }, &ChordOptions::default());
        assert_eq!(layout.ribbons.len(), 8, "a zero weight has no ribbon");
        assert_eq!(layout.pairs, 9);
        let first = &layout.ribbons[0];
        assert_eq!((first.sender, first.receiver, first.rank), (2, 1, 1));
        assert!((first.from[1] - first.from[0] - 0.6f32 as f64 * layout.angle_per_unit).abs() < 1e-9);
        // 0.6 x 40 of 0.05 x 120 + 0.3 x 80 + 0.6 x 40.
        assert!((first.share - 24.0 / 54.0).abs() < 1e-6);
        let shares: f64 = layout.ribbons.iter().filter(|r| r.receiver == 1).map(|r| r.share).sum();
        assert!((shares - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_arrow_is_at_the_receiver() {
        let options = ChordOptions::default();
        let inner = options.radius - options.thickness;
        let layout = check(&ChordInput { cells: &CELLS, weights: &WEIGHTS }, &options);
        for ribbon in &layout.ribbons {
            let tip = path::point((ribbon.to[0] + ribbon.to[1]) / 2.0, inner - path::GAP);
            let start = path::point(ribbon.from[0], inner);
            assert!(ribbon.path.contains(&format!("L{tip}")), "{} has no tip at {tip}", ribbon.path);
            assert!(ribbon.path.starts_with(&format!("M{start}")), "{} does not start on the sender", ribbon.path);
        }
    }

    #[test]
    fn the_middle_of_a_ribbon_is_a_share_of_it() {
        let options = ChordOptions::default();
        let layout = check(&ChordInput { cells: &CELLS, weights: &WEIGHTS }, &options);
        let ribbon = &layout.ribbons[0];
        assert_eq!(ribbon.middle(1.0, &options).as_ref(), Some(&ribbon.path));
        assert_eq!(ribbon.middle(0.0, &options), None);
        let half = ribbon.middle(0.5, &options).unwrap();
        let start = path::point(0.75 * ribbon.from[0] + 0.25 * ribbon.from[1], options.radius - options.thickness);
        assert!(half.starts_with(&format!("M{start}")), "{half} does not start at {start}");
    }

    #[test]
    fn renaming_types_moves_their_ribbons() {
        let order = [2, 0, 1];
        let cells: Vec<usize> = order.iter().map(|&i| CELLS[i]).collect();
        let weights: Vec<f32> = (0..9).map(|i| WEIGHTS[order[i / 3] * 3 + order[i % 3]]).collect();
        let (a, b) = (
            check(&ChordInput { cells: &CELLS, weights: &WEIGHTS }, &ChordOptions::default()),
            check(&ChordInput { cells: &cells, weights: &weights }, &ChordOptions::default()),
        );
        for (a, b) in a.ribbons.iter().zip(&b.ribbons) {
            assert_eq!((a.sender, a.receiver, a.rank), (order[b.sender], order[b.receiver], b.rank));
            assert!((a.share - b.share).abs() < 1e-9 && (a.from[1] - a.from[0] - b.from[1] + b.from[0]).abs() < 1e-9);
        }
    }

    #[test]
    fn one_scale_gives_one_angle_per_unit() {
        let halved = WEIGHTS.map(|w| w / 2.0);
        let (whole, half) =
            (ChordInput { cells: &CELLS, weights: &WEIGHTS }, ChordInput { cells: &CELLS, weights: &halved });
        let options = ChordOptions { scale: Some(total(&whole, false)), ..ChordOptions::default() };
        let (a, b) = (check(&whole, &options), check(&half, &options));
        assert!((a.angle_per_unit - b.angle_per_unit).abs() < 1e-12);
        assert!(b.gap > a.gap);
        let too_small = ChordOptions { scale: Some(0.1), ..options };
        check(&whole, &too_small);
    }

    #[test]
    fn hiding_self_gives_the_room_to_others() {
        let input = ChordInput { cells: &CELLS, weights: &WEIGHTS };
        let all = check(&input, &ChordOptions::default());
        let others = check(&input, &ChordOptions { hide_self: true, ..ChordOptions::default() });
        assert!(others.ribbons.iter().all(|r| r.sender != r.receiver));
        assert_eq!(others.pairs, 6);
        assert!(others.angle_per_unit > all.angle_per_unit);
    }

    #[test]
    fn absent_types_are_hairlines() {
        let mut weights = WEIGHTS;
        (0..3).for_each(|i| (weights[3 + i], weights[3 * i + 1]) = (f32::NAN, f32::NAN));
        let layout = check(&ChordInput { cells: &[120, 0, 40], weights: &weights }, &ChordOptions::default());
        let absent = &layout.arcs[1];
        assert!(!absent.present && absent.start == absent.end && absent.incoming_path.is_empty());
        assert!(layout.arcs[0].present && layout.arcs[2].present);
        assert_eq!(layout.pairs, 4);
    }

    #[test]
    fn extremes_have_a_layout() {
        let options = ChordOptions::default();
        let one = check(&ChordInput { cells: &[5], weights: &[0.2] }, &options);
        assert_eq!(one.ribbons.len(), 1);
        assert_eq!(one.ribbons[0].share, 1.0);
        assert!(check(&ChordInput { cells: &[0; 2], weights: &[f32::NAN; 4] }, &options).ribbons.is_empty());
        assert!(check(&ChordInput { cells: &[3; 2], weights: &[0.0; 4] }, &options).ribbons.is_empty());
        assert!(layout(&ChordInput { cells: &[], weights: &[] }, &options).arcs.is_empty());
        check(&ChordInput { cells: &[9; 40], weights: &[0.01; 1600] }, &options);
    }

    #[test]
    fn labels_stay_apart() {
        let options = ChordOptions { label_spacing: 14.0, ..ChordOptions::default() };
        let layout = check(&ChordInput { cells: &[9; 20], weights: &[0.01; 400] }, &options);
        for left in [false, true] {
            let mut ys: Vec<f64> = layout.arcs.iter().filter(|a| a.label.left == left).map(|a| a.label.y).collect();
            ys.sort_by(f64::total_cmp);
            assert!(ys.windows(2).all(|w| w[1] - w[0] >= 14.0 - 1e-9), "{ys:?}");
        }
    }
}

//! Held-out evaluation: how far predictions are from the observed cells, beside everything that they must be compared with.
//!
//! One panel for each held-out time point and metric, its rows in one order. A dot is the mean over seeds, a whisker one standard deviation
//! to each side; the floor, what sampling alone makes, is a line through all rows. Panels of one metric share their scale. Coordinates are
//! pixels from the top left corner.

mod metric;
#[cfg(feature = "svg")]
mod svg;

pub use metric::{Metric, is_debiased, judge};
#[cfg(feature = "svg")]
pub use svg::to_svg;

use super::labels::width;
use super::score_table::mean_and_deviation;
use super::ticks;
use crate::protocol::{Evaluation, FLOOR, HeldOut, INTERPOLATION, Row};

/// Size of the text, in pixels.
pub const TEXT: f64 = 12.0;
/// Height of the title of a panel.
const TITLE: f64 = 24.0;
/// Height of the axis below the last panels: numbers and name.
const AXIS: f64 = 38.0;
/// Room at the right of a panel for the longest value.
const VALUE: f64 = 88.0;
/// Space between two columns.
const GAP: f64 = 18.0;

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// Held-out time points from top to bottom; of each its metrics from left to right.
    pub panels: Vec<Panel>,
}

/// One held-out time point under one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Position in [`Evaluation::held_out`].
    pub held_out: usize,
    /// Which distance.
    pub metric: Metric,
    /// What is compared, such as `day 4, 1200 observed cells`; only in the first column, at the left edge of the figure.
    pub title: Option<Text>,
    /// Left, top, right and bottom of the area with the marks.
    pub area: [f64; 4],
    /// The rows, in the order of [`HeldOut::rows`].
    pub marks: Vec<Mark>,
    /// Where the floor's line stands; none without a floor.
    pub floor: Option<f64>,
    /// Grid lines: where, and the number of it where it is to be written (below the last panel of a column).
    pub ticks: Vec<(f64, Option<String>)>,
    /// Name of the axis, below the last panel of a column.
    pub axis: Option<Text>,
}

/// A text that starts at `at`, vertically centred there.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Start and vertical centre.
    pub at: [f64; 2],
    /// What it says.
    pub text: String,
}

/// One row of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it stands for.
    pub kind: MarkKind,
    /// Its height.
    pub y: f64,
    /// The row's name, in the first column; ends there.
    pub name: Option<Text>,
    /// Where the mean is, and the ends of the whisker; none if the row is not there.
    pub dot: Option<[f64; 3]>,
    /// Mean and standard deviation, or why they are missing.
    pub value: Text,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// What needs no model.
    Baseline,
    /// A model without its interaction.
    Twin,
    /// A model.
    Model,
}

impl MarkKind {
    fn of(row: &Row) -> Self {
        match row.model {
            Some(_) if row.is_whole_model() => Self::Model,
            Some(_) => Self::Twin,
            None => Self::Baseline,
        }
    }
}

/// Rows of each time point.
fn rows(evaluation: &Evaluation) -> usize {
    evaluation.held_out.iter().map(|held_out| held_out.rows.len()).max().unwrap_or(0)
}

/// Height that shows everything well.
#[must_use]
pub fn height(evaluation: &Evaluation) -> f64 {
    evaluation.held_out.len() as f64 * (TITLE + rows(evaluation) as f64 * 24.0) + AXIS
}

/// Lays out an evaluation for a figure of this size.
#[must_use]
pub fn layout(evaluation: &Evaluation, metrics: &[Metric], size: [f64; 2]) -> ComparisonLayout {
    let times = evaluation.held_out.len();
    let all = evaluation.held_out.iter().flat_map(|held_out| &held_out.rows);
    let names = all.map(|row| width(&row.name, TEXT)).fold(0.0, f64::max) + 12.0;
    let count = rows(evaluation).max(1) as f64;
    let columns = metrics.len().max(1) as f64;
    let column = ((size[0] - names - (columns - 1.0) * GAP) / columns).max(VALUE + 40.0);
    let panel = ((size[1] - AXIS) / times.max(1) as f64).max(TITLE + 60.0);
    let line = ((panel - TITLE) / count).min(40.0);
    let mut panels = Vec::with_capacity(times * metrics.len());
    for (i, held_out) in evaluation.held_out.iter().enumerate() {
        for (k, &metric) in metrics.iter().enumerate() {
            let left = names + k as f64 * (column + GAP);
            let top = i as f64 * (TITLE + line * count) + TITLE;
            let area = [left, top, left + column, top + line * count];
            let scale = Scale::new(evaluation, metric, [left + 8.0, area[2] - VALUE]);
            let marks = held_out.rows.iter().enumerate().map(|(n, row)| {
                let y = top + (n as f64 + 0.5) * line;
                let name = (k == 0).then(|| Text { at: [names - 10.0, y], text: row.name.clone() });
                mark(row, held_out, metric, y, name, &scale)
            });
            let last = i + 1 == times;
            panels.push(Panel {
                held_out: i,
                metric,
                title: (k == 0).then(|| Text { at: [0.0, top - TITLE / 2.0], text: title(held_out) }),
                area,
                marks: marks.collect(),
                floor: held_out
                    .distances(FLOOR)
                    .map(|floor| scale.place(metric.of(&floor)[0]))
                    .filter(|x| x.is_finite()),
                ticks: scale.ticks().into_iter().map(|(x, text)| (x, last.then_some(text))).collect(),
                axis: last.then(|| Text { at: [left + 8.0, area[3] + 28.0], text: metric.name().to_owned() }),
            });
        }
    }
    ComparisonLayout { size, panels }
}

fn title(held_out: &HeldOut) -> String {
    let cells = if held_out.observed == 1 { "cell" } else { "cells" };
    format!("{}: {} observed {cells}", held_out.label, held_out.observed)
}

fn mark(row: &Row, held_out: &HeldOut, metric: Metric, y: f64, name: Option<Text>, scale: &Scale) -> Mark {
    let kind = MarkKind::of(row);
    let found = row.distances.filter(|distances| metric.of(distances)[0].is_finite());
    let Some(distances) = found else {
        let why = if row.key == INTERPOLATION { "no later time point" } else { "not computed" };
        // Beside the floor's line, not under it.
        let floor =
            held_out.distances(FLOOR).map(|floor| scale.place(metric.of(&floor)[0]) + 9.0).filter(|x| x.is_finite());
        let at = [floor.unwrap_or(scale.pixels[0]), y];
        return Mark { kind, y, name, dot: None, value: Text { at, text: why.to_owned() } };
    };
    let [mean, deviation] = metric.of(&distances);
    let ends = [mean, mean - deviation, mean + deviation].map(|value| scale.place(value));
    let text = mean_and_deviation(&distances, metric);
    Mark { kind, y, name, dot: Some(ends), value: Text { at: [ends[2] + 9.0, y], text } }
}

/// The scale that panels of one metric share.
struct Scale {
    low: f64,
    high: f64,
    pixels: [f64; 2],
}

impl Scale {
    /// All means with their deviations, from zero on: a distance twice as far to the right is twice as large.
    fn new(evaluation: &Evaluation, metric: Metric, pixels: [f64; 2]) -> Self {
        let found = evaluation.held_out.iter().flat_map(|held_out| &held_out.rows).filter_map(|row| row.distances);
        let ends = found.map(|d| metric.of(&d)).flat_map(|[mean, sd]| [mean - sd, mean + sd]).filter(|e| e.is_finite());
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), e| (a.min(e), b.max(e)));
        if low > high {
            return Self { low: 0.0, high: 1.0, pixels };
        }
        let margin = 0.04 * high.abs().max(f64::MIN_POSITIVE);
        let low = low.min(0.0);
        Self { low, high: high + margin, pixels }
    }

    fn place(&self, value: f64) -> f64 {
        let [left, right] = self.pixels;
        left + (value - self.low) / (self.high - self.low) * (right - left)
    }

    fn ticks(&self) -> Vec<(f64, String)> {
        let count = ((self.pixels[1] - self.pixels[0]) / 48.0).clamp(2.0, 8.0) as usize;
        let values = ticks::linear(self.low, self.high, count);
        values.into_iter().map(|value| (self.place(value), ticks::label(value))).collect()
    }
}

/// The columns of the figure, what judges first: an evaluation of an older version has no debiased distances.
#[must_use]
pub fn metrics(evaluation: &Evaluation) -> [Metric; 2] {
    if evaluation.held_out.iter().any(is_debiased) { [Metric::Energy, Metric::W1] } else { [Metric::W1, Metric::W2] }
}

/// How the numbers came about: seeds, cells, what dots, whiskers and the line mean, and which distance judges.
#[must_use]
pub fn caption(evaluation: &Evaluation) -> String {
    let counted = |seeds: u32| if seeds == 1 { "1 seed".to_owned() } else { format!("{seeds} seeds") };
    let models = evaluation.held_out.iter().flat_map(|point| &point.rows).filter(|row| row.model.is_some());
    let fewest = models.filter_map(|row| row.distances).map(|it| it.values).min();
    let seeds = match fewest.filter(|fewest| *fewest < evaluation.seeds) {
        Some(fewest) => format!("the seeds that are done, {fewest} or more of {}", counted(evaluation.seeds)),
        None => counted(evaluation.seeds),
    };
    let updates = evaluation.updates.map_or(String::new(), |updates| format!(" after {updates} updates"));
    let how = format!(
        "{} simulated cells{updates}. Dots: mean of {seeds}; whiskers: one standard deviation. Dashed line: floor, the distance between two random \
         halves of the observed cells.",
        evaluation.cells,
    );
    if evaluation.held_out.iter().any(is_debiased) {
        return format!(
            "Distances to the observed cells, {how} Sampling adds nothing to the energy distance and the Sinkhorn divergence in the mean, so \
             they judge; exact W1 and W2 are smaller for predictions that spread too little, and stand beside for published tables."
        );
    }
    format!(
        "Exact Wasserstein distances to the observed cells, {how} Halves have fewer cells than predictions are compared with, so the floor can \
         lie above a row."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Debiased, Distances, ModelKind};

    fn distances(w1: f64, sd: f64) -> Distances {
        let debiased = Some(Debiased { energy: w1 - 8.0, energy_sd: sd, ..Debiased::default() });
        Distances { w1, w2: 1.2 * w1, w1_sd: sd, w2_sd: sd, values: 3, debiased, per_gene: None }
    }

    fn evaluation() -> Evaluation {
        let held_out = |label: &str, shift: f64| {
            let found = [
                Some((9.0, 0.0)),
                Some((15.0, 0.0)),
                None,
                Some((14.0, 0.0)),
                Some((13.0, 0.1)),
                Some((12.6, 0.2)),
                None,
            ];
            let model = ModelKind::ALL[0];
            let models = [Row::of_twin(model), Some(Row::of(model)), Some(Row::of(ModelKind::ALL[1]))];
            let rows = Row::baselines().into_iter().chain(models.into_iter().flatten());
            let with =
                |(row, found): (Row, Option<(f64, f64)>)| row.with(found.map(|(w1, sd)| distances(w1 + shift, sd)));
            let rows = rows.zip(found).map(with).collect();
            HeldOut { time: 1, label: label.into(), observed: 500, rows, ..HeldOut::default() }
        };
        let held_out = vec![held_out("day 2", 0.0), held_out("day 4", 1.0)];
        Evaluation { held_out, seeds: 3, updates: Some(200), cells: 2000, lineage: None }
    }

    const BOTH: [Metric; 2] = [Metric::Energy, Metric::W1];

    #[test]
    fn positions_are_distances() {
        let evaluation = evaluation();
        let layout = layout(&evaluation, &BOTH, [800.0, 400.0]);
        assert_eq!(layout.panels.len(), 4);
        for metric in BOTH {
            let marks = layout.panels.iter().filter(|p| p.metric == metric).flat_map(|panel| {
                let held_out = &evaluation.held_out[panel.held_out];
                let marks = panel.marks.iter().zip(&held_out.rows);
                marks.filter_map(move |(mark, row)| Some((metric.of(&row.distances?), mark.dot?)))
            });
            let marks: Vec<_> = marks.collect();
            assert_eq!(marks.len(), 10);
            // One straight scale over both time points: equal steps of the distance are equal steps on paper.
            let ([a, _], [xa, ..]) = marks[0];
            let ([b, _], [xb, ..]) = marks[1];
            let unit = (xb - xa) / (b - a);
            assert!(unit > 0.0);
            for ([mean, sd], [x, low, high]) in marks {
                assert!((x - xa - unit * (mean - a)).abs() < 1e-9);
                assert!((x - low - unit * sd).abs() < 1e-9 && (high - x - unit * sd).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_axis_begins_at_zero() {
        let layout = layout(&evaluation(), &BOTH, [800.0, 400.0]);
        for panel in &layout.panels {
            let held_out = &evaluation().held_out[panel.held_out];
            let rows = panel.marks.iter().zip(&held_out.rows);
            let known: Vec<[f64; 2]> = rows
                .filter_map(|(mark, row)| Some([mark.dot?[0], panel.metric.of(row.distances.as_ref()?)[0]]))
                .collect();
            let [[x, value], [other, less]] = [known[0], known[1]];
            let zero = x - (x - other) / (value - less) * value;
            assert!((zero - panel.area[0] - 8.0).abs() < 1e-6, "zero stands at {zero}");
        }
    }

    #[test]
    fn the_floor_is_a_line_and_rows_keep_their_order() {
        let layout = layout(&evaluation(), &BOTH, [800.0, 400.0]);
        for panel in &layout.panels {
            use MarkKind::{Baseline, Model, Twin};
            let kinds: Vec<_> = panel.marks.iter().map(|mark| mark.kind).collect();
            assert_eq!(kinds, [Baseline, Baseline, Baseline, Baseline, Twin, Model, Model]);
            assert_eq!(panel.floor, panel.marks[0].dot.map(|dot| dot[0]));
            assert!(panel.marks.windows(2).all(|pair| pair[0].y < pair[1].y));
            let [left, top, right, bottom] = panel.area;
            for mark in &panel.marks {
                assert!(mark.y > top && mark.y < bottom);
                let end = mark.value.at[0] + width(&mark.value.text, TEXT);
                assert!(mark.value.at[0] >= left && end <= right + 1.0, "{} ends at {end}", mark.value.text);
            }
            assert_eq!(panel.marks[2].value.text, "no later time point");
        }
        assert!(layout.panels[3].area[3] + AXIS <= 400.0 + 1e-9);
        assert!(layout.panels[0].ticks.iter().all(|tick| tick.1.is_none()), "numbers stand below the last panel");
        assert!(layout.panels[2].ticks.iter().all(|tick| tick.1.is_some()));
    }

    #[test]
    fn the_caption_says_how_numbers_came_about() {
        let mut evaluation = evaluation();
        assert_eq!(metrics(&evaluation), [Metric::Energy, Metric::W1]);
        let words = caption(&evaluation);
        assert!(words.contains("3 seeds") && words.contains("they judge"), "{words}");
        let rows = evaluation.held_out.iter_mut().flat_map(|it| &mut it.rows);
        rows.filter_map(|row| row.distances.as_mut()).for_each(|it| it.debiased = None);
        assert_eq!(metrics(&evaluation), [Metric::W1, Metric::W2]);
        assert!(caption(&evaluation).starts_with("Exact"));
    }

    #[test]
    fn nothing_to_show_is_no_panic() {
        assert!(layout(&Evaluation::default(), &BOTH, [10.0, 10.0]).panels.is_empty());
        let mut broken = evaluation();
        let row = Row::of(ModelKind::ALL[0]).with(Some(distances(f64::NAN, f64::NAN)));
        broken.held_out[0] = HeldOut { rows: vec![row], ..HeldOut::default() };
        let layout = layout(&broken, &BOTH, [300.0, 100.0]);
        assert!(layout.panels[0].marks.iter().all(|mark| mark.dot.is_none()));
    }
}

//! What a change does to a simulated population: a row for each cell type, beside what the seed alone does.
//!
//! A shaded stretch is the noise floor. A change whose mark stands within it cannot be told from the choice of the seed, and its words say so.
//! Coordinates are pixels from the top left corner.

mod svg;
mod tables;
mod words;

pub use svg::to_svg;
pub use tables::{fates_csv, genes_csv, moved_csv};
pub use words::{findings, points, signed};

use super::labels::{numbered, shorten, width};
use super::ticks;
use crate::protocol::Experiment;

/// Size of the text, in pixels.
pub const TEXT: f64 = 12.0;
/// Height of a row.
const LINE: f64 = 26.0;
/// Height of the axis: numbers and name.
const AXIS: f64 = 40.0;
/// Longest name, in characters.
const LONGEST: usize = 20;
/// Figures narrower than this have short words.
const NARROW: f64 = 440.0;
/// Between two columns.
const GAP: f64 = 10.0;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Share of each type at the end.
    Fates,
    /// Displacement by the type at the start.
    Moved,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// Left, top, right and bottom of the marks.
    pub area: [f64; 4],
    /// One row a type.
    pub rows: Vec<Row>,
    /// Grid lines with their numbers.
    pub ticks: Vec<(f64, String)>,
    /// Name of the axis: its start and vertical centre.
    pub axis: ([f64; 2], &'static str),
}

/// One type.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The type.
    pub kind: usize,
    /// Its height.
    pub y: f64,
    /// End and vertical centre of its name.
    pub name: ([f64; 2], String),
    /// Ends of the noise floor.
    pub floor: [f64; 2],
    /// What the change is compared with: the share without the change, or how far single cells are displaced.
    pub hollow: f64,
    /// With the change.
    pub filled: f64,
    /// The change exceeds the noise.
    pub beyond: bool,
    /// Start and vertical centre of the words, and the words.
    pub words: ([f64; 2], String),
}

/// A row in numbers.
struct Values {
    kind: usize,
    hollow: f64,
    filled: f64,
    floor: [f64; 2],
    beyond: bool,
    words: String,
}

/// A difference exceeds the noise. For one difference that was looked at, not for the greatest of many: see [`beyond_of`].
#[must_use]
pub fn beyond(difference: f32, noise: f32) -> bool {
    difference.abs() > noise
}

/// A difference exceeds what the greatest of `tested` differences would be by chance in one of twenty experiments (Bonferroni's correction of a
/// two-sided normal test). `noise` is the mean size of a chance difference, which for a normal one is 0.798 of its standard deviation.
#[must_use]
pub fn beyond_of(difference: f32, noise: f32, tested: usize) -> bool {
    let deviation = f64::from(noise) / std::f64::consts::FRAC_2_PI.sqrt();
    f64::from(difference.abs()) > normal_tail(0.025 / tested.max(1) as f64) * deviation
}

/// Where the upper tail of a normal distribution holds `p` (Abramowitz and Stegun 26.2.23: within 4.5e-4; for p up to one half).
fn normal_tail(p: f64) -> f64 {
    let t = (-2.0 * p.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

/// Height that shows all rows well.
#[must_use]
pub fn height(experiment: &Experiment, measure: Measure) -> f64 {
    let rows = match measure {
        Measure::Fates => experiment.fates.len(),
        Measure::Moved => experiment.moved.len(),
    };
    rows as f64 * LINE + AXIS
}

/// Lays out a measure of an experiment in a width; `kinds` are the names of the types.
#[must_use]
pub fn layout(experiment: &Experiment, measure: Measure, kinds: &[String], room: f64) -> ExperimentLayout {
    let values = values(experiment, measure, room < NARROW);
    let name = |kind: usize| kinds.get(kind).map_or_else(String::new, |name| numbered(kind, &shorten(name, LONGEST)));
    let widest = |texts: &mut dyn Iterator<Item = String>| texts.map(|text| width(&text, TEXT)).fold(0.0, f64::max);
    let left = (widest(&mut values.iter().map(|it| name(it.kind))) + GAP).min(0.4 * room);
    let right = widest(&mut values.iter().map(|it| it.words.clone())) + GAP;
    let area = [left, 0.0, (room - right).max(left + 40.0), values.len() as f64 * LINE];

    let ends = values.iter().flat_map(|it| [it.hollow, it.filled, it.floor[0], it.floor[1]]);
    let high = ends.filter(|value| value.is_finite()).fold(0.0, f64::max).max(1e-6) * 1.04;
    let [from, to] = [area[0] + 8.0, area[2] - 8.0];
    let place = |value: f64| from + if value.is_finite() { value / high } else { 0.0 } * (to - from);
    let number = |value: f64| match measure {
        Measure::Fates => format!("{} %", ticks::label(100.0 * value)),
        Measure::Moved => ticks::label(value),
    };
    let count = ((to - from) / 64.0).clamp(2.0, 7.0) as usize;
    let row = |(n, it): (usize, &Values)| {
        let y = (n as f64 + 0.5) * LINE;
        Row {
            kind: it.kind,
            y,
            name: ([left - GAP, y], name(it.kind)),
            floor: it.floor.map(place),
            hollow: place(it.hollow),
            filled: place(it.filled),
            beyond: it.beyond,
            words: ([area[2] + GAP, y], it.words.clone()),
        }
    };
    let axis = match measure {
        Measure::Fates => "share of the cells at the end",
        Measure::Moved => "displacement in the model space",
    };
    ExperimentLayout {
        size: [room, area[3] + AXIS],
        area,
        rows: values.iter().enumerate().map(row).collect(),
        ticks: ticks::linear(0.0, high, count).into_iter().map(|value| (place(value), number(value))).collect(),
        axis: ([from, area[3] + 29.0], axis),
    }
}

fn values(experiment: &Experiment, measure: Measure, short: bool) -> Vec<Values> {
    match measure {
        Measure::Fates => {
            let fate = |it: &crate::protocol::FateChange| {
                let [unchanged, changed, noise] = [it.unchanged, it.changed, it.noise].map(f64::from);
                let beyond = beyond(it.changed - it.unchanged, it.noise);
                Values {
                    kind: it.kind,
                    hollow: unchanged,
                    filled: changed,
                    floor: [(unchanged - noise).max(0.0), unchanged + noise],
                    beyond,
                    words: words::marked(points(it.changed - it.unchanged), beyond, short),
                }
            };
            experiment.fates.iter().map(fate).collect()
        }
        Measure::Moved => {
            let moved = |it: &crate::protocol::Moved| {
                let beyond = beyond(it.together, it.noise);
                Values {
                    kind: it.kind,
                    hollow: it.each.into(),
                    filled: it.together.into(),
                    floor: [0.0, it.noise.into()],
                    beyond,
                    words: words::marked(super::labels::number(it.together.into()), beyond, short),
                }
            };
            experiment.moved.iter().map(moved).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::Format;
    use crate::protocol::{FateChange, GeneChange, Moved};

    pub(super) fn experiment() -> Experiment {
        Experiment {
            fates: vec![
                FateChange { kind: 0, unchanged: 0.30, changed: 0.10, noise: 0.04 },
                FateChange { kind: 1, unchanged: 0.02, changed: 0.03, noise: 0.03 },
                FateChange { kind: 2, unchanged: 0.68, changed: 0.87, noise: 0.05 },
            ],
            moved: vec![
                Moved { kind: 0, cells: 40.5, each: 1.5, together: 0.8, noise: 0.2 },
                Moved { kind: 2, cells: 10.0, each: 0.4, together: 0.1, noise: 0.2 },
            ],
            genes: vec![
                GeneChange { gene: 1, difference: -0.4, noise: 0.1 },
                GeneChange { gene: 0, difference: 0.05, noise: 0.1 },
            ],
            ..Experiment::default()
        }
    }

    pub(super) fn names() -> Vec<String> {
        ["Axial", "Neural, dorsal", "Somite"].map(str::to_owned).to_vec()
    }

    #[test]
    fn many_genes_need_a_greater_difference_than_one() {
        assert!((normal_tail(0.025) - 1.96).abs() < 1e-3 && (normal_tail(0.025 / 2000.0) - 4.215).abs() < 2e-3);
        // 3 times the noise is no chance for one gene, and chance for the greatest of 2,000.
        assert!(beyond_of(0.3, 0.1, 1) && !beyond_of(0.3, 0.1, 2000) && beyond_of(-0.6, 0.1, 2000));
        assert!(!beyond_of(0.0, 0.0, 5) && !beyond_of(f32::NAN, 0.0, 5));
    }

    #[test]
    fn marks_stand_in_proportion_to_their_values() {
        let experiment = experiment();
        let layout = layout(&experiment, Measure::Fates, &names(), 600.0);
        let zero = layout.ticks[0].0;
        let unit = (layout.rows[2].filled - zero) / 0.87;
        for (row, fate) in layout.rows.iter().zip(&experiment.fates) {
            assert!((row.hollow - zero - unit * f64::from(fate.unchanged)).abs() < 1e-3);
            assert!((row.filled - zero - unit * f64::from(fate.changed)).abs() < 1e-3);
            assert!((row.floor[1] - row.hollow - unit * f64::from(fate.noise)).abs() < 1e-3);
        }
        assert_eq!(layout.rows[1].floor[0], zero, "a share is not below nothing");
    }

    #[test]
    fn what_is_within_the_noise_says_so() {
        let fates = layout(&experiment(), Measure::Fates, &names(), 600.0);
        assert_eq!(fates.rows.iter().map(|row| row.beyond).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(fates.rows[0].words.1, "−20.0 points");
        assert_eq!(fates.rows[1].words.1, "+1.0 points, within noise");
        let moved = layout(&experiment(), Measure::Moved, &names(), 600.0);
        assert_eq!(moved.rows[1].words.1, "0.1000, within noise");
        assert!(moved.rows[1].filled <= moved.rows[1].floor[1] && moved.rows[0].filled > moved.rows[0].floor[1]);
        let narrow = layout(&experiment(), Measure::Fates, &names(), 320.0);
        assert_eq!((&*narrow.rows[0].words.1, &*narrow.rows[1].words.1), ("−20.0 points", "within noise"));
        assert!(!beyond(0.0, 0.0) && !beyond(f32::NAN, 0.0) && beyond(-0.2, 0.1));
    }

    #[test]
    fn names_marks_and_words_stand_side_by_side() {
        for room in [320.0, 600.0, 900.0] {
            for measure in [Measure::Fates, Measure::Moved] {
                let layout = layout(&experiment(), measure, &names(), room);
                assert!(layout.rows.windows(2).all(|pair| pair[1].y - pair[0].y >= TEXT));
                for row in &layout.rows {
                    let marks = [row.hollow, row.filled, row.floor[0], row.floor[1]];
                    assert!(marks.iter().all(|x| layout.area[0] <= *x && *x <= layout.area[2]));
                    assert!(row.name.0[0] < layout.area[0] && row.words.0[0] > layout.area[2]);
                }
                assert_eq!(layout.size[1], height(&experiment(), measure));
            }
        }
    }

    #[test]
    fn a_document_has_all_rows_and_says_what_it_is() {
        for size in [[900.0, 700.0], [500.0, 240.0]] {
            let format = Format { size, dark: false, title: "Without <Axial>".into() };
            let text = to_svg(&experiment(), &names(), &[], &format);
            let document = roxmltree::Document::parse(&text).unwrap();
            let of = |class| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
            assert_eq!((of("floor"), of("hollow"), of("filled")), (5, 5, 5));
            assert!(text.contains("not measurements") && text.contains("within noise"));
        }
    }

    #[test]
    fn nothing_or_broken_numbers_are_no_panic() {
        assert!(layout(&Experiment::default(), Measure::Fates, &[], 0.0).rows.is_empty());
        let mut broken = experiment();
        broken.fates[0].changed = f32::NAN;
        let layout = layout(&broken, Measure::Fates, &[], 300.0);
        assert!(layout.rows.iter().all(|row| row.filled.is_finite()) && !layout.rows[0].beyond);
    }
}

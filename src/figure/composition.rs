//! Shares of cell types over time: a stacked area where they are known along a simulation, a stacked column for each observed time point.
//!
//! Types keep one order from bottom to top. Coordinates are pixels from the top left corner.

mod svg;

pub use svg::to_svg;

use super::csv::quoted;
use super::labels::{shorten, spread, width};
use super::time_axis::{self, Tick, TimeAxis};

/// Size of the text, in pixels.
pub const TEXT: f64 = 12.0;
/// Room for the shares left of the area.
const LEFT: f64 = 44.0;
/// Room above the area, for half a line of text.
const TOP: f64 = 8.0;
/// Room for the labels of time below it.
const BOTTOM: f64 = 24.0;
/// Between the area and the names of the types.
const GAP: f64 = 12.0;
/// Height of a name.
const LINE: f64 = 15.0;
/// Longest name, in characters.
const LONGEST: usize = 16;
/// Width of a column, as a share of the interval.
const COLUMN: f64 = 0.62;

/// Shares of types at times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Composition {
    /// Times in index units, rising.
    pub times: Vec<f64>,
    /// Times x types; a time without cells has zeros.
    pub shares: Vec<f64>,
}

/// How shares are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One area a type, from the first time to the last.
    Area,
    /// One column a time.
    Columns,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct CompositionLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// Left, top, right and bottom of the shares.
    pub area: [f64; 4],
    /// The time axis.
    pub axis: TimeAxis,
    /// The types that have a share at any time, from bottom to top.
    pub bands: Vec<Band>,
    /// Marks of the time axis.
    pub ticks: Vec<Tick>,
    /// Heights of round shares, with their text.
    pub levels: Vec<(f64, &'static str)>,
    /// Where the observed times end; none if the axis ends there too.
    pub data_end: Option<f64>,
}

/// One type.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The type.
    pub kind: usize,
    /// Its outlines: one for an area, one a time for columns.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// Its name, where there is room for it.
    pub name: Option<Name>,
}

/// The name of a type beside its share at the last time.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// From the middle of the share to the name.
    pub leader: [[f64; 2]; 2],
    /// Start and vertical centre of the text.
    pub at: [f64; 2],
    /// The text.
    pub text: String,
}

impl Composition {
    /// Shares of the types among counted cells: times x types.
    #[must_use]
    pub fn of_counts(counts: &[usize], kinds: usize) -> Self {
        let rows = counts.chunks_exact(kinds.max(1));
        let times = (0..rows.len()).map(|time| time as f64).collect();
        let share = |row: &[usize]| {
            let all = row.iter().sum::<usize>().max(1) as f64;
            row.iter().map(move |&count| count as f64 / all).collect::<Vec<_>>()
        };
        Self { times, shares: rows.flat_map(share).collect() }
    }

    /// Types.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.shares.len().checked_div(self.times.len()).unwrap_or(0)
    }

    /// The shares at the `n`-th time, adding up to 1; all zero where there are no cells.
    #[must_use]
    pub fn row(&self, n: usize) -> Vec<f64> {
        let kinds = self.kinds();
        let row = self.shares.get(n * kinds..(n + 1) * kinds).unwrap_or_default();
        let row = row.iter().map(|share| if share.is_finite() { share.max(0.0) } else { 0.0 });
        let all: f64 = row.clone().sum();
        row.map(|share| if all > 0.0 { share / all } else { 0.0 }).collect()
    }

    /// One line for each time and type, all digits, with the mean confidence of the labels at that time.
    #[must_use]
    pub fn csv(&self, confidence: &[f32], labels: &[String], kinds: &[String]) -> String {
        let mut out = "time,time_label,type,share,mean_confidence\n".to_owned();
        for (n, &time) in self.times.iter().enumerate() {
            let label = quoted(&time_axis::words(labels, time));
            let sure = confidence.get(n).map_or_else(String::new, ToString::to_string);
            for (name, share) in kinds.iter().zip(self.row(n)) {
                out += &format!("{time},{label},{},{share},{sure}\n", quoted(name));
            }
        }
        out
    }
}

/// Lays out a composition. `labels` name the observed time points, `kinds` the types; the axis ends at `end` or at the last time point, whichever
/// is later, so that figures of one study with one `end` have one axis.
#[must_use]
pub fn layout(
    composition: &Composition,
    shape: Shape,
    labels: &[String],
    kinds: &[String],
    end: f64,
    size: [f64; 2],
) -> CompositionLayout {
    let last = labels.len().saturating_sub(1) as f64;
    let names = kinds.iter().map(|name| width(&shorten(name, LONGEST), TEXT)).fold(0.0, f64::max);
    let right = (size[0] - names.min(0.36 * size[0]) - GAP - 4.0).max(LEFT + 40.0);
    let area = [LEFT, TOP, right, (size[1] - BOTTOM).max(TOP + 20.0)];
    // Columns of both ends are whole.
    let margin = 0.5 * (right - LEFT) / (end.max(last) + 1.0).max(1.0);
    let axis = TimeAxis { range: [0.0, end.max(last)], pixels: [LEFT + margin, right - margin] };
    let height = |share: f64| area[3] - share * (area[3] - area[1]);
    let interval = axis.place(1.0) - axis.place(0.0);

    let stacks: Vec<Vec<f64>> = (0..composition.times.len()).map(|n| stacked(&composition.row(n))).collect();
    let half = 0.5 * COLUMN * if interval.is_finite() && interval > 0.0 { interval } else { 2.0 * margin };
    let outlines = |kind: usize| -> Vec<Vec<[f64; 2]>> {
        let ends = |n: usize| [height(stacks[n][kind]), height(stacks[n][kind + 1])];
        let there = (0..stacks.len()).filter(|&n| stacks[n].last().is_some_and(|all| *all > 0.0));
        match shape {
            Shape::Columns => there
                .filter(|&n| stacks[n][kind + 1] > stacks[n][kind])
                .map(|n| {
                    let (x, [low, high]) = (axis.place(composition.times[n]), ends(n));
                    vec![[x - half, high], [x + half, high], [x + half, low], [x - half, low]]
                })
                .collect(),
            Shape::Area => {
                let there: Vec<usize> = there.collect();
                let x = |n: usize| axis.place(composition.times[n]);
                let upper = there.iter().map(|&n| [x(n), ends(n)[1]]);
                vec![upper.chain(there.iter().rev().map(|&n| [x(n), ends(n)[0]])).collect()]
            }
        }
    };
    let any = |kind: usize| stacks.iter().any(|stack| stack[kind + 1] > stack[kind]);
    let mut bands: Vec<Band> = (0..composition.kinds())
        .filter(|&kind| any(kind))
        .map(|kind| Band { kind, outlines: outlines(kind), name: None })
        .collect();
    if let (Some(stack), Some(&time)) = (stacks.last(), composition.times.last()) {
        let edge = axis.place(time) + if shape == Shape::Columns { half } else { 0.0 };
        name_bands(&mut bands, stack, kinds, [edge, right + GAP], area, height);
    }
    CompositionLayout {
        size,
        area,
        ticks: axis.ticks(labels, TEXT),
        levels: [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")].map(|(share, text)| (height(share), text)).to_vec(),
        data_end: (end > last + 1e-6).then(|| axis.place(last)),
        axis,
        bands,
    }
}

/// Names beside the shares at the last time, the largest first where there is no room for all.
fn name_bands(
    bands: &mut [Band],
    stack: &[f64],
    kinds: &[String],
    [edge, text]: [f64; 2],
    area: [f64; 4],
    height: impl Fn(f64) -> f64,
) {
    let share = |kind: usize| stack[kind + 1] - stack[kind];
    let room = (((area[3] - area[1]) / LINE) as usize).max(1);
    let mut named: Vec<usize> = (0..bands.len()).filter(|&i| share(bands[i].kind) > 0.0).collect();
    named.sort_by(|&a, &b| share(bands[b].kind).total_cmp(&share(bands[a].kind)));
    named.truncate(room);
    let middle = |i: usize| height(0.5 * (stack[bands[i].kind] + stack[bands[i].kind + 1]));
    let wanted: Vec<f64> = named.iter().map(|&i| middle(i)).collect();
    let placed = spread(&wanted, LINE, area[1], area[3]);
    for ((i, from), y) in named.into_iter().zip(wanted).zip(placed) {
        let name = kinds.get(bands[i].kind).map_or_else(String::new, |name| shorten(name, LONGEST));
        bands[i].name = Some(Name { leader: [[edge + 1.0, from], [text - 3.0, y]], at: [text, y], text: name });
    }
}

/// 0 and the sums up to each share.
fn stacked(row: &[f64]) -> Vec<f64> {
    let sums = row.iter().scan(0.0, |sum, share| {
        *sum += share;
        Some(*sum)
    });
    std::iter::once(0.0).chain(sums).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::Format;
    use crate::protocol::{CellType, DatasetSummary, TimePoint};

    const SIZE: [f64; 2] = [480.0, 240.0];

    fn names(count: usize, what: &str) -> Vec<String> {
        (0..count).map(|i| format!("{what} {i}")).collect()
    }

    fn simulated() -> Composition {
        Composition {
            times: vec![1.0, 1.5, 2.0, 3.5],
            shares: vec![0.5, 0.3, 0.2, 0.2, 0.4, 0.4, 0.0, 0.5, 0.5, 0.0, 0.9, 0.1],
        }
    }

    /// Signed area of a polygon.
    fn extent(outline: &[[f64; 2]]) -> f64 {
        let turned = outline.iter().zip(outline.iter().cycle().skip(1));
        turned.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs() / 2.0
    }

    #[test]
    fn areas_fill_the_figure_and_do_not_overlap() {
        let layout = layout(&simulated(), Shape::Area, &names(3, "day"), &names(3, "type"), 3.5, SIZE);
        let [_, top, _, bottom] = layout.area;
        let filled: f64 = layout.bands.iter().flat_map(|band| &band.outlines).map(|outline| extent(outline)).sum();
        let whole = (layout.axis.place(3.5) - layout.axis.place(1.0)) * (bottom - top);
        assert!((filled - whole).abs() < 1e-6 * whole, "{filled} of {whole}");
        for pair in layout.bands.windows(2) {
            let (lower, upper) = (&pair[0].outlines[0], &pair[1].outlines[0]);
            let count = lower.len() / 2;
            for n in 0..count {
                assert_eq!(lower[n], upper[upper.len() - 1 - n], "a band begins where the one below it ends");
            }
        }
    }

    #[test]
    fn columns_add_up_to_the_whole_height() {
        let observed = Composition::of_counts(&[1, 3, 0, 2, 2, 4, 0, 0, 0], 3);
        assert_eq!(observed.row(1), [0.25, 0.25, 0.5]);
        assert_eq!(observed.row(2), [0.0; 3]);
        let layout = layout(&observed, Shape::Columns, &names(3, "day"), &names(3, "type"), 2.0, SIZE);
        let [left, top, right, bottom] = layout.area;
        for time in [0.0, 1.0] {
            let x = layout.axis.place(time);
            let heights = layout.bands.iter().flat_map(|band| &band.outlines).filter(|it| it[0][0] < x && x < it[1][0]);
            let sum: f64 = heights.map(|outline| outline[2][1] - outline[1][1]).sum();
            assert!((sum - (bottom - top)).abs() < 1e-9);
        }
        let corners = layout.bands.iter().flat_map(|band| band.outlines.iter().flatten());
        assert!(corners.clone().all(|[x, _]| (left..=right).contains(x)));
        assert_eq!(layout.bands[2].outlines.len(), 1, "a share of nothing is not drawn");
    }

    #[test]
    fn the_shares_of_a_row_add_up_to_one_even_if_rounded() {
        let rounded = Composition { times: vec![0.0], shares: vec![0.333, 0.333, 0.333, f64::NAN] };
        assert!((rounded.row(0).iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(rounded.row(7), [] as [f64; 0]);
    }

    #[test]
    fn names_stand_beside_their_shares_without_overlap() {
        let mut shares = vec![0.01; 40];
        shares[7] = 0.61;
        let crowd = Composition { times: vec![0.0, 1.0], shares: [shares.clone(), shares].concat() };
        let layout = layout(&crowd, Shape::Area, &names(2, "day"), &names(40, "type"), 1.0, SIZE);
        let mut heights: Vec<f64> = layout.bands.iter().filter_map(|band| Some(band.name.as_ref()?.at[1])).collect();
        heights.sort_by(f64::total_cmp);
        assert!(heights.len() > 5 && heights.windows(2).all(|pair| pair[1] - pair[0] >= LINE - 1.0), "{heights:?}");
        assert!(layout.bands[7].name.is_some(), "the largest is named");
    }

    #[test]
    fn the_end_of_the_data_is_marked_only_where_the_axis_goes_on() {
        let at = |end: f64| layout(&simulated(), Shape::Area, &names(3, "day"), &names(3, "type"), end, SIZE);
        let beyond = at(3.5);
        assert_eq!(beyond.data_end, Some(beyond.axis.place(2.0)));
        assert_eq!(at(2.0).data_end, None);
        assert_eq!(beyond.ticks.len(), 3);
    }

    #[test]
    fn the_file_has_a_line_for_each_time_and_type() {
        let text = simulated().csv(&[0.9, 0.8, 0.7, 0.5], &names(3, "day"), &names(3, "type"));
        assert_eq!(text.lines().count(), 13);
        assert_eq!(text.lines().nth(5), Some("1.5,\"day 1 + 0.50 intervals\",\"type 1\",0.4,0.8"));
        assert!(text.lines().nth(12).is_some_and(|line| line.starts_with("3.5,\"1.50 intervals beyond day 2\"")));
    }

    #[test]
    fn a_document_has_both_compositions() {
        let dataset = DatasetSummary { time_points: points(3), cell_types: types(3), ..DatasetSummary::default() };
        let observed = Composition::of_counts(&[1, 3, 0, 2, 2, 4, 1, 0, 0], 3);
        for (size, dark) in [([900.0, 400.0], false), ([400.0, 600.0], true)] {
            let format = Format { size, dark, title: "a & b".into() };
            let text = to_svg(&simulated(), &observed, &[0.8, 0.6], &dataset, &format);
            let document = roxmltree::Document::parse(&text).unwrap();
            let bands = document.descendants().filter(|node| node.attribute("class") == Some("band"));
            assert_eq!(bands.count(), 6);
            assert!(text.contains("70 %") && text.contains("stroke-dasharray"));
        }
    }

    fn points(count: usize) -> Vec<TimePoint> {
        names(count, "day").into_iter().map(|label| TimePoint { label, value: None, cells: 1 }).collect()
    }

    fn types(count: usize) -> Vec<CellType> {
        names(count, "type").into_iter().map(|name| CellType { name, color: None, cells: 1 }).collect()
    }

    #[test]
    fn nothing_to_show_is_no_panic() {
        for shape in [Shape::Area, Shape::Columns] {
            for size in [[0.0, 0.0], [30.0, 10.0], SIZE] {
                assert!(layout(&Composition::default(), shape, &[], &[], 0.0, size).bands.is_empty());
                let _ = layout(&simulated(), shape, &names(3, "day"), &[], 9.0, size);
            }
        }
    }
}

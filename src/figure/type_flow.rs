//! How cells change their type over all times: a bar for each type and time, as high as it has cells, and between two times a band for each pair of types.
//!
//! Types keep one order from bottom to top. Where a bar is chosen, the share of its cells stands out in every band: their ancestors on its left, their fates
//! on its right.

use super::csv::quoted;
use super::drawing::{Drawing, Shape, document, longest, rectangle};
use super::labels::{shorten, spread};
use super::palette::{Rgb, cell_types};
use super::svg::{Anchor, Format};
use super::theme::Theme;
use super::time_axis::{self, TimeAxis};
use crate::protocol::{DatasetSummary, Fates};

/// Size of the text, in pixels.
const TEXT: f64 = 12.0;
/// Width of a bar.
const BAR: f64 = 12.0;
/// Room above the bars, and below them for the labels of time.
const TOP: f64 = 8.0;
const BOTTOM: f64 = 24.0;
/// Share of the height that lies between bars.
const GAPS: f64 = 0.14;
/// Height of a name.
const LINE: f64 = 15.0;
/// Longest name, in characters.
const LONGEST: usize = 18;

/// Types of the same cells at several times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypeFlow {
    /// Times in index units, rising.
    pub times: Vec<f64>,
    /// Number of types.
    pub kinds: usize,
    /// Type of each cell, one time after the other.
    types: Vec<u16>,
    /// The cells that pass among chosen observed ones; empty if none are chosen.
    passed: Vec<bool>,
}

/// Cells that stand out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// Those of a bar.
    Bar(Bar),
    /// Those that pass among chosen observed cells.
    Chosen,
}

/// A bar: the cells of a type at a time, both as positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Position of the time.
    pub time: usize,
    /// The type.
    pub kind: usize,
}

impl TypeFlow {
    /// The types of simulated cells at the time points that the simulation passes, and at its start and end.
    #[must_use]
    pub fn of(fates: &Fates) -> Self {
        let count = fates.times.len();
        let kinds = fates.shares.len().checked_div(count).unwrap_or(0);
        let cells = fates.types.len().checked_div(count).unwrap_or(0);
        let is_time_point = |time: f32| (time - time.round()).abs() < 1e-3;
        let kept = (0..count).filter(|&n| n == 0 || n + 1 == count || is_time_point(fates.times[n]));
        let kept: Vec<usize> = kept.collect();
        let types = kept.iter().flat_map(|n| &fates.types[n * cells..(n + 1) * cells]);
        let types = types.map(|kind| (*kind).min(kinds.saturating_sub(1) as u16)).collect();
        let passed = fates.passed.iter().map(|passed| *passed > 0).collect();
        Self { times: kept.iter().map(|n| f64::from(fates.times[*n])).collect(), kinds, types, passed }
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.types.len().checked_div(self.times.len()).unwrap_or(0)
    }

    fn at(&self, time: usize) -> &[u16] {
        let cells = self.cells();
        &self.types[time * cells..(time + 1) * cells]
    }

    /// Cells of each type at a time; of those in `through` only, if it is given.
    #[must_use]
    pub fn counts(&self, time: usize, through: Option<Through>) -> Vec<usize> {
        let mut counts = vec![0; self.kinds];
        for (cell, kind) in self.at(time).iter().enumerate() {
            counts[usize::from(*kind)] += usize::from(self.is_in(through, cell));
        }
        counts
    }

    /// Cells that are of a type at a time and of a type at the next one: from x to, row-major; of those in `through` only, if it is given.
    #[must_use]
    pub fn moves(&self, time: usize, through: Option<Through>) -> Vec<usize> {
        let mut counts = vec![0; self.kinds * self.kinds];
        for (cell, (from, to)) in self.at(time).iter().zip(self.at(time + 1)).enumerate() {
            counts[usize::from(*from) * self.kinds + usize::from(*to)] += usize::from(self.is_in(through, cell));
        }
        counts
    }

    fn is_in(&self, through: Option<Through>, cell: usize) -> bool {
        match through {
            None => true,
            Some(Through::Bar(bar)) => usize::from(self.at(bar.time)[cell]) == bar.kind,
            Some(Through::Chosen) => self.passed.get(cell).copied().unwrap_or(false),
        }
    }

    /// What can stand out here: a bar that is there.
    fn existing(&self, through: Option<Through>) -> Option<Through> {
        through.filter(|through| match through {
            Through::Bar(bar) => bar.time < self.times.len() && bar.kind < self.kinds,
            Through::Chosen => true,
        })
    }

    /// One line for each pair of types between two times that has cells.
    #[must_use]
    pub fn csv(&self, labels: &[String], kinds: &[String]) -> String {
        let mut out = "from_time,from_type,to_time,to_type,cells,share_of_from\n".to_owned();
        let name = |kind: usize| kinds.get(kind).map_or_else(String::new, |name| quoted(name));
        for (time, pair) in self.times.windows(2).enumerate() {
            let [from_time, to_time] = [pair[0], pair[1]].map(|time| quoted(&time_axis::words(labels, time)));
            let (moves, counts) = (self.moves(time, None), self.counts(time, None));
            for (n, cells) in moves.into_iter().enumerate().filter(|(_, cells)| *cells > 0) {
                let (from, to) = (n / self.kinds, n % self.kinds);
                let share = cells as f64 / counts[from] as f64;
                out += &format!("{from_time},{},{to_time},{},{cells},{share}\n", name(from), name(to));
            }
        }
        out
    }

    /// What the figure shows, in a sentence.
    #[must_use]
    pub fn sentence(&self, labels: &[String], kinds: &[String], through: Option<Through>) -> String {
        let Some(last) = self.times.len().checked_sub(1) else { return String::new() };
        let through = self.existing(through);
        let listed = |time: usize| {
            let counts = self.counts(time, through);
            let all = counts.iter().sum::<usize>().max(1) as f64;
            let mut found: Vec<_> = counts.into_iter().zip(kinds).filter(|(count, _)| *count > 0).collect();
            found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
            let words = found.iter().take(4).map(|(n, name)| format!("{name} {:.0} %", 100.0 * *n as f64 / all));
            words.collect::<Vec<_>>().join(", ")
        };
        match through {
            Some(Through::Bar(bar)) => format!(
                "The {} cells that are {} at {}: they begin as {} and end as {}.",
                self.counts(bar.time, through)[bar.kind],
                kinds.get(bar.kind).map_or("", String::as_str),
                time_axis::words(labels, self.times[bar.time]),
                listed(0),
                listed(last)
            ),
            Some(Through::Chosen) => match self.counts(0, through).iter().sum::<usize>() {
                0 => "No simulated cell passes among the chosen cells.".into(),
                some => format!(
                    "{some} simulated cells pass among the chosen ones: they begin as {} and end as {}.",
                    listed(0),
                    listed(last)
                ),
            },
            None => format!("{} cells begin as {} and end as {}.", self.cells(), listed(0), listed(last)),
        }
    }
}

/// Where the bars are.
struct Place<'a> {
    flow: &'a TypeFlow,
    axis: TimeAxis,
    top: f64,
    height: f64,
}

impl<'a> Place<'a> {
    fn new(flow: &'a TypeFlow, names: f64, size: [f64; 2]) -> Self {
        let right = (size[0] - names.min(0.4 * size[0]) - BAR - 10.0).max(BAR + 1.0);
        let range = [flow.times.first().copied().unwrap_or(0.0), flow.times.last().copied().unwrap_or(0.0)];
        let axis = TimeAxis { range, pixels: [BAR, right] };
        Self { flow, axis, top: TOP, height: (size[1] - TOP - BOTTOM).max(1.0) }
    }

    /// Height of so many cells.
    fn tall(&self, cells: usize) -> f64 {
        (1.0 - GAPS) * self.height * cells as f64 / self.flow.cells().max(1) as f64
    }

    /// Lower end of each bar at a time.
    fn feet(&self, time: usize) -> Vec<f64> {
        let gap = GAPS * self.height / self.flow.kinds.saturating_sub(1).max(1) as f64;
        let mut foot = self.top + self.height;
        let foot_of = |cells: usize| {
            let here = foot;
            foot -= self.tall(cells) + gap;
            here
        };
        self.flow.counts(time, None).into_iter().map(foot_of).collect()
    }

    fn x(&self, time: usize) -> f64 {
        self.axis.place(self.flow.times[time])
    }
}

/// The bar at a point of a drawing of this size.
#[must_use]
pub fn bar_at(flow: &TypeFlow, kinds: &[String], size: [f64; 2], [x, y]: [f64; 2]) -> Option<Bar> {
    let place = Place::new(flow, names_width(kinds), size);
    (0..flow.times.len()).filter(|&time| (place.x(time) - x).abs() <= BAR).find_map(|time| {
        let counts = flow.counts(time, None);
        let feet = place.feet(time);
        let kind = (0..flow.kinds).find(|&kind| (feet[kind] - place.tall(counts[kind])..=feet[kind]).contains(&y))?;
        (counts[kind] > 0).then_some(Bar { time, kind })
    })
}

fn names_width(kinds: &[String]) -> f64 {
    let short: Vec<String> = kinds.iter().map(|name| shorten(name, LONGEST)).collect();
    longest(short.iter().map(String::as_str), TEXT)
}

/// Draws the flows. `labels` name the observed time points, `kinds` and `colors` the types.
#[must_use]
pub fn draw(
    flow: &TypeFlow,
    labels: &[String],
    kinds: &[String],
    colors: &[Rgb],
    through: Option<Through>,
    size: [f64; 2],
    theme: Theme,
) -> Drawing {
    let mut drawing = Drawing::new(size);
    if flow.cells() == 0 {
        return drawing;
    }
    let place = Place::new(flow, names_width(kinds), size);
    let color = |kind: usize| colors.get(kind).copied().unwrap_or(theme.pale);
    let name = |kind: usize| kinds.get(kind).map_or("", String::as_str);
    let through = flow.existing(through);
    let words = |time: usize| time_axis::words(labels, flow.times[time]);
    for time in 0..flow.times.len() - 1 {
        let (all, chosen) = (flow.moves(time, None), flow.moves(time, through));
        let [mut from_feet, mut to_feet] = [place.feet(time), place.feet(time + 1)];
        let x = [place.x(time) + BAR / 2.0, place.x(time + 1) - BAR / 2.0];
        for from in 0..flow.kinds {
            for to in 0..flow.kinds {
                let cells = all[from * flow.kinds + to];
                if cells == 0 {
                    continue;
                }
                let feet = [from_feet[from], to_feet[to]];
                let title = format!("{} → {}, {} to {}: {cells}", name(from), name(to), words(time), words(time + 1));
                let whole = if through.is_some() { 0.13 } else { 0.45 };
                let band = Shape::area(band(x, feet, place.tall(cells)), color(from)).opacity(whole);
                drawing.shape(band.class("flow").title(title));
                let some = chosen[from * flow.kinds + to];
                if through.is_some() && some > 0 {
                    let path = self::band(x, feet, place.tall(some));
                    drawing.shape(Shape::area(path, color(from)).opacity(0.7).class("through"));
                }
                from_feet[from] -= place.tall(cells);
                to_feet[to] -= place.tall(cells);
            }
        }
    }
    for time in 0..flow.times.len() {
        let (counts, feet) = (flow.counts(time, None), place.feet(time));
        for kind in (0..flow.kinds).filter(|&kind| counts[kind] > 0) {
            let tall = place.tall(counts[kind]);
            let path = rectangle([place.x(time) - BAR / 2.0, feet[kind] - tall], [BAR, tall]);
            let share = 100.0 * counts[kind] as f64 / flow.cells() as f64;
            let title = format!("{} at {}: {} cells, {share:.1} %", name(kind), words(time), counts[kind]);
            let mut bar = Shape::area(path, color(kind)).class("bar").title(title);
            if through == Some(Through::Bar(Bar { time, kind })) {
                bar.stroke = Some((theme.ink, 2.0));
            }
            drawing.shape(bar);
        }
    }
    let bottom = place.top + place.height;
    for tick in place.axis.ticks(labels, TEXT) {
        if let Some(label) = tick.label {
            drawing.label([tick.x, bottom + 14.0], label, Anchor::Middle, theme.quiet, TEXT);
        }
    }
    name_types(&mut drawing, &place, kinds, theme);
    drawing
}

/// Names beside the bars of the last time, the largest first as far as there is room.
fn name_types(drawing: &mut Drawing, place: &Place<'_>, kinds: &[String], theme: Theme) {
    let last = place.flow.times.len() - 1;
    let (counts, feet) = (place.flow.counts(last, None), place.feet(last));
    let mut named: Vec<usize> = (0..place.flow.kinds).filter(|&kind| counts[kind] > 0).collect();
    named.sort_by_key(|&kind| std::cmp::Reverse(counts[kind]));
    named.truncate(((place.height / LINE) as usize).max(1));
    let middles: Vec<f64> = named.iter().map(|&kind| feet[kind] - place.tall(counts[kind]) / 2.0).collect();
    let heights = spread(&middles, LINE, place.top, place.top + place.height);
    for (kind, y) in named.into_iter().zip(heights) {
        let name = kinds.get(kind).map_or_else(String::new, |name| shorten(name, LONGEST));
        drawing.label([place.x(last) + BAR / 2.0 + 6.0, y], name, Anchor::Start, theme.ink, TEXT);
    }
}

/// A band between two bars, from its lower ends upwards.
fn band([left, right]: [f64; 2], [from, to]: [f64; 2], tall: f64) -> String {
    let middle = (left + right) / 2.0;
    format!(
        "M{left:.1},{from:.1}C{middle:.1},{from:.1} {middle:.1},{to:.1} {right:.1},{to:.1}V{:.1}C{middle:.1},{:.1} {middle:.1},{:.1} {left:.1},{:.1}Z",
        to - tall,
        to - tall,
        from - tall,
        from - tall
    )
}

/// The flows of a simulation as a document.
#[must_use]
pub fn to_svg(fates: &Fates, dataset: &DatasetSummary, through: Option<Through>, format: &Format) -> String {
    let flow = TypeFlow::of(fates);
    let labels: Vec<String> = dataset.time_points.iter().map(|time| time.label.clone()).collect();
    let kinds: Vec<String> = dataset.cell_types.iter().map(|kind| kind.name.clone()).collect();
    let colors = cell_types(&dataset.cell_types);
    let caption = format!(
        "{} A simulated cell has the type of most of its {} nearest observed cells; the flows are those of the fitted model.",
        flow.sentence(&labels, &kinds, through),
        fates.neighbours
    );
    document(format, &caption, |size, theme| draw(&flow, &labels, &kinds, &colors, through, size, theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [f64; 2] = [600.0, 300.0];

    fn names(count: usize, what: &str) -> Vec<String> {
        (0..count).map(|i| format!("{what} {i}")).collect()
    }

    /// Four cells at 0, 0.5, 1 and 1.7: types 0, then 1 and 2.
    fn fates() -> Fates {
        Fates {
            neighbours: 15,
            times: vec![0.0, 0.5, 1.0, 1.7].into(),
            types: vec![0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1, 2, 2, 1, 1].into(),
            confidence: vec![1.0; 16].into(),
            shares: vec![0.0; 12].into(),
            passed: Vec::new().into(),
        }
    }

    #[test]
    fn time_points_and_both_ends_are_kept() {
        let flow = TypeFlow::of(&fates());
        assert_eq!((flow.times.len(), flow.kinds, flow.cells()), (3, 3, 4));
        assert!((flow.times[2] - 1.7).abs() < 1e-6);
        assert_eq!(flow.counts(0, None), [3, 1, 0]);
        assert_eq!(flow.moves(0, None), [1, 2, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(flow.moves(1, None).iter().sum::<usize>(), 4);
    }

    #[test]
    fn the_cells_of_a_bar_are_followed_both_ways() {
        let flow = TypeFlow::of(&fates());
        let through = Some(Through::Bar(Bar { time: 2, kind: 2 }));
        assert_eq!(flow.counts(0, through), [2, 0, 0], "both were of type 0");
        assert_eq!(flow.counts(1, through), [1, 1, 0]);
        let words = flow.sentence(&names(2, "day"), &names(3, "type"), through);
        assert!(words.contains("The 2 cells that are type 2") && words.contains("begin as type 0 100 %"), "{words}");
    }

    #[test]
    fn cells_that_pass_among_chosen_ones_stand_out_with_ancestors_and_fates() {
        let flow = TypeFlow::of(&Fates { passed: vec![0, 1, 0, 1].into(), ..fates() });
        let (through, kinds) = (Some(Through::Chosen), names(3, "type"));
        assert_eq!(flow.counts(0, through), [1, 1, 0]);
        assert_eq!(flow.counts(2, through), [0, 1, 1]);
        let words = flow.sentence(&names(2, "day"), &kinds, through);
        assert!(
            words.starts_with("2 simulated cells pass among the chosen ones: they begin as type 0 50 %"),
            "{words}"
        );
        let drawing = draw(&flow, &names(2, "day"), &kinds, &[], through, SIZE, Theme::new(false));
        assert!(drawing.shapes("through").count() >= 4);
        let nobody = TypeFlow::of(&fates()).sentence(&[], &[], through);
        assert_eq!(nobody, "No simulated cell passes among the chosen cells.");
    }

    #[test]
    fn bars_are_as_high_as_they_have_cells_and_are_found_where_they_are() {
        let (flow, kinds) = (TypeFlow::of(&fates()), names(3, "type"));
        let drawing = draw(&flow, &names(2, "day"), &kinds, &[], None, SIZE, Theme::new(false));
        assert_eq!(drawing.shapes("bar").count(), 6);
        assert_eq!(drawing.shapes("flow").count(), 3 + 3);
        let place = Place::new(&flow, names_width(&kinds), SIZE);
        let feet = place.feet(0);
        let middle = [place.x(0), feet[0] - place.tall(3) / 2.0];
        assert_eq!(bar_at(&flow, &kinds, SIZE, middle), Some(Bar { time: 0, kind: 0 }));
        assert_eq!(bar_at(&flow, &kinds, SIZE, [place.x(0), 1.0]), None);
        let top = feet[2] - place.tall(flow.counts(0, None)[2]);
        assert!((TOP - 0.1..=feet[0]).contains(&top), "all bars lie within the figure");
    }

    #[test]
    fn the_table_and_the_document_have_every_flow() {
        let flow = TypeFlow::of(&fates());
        let text = flow.csv(&names(2, "day"), &names(3, "type"));
        assert_eq!(text.lines().nth(1), Some("\"day 0\",\"type 0\",\"day 1\",\"type 0\",1,0.3333333333333333"));
        assert_eq!(text.lines().count(), 1 + 6);
        let format = Format { size: [700.0, 400.0], dark: true, title: "a & b".into() };
        let bar = Some(Through::Bar(Bar { time: 1, kind: 1 }));
        let svg = to_svg(&fates(), &DatasetSummary::default(), bar, &format);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let count = |class: &str| document.descendants().filter(|it| it.attribute("class") == Some(class)).count();
        assert_eq!((count("bar"), count("flow")), (6, 6));
        assert!(count("through") >= 2, "{svg}");
    }

    #[test]
    fn nothing_to_show_is_no_panic() {
        for size in [[0.0, 0.0], [20.0, 10.0], SIZE] {
            let empty = TypeFlow::of(&Fates::default());
            assert!(draw(&empty, &[], &[], &[], None, size, Theme::new(false)).marks.is_empty());
            assert_eq!(bar_at(&empty, &[], size, [1.0, 1.0]), None);
            let away = Some(Through::Bar(Bar { time: 9, kind: 9 }));
            let _ = draw(&TypeFlow::of(&fates()), &[], &[], &[], away, size, Theme::new(false));
        }
    }
}

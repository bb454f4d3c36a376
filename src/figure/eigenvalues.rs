//! Eigenvalues of cells' operators in the complex plane: growth to the right, rotation up and down.

use super::csv::quoted;
use super::drawing::{Drawing, Shape, discs, document, longest};
use super::labels::{number, shorten};
use super::palette::Rgb;
use super::svg::{Anchor, Format, line_through};
use super::theme::Theme;
use super::ticks;
use crate::protocol::Spectrum;

/// Room for the numbers left of the plane, and below it.
const ROOM: [f64; 2] = [46.0, 40.0];
/// Space at the top and at the right.
const EDGE: f64 = 14.0;

/// The plane with its points.
#[derive(Clone, Debug, PartialEq)]
pub struct EigenLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// Left, top, right and bottom of the plane.
    pub area: [f64; 4],
    /// Position in [`Spectrum::cells`], and where it is; cell after cell.
    pub points: Vec<(usize, [f64; 2])>,
    /// Where no growth is, within the area.
    pub still: f64,
    /// Where no rotation is, within the area.
    pub straight: f64,
    /// Grid lines of growth: where, and the number.
    pub growth: Vec<(f64, String)>,
    /// Grid lines of rotation.
    pub rotation: Vec<(f64, String)>,
}

/// Means over the cells of a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TypeMean {
    /// The type.
    pub kind: usize,
    /// Its cells.
    pub cells: usize,
    /// Mean of the largest real part.
    pub growth: f64,
    /// Mean of the largest imaginary part.
    pub rotation: f64,
}

/// Places every eigenvalue; zero is always in sight, and rotation is symmetric.
#[must_use]
pub fn layout(spectrum: &Spectrum, size: [f64; 2]) -> EigenLayout {
    let values = spectrum.eigenvalues.as_chunks::<2>().0;
    let finite = || values.iter().filter(|pair| pair.iter().all(|part| part.is_finite()));
    let (low, high) = finite().fold((0.0_f64, 0.0_f64), |(a, b), p| (a.min(p[0].into()), b.max(p[0].into())));
    let most = finite().fold(0.0_f64, |most, pair| most.max(pair[1].abs().into()));
    let margin = 0.06 * (high - low).max(1e-3);
    let (low, high) = (low - margin, high + margin);
    let most = (1.1 * most).max(0.25 * (high - low));
    let area = [ROOM[0], EDGE, (size[0] - EDGE).max(ROOM[0] + 40.0), (size[1] - ROOM[1]).max(EDGE + 40.0)];
    let x = |value: f64| area[0] + (value - low) / (high - low) * (area[2] - area[0]);
    let y = |value: f64| area[3] - (value + most) / (2.0 * most) * (area[3] - area[1]);
    let d = spectrum.dimensions.max(1);
    let points = values.iter().enumerate().filter(|(_, pair)| pair.iter().all(|part| part.is_finite()));
    let count = |length: f64, each: f64| (length / each).clamp(2.0, 9.0) as usize;
    let grid = |values: Vec<f64>, place: &dyn Fn(f64) -> f64| -> Vec<(f64, String)> {
        values.into_iter().map(|value| (place(value), ticks::label(value).replace('-', "\u{2212}"))).collect()
    };
    EigenLayout {
        size,
        area,
        points: points.map(|(i, pair)| (i / d, [x(pair[0].into()), y(pair[1].into())])).collect(),
        still: x(0.0),
        straight: y(0.0),
        growth: grid(ticks::linear(low, high, count(area[2] - area[0], 70.0)), &x),
        rotation: grid(ticks::linear(-most, most, count(area[3] - area[1], 44.0)), &y),
    }
}

impl EigenLayout {
    /// The cell, as its position in [`Spectrum::cells`], whose eigenvalue is nearest to a place, within `radius` pixels.
    #[must_use]
    pub fn find(&self, [x, y]: [f64; 2], radius: f64) -> Option<usize> {
        let away = |point: &[f64; 2]| (point[0] - x).hypot(point[1] - y);
        let nearest = self.points.iter().min_by(|a, b| away(&a.1).total_cmp(&away(&b.1)))?;
        (away(&nearest.1) <= radius).then_some(nearest.0)
    }
}

/// Growth and rotation of each cell: largest real and largest imaginary part.
fn extremes(spectrum: &Spectrum) -> impl Iterator<Item = [f64; 2]> {
    spectrum.eigenvalues.as_chunks::<2>().0.chunks(spectrum.dimensions.max(1)).map(|own| {
        let most = |part: usize| own.iter().map(|pair| f64::from(pair[part])).fold(f64::NEG_INFINITY, f64::max);
        [most(0), most(1).max(0.0)]
    })
}

/// Means by type, for the types that are there. `kind_of` says the type of a cell of the dataset.
#[must_use]
pub fn means(spectrum: &Spectrum, kinds: usize, kind_of: impl Fn(u32) -> Option<usize>) -> Vec<TypeMean> {
    let mut sums = vec![(0_usize, [0.0; 2]); kinds];
    for (&cell, own) in spectrum.cells.iter().zip(extremes(spectrum)) {
        if let Some((count, sum)) = kind_of(cell).and_then(|kind| sums.get_mut(kind))
            && own.iter().all(|part| part.is_finite())
        {
            *count += 1;
            *sum = [sum[0] + own[0], sum[1] + own[1]];
        }
    }
    let there = sums.into_iter().enumerate().filter(|(_, (count, _))| *count > 0);
    let mean = |(kind, (cells, [growth, rotation])): (usize, (usize, [f64; 2]))| {
        let n = cells as f64;
        TypeMean { kind, cells, growth: growth / n, rotation: rotation / n }
    };
    there.map(mean).collect()
}

/// Dots in the colours of the types, a number at the middle of each type's growth eigenvalues, and the marked cell's eigenvalues as rings.
#[must_use]
pub fn draw(
    layout: &EigenLayout,
    spectrum: &Spectrum,
    colors: &[Rgb],
    kind_of: impl Fn(u32) -> Option<usize>,
    marked: Option<u32>,
    theme: Theme,
) -> Drawing {
    let mut drawing = Drawing::new(layout.size);
    let [left, top, right, bottom] = layout.area;
    for (x, text) in &layout.growth {
        drawing.shape(Shape::line(line_through([[*x, top], [*x, bottom]]), theme.line, 1.0));
        drawing.label([*x, bottom + 12.0], text.clone(), Anchor::Middle, theme.quiet, 11.0);
    }
    for (y, text) in &layout.rotation {
        drawing.shape(Shape::line(line_through([[left, *y], [right, *y]]), theme.line, 1.0));
        drawing.label([left - 6.0, *y], text.clone(), Anchor::End, theme.quiet, 11.0);
    }
    for line in [[[layout.still, top], [layout.still, bottom]], [[left, layout.straight], [right, layout.straight]]] {
        drawing.shape(Shape::line(line_through(line), theme.quiet, 1.3).class("zero"));
    }
    let axis = "growth per mean interval (Re λ): left decays, right grows";
    drawing.label([(left + right) / 2.0, bottom + 29.0], axis, Anchor::Middle, theme.quiet, 11.0);
    let axis = "rotation per mean interval (Im λ)";
    drawing.turned([9.0, (top + bottom) / 2.0], -90.0, axis, Anchor::Middle, theme.quiet, 11.0);
    let kind = |position: usize| spectrum.cells.get(position).and_then(|&cell| kind_of(cell));
    for (i, color) in colors.iter().enumerate() {
        let own = layout.points.iter().filter(|point| kind(point.0) == Some(i)).map(|point| point.1);
        let path = discs(own, 2.0);
        if !path.is_empty() {
            drawing.shape(Shape::area(path, *color).class("eigenvalues").opacity(0.6));
        }
    }
    for (i, _) in colors.iter().enumerate() {
        if let Some(at) = middle(layout, spectrum, |position| kind(position) == Some(i)) {
            drawing.named(at, (i + 1).to_string(), Anchor::Middle, theme, 12.0);
        }
    }
    let own = marked.and_then(|cell| spectrum.cells.iter().position(|other| *other == cell));
    let rings: Vec<[f64; 2]> = layout.points.iter().filter(|point| Some(point.0) == own).map(|point| point.1).collect();
    if !rings.is_empty() {
        drawing.shape(Shape::line(discs(rings.iter().copied(), 5.5), theme.paper, 4.5));
        drawing.shape(Shape::line(discs(rings, 5.5), theme.ink, 2.0).class("marked"));
    }
    drawing
}

/// Median place of the first eigenvalue, the one that grows most, of some cells.
fn middle(layout: &EigenLayout, spectrum: &Spectrum, own: impl Fn(usize) -> bool) -> Option<[f64; 2]> {
    let d = spectrum.dimensions.max(1);
    let first = layout.points.chunks(d).filter_map(|points| points.first()).filter(|point| own(point.0));
    let points: Vec<[f64; 2]> = first.map(|point| point.1).collect();
    let median = |axis: usize| {
        let mut all: Vec<f64> = points.iter().map(|point| point[axis]).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Some([median(0)?, median(1)?])
}

/// What the plane shows, in a sentence.
#[must_use]
pub fn sentence(means: &[TypeMean], names: &[String], label: &str) -> String {
    let name = |mean: &TypeMean| names.get(mean.kind).map_or("?", String::as_str);
    let Some(most) = means.iter().max_by(|a, b| a.growth.total_cmp(&b.growth)) else {
        return format!("No eigenvalues at {label}.");
    };
    let turning = means.iter().max_by(|a, b| a.rotation.total_cmp(&b.rotation)).filter(|it| it.rotation > 1e-4);
    let turning = turning.map_or_else(
        || " No cell turns: all eigenvalues are real.".to_owned(),
        |it| format!(" {} turns most ({} per interval).", name(it), number(it.rotation)),
    );
    format!(
        "Eigenvalues at {label}: the growth rate is largest in {} (mean {} per interval).{turning}",
        name(most),
        number(most.growth)
    )
}

/// The plane as a document, with the numbers of the types in a list.
#[must_use]
pub fn to_svg(
    spectrum: &Spectrum,
    names: &[String],
    colors: &[Rgb],
    kind_of: impl Fn(u32) -> Option<usize>,
    [label, note]: [&str; 2],
    format: &Format,
) -> String {
    let means = means(spectrum, names.len(), &kind_of);
    let caption = format!("{} {note}", sentence(&means, names, label));
    document(format, &caption, |size, theme| {
        let names: Vec<String> = means
            .iter()
            .filter_map(|mean| Some(format!("{} {}", mean.kind + 1, shorten(names.get(mean.kind)?, 22))))
            .collect();
        let list = (longest(names.iter().map(String::as_str), 12.0) + 26.0).min(0.4 * size[0]);
        let plane = layout(spectrum, [size[0] - list, size[1]]);
        let mut drawing = draw(&plane, spectrum, colors, &kind_of, None, theme);
        for (i, (mean, name)) in means.iter().zip(&names).enumerate() {
            let at = [size[0] - list + 12.0, 20.0 + 18.0 * i as f64];
            if let Some(color) = colors.get(mean.kind) {
                drawing.shape(Shape::area(discs([at], 4.0), *color));
            }
            drawing.label([at[0] + 10.0, at[1]], name.clone(), Anchor::Start, theme.ink, 12.0);
        }
        drawing
    })
}

/// A line for each cell and eigenvalue.
#[must_use]
pub fn csv(spectrum: &Spectrum, names: &[String], kind_of: impl Fn(u32) -> Option<usize>) -> String {
    let mut out = "cell,type,rank,real,imaginary\n".to_owned();
    let d = spectrum.dimensions.max(1);
    for (i, [re, im]) in spectrum.eigenvalues.as_chunks::<2>().0.iter().enumerate() {
        let Some(&cell) = spectrum.cells.get(i / d) else { break };
        let name = kind_of(cell).and_then(|kind| names.get(kind)).map_or("", String::as_str);
        out += &format!("{},{},{},{re},{im}\n", cell + 1, quoted(name), i % d + 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cell 4 turns and grows, cell 7 decays.
    fn spectrum() -> Spectrum {
        Spectrum {
            time: 1,
            cells: vec![4, 7].into(),
            dimensions: 2,
            eigenvalues: vec![0.5, 1.0, 0.5, -1.0, -0.2, 0.0, -0.4, 0.0].into(),
        }
    }

    fn kind_of(cell: u32) -> Option<usize> {
        Some(usize::from(cell == 7))
    }

    #[test]
    fn growth_is_right_and_rotation_up() {
        let layout = layout(&spectrum(), [400.0, 300.0]);
        let at: Vec<[f64; 2]> = layout.points.iter().map(|point| point.1).collect();
        assert!(at[0][0] > layout.still && at[2][0] < layout.still);
        assert!(at[0][1] < layout.straight && at[1][1] > layout.straight);
        assert!(((at[0][1] + at[1][1]) / 2.0 - layout.straight).abs() < 1e-9, "conjugates mirror each other");
        assert!((at[2][1] - layout.straight).abs() < 1e-9);
        let [left, top, right, bottom] = layout.area;
        assert!(at.iter().all(|[x, y]| (left..=right).contains(x) && (top..=bottom).contains(y)));
        assert_eq!(layout.find(at[2], 3.0), Some(1));
        assert_eq!(layout.find([left, top], 3.0), None);
    }

    #[test]
    fn means_are_those_of_the_cells() {
        let found = means(&spectrum(), 3, kind_of);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].kind, found[0].cells), (0, 1));
        assert!((found[0].growth - 0.5).abs() < 1e-6 && (found[0].rotation - 1.0).abs() < 1e-6);
        assert!((found[1].growth + 0.2).abs() < 1e-6 && found[1].rotation == 0.0);
        let names = ["A", "B", "C"].map(str::to_owned);
        let words = sentence(&found, &names, "day 2");
        assert!(words.contains("largest in A (mean 0.5000") && words.contains("A turns most"), "{words}");
        assert!(sentence(&found[1..], &names, "day 2").contains("all eigenvalues are real"));
    }

    #[test]
    fn the_marked_cell_has_rings_and_types_have_numbers() {
        let (spectrum, theme) = (spectrum(), Theme::new(true));
        let layout = layout(&spectrum, [400.0, 300.0]);
        let drawing = draw(&layout, &spectrum, &[theme.accent, theme.ink], kind_of, Some(7), theme);
        assert_eq!(drawing.shapes("eigenvalues").count(), 2);
        assert_eq!(drawing.shapes("marked").count(), 1);
        let numbers = drawing.texts().filter(|text| text.halo.is_some()).map(|text| text.text.as_str());
        assert_eq!(numbers.collect::<Vec<_>>(), ["1", "2"]);
    }

    #[test]
    fn files_have_every_eigenvalue() {
        let names = ["A", "B"].map(str::to_owned);
        let text = csv(&spectrum(), &names, kind_of);
        assert_eq!(text.lines().count(), 5);
        assert!(text.contains("8,\"B\",2,-0.4,0\n"), "{text}");
        let format = Format { size: [500.0, 400.0], dark: false, title: String::new() };
        let colors = [Theme::new(false).accent, Theme::new(false).ink];
        assert!(to_svg(&spectrum(), &names, &colors, kind_of, ["day 2", ""], &format).contains("2 B"));
    }

    #[test]
    fn nothing_or_broken_numbers_are_no_panic() {
        for eigenvalues in [vec![], vec![f32::NAN, 1.0], vec![0.0, 0.0]] {
            let spectrum = Spectrum { time: 0, cells: vec![0].into(), dimensions: 1, eigenvalues: eigenvalues.into() };
            let layout = layout(&spectrum, [0.0, 0.0]);
            assert!(layout.points.iter().flat_map(|point| point.1).all(f64::is_finite));
            let ink = [Theme::new(false).ink];
            let drawing = draw(&layout, &spectrum, &ink, |_| Some(0), Some(0), Theme::new(false));
            assert!(drawing.shapes("zero").count() == 2);
        }
    }
}

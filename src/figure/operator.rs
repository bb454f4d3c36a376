//! An operator: its entries as a heatmap, and what its eigenvalues say.

use super::drawing::{Drawing, Shape, document, rectangle};
use super::heatmap::Scale;
use super::labels::width;
use super::svg::{Anchor, Format};
use super::theme::Theme;
use crate::protocol::{Operator, TimePoint};

/// A cell of the heatmap must be this wide to hold its number.
const NUMBERED: f64 = 34.0;
/// Imaginary parts below this share of the eigenvalue are no rotation.
const REAL: f32 = 1e-5;

/// The study's time unit, where its labels hold numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeUnit {
    /// Mean sampling interval in that unit.
    pub interval: f64,
    /// What stands beside the numbers in the labels, such as `day`; may be empty.
    pub name: String,
}

impl TimeUnit {
    /// The unit of these time points; none if one of them has no number, or their time does not go on.
    #[must_use]
    pub fn of(points: &[TimePoint]) -> Option<Self> {
        let values: Option<Vec<f64>> = points.iter().map(|point| point.value).collect();
        let values = values?;
        let (first, last) = (values.first()?, values.last()?);
        let interval = (last - first) / (values.len() as f64 - 1.0);
        let word = |label: &str| {
            let letters = |c: char| c.is_alphabetic();
            label.split(|c: char| !letters(c)).find(|part| !part.is_empty()).unwrap_or_default().to_owned()
        };
        let name = word(&points[0].label);
        let name = if points.iter().all(|point| word(&point.label) == name) { name } else { String::new() };
        (interval.is_finite() && interval > 0.0).then_some(Self { interval, name })
    }

    /// A number of mean sampling intervals in this unit, such as `6.4 (day)`.
    #[must_use]
    pub fn words(&self, intervals: f64) -> String {
        let value = short(intervals * self.interval);
        if self.name.is_empty() { value } else { format!("{value} ({})", self.name) }
    }

    /// The same without the unit's name.
    #[must_use]
    pub fn number(&self, intervals: f64) -> String {
        short(intervals * self.interval)
    }
}

/// A way in which cells move under an operator: a real eigenvalue, or a pair of complex ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mode {
    /// Real part: growth rate per mean sampling interval.
    pub growth: f64,
    /// Imaginary part, at least 0: angle per mean sampling interval.
    pub rotation: f64,
}

impl Mode {
    /// Mean sampling intervals of a whole turn; none without rotation.
    #[must_use]
    pub fn period(&self) -> Option<f64> {
        (self.rotation > 0.0).then(|| std::f64::consts::TAU / self.rotation)
    }

    /// It in words: `grows by 0.31, one turn in 12.4 intervals`.
    #[must_use]
    pub fn words(&self, unit: Option<&TimeUnit>) -> String {
        let verb = if self.growth >= 0.0 { "grows" } else { "decays" };
        let turn = self.period().map_or_else(String::new, |period| {
            let unit = unit.map_or_else(String::new, |unit| format!(" = {}", unit.words(period)));
            format!(", one turn in {} intervals{unit}", short(period))
        });
        format!("{verb} by {} per interval{turn}", short(self.growth.abs()))
    }
}

/// A number with three significant digits.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        1e-3..1e4 => format!("{value:.decimals$}", decimals = (2 - value.abs().log10().floor() as i32).max(0) as usize),
        _ => format!("{value:.1e}"),
    }
}

/// The modes behind real and imaginary parts, pairs of conjugates as one.
#[must_use]
pub fn modes(eigenvalues: &[f32]) -> Vec<Mode> {
    let pairs = eigenvalues.as_chunks::<2>().0.iter();
    let turns = |[re, im]: [f32; 2]| im.abs() > REAL * re.hypot(im);
    let one = |&[re, im]: &[f32; 2]| {
        let mode = Mode { growth: re.into(), rotation: if turns([re, im]) { im.abs().into() } else { 0.0 } };
        // Of two conjugates the upper one stands for both.
        (!turns([re, im]) || im > 0.0).then_some(mode)
    };
    pairs.filter_map(one).collect()
}

/// A number with its sign: colour alone does not tell it.
#[must_use]
pub fn signed(value: f64) -> String {
    let size = value.abs();
    let text = match size {
        0.0 => "0".to_owned(),
        10.0.. => format!("{size:.1}"),
        0.095.. => format!("{size:.2}"),
        // Two significant digits.
        1e-3.. => format!("{size:.decimals$}", decimals = (1 - size.log10().floor() as i32) as usize),
        _ => format!("{size:.0e}"),
    };
    match value {
        _ if !value.is_finite() => "–".into(),
        _ if text == "0" => text,
        value if value > 0.0 => format!("+{text}"),
        _ => format!("\u{2212}{text}"),
    }
}

/// What stands below the heatmap.
pub const MEANING: &str = "Operator A(z, t) of the model: with dz/dt = A z, an entry is how much a component (column) changes another (row) per \
                           mean sampling interval. Orange with + drives up, purple with − drives down.";

/// The entries as a heatmap with numbers, and a key; `axis` is what components are called.
#[must_use]
pub fn heatmap(operator: &Operator, axis: &str, scale: Scale, size: [f64; 2], theme: Theme) -> Drawing {
    let d = operator.dimensions;
    let mut drawing = Drawing::new(size);
    let (left, top, right) = (width(axis, 11.0) + 44.0, 40.0, 84.0);
    let side = ((size[0] - left - right).min(size[1] - top) / d.max(1) as f64).max(2.0);
    drawing.label([left - 8.0, top - 28.0], "driven by →", Anchor::End, theme.quiet, 11.0);
    drawing.label([left - 8.0, top - 12.0], "changes ↓", Anchor::End, theme.quiet, 11.0);
    let every = (22.0 / side).ceil().max(1.0) as usize;
    for i in (0..d).step_by(every) {
        let at = (i as f64 + 0.5) * side;
        drawing.label([left - 8.0, top + at], format!("{axis} {}", i + 1), Anchor::End, theme.ink, 11.0);
        drawing.label([left + at, top - 10.0], (i + 1).to_string(), Anchor::Middle, theme.ink, 11.0);
    }
    for (i, &value) in operator.matrix.iter().enumerate() {
        let (row, column) = (i / d, i % d);
        let at = [left + column as f64 * side, top + row as f64 * side];
        let gap = if side > 8.0 { 1.0 } else { 0.0 };
        let color = scale.color(value.into());
        let title = format!("{axis} {} → {axis} {}: {}", column + 1, row + 1, signed(value.into()));
        let shape = Shape::area(rectangle(at, [side - gap; 2]), color.unwrap_or(theme.line));
        drawing.shape(shape.class("cell").title(title));
        if side >= NUMBERED {
            let ink = color.map_or(theme.quiet, |color| color.ink());
            let text = signed(value.into());
            let size = (side / width(&text, 1.0) * 0.86).min(12.0);
            drawing.label([at[0] + side / 2.0, at[1] + side / 2.0], text, Anchor::Middle, ink, size);
        }
    }
    key(&mut drawing, scale, [left + side * d as f64 + 20.0, top], (side * d as f64).clamp(40.0, 260.0), theme);
    drawing
}

/// A bar of all colours with the ends of the scale.
pub fn key(drawing: &mut Drawing, scale: Scale, [x, y]: [f64; 2], height: f64, theme: Theme) {
    const STEPS: usize = 48;
    let [low, high] = scale.range();
    for step in 0..STEPS {
        let value = high - (high - low) * (step as f64 + 0.5) / STEPS as f64;
        if let Some(color) = scale.color(value) {
            let at = [x, y + height * step as f64 / STEPS as f64];
            drawing.shape(Shape::area(rectangle(at, [12.0, height / STEPS as f64 + 0.4]), color).class("key"));
        }
    }
    for (share, value) in [(0.0, high), (0.5, 0.5 * (low + high)), (1.0, low)] {
        drawing.label([x + 18.0, y + share * height], signed(value), Anchor::Start, theme.quiet, 11.0);
    }
}

/// The heatmap with its eigenvalues in the caption, as a document.
#[must_use]
pub fn to_svg(operator: &Operator, axis: &str, whose: &str, unit: Option<&TimeUnit>, format: &Format) -> String {
    let modes: Vec<String> = modes(&operator.eigenvalues).iter().take(6).map(|mode| mode.words(unit)).collect();
    let caption = format!("{MEANING} Of {whose}. Its modes: {}.", modes.join("; "));
    document(format, &caption, |size, theme| heatmap(operator, axis, Scale::of(&operator.matrix, true), size, theme))
}

/// Entries and eigenvalues, a line each.
#[must_use]
pub fn csv(operator: &Operator) -> String {
    let d = operator.dimensions.max(1);
    let mut out = "what,row,column,value,imaginary\n".to_owned();
    for (i, value) in operator.matrix.iter().enumerate() {
        out += &format!("entry,{},{},{value},\n", i / d + 1, i % d + 1);
    }
    for (i, [re, im]) in operator.eigenvalues.as_chunks::<2>().0.iter().enumerate() {
        out += &format!("eigenvalue,{},,{re},{im}\n", i + 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::OperatorOf;

    fn operator() -> Operator {
        Operator {
            of: OperatorOf::Cells { time: 1, kind: None },
            cells: 12,
            dimensions: 2,
            matrix: vec![0.1, -0.5, 0.5, 0.1].into(),
            eigenvalues: vec![0.1, 0.5, 0.1, -0.5].into(),
        }
    }

    fn points(labels: &[(&str, Option<f64>)]) -> Vec<TimePoint> {
        labels.iter().map(|&(label, value)| TimePoint { label: label.into(), value, cells: 3 }).collect()
    }

    #[test]
    fn a_pair_is_one_mode_with_its_period() {
        let found = modes(&operator().eigenvalues);
        assert_eq!(found.len(), 1);
        assert!((found[0].period().unwrap() - 4.0 * std::f64::consts::PI).abs() < 1e-5);
        let unit = TimeUnit::of(&points(&[("day 0", Some(0.0)), ("day 4", Some(4.0))]));
        let words = found[0].words(unit.as_ref());
        assert!(words.starts_with("grows by 0.100 per interval, one turn in 12.6 intervals = 50.3 (day)"), "{words}");
        assert_eq!(modes(&[-0.2, 0.0, -0.3, 1e-9]).len(), 2);
        assert!(modes(&[-0.2, 0.0])[0].words(None).starts_with("decays by 0.2"), "no period without rotation");
    }

    #[test]
    fn the_unit_is_that_of_the_labels() {
        let unit = TimeUnit::of(&points(&[("10 hpf", Some(10.0)), ("12 hpf", Some(12.0)), ("18 hpf", Some(18.0))]));
        assert_eq!(unit, Some(TimeUnit { interval: 4.0, name: "hpf".into() }));
        assert_eq!(TimeUnit::of(&points(&[("a", None), ("day 1", Some(1.0))])), None);
        assert_eq!(TimeUnit::of(&points(&[("1", Some(1.0))])), None);
        assert_eq!(TimeUnit::of(&[]), None);
        assert_eq!(TimeUnit { interval: 2.0, name: String::new() }.words(1.5), "3.00");
    }

    #[test]
    fn signs_are_written() {
        assert_eq!(signed(0.314), "+0.31");
        assert_eq!(signed(-0.314), "\u{2212}0.31");
        assert_eq!(signed(12.34), "+12.3");
        assert_eq!(signed(-0.0131), "\u{2212}0.013");
        assert_eq!(signed(0.00049), "+5e-4");
        assert_eq!((signed(0.0), signed(f64::NAN)), ("0".into(), "–".into()));
    }

    #[test]
    fn every_entry_is_drawn_and_written() {
        let drawing =
            heatmap(&operator(), "PC", Scale::of(&operator().matrix, true), [400.0, 300.0], Theme::new(false));
        assert_eq!(drawing.shapes("cell").count(), 4);
        assert!(drawing.texts().any(|text| text.text == "\u{2212}0.50"));
        let text = csv(&operator());
        assert_eq!(text.lines().count(), 7);
        assert!(text.contains("entry,1,2,-0.5,\n") && text.contains("eigenvalue,2,,0.1,-0.5\n"), "{text}");
        let format = Format { size: [500.0, 400.0], dark: true, title: String::new() };
        assert!(to_svg(&operator(), "PC", "12 cells", None, &format).contains("one turn in 12.6"));
    }
}

//! The training loss over the updates, on any backend of plotters.

#[cfg(feature = "svg")]
mod svg;

#[cfg(feature = "svg")]
pub use svg::to_svg;

use super::labels::{shorten, spread};
use super::palette::{Rgb, times};
use super::theme::Theme;
use super::ticks;
use crate::protocol::{ModelKind, Update};
use crate::{Error, Result};
use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// More points than this a line are thinned out; their extremes stay.
const POINTS: usize = 1200;
/// Height of a line of text, in pixels.
const LINE: i32 = 14;
/// Figures of this height have room for the whole name of the vertical axis, in pixels.
const NAMED: u32 = 260;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct LossCurve<'a> {
    /// The updates so far.
    pub updates: &'a [Update],
    /// The study's label of each training time, in the order of [`crate::protocol::Term::at_times`].
    pub times: &'a [String],
    /// Which model learns: it says what the numbers are.
    pub model: ModelKind,
    /// Draw for a dark background.
    pub dark: bool,
}

/// One line of the plot.
struct Series {
    label: String,
    color: RGBColor,
    text: RGBColor,
    width: u32,
    dashed: bool,
    /// Update and value.
    points: Vec<(f64, f64)>,
}

/// Draws the loss at each training time, its other terms and the total. The value axis is logarithmic when positive values span a factor of 20 or more.
/// The background is left as it is.
///
/// # Errors
/// Whatever the backend reports.
pub fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, curve: &LossCurve) -> Result<()> {
    draw_on(area, curve).map_err(|error| Error::internal(format!("the loss curve could not be drawn: {error}")))
}

fn draw_on<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    curve: &LossCurve,
) -> std::result::Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let ink = if curve.dark { RGBColor(214, 221, 226) } else { RGBColor(56, 66, 74) };
    let all = series(curve, ink);
    let values = || all.iter().flat_map(|s| &s.points).map(|p| p.1);
    let (least, greatest) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if least > greatest {
        return Ok(());
    }
    let logarithmic = least > 0.0 && greatest / least >= 20.0;
    let shown = |v: f64| if logarithmic { v.log10() } else { v };
    let (mut low, mut high) = (shown(least), shown(greatest));
    if !logarithmic && low >= 0.0 {
        low = 0.0;
    }
    let margin = if high > low { 0.06 * (high - low) } else { 0.1 * high.abs().max(1.0) };
    high += margin;
    low -= if low == 0.0 && !logarithmic { 0.0 } else { margin };
    let first = curve.updates.first().map_or(1.0, |u| f64::from(u.update));
    let last = curve.updates.last().map_or(first, |u| f64::from(u.update)).max(first + 1.0);

    let (width, height) = area.dim_in_pixel();
    let longest = all.iter().map(|s| s.label.chars().count()).max().unwrap_or(0) as i32;
    let right = (longest * 7 + 14).min(width as i32 / 3);
    // The whole name of the axis stands along it.
    let card = curve.model.card();
    let names = card.terms.iter().map(|term| term.name).collect::<Vec<_>>().join("; ");
    let what = if height < NAMED { "loss" } else { names.as_str() };
    let count = (height as usize / 36).clamp(2, 8);
    let y_ticks: Vec<f64> = if logarithmic {
        ticks::logarithmic(10f64.powf(low), 10f64.powf(high), count).into_iter().map(f64::log10).collect()
    } else {
        ticks::linear(low, high, count)
    };
    let mut x_ticks = ticks::linear(first, last, (width as usize / 90).clamp(2, 8));
    x_ticks.retain(|x| x.fract() == 0.0);

    let mut chart = ChartBuilder::on(area)
        .margin_top(8)
        .margin_right(right)
        .x_label_area_size(34)
        .y_label_area_size(58)
        .build_cartesian_2d(Axis::new(first..last, x_ticks), Axis::new(low..high, y_ticks))?;
    let text = TextStyle::from(("sans-serif", 12).into_font()).color(&ink);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(ink.mix(0.15))
        .light_line_style(TRANSPARENT)
        .axis_style(ink.mix(0.5))
        .label_style(text.clone())
        .axis_desc_style(text)
        .x_desc(card.step)
        .y_desc(what)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| ticks::label(if logarithmic { 10f64.powf(*y) } else { *y }))
        .draw()?;

    let (pixels_x, pixels_y) = chart.plotting_area().get_pixel_range();
    let mut ends: Vec<(&Series, i32)> = Vec::new();
    for line in &all {
        let points = || line.points.iter().map(|&(x, y)| (x, shown(y)));
        let style = ShapeStyle { color: line.color.to_rgba(), filled: false, stroke_width: line.width };
        if let [(x, y)] = line.points[..] {
            chart.draw_series(std::iter::once(Circle::new((x, shown(y)), 3, line.color.filled())))?;
        } else if line.dashed {
            chart.draw_series(DashedLineSeries::new(points(), 5, 4, style))?;
        } else {
            chart.draw_series(LineSeries::new(points(), style))?;
        }
        if let Some(end) = points().next_back() {
            ends.push((line, chart.backend_coord(&end).1));
        }
    }

    // Names stand at the ends of their lines; where there is no room for all, total and action (the last two) come first, then evenly spread times.
    let room = (((pixels_y.end - pixels_y.start) / LINE).max(2) as usize).min(ends.len());
    let times = ends.len().saturating_sub(2);
    let kept = room.saturating_sub(2).min(times);
    let named: Vec<_> = (0..ends.len())
        .filter(|&i| i >= times || (0..kept).any(|k| i == if kept > 1 { k * (times - 1) / (kept - 1) } else { 0 }))
        .map(|i| ends[i])
        .collect();
    let wanted: Vec<f64> = named.iter().map(|(_, y)| f64::from(*y)).collect();
    let placed = spread(&wanted, f64::from(LINE), f64::from(pixels_y.start), f64::from(pixels_y.end));
    for ((line, _), y) in named.iter().zip(placed) {
        let style =
            TextStyle::from(("sans-serif", 12).into_font()).color(&line.text).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw_text(&line.label, &style, (pixels_x.end + 6, y.round() as i32))?;
    }
    Ok(())
}

/// The lines from the lowest to the topmost: total, times in order, validation and the terms of the whole way. The total is the widest: where one of its parts is
/// nearly all of it, both are seen.
fn series(curve: &LossCurve, ink: RGBColor) -> Vec<Series> {
    let color = |c: Rgb| RGBColor(c.r, c.g, c.b);
    let line = |label: &str, color, width, dashed, value: &dyn Fn(&Update) -> Option<f32>| {
        let points = curve.updates.iter().filter_map(|u| {
            let v = f64::from(value(u)?);
            v.is_finite().then_some((f64::from(u.update), v))
        });
        // Text needs more contrast than a line.
        let rgb = |c: RGBColor| Rgb { r: c.0, g: c.1, b: c.2 };
        let text = rgb(color).mix(rgb(ink), 0.55);
        let text = RGBColor(text.r, text.g, text.b);
        Series { label: shorten(label, 16), color, text, width, dashed, points: thin(points.collect()) }
    };
    let colors = times(curve.times.len(), curve.dark);
    let mut all = vec![line("total", ink, 2, false, &|u| Some(u.loss.total))];
    all.extend(
        (curve.times.iter().zip(colors).enumerate())
            .map(|(i, (label, c))| line(label, color(c), 1, false, &|u| u.loss.at_times().get(i).copied())),
    );
    // Cells that the training does not see, where there are any.
    let accent = color(Theme::new(curve.dark).accent);
    all.push(line("validation", accent, 2, true, &|u| u.loss.validation));
    for (i, term) in curve.model.card().terms.iter().enumerate() {
        let whole = |u: &Update| u.loss.terms.get(i).filter(|term| term.at_times.is_empty()).map(|term| term.value);
        all.push(line(term.name, ink, 1, true, &whole));
    }
    all.retain(|s| !s.points.is_empty());
    all
}

/// At most [`POINTS`] points: least and greatest of each of equal stretches, in their order.
fn thin(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= POINTS {
        return points;
    }
    let length = points.len().div_ceil(POINTS / 2);
    let mut kept = Vec::with_capacity(POINTS);
    for stretch in points.chunks(length) {
        let by = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
        let ends = [stretch.iter().min_by(by), stretch.iter().max_by(by)];
        let mut ends: Vec<_> = ends.into_iter().flatten().copied().collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        ends.dedup();
        kept.extend(ends);
    }
    kept
}

/// A straight axis with marks of our choice.
struct Axis {
    range: RangedCoordf64,
    ticks: Vec<f64>,
}

impl Axis {
    fn new(range: std::ops::Range<f64>, ticks: Vec<f64>) -> Self {
        Self { range: range.into(), ticks }
    }
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.range.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.range.range()
    }
}

#[cfg(all(test, feature = "svg"))]
mod tests {
    use super::*;
    use crate::protocol::{Loss, Term};
    use plotters_svg::SVGBackend;

    fn updates(count: u32, value: impl Fn(u32) -> f32) -> Vec<Update> {
        let update = |n| Update {
            update: n,
            of: count,
            loss: Loss {
                terms: vec![Term::at_times("transport", vec![value(n), 2.0 * value(n)]), Term::whole("action", 0.5)],
                total: 1.5 * value(n) + 0.5,
                validation: None,
            },
            gradient_norm: 1.0,
            learning_rate: 1e-3,
            best: false,
            seconds: 0.1,
            seconds_left: 1.0,
        };
        (1..=count).map(update).collect()
    }

    fn svg(updates: &[Update], dark: bool) -> String {
        let mut text = String::new();
        let names = ["day 2".to_owned(), "day 4".to_owned()];
        let area = SVGBackend::with_string(&mut text, (600, 300)).into_drawing_area();
        draw(&area, &LossCurve { updates, times: &names, model: ModelKind::ALL[0], dark }).unwrap();
        drop(area);
        text
    }

    #[test]
    fn every_series_appears_with_its_name_and_colour() {
        let text = svg(&updates(50, |n| 10.0 + 90.0 / n as f32), false);
        for name in ["day 2", "day 4", "action", "total", "update", "Sinkhorn divergence"] {
            assert!(text.contains(name), "{name} is missing");
        }
        for color in times(2, false) {
            let color = color.to_string().to_uppercase();
            assert!(text.contains(&format!("stroke=\"{color}\"")), "no line of {color}");
        }
        assert!(text.matches("<polyline").count() >= 3, "{}", text.matches("<polyline").count());
    }

    #[test]
    fn the_axis_is_logarithmic_only_where_it_helps() {
        let label = |text: &str, wanted: &str| text.lines().any(|line| line.trim() == wanted);
        let wide = svg(&updates(50, |n| 1000.0 / n as f32), true);
        assert!(label(&wide, "100") && label(&wide, "1000") && !label(&wide, "0"));
        let narrow = svg(&updates(50, |n| 4.0 - n as f32 / 50.0), true);
        assert!(label(&narrow, "0") && label(&narrow, "4"));
        let negative = svg(&updates(50, |n| 1000.0 / n as f32 - 30.0), true);
        assert!(label(&negative, "0"));
    }

    #[test]
    fn one_update_or_none_can_be_drawn() {
        assert!(svg(&updates(1, |_| 7.0), false).contains("<circle"));
        assert!(!svg(&[], false).contains("<polyline"));
        let broken = svg(&updates(5, |_| f32::NAN), false);
        assert!(broken.contains("action") && !broken.contains("day 2"));
    }

    #[test]
    fn thinning_keeps_spikes() {
        let mut points: Vec<(f64, f64)> = (0..50_000).map(|i| (f64::from(i), 1.0)).collect();
        points[34_567].1 = 99.0;
        let thinned = thin(points);
        assert!(thinned.len() <= POINTS && thinned.contains(&(34_567.0, 99.0)));
        assert!(thinned.windows(2).all(|w| w[0].0 < w[1].0));
    }

    #[test]
    fn small_areas_do_not_panic() {
        let mut text = String::new();
        let names: Vec<String> = (0..20).map(|i| format!("a long label of time {i}")).collect();
        for size in [(10, 10), (60, 40), (200, 80)] {
            let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
            draw(
                &area,
                &LossCurve {
                    updates: &updates(30, |n| n as f32),
                    times: &names,
                    model: ModelKind::ALL[1],
                    dark: false,
                },
            )
            .unwrap();
        }
    }
}

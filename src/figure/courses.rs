//! Expression of genes along a simulation: a small panel for each gene, all with one time axis and each with a scale of its own.
//!
//! A line is the mean over the cells, the band around it reaches from the tenth to the ninetieth percentile. Coordinates are pixels from the
//! top left corner of a panel.

mod svg;

pub use svg::to_svg;

use super::csv::quoted;
use super::ticks;
use super::time_axis::{self, Tick, TimeAxis};
use crate::protocol::GeneCourse;

/// Size of the text, in pixels.
pub const TEXT: f64 = 12.0;
/// Room for the numbers left of a panel.
const LEFT: f64 = 46.0;
/// Room right of it, for half of the last label.
const RIGHT: f64 = 22.0;
/// Room above it.
const TOP: f64 = 8.0;
/// Room for the labels of time below it.
const BOTTOM: f64 = 24.0;

/// The panel of one gene.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseLayout {
    /// Width and height.
    pub size: [f64; 2],
    /// Left, top, right and bottom of the curves.
    pub area: [f64; 4],
    /// The time axis.
    pub axis: TimeAxis,
    /// The outline from the tenth to the ninetieth percentile.
    pub band: Vec<[f64; 2]>,
    /// The mean.
    pub mean: Vec<[f64; 2]>,
    /// Marks of the time axis.
    pub ticks: Vec<Tick>,
    /// Heights of round values, with their text.
    pub levels: Vec<(f64, String)>,
    /// Where the observed times end; none if the axis ends there too.
    pub data_end: Option<f64>,
}

/// Values at one time of a course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The frame.
    pub frame: usize,
    /// Its time in index units.
    pub time: f64,
    /// Mean, tenth and ninetieth percentile.
    pub values: [f32; 3],
}

/// Lays out a course whose frames are at `times`; `labels` name the observed time points.
#[must_use]
pub fn layout(course: &GeneCourse, times: &[f32], labels: &[String], size: [f64; 2]) -> CourseLayout {
    let area = [LEFT, TOP, (size[0] - RIGHT).max(LEFT + 40.0), (size[1] - BOTTOM).max(TOP + 20.0)];
    let ends = [times.first(), times.last()].map(|time| time.map_or(0.0, |&time| f64::from(time)));
    let axis = TimeAxis { range: ends, pixels: [area[0] + 4.0, area[2]] };
    let finite = [&course.low, &course.high, &course.mean].into_iter().flat_map(|all| all.iter());
    let finite = finite.copied().map(f64::from).filter(|value| value.is_finite());
    let (least, greatest) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let (least, greatest) = if least > greatest { (0.0, 1.0) } else { (least, greatest) };
    let margin = 0.06 * (greatest - least).max(1e-3 * least.abs().max(greatest.abs())).max(1e-6);
    let (low, high) = (least - margin, greatest + margin);
    let height = |value: f64| area[3] - (value - low) / (high - low) * (area[3] - area[1]);
    let line = |values: &[f32]| -> Vec<[f64; 2]> {
        let points = times.iter().zip(values).filter(|(_, value)| value.is_finite());
        points.map(|(&time, &value)| [axis.place(time.into()), height(value.into())]).collect()
    };
    let last = labels.len().saturating_sub(1) as f64;
    let count = ((area[3] - area[1]) / 28.0).clamp(2.0, 6.0) as usize;
    CourseLayout {
        size,
        area,
        axis,
        band: line(&course.high).into_iter().chain(line(&course.low).into_iter().rev()).collect(),
        mean: line(&course.mean),
        ticks: axis.ticks(labels, TEXT),
        levels: ticks::linear(low, high, count).into_iter().map(|v| (height(v), ticks::label(v))).collect(),
        data_end: (ends[1] > last + 1e-6 && ends[0] <= last).then(|| axis.place(last)),
    }
}

/// What the course says at the frame nearest to `time`.
#[must_use]
pub fn read(course: &GeneCourse, times: &[f32], time: f64) -> Option<Reading> {
    let away = |&frame: &usize| (f64::from(times[frame]) - time).abs();
    let frame = (0..times.len()).min_by(|a, b| away(a).total_cmp(&away(b)))?;
    let values = [course.mean.get(frame)?, course.low.get(frame)?, course.high.get(frame)?].map(|value| *value);
    Some(Reading { frame, time: times[frame].into(), values })
}

/// One line for each gene and frame, all digits.
#[must_use]
pub fn csv(courses: &[GeneCourse], times: &[f32], labels: &[String], names: &[String]) -> String {
    let mut out = "gene,time,time_label,mean,tenth_percentile,ninetieth_percentile\n".to_owned();
    for course in courses {
        let name = quoted(names.get(course.gene).map_or("", String::as_str));
        let values = course.mean.iter().zip(course.low.iter()).zip(course.high.iter());
        for (&time, ((mean, low), high)) in times.iter().zip(values) {
            let label = quoted(&time_axis::words(labels, time.into()));
            out += &format!("{name},{time},{label},{mean},{low},{high}\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::Format;

    const SIZE: [f64; 2] = [300.0, 160.0];

    fn course() -> (GeneCourse, Vec<f32>) {
        let times: Vec<f32> = (0..=25).map(|i| 1.0 + 0.1 * i as f32).collect();
        let mean: Vec<f32> = times.iter().map(|t| t.sin()).collect();
        let moved = |by: f32| mean.iter().map(|m| m + by).collect::<Vec<f32>>().into();
        (GeneCourse { gene: 3, low: moved(-0.5), high: moved(0.8), mean: mean.into() }, times)
    }

    fn labels() -> Vec<String> {
        (0..4).map(|i| format!("day {i}")).collect()
    }

    #[test]
    fn the_mean_lies_within_its_band_and_both_within_the_panel() {
        let (course, times) = course();
        let layout = layout(&course, &times, &labels(), SIZE);
        let [left, top, right, bottom] = layout.area;
        assert_eq!(layout.mean.len(), 26);
        assert_eq!(layout.band.len(), 52);
        for (n, [x, y]) in layout.mean.iter().enumerate() {
            let (high, low) = (layout.band[n], layout.band[51 - n]);
            assert!(high[1] < *y && *y < low[1] && high[0] == *x && low[0] == *x);
        }
        assert!(layout.band.iter().all(|[x, y]| (left..=right + 1e-9).contains(x) && (top..=bottom).contains(y)));
        assert!(layout.levels.iter().all(|(y, _)| (top..=bottom).contains(y)) && layout.levels.len() >= 2);
    }

    #[test]
    fn labels_are_those_of_the_study_at_their_times() {
        let (course, times) = course();
        let layout = layout(&course, &times, &labels(), SIZE);
        let named: Vec<_> = layout.ticks.iter().filter_map(|tick| tick.label.as_deref()).collect();
        assert_eq!(named, ["day 1", "day 2", "day 3"]);
        assert!((layout.ticks[1].x - layout.axis.place(2.0)).abs() < 1e-9);
        assert_eq!(layout.data_end, Some(layout.axis.place(3.0)), "the simulation ends at 3.5");
    }

    #[test]
    fn a_reading_is_that_of_the_nearest_frame() {
        let (course, times) = course();
        let reading = read(&course, &times, 1.52).unwrap();
        assert_eq!(reading.frame, 5);
        assert!((reading.values[0] - 1.5_f32.sin()).abs() < 1e-5 && reading.values[1] < reading.values[0]);
        assert_eq!(read(&course, &[], 1.0), None);
        assert_eq!(read(&GeneCourse::default(), &times, 1.0), None);
    }

    #[test]
    fn the_file_has_a_line_for_each_frame() {
        let (mut course, times) = course();
        course.gene = 0;
        let text = csv(&[course], &times, &labels(), &["a\"b".into()]);
        assert_eq!(text.lines().count(), 27);
        assert!(text.lines().nth(1).is_some_and(|line| line.starts_with("\"a\"\"b\",1,\"day 1\",0.84")), "{text}");
    }

    #[test]
    fn a_document_has_a_panel_for_each_gene() {
        let (course, times) = course();
        let courses = [0, 1, 2, 9].map(|gene| GeneCourse { gene, ..course.clone() });
        let names = ["a<b", "Shh", "Wnt1"].map(str::to_owned);
        let format = Format { size: [700.0, 420.0], dark: true, title: String::new() };
        let text = to_svg(&courses, &times, &labels(), &names, &format);
        let document = roxmltree::Document::parse(&text).unwrap();
        let of = |class| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
        assert_eq!((of("mean"), of("band")), (4, 4));
        assert!(document.descendants().any(|node| node.text() == Some("a<b")));
        assert!(to_svg(&[], &[], &[], &[], &format).contains("</svg>"));
    }

    #[test]
    fn constant_broken_or_missing_values_are_no_panic() {
        let flat = |value: f32| GeneCourse {
            gene: 0,
            mean: vec![value; 3].into(),
            low: vec![value; 3].into(),
            high: vec![value; 3].into(),
        };
        for course in [flat(0.0), flat(2.5), flat(f32::NAN), GeneCourse::default()] {
            for size in [[0.0, 0.0], SIZE] {
                let layout = layout(&course, &[0.0, 0.5, 1.0], &labels(), size);
                assert!(layout.mean.iter().flatten().all(|c| c.is_finite()));
            }
        }
    }
}

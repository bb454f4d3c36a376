//! Cells grouped by a column: their time points and their types.

use crate::data::annotation::Annotation;
use crate::data::dataset::MOST_TYPES;
use crate::data::mapping::{TIME_POINTS, comparable_numbers, hex_color, sample_rank};
use crate::data::samples::{self, MOST_SAMPLES};
use crate::protocol::{CellType, Mapping, Sample, TimePoint};
use crate::{Error, Result};

/// Name of the type of cells that have none.
const UNASSIGNED: &str = "unassigned";

/// Time point of each cell, and the time points in the given order.
pub(super) fn times(annotation: &Annotation, column: &str, order: &[String]) -> Result<(Vec<u32>, Vec<TimePoint>)> {
    let mut wanted: Vec<&String> = order.iter().collect();
    let mut there: Vec<&String> = annotation.levels.iter().collect();
    wanted.sort();
    there.sort();
    if wanted != there {
        return Err(Error::request(format!("the order of time points must name each value of “{column}” once"))
            .remedy("Choose the column for time again."));
    }
    if !TIME_POINTS.contains(&there.len()) {
        return Err(Error::request(format!(
            "“{column}” has {} different values; time needs {} to {}",
            there.len(),
            TIME_POINTS.start(),
            TIME_POINTS.end()
        ))
        .remedy("Choose another column."));
    }
    let position = |level: &String| order.iter().position(|label| label == level).unwrap_or_default() as u32;
    let positions: Vec<u32> = annotation.levels.iter().map(position).collect();
    let times = annotation.codes.iter().map(|code| code.map(|code| positions[code as usize])).collect::<Option<_>>();
    let times = times.ok_or_else(|| {
        let missing = annotation.codes.iter().filter(|code| code.is_none()).count();
        Error::input(format!("{missing} cells have no value in the time column “{column}”"))
            .remedy("Remove these cells or fill the column in, and write the file again.")
    })?;
    // Numbers space the axis only if they rise in the chosen order.
    let values = comparable_numbers(order).filter(|values| values.is_sorted_by(|a, b| a < b));
    let unit = order.iter().all(|label| label.parse::<f64>().is_ok()).then(|| unit_in(column)).flatten();
    let points = order.iter().enumerate().map(|(index, label)| TimePoint {
        label: unit.map_or_else(|| label.clone(), |unit| unit.label(label)),
        value: values.as_ref().map(|values| values[index]),
        cells: 0,
    });
    Ok((times, points.collect()))
}

/// A unit of time that a column's name gives to its bare numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// Before the number: `day 10.5`.
    Before(&'static str),
    /// After it: `24 hpf`.
    After(&'static str),
}

impl Unit {
    fn label(self, number: &str) -> String {
        match self {
            Self::Before(unit) => format!("{unit} {number}"),
            Self::After(unit) => format!("{number} {unit}"),
        }
    }
}

/// The unit in a column's name, such as `Day`, `time_hours` or `hpf`; none if it names no unit, or several.
fn unit_in(column: &str) -> Option<Unit> {
    let words = column.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    let mut units = words.filter_map(|word| match word.as_str() {
        "day" | "days" => Some(Unit::Before("day")),
        "week" | "weeks" => Some(Unit::Before("week")),
        "month" | "months" => Some(Unit::Before("month")),
        "stage" => Some(Unit::Before("stage")),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(Unit::After("h")),
        "min" | "mins" | "minute" | "minutes" => Some(Unit::After("min")),
        "hpf" => Some(Unit::After("hpf")),
        "dpf" => Some(Unit::After("dpf")),
        "hpi" => Some(Unit::After("hpi")),
        "dpi" => Some(Unit::After("dpi")),
        _ => None,
    });
    units.next().filter(|first| units.all(|other| other == *first))
}

/// Type of each cell, and the types in the order of the file. `colors` are those of the file's categories.
pub(super) fn types(
    annotation: &Annotation,
    column: &str,
    colors: &[String],
    notes: &mut Vec<String>,
) -> Result<(Vec<u32>, Vec<CellType>)> {
    let levels = annotation.levels.iter().zip(&annotation.categories);
    let mut types: Vec<CellType> = levels
        .map(|(name, position)| CellType {
            name: name.clone(),
            color: colors.get(*position).and_then(|color| hex_color(color)),
            cells: 0,
        })
        .collect();
    if types.len() > MOST_TYPES {
        return Err(Error::request(format!(
            "“{column}” has {} different values; {MOST_TYPES} types are the most",
            types.len()
        ))
        .remedy("Choose a coarser column for the cell type, or none."));
    }
    let missing = annotation.codes.iter().filter(|code| code.is_none()).count();
    let unassigned = types.iter().position(|cell_type| cell_type.name == UNASSIGNED).unwrap_or(types.len()) as u32;
    if missing > 0 {
        if unassigned as usize == types.len() {
            types.push(CellType { name: UNASSIGNED.into(), color: None, cells: 0 });
        }
        let cells = if missing == 1 { "1 cell has" } else { &format!("{missing} cells have") };
        notes.push(format!("{cells} no value in “{column}” and the type “{UNASSIGNED}” here."));
    }
    Ok((annotation.codes.iter().map(|code| code.unwrap_or(unassigned)).collect(), types))
}

/// The column that is likeliest to hold samples: at least two levels, each with cells at several time points and none missing. A level that
/// covers a single time point says nothing of how its population changes.
pub(super) fn sample_column(columns: &[(String, Annotation)], mapping: &Mapping) -> Option<String> {
    let (_, times) = columns.iter().find(|(name, _)| *name == mapping.time)?;
    let usable = |annotation: &Annotation| {
        let levels = annotation.levels.len();
        if !(2..=MOST_SAMPLES).contains(&levels) || annotation.codes.len() != times.codes.len() {
            return false;
        }
        let mut first: Vec<Option<u32>> = vec![None; levels];
        let mut several = vec![false; levels];
        for (level, time) in annotation.codes.iter().zip(&times.codes) {
            let (Some(level), Some(time)) = (level, time) else { return false };
            let first = first[*level as usize].get_or_insert(*time);
            several[*level as usize] |= first != time;
        }
        several.into_iter().all(|several| several)
    };
    let chosen = |name: &String| *name == mapping.time || mapping.cell_type.as_ref() == Some(name);
    columns
        .iter()
        .filter(|(name, annotation)| !chosen(name) && usable(annotation))
        .filter_map(|(name, _)| Some((sample_rank(name)?, name)))
        .min()
        .map(|(_, name)| name.clone())
}

/// Sample of each cell, and the samples in the order of the file.
pub(super) fn samples(
    annotation: &Annotation,
    column: &str,
    notes: &mut Vec<String>,
) -> Result<(Vec<u32>, Vec<Sample>)> {
    let (cell_samples, levels) = types(annotation, column, &[], notes)?;
    if levels.len() > MOST_SAMPLES {
        return Err(Error::request(format!(
            "“{column}” has {} values; {MOST_SAMPLES} samples are the most",
            levels.len()
        ))
        .remedy("Choose a coarser column for the sample, or none."));
    }
    Ok((cell_samples, samples::named(levels.into_iter().map(|level| level.name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_numbers_have_the_unit_of_their_column() {
        for (column, label) in [
            ("day", "day 10.5"),
            ("Day", "day 10.5"),
            ("time_hours", "10.5 h"),
            ("hpf", "10.5 hpf"),
            ("collection.day", "day 10.5"),
            ("week", "week 10.5"),
        ] {
            assert_eq!(unit_in(column).map(|unit| unit.label("10.5")).as_deref(), Some(label), "{column}");
        }
        for column in ["time", "timepoint", "batch", "holiday", "day_or_week", ""] {
            assert_eq!(unit_in(column), None, "{column}");
        }
    }
}

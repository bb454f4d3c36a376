//! Cells grouped by a column: their time points and their types.

use crate::data::annotation::Annotation;
use crate::data::dataset::MOST_TYPES;
use crate::data::mapping::{TIME_POINTS, comparable_numbers, hex_color};
use crate::protocol::{CellType, TimePoint};
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

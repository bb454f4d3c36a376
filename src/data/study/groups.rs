//! Cells grouped by a column: their time points and their types.

use super::Study;
use crate::data::annotation::Annotation;
use crate::data::kept::Kept;
use crate::data::mapping::{self, TIME_POINTS, hex_color, sample_rank, values};
use crate::data::samples::{self, MOST_SAMPLES};
use crate::protocol::limits::MOST_TYPES;
use crate::protocol::{CellType, ColumnKind, Mapping, Sample, TimePoint};
use crate::{Error, Result};
use std::collections::BTreeSet;

/// Name of the type of cells that have none.
const UNASSIGNED: &str = "unassigned";
/// Most values of a column that are looked at as names of samples.
const MOST_LEVELS: usize = 500;

impl Study {
    /// Adds, for each column of samples such as `rep1_day3`, the times in their names as a column that can be chosen.
    pub(super) fn with_times_of_samples(mut self) -> Result<Self> {
        let texts = self.columns.iter().filter(|(_, it)| it.kind == ColumnKind::Text && it.levels.len() <= MOST_LEVELS);
        let mut found = Vec::new();
        for (name, annotation) in texts {
            let Some(times) = mapping::times_in(&annotation.levels) else { continue };
            let time = |code: &Option<u32>| code.map(|code| times[code as usize].clone());
            let fields: Vec<Option<String>> = annotation.codes.iter().map(time).collect();
            found.push((format!("time of {name}"), Annotation::fields(fields)?));
        }
        self.candidates.extend(found);
        Ok(self)
    }
}

/// Time point of each kept cell, the time points in the given order, and which cells are kept: those of the values that the order names.
pub(super) fn times(
    annotation: &Annotation,
    column: &str,
    order: &[String],
    notes: &mut Vec<String>,
) -> Result<(Vec<u32>, Vec<TimePoint>, Kept)> {
    let known: BTreeSet<&String> = annotation.levels.iter().collect();
    let wanted: BTreeSet<&String> = order.iter().collect();
    if wanted.len() < order.len() || !wanted.is_subset(&known) {
        return Err(Error::request(format!("the order of time points must name values of “{column}”, each once"))
            .remedy("Choose the column for time again."));
    }
    if !TIME_POINTS.contains(&order.len()) {
        return Err(Error::request(format!(
            "of “{column}” {} different values are chosen; time needs {} to {}",
            order.len(),
            TIME_POINTS.start(),
            TIME_POINTS.end()
        ))
        .remedy("Choose another column."));
    }
    let position = |level: &String| order.iter().position(|label| label == level).map(|at| at as u32);
    let positions: Vec<Option<u32>> = annotation.levels.iter().map(position).collect();
    let time = |code: &Option<u32>| code.and_then(|code| positions[code as usize]);
    let kept = Kept::only(&annotation.codes.iter().map(|code| time(code).is_some()).collect::<Vec<_>>());
    let times = annotation.codes.iter().filter_map(time).collect();
    let cells = |count: usize| if count == 1 { "1 cell".into() } else { format!("{count} cells") };
    let missing = annotation.codes.iter().filter(|code| code.is_none()).count();
    if missing > 0 {
        notes.push(format!("Left out: {} without a value in the time column “{column}”.", cells(missing)));
    }
    for (level, name) in annotation.levels.iter().enumerate().filter(|(level, _)| positions[*level].is_none()) {
        let count = annotation.codes.iter().filter(|code| **code == Some(level as u32)).count();
        notes.push(format!("Left out: {} with “{name}” in the time column “{column}”.", cells(count)));
    }
    // Numbers space the axis only if they rise in the chosen order.
    let values = values(order).filter(|values| values.is_sorted_by(|a, b| a < b));
    let unit = order.iter().all(|label| label.parse::<f64>().is_ok()).then(|| unit_in(column)).flatten();
    let points = order.iter().enumerate().map(|(index, label)| TimePoint {
        label: unit.map_or_else(|| label.clone(), |unit| unit.label(label)),
        value: values.as_ref().map(|values| values[index]),
        cells: 0,
    });
    Ok((times, points.collect(), kept))
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
    // A name without letters is none.
    let nameless = annotation.levels.iter().position(|name| name.trim().is_empty()).map(|level| level as u32);
    let code = |code: &Option<u32>| code.filter(|code| Some(*code) != nameless);
    let missing = annotation.codes.iter().filter(|it| code(it).is_none()).count();
    if let Some(level) = nameless {
        types[level as usize].name = UNASSIGNED.into();
    }
    let unassigned = types.iter().position(|cell_type| cell_type.name == UNASSIGNED).unwrap_or(types.len()) as u32;
    if missing > 0 {
        if unassigned as usize == types.len() {
            types.push(CellType { name: UNASSIGNED.into(), color: None, cells: 0 });
        }
        let cells = if missing == 1 { "1 cell has" } else { &format!("{missing} cells have") };
        notes.push(format!("{cells} no value in “{column}” and the type “{UNASSIGNED}” here."));
    }
    Ok((annotation.codes.iter().map(|it| code(it).unwrap_or(unassigned)).collect(), types))
}

/// One type for all cells.
pub(super) fn untyped(cells: usize) -> (Vec<u32>, Vec<CellType>) {
    (vec![0; cells], vec![CellType { name: "all cells".into(), color: None, cells: 0 }])
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

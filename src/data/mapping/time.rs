//! Which column holds the time of each cell.

use super::numbers::time_unit;
use super::{Guide, TIME_POINTS, labels, plain};
use crate::Error;
use crate::data::sample::names_of;
use crate::protocol::{Column, ColumnKind, FileSummary};

/// Names of columns of time, the surest first. An age is often that of a donor.
const NAMES: [&str; 29] = [
    "time",
    "day",
    "days",
    "timepoint",
    "tp",
    "stage",
    "developmentstage",
    "developmentalstage",
    "hpf",
    "hour",
    "hours",
    "week",
    "weeks",
    "timepoints",
    "collectiontime",
    "dpf",
    "dpi",
    "hpi",
    "wpi",
    "dpa",
    "hpa",
    "pcw",
    "embryostage",
    "timehours",
    "timedays",
    "sampletime",
    "samplingtime",
    "obstime",
    "age",
];
/// Parts of a name that speak for time, and those that speak against it.
const PARTS: [&str; 8] = ["time", "day", "stage", "hpf", "hour", "week", "dpi", "hpi"];
const NOT: [&str; 13] = [
    "pseudotime",
    "latenttime",
    "dpt",
    "cellcycle",
    "cyclestage",
    "phase",
    "tumor",
    "tumour",
    "cancer",
    "disease",
    "patholog",
    "clinical",
    "donor",
];
/// Names that also stand for something else, unless the labels have numbers.
const DOUBTFUL: [&str; 2] = ["stage", "age"];
/// Parts of names of columns in which `P1` or `D2` is somebody or something, not a day.
const SOMEBODY: [&str; 14] = [
    "donor",
    "patient",
    "subject",
    "individual",
    "participant",
    "person",
    "mouse",
    "animal",
    "cellcycle",
    "phase",
    "plate",
    "well",
    "lane",
    "tumor",
];
/// Names of samples, whose `P1` or `T1` is no day.
const SAMPLES: [&str; 6] = ["sample", "batch", "replicate", "library", "origident", "run"];
/// What stands before or after the number in time labels such as `E7.5` or `24h`.
const UNITS: [&str; 24] = [
    "e", "p", "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "hpf", "dpf", "hpi", "dpi", "w", "wk", "week",
    "weeks", "t", "tp", "stage", "min", "month", "months",
];

/// A column of this name is time, whatever else is in the file: one of the words that are used for time stands alone in it.
pub(crate) fn is_name(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(plain);
    let against = NOT.iter().any(|part| plain(name).contains(part));
    !against && (NAMES.contains(&plain(name).as_str()) || words.into_iter().any(|word| PARTS.contains(&word.as_str())))
}

/// The column that is probably time, or why there is none.
pub(super) fn guess(file: &FileSummary, guide: Guide) -> Result<&Column, Error> {
    let columns = || file.columns.iter();
    let against = |column: &&Column| !NOT.iter().any(|part| plain(&column.name).contains(part));
    let exact = || NAMES.iter().filter_map(|name| columns().find(|column| plain(&column.name) == *name));
    let doubtful = |column: &&Column| DOUBTFUL.contains(&plain(&column.name).as_str()) && !has_numbers(column);
    let part = || {
        columns().filter(against).filter(|column| {
            let name = plain(&column.name);
            PARTS.iter().any(|part| name.contains(part))
        })
    };
    let by_labels = columns().filter(|column| has_times(column));
    let fallback = columns().filter(|column| guide.fallback == Some(&column.name));
    let sure = exact().filter(|column| !doubtful(column)).chain(part().filter(|column| has_numbers(column)));
    let others = by_labels.chain(exact().filter(doubtful)).chain(part().filter(|column| !has_numbers(column)));
    let candidates: Vec<&Column> = sure.chain(others).chain(fallback).collect();
    // Snapshots have several cells: what tells most cells apart is rather a time that was computed.
    let snapshots = |column: &&&Column| 2 * column.distinct <= file.cells;
    let whole = || candidates.iter().filter(|column| column.can_be_time && column.missing == 0);
    let whole = whole().find(snapshots).or_else(|| whole().next());
    if let Some(column) = whole.or_else(|| candidates.iter().find(|column| column.can_be_time)) {
        return Ok(column);
    }
    let (fewest, most) = TIME_POINTS.into_inner();
    Err(match candidates.first() {
        Some(Column { name, distinct: 1, levels, .. }) => Error::input(format!(
            "there is only one time point: the column “{name}” has the single value “{}”",
            levels.first().map_or("", |level| &level.label)
        ))
        .remedy("Snapshots of at least two times are needed to learn how cells change; put all of them into one file."),
        Some(Column { name, distinct, .. }) => Error::input(format!(
            "the column “{name}” has {distinct} different values; time needs {fewest} to {most} time points"
        )),
        None => {
            let names = names_of(file.columns.iter().map(|column| &column.name));
            let found = if names.is_empty() { "none".into() } else { names };
            Error::input(format!("no column says at which time a cell was taken; the columns are: {found}"))
                .remedy(guide.add_time)
        }
    })
}

/// A label has a digit.
fn has_numbers(column: &Column) -> bool {
    column.kind == ColumnKind::Number
        || column.levels.is_empty()
        || column.levels.iter().any(|level| level.label.contains(|c: char| c.is_ascii_digit()))
}

/// The labels are times by their units, in a column that is not known to name somebody.
fn has_times(column: &Column) -> bool {
    let name = plain(&column.name);
    if column.levels.is_empty() || SOMEBODY.iter().chain(&NOT).any(|part| name.contains(part)) {
        return false;
    }
    let named = |label: &str, not: &[&str]| {
        time_unit(label).is_some_and(|unit| UNITS.contains(&unit.as_str()) && !not.contains(&unit.as_str()))
    };
    let not: &[&str] = if SAMPLES.iter().any(|part| name.contains(part)) { &["p", "t", "tp"] } else { &[] };
    let texts: Vec<String> = column.levels.iter().map(|level| level.label.clone()).collect();
    let p = |label: &String| label.starts_with(['P', 'p', 'T', 't']);
    texts.iter().all(|label| named(label, not))
        || column.kind == ColumnKind::Text && labels::all_have_units(&texts) && (not.is_empty() || !texts.iter().all(p))
}

#[cfg(test)]
mod tests {
    use super::super::is_type_name;
    use super::*;

    #[test]
    fn names_of_genes_are_not_names_of_time() {
        let check = |name: &str, time: bool, cell_type: bool| {
            assert_eq!((is_name(name), is_type_name(name)), (time, cell_type), "{name}");
        };
        check("day", true, false);
        check("Time point", true, false);
        check("sampling_day", true, false);
        check("cell_cycle_stage", false, false);
        check("Timeless", false, false);
        check("Hpf1", false, false);
        check("Cell Type", false, true);
        check("cell_type_original", false, true);
        check("Leiden", false, true);
        check("leiden_0.5", false, true);
        check("RNA_snn_res.0.8", false, true);
        check("predicted.id", false, true);
    }
}

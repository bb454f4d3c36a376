//! Files of AnnData before 0.7: `obs`, `var` and `obsm` are tables of records, and the categories lie in `uns`.

use super::columns;
use crate::Result;
use crate::data::annotation::Annotation;
use crate::data::hdf5::{Records, Store, number};
use crate::protocol::{ColumnKind, SpaceSummary};
use hdf5_pure::Datatype;

/// The matrix before genes were chosen, and the table of its genes.
pub(super) const RAW: &str = "raw.X";
pub(super) const RAW_GENES: &str = "raw.var";
/// Names of the field with the names of the rows.
const INDEX: [&str; 2] = ["index", "_index"];

/// Names of the columns of a table, without that of its rows' names.
pub(super) fn names(store: &Store, frame: &str) -> Result<Vec<String>> {
    let mut names = store.records(frame)?.names();
    names.retain(|name| !INDEX.contains(&name.as_str()));
    Ok(names)
}

/// Names of the rows of a table, or their numbers where they have none.
pub(super) fn index(store: &Store, frame: &str) -> Result<Vec<String>> {
    let records = store.records(frame)?;
    let named = |name: &&str| {
        let numbers = |numbers: Vec<f64>| numbers.iter().map(f64::to_string).collect();
        records.strings(name).or_else(|| records.numbers(name).map(numbers))
    };
    Ok(INDEX.iter().find_map(named).unwrap_or_else(|| (0..records.rows()).map(|row| row.to_string()).collect()))
}

/// One column of a table; none if it is of a kind that is no annotation.
pub(super) fn read(store: &Store, frame: &str, name: &str) -> Result<Option<Annotation>> {
    let records = store.records(frame)?;
    if let Some(texts) = records.strings(name) {
        return Annotation::texts(texts, |_| false).map(Some);
    }
    let Some(values) = records.numbers(name) else { return Ok(None) };
    let categories = format!("uns/{name}_categories");
    let whole = matches!(records.datatype(name), Some(Datatype::FixedPoint { .. }));
    if whole && store.has_dataset(&categories) {
        let codes: Vec<i64> = values.iter().map(|value| *value as i64).collect();
        let labels = columns::labels(store, &categories)?;
        return Annotation::coded(ColumnKind::Text, labels, &codes, false).map(Some);
    }
    match records.datatype(name) {
        Some(Datatype::Enumeration { .. }) => {
            let truth: Vec<i64> = values.iter().map(|value| *value as i64).collect();
            Annotation::booleans(&truth, |_| false).map(Some)
        }
        Some(Datatype::FloatingPoint { size: 4, .. }) => {
            Annotation::numbers_as(&values, |_| false, |value| (value as f32).to_string()).map(Some)
        }
        other => Ok(other.and_then(number).map(|_| Annotation::numbers(&values, |_| false)).transpose()?),
    }
}

/// The arrays in a table `obsm`; none if it is no table.
pub(super) fn spaces(store: &Store, cells: usize) -> Result<Vec<SpaceSummary>> {
    if !store.has_records("obsm") {
        return Ok(Vec::new());
    }
    let records: Records = store.records("obsm")?;
    if records.rows() != cells {
        return Ok(Vec::new());
    }
    let space = |name: String| records.columns(&name).map(|dimensions| SpaceSummary { name, dimensions });
    Ok(records.names().into_iter().filter_map(space).collect())
}

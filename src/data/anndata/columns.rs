//! Columns of `obs` and `var`, in every encoding that AnnData has used since 0.7.

use crate::data::annotation::Annotation;
use crate::data::hdf5::Store;
use crate::protocol::ColumnKind;
use crate::{Error, Result};
use hdf5_pure::DType;
use std::collections::HashMap;

/// Names of the columns of a data frame, in its own order, without its index.
pub(super) fn names(store: &Store, frame: &str) -> Result<Vec<String>> {
    let index = index_path(store, frame);
    let mut names = store.children(frame)?;
    names.retain(|name| name != "__categories" && format!("{frame}/{name}") != index);
    names.sort();
    // An empty `column-order` is stored as an empty array of floating point numbers: then there is nothing to sort.
    if let Some(order) = store.attribute(frame, "column-order")
        && let Some(order) = order.as_strings()
    {
        let places: HashMap<&String, usize> = order.iter().enumerate().rev().map(|(at, name)| (name, at)).collect();
        names.sort_by_key(|name| places.get(name).copied().unwrap_or(usize::MAX));
    }
    Ok(names)
}

/// Path of the index of a data frame.
fn index_path(store: &Store, frame: &str) -> String {
    let name = store.attribute(frame, "_index");
    format!("{frame}/{}", name.as_ref().and_then(|name| name.as_str()).unwrap_or("_index"))
}

/// Number of rows of a data frame.
pub(super) fn rows(store: &Store, frame: &str) -> Result<usize> {
    let index = index_path(store, frame);
    let shape = match store.shape(&index)? {
        Some(shape) => Some(shape),
        None => store.shape(&format!("{index}/values"))?,
    };
    match shape.as_deref() {
        Some([rows]) => Ok(*rows),
        _ => Err(Error::input("this table has no index").at(frame)),
    }
}

/// Names of the rows of a data frame.
pub(super) fn index(store: &Store, frame: &str) -> Result<Vec<String>> {
    let path = index_path(store, frame);
    let values = format!("{path}/values");
    let path = if store.has_dataset(&path) { path } else { values };
    match store.kind(&path)? {
        DType::String | DType::VariableLengthString => store.strings(&path),
        _ => Ok(store.numbers(&path)?.iter().map(f64::to_string).collect()),
    }
}

/// One column of a data frame of `rows` rows; none if it is of a kind that is no annotation.
pub(super) fn read(store: &Store, frame: &str, name: &str, rows: usize) -> Result<Option<Annotation>> {
    let path = format!("{frame}/{name}");
    let (codes, categories) = (format!("{path}/codes"), format!("{path}/categories"));
    let (values, mask) = (format!("{path}/values"), format!("{path}/mask"));
    // AnnData 0.7 points from the codes to the categories by an object reference; they are found by their name as well.
    let legacy = format!("{frame}/__categories/{name}");
    let annotation = if store.has_dataset(&codes) {
        let ordered = flag(store, &path, "ordered");
        Some(Annotation::coded(ColumnKind::Text, labels(store, &categories)?, &store.integers(&codes)?, ordered)?)
    } else if store.has_dataset(&values) {
        let mask = store.integers(&mask)?;
        plain(store, &values, |cell| mask.get(cell).is_none_or(|masked| *masked != 0))?
    } else if store.has_dataset(&legacy) || store.group(&legacy).is_some() {
        let ordered = flag(store, &legacy, "ordered");
        Some(Annotation::coded(ColumnKind::Text, labels(store, &legacy)?, &store.integers(&path)?, ordered)?)
    } else if store.has_dataset(&path) {
        plain(store, &path, |_| false)?
    } else {
        None
    };
    match &annotation {
        Some(annotation) if !annotation.fits(rows) => {
            Err(Error::input(format!("the column has {} entries for {rows} rows", annotation.codes.len())).at(path))
        }
        _ => Ok(annotation),
    }
}

fn flag(store: &Store, path: &str, name: &str) -> bool {
    store.attribute(path, name).is_some_and(|value| value.as_i64().or(value.as_u64().map(|_| 1)) == Some(1))
}

/// A dataset with one value a row.
fn plain(store: &Store, path: &str, missing: impl Fn(usize) -> bool) -> Result<Option<Annotation>> {
    Ok(Some(match store.kind(path)? {
        DType::String | DType::VariableLengthString => Annotation::texts(store.strings(path)?, missing)?,
        DType::Enum(_) => Annotation::booleans(&store.integers(path)?, missing)?,
        DType::Compound(_) | DType::Array(..) | DType::ObjectReference | DType::Other(_) => return Ok(None),
        _ => Annotation::numbers(&store.numbers(path)?, missing)?,
    }))
}

/// Categories: strings, nullable strings or numbers.
fn labels(store: &Store, path: &str) -> Result<Vec<String>> {
    let values = format!("{path}/values");
    let path = if store.has_dataset(path) { path } else { values.as_str() };
    match store.kind(path)? {
        DType::String | DType::VariableLengthString => store.strings(path),
        DType::Enum(_) => {
            Ok(store.integers(path)?.iter().map(|v| if *v != 0 { "True" } else { "False" }.into()).collect())
        }
        _ => Ok(store.numbers(path)?.iter().map(f64::to_string).collect()),
    }
}

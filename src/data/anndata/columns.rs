//! Columns of `obs` and `var`, in every encoding that AnnData has used.

use super::old;
use crate::data::Matrix;
use crate::data::annotation::Annotation;
use crate::data::hdf5::{Store, number};
use crate::data::number::Number;
use crate::protocol::ColumnKind;
use crate::{Error, Result};
use hdf5_pure::{DType, Datatype};
use std::collections::HashMap;

/// Names of the columns of a data frame, in its own order, without its index.
pub(super) fn names(store: &Store, frame: &str) -> Result<Vec<String>> {
    if store.has_records(frame) {
        return old::names(store, frame);
    }
    let index = index_path(store, frame);
    let mut names = store.children(frame)?;
    names.retain(|name| name != "__categories" && format!("{frame}/{name}") != index);
    names.sort();
    // An empty `column-order` is stored as an empty array of floating point numbers: then there is nothing to sort.
    if let Some(order) = store.attribute(frame, "column-order")
        && let Some(order) = order.as_strings()
    {
        // HDF5 nests a name with a slash in it.
        for name in order.iter().filter(|name| name.contains('/')) {
            if names.contains(name) {
                continue;
            }
            let path = format!("{frame}/{name}");
            if store.has_dataset(&path) || store.group(&path).is_some() {
                names.retain(|nest| !name.starts_with(&format!("{nest}/")));
                names.push(name.clone());
            }
        }
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
    if store.has_records(frame) {
        return store.records(frame).map(|records| records.rows());
    }
    let index = index_path(store, frame);
    let mut shape = store.shape(&index)?;
    for part in ["values", "codes"] {
        if shape.is_none() {
            shape = store.shape(&format!("{index}/{part}"))?;
        }
    }
    match shape.as_deref() {
        Some([rows]) => Ok(*rows),
        _ => Err(Error::input("this table has no index").at(frame)),
    }
}

/// Names of the rows of a data frame.
pub(super) fn index(store: &Store, frame: &str) -> Result<Vec<String>> {
    if store.has_records(frame) {
        return old::index(store, frame);
    }
    let path = index_path(store, frame);
    let codes = format!("{path}/codes");
    if store.has_dataset(&codes) {
        let categories = labels(store, &format!("{path}/categories"))?;
        let name = |code: &i64| usize::try_from(*code).ok().and_then(|code| categories.get(code).cloned());
        return Ok(store.integers(&codes)?.iter().map(|code| name(code).unwrap_or_default()).collect());
    }
    let values = format!("{path}/values");
    let path = if store.has_dataset(&path) { path } else { values };
    match store.kind(&path)? {
        DType::String | DType::VariableLengthString => store.strings(&path),
        _ => Ok(store.numbers(&path)?.iter().map(f64::to_string).collect()),
    }
}

/// The columns of a data frame as an array, one row after the other; none if one of them is not of numbers.
pub(super) fn array(store: &Store, frame: &str, rows: usize) -> Result<Option<Matrix>> {
    let names = names(store, frame)?;
    let mut values = vec![0.0; rows * names.len()];
    for (at, name) in names.iter().enumerate() {
        let path = format!("{frame}/{name}");
        if !store.has_dataset(&path) || number(&store.datatype(&path)?).is_none() {
            return Ok(None);
        }
        let column = store.singles(&path)?;
        if column.len() != rows {
            return Ok(None);
        }
        column.into_iter().enumerate().for_each(|(row, value)| values[row * names.len() + at] = value);
    }
    Matrix::new(rows, names.len(), values).map(Some)
}

/// One column of a data frame of `rows` rows; none if it is of a kind that is no annotation.
pub(super) fn read(store: &Store, frame: &str, name: &str, rows: usize) -> Result<Option<Annotation>> {
    if store.has_records(frame) {
        return old::read(store, frame, name);
    }
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
pub(super) fn plain(store: &Store, path: &str, missing: impl Fn(usize) -> bool) -> Result<Option<Annotation>> {
    Ok(Some(match store.kind(path)? {
        DType::String | DType::VariableLengthString => Annotation::texts(store.strings(path)?, missing)?,
        DType::Enum(_) => enumeration(store, path, missing)?,
        DType::Compound(_) | DType::Array(..) | DType::ObjectReference => return Ok(None),
        _ => {
            let datatype = store.datatype(path)?;
            if number(&datatype).is_none() {
                return Ok(None);
            }
            Annotation::numbers_as(&store.numbers(path)?, missing, written(&datatype))?
        }
    }))
}

/// How a number of this type is written: as the shortest text that gives the same one.
pub(super) fn written(datatype: &Datatype) -> fn(f64) -> String {
    match number(datatype) {
        Some((Number::Float(4), _)) => |value| (value as f32).to_string(),
        Some((Number::Float(2), _)) => half,
        _ => |value| value.to_string(),
    }
}

/// The shortest text that gives the same number in half precision.
fn half(value: f64) -> String {
    let same = |text: &String| text.parse().is_ok_and(|it: f32| half::f16::from_f32(it).to_f64() == value);
    (0..8).map(|digits| format!("{value:.digits$}")).find(same).unwrap_or_else(|| value.to_string())
}

/// Logicals as R and Python write them: by the names of their values, of which NA is missing.
fn enumeration(store: &Store, path: &str, missing: impl Fn(usize) -> bool) -> Result<Annotation> {
    let Datatype::Enumeration { base_type, members, .. } = store.datatype(path)? else {
        return Annotation::booleans(&store.integers(path)?, missing);
    };
    let (kind, big) = number(&base_type).unwrap_or((Number::Int(1), false));
    let value = |bytes: &[u8]| kind.decode(bytes, big).next().map(|value| value as i64);
    let named = |wanted: &[&str]| {
        let member = members.iter().find(|member| wanted.contains(&member.name.to_lowercase().as_str()));
        member.and_then(|member| value(&member.value))
    };
    let values = store.integers(path)?;
    match (named(&["false"]), named(&["true"])) {
        (Some(no), Some(yes)) => {
            let truth: Vec<i64> = values.iter().map(|value| i64::from(*value == yes)).collect();
            Annotation::booleans(&truth, |cell| missing(cell) || (values[cell] != yes && values[cell] != no))
        }
        _ => {
            let name = |value_of: &i64| {
                let member = members.iter().find(|member| value(&member.value) == Some(*value_of));
                member.map(|member| member.name.clone()).unwrap_or_default()
            };
            let names: Vec<String> = values.iter().map(name).collect();
            let none: Vec<bool> = names.iter().map(|name| name.is_empty() || name == "NA").collect();
            Annotation::texts(names, |cell| missing(cell) || none[cell])
        }
    }
}

/// Categories: strings, nullable strings or numbers.
pub(super) fn labels(store: &Store, path: &str) -> Result<Vec<String>> {
    let values = format!("{path}/values");
    let path = if store.has_dataset(path) { path } else { values.as_str() };
    match store.kind(path)? {
        DType::String | DType::VariableLengthString => store.strings(path),
        DType::Enum(_) => {
            Ok(store.integers(path)?.iter().map(|v| if *v != 0 { "True" } else { "False" }.into()).collect())
        }
        _ => Ok(store.numbers(path)?.into_iter().map(written(&store.datatype(path)?)).collect()),
    }
}

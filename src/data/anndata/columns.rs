//! Columns of `obs` and `var`, in every encoding that AnnData has used since 0.7.

use super::store::Store;
use crate::data::mapping::{TIME_POINTS, order};
use crate::protocol::{Column, ColumnKind, Level, OrderSource};
use crate::{Error, Result};
use hdf5_pure::DType;
use std::collections::BTreeMap;

/// Most levels that are listed to a front end.
const MOST_LISTED: usize = 100;
/// Most different numbers that are kept as levels; more is a measurement, not an annotation.
const MOST_NUMBERS: usize = 1000;

/// One annotation of the cells: a level for each cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Annotation {
    pub(super) kind: ColumnKind,
    /// The different values that occur, in the order of the file; numbers in rising order. Empty if there are more than [`MOST_NUMBERS`].
    pub(super) levels: Vec<String>,
    /// Position of each level among the file's categories, for colours.
    pub(super) categories: Vec<usize>,
    /// Level of each cell.
    pub(super) codes: Vec<Option<u32>>,
    /// The file declares an order of the levels.
    pub(super) ordered: bool,
    /// Number of different values, also where `levels` is empty.
    distinct: usize,
}

impl Annotation {
    /// Order of the levels as time points.
    pub(super) fn order(&self) -> (Vec<usize>, OrderSource) {
        let (positions, source) = order(&self.levels, self.ordered);
        match self.kind {
            // Numbers are sorted already; not all of them look like one when written out (1e-7).
            ColumnKind::Number => ((0..self.levels.len()).collect(), OrderSource::Number),
            _ => (positions, source),
        }
    }

    pub(super) fn summary(&self, name: &str) -> Column {
        let mut counts = vec![0; self.levels.len()];
        self.codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
        let missing = self.codes.iter().filter(|code| code.is_none()).count();
        let (order, source) = self.order();
        let levels = match order.len() {
            0..=MOST_LISTED => {
                order.iter().map(|level| Level { label: self.levels[*level].clone(), cells: counts[*level] }).collect()
            }
            _ => Vec::new(),
        };
        Column {
            name: name.into(),
            kind: self.kind,
            distinct: self.distinct,
            missing,
            levels,
            order: source,
            can_be_time: TIME_POINTS.contains(&self.distinct) && missing == 0,
        }
    }

    /// Levels from a code per cell into categories; a negative code means that the value is missing. Categories that do not occur
    /// are dropped, equal ones are one.
    fn coded(kind: ColumnKind, categories: Vec<String>, codes: &[i64], ordered: bool) -> Result<Self> {
        let mut used = vec![false; categories.len()];
        for code in codes.iter().filter(|code| **code >= 0) {
            *usize::try_from(*code).ok().and_then(|code| used.get_mut(code)).ok_or_else(|| {
                Error::input(format!("a cell has category {code}, but there are only {}", categories.len()))
            })? = true;
        }
        let mut known = BTreeMap::new();
        let (mut levels, mut positions) = (Vec::new(), Vec::new());
        let mut translate = vec![0; categories.len()];
        for (position, label) in categories.into_iter().enumerate().filter(|(position, _)| used[*position]) {
            translate[position] = *known.entry(label.clone()).or_insert_with(|| {
                levels.push(label);
                positions.push(position);
                levels.len() as u32 - 1
            });
        }
        let codes = codes.iter().map(|code| usize::try_from(*code).ok().map(|code| translate[code])).collect();
        Ok(Self { kind, distinct: levels.len(), levels, categories: positions, codes, ordered })
    }

    fn texts(values: Vec<String>, missing: impl Fn(usize) -> bool) -> Result<Self> {
        let mut known: BTreeMap<String, i64> = BTreeMap::new();
        let mut categories = Vec::new();
        let mut codes = Vec::with_capacity(values.len());
        for (cell, value) in values.into_iter().enumerate() {
            codes.push(if missing(cell) {
                -1
            } else {
                *known.entry(value).or_insert_with_key(|value| {
                    categories.push(value.clone());
                    categories.len() as i64 - 1
                })
            });
        }
        Self::coded(ColumnKind::Text, categories, &codes, false)
    }

    fn numbers(values: &[f64], missing: impl Fn(usize) -> bool) -> Result<Self> {
        let missing = |cell: usize| values[cell].is_nan() || missing(cell);
        let mut different: Vec<f64> =
            (0..values.len()).filter(|cell| !missing(*cell)).map(|cell| values[cell]).collect();
        different.sort_by(f64::total_cmp);
        different.dedup();
        if different.len() > MOST_NUMBERS {
            return Ok(Self {
                kind: ColumnKind::Number,
                levels: Vec::new(),
                categories: Vec::new(),
                codes: Vec::new(),
                ordered: false,
                distinct: different.len(),
            });
        }
        let code = |cell: usize| match missing(cell) {
            true => -1,
            false => different.partition_point(|value| *value < values[cell]) as i64,
        };
        let codes: Vec<i64> = (0..values.len()).map(code).collect();
        Self::coded(ColumnKind::Number, different.iter().map(f64::to_string).collect(), &codes, false)
    }

    fn booleans(values: &[i64], missing: impl Fn(usize) -> bool) -> Result<Self> {
        let codes: Vec<i64> = values
            .iter()
            .enumerate()
            .map(|(cell, value)| if missing(cell) { -1 } else { i64::from(*value != 0) })
            .collect();
        Self::coded(ColumnKind::Boolean, vec!["False".into(), "True".into()], &codes, false)
    }
}

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
        names.sort_by_key(|name| order.iter().position(|other| other == name).unwrap_or(usize::MAX));
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
        Some(annotation) if annotation.codes.len() != rows && annotation.distinct <= MOST_NUMBERS => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_categories_are_dropped_and_keep_their_positions() {
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let found = Annotation::coded(ColumnKind::Text, names, &[2, -1, 0, 2], false).unwrap();
        assert_eq!(found.levels, ["a", "c"]);
        assert_eq!(found.categories, [0, 2]);
        assert_eq!(found.codes, [Some(1), None, Some(0), Some(1)]);
        assert!(Annotation::coded(ColumnKind::Text, vec![], &[0], false).is_err());
    }

    #[test]
    fn numbers_become_levels_in_rising_order() {
        let found = Annotation::numbers(&[10.0, 2.0, f64::NAN, 10.5, 2.0], |_| false).unwrap();
        assert_eq!(found.levels, ["2", "10", "10.5"]);
        let column = found.summary("day");
        assert_eq!((column.distinct, column.missing, column.can_be_time), (3, 1, false));
        let many: Vec<f64> = (0..2000).map(f64::from).collect();
        let column = Annotation::numbers(&many, |_| false).unwrap().summary("counts");
        assert_eq!((column.distinct, column.levels.len(), column.can_be_time), (2000, 0, false));
    }

    #[test]
    fn masked_values_are_missing() {
        let texts = ["x", "", "x"].map(String::from).to_vec();
        let found = Annotation::texts(texts, |cell| cell == 1).unwrap();
        assert_eq!(found.codes, [Some(0), None, Some(0)]);
        assert_eq!(Annotation::booleans(&[1, 0, 1], |_| false).unwrap().levels, ["False", "True"]);
    }
}

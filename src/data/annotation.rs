//! Annotations of the cells, wherever they come from.

use crate::data::dataset;
use crate::data::mapping::{TIME_POINTS, names_no_time, order};
use crate::protocol::{Column, ColumnKind, Level, OrderSource};
use crate::{Error, Result};
use std::collections::BTreeMap;

/// Most levels that are listed to a front end.
const MOST_LISTED: usize = 100;
/// Most different numbers that are kept as levels; more is a measurement, not an annotation.
const MOST_NUMBERS: usize = 1000;

/// One annotation of the cells: a level for each cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Annotation {
    pub(crate) kind: ColumnKind,
    /// The different values that occur, in the order of the file; numbers in rising order. Empty if there are more than [`MOST_NUMBERS`].
    pub(crate) levels: Vec<String>,
    /// Position of each level among the file's categories, for colours.
    pub(crate) categories: Vec<usize>,
    /// Level of each cell.
    pub(crate) codes: Vec<Option<u32>>,
    /// The file declares an order of the levels.
    pub(crate) ordered: bool,
    /// Number of different values, also where `levels` is empty.
    distinct: usize,
    /// The numbers themselves, NaN where they are missing, where there are too many different ones for levels.
    measured: Vec<f32>,
}

impl Annotation {
    /// Order of the levels as time points.
    pub(crate) fn order(&self) -> (Vec<usize>, OrderSource) {
        let (positions, source) = order(&self.levels, self.ordered);
        match self.kind {
            // Numbers are sorted already; not all of them look like one when written out (1e-7).
            ColumnKind::Number => ((0..self.levels.len()).collect(), OrderSource::Number),
            _ => (positions, source),
        }
    }

    /// The cells' values to colour by, with the levels that they stand for; none if it has too many levels to tell apart.
    pub(crate) fn column(&self, name: &str) -> Option<dataset::Column> {
        let number = |code: &Option<u32>| code.map_or(f32::NAN, |code| code as f32);
        let (levels, values) = match self.kind {
            ColumnKind::Number if !self.measured.is_empty() => (Vec::new(), self.measured.clone()),
            ColumnKind::Number => {
                let numbers: Vec<f32> = self.levels.iter().map(|level| level.parse().unwrap_or(f32::NAN)).collect();
                let number = |code: &Option<u32>| code.map_or(f32::NAN, |code| numbers[code as usize]);
                (Vec::new(), self.codes.iter().map(number).collect())
            }
            _ if self.levels.len() > MOST_LISTED => return None,
            _ => (self.levels.clone(), self.codes.iter().map(number).collect()),
        };
        Some(dataset::Column { name: name.into(), levels, values })
    }

    /// What a front end is told about it.
    pub(crate) fn summary(&self, name: &str) -> Column {
        let mut counts = vec![0; self.levels.len()];
        self.codes.iter().flatten().for_each(|code| counts[*code as usize] += 1);
        let missing = self.codes.iter().filter(|code| code.is_none()).count();
        let (order, source) = self.order();
        let levels = match order.len() {
            0..=MOST_LISTED => {
                let level = |at: &usize| Level {
                    label: self.levels[*at].clone(),
                    cells: counts[*at],
                    no_time: self.kind == ColumnKind::Text && names_no_time(&self.levels[*at]),
                };
                order.iter().map(level).collect()
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
            can_be_time: TIME_POINTS.contains(&self.distinct),
        }
    }

    /// The annotations of several groups of cells as one; a group without it has no values. Numbers stay numbers if all are.
    pub(crate) fn joined(groups: &[(Option<Self>, usize)]) -> Result<Self> {
        let there = || groups.iter().filter_map(|(annotation, _)| annotation.as_ref());
        if there().all(|annotation| annotation.kind == ColumnKind::Number) {
            let numbers = |(annotation, cells): &(Option<Self>, usize)| match annotation {
                None => vec![f64::NAN; *cells],
                Some(annotation) if !annotation.measured.is_empty() => {
                    annotation.measured.iter().map(|value| f64::from(*value)).collect()
                }
                Some(annotation) => annotation.texts_of_cells().map(|it| it.map_or(f64::NAN, number)).collect(),
            };
            return Self::numbers(&groups.iter().flat_map(numbers).collect::<Vec<_>>(), |_| false);
        }
        // The levels keep the order of the files; what has too many different numbers for levels is written out.
        let mut places: BTreeMap<String, i64> = BTreeMap::new();
        let (mut levels, mut codes) = (Vec::new(), Vec::new());
        let mut code = |label: &str| {
            *places.entry(label.to_owned()).or_insert_with(|| {
                levels.push(label.to_owned());
                levels.len() as i64 - 1
            })
        };
        for (annotation, cells) in groups {
            let Some(annotation) = annotation else {
                codes.extend(std::iter::repeat_n(-1, *cells));
                continue;
            };
            let own: Vec<i64> = annotation.levels.iter().map(|label| code(label)).collect();
            codes.extend(annotation.codes.iter().map(|at| at.map_or(-1, |at| own[at as usize])));
            for value in &annotation.measured {
                codes.push(if value.is_nan() { -1 } else { code(&value.to_string()) });
            }
        }
        let ordered = there().all(|annotation| annotation.ordered && annotation.levels == levels);
        let kind = there().next().map_or(ColumnKind::Text, |annotation| annotation.kind);
        let same = there().all(|annotation| annotation.kind == kind);
        Self::coded(if same { kind } else { ColumnKind::Text }, levels, &codes, ordered)
    }

    fn texts_of_cells(&self) -> impl Iterator<Item = Option<&str>> {
        self.codes.iter().map(|code| code.and_then(|code| self.levels.get(code as usize)).map(String::as_str))
    }

    /// Levels from a code per cell into categories; a negative code means that the value is missing. Categories that do not occur
    /// are dropped, equal ones are one.
    pub(crate) fn coded(kind: ColumnKind, categories: Vec<String>, codes: &[i64], ordered: bool) -> Result<Self> {
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
        Ok(Self { kind, distinct: levels.len(), levels, categories: positions, codes, ordered, measured: Vec::new() })
    }

    /// The annotation of some of its cells, in their order.
    pub(crate) fn of_cells(&self, cells: &[usize]) -> Result<Self> {
        if !self.measured.is_empty() {
            let measured: Vec<f32> = cells.iter().map(|cell| self.measured[*cell]).collect();
            return Ok(Self { measured, ..self.clone() });
        }
        let codes: Vec<i64> = cells.iter().map(|cell| self.codes[*cell].map_or(-1, i64::from)).collect();
        let mut kept = Self::coded(self.kind, self.levels.clone(), &codes, self.ordered)?;
        kept.categories.iter_mut().for_each(|position| *position = self.categories[*position]);
        Ok(kept)
    }

    /// It has an entry for each of so many cells.
    pub(crate) fn fits(&self, cells: usize) -> bool {
        self.codes.len().max(self.measured.len()) == cells
    }

    /// Levels from one field of a text table per cell: numbers if all are, else texts.
    pub(crate) fn fields(fields: Vec<Option<String>>) -> Result<Self> {
        let numbers: Option<Vec<f64>> =
            fields.iter().map(|field| field.as_ref().map_or(Some(f64::NAN), |field| field.parse().ok())).collect();
        match numbers {
            Some(numbers) => Self::numbers(&numbers, |_| false),
            None => {
                let missing: Vec<bool> = fields.iter().map(Option::is_none).collect();
                Self::texts(fields.into_iter().map(Option::unwrap_or_default).collect(), |cell| missing[cell])
            }
        }
    }

    /// Levels from one text per cell.
    pub(crate) fn texts(values: Vec<String>, missing: impl Fn(usize) -> bool) -> Result<Self> {
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

    /// Levels from one number per cell; NaN is missing.
    pub(crate) fn numbers(values: &[f64], missing: impl Fn(usize) -> bool) -> Result<Self> {
        Self::numbers_as(values, missing, |value| value.to_string())
    }

    /// As [`Self::numbers`], of numbers that are written in a way of their own, such as single precision.
    pub(crate) fn numbers_as(
        values: &[f64],
        missing: impl Fn(usize) -> bool,
        write: impl Fn(f64) -> String,
    ) -> Result<Self> {
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
                measured: (0..values.len())
                    .map(|cell| if missing(cell) { f32::NAN } else { values[cell] as f32 })
                    .collect(),
            });
        }
        let code = |cell: usize| match missing(cell) {
            true => -1,
            false => different.partition_point(|value| *value < values[cell]) as i64,
        };
        let codes: Vec<i64> = (0..values.len()).map(code).collect();
        Self::coded(ColumnKind::Number, different.iter().map(|value| write(*value)).collect(), &codes, false)
    }

    /// Levels from one number per cell, of which zero is false.
    pub(crate) fn booleans(values: &[i64], missing: impl Fn(usize) -> bool) -> Result<Self> {
        let codes: Vec<i64> = values
            .iter()
            .enumerate()
            .map(|(cell, value)| if missing(cell) { -1 } else { i64::from(*value != 0) })
            .collect();
        Self::coded(ColumnKind::Boolean, vec!["False".into(), "True".into()], &codes, false)
    }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
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
        let kept = found.of_cells(&[1, 2]).unwrap();
        assert_eq!((kept.levels, kept.categories, kept.codes), (vec!["a".into()], vec![0], vec![None, Some(0)]));
    }

    #[test]
    fn numbers_become_levels_in_rising_order() {
        let found = Annotation::numbers(&[10.0, 2.0, f64::NAN, 10.5, 2.0], |_| false).unwrap();
        assert_eq!(found.levels, ["2", "10", "10.5"]);
        let column = found.summary("day");
        assert_eq!((column.distinct, column.missing, column.can_be_time), (3, 1, true));
        let many: Vec<f64> = (0..2000).map(f64::from).collect();
        let column = Annotation::numbers(&many, |_| false).unwrap().summary("counts");
        assert_eq!((column.distinct, column.levels.len(), column.can_be_time), (2000, 0, false));
    }

    #[test]
    fn columns_to_colour_by_are_numbers_or_levels() {
        let names = ["a", "b", "c"].map(String::from).to_vec();
        let found = Annotation::coded(ColumnKind::Text, names, &[2, -1, 0], false).unwrap().column("x").unwrap();
        assert_eq!((found.levels, found.values[0], found.values[2]), (vec!["a".into(), "c".into()], 1.0, 0.0));
        assert!(found.values[1].is_nan());
        let found = Annotation::numbers(&[2.5, f64::NAN, -1.0], |_| false).unwrap().column("x").unwrap();
        assert_eq!((found.levels.len(), found.values[0], found.values[2]), (0, 2.5, -1.0));
        let many: Vec<f64> = (0..2000).map(f64::from).collect();
        assert_eq!(Annotation::numbers(&many, |_| false).unwrap().column("x").unwrap().values[1999], 1999.0);
        let names: Vec<String> = (0..200).map(|cell| format!("AAAC-{cell}")).collect();
        assert!(Annotation::texts(names, |_| false).unwrap().column("barcode").is_none());
    }

    #[test]
    fn masked_values_are_missing() {
        let texts = ["x", "", "x"].map(String::from).to_vec();
        let found = Annotation::texts(texts, |cell| cell == 1).unwrap();
        assert_eq!(found.codes, [Some(0), None, Some(0)]);
        assert_eq!(Annotation::booleans(&[1, 0, 1], |_| false).unwrap().levels, ["False", "True"]);
    }
}

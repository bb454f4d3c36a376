//! Other types for the cells of a dataset: renamed, merged, put in another order, or drawn by hand.

use crate::data::{Dataset, Matrix};
use crate::protocol::limits::MOST_TYPES;
use crate::protocol::{CellType, Typing};
use crate::{Error, Result};
use std::collections::BTreeSet;

/// Longest name of a type, in characters.
const LONGEST: usize = 200;

impl Dataset {
    /// Sorts the cells into other types. What samples lack follows from the types that the cells had; planted interactions stay as long as every
    /// type has the cells of one type before.
    ///
    /// # Errors
    ///
    /// If a cell has no type, there are no types or too many, or a name is empty, too long or there twice.
    pub fn retype(&mut self, typing: Typing) -> Result<()> {
        let Typing { mut types, of } = typing;
        if of.len() != self.cell_types.len() {
            return Err(Error::request(format!("types for {} of {} cells", of.len(), self.cell_types.len()))
                .remedy("Give each cell a type."));
        }
        if !(1..=MOST_TYPES).contains(&types.len()) {
            return Err(Error::request(format!("{} types", types.len())).remedy(format!("Give 1 to {MOST_TYPES}.")));
        }
        check_names(&mut types)?;
        types.iter_mut().for_each(|kind| kind.cells = 0);
        // The types that the cells of each type had.
        let mut sources = vec![BTreeSet::new(); types.len()];
        for (kind, before) in of.iter().zip(&self.cell_types) {
            let found = types.get_mut(*kind as usize).zip(sources.get_mut(*kind as usize));
            let (own, sources) = found.ok_or_else(|| Error::request(format!("there is no type {kind}")))?;
            own.cells += 1;
            sources.insert(*before as usize);
        }
        for sample in &mut self.samples {
            let lacks = |sources: &BTreeSet<usize>| {
                !sources.is_empty() && sources.iter().all(|source| sample.lacks.contains(source))
            };
            sample.lacks = (0..types.len()).filter(|kind| lacks(&sources[*kind])).collect();
        }
        self.planted_interactions = self.planted_interactions.take().and_then(|before| moved(&before, &sources));
        (self.types, self.cell_types) = (types, of.to_vec());
        Ok(())
    }
}

/// Trims the names and looks whether they can be told apart.
fn check_names(types: &mut [CellType]) -> Result<()> {
    let mut known = BTreeSet::new();
    for kind in types {
        let name = kind.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST {
            return Err(Error::request(format!("the name “{name}” is empty or too long"))
                .remedy(format!("Give a name of 1 to {LONGEST} characters.")));
        }
        if !known.insert(name.clone()) {
            return Err(Error::request(format!("two types would be called “{name}”"))
                .remedy("Tell them apart, for instance by a number."));
        }
        kind.name = name;
    }
    Ok(())
}

/// Planted interactions in the order of the types now; none where types were merged or divided.
fn moved(before: &Matrix, sources: &[BTreeSet<usize>]) -> Option<Matrix> {
    let single = |sources: &BTreeSet<usize>| sources.first().copied().filter(|_| sources.len() == 1);
    let order: Vec<usize> = sources.iter().map(single).collect::<Option<_>>()?;
    let different: BTreeSet<&usize> = order.iter().collect();
    if different.len() != before.rows || order.len() != before.rows {
        return None;
    }
    let values = order.iter().flat_map(|to| order.iter().map(|from| before.row(*to)[*from])).collect();
    Some(Matrix { rows: before.rows, cols: before.cols, values })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Sample;

    fn named(name: &str, cells: usize) -> CellType {
        CellType { name: name.into(), color: None, cells }
    }

    fn three() -> Dataset {
        let sample = Sample { name: "mutant".into(), lacks: vec![1], ..Sample::default() };
        Dataset {
            types: vec![named("a", 2), named("b", 1), named("c", 1)],
            cell_types: vec![0, 0, 1, 2],
            samples: vec![sample],
            planted_interactions: Some(Matrix { rows: 3, cols: 3, values: (0..9).map(|n| n as f32).collect() }),
            ..Dataset::default()
        }
    }

    fn typing(names: &[&str], of: &[u32]) -> Typing {
        Typing { types: names.iter().map(|name| named(name, 0)).collect(), of: of.to_vec().into() }
    }

    #[test]
    fn types_can_be_renamed_merged_divided_and_put_in_another_order() {
        let mut dataset = three();
        dataset.retype(typing(&["B", " c", "a"], &[2, 2, 0, 1])).unwrap();
        assert_eq!(dataset.types, [named("B", 1), named("c", 1), named("a", 2)]);
        assert_eq!(dataset.samples[0].lacks, [0]);
        assert_eq!(dataset.planted_interactions.as_ref().unwrap().values, [4., 5., 3., 7., 8., 6., 1., 2., 0.]);
        dataset.retype(typing(&["B and c", "a", "drawn"], &[1, 2, 0, 0])).unwrap();
        assert_eq!(dataset.types, [named("B and c", 2), named("a", 1), named("drawn", 1)]);
        assert!(dataset.samples[0].lacks.is_empty(), "the mutant has some of them");
        assert!(dataset.planted_interactions.is_none());
    }

    #[test]
    fn a_typing_that_does_not_fit_changes_nothing() {
        let mut dataset = three();
        for (typing, says) in [
            (typing(&["a"], &[0, 0, 0]), "types for 3 of 4 cells"),
            (typing(&[], &[0, 0, 0, 0]), "0 types"),
            (typing(&["a", " a "], &[0, 0, 0, 1]), "two types would be called “a”"),
            (typing(&["a", " "], &[0, 0, 0, 1]), "is empty or too long"),
            (typing(&["a"], &[0, 0, 0, 7]), "there is no type 7"),
        ] {
            let error = dataset.retype(typing).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
            assert_eq!(dataset, three());
        }
    }
}

//! The groups of cells between which a path leads.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::CellGroup;
use std::collections::BTreeSet;

/// A group of cells as the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct End {
    /// Its cells.
    pub(super) cells: usize,
    /// Their mean in the model space.
    pub(super) place: Vec<f64>,
    /// Their mean time, in index units.
    pub(super) time: f64,
}

impl End {
    /// The cells of a group, of one sample where one is named. `which` says which end it is.
    ///
    /// # Errors
    /// There is no such time point, type, cell or sample, or no cell is of the group.
    pub(super) fn new(dataset: &Dataset, group: &CellGroup, sample: Option<usize>, which: &str) -> Result<Self> {
        let CellGroup { time, types, cells } = group;
        let unknown = |what: String| Err(Error::request(what).at(which));
        if let Some(time) = time.filter(|time| *time >= dataset.time_points.len()) {
            return unknown(format!("There is no time point {time}"));
        }
        if let Some(kind) = types.iter().find(|kind| **kind >= dataset.types.len()) {
            return unknown(format!("There is no cell type {kind}"));
        }
        if let Some(cell) = cells.iter().find(|cell| **cell as usize >= dataset.states.rows) {
            return unknown(format!("There is no cell {cell}"));
        }
        if let Some(sample) = sample.filter(|sample| *sample >= dataset.samples.len()) {
            return unknown(format!("There is no sample {sample}"));
        }
        let named: BTreeSet<u32> = cells.iter().copied().collect();
        let belongs = |cell: &usize| {
            time.is_none_or(|time| dataset.times[*cell] as usize == time)
                && (types.is_empty() || types.contains(&(dataset.cell_types[*cell] as usize)))
                && (named.is_empty() || named.contains(&(*cell as u32)))
                && sample.is_none_or(|sample| dataset.sample_of(*cell) == sample)
        };
        let members: Vec<usize> = (0..dataset.states.rows).filter(belongs).collect();
        if members.is_empty() {
            let error = Error::request("No cell is of this group").at(which);
            return Err(error.remedy("Choose another time point, type or selection."));
        }
        let count = members.len() as f64;
        let mut place = vec![0.0; dataset.states.cols];
        for &cell in &members {
            place.iter_mut().zip(dataset.states.row(cell)).for_each(|(sum, x)| *sum += f64::from(*x) / count);
        }
        let time = members.iter().map(|cell| f64::from(dataset.times[*cell])).sum::<f64>() / count;
        Ok(Self { cells: members.len(), place, time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Matrix;
    use crate::protocol::{CellType, TimePoint};

    #[test]
    fn a_group_is_what_all_its_parts_name() {
        let point = |label: &str| TimePoint { label: label.into(), value: None, cells: 2 };
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 2 };
        let dataset = Dataset {
            states: Matrix::new(4, 2, vec![0.0, 0.0, 2.0, 0.0, 0.0, 4.0, 2.0, 8.0]).unwrap(),
            times: vec![0, 0, 1, 1],
            time_points: vec![point("a"), point("b")],
            cell_types: vec![0, 1, 0, 1],
            types: vec![kind("x"), kind("y")],
            ..Dataset::default()
        };
        let end = |group: CellGroup| End::new(&dataset, &group, None, "from");
        let all = end(CellGroup::default()).unwrap();
        assert_eq!(all, End { cells: 4, place: vec![1.0, 3.0], time: 0.5 });
        let late = end(CellGroup { time: Some(1), ..CellGroup::default() }).unwrap();
        assert_eq!(late, End { cells: 2, place: vec![1.0, 6.0], time: 1.0 });
        let one = end(CellGroup { time: Some(1), types: vec![1], cells: vec![1, 3].into() }).unwrap();
        assert_eq!(one, End { cells: 1, place: vec![2.0, 8.0], time: 1.0 });
        for (group, what) in [
            (CellGroup { time: Some(2), ..CellGroup::default() }, "no time point 2"),
            (CellGroup { types: vec![7], ..CellGroup::default() }, "no cell type 7"),
            (CellGroup { cells: vec![4].into(), ..CellGroup::default() }, "no cell 4"),
            (CellGroup { time: Some(0), cells: vec![3].into(), ..CellGroup::default() }, "No cell is of this group"),
        ] {
            let error = end(group).unwrap_err();
            assert!(error.what.contains(what) && error.place == "from", "{error}");
        }
        assert!(End::new(&dataset, &CellGroup::default(), Some(0), "to").is_err());
    }
}

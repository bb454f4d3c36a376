//! Samples: populations that lived together, such as donors, replicates, genotypes or cultures.
//!
//! A population is the cells of one sample at one time point. Cells of different samples never act on each other. A dataset without
//! samples is one sample.

use crate::data::dataset::count;
use crate::data::{Dataset, Matrix};
use crate::protocol::{CellType, Sample};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Most samples of a dataset.
pub(crate) const MOST_SAMPLES: usize = 200;
/// A sample is taken to lack a type whose share of its first population is below this part of the median share in the other samples.
const LACKING: f64 = 0.1;
/// A type that is rarer than this in the other samples is not said to be lacking.
const RARE: f64 = 0.01;

impl Dataset {
    /// Number of samples; 1 where none are declared.
    pub fn sample_count(&self) -> usize {
        self.samples.len().max(1)
    }

    /// Sample of a cell; 0 where none are declared.
    ///
    /// # Panics
    ///
    /// If samples are declared and there is no such cell.
    pub fn sample_of(&self, cell: usize) -> usize {
        if self.samples.is_empty() { 0 } else { self.cell_samples[cell] as usize }
    }

    /// The cells of one sample at one time point, in the order of the dataset.
    pub fn sample_cells(&self, sample: usize, time: usize) -> Vec<u32> {
        let mut cells = self.cells_at(time);
        cells.retain(|&cell| self.sample_of(cell as usize) == sample);
        cells
    }

    /// The first time point at which a sample has cells.
    pub fn first_time(&self, sample: usize) -> Option<usize> {
        (0..self.time_points.len()).find(|&time| !self.sample_cells(sample, time).is_empty())
    }

    /// What a training sees that does not know some samples: the other samples' cells with their states, times and types. The samples keep their
    /// positions.
    ///
    /// # Errors
    /// There is no such sample.
    pub fn without_samples(&self, unseen: &[usize]) -> Result<Self> {
        if let Some(sample) = unseen.iter().find(|&&sample| sample >= self.samples.len()) {
            let what = match self.samples.len() {
                0 => "This dataset has no samples to hold out".into(),
                _ => format!("There is no sample {sample}"),
            };
            return Err(Error::request(what).at("hold out sample").remedy("See the samples with `scimf info`."));
        }
        let cells: Vec<usize> = (0..self.states.rows).filter(|&cell| !unseen.contains(&self.sample_of(cell))).collect();
        let of = |values: &[u32]| cells.iter().filter_map(|&cell| values.get(cell).copied()).collect();
        let values = cells.iter().flat_map(|&cell| self.states.row(cell)).copied().collect();
        Ok(Self {
            name: self.name.clone(),
            states: Matrix { rows: cells.len(), cols: self.states.cols, values },
            axis: self.axis.clone(),
            times: of(&self.times),
            time_points: self.time_points.clone(),
            cell_types: of(&self.cell_types),
            types: self.types.clone(),
            cell_samples: of(&self.cell_samples),
            samples: self.samples.clone(),
            decoder: self.decoder.clone(),
            measured: self.measured.as_ref().map(|measured| measured.of_cells(&cells)),
            ..Self::default()
        })
    }

    /// Counts the cells of each sample, checks that samples fit the cells, and proposes what samples lack where the file says nothing.
    ///
    /// # Errors
    ///
    /// If there are too many samples, one has no cells or the name of another, or an index is out of range.
    pub(super) fn check_samples(&mut self) -> Result<()> {
        if self.samples.is_empty() && self.cell_samples.is_empty() {
            return Ok(());
        }
        if self.samples.len() > MOST_SAMPLES {
            let what = format!("there are {} samples, and {MOST_SAMPLES} are the most", self.samples.len());
            return Err(Error::input(what).remedy("Put neighbouring samples together, or choose a coarser column."));
        }
        let counts = count(&self.cell_samples, self.samples.len(), self.states.rows).map_err(|it| it.at("samples"))?;
        self.samples.iter_mut().zip(counts).for_each(|(sample, cells)| sample.cells = cells);
        if let Some(sample) = self.samples.iter().find(|sample| sample.cells == 0) {
            return Err(Error::input(format!("the sample “{}” has no cells", sample.name)).at("samples"));
        }
        for (index, sample) in self.samples.iter().enumerate() {
            if self.samples[..index].iter().any(|other| other.name == sample.name) {
                return Err(Error::input(format!("two samples are called “{}”", sample.name)).at("samples"));
            }
            if let Some(kind) = sample.lacks.iter().find(|&&kind| kind >= self.types.len()) {
                return Err(Error::input(format!(
                    "the sample “{}” lacks type {kind}, which there is not",
                    sample.name
                ))
                .at("samples"));
            }
        }
        let proposed = self.proposed_lacks();
        for (sample, lacks) in self.samples.iter_mut().zip(proposed).filter(|(sample, _)| sample.proposed) {
            sample.lacks = lacks;
        }
        Ok(())
    }

    /// For each sample the types that are missing from it, judged by its first population: one in which others have more than a few cells.
    ///
    /// A type that no sample has at its first time point is judged by all cells of the samples.
    fn proposed_lacks(&self) -> Vec<Vec<usize>> {
        let samples = self.samples.len();
        let first: Vec<Option<usize>> = (0..samples).map(|sample| self.first_time(sample)).collect();
        let (mut at_first, mut over_all) =
            (vec![vec![0; self.types.len()]; samples], vec![vec![0; self.types.len()]; samples]);
        for cell in 0..self.states.rows {
            let (sample, kind) = (self.sample_of(cell), self.cell_types[cell] as usize);
            over_all[sample][kind] += 1;
            if first[sample] == Some(self.times[cell] as usize) {
                at_first[sample][kind] += 1;
            }
        }
        let shares = |counts: &[Vec<usize>]| -> Vec<Vec<f64>> {
            let share = |counts: &Vec<usize>| {
                let all = counts.iter().sum::<usize>().max(1) as f64;
                counts.iter().map(|&count| count as f64 / all).collect()
            };
            counts.iter().map(share).collect()
        };
        let (at_first, over_all) = (shares(&at_first), shares(&over_all));
        let lacks = |sample: usize, kind: usize| {
            let unseen = at_first.iter().all(|shares| shares[kind] == 0.0);
            let shares = if unseen { &over_all } else { &at_first };
            let mut others: Vec<f64> = (0..samples).filter(|&it| it != sample).map(|it| shares[it][kind]).collect();
            others.sort_by(f64::total_cmp);
            let median = others.get(others.len() / 2).copied().unwrap_or(0.0);
            median > RARE && shares[sample][kind] < LACKING * median
        };
        (0..samples).map(|sample| (0..self.types.len()).filter(|&kind| lacks(sample, kind)).collect()).collect()
    }
}

/// A sample in a manifest: its name alone or with the names of the types that it lacks.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum SamplePart {
    Name(String),
    Full {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lacks: Option<Vec<String>>,
    },
}

impl SamplePart {
    pub(super) fn of(sample: &Sample, types: &[CellType]) -> Self {
        let names = || sample.lacks.iter().map(|kind| types[*kind].name.clone()).collect();
        Self::Full { name: sample.name.clone(), lacks: (!sample.proposed).then(names) }
    }

    pub(super) fn with(self, types: &[CellType]) -> Result<Sample> {
        let (name, lacks) = match self {
            Self::Name(name) => (name, None),
            Self::Full { name, lacks } => (name, lacks),
        };
        let kind = |lacking: &String| {
            types.iter().position(|kind| kind.name == *lacking).ok_or_else(|| {
                Error::input(format!("the sample “{name}” lacks “{lacking}”, which is no cell type of this bundle"))
                    .at("samples")
                    .at("manifest.json")
                    .remedy("Name types as in `cell_types`.")
            })
        };
        let kinds = lacks.iter().flatten().map(kind).collect::<Result<_>>()?;
        Ok(Sample { lacks: kinds, proposed: lacks.is_none(), name, cells: 0 })
    }
}

/// Samples of these names, whose cells and lacking types are not counted yet.
pub(crate) fn named(names: impl IntoIterator<Item = String>) -> Vec<Sample> {
    names.into_iter().map(|name| Sample { name, lacks: Vec::new(), proposed: true, cells: 0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::TimePoint;

    /// Two samples at two times; the second has no cell of type 1 at its first time point.
    fn two() -> Dataset {
        let point = |label: &str| TimePoint { label: label.into(), value: None, cells: 0 };
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 0 };
        Dataset {
            states: Matrix::zeros(8, 2),
            times: vec![0, 0, 0, 0, 1, 1, 1, 1],
            time_points: vec![point("a"), point("b")],
            cell_types: vec![0, 1, 0, 0, 0, 1, 0, 1],
            types: vec![kind("x"), kind("y")],
            cell_samples: vec![0, 0, 1, 1, 0, 0, 1, 1],
            samples: named(["control".into(), "mutant".into()]),
            ..Dataset::default()
        }
    }

    #[test]
    fn a_sample_without_a_type_is_noticed_at_its_first_time_point() {
        let dataset = two().checked().unwrap();
        let lacks: Vec<_> = dataset.samples.iter().map(|sample| sample.lacks.clone()).collect();
        assert_eq!(lacks, [vec![], vec![1]]);
        assert_eq!((dataset.samples[1].cells, dataset.first_time(1)), (4, Some(0)));
        assert_eq!(dataset.sample_cells(1, 1), [6, 7]);
        assert_eq!(Dataset { samples: vec![], cell_samples: vec![], ..two() }.sample_cells(0, 1), [4, 5, 6, 7]);
    }

    #[test]
    fn what_is_not_seen_is_left_out() {
        let seen = two().without_samples(&[0]).unwrap();
        assert_eq!((seen.states.rows, seen.sample_cells(1, 1)), (4, vec![2, 3]));
        assert!(seen.sample_cells(0, 0).is_empty() && seen.samples.len() == 2);
        assert!(two().without_samples(&[2]).is_err());
    }

    #[test]
    fn what_a_file_declares_is_kept() {
        let mut dataset = two();
        dataset.samples[1].proposed = false;
        assert!(dataset.checked().unwrap().samples[1].lacks.is_empty());
    }

    #[test]
    fn samples_that_do_not_fit_are_refused() {
        let refused = |change: fn(&mut Dataset), says: &str| {
            let mut dataset = two();
            change(&mut dataset);
            let error = dataset.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|it| it.cell_samples[0] = 2, "samples: index 2 is out of range");
        refused(|it| it.cell_samples = vec![0; 8], "“mutant” has no cells");
        refused(|it| it.samples[1].name = "control".into(), "two samples");
        refused(|it| it.samples[0].lacks = vec![7], "lacks type 7");
        refused(|it| it.samples.clear(), "samples");
    }
}

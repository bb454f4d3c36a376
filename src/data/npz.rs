//! NumPy's `.npz` files: zip archives of `.npy` arrays. Cells in a model space are read, simulated cells are written.

use crate::data::archive::{self, Archive};
use crate::data::mapping::comparable_numbers;
use crate::data::{Dataset, npy, samples};
use crate::protocol::{CellType, TimePoint};
use crate::{Error, Result};

/// Reads cells that are in their model space already: `X` (cells x d) and `t` (time point of each cell), and if they are there `hold`
/// (time points held out), `time_labels`, `cell_type` (type of each cell), `type_labels`, `sample` (sample of each cell) and
/// `sample_labels`. The dataset has no name.
///
/// # Errors
///
/// If an array is missing, of another kind, or does not fit the others; names it.
pub fn read(bytes: &[u8]) -> Result<Dataset> {
    let mut archive = Archive::open(bytes)?;
    let missing = |name: &str| {
        Error::input(format!("this .npz file has no array {name}")).remedy(
            "Write one in Python: `numpy.savez(\"study.npz\", X=pcs.astype(\"float32\"), t=time_index, hold=[2])`; \
             `hold` is optional.",
        )
    };
    let states = archive.matrix("X.npy")?.ok_or_else(|| missing("X"))?;
    states.check_finite().map_err(|error| error.at("X"))?;
    let times = archive.indices("t.npy")?.ok_or_else(|| missing("t"))?;
    let time_labels = labels(archive.texts("time_labels.npy")?, &times, "time").map_err(|error| error.at("t"))?;
    let values = comparable_numbers(&time_labels).filter(|values| values.is_sorted_by(|a, b| a < b));
    let time_points = time_labels.into_iter().enumerate().map(|(index, label)| TimePoint {
        label,
        value: values.as_ref().map(|values| values[index]),
        cells: 0,
    });
    let time_points = time_points.collect();
    let (cell_types, names) = match archive.indices("cell_type.npy")? {
        Some(cell_types) => {
            let names = labels_of_types(&mut archive, &cell_types)?;
            (cell_types, names)
        }
        None => (vec![0; states.rows], vec!["all cells".into()]),
    };
    let (cell_samples, samples) = match archive.indices("sample.npy")? {
        Some(cell_samples) => {
            let names = labels(archive.texts("sample_labels.npy")?, &cell_samples, "sample");
            (cell_samples, samples::named(names.map_err(|error| error.at("sample"))?))
        }
        None => (Vec::new(), Vec::new()),
    };
    Dataset {
        states,
        axis: "PC".into(),
        times,
        time_points,
        cell_types,
        types: names.into_iter().map(|name| CellType { name, color: None, cells: 0 }).collect(),
        cell_samples,
        samples,
        held_out: archive.indices("hold.npy")?.unwrap_or_default().into_iter().map(|time| time as usize).collect(),
        ..Dataset::default()
    }
    .checked()
}

fn labels_of_types(archive: &mut Archive, cell_types: &[u32]) -> Result<Vec<String>> {
    labels(archive.texts("type_labels.npy")?, cell_types, "type").map_err(|error| error.at("cell_type"))
}

/// The given labels, or `time 0`, `time 1`, … for as many as the indices need.
fn labels(given: Option<Vec<String>>, indices: &[u32], what: &str) -> Result<Vec<String>> {
    let needed = indices.iter().max().map_or(0, |last| (*last as usize).saturating_add(1));
    match given {
        // There cannot be more groups than cells.
        None if needed > indices.len() => {
            Err(Error::input(format!("index {} is out of range for {} cells", needed - 1, indices.len()))
                .remedy("Indices count from 0 without gaps."))
        }
        None => Ok((0..needed).map(|index| format!("{what} {index}")).collect()),
        Some(labels) if labels.len() < needed => {
            Err(Error::input(format!("index {} has no label; there are {}", needed - 1, labels.len())))
        }
        Some(labels) => Ok(labels),
    }
}

/// Writes simulated cells: `states` (frames x cells x d, f32, row-major) and `times` (frames, in index units).
///
/// # Errors
///
/// If it grows beyond what a zip archive can hold.
pub fn write_simulation(times: &[f32], states: &[f32], dimensions: usize) -> Result<Vec<u8>> {
    let cells = states.len() / (times.len() * dimensions).max(1);
    archive::pack(vec![
        ("states.npy", npy::write_f32(&[times.len(), cells, dimensions], states)),
        ("times.npy", npy::write_f32(&[times.len()], times)),
    ])
}

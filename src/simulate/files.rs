//! Simulated cells as files.

use super::{Frames, Neighbourhood, filmed, linear};
use crate::data::anndata::write::{self, Observations};
use crate::data::{Dataset, Matrix, npz};
use crate::error::Result;
use crate::model::ScImf;
use crate::operators::OperatorField;
use crate::protocol::{SimulationFormat, SimulationQuery};
use burn::tensor::Device;

/// Most decoded expression values in a file; beyond, only the model space is written.
const MOST_VALUES: usize = 100_000_000;

/// Moves cells and writes the saved frames, in the model space and, in AnnData, as expression if there are loadings.
///
/// # Errors
/// The query cannot be followed, or the device failed.
pub async fn file(
    model: &ScImf,
    dataset: &Dataset,
    query: &SimulationQuery,
    format: SimulationFormat,
    device: &Device,
) -> Result<Vec<u8>> {
    let (film, began_as) = filmed(model, dataset, query, device).await?;
    written(dataset, film.frames().await?, &began_as, format)
}

/// The same for cells that Cell-MNN moves, in its components.
///
/// # Errors
/// As [`file`].
pub async fn linear_file(
    field: &OperatorField,
    query: &SimulationQuery,
    format: SimulationFormat,
    device: &Device,
) -> Result<Vec<u8>> {
    let (film, began_as) = linear::filmed(field, query, device).await?;
    written(&field.dataset, film.frames().await?, &began_as, format)
}

fn written(dataset: &Dataset, frames: Frames, began_as: &[u32], format: SimulationFormat) -> Result<Vec<u8>> {
    match format {
        SimulationFormat::Npz => npz::write_simulation(&frames.times, &frames.states, dataset.states.cols),
        SimulationFormat::H5ad => anndata(dataset, frames, began_as),
    }
}

/// A row for each frame and cell: its time, the cell that it is, the observed cell that it began as, and its type by its neighbours.
fn anndata(dataset: &Dataset, frames: Frames, began_as: &[u32]) -> Result<Vec<u8>> {
    let cells = began_as.len();
    let labels = Neighbourhood::new(dataset).label(&frames.states);
    let each = |value: &dyn Fn(usize, usize) -> f32| -> Vec<f32> {
        (0..frames.times.len())
            .flat_map(|frame| (0..cells).map(move |cell| (frame, cell)))
            .map(|(f, c)| value(f, c))
            .collect()
    };
    let names =
        (0..frames.times.len()).flat_map(|frame| (0..cells).map(move |cell| format!("cell{cell}-frame{frame}")));
    let numbers = vec![
        ("time_index", each(&|frame, _| frames.times[frame])),
        ("simulated_cell", each(&|_, cell| cell as f32)),
        ("began_as", each(&|_, cell| began_as[cell] as f32)),
        ("type_confidence", labels.confidence),
    ];
    let types = dataset.types.iter().map(|kind| kind.name.clone()).collect();
    let names = names.collect();
    let states = Matrix { rows: cells * frames.times.len(), cols: dataset.states.cols, values: frames.states };
    let decoder = dataset.decoder.as_ref().filter(|decoder| decoder.genes.len() * states.rows <= MOST_VALUES);
    let (variables, x) = match decoder {
        Some(decoder) => {
            let values = (0..states.rows).flat_map(|row| decoder.decode(states.row(row))).collect();
            (decoder.genes.clone(), Matrix { rows: states.rows, cols: decoder.genes.len(), values })
        }
        None => ((1..=states.cols).map(|axis| format!("{} {axis}", dataset.axis)).collect(), states.clone()),
    };
    write::write(&Observations {
        names,
        numbers,
        categories: vec![("predicted_type", types, labels.types)],
        variables,
        x,
        spaces: vec![("X_pca", &states)],
    })
}

//! Simulated cells as files.

use super::frames::Frames;
use super::{Journey, Moving, Neighbourhood};
use crate::data::anndata::write::{self, Category, Observations, Values};
use crate::data::{Dataset, Matrix, npz};
use crate::error::Result;
use crate::protocol::SimulationFormat;

/// Most decoded expression values in a file; beyond, only the model space is written.
const MOST_VALUES: usize = 100_000_000;

/// Moves cells to the end and writes the saved frames, in the model space and, in AnnData, as expression if there are
/// loadings.
///
/// # Errors
/// The device failed.
pub async fn file(moving: Moving<impl Journey>, dataset: &Dataset, format: SimulationFormat) -> Result<Vec<u8>> {
    let seen = moving.seen_in();
    let seen = seen.as_deref().unwrap_or(dataset);
    let (frames, began_as) = moving.moved_to_the_end(dataset).await?;
    match format {
        SimulationFormat::Npz => npz::write_simulation(&frames.times, &frames.states, seen.states.cols),
        SimulationFormat::H5ad => anndata(seen, frames, &began_as),
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
        ("time_index".into(), each(&|frame, _| frames.times[frame])),
        ("simulated_cell".into(), each(&|_, cell| cell as f32)),
        ("began_as".into(), each(&|_, cell| began_as[cell] as f32)),
        ("type_confidence".into(), labels.confidence),
    ];
    let levels = dataset.types.iter().map(|kind| kind.name.clone()).collect();
    let codes = labels.types.iter().map(|kind| *kind as i16).collect();
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
        categories: vec![Category { name: "predicted_type".into(), ordered: false, levels, codes }],
        variables,
        x: Values::Dense(x),
        spaces: vec![("X_pca".into(), &states)],
        ..Observations::default()
    })
}

//! Simulated populations of a trained model.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::{Population, ScImf};
use crate::projection::Plane;
use crate::protocol::{Simulation, SimulationQuery};
use crate::sde::{TimeGrid, integrate};
use crate::tensor::{read, upload};
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Euler-Maruyama step, as in training.
const DT: f64 = 0.1;

/// Draws cells of the first time point, moves them to the last one with noise and without dropout, and projects the saved frames.
///
/// # Errors
/// There are no cells to simulate, the space does not exist, or the device failed.
pub async fn simulate(model: &ScImf, dataset: &Dataset, query: SimulationQuery, device: &Device) -> Result<Simulation> {
    let per_unit = TimeGrid::steps_per_unit(DT);
    if query.cells == 0 || query.frames_per_interval == 0 || query.frames_per_interval > per_unit {
        let what = format!("A simulation needs at least one cell and 1 to {per_unit} frames per interval");
        return Err(Error::request(what));
    }
    let plane = Plane::new(dataset, query.space)?;
    let dimensions = dataset.states.cols;
    let draws = Draws::Seeded(query.seed);
    let first = dataset.states_at(0);
    let cells = draws.cells(0, first.rows, query.cells);
    let start = cells.iter().flat_map(|&cell| first.row(cell)).copied().collect();
    let shape = [query.cells, dimensions];
    let population = Population::new(model.clone(), query.cells, None, device);
    let grid = TimeGrid::over(0, dataset.time_points.len() - 1, DT);

    let stride = per_unit / query.frames_per_interval;
    let (mut times, mut frames) = (Vec::new(), Vec::new());
    integrate(
        &population,
        grid,
        upload(start, shape, device),
        |step| Some(upload(draws.noise(0, step, query.cells * dimensions), shape, device)),
        |step, state| {
            if step % stride == 0 || step == grid.steps {
                times.push(grid.time(step) as f32);
                frames.push(state.clone());
            }
        },
    );
    let points = read(Tensor::cat(frames, 0)).await?;
    Ok(Simulation { query, times: times.into(), positions: plane.points(&points).into(), exact: plane.is_exact() })
}

//! Simulated populations of a trained model.

use crate::data::{Dataset, npz};
use crate::error::{Error, Result};
use crate::model::{Population, ScImf};
use crate::projection::Plane;
use crate::protocol::{Simulation, SimulationQuery};
use crate::sde::{TimeGrid, euler_maruyama};
use crate::tensor::{read, upload};
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Euler-Maruyama step, as in training.
pub const DT: f64 = 0.1;

/// A population on its way from the first time point to the last one, with noise and without dropout.
pub struct Rollout {
    population: Population,
    grid: TimeGrid,
    draws: Draws,
    shape: [usize; 2],
    device: Device,
    step: usize,
    state: Tensor<2>,
}

impl Rollout {
    /// Draws `cells` cells of the first time point under `seed`.
    ///
    /// # Errors
    /// There are no cells to simulate.
    pub fn new(model: &ScImf, dataset: &Dataset, cells: usize, seed: u32, device: &Device) -> Result<Self> {
        if cells == 0 {
            return Err(Error::request("A simulation needs at least one cell"));
        }
        let draws = Draws::Seeded(seed);
        let first = dataset.states_at(0);
        let start = draws.cells(0, first.rows, cells);
        let start = start.iter().flat_map(|&cell| first.row(cell)).copied().collect();
        let shape = [cells, dataset.states.cols];
        Ok(Self {
            population: Population::new(model.clone(), cells, None, device),
            grid: TimeGrid::over(0, dataset.time_points.len() - 1, DT),
            draws,
            shape,
            device: device.clone(),
            step: 0,
            state: upload(start, shape, device),
        })
    }

    /// Steps taken.
    pub fn steps(&self) -> usize {
        self.step
    }

    /// The last time point is reached.
    pub fn is_finished(&self) -> bool {
        self.step == self.grid.steps
    }

    /// Where the population is, in index units.
    pub fn time(&self) -> f64 {
        self.grid.time(self.step)
    }

    /// The population as it is, `[cells, d]`.
    pub fn state(&self) -> Tensor<2> {
        self.state.clone()
    }

    /// Takes one Euler-Maruyama step.
    pub fn advance(&mut self) {
        let [cells, dimensions] = self.shape;
        let noise = upload(self.draws.noise(0, self.step, cells * dimensions), self.shape, &self.device);
        let (time, state) = (self.time(), self.state.clone());
        self.state = euler_maruyama(&self.population, time, self.grid.dt, state, Some(noise));
        self.step += 1;
    }
}

/// Moves cells of the first time point to the last one and projects the saved frames.
///
/// # Errors
/// There are no cells to simulate, the space does not exist, or the device failed.
pub async fn simulate(model: &ScImf, dataset: &Dataset, query: SimulationQuery, device: &Device) -> Result<Simulation> {
    let plane = Plane::new(dataset, query.space)?;
    let (times, points) = frames(model, dataset, query, device).await?;
    Ok(Simulation { query, times: times.into(), positions: plane.points(&points).into(), exact: plane.is_exact() })
}

/// Moves cells of the first time point to the last one and writes the saved frames, in the model space, as an `.npz` file.
///
/// # Errors
/// There are no cells to simulate, or the device failed.
pub async fn states(model: &ScImf, dataset: &Dataset, query: SimulationQuery, device: &Device) -> Result<Vec<u8>> {
    let (times, points) = frames(model, dataset, query, device).await?;
    npz::write_simulation(&times, &points, dataset.states.cols)
}

/// Times of the saved frames and the cells at each: frames x cells x d.
async fn frames(
    model: &ScImf,
    dataset: &Dataset,
    query: SimulationQuery,
    device: &Device,
) -> Result<(Vec<f32>, Vec<f32>)> {
    let per_unit = TimeGrid::steps_per_unit(DT);
    if query.frames_per_interval == 0 || query.frames_per_interval > per_unit {
        return Err(Error::request(format!("A simulation saves 1 to {per_unit} frames per interval")));
    }
    let stride = per_unit / query.frames_per_interval;
    let mut rollout = Rollout::new(model, dataset, query.cells, query.seed, device)?;
    let (mut times, mut frames) = (vec![0.0], vec![rollout.state()]);
    while !rollout.is_finished() {
        rollout.advance();
        if rollout.steps().is_multiple_of(stride) || rollout.is_finished() {
            times.push(rollout.time() as f32);
            frames.push(rollout.state());
        }
    }
    Ok((times, read(Tensor::cat(frames, 0)).await?))
}

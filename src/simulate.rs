//! Simulated populations of a trained model, and experiments on them.

mod experiment;
mod fates;
mod files;
mod genes;
mod linear;
mod linearisation;
mod perturbation;
mod rollout;
mod start;

pub use experiment::Experimenter;
pub use fates::Neighbourhood;
pub use files::{file, linear_file};
pub use linear::linear;
pub use linearisation::linearisation;
pub use perturbation::perturbation;
pub use rollout::{DT, Rollout};

use crate::data::Dataset;
use crate::error::Result;
use crate::model::ScImf;
use crate::projection::Plane;
use crate::protocol::{Change, Simulation, SimulationQuery};
use crate::tensor::read;
use burn::tensor::{Device, Tensor};

/// Moves cells and shows them as asked for.
///
/// # Errors
/// The query cannot be followed (no cells, a time that is not there, …), or the device failed.
pub async fn simulate(
    model: &ScImf,
    dataset: &Dataset,
    query: &SimulationQuery,
    device: &Device,
) -> Result<Simulation> {
    let (film, _) = filmed(model, dataset, query, device).await?;
    let neighbourhood = query.fates.then(|| Neighbourhood::new(dataset));
    film.develop(dataset, neighbourhood.as_ref(), None).await
}

/// Moves cells from the start to the end of a query; the frames, and the observed cells that they began as.
async fn filmed(
    model: &ScImf,
    dataset: &Dataset,
    query: &SimulationQuery,
    device: &Device,
) -> Result<(Film, Vec<u32>)> {
    let mut rollout = Rollout::new(model, dataset, query, &[], device)?;
    let mut film = Film::new(query)?;
    film.expose(&rollout);
    while !rollout.is_finished() {
        rollout.advance(dataset).await?;
        film.expose(&rollout);
    }
    Ok((film, rollout.began_as()))
}

/// Frames of a simulation in the model space.
struct Frames {
    /// Time of each, in index units.
    times: Vec<f32>,
    /// Frames x cells x d.
    states: Vec<f32>,
}

impl Frames {
    fn frame(&self, index: usize) -> &[f32] {
        let length = self.states.len() / self.times.len();
        &self.states[index * length..(index + 1) * length]
    }
}

/// Keeps the frames that a query asks for while a rollout goes on.
struct Film {
    query: SimulationQuery,
    stride: usize,
    times: Vec<f32>,
    states: Vec<Tensor<2>>,
}

impl Film {
    fn new(query: &SimulationQuery) -> Result<Self> {
        let stride = rollout::stride(query)?;
        Ok(Self { query: query.clone(), stride, times: Vec::new(), states: Vec::new() })
    }

    /// Takes the present state if its turn has come.
    fn expose(&mut self, rollout: &Rollout) {
        if rollout.steps().is_multiple_of(self.stride) || rollout.is_finished() {
            self.times.push(rollout.time() as f32);
            self.states.push(rollout.state());
        }
    }

    /// Reads the frames back.
    async fn frames(self) -> Result<Frames> {
        Ok(Frames { times: self.times, states: read(Tensor::cat(self.states, 0)).await? })
    }

    /// Reads the frames back and shows them as asked for; of the cells at positions `only`, if given. Types need a neighbourhood.
    async fn develop(
        self,
        dataset: &Dataset,
        neighbourhood: Option<&Neighbourhood>,
        only: Option<&[usize]>,
    ) -> Result<Simulation> {
        let query = self.query.clone();
        let plane = Plane::new(dataset, query.space)?;
        let mut frames = self.frames().await?;
        if let Some(only) = only {
            let kept = (0..frames.times.len()).flat_map(|index| rows(frames.frame(index), dataset.states.cols, only));
            frames.states = kept.collect();
        }
        Ok(Simulation {
            positions: plane.points(&frames.states).into(),
            exact: plane.is_exact(),
            fates: neighbourhood.map(|neighbourhood| fates::fates(neighbourhood, &frames)),
            genes: genes::courses(dataset, &query.genes, &frames)?,
            times: frames.times.into(),
            query,
        })
    }
}

/// Rows of a row-major matrix.
fn rows(values: &[f32], cols: usize, rows: &[usize]) -> Vec<f32> {
    rows.iter().flat_map(|row| &values[row * cols..(row + 1) * cols]).copied().collect()
}

/// The changes that last as long as the simulation: who does not hear whom.
fn mutes(changes: &[Change]) -> Vec<(Option<u32>, u32)> {
    let muted = |change: &Change| match change {
        Change::Mute { receiver, sender } => Some((receiver.map(|kind| kind as u32), *sender as u32)),
        Change::Remove { .. } | Change::Shift { .. } => None,
    };
    changes.iter().filter_map(muted).collect()
}

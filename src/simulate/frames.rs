//! Frames of a simulation, and how they become what is shown.

use super::fates::{self, Neighbourhood};
use super::passage::Passage;
use super::{Journey, genes};
use crate::data::Dataset;
use crate::error::Result;
use crate::projection::Plane;
use crate::protocol::{Fates, Simulation, SimulationQuery};
use crate::tensor::read;
use burn::tensor::Tensor;
use std::sync::Arc;

/// Simulated cells that are placed in an embedding in one piece of work.
const PLACED_AT_ONCE: usize = 512;

/// Frames of a simulation in the model space.
pub struct Frames {
    /// Time of each, in index units.
    pub times: Vec<f32>,
    /// Frames x cells x d.
    pub states: Vec<f32>,
}

impl Frames {
    /// The cells of a frame, row-major.
    pub fn frame(&self, index: usize) -> &[f32] {
        let length = self.states.len() / self.times.len();
        &self.states[index * length..(index + 1) * length]
    }
}

/// Keeps the frames that a query asks for while cells move.
pub struct FrameRecorder {
    query: SimulationQuery,
    times: Vec<f32>,
    states: Vec<Tensor<2>>,
}

impl FrameRecorder {
    /// An empty recorder.
    pub fn new(query: &SimulationQuery) -> Self {
        Self { query: query.clone(), times: Vec::new(), states: Vec::new() }
    }

    /// Takes the present state if its turn has come.
    pub fn record(&mut self, journey: &impl Journey) {
        if journey.is_frame() {
            self.times.push(journey.time() as f32);
            self.states.push(journey.state());
        }
    }

    /// Reads the frames back.
    ///
    /// # Errors
    /// The device failed.
    pub async fn frames(self) -> Result<Frames> {
        Ok(Frames { times: self.times, states: read(Tensor::cat(self.states, 0)).await? })
    }

    /// Reads the frames back, of the cells at positions `only`, if given, to be shown as asked for. Types need a neighbourhood.
    ///
    /// # Errors
    /// The device failed.
    pub async fn develop(
        self,
        dimensions: usize,
        neighbourhood: Option<Arc<Neighbourhood>>,
        only: Option<&[usize]>,
    ) -> Result<Developing> {
        let query = self.query.clone();
        let mut frames = self.frames().await?;
        if let Some(only) = only {
            let kept = (0..frames.times.len()).flat_map(|index| super::rows(frames.frame(index), dimensions, only));
            frames.states = kept.collect();
        }
        let labelled = neighbourhood.as_ref().map_or_else(Vec::new, |_| fates::labelled(&frames.times));
        let fates = neighbourhood.as_ref().map(|neighbourhood| neighbourhood.no_fates());
        let cells = frames.states.len() / dimensions;
        Ok(Developing {
            query,
            frames,
            cells,
            neighbourhood,
            labelled,
            passage: None,
            positions: Vec::new(),
            fates: fates.unwrap_or_default(),
        })
    }
}

/// Frames on their way to what is shown, one bounded piece at a time.
pub struct Developing {
    query: SimulationQuery,
    frames: Frames,
    /// Cells of all frames together.
    cells: usize,
    neighbourhood: Option<Arc<Neighbourhood>>,
    /// The frames whose cells get types.
    labelled: Vec<usize>,
    /// Among which cells it is noted that cells pass; none before the first are labelled.
    passage: Option<Passage>,
    positions: Vec<f32>,
    fates: Fates,
}

impl Developing {
    /// Share that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        let placed = self.positions.len() as f32 / (2 * self.cells).max(1) as f32;
        match self.labelled.len() {
            0 => placed,
            all => 0.5 * (placed + self.fates.times.len() as f32 / all as f32),
        }
    }

    /// Row-major states of the cells at each time at which they have types.
    pub fn labelled_states(&self) -> Vec<Vec<f32>> {
        self.labelled.iter().map(|&index| self.frames.frame(index).to_vec()).collect()
    }

    /// Does one bounded piece of work; what is shown when all is done. Not to be called again after that.
    ///
    /// # Errors
    /// The space or a gene is not there.
    pub fn advance(&mut self, dataset: &Dataset) -> Result<Option<Simulation>> {
        let (plane, cols) = (Plane::new(dataset, self.query.space)?, dataset.states.cols);
        let (next, all) = (self.positions.len() / 2, self.cells);
        if next < all {
            let end = if plane.is_exact() { all } else { all.min(next + PLACED_AT_ONCE) };
            self.positions.extend(plane.points(&self.frames.states[next * cols..end * cols]));
            return Ok(None);
        }
        if let Some(neighbourhood) = &self.neighbourhood
            && let Some(&index) = self.labelled.get(self.fates.times.len())
        {
            fates::label(neighbourhood, &self.frames, index, &mut self.fates);
            if !self.query.through.is_empty() {
                let passage = self.passage.get_or_insert_with(|| Passage::new(dataset, &self.query.through));
                passage.mark(&self.frames, index, &mut self.fates.passed.0);
            }
            return Ok(None);
        }
        Ok(Some(Simulation {
            positions: std::mem::take(&mut self.positions).into(),
            exact: plane.is_exact(),
            fates: self.neighbourhood.is_some().then(|| std::mem::take(&mut self.fates)),
            genes: genes::courses(dataset, &self.query.genes, &self.frames)?,
            times: self.frames.times.clone().into(),
            attention: Vec::new(),
            query: self.query.clone(),
        }))
    }
}

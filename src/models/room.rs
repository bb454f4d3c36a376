//! What every model does.
//!
//! A model is a [`Room`]: its weights in host memory and their file, the model on a device, a training of it, and cells that it moves. What only
//! some models do is an optional function of [`Model`] or of [`Readings`].

use super::{File, Readings};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::attention::Attention;
use crate::models::operators::OperatorField;
pub use crate::path::Drifts;
use crate::projection::Plane;
use crate::protocol::{DriftPart, ModelKind, Recipe, VelocityField, VelocityQuery};
pub use crate::simulate::{Journey, Moves};
use crate::tensor::{read, upload};
pub use crate::train::Completed;
use crate::train::Helpers;
use crate::velocity::shown;
use burn::tensor::{Device, Tensor};
use std::rc::Rc;
use std::sync::Arc;

/// All of one model.
pub trait Room {
    /// Which model it is.
    const KIND: ModelKind;
    /// Its weights in host memory, with the shape of the model.
    type Weights;
    /// It with its weights on a device, ready for a dataset.
    type Model: Model;
    /// A training of it in progress.
    type Training: Training<Model = Self::Model>;

    /// A file of weights, or of the state of a training, is of this model.
    fn claims(file: &File) -> bool;

    /// The weights in a file.
    ///
    /// # Errors
    /// A tensor is missing, left over, of the wrong shape or not finite.
    fn read(file: File) -> Result<Self::Weights>;

    /// Weights as a `.safetensors` file with the configuration inside.
    ///
    /// # Errors
    /// The tensors are not those of the configuration.
    fn write(weights: &Self::Weights) -> Result<Vec<u8>>;

    /// Puts weights on a device, for a dataset. The updates behind them and the time points that were held out come along.
    ///
    /// # Errors
    /// They do not fit the dataset.
    fn place(weights: &Self::Weights, dataset: &Dataset, device: &Device) -> Result<(Self::Model, u32, Vec<usize>)>;

    /// Reads the weights back from the device.
    ///
    /// # Errors
    /// The device failed.
    fn weights(model: &Self::Model, updates: u32, held_out: &[usize]) -> impl Future<Output = Result<Self::Weights>>;

    /// A training on a dataset, from `current` weights or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting cannot be followed, or the weights do not fit.
    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&Self::Weights>) -> Result<Self::Training>;

    /// Goes on with a training whose state is in a file, perhaps for another number of steps in all.
    ///
    /// # Errors
    /// The file holds no such state, the state does not fit the dataset, or all steps are done.
    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<Self::Training>;
}

/// What a training is computed from.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// The open dataset.
    pub dataset: &'a Dataset,
    /// Datasets that take turns with it; models that know no such thing leave them alone.
    pub companions: &'a [Dataset],
    /// What computes.
    pub device: &'a Device,
}

/// A model with its weights on a device, ready for a dataset.
pub trait Model: Moves + Drifts + Readings {
    /// A prediction of held-out cells on its way.
    type Prediction: Prediction;

    /// Dimensions that it works in: the first so many axes of the dataset's model space.
    fn dimensions(&self) -> usize;

    /// The dataset in which its cells are seen, if it is another than the open one: with the components that the model knows.
    fn seen_in(&self) -> Option<Arc<Dataset>> {
        None
    }

    /// Number of trained parameters.
    fn parameters(&self) -> usize;

    /// With these weights cells influence each other.
    fn interacts(&self) -> bool {
        false
    }

    /// Cells are moved in a learned space, and seen through its decoder.
    fn learned_space(&self) -> bool {
        false
    }

    /// Velocity of some observed cells of a time point, which form a population, in the model's dimensions: row-major, per sampling interval.
    ///
    /// # Errors
    /// The part of the drift does not exist, or the device failed.
    fn velocities(
        &self,
        dataset: &Dataset,
        time: usize,
        cells: &[u32],
        part: DriftPart,
        device: &Device,
    ) -> impl Future<Output = Result<Vec<f32>>>;

    /// Velocity of a population of observed cells, as it is shown.
    ///
    /// # Errors
    /// The space or the part of the drift does not exist, or the device failed.
    fn velocity(
        &self,
        dataset: &Dataset,
        query: VelocityQuery,
        device: &Device,
    ) -> impl Future<Output = Result<VelocityField>> {
        async move {
            let seen = self.seen_in();
            let dataset = seen.as_deref().unwrap_or(dataset);
            let plane = Plane::new(dataset, query.space)?;
            let cells = dataset.population_of(query.time, query.sample);
            let velocities = self.velocities(dataset, query.time, &cells, query.part.of_model(), device).await?;
            Ok(shown(query, dataset, &plane, cells, velocities))
        }
    }

    /// Predicts the cells of held-out time points.
    ///
    /// # Errors
    /// The cells cannot be drawn.
    fn predict(&self, dataset: &Dataset, asked: Asked<'_>, device: &Device) -> Result<Self::Prediction>;

    /// The attention between cells, if the model has one.
    fn attention(&self) -> Option<&dyn Attention> {
        None
    }

    /// The intrinsic part of the drift of a population at row-major `states` and a time in index units, and the part that comes from the other
    /// cells; none without interaction.
    ///
    /// # Errors
    /// The device failed.
    fn parts(
        &self,
        time: f64,
        states: Vec<f32>,
        device: &Device,
    ) -> impl Future<Output = Result<Option<[Vec<f32>; 2]>>> {
        let _ = (time, states, device);
        async { Ok(None) }
    }

    /// An operator for each cell, if the model has them.
    fn operators(&self) -> Option<&OperatorField> {
        None
    }
}

/// What is to be predicted.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Held-out time points, in order.
    pub times: &'a [usize],
    /// Number of predicted cells, where the model draws them.
    pub cells: usize,
    /// Seed of the drawn cells and the noise.
    pub seed: u32,
    /// The sample whose first population is moved; none for all cells of the first time point.
    pub sample: Option<usize>,
}

/// A prediction of held-out cells on its way.
pub trait Prediction {
    /// Does one bounded piece of work; at the end returns the predicted cells at each time that was asked for, row-major in the model's dimensions.
    ///
    /// # Errors
    /// The device failed.
    fn advance(&mut self, dataset: &Dataset, device: &Device) -> impl Future<Output = Result<Option<Vec<Vec<f32>>>>>;
}

/// A training in progress.
pub trait Training {
    /// What it trains.
    type Model;

    /// What it does.
    fn recipe(&self) -> Recipe;

    /// Time points that the loss compares with, in order.
    fn training_times(&self) -> Vec<usize>;

    /// Updates or epochs done.
    fn steps(&self) -> u32;

    /// Counts what a saved state would hold that an earlier one did not.
    fn stage(&self) -> u64;

    /// All steps are done, or a stop rule ended it.
    fn is_finished(&self) -> bool;

    /// Does one bounded piece of work and returns the step that it completed, or that the training went back to its best weights; none in between.
    ///
    /// # Errors
    /// The training diverged once too often (its best weights are still there), or the device failed.
    fn advance(&mut self) -> impl Future<Output = Result<Option<Completed>>>;

    /// Lets helpers compute parts of the steps that follow; false if its steps have no parts.
    fn share(&mut self, helpers: Rc<dyn Helpers>) -> bool {
        let _ = helpers;
        false
    }

    /// The model as it is now.
    fn model(&self) -> Self::Model;

    /// The model that is kept.
    fn best(&self) -> Best<Self::Model>;

    /// Its whole state as a file; none before there is anything to go on from.
    ///
    /// # Errors
    /// The device failed.
    fn state(&self) -> impl Future<Output = Result<Option<Vec<u8>>>>;
}

/// The model that a training keeps.
pub struct Best<M> {
    /// The model.
    pub model: M,
    /// The step whose weights these are, counted from 1; 0 for those that it started with.
    pub step: u32,
    /// The loss that chose them.
    pub loss: f32,
}

/// Refuses to go on with a training that has all its steps.
///
/// # Errors
/// No steps are left.
pub(super) fn refuse_a_whole_one(done: u32, of: u32) -> Result<()> {
    if of > done {
        return Ok(());
    }
    let what = format!("This training has all of its {done} updates");
    Err(Error::request(what).remedy("Ask for more updates."))
}

/// Refuses to show a part of the velocity of a model that has none.
///
/// # Errors
/// Not the whole is asked for.
pub(super) fn refuse_parts(part: DriftPart) -> Result<()> {
    if part == DriftPart::Total {
        return Ok(());
    }
    Err(Error::request("The velocity of this model has no parts").remedy("Ask for the whole of it."))
}

/// Row-major values of observed cells, those of each sample computed by themselves: cells of different samples never hear each other.
///
/// # Errors
/// What computes them fails.
pub(super) async fn in_samples(
    dataset: &Dataset,
    cells: &[u32],
    dimensions: usize,
    of: impl AsyncFn(&[u32]) -> Result<Vec<f32>>,
) -> Result<Vec<f32>> {
    let mut all = vec![0.0; cells.len() * dimensions];
    for sample in 0..dataset.sample_count() {
        let at: Vec<usize> = (0..cells.len()).filter(|at| dataset.sample_of(cells[*at] as usize) == sample).collect();
        if at.is_empty() {
            continue;
        }
        let values = of(&at.iter().map(|at| cells[*at]).collect::<Vec<_>>()).await?;
        for (at, row) in at.into_iter().zip(values.chunks_exact(dimensions)) {
            all[at * dimensions..(at + 1) * dimensions].copy_from_slice(row);
        }
    }
    Ok(all)
}

/// Row-major values of cells at row-major `states`, those of each time by themselves, in one read of the device.
///
/// # Errors
/// The device failed.
pub(super) async fn at_times(
    states: &[f32],
    times: &[f64],
    device: &Device,
    of: impl Fn(f64, Tensor<2>) -> Tensor<2>,
) -> Result<Vec<f32>> {
    let columns = states.len() / times.len().max(1);
    let (mut parts, mut first) = (Vec::new(), 0);
    for same in times.chunk_by(|a, b| a == b) {
        let last = first + same.len();
        let cells = upload(states[first * columns..last * columns].to_vec(), [same.len(), columns], device);
        parts.push(of(same[0], cells));
        first = last;
    }
    read(Tensor::cat(parts, 0)).await
}

/// Weights of so many dimensions do not fit a dataset of so many.
pub(super) fn unfit(theirs: usize, ours: usize) -> Error {
    Error::input(format!("These weights work in {theirs} dimensions, but the dataset has {ours}"))
        .remedy("Open the dataset that they were trained on.")
}

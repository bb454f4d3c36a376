//! The room of a fitted model.

use super::{Fitted, Progress, Stored, Trainer};
use crate::data::Dataset;
use crate::error::Result;
use crate::models::File;
use crate::models::room::{Best, Data, Model, Room, Training, refuse_a_whole_one, unfit};
use crate::protocol::{ModelKind, Recipe};
use crate::train::{Completed, rolled_back};
use burn::tensor::Device;
use std::marker::PhantomData;

/// The room of a fitted model.
pub struct FittedRoom<M>(PhantomData<M>);

impl<M: Fitted + Model> Room for FittedRoom<M> {
    const KIND: ModelKind = M::KIND;
    type Weights = M::Weights;
    type Model = M;
    type Training = Trainer<M>;

    fn claims(file: &File) -> bool {
        M::Weights::recognises(&file.tensors, &file.metadata)
    }

    fn read(file: File) -> Result<M::Weights> {
        M::Weights::from_file(file.tensors, &file.metadata)
    }

    fn write(weights: &M::Weights) -> Result<Vec<u8>> {
        weights.write()
    }

    fn place(weights: &M::Weights, dataset: &Dataset, device: &Device) -> Result<(M, u32, Vec<usize>)> {
        let (theirs, ours) = (weights.dimensions(), dataset.states.cols);
        if theirs != ours {
            return Err(unfit(theirs, ours));
        }
        Ok((M::placed(weights, device)?, weights.updates(), weights.held_out().to_vec()))
    }

    async fn weights(model: &M, updates: u32, held_out: &[usize]) -> Result<M::Weights> {
        model.to_weights(updates, held_out).await
    }

    fn train(data: &Data<'_>, recipe: &Recipe, current: Option<&M::Weights>) -> Result<Trainer<M>> {
        M::train(data, recipe, current)
    }

    fn resume(data: &Data<'_>, file: File, steps: Option<u32>) -> Result<Trainer<M>> {
        let progress: Progress<M::Weights> = Progress::from_file(file.tensors, &file.metadata)?;
        let recipe = progress.state.recipe.clone();
        let recipe = match steps {
            Some(steps) => recipe.with_steps(steps),
            None => recipe,
        };
        refuse_a_whole_one(progress.weights.updates(), recipe.steps())?;
        M::train(data, &recipe, Some(&progress.weights))?.standing_at(&progress)
    }
}

impl<M: Fitted> Training for Trainer<M> {
    type Model = M;

    fn recipe(&self) -> Recipe {
        Trainer::recipe(self).clone()
    }

    fn training_times(&self) -> Vec<usize> {
        Trainer::training_times(self).to_vec()
    }

    fn steps(&self) -> u32 {
        self.updates()
    }

    fn stage(&self) -> u64 {
        self.updates().into()
    }

    fn is_finished(&self) -> bool {
        Trainer::is_finished(self)
    }

    async fn advance(&mut self) -> Result<Option<Completed>> {
        rolled_back(Trainer::advance(self).await, self)
    }

    fn model(&self) -> M {
        Trainer::model(self)
    }

    fn best(&self) -> Best<M> {
        let (model, step, loss) = Trainer::best(self);
        Best { model, step, loss }
    }

    async fn state(&self) -> Result<Option<Vec<u8>>> {
        self.progress().await?.as_ref().map(Progress::write).transpose()
    }
}

//! A training of one of the models.

use super::{AnyTraining, scimf};
use crate::data::Dataset;
use crate::error::Result;
use crate::models::room::{Completed, Training};
use crate::protocol::Recipe;
use crate::train::Helpers;
use burn::tensor::Device;
use std::rc::Rc;

impl AnyTraining {
    /// A training that makes a device compile what trainings ask for: one update of at most so many cells of the first two time points, of the model
    /// that is proposed.
    ///
    /// # Errors
    /// The device failed.
    pub fn smallest(dataset: &Dataset, most_cells: usize, device: &Device) -> Result<Self> {
        scimf::smallest_training(dataset, most_cells, device).map(|it| Self::ScImf(Box::new(it)))
    }

    /// What it does.
    pub fn recipe(&self) -> Recipe {
        each!(self, it => Training::recipe(&**it))
    }

    /// Time points that the loss compares with, in order.
    pub fn training_times(&self) -> Vec<usize> {
        each!(self, it => Training::training_times(&**it))
    }

    /// Updates or epochs done.
    pub fn steps(&self) -> u32 {
        each!(self, it => Training::steps(&**it))
    }

    /// Counts what a saved state would hold that an earlier one did not.
    pub fn stage(&self) -> u64 {
        each!(self, it => Training::stage(&**it))
    }

    /// All steps are done, or a stop rule ended it.
    pub fn is_finished(&self) -> bool {
        each!(self, it => Training::is_finished(&**it))
    }

    /// Does one bounded piece of work and returns the step that it completed, or that the training went back to its best weights.
    ///
    /// # Errors
    /// The training diverged once too often (its best weights are still there), or the device failed.
    pub async fn advance(&mut self) -> Result<Option<Completed>> {
        each!(self, it => Training::advance(&mut **it).await)
    }

    /// Lets helpers compute parts of the steps that follow; false if its steps have no parts.
    pub fn share(&mut self, helpers: Rc<dyn Helpers>) -> bool {
        each!(self, it => Training::share(&mut **it, helpers))
    }

    /// Its whole state as a file; none before there is anything to go on from.
    ///
    /// # Errors
    /// The device failed.
    pub async fn state(&self) -> Result<Option<Vec<u8>>> {
        each!(self, it => Training::state(&**it).await)
    }
}

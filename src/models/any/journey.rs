//! Cells that one of the models moves.

use super::{AnyJourney, Journey};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{Communication, CommunicationQuery};
use crate::simulate::TypedCells;
use burn::tensor::Tensor;
use std::sync::Arc;

impl Journey for AnyJourney {
    async fn step(&mut self, dataset: &Dataset) -> Result<()> {
        each!(self, it => Journey::step(&mut **it, dataset).await)
    }

    fn is_finished(&self) -> bool {
        each!(self, it => Journey::is_finished(&**it))
    }

    fn progress(&self) -> f32 {
        each!(self, it => Journey::progress(&**it))
    }

    fn time(&self) -> f64 {
        each!(self, it => Journey::time(&**it))
    }

    fn is_frame(&self) -> bool {
        each!(self, it => Journey::is_frame(&**it))
    }

    fn state(&self) -> Tensor<2> {
        each!(self, it => Journey::state(&**it))
    }

    fn began_as(&self) -> Vec<u32> {
        each!(self, it => Journey::began_as(&**it))
    }

    fn asked_positions(&self) -> Vec<usize> {
        each!(self, it => Journey::asked_positions(&**it))
    }

    async fn attention(&self, population: TypedCells, query: CommunicationQuery) -> Result<Option<Communication>> {
        each!(self, it => Journey::attention(&**it, population, query).await)
    }

    fn seen_in(&self) -> Option<Arc<Dataset>> {
        each!(self, it => Journey::seen_in(&**it))
    }
}

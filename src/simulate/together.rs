//! Cells that attend to each other, as a stepper takes them.

use super::{Crowd, Journey, TypedCells};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{Change, Communication, CommunicationQuery};
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};

/// Takes the steps of cells that attend to each other.
pub trait CrowdStepper {
    /// Columns of a state behind those of the model space. They begin at 0 and have no noise.
    const FURTHER: usize = 0;

    /// The state after the next step of a crowd.
    ///
    /// # Shapes
    /// - `state`, output: `[cells, d + FURTHER]`
    ///
    /// # Errors
    /// The device failed.
    fn step(&mut self, crowd: &Crowd, state: Tensor<2>) -> impl Future<Output = Result<Tensor<2>>>;

    /// Who listens to whom in a population in which all attend to all; none where the model has no attention.
    ///
    /// # Errors
    /// The device failed.
    fn attention(
        &self,
        population: TypedCells,
        query: CommunicationQuery,
    ) -> impl Future<Output = Result<Option<Communication>>> {
        let _ = (population, query);
        async { Ok(None) }
    }
}

/// A crowd on its way from the start to the end of a query.
pub struct Together<S> {
    stepper: S,
    crowd: Crowd,
    dimensions: usize,
    /// `[cells, d + FURTHER]`
    state: Tensor<2>,
}

impl<S: CrowdStepper> Together<S> {
    /// A crowd with shifted genes, at the start.
    ///
    /// # Errors
    /// There is no such gene, or a shift is no number.
    pub fn new(stepper: S, crowd: Crowd, dataset: &Dataset, changes: &[Change], device: &Device) -> Result<Self> {
        let dimensions = dataset.states.cols;
        let start = crowd.start(dataset, changes, S::FURTHER)?;
        let state = upload(start, [crowd.cells(), dimensions + S::FURTHER], device);
        Ok(Self { stepper, crowd, dimensions, state })
    }

    /// The types of the cells as they are now, where something depends on them.
    async fn label(&mut self) -> Result<()> {
        if let Some(neighbourhood) = self.crowd.neighbourhood.as_ref().filter(|_| self.crowd.step > 0) {
            let states = read(self.state.clone().narrow(1, 0, self.dimensions)).await?;
            self.crowd.kinds = neighbourhood.label(&states).types.into_iter().map(u32::from).collect();
        }
        Ok(())
    }
}

impl<S: CrowdStepper> Journey for Together<S> {
    /// Takes one step.
    async fn step(&mut self, _: &Dataset) -> Result<()> {
        self.label().await?;
        self.state = self.stepper.step(&self.crowd, self.state.clone()).await?;
        self.crowd.step += 1;
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.crowd.step == self.crowd.grid.steps
    }

    fn progress(&self) -> f32 {
        self.crowd.step as f32 / self.crowd.grid.steps.max(1) as f32
    }

    fn time(&self) -> f64 {
        self.crowd.time()
    }

    fn is_frame(&self) -> bool {
        self.crowd.step.is_multiple_of(self.crowd.stride) || self.is_finished()
    }

    fn state(&self) -> Tensor<2> {
        self.state.clone().narrow(0, 0, self.crowd.asked()).narrow(1, 0, self.dimensions)
    }

    fn began_as(&self) -> Vec<u32> {
        self.crowd.began_as()
    }

    fn asked_positions(&self) -> Vec<usize> {
        self.crowd.asked_positions().to_vec()
    }

    async fn attention(&self, population: TypedCells, query: CommunicationQuery) -> Result<Option<Communication>> {
        if self.crowd.is_masked() {
            return Ok(None);
        }
        self.stepper.attention(population, query).await
    }
}

//! Cells on their way through time, and the frames that are kept of them.

use super::Journey;
use super::frames::{FrameRecorder, Frames};
use crate::data::Dataset;
use crate::error::Result;
use crate::projection::Plane;
use crate::protocol::SimulationQuery;
use std::sync::Arc;

/// Cells of a query on their way.
pub struct Moving<J> {
    pub(super) query: SimulationQuery,
    journey: J,
    recorder: FrameRecorder,
}

impl<J: Journey> Moving<J> {
    /// Cells that have not begun to move.
    ///
    /// # Errors
    /// The space or a gene is not there.
    pub fn new(journey: J, dataset: &Dataset, query: &SimulationQuery) -> Result<Self> {
        let seen = journey.seen_in();
        check(seen.as_deref().unwrap_or(dataset), query)?;
        let mut recorder = FrameRecorder::new(query);
        recorder.record(&journey);
        Ok(Self { query: query.clone(), journey, recorder })
    }

    /// Share of the way that is done, 0 to 1.
    pub(super) fn progress(&self) -> f32 {
        self.journey.progress()
    }

    /// The dataset in which the cells are seen, if it is another than the open one: with the components that the model knows.
    pub(super) fn seen_in(&self) -> Option<Arc<Dataset>> {
        self.journey.seen_in()
    }

    /// Moves the cells one step; false if they had arrived before.
    ///
    /// # Errors
    /// The device failed.
    pub(super) async fn step(&mut self, dataset: &Dataset) -> Result<bool> {
        if self.journey.is_finished() {
            return Ok(false);
        }
        self.journey.step(dataset).await?;
        self.recorder.record(&self.journey);
        Ok(true)
    }

    /// The cells where they have arrived, and the frames so far.
    pub(super) fn arrived(self) -> (J, FrameRecorder) {
        (self.journey, self.recorder)
    }

    /// Moves the cells to the end; all frames, and the observed cells that they began as.
    ///
    /// # Errors
    /// The device failed.
    pub(super) async fn moved_to_the_end(mut self, dataset: &Dataset) -> Result<(Frames, Vec<u32>)> {
        while self.step(dataset).await? {}
        let began_as = self.journey.began_as();
        Ok((self.recorder.frames().await?, began_as))
    }
}

/// What is asked for besides the cells is there.
fn check(dataset: &Dataset, query: &SimulationQuery) -> Result<()> {
    Plane::new(dataset, query.space)?;
    query.genes.iter().try_for_each(|gene| dataset.gene(*gene).map(|_| ()))
}

//! Which type becomes which, as a model says.

use super::{Lineage, shares};
use crate::data::{Dataset, Matrix};
use crate::error::Result;
use crate::models::{AnyJourney, AnyModel};
use crate::protocol::{SimulationQuery, Start};
use crate::simulate::{Journey, Moves, Neighbourhood};
use crate::tensor::read;
use burn::tensor::Device;

/// Most cells that are followed from a time point.
const FOLLOWED: usize = 500;

/// The cells of each time point on their way to the next, one bounded piece at a time. Where they arrive they get a type of the lineage by the
/// observed cells around them.
pub(crate) struct Following {
    model: AnyModel,
    seed: u32,
    /// The time point that cells leave next.
    time: usize,
    journey: Option<AnyJourney>,
    neighbourhood: Option<Neighbourhood>,
    counts: Vec<f64>,
}

impl Following {
    /// With a model, under the noise of a seed.
    pub(crate) fn new(model: AnyModel, seed: u32, lineage: &Lineage) -> Self {
        Self { model, seed, time: 0, journey: None, neighbourhood: None, counts: vec![0.0; lineage.len().pow(2)] }
    }

    /// Does one bounded piece of work; at the end the share of each type that becomes each, from (row) to (column).
    ///
    /// # Errors
    /// The cells cannot be moved, or the device failed.
    pub(crate) async fn advance(
        &mut self,
        lineage: &Lineage,
        dataset: &Dataset,
        device: &Device,
    ) -> Result<Option<Vec<f64>>> {
        match self.journey.take() {
            Some(mut journey) if !journey.is_finished() => {
                journey.step(dataset).await?;
                self.journey = Some(journey);
            }
            Some(journey) => self.arrive(lineage, dataset, &journey).await?,
            None if self.time + 1 >= dataset.time_points.len() => {
                return Ok(Some(shares(std::mem::take(&mut self.counts), lineage.len())));
            }
            None => {
                let there = dataset.cells_at(self.time);
                let there =
                    there.iter().filter(|cell| lineage.place(dataset.cell_types[**cell as usize]).is_some()).count();
                if there > 0 {
                    let query = self.query(lineage, there);
                    self.journey = Some(self.model.journey(dataset, &query, &[], device)?);
                }
                self.time += 1;
            }
        }
        Ok(None)
    }

    fn query(&self, lineage: &Lineage, there: usize) -> SimulationQuery {
        SimulationQuery {
            model: self.model.kind(),
            cells: there.min(FOLLOWED),
            seed: self.seed,
            start: Start { time: self.time, types: lineage.types.clone(), ..Start::default() },
            until: Some((self.time + 1) as f64),
            ..SimulationQuery::default()
        }
    }

    async fn arrive(&mut self, lineage: &Lineage, dataset: &Dataset, journey: &AnyJourney) -> Result<()> {
        let neighbourhood = self.neighbourhood.get_or_insert_with(|| {
            let seen = journey.seen_in();
            neighbourhood(lineage, seen.as_deref().unwrap_or(dataset))
        });
        let state = journey.state();
        let columns = state.dims()[1];
        let states = read(state).await?;
        let (asked, began) = (journey.asked_positions(), journey.began_as());
        let arrived: Vec<f32> =
            asked.iter().flat_map(|at| &states[at * columns..(at + 1) * columns]).copied().collect();
        let became = neighbourhood.label(&arrived).types;
        for (at, to) in asked.into_iter().zip(became) {
            if let Some(from) = lineage.place(began[at]) {
                self.counts[from * lineage.len() + usize::from(to)] += 1.0;
            }
        }
        Ok(())
    }
}

/// The observed cells of the lineage's types.
fn neighbourhood(lineage: &Lineage, dataset: &Dataset) -> Neighbourhood {
    let places = dataset.cell_types.iter().map(|kind| lineage.place(*kind));
    let cells: Vec<(u32, u32)> =
        places.enumerate().filter_map(|(cell, place)| Some((cell as u32, place? as u32))).collect();
    let (cells, kinds): (Vec<u32>, Vec<u32>) = cells.into_iter().unzip();
    let states = Matrix { rows: cells.len(), cols: dataset.states.cols, values: dataset.states_of(&cells) };
    Neighbourhood::of(&states, &kinds, lineage.len())
}

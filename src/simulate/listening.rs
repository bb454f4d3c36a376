//! Who listens to whom among simulated cells.

use super::Journey;
use super::frames::Developing;
use crate::data::evenly;
use crate::error::Result;
use crate::protocol::{CommunicationQuery, Fates, Simulation, TypeAttention};

/// Most cells among which attention is computed; an evenly spread sample of more.
const MOST_LISTENING: usize = 1024;

/// A population whose cells have types.
pub struct TypedCells {
    /// `[cells, d]`, row-major.
    pub states: Vec<f32>,
    /// The type of each cell.
    pub kinds: Vec<u16>,
    /// Number of types that there are.
    pub types: usize,
}

/// The attention of a simulation's cells whenever they have types, one time after the other.
pub struct Listening {
    simulation: Simulation,
    wanted: TypeAttention,
    /// Cell types of the dataset.
    types: usize,
    /// Row-major states of each of the times.
    states: Vec<Vec<f32>>,
}

impl Listening {
    /// The cells of a simulation that is developed; none where no attention is asked for or its cells have no types.
    pub fn new(simulation: &Simulation, developed: &Developing, types: usize) -> Option<Self> {
        let wanted = simulation.query.attention?;
        let states = developed.labelled_states();
        (simulation.fates.is_some() && !states.is_empty()).then(|| Self {
            simulation: simulation.clone(),
            wanted,
            types,
            states,
        })
    }

    /// Share that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        self.simulation.attention.len() as f32 / self.states.len() as f32
    }

    /// Does one bounded piece of work, the attention at one time; the simulation when all is done. Not to be called again after that.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, journey: &impl Journey) -> Result<Option<Simulation>> {
        let next = self.simulation.attention.len();
        let (Some(states), Some(fates)) = (self.states.get(next), &self.simulation.fates) else {
            return Ok(Some(std::mem::take(&mut self.simulation)));
        };
        let query = CommunicationQuery {
            time: (f64::from(fates.times[next]) + 1e-3) as usize,
            score: self.wanted.score,
            minimum_cells: self.wanted.minimum_cells,
            sample: self.simulation.query.start.sample,
        };
        let population = sample(states, types_at(fates, next), self.types);
        match journey.attention(population, query).await? {
            Some(found) => self.simulation.attention.push(found),
            None => return Ok(Some(std::mem::take(&mut self.simulation))),
        }
        Ok(None)
    }
}

/// Types of all cells at one of the times.
fn types_at(fates: &Fates, index: usize) -> &[u16] {
    let cells = fates.types.len() / fates.times.len();
    &fates.types[index * cells..(index + 1) * cells]
}

/// At most so many of the cells, with their types.
fn sample(states: &[f32], kinds: &[u16], types: usize) -> TypedCells {
    let chosen: Vec<usize> = evenly(kinds.len(), MOST_LISTENING).collect();
    let columns = states.len() / kinds.len().max(1);
    let states = super::rows(states, columns, &chosen);
    TypedCells { states, kinds: chosen.iter().map(|&cell| kinds[cell]).collect(), types }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_keeps_each_cell_with_its_type() {
        let kinds: Vec<u16> = (0..3000).map(|cell| cell % 7).collect();
        let states: Vec<f32> = (0..6000).map(|value| (value / 2) as f32).collect();
        let some = sample(&states, &kinds, 7);
        assert_eq!((some.states.len(), some.kinds.len()), (2 * MOST_LISTENING, MOST_LISTENING));
        assert!(
            some.states
                .chunks(2)
                .zip(&some.kinds)
                .all(|(state, kind)| state[0] == state[1] && state[0] as u16 % 7 == *kind)
        );
    }
}

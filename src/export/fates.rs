//! Where copies of all cells end: shares of the cell types, from simulations in which the cells of a time point move together.

use crate::data::{Dataset, Matrix};
use crate::error::Result;
use crate::models::{AnyJourney, AnyModel, Journey, Moves};
use crate::protocol::{SimulationQuery, Start};
use crate::simulate::Neighbourhood;
use crate::tensor::read;
use burn::tensor::Device;
use std::collections::VecDeque;

/// Copies that are simulated of each cell, unless another number is asked for or there are too many cells.
const COPIES: usize = 20;
/// Simulated cells in all, unless a number of copies is asked for.
const PATHS: usize = 20_000;
/// Cells that move together: an evenly mixed part of their population, since attention grows with the square of their number.
const TOGETHER: usize = 512;

/// Cells that begin together, and which copy of them it is.
struct Group {
    time: usize,
    cells: Vec<u32>,
    copy: u32,
}

/// Copies of cells on their way.
pub(super) struct Following {
    left: VecDeque<Group>,
    running: Option<AnyJourney>,
    /// None until the first cells arrive: the model says where they are seen.
    neighbourhood: Option<Neighbourhood>,
    found: Fates,
}

/// Where copies of cells ended.
#[derive(Default)]
pub(super) struct Fates {
    /// Copies of each cell.
    pub(super) copies: usize,
    /// Share of the copies that ended as each type: cells x types. NaN for cells that were not followed.
    pub(super) shares: Matrix,
}

impl Following {
    /// Copies of the cells of a dataset; as many of each as can be afforded, if no number is asked for. Of more than [`PATHS`] cells an evenly spread
    /// part is followed. Cells of the last time point have arrived: their share is 1 for their own type.
    pub(super) fn new(dataset: &Dataset, copies: Option<usize>) -> Self {
        let (cells, kinds) = (dataset.states.rows, dataset.types.len());
        let last = dataset.time_points.len() - 1;
        let mut shares = Matrix::zeros(cells, kinds);
        shares.values.fill(f32::NAN);
        let moving = dataset.times.iter().filter(|time| (**time as usize) < last).count();
        let most = copies.map_or(PATHS, |copies| copies.saturating_mul(moving));
        let copies = copies.unwrap_or(COPIES).min(most / moving.max(1)).max(1);
        let every = moving.div_ceil(most.max(1)).max(1);
        let mut left = VecDeque::new();
        for (sample, time) in (0..dataset.sample_count()).flat_map(|sample| (0..=last).map(move |time| (sample, time)))
        {
            let all = dataset.sample_cells(sample, time);
            let followed: Vec<u32> = all.into_iter().step_by(if time < last { every } else { 1 }).collect();
            for cell in &followed {
                let row = shares.row_mut(*cell as usize);
                row.fill(0.0);
                if time == last {
                    row[dataset.cell_types[*cell as usize] as usize] = 1.0;
                }
            }
            if time == last {
                continue;
            }
            let parts = followed.len().div_ceil(TOGETHER);
            for part in 0..parts {
                let cells: Vec<u32> = followed.iter().copied().skip(part).step_by(parts).collect();
                left.extend((0..copies as u32).map(|copy| Group { time, cells: cells.clone(), copy }));
            }
        }
        Self { left, running: None, neighbourhood: None, found: Fates { copies, shares } }
    }

    /// Groups that have not arrived; of the one that moves, the part of the way that is left.
    pub(super) fn left(&self) -> f32 {
        self.left.len() as f32 + self.running.as_ref().map_or(0.0, |journey| 1.0 - journey.progress())
    }

    /// Does one bounded piece of work; what was found when all cells have arrived.
    ///
    /// # Errors
    /// The cells cannot be moved, or the device failed.
    pub(super) async fn advance(
        &mut self,
        dataset: &Dataset,
        model: &AnyModel,
        device: &Device,
    ) -> Result<Option<Fates>> {
        match self.running.take() {
            Some(mut journey) if !journey.is_finished() => {
                journey.step(dataset).await?;
                self.running = Some(journey);
            }
            Some(journey) => self.arrive(dataset, &journey).await?,
            None => {
                let Some(Group { time, cells, copy }) = self.left.pop_front() else {
                    return Ok(Some(std::mem::take(&mut self.found)));
                };
                let query = SimulationQuery {
                    model: model.kind(),
                    cells: cells.len(),
                    seed: copy,
                    frames_per_interval: 1,
                    start: Start { time, cells: cells.into(), alone: true, ..Start::default() },
                    ..SimulationQuery::default()
                };
                self.running = Some(model.journey(dataset, &query, &[], device)?);
            }
        }
        Ok(None)
    }

    async fn arrive(&mut self, dataset: &Dataset, journey: &AnyJourney) -> Result<()> {
        let seen = journey.seen_in();
        let neighbourhood =
            self.neighbourhood.get_or_insert_with(|| Neighbourhood::new(seen.as_deref().unwrap_or(dataset)));
        let labels = neighbourhood.label(&read(journey.state()).await?);
        for (cell, kind) in journey.began_as().into_iter().zip(labels.types) {
            self.found.shares.row_mut(cell as usize)[usize::from(kind)] += 1.0 / self.found.copies as f32;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CellType, TimePoint};

    fn dataset(cells: usize) -> Dataset {
        let point = || TimePoint { label: String::new(), value: None, cells: 0 };
        let kind = || CellType { name: String::new(), color: None, cells: 0 };
        Dataset {
            states: Matrix::zeros(cells, 1),
            times: (0..cells as u32).map(|cell| cell % 2).collect(),
            cell_types: (0..cells as u32).map(|cell| cell / 2 % 2).collect(),
            time_points: vec![point(), point()],
            types: vec![kind(), kind()],
            ..Dataset::default()
        }
    }

    #[test]
    fn cells_of_the_last_time_have_arrived_and_the_others_move_in_small_groups() {
        let following = Following::new(&dataset(2000), None);
        assert_eq!(following.found.copies, 20);
        assert_eq!(following.found.shares.row(3), [0.0, 1.0]);
        assert!(following.left.iter().all(|group| group.cells.len() == 500 && group.time == 0));
        assert_eq!(following.left.len(), 2 * 20);
        let asked = Following::new(&dataset(2000), Some(100));
        assert_eq!((asked.found.copies, asked.left.len()), (100, 2 * 100));
    }

    #[test]
    fn the_work_is_bounded_however_many_cells_there_are() {
        for cells in [10_000, 100_000, 300_000] {
            let following = Following::new(&dataset(cells), None);
            let paths: usize = following.left.iter().map(|group| group.cells.len()).sum();
            assert!((1..=PATHS).contains(&paths) && paths * 2 > PATHS, "{paths} paths of {cells} cells");
        }
        let unfollowed = Following::new(&dataset(100_000), None);
        assert!(unfollowed.found.shares.row(2)[0].is_nan(), "cell 2 is of the first time, and not followed");
    }
}

//! A population on its way through time.

use super::fates::Neighbourhood;
use super::mutes;
use super::start::{Members, known_types};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::model::ScImf;
use crate::protocol::{Change, SimulationQuery};
use crate::sde::TimeGrid;
use crate::tensor::{read, upload};
use crate::train::{Draws, Mover};
use burn::tensor::{Device, Tensor};

/// Euler-Maruyama step, as in training.
pub const DT: f64 = 0.1;
/// A simulation may go on beyond the observed times for so many times their span.
const MOST_SPANS: f64 = 3.0;

/// A population on its way, with noise and without dropout.
pub struct Rollout {
    model: ScImf,
    /// Made at the first step.
    mover: Option<Mover>,
    grid: TimeGrid,
    draws: Draws,
    noise: f32,
    members: Members,
    /// Positions among `members` of the cells that are there.
    staying: Vec<usize>,
    /// How many of `staying` are asked about.
    asked: usize,
    mutes: Vec<(Option<u32>, u32)>,
    /// For the types of moving cells, where something depends on them.
    neighbourhood: Option<Neighbourhood>,
    dimensions: usize,
    device: Device,
    step: usize,
    /// `[cells, d + 1]`; the last column is the action, which nobody asks for.
    state: Tensor<2>,
}

impl Rollout {
    /// Draws the cells of a query and makes `changes` to them.
    ///
    /// The same query draws the same cells and the same noise for each of them, whatever is changed.
    ///
    /// # Errors
    /// The query or a change cannot be followed.
    pub fn new(
        model: &ScImf,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self> {
        let grid = grid(dataset, query)?;
        if !(0.0..=100.0).contains(&query.noise) {
            return Err(Error::request("The noise must be a multiple of the model's diffusion from 0 to 100"));
        }
        let draws = Draws::Seeded(query.seed);
        let members = Members::draw(dataset, query, &draws)?;
        let staying = members.staying(dataset, changes)?;
        let asked = staying.iter().filter(|position| **position < members.asked).count();
        let mutes = mutes(changes);
        for (receiver, sender) in &mutes {
            known_types(dataset, &receiver.iter().chain([sender]).map(|kind| *kind as usize).collect::<Vec<_>>())?;
        }
        let dimensions = dataset.states.cols;
        let mut start: Vec<f32> = Vec::with_capacity(staying.len() * (dimensions + 1));
        for &position in &staying {
            start.extend(dataset.states.row(members.cells[position] as usize));
            start.push(0.0);
        }
        for change in changes {
            if let Change::Shift { gene, by } = change {
                if !by.is_finite() {
                    return Err(Error::request("A gene can only be shifted by a finite number"));
                }
                let direction = dataset.gene(*gene)?.loadings.row(*gene);
                for state in start.chunks_exact_mut(dimensions + 1).take(asked) {
                    state.iter_mut().zip(direction).for_each(|(z, loading)| *z += by * loading);
                }
            }
        }
        let cells = staying.len();
        Ok(Self {
            model: model.clone(),
            mover: None,
            grid,
            draws,
            noise: query.noise,
            neighbourhood: (!mutes.is_empty()).then(|| Neighbourhood::new(dataset)),
            mutes,
            members,
            staying,
            asked,
            dimensions,
            device: device.clone(),
            step: 0,
            state: upload(start, [cells, dimensions + 1], device),
        })
    }

    /// Steps taken.
    pub fn steps(&self) -> usize {
        self.step
    }

    /// Steps in all.
    pub fn steps_in_all(&self) -> usize {
        self.grid.steps
    }

    /// The end is reached.
    pub fn is_finished(&self) -> bool {
        self.step == self.grid.steps
    }

    /// Where the population is, in index units.
    pub fn time(&self) -> f64 {
        self.grid.time(self.step)
    }

    /// The cells that are asked about as they are, `[cells, d]`.
    pub fn state(&self) -> Tensor<2> {
        self.state.clone().narrow(0, 0, self.asked).narrow(1, 0, self.dimensions)
    }

    /// The observed cells that those of [`Self::state`] began as.
    pub fn began_as(&self) -> Vec<u32> {
        self.asked_positions().iter().map(|position| self.members.cells[*position]).collect()
    }

    /// Positions of the cells of [`Self::state`] among those that were drawn.
    pub fn asked_positions(&self) -> &[usize] {
        &self.staying[..self.asked]
    }

    /// Takes one Euler-Maruyama step.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset) -> Result<()> {
        let mut mover = match self.mover.take() {
            Some(mover) => mover,
            None => self.begin().await?,
        };
        self.mute(&mut mover, dataset).await?;
        let noise = (self.noise > 0.0).then(|| self.normals());
        self.state = mover.step(self.time(), self.grid.dt, self.state.clone(), noise).await?;
        self.mover = Some(mover);
        self.step += 1;
        Ok(())
    }

    async fn begin(&self) -> Result<Mover> {
        let (cells, asked) = (self.staying.len(), self.asked);
        let mut mover = Mover::new(&self.model, cells, None, &self.device).await?;
        if asked < cells {
            mover.set_hears(cells, |_, sender| sender >= asked);
        }
        Ok(mover)
    }

    /// Each cell's own noise, whoever else is there; none on the action.
    fn normals(&self) -> Vec<f32> {
        let all = self.draws.noise(0, self.step, self.members.cells.len() * self.dimensions);
        let row = |position: &usize| &all[position * self.dimensions..(position + 1) * self.dimensions];
        let scaled = |position| row(position).iter().map(|z| z * self.noise).chain([0.0]);
        self.staying.iter().flat_map(scaled).collect()
    }

    /// Masks the muted links between the cells as they are now.
    async fn mute(&self, mover: &mut Mover, dataset: &Dataset) -> Result<()> {
        let Some(neighbourhood) = &self.neighbourhood else { return Ok(()) };
        let kinds: Vec<u32> = if self.step == 0 {
            self.staying.iter().map(|position| dataset.cell_types[self.members.cells[*position] as usize]).collect()
        } else {
            neighbourhood
                .label(&read(self.state.clone().narrow(1, 0, self.dimensions)).await?)
                .types
                .into_iter()
                .map(u32::from)
                .collect()
        };
        let around = self.asked < kinds.len();
        let muted = |receiver: usize, sender: usize| {
            self.mutes
                .iter()
                .any(|(deaf, mute)| *mute == kinds[sender] && deaf.is_none_or(|deaf| deaf == kinds[receiver]))
        };
        let hears = |receiver, sender| (!around || sender >= self.asked) && !muted(receiver, sender);
        mover.set_hears(kinds.len(), hears);
        Ok(())
    }
}

/// Steps between two saved frames of a query.
///
/// # Errors
/// It asks for more frames than there are steps, or for none.
pub fn stride(query: &SimulationQuery) -> Result<usize> {
    let per_unit = TimeGrid::steps_per_unit(DT);
    if query.frames_per_interval == 0 || query.frames_per_interval > per_unit {
        return Err(Error::request(format!("A simulation saves 1 to {per_unit} frames per interval")));
    }
    Ok(per_unit / query.frames_per_interval)
}

/// The steps of a query.
///
/// # Errors
/// It ends before it begins, or too far beyond the observed times.
pub fn grid(dataset: &Dataset, query: &SimulationQuery) -> Result<TimeGrid> {
    let last = (dataset.time_points.len() - 1) as f64;
    let (start, end) = (query.start.time as f64, query.until.unwrap_or(last));
    let per_unit = TimeGrid::steps_per_unit(DT) as f64;
    let steps = ((end - start) * per_unit).round();
    if !(steps >= 1.0 && end <= last * MOST_SPANS) {
        let what = format!("A simulation that begins at {start} cannot end at {end} (times are counted from 0)");
        return Err(
            Error::request(what).remedy(format!("It ends after its start, at {} at the latest.", last * MOST_SPANS))
        );
    }
    Ok(TimeGrid { start, dt: 1.0 / per_unit, steps: steps as usize })
}

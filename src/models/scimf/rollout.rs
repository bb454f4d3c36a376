//! A population on its way through time.

use super::communication::between_types;
use super::{PopulationStepper, ScImf};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::{Change, Communication, CommunicationQuery, SimulationQuery};
use crate::sde::TimeGrid;
use crate::simulate::{Journey, Members, Neighbourhood, grid, known_types, mutes, shift, stride};
use crate::tensor::{is_cpu, read, upload};
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Most cells whose attention is masked on a GPU: there the mask is a matrix of all pairs.
const MOST_MASKED: usize = 8192;

/// A population on its way, with noise and without dropout.
pub struct Rollout {
    model: ScImf,
    /// Made at the first step.
    stepper: Option<PopulationStepper>,
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
    /// Steps between two frames.
    stride: usize,
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
        let (grid, stride) = (grid(dataset, query, model.config.dt)?, stride(query, model.config.dt)?);
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
                let columns = dimensions + 1;
                shift(dataset, &mut start[..asked * columns], columns, *gene, *by)?;
            }
        }
        let cells = staying.len();
        if (!mutes.is_empty() || asked < cells) && cells > MOST_MASKED && !is_cpu(device) {
            let what =
                format!("On this device a population of which some do not hear all has at most {MOST_MASKED} cells");
            return Err(Error::request(what).remedy("Ask for fewer, or compute on the CPU."));
        }
        Ok(Self {
            model: model.clone(),
            stepper: None,
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
            stride,
            step: 0,
            state: upload(start, [cells, dimensions + 1], device),
        })
    }

    async fn begin(&self) -> Result<PopulationStepper> {
        let (cells, asked) = (self.staying.len(), self.asked);
        let mut stepper = PopulationStepper::new(&self.model, cells, None, &self.device).await?;
        if asked < cells {
            stepper.set_mask(cells, |_, sender| sender >= asked);
        }
        Ok(stepper)
    }

    /// Each cell's own noise, whoever else is there; none on the action.
    fn normals(&self) -> Vec<f32> {
        let all = self.draws.noise(0, self.step, self.members.cells.len() * self.dimensions);
        let row = |position: &usize| &all[position * self.dimensions..(position + 1) * self.dimensions];
        let scaled = |position| row(position).iter().map(|z| z * self.noise).chain([0.0]);
        self.staying.iter().flat_map(scaled).collect()
    }

    /// Masks the muted links between the cells as they are now.
    async fn mute(&self, stepper: &mut PopulationStepper, dataset: &Dataset) -> Result<()> {
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
            self.mutes.iter().any(|(to, mute)| *mute == kinds[sender] && to.is_none_or(|to| to == kinds[receiver]))
        };
        let attends = |receiver, sender| (!around || sender >= self.asked) && !muted(receiver, sender);
        stepper.set_mask(kinds.len(), attends);
        Ok(())
    }
}

impl Journey for Rollout {
    /// Takes one Euler-Maruyama step.
    async fn step(&mut self, dataset: &Dataset) -> Result<()> {
        let mut stepper = match self.stepper.take() {
            Some(stepper) => stepper,
            None => self.begin().await?,
        };
        self.mute(&mut stepper, dataset).await?;
        let noise = (self.noise > 0.0).then(|| self.normals());
        self.state = stepper.step(self.time(), self.grid.dt, self.state.clone(), noise).await?;
        self.stepper = Some(stepper);
        self.step += 1;
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.step == self.grid.steps
    }

    fn progress(&self) -> f32 {
        self.step as f32 / self.grid.steps.max(1) as f32
    }

    fn time(&self) -> f64 {
        self.grid.time(self.step)
    }

    fn is_frame(&self) -> bool {
        self.step.is_multiple_of(self.stride) || self.is_finished()
    }

    fn state(&self) -> Tensor<2> {
        self.state.clone().narrow(0, 0, self.asked).narrow(1, 0, self.dimensions)
    }

    fn began_as(&self) -> Vec<u32> {
        self.asked_positions().iter().map(|position| self.members.cells[*position]).collect()
    }

    fn asked_positions(&self) -> Vec<usize> {
        self.staying[..self.asked].to_vec()
    }

    async fn attention(
        &self,
        states: &[f32],
        kinds: &[u16],
        types: usize,
        query: CommunicationQuery,
    ) -> Result<Option<Communication>> {
        if self.asked < self.staying.len() || !self.mutes.is_empty() || self.model.config.blocks == 0 {
            return Ok(None);
        }
        between_types(&self.model, states, kinds, types, query, &self.device).await.map(Some)
    }
}

//! A population on its way through time, with noise, with whoever is taken out or muted.

use super::field::MeanField;
use super::hearing::Hearing;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::{Change, SimulationQuery};
use crate::sde::TimeGrid;
use crate::simulate::{Journey, Members, Neighbourhood, grid, known_types, mutes, shift, stride};
use crate::tensor::{read, upload};
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// A population on its way.
pub struct MeanFieldJourney {
    model: MeanField,
    grid: TimeGrid,
    draws: Draws,
    noise: f32,
    members: Members,
    /// Positions among `members` of the cells that are there.
    staying: Vec<usize>,
    /// How many of `staying` are asked about; where others follow, only those are heard.
    asked: usize,
    mutes: Vec<(Option<u32>, u32)>,
    /// For the types of moving cells, where something depends on them.
    neighbourhood: Option<Neighbourhood>,
    hearing: Hearing,
    device: Device,
    /// Steps between two frames.
    stride: usize,
    step: usize,
    /// `[cells, d]`
    state: Tensor<2>,
}

impl MeanFieldJourney {
    /// Draws the cells of a query and makes `changes` to them.
    ///
    /// # Errors
    /// The query or a change cannot be followed.
    pub fn new(
        model: &MeanField,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self> {
        let (grid, stride) = (grid(dataset, query, model.dt())?, stride(query, model.dt())?);
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
        let (cells, d) = (staying.len(), dataset.states.cols);
        let mut start: Vec<f32> =
            staying.iter().flat_map(|at| dataset.states.row(members.cells[*at] as usize)).copied().collect();
        for change in changes {
            if let Change::Shift { gene, by } = change {
                shift(dataset, &mut start[..asked * d], d, *gene, *by)?;
            }
        }
        let kinds: Vec<u32> = staying.iter().map(|at| dataset.cell_types[members.cells[*at] as usize]).collect();
        Ok(Self {
            model: model.clone(),
            grid,
            draws,
            noise: query.noise,
            neighbourhood: (!mutes.is_empty()).then(|| Neighbourhood::new(dataset)),
            hearing: hearing(&kinds, asked, &mutes, device),
            mutes,
            members,
            staying,
            asked,
            device: device.clone(),
            stride,
            step: 0,
            state: upload(start, [cells, d], device),
        })
    }

    /// Each cell's own noise, whoever else is there.
    fn normals(&self, d: usize) -> Vec<f32> {
        let all = self.draws.noise(0, self.step, self.members.cells.len() * d);
        let row = |position: &usize| &all[position * d..(position + 1) * d];
        self.staying.iter().flat_map(row).map(|z| z * self.noise).collect()
    }
}

/// Who hears whom: receivers of a type are one audience where something is muted. Where others follow those that are asked about, only the others are
/// heard.
fn hearing(kinds: &[u32], asked: usize, mutes: &[(Option<u32>, u32)], device: &Device) -> Hearing {
    let first = if asked < kinds.len() { asked } else { 0 };
    let each = 1.0 / (kinds.len() - first) as f32;
    let audiences = if mutes.is_empty() { 1 } else { kinds.iter().max().map_or(1, |most| *most as usize + 1) };
    let of: Vec<usize> = kinds.iter().map(|kind| if audiences == 1 { 0 } else { *kind as usize }).collect();
    let weight = |audience: usize, sender: usize| {
        let muted =
            mutes.iter().any(|(to, mute)| *mute == kinds[sender] && to.is_none_or(|to| to as usize == audience));
        if sender < first || muted { 0.0 } else { each }
    };
    Hearing::new(&of, audiences, weight, device)
}

impl Journey for MeanFieldJourney {
    /// Takes one Euler-Maruyama step.
    async fn step(&mut self, _: &Dataset) -> Result<()> {
        if let Some(neighbourhood) = self.neighbourhood.as_ref().filter(|_| self.step > 0) {
            let kinds = neighbourhood.label(&read(self.state.clone()).await?).types;
            let kinds: Vec<u32> = kinds.into_iter().map(u32::from).collect();
            self.hearing = hearing(&kinds, self.asked, &self.mutes, &self.device);
        }
        let (time, dt) = (self.time(), self.grid.dt);
        let drift = self.model.drift(time, &self.hearing, self.state.clone());
        let mut next = self.state.clone() + drift.mul_scalar(dt);
        if self.noise > 0.0 {
            let shape = self.state.dims();
            let diffusion = self.model.network.noise.val().reshape([1, shape[1]]).mul_scalar(dt.sqrt());
            next = next + upload(self.normals(shape[1]), shape, &self.device) * diffusion;
        }
        self.state = next;
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
        self.state.clone().narrow(0, 0, self.asked)
    }

    fn began_as(&self) -> Vec<u32> {
        self.staying[..self.asked].iter().map(|position| self.members.cells[*position]).collect()
    }

    fn asked_positions(&self) -> Vec<usize> {
        self.staying[..self.asked].to_vec()
    }
}

//! Cells that are moved together: who is there, who is asked about, who attends whom, and where on their way they are.

use super::start::{Members, check_noise, known_types};
use super::{Audiences, Neighbourhood, grid, scaled, shift, stride};
use crate::data::Dataset;
use crate::error::Result;
use crate::protocol::{Change, SimulationQuery};
use crate::sde::TimeGrid;
use crate::train::Draws;

/// A population on its way in steps of one length, with whoever is taken out, muted or heard otherwise.
pub struct Crowd {
    pub(super) grid: TimeGrid,
    /// Steps between two frames.
    pub(super) stride: usize,
    /// Steps taken.
    pub(super) step: usize,
    draws: Draws,
    noise: f32,
    members: Members,
    /// Positions among `members` of the cells that are there.
    staying: Vec<usize>,
    /// How many of `staying` are asked about; where others follow, only the others are attended.
    asked: usize,
    /// Receivers, none for all, senders and the factor of their attention.
    scaled: Vec<(Option<u32>, u32, f32)>,
    /// For the types of moving cells, where something depends on them.
    pub(super) neighbourhood: Option<Neighbourhood>,
    /// The types of the cells that are there: as drawn, or as they became where something depends on them.
    pub(super) kinds: Vec<u32>,
}

impl Crowd {
    /// Draws the cells of a query and takes out those that `changes` name; steps have the length `dt`.
    ///
    /// The same query draws the same cells and the same noise for each of them, whatever is changed.
    ///
    /// # Errors
    /// The query or a change cannot be followed.
    pub fn draw(dataset: &Dataset, query: &SimulationQuery, changes: &[Change], dt: f64) -> Result<Self> {
        let (grid, stride) = (grid(dataset, query, dt)?, stride(query, dt)?);
        let noise = check_noise(query)?;
        let draws = Draws::Seeded(query.seed);
        let members = Members::draw(dataset, query, &draws)?;
        let staying = members.staying(dataset, changes)?;
        let asked = staying.iter().filter(|position| **position < members.asked).count();
        let scaled = scaled(changes);
        for (receiver, sender, _) in &scaled {
            known_types(dataset, &receiver.iter().chain([sender]).map(|kind| *kind as usize).collect::<Vec<_>>())?;
        }
        let neighbourhood = (!scaled.is_empty()).then(|| Neighbourhood::new(dataset));
        let kinds = staying.iter().map(|at| dataset.cell_types[members.cells[*at] as usize]).collect();
        Ok(Self { grid, stride, step: 0, draws, noise, members, staying, asked, scaled, neighbourhood, kinds })
    }

    /// States of the cells that are there, with shifted genes: row-major, each with `further` columns of 0 behind the model space.
    ///
    /// # Errors
    /// There is no such gene, or a shift is no number.
    pub(super) fn start(&self, dataset: &Dataset, changes: &[Change], further: usize) -> Result<Vec<f32>> {
        let columns = dataset.states.cols + further;
        let mut states: Vec<f32> = Vec::with_capacity(self.cells() * columns);
        for position in &self.staying {
            states.extend(dataset.states.row(self.members.cells[*position] as usize));
            states.extend(std::iter::repeat_n(0.0, further));
        }
        for change in changes {
            if let Change::Shift { gene, by } = change {
                shift(dataset, &mut states[..self.asked * columns], columns, *gene, *by)?;
            }
        }
        Ok(states)
    }

    /// Number of cells that are there.
    pub fn cells(&self) -> usize {
        self.staying.len()
    }

    /// Number of cells that are asked about: the first ones.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// The first of the cells that are attended: all are, or those around the ones that are asked about.
    fn first_attended(&self) -> usize {
        if self.asked < self.cells() { self.asked } else { 0 }
    }

    /// Number of cells that are attended.
    pub fn attended(&self) -> usize {
        self.cells() - self.first_attended()
    }

    /// Links between types are muted or scaled, so that who attends whom changes as cells move.
    pub fn is_scaled(&self) -> bool {
        !self.scaled.is_empty()
    }

    /// Somebody does not attend to all others alike.
    pub fn is_masked(&self) -> bool {
        self.is_scaled() || self.first_attended() > 0
    }

    /// The types of the cells that are there.
    pub fn kinds(&self) -> &[u32] {
        &self.kinds
    }

    /// Who attends to whom: receivers of a type are one audience where something depends on types.
    pub fn audiences(&self) -> Audiences {
        let first = self.first_attended();
        if !self.is_scaled() {
            return Audiences::new(vec![0; self.cells()], 1, |_, sender| if sender < first { 0.0 } else { 1.0 });
        }
        let of: Vec<usize> = self.kinds.iter().map(|kind| *kind as usize).collect();
        let count = of.iter().max().map_or(1, |most| most + 1);
        Audiences::new(
            of,
            count,
            |audience, sender| {
                if sender < first { 0.0 } else { self.factor(audience as u32, sender) }
            },
        )
    }

    /// The factor of a sender for receivers of a type.
    fn factor(&self, receivers: u32, sender: usize) -> f32 {
        let concerns = |(to, from, _): &&(Option<u32>, u32, f32)| {
            *from == self.kinds[sender] && to.is_none_or(|to| to == receivers)
        };
        self.scaled.iter().filter(concerns).map(|(_, _, factor)| factor).product()
    }

    /// Each cell's own noise of the next step, whoever else is there: row-major, with `further` columns of 0 behind; none without noise.
    pub fn noise(&self, dimensions: usize, further: usize) -> Option<Vec<f32>> {
        (self.noise > 0.0).then(|| {
            let all = self.draws.noise(0, self.step, self.members.cells.len() * dimensions);
            let row = |position: &usize| &all[position * dimensions..(position + 1) * dimensions];
            let zeros = std::iter::repeat_n(0.0, further);
            self.staying.iter().flat_map(|at| row(at).iter().map(|z| z * self.noise).chain(zeros.clone())).collect()
        })
    }

    /// Where the cells are, in index units.
    pub fn time(&self) -> f64 {
        self.grid.time(self.step)
    }

    /// Length of a step, in index units.
    pub fn dt(&self) -> f64 {
        self.grid.dt
    }

    /// The first step is yet to be taken.
    pub fn is_at_start(&self) -> bool {
        self.step == 0
    }

    /// Positions of the cells that are asked about among those that were drawn.
    pub(super) fn asked_positions(&self) -> &[usize] {
        &self.staying[..self.asked]
    }

    /// The observed cells that those that are asked about began as.
    pub(super) fn began_as(&self) -> Vec<u32> {
        self.asked_positions().iter().map(|position| self.members.cells[*position]).collect()
    }
}

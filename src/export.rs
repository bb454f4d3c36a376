//! A study with what a model learned of its cells, as AnnData: for scanpy, scVelo and CellRank.

mod about;
mod anndata;
mod fates;
mod learned;

use crate::data::{Dataset, Matrix};
use crate::error::Result;
use crate::evaluate::Removal;
use crate::evidence::Evidences;
use crate::models::attention::communication;
use crate::models::operators::growth;
use crate::models::{AnyModel, Reading, readings};
use crate::projection::Plane;
use crate::protocol::{CommunicationQuery, DriftPart, EvidenceQuery, ModelSummary, Score, SpaceId};
use burn::tensor::Device;
use fates::Following;
use learned::{Attention, Learned};
use std::collections::VecDeque;

/// Types with fewer cells at a time point have no attention there.
const MINIMUM_CELLS: usize = 10;

/// What is asked, in one bounded piece or in several.
enum Asking {
    /// Velocity of cells of a time point, which form a population.
    Velocity(usize, Vec<u32>),
    /// Attention between the types of a time point.
    Attention(usize),
    /// Values that a model has of each cell.
    Numbers,
    /// What the data determine: a piece for each receiver.
    Evidence(Box<Evidences>),
    /// What goes without each sender: a piece for each population.
    Effects(Box<Removal>),
    /// Where cells end: pieces for each group of copies that moves together.
    Fates(Box<Following>),
}

impl Asking {
    /// What is left of it; a piece weighs 1, and so does a group that moves. The dataset has so many `kinds` of cells.
    fn left(&self, kinds: usize) -> f32 {
        match self {
            Self::Velocity(..) | Self::Attention(_) | Self::Numbers => 1.0,
            Self::Evidence(evidences) => kinds as f32 * (1.0 - evidences.progress().1),
            Self::Effects(removal) => removal.left() as f32,
            Self::Fates(following) => following.left(),
        }
    }
}

/// A file in the making, one bounded piece at a time.
pub struct Exporter {
    model: AnyModel,
    space: SpaceId,
    kinds: usize,
    questions: VecDeque<Asking>,
    /// What was left at the start.
    whole: f32,
    learned: Learned,
}

impl Exporter {
    /// What a model says of a dataset. Velocities are projected into `space` too, if it is an embedding. Components beyond the model's stand
    /// still. `copies` of each cell are simulated for its fate, 0 for none; without a number as many as can be afforded.
    ///
    /// # Errors
    /// There is no such space.
    pub fn new(
        model: AnyModel,
        summary: ModelSummary,
        dataset: &Dataset,
        space: SpaceId,
        copies: Option<usize>,
    ) -> Result<Self> {
        Plane::new(dataset, space)?;
        let times = 0..dataset.time_points.len();
        let populations = |time| dataset.populations(time).into_iter().map(move |it| Asking::Velocity(time, it));
        let mut questions: VecDeque<Asking> = times.clone().flat_map(populations).collect();
        if summary.interacts && model.attention().is_some() {
            questions.extend(times.map(Asking::Attention));
        }
        questions.push_back(Asking::Numbers);
        let kinds = dataset.types.len();
        if kinds > 1 {
            questions.push_back(Asking::Evidence(Box::new(Evidences::new(dataset, EvidenceQuery::default()))));
            if summary.interacts {
                questions.push_back(Asking::Effects(Box::new(Removal::new(dataset))));
            }
            if model.kind().card().can.noise && copies != Some(0) {
                questions.push_back(Asking::Fates(Box::new(Following::new(dataset, copies))));
            }
        }
        let plane = match space {
            SpaceId::Embedding(index) => Some((index, Matrix::zeros(dataset.states.rows, 2))),
            SpaceId::Components(_) => None,
        };
        let velocities = Matrix::zeros(dataset.states.rows, dataset.states.cols);
        let learned = Learned {
            model: summary,
            velocities,
            plane,
            numbers: Vec::new(),
            fates: None,
            attention: None,
            effects: None,
            evidence: None,
        };
        let mut exporter = Self { model, space, kinds, questions, whole: 0.0, learned };
        exporter.whole = exporter.left();
        Ok(exporter)
    }

    /// Share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        1.0 - self.left() / self.whole
    }

    /// What is left, with the writing of the file.
    fn left(&self) -> f32 {
        1.0 + self.questions.iter().map(|asking| asking.left(self.kinds)).sum::<f32>()
    }

    /// Does one bounded piece of work; the bytes of the file when all is done.
    ///
    /// # Errors
    /// The device failed, or the file is too large.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Vec<u8>>> {
        let Some(mut asking) = self.questions.pop_front() else {
            return anndata::write(dataset, &self.learned).map(Some);
        };
        if !self.ask(&mut asking, dataset, device).await? {
            self.questions.push_front(asking);
        }
        Ok(None)
    }

    /// Does one bounded piece; true after the last.
    async fn ask(&mut self, asking: &mut Asking, dataset: &Dataset, device: &Device) -> Result<bool> {
        match asking {
            Asking::Velocity(time, cells) => self.velocity(dataset, *time, cells, device).await?,
            Asking::Attention(time) => self.attention(dataset, *time, device).await?,
            Asking::Numbers => self.numbers(dataset, device).await?,
            Asking::Evidence(evidences) => {
                self.learned.evidence = evidences.advance(dataset);
                return Ok(self.learned.evidence.is_some());
            }
            Asking::Effects(removal) => {
                let effects = removal.advance(dataset, &self.model, device).await?;
                self.learned.effects = effects.map(|all| all.into_iter().map(|it| it.map(|it| it.value)).collect());
                return Ok(self.learned.effects.is_some());
            }
            Asking::Fates(following) => {
                self.learned.fates = following.advance(dataset, &self.model, device).await?;
                return Ok(self.learned.fates.is_some());
            }
        }
        Ok(true)
    }

    async fn velocity(&mut self, dataset: &Dataset, time: usize, cells: &[u32], device: &Device) -> Result<()> {
        let columns = dataset.states.cols;
        let found = self.model.velocities(dataset, time, cells, DriftPart::Total, device).await?;
        let found = widened(&found, self.model.dimensions(), columns);
        for (&cell, velocity) in cells.iter().zip(found.chunks_exact(columns)) {
            self.learned.velocities.row_mut(cell as usize).copy_from_slice(velocity);
        }
        if let Some((_, drawn)) = &mut self.learned.plane {
            let vectors = Plane::new(dataset, self.space)?.vectors(cells, &found);
            for (&cell, vector) in cells.iter().zip(vectors.chunks_exact(2)) {
                drawn.row_mut(cell as usize).copy_from_slice(vector);
            }
        }
        Ok(())
    }

    async fn attention(&mut self, dataset: &Dataset, time: usize, device: &Device) -> Result<()> {
        let Some(model) = self.model.attention() else { return Ok(()) };
        let query = CommunicationQuery { time, score: Score::Attention, minimum_cells: MINIMUM_CELLS, sample: None };
        let found = communication(model, dataset, query, device).await?;
        self.learned.attention.get_or_insert_with(|| Attention::new(MINIMUM_CELLS)).push(&found);
        Ok(())
    }

    async fn numbers(&mut self, dataset: &Dataset, device: &Device) -> Result<()> {
        let (numbers, can) = (&mut self.learned.numbers, self.model.kind().card().can);
        if let Some(field) = self.model.operators() {
            numbers.push(("growth", growth(field, device).await?));
        }
        let held_out = &self.learned.model.held_out;
        for (there, name, reading) in
            [(can.potential, "potential", Reading::Potential), (can.residual, "potential_residual", Reading::Residual)]
        {
            if there {
                numbers.push((name, readings(&self.model, dataset, reading, held_out, device).await?));
            }
        }
        if let Some(weights) = self.model.growth_weights(dataset, held_out)? {
            numbers.push(("growth_weight", weights));
        }
        Ok(())
    }
}

/// Rows of `from` columns with zeros behind, up to `to` columns.
fn widened(rows: &[f32], from: usize, to: usize) -> Vec<f32> {
    let rest = to - from;
    rows.chunks_exact(from).flat_map(|row| row.iter().copied().chain(std::iter::repeat_n(0.0, rest))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_components_stand_still() {
        assert_eq!(widened(&[1.0, 2.0, 3.0, 4.0], 2, 3), [1.0, 2.0, 0.0, 3.0, 4.0, 0.0]);
    }
}

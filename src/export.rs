//! A study with what a model learned of its cells, as AnnData: for scanpy, scVelo and CellRank.

mod about;
mod anndata;
mod fates;
mod learned;

use crate::data::{Dataset, Matrix};
use crate::error::Result;
use crate::evaluate::Removal;
use crate::evidence::Evidences;
use crate::models::cell_mnn::operators::growth;
use crate::models::scimf::communication::communication;
use crate::models::scimf::drift_of;
use crate::models::{AnyModel, Reading, readings};
use crate::projection::Plane;
use crate::protocol::{CommunicationQuery, DriftPart, EvidenceQuery, ModelSummary, Score, SpaceId, VelocityQuery};
use burn::tensor::Device;
use fates::Following;
use learned::{Attention, Learned};
use std::collections::{HashMap, VecDeque};

/// Types with fewer cells at a time point have no attention there.
const MINIMUM_CELLS: usize = 10;

/// One bounded piece of the work.
enum Piece {
    /// Velocity of cells of a time point, which form a population.
    Velocity(usize, Vec<u32>),
    /// Attention between the types of a time point.
    Attention(usize),
    /// Values that a model has of each cell.
    Numbers,
    /// What the data determine about one receiver.
    Evidence,
    /// What goes without each sender in one population.
    Effects,
    /// Copies of cells that move together.
    Fates,
}

/// A file in the making, one bounded piece at a time.
pub struct Exporter {
    model: AnyModel,
    space: SpaceId,
    pieces: VecDeque<Piece>,
    /// Pieces, with a weight of one for each group of cells that moves.
    in_all: f32,
    evidence: Option<Box<Evidences>>,
    effects: Option<Box<Removal>>,
    fates: Option<Box<Following>>,
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
        let populations = |time| dataset.populations(time).into_iter().map(move |it| Piece::Velocity(time, it));
        let mut pieces: VecDeque<Piece> = times.clone().flat_map(populations).collect();
        if summary.interacts && model.attention().is_some() {
            pieces.extend(times.map(Piece::Attention));
        }
        pieces.push_back(Piece::Numbers);
        let several = dataset.types.len() > 1;
        let evidence = several.then(|| Box::new(Evidences::new(dataset, EvidenceQuery::default())));
        pieces.extend(evidence.iter().flat_map(|_| &dataset.types).map(|_| Piece::Evidence));
        let effects = (several && summary.interacts).then(|| Box::new(Removal::new(dataset)));
        let removals = effects.as_ref().map_or(0, |_| Removal::populations(dataset));
        pieces.extend((0..removals).map(|_| Piece::Effects));
        let can = model.kind().card().can;
        let fates = (several && can.noise && copies != Some(0)).then(|| Box::new(Following::new(dataset, copies)));
        pieces.extend(fates.iter().map(|_| Piece::Fates));
        let groups = fates.as_ref().map_or(0.0, |fates| fates.left());
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
        let in_all = pieces.len() as f32 + 1.0 + groups;
        Ok(Self { model, space, in_all, pieces, evidence, effects, fates, learned })
    }

    /// Share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> f32 {
        let groups = self.fates.as_ref().map_or(0.0, |fates| fates.left());
        1.0 - (self.pieces.len() as f32 + 1.0 + groups) / self.in_all
    }

    /// Does one bounded piece of work; the bytes of the file when all is done.
    ///
    /// # Errors
    /// The device failed, or the file is too large.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Vec<u8>>> {
        match self.pieces.pop_front() {
            Some(Piece::Velocity(time, cells)) => self.velocity(dataset, time, &cells, device).await?,
            Some(Piece::Attention(time)) => self.attention(dataset, time, device).await?,
            Some(Piece::Numbers) => self.numbers(dataset, device).await?,
            Some(Piece::Evidence) => self.evidence(dataset),
            Some(Piece::Effects) => self.effects(dataset, device).await?,
            Some(Piece::Fates) => self.fates(dataset, device).await?,
            None => return anndata::write(dataset, &self.learned).map(Some),
        }
        Ok(None)
    }

    fn evidence(&mut self, dataset: &Dataset) {
        let Some(mut evidences) = self.evidence.take() else { return };
        self.learned.evidence = evidences.advance(dataset);
        if self.learned.evidence.is_none() {
            self.evidence = Some(evidences);
        }
    }

    async fn effects(&mut self, dataset: &Dataset, device: &Device) -> Result<()> {
        let Some(mut removal) = self.effects.take() else { return Ok(()) };
        let effects = removal.advance(dataset, &self.model, device).await?;
        self.learned.effects = effects.map(|all| all.into_iter().map(|it| it.map(|it| it.value)).collect());
        if self.learned.effects.is_none() {
            self.effects = Some(removal);
        }
        Ok(())
    }

    /// A step of the cells that move: the piece stays until all have arrived.
    async fn fates(&mut self, dataset: &Dataset, device: &Device) -> Result<()> {
        let Some(mut following) = self.fates.take() else { return Ok(()) };
        self.learned.fates = following.advance(dataset, &self.model, device).await?;
        if self.learned.fates.is_none() {
            self.fates = Some(following);
            self.pieces.push_front(Piece::Fates);
        }
        Ok(())
    }

    async fn velocity(&mut self, dataset: &Dataset, time: usize, cells: &[u32], device: &Device) -> Result<()> {
        let columns = dataset.states.cols;
        let found = match (self.model.attention(), self.model.operators()) {
            (Some(model), _) => drift_of(model, dataset, cells, DriftPart::Total, device).await?,
            (None, Some(field)) => widened(&field.velocities(cells, device).await?, field.dimensions(), columns),
            (None, None) => self.by_planes(dataset, time, cells, device).await?,
        };
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

    /// Velocity of a model that tells it by planes only: two components at a time. Cells that its sample leaves out stand still.
    async fn by_planes(&self, dataset: &Dataset, time: usize, cells: &[u32], device: &Device) -> Result<Vec<f32>> {
        let (columns, known) = (dataset.states.cols, self.model.dimensions());
        let places: HashMap<u32, usize> = cells.iter().enumerate().map(|(place, cell)| (*cell, place)).collect();
        let mut found = vec![0.0; cells.len() * columns];
        for axis in (0..known).step_by(2) {
            let axes = if axis + 1 < known { [axis, axis + 1] } else { [axis, axis - 1] };
            let (space, part, model) = (SpaceId::Components(axes), DriftPart::Total, self.model.kind());
            let field =
                self.model.velocity(dataset, VelocityQuery { time, space, part, model, sample: None }, device).await?;
            for (cell, vector) in field.cells.iter().zip(field.vectors.chunks_exact(2)) {
                if let Some(place) = places.get(cell) {
                    axes.iter().zip(vector).for_each(|(axis, v)| found[place * columns + axis] = *v);
                }
            }
        }
        Ok(found)
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

//! From cell-cell attention to cell-type attention.

use super::{Attention, members, refuse_without_interaction, scores_in_samples};
use crate::data::Dataset;
use crate::error::Result;
use crate::product::product;
use crate::protocol::{Communication, CommunicationQuery};
use crate::simulate::TypedCells;
use crate::tensor::{read, upload};
use burn::tensor::{Device, Tensor};

/// Cell-type attention of a time point (paper, Results; SCIMF specification of the authors' figures): one drift evaluation on its observed
/// cells without dropout, averaged over receivers and senders of each pair of types, the zero diagonal included.
///
/// Cells of types with too few cells still speak and listen; they are only not reported. Cells of different samples do not hear each other: where all
/// samples are asked about, scores between them are 0.
///
/// # Errors
/// The model has no interaction, or the device failed.
pub async fn communication(
    model: &dyn Attention,
    dataset: &Dataset,
    query: CommunicationQuery,
    device: &Device,
) -> Result<Communication> {
    refuse_without_interaction(model)?;
    let members = members(dataset, query.time, query.sample);
    let kinds: Vec<u16> = members.iter().map(|&cell| dataset.cell_types[cell as usize] as u16).collect();
    let mut sums = Sums::new(&kinds, dataset.types.len(), device);
    let mut see = |first, scores| sums.add(first, scores);
    scores_in_samples(model, dataset, &members, query.score, device, &mut see).await?;
    sums.averaged(query).await
}

/// The same of any population in which all hear all.
///
/// # Errors
/// The model has no interaction, or the device failed.
pub async fn between_types(
    model: &dyn Attention,
    population: TypedCells,
    query: CommunicationQuery,
    device: &Device,
) -> Result<Communication> {
    refuse_without_interaction(model)?;
    let TypedCells { states, kinds, types } = population;
    let mut sums = Sums::new(&kinds, types, device);
    model.scores(states, query.score, device, &mut |first, scores| sums.add(first, scores)).await?;
    sums.averaged(query).await
}

/// Scores on their way to sums over all pairs of cells of two types.
struct Sums {
    /// Number of cells of each type.
    cells: Vec<usize>,
    /// 1 where a cell is of a type: `[n, types]`.
    indicator: Tensor<2>,
    /// `[types, types]`, row = receiver.
    sums: Tensor<2>,
}

impl Sums {
    fn new(kinds: &[u16], types: usize, device: &Device) -> Self {
        let mut cells = vec![0usize; types];
        let mut indicator = vec![0.0f32; kinds.len() * types];
        for (row, &kind) in kinds.iter().enumerate() {
            cells[usize::from(kind)] += 1;
            indicator[row * types + usize::from(kind)] = 1.0;
        }
        let indicator = upload(indicator, [kinds.len(), types], device);
        Self { cells, indicator, sums: Tensor::zeros([types, types], device) }
    }

    fn add(&mut self, first: usize, scores: Tensor<2>) {
        let receivers = self.indicator.clone().narrow(0, first, scores.dims()[0]);
        self.sums = self.sums.clone() + product(receivers.transpose(), product(scores, self.indicator.clone()));
    }

    async fn averaged(self, query: CommunicationQuery) -> Result<Communication> {
        Ok(averaged(query, self.cells, &read(self.sums).await?))
    }
}

/// Means, enrichment and non-reciprocity from the sums over all pairs of cells.
fn averaged(query: CommunicationQuery, cells: Vec<usize>, sums: &[f32]) -> Communication {
    let kinds = cells.len();
    let types: Vec<usize> = (0..kinds).filter(|&kind| cells[kind] >= query.minimum_cells.max(1)).collect();
    let total = cells.iter().sum::<usize>() as f32;
    let mut mean = vec![f32::NAN; kinds * kinds];
    let mut enrichment = vec![f32::NAN; kinds * kinds];
    for &receiver in &types {
        let attended: f32 = sums[receiver * kinds..(receiver + 1) * kinds].iter().sum();
        for &sender in &types {
            let at = receiver * kinds + sender;
            mean[at] = sums[at] / (cells[receiver] * cells[sender]) as f32;
            enrichment[at] = ((sums[at] / attended) / (cells[sender] as f32 / total)).log2();
        }
    }
    let non_reciprocity = non_reciprocity(&mean, &types, kinds);
    Communication { query, cells, types, mean: mean.into(), enrichment: enrichment.into(), non_reciprocity }
}

/// |M - M^T| / |M + M^T| in the Frobenius norm, over `types`; 0 is reciprocal.
pub(super) fn non_reciprocity(mean: &[f32], types: &[usize], kinds: usize) -> f32 {
    let (mut difference, mut sum) = (0.0, 0.0);
    for &a in types {
        for &b in types {
            let (there, back) = (mean[a * kinds + b], mean[b * kinds + a]);
            difference += (there - back).powi(2);
            sum += (there + back).powi(2);
        }
    }
    if sum > 0.0 { (difference / sum).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::protocol::Score;

    fn query(minimum_cells: usize) -> CommunicationQuery {
        CommunicationQuery { time: 0, score: Score::Attention, minimum_cells, sample: None }
    }

    #[test]
    fn listening_in_proportion_to_abundance_is_no_enrichment() {
        // 2 and 6 cells; every receiver spreads its attention evenly over all 8
        let sums = [0.5, 1.5, 1.5, 4.5];
        let found = averaged(query(1), vec![2, 6], &sums);
        assert!(found.enrichment.iter().all(|e| e.abs() < 1e-6));
        assert!(found.mean.iter().all(|m| (m - 0.125).abs() < 1e-6));
        assert!(found.non_reciprocity < 1e-6);
    }

    #[test]
    fn rare_types_are_left_out() {
        let found = averaged(query(3), vec![2, 6], &[0.5, 1.5, 1.5, 4.5]);
        assert_eq!(found.types, [1]);
        assert!(found.mean[0].is_nan() && found.mean[1].is_nan() && found.mean[2].is_nan());
        assert!((found.mean[3] - 0.125).abs() < 1e-6);
    }

    #[test]
    fn one_way_listening_is_not_reciprocal() {
        assert_eq!(non_reciprocity(&[0.0, 1.0, 0.0, 0.0], &[0, 1], 2), 1.0);
    }
}

//! How well the influence between cell types ranks interactions that are known, because a generator planted them.

use super::Attention;
use super::communication::{communication, non_reciprocity};
use crate::data::{Dataset, Matrix};
use crate::error::{Error, Result};
use crate::protocol::limits::MOST_RELABELLED;
use crate::protocol::{CommunicationQuery, Recovery, RecoveryQuery};
use crate::ranking;
use burn::tensor::Device;

/// Compares the mean score over all time points with the planted interactions: the area under the ROC curve over ordered pairs of
/// different types, and beside it what relabelled types would give.
///
/// # Errors
/// The dataset has no planted interactions or too many types, no pair or every pair interacts, the model has no interaction, or the
/// device failed.
pub async fn recovery(
    model: &dyn Attention,
    dataset: &Dataset,
    query: RecoveryQuery,
    device: &Device,
) -> Result<Recovery> {
    let planted = dataset.planted_interactions.as_ref().ok_or_else(|| {
        Error::request("No interactions are known of this dataset").remedy("Use a tissue of `scimf simulate-tissue`.")
    })?;
    let kinds = dataset.types.len();
    if kinds > MOST_RELABELLED {
        return Err(Error::request(format!("At most {MOST_RELABELLED} types can be relabelled in all ways")));
    }
    let (mut sums, mut counts) = (vec![0.0f64; kinds * kinds], vec![0u32; kinds * kinds]);
    let mut asymmetry = Vec::new();
    for time in 0..dataset.time_points.len() {
        let RecoveryQuery { score, minimum_cells } = query;
        let found =
            communication(model, dataset, CommunicationQuery { time, score, minimum_cells, sample: None }, device)
                .await?;
        for (at, mean) in found.mean.iter().enumerate().filter(|(_, mean)| mean.is_finite()) {
            sums[at] += f64::from(*mean);
            counts[at] += 1;
        }
        if found.types.len() > 1 {
            asymmetry.push(found.non_reciprocity);
        }
    }
    let score: Vec<Option<f64>> =
        sums.iter().zip(&counts).map(|(sum, count)| (*count > 0).then(|| sum / f64::from(*count))).collect();
    let identity: Vec<usize> = (0..kinds).collect();
    let known = || Error::request("The planted interactions are all or none of the pairs that were seen");
    let auroc = auroc(&score, planted, &identity).ok_or_else(known)?;
    let mut control = Vec::new();
    relabellings(kinds, &mut |labels| control.extend(self::auroc(&score, planted, labels)));
    let count = control.len() as f64;
    let control_mean = control.iter().sum::<f64>() / count;
    let spread = control.iter().map(|value| (value - control_mean).powi(2)).sum::<f64>() / count;
    let all: Vec<usize> = (0..kinds).collect();
    Ok(Recovery {
        query,
        auroc,
        control_mean,
        control_sd: spread.sqrt(),
        p_value: control.iter().filter(|value| **value >= auroc - 1e-12).count() as f64 / count,
        non_reciprocity: asymmetry.iter().sum::<f32>() / asymmetry.len().max(1) as f32,
        planted_non_reciprocity: non_reciprocity(&planted.values, &all, kinds),
    })
}

/// Area under the ROC curve of planted pairs against the others. The planted matrix is read under other names of the types. None if there
/// is no pair of either kind.
fn auroc(score: &[Option<f64>], planted: &Matrix, labels: &[usize]) -> Option<f64> {
    let kinds = labels.len();
    let pairs = (0..kinds).flat_map(|a| (0..kinds).map(move |b| (a, b))).filter(|(a, b)| a != b);
    let scored = pairs.filter_map(|(a, b)| Some((score[a * kinds + b]?, planted.row(labels[a])[labels[b]] > 0.0)));
    let (positive, negative): (Vec<_>, Vec<_>) = scored.partition(|(_, interacts)| *interacts);
    let scores = |pairs: &[(f64, bool)]| pairs.iter().map(|(score, _)| *score).collect::<Vec<_>>();
    ranking::auroc(&scores(&positive), &scores(&negative))
}

/// Calls `see` with every order of the numbers below `count` (Heap's algorithm).
fn relabellings(count: usize, see: &mut dyn FnMut(&[usize])) {
    fn go(labels: &mut [usize], count: usize, see: &mut dyn FnMut(&[usize])) {
        if count <= 1 {
            return see(labels);
        }
        for i in 0..count {
            go(labels, count - 1, see);
            let other = if count.is_multiple_of(2) { i } else { 0 };
            if i + 1 < count {
                labels.swap(other, count - 1);
            }
        }
    }
    go(&mut (0..count).collect::<Vec<_>>(), count, see);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_comes_once() {
        let mut all = Vec::new();
        relabellings(4, &mut |labels| all.push(labels.to_vec()));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 24);
    }

    #[test]
    fn a_score_that_ranks_the_planted_pairs_first_has_area_one() {
        let planted = Matrix::new(3, 3, vec![9.0, 1.0, 0.0, 0.0, 9.0, 1.0, 0.0, 0.0, 9.0]).unwrap();
        let good = [0.0, 0.9, 0.1, 0.1, 0.0, 0.8, 0.2, 0.1, 0.0].map(Some);
        assert_eq!(auroc(&good, &planted, &[0, 1, 2]), Some(1.0));
        let even = [0.5; 9].map(Some);
        assert_eq!(auroc(&even, &planted, &[0, 1, 2]), Some(0.5));
        assert_eq!(auroc(&[None; 9], &planted, &[0, 1, 2]), None);
    }
}

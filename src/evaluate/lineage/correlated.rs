//! Which type becomes which, as the likeness of cells says: what is had without a model.

use super::{Lineage, shares};
use crate::data::{Dataset, GeneSpace, evenly};

/// Most cells of a time point that are compared.
const COMPARED: usize = 1000;

/// Each cell votes for the type of the next time point with whose cells it has the highest mean rank correlation (Spearman's), as scTimeBench's method
/// `correlation`: share of each type that becomes each, from (row) to (column). Measured genes are compared where components follow from them,
/// else components; the second value says so.
pub(crate) fn correlated(lineage: &Lineage, dataset: &Dataset) -> (Vec<f64>, bool) {
    let genes = GeneSpace::new(dataset).ok();
    let in_genes = genes.is_some();
    let seen = genes.as_ref().map_or(dataset, |genes| &genes.dataset);
    let count = lineage.len();
    let mut counts = vec![0.0; count * count];
    let cells = |time: usize| {
        let all = dataset.cells_at(time);
        let of_lineage: Vec<(u32, usize)> = all
            .into_iter()
            .filter_map(|cell| Some((cell, lineage.place(dataset.cell_types[cell as usize])?)))
            .collect();
        evenly(of_lineage.len(), COMPARED).map(|at| of_lineage[at]).collect::<Vec<_>>()
    };
    for time in 1..dataset.time_points.len() {
        let profiles = means(&cells(time), seen, count);
        for (cell, from) in cells(time - 1) {
            let own = standard_ranks(seen.states.row(cell as usize));
            let likeness = |mean: &Vec<f64>| own.iter().zip(mean).map(|(a, b)| a * b).sum::<f64>();
            let scores = profiles.iter().enumerate().filter_map(|(to, mean)| Some((to, likeness(mean.as_ref()?))));
            // Of equal scores the first counts.
            let best = scores.reduce(|best, next| if next.1 > best.1 { next } else { best });
            if let Some((to, _)) = best {
                counts[from * count + to] += 1.0;
            }
        }
    }
    (shares(counts, count), in_genes)
}

/// Mean of the standardised ranks of each type's cells; none for a type that is not there. The mean correlation with the cells of a type is the product
/// with their mean.
fn means(cells: &[(u32, usize)], seen: &Dataset, types: usize) -> Vec<Option<Vec<f64>>> {
    let mut sums: Vec<Option<(Vec<f64>, f64)>> = vec![None; types];
    for (cell, kind) in cells {
        let ranks = standard_ranks(seen.states.row(*cell as usize));
        let (sum, number) = sums[*kind].get_or_insert_with(|| (vec![0.0; ranks.len()], 0.0));
        sum.iter_mut().zip(ranks).for_each(|(sum, rank)| *sum += rank);
        *number += 1.0;
    }
    let mean = |(sum, number): (Vec<f64>, f64)| sum.into_iter().map(|sum| sum / number).collect();
    sums.into_iter().map(|sum| sum.map(mean)).collect()
}

/// Ranks of some values, equal ones sharing theirs, with mean 0 and variance 1; all 0 where all values are equal.
fn standard_ranks(values: &[f32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = first as f64 + (equal.len() - 1) as f64 / 2.0;
        equal.iter().for_each(|at| ranks[*at] = rank);
        first += equal.len();
    }
    let mean = (values.len() as f64 - 1.0) / 2.0;
    let variance = ranks.iter().map(|rank| (rank - mean).powi(2)).sum::<f64>() / values.len() as f64;
    let deviation = if variance > 0.0 { variance.sqrt() } else { 1.0 };
    ranks.iter().map(|rank| (rank - mean) / deviation).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_share_a_rank() {
        let ranks = standard_ranks(&[0.0, 5.0, 0.0, 1.0]);
        assert_eq!(ranks[0], ranks[2]);
        assert!(ranks[1] > ranks[3] && ranks.iter().sum::<f64>().abs() < 1e-12);
        assert_eq!(standard_ranks(&[2.0, 2.0]), [0.0, 0.0]);
    }
}

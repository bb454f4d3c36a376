//! How strongly cells belong to each other's neighbourhood (McInnes, Healy, Melville 2018, sections 3.1 and 4.1).

use crate::preprocess::neighbours::Neighbours;

/// Membership of each neighbour in its cell's neighbourhood: `exp(-(d - nearest) / sigma)`, with sigma such that the memberships of a
/// cell sum to log2(neighbours + 1).
pub(super) fn memberships(neighbours: &Neighbours, count: usize) -> Vec<f32> {
    let mean = neighbours.distances.iter().sum::<f32>() / neighbours.distances.len().max(1) as f32;
    let cells = neighbours.distances.chunks_exact(count);
    cells
        .flat_map(|distances| {
            let nearest = distances.iter().copied().find(|distance| *distance > 0.0).unwrap_or(0.0);
            let sigma = sigma(distances, nearest, mean);
            distances.iter().map(move |distance| membership(*distance, nearest, sigma))
        })
        .collect()
}

fn membership(distance: f32, nearest: f32, sigma: f32) -> f32 {
    if distance <= nearest { 1.0 } else { (-(distance - nearest) / sigma).exp() }
}

/// By bisection; not less than a thousandth of the mean distance, that of the cell or, if all its neighbours lie on it, of
/// those looked at with it.
fn sigma(distances: &[f32], nearest: f32, mean: f32) -> f32 {
    let target = (distances.len() as f32 + 1.0).log2();
    let (mut low, mut sigma, mut high) = (0.0, 1.0, f32::INFINITY);
    for _ in 0..64 {
        let sum: f32 = distances.iter().map(|distance| membership(*distance, nearest, sigma)).sum();
        if (sum - target).abs() < 1e-5 {
            break;
        }
        if sum > target {
            high = sigma;
            sigma = (low + high) / 2.0;
        } else {
            low = sigma;
            sigma = if high.is_finite() { (low + high) / 2.0 } else { sigma * 2.0 };
        }
    }
    let own = distances.iter().sum::<f32>() / distances.len() as f32;
    sigma.max(1e-3 * if nearest > 0.0 { own } else { mean }).max(f32::MIN_POSITIVE)
}

/// Pairs of cells with the strength of belonging together: that one is in the other's neighbourhood or the other way round
/// (`p + q - p q`). Each pair is there in both directions, in the order of its first cell.
pub(super) fn union(neighbours: &[u32], memberships: &[f32], count: usize) -> Vec<(u32, u32, f32)> {
    let mut directed: Vec<(u32, u32, f32)> = Vec::with_capacity(2 * memberships.len());
    for (at, (neighbour, membership)) in neighbours.iter().zip(memberships).enumerate() {
        let cell = (at / count) as u32;
        directed.push((cell, *neighbour, *membership));
        directed.push((*neighbour, cell, *membership));
    }
    directed.sort_unstable_by_key(|(from, to, membership)| (*from, *to, membership.to_bits()));
    let same = |a: &(u32, u32, f32), b: &(u32, u32, f32)| (a.0, a.1) == (b.0, b.1);
    let pairs = directed.chunk_by(same);
    pairs.map(|pair| (pair[0].0, pair[0].1, pair.iter().fold(0.0, |p, (_, _, q)| p + q - p * q))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memberships_sum_to_the_target_and_the_nearest_belongs_fully() {
        let distances: Vec<f32> = (1..15u8).map(|i| 2.0 + f32::from(i).sqrt()).collect();
        let neighbours = Neighbours { cells: (1..15).collect(), distances };
        let found = memberships(&neighbours, 14);
        assert_eq!(found[0], 1.0);
        assert!((found.iter().sum::<f32>() - 15f32.log2()).abs() < 1e-3);
        assert!(found.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn equal_cells_belong_fully() {
        let neighbours = Neighbours { cells: vec![1, 2, 0, 2, 0, 1], distances: vec![0.0; 6] };
        assert_eq!(memberships(&neighbours, 2), [1.0; 6]);
    }

    #[test]
    fn a_pair_belongs_together_if_one_direction_says_so() {
        let found = union(&[1, 0, 1], &[0.5, 0.5, 0.25], 1);
        assert_eq!(found, [(0, 1, 0.75), (1, 0, 0.75), (1, 2, 0.25), (2, 1, 0.25)]);
    }
}

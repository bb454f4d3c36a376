//! Distances that a collapse cannot win.
//!
//! A distance between two samples has two parts: how far the populations are apart, and what sampling adds. The second is larger the more the
//! cells spread, so that a prediction that is too narrow comes out too near. Here it cancels: in the energy distance pairs of a cell with itself
//! are left out (a U-statistic), and in the Sinkhorn divergence each cloud's own term is the transport between two halves of it, which has the
//! same sampling part as the transport between the clouds.

use crate::protocol::Debiased;
use crate::transport::exact::Weighted;
use crate::transport::{Bounds, Schedule, streaming};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Most cells of a half.
const MOST: usize = 500;
/// The last epsilon, as a share of the observed cells' total variance.
const EPSILON: f64 = 0.1;
/// Ratio of successive blurs.
const SCALING: f64 = 0.8;

/// Two random halves of a cloud: row-major points, equally many.
struct Halves([Vec<f32>; 2]);

/// Energy distance and Sinkhorn divergence between two clouds, of which as many cells are drawn as the smaller one has. What else there is to say
/// of a prediction is left at 0.
pub(super) fn debiased(predicted: &Weighted, observed: &Weighted, dimensions: usize, seed: u32) -> Debiased {
    let count = (distinct(predicted).min(distinct(observed)) / 2).clamp(1, MOST);
    let rng = &mut ChaCha8Rng::seed_from_u64(u64::from(seed));
    let x = Halves::of(predicted, count, dimensions, rng);
    let y = Halves::of(observed, count, dimensions, rng);
    Debiased { energy: energy(&x, &y, dimensions), sinkhorn: sinkhorn(&x, &y, dimensions), ..Debiased::default() }
}

/// How many points can be drawn by their mass without drawing one twice. All mass on one point has no end of it.
fn distinct(cloud: &Weighted) -> usize {
    let total: u64 = cloud.masses.iter().sum();
    let largest = cloud.masses.iter().copied().max().unwrap_or(1).max(1);
    if cloud.masses.len() == 1 { usize::MAX } else { usize::try_from(total / largest).unwrap_or(usize::MAX) }
}

/// Points drawn by their mass, at equal steps of mass through all of them in a random order.
pub(super) fn drawn(cloud: &Weighted, count: usize, dimensions: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    let mut order: Vec<usize> = (0..cloud.masses.len()).collect();
    order.shuffle(rng);
    let step = cloud.masses.iter().sum::<u64>() as f64 / count as f64;
    let (mut next, mut passed) = (step * rng.random::<f64>(), 0.0);
    let mut points = Vec::with_capacity(count * dimensions);
    for point in order {
        passed += cloud.masses[point] as f64;
        while next < passed && points.len() < count * dimensions {
            points.extend_from_slice(&cloud.points[point * dimensions..(point + 1) * dimensions]);
            next += step;
        }
    }
    points
}

impl Halves {
    fn of(cloud: &Weighted, count: usize, dimensions: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut one = drawn(cloud, 2 * count, dimensions, rng);
        let other = one.split_off(one.len() / dimensions / 2 * dimensions);
        Self([one, other])
    }

    fn whole(&self) -> Vec<f32> {
        self.0.concat()
    }
}

/// 2 E|x - y| - E|x - x'| - E|y - y'|.
fn energy(x: &Halves, y: &Halves, dimensions: usize) -> f64 {
    let [x, y] = [x.whole(), y.whole()];
    2.0 * mean_distance(&x, &y, dimensions) - own_distance(&x, dimensions) - own_distance(&y, dimensions)
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    f64::from(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>()).sqrt()
}

fn mean_distance(x: &[f32], y: &[f32], dimensions: usize) -> f64 {
    let rows = |points| <[f32]>::chunks_exact(points, dimensions);
    let sum: f64 = rows(x).map(|a| rows(y).map(|b| distance(a, b)).sum::<f64>()).sum();
    sum / (rows(x).len() * rows(y).len()) as f64
}

/// Mean distance of two different points.
fn own_distance(x: &[f32], dimensions: usize) -> f64 {
    let rows: Vec<&[f32]> = x.chunks_exact(dimensions).collect();
    let from = |(at, a): (usize, &&[f32])| rows[..at].iter().map(|b| distance(a, b)).sum::<f64>();
    let pairs = rows.len() * rows.len().saturating_sub(1) / 2;
    rows.iter().enumerate().map(from).sum::<f64>() / pairs.max(1) as f64
}

/// Transport between the clouds without half of the transport between the halves of each.
fn sinkhorn(x: &Halves, y: &Halves, dimensions: usize) -> f64 {
    let [all_x, all_y] = [x.whole(), y.whole()];
    let variance: f64 = variances(&Weighted::uniform(all_y.clone(), dimensions), dimensions).iter().sum();
    let diameter = Bounds::of(&all_x, dimensions).joint_diagonal(&Bounds::of(&all_y, dimensions));
    let blur = (EPSILON * variance).sqrt().max(1e-6 * diameter).max(f64::from(f32::EPSILON));
    let schedule = Schedule::new(diameter, blur, SCALING);
    let cost = |a: &[f32], b: &[f32]| f64::from(streaming::transport(a, b, dimensions, &schedule));
    let [[x, x2], [y, y2]] = [&x.0, &y.0];
    0.5 * (cost(x, y) + cost(x2, y2) - cost(x, x2) - cost(y, y2))
}

/// Variance of each coordinate, by mass.
pub(super) fn variances(cloud: &Weighted, dimensions: usize) -> Vec<f64> {
    let total = cloud.masses.iter().sum::<u64>() as f64;
    let over = |value: &dyn Fn(&[f32]) -> f64| {
        let points = cloud.points.chunks_exact(dimensions).zip(&cloud.masses);
        points.map(|(point, mass)| *mass as f64 * value(point)).sum::<f64>() / total
    };
    let variance = |axis: usize| {
        let mean = over(&|point| f64::from(point[axis]));
        over(&|point| (f64::from(point[axis]) - mean).powi(2))
    };
    (0..dimensions).map(variance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sde::Brownian;

    /// Cells of three types whose components spread less and less; `by` moves them and `share` narrows them.
    fn cells(seed: u64, count: usize, dimensions: usize, share: f32, by: f32) -> Weighted {
        let noise = Brownian::new(seed).normals(0, count * dimensions);
        let homes = Brownian::new(7).normals(0, 3 * dimensions);
        let point = |(at, value): (usize, &f32)| {
            let (cell, axis) = (at / dimensions, at % dimensions);
            let scale = 0.95f32.powi(axis as i32);
            share * scale * (value + homes[cell % 3 * dimensions + axis]) + if axis == 0 { by } else { 0.0 }
        };
        Weighted::uniform(noise.iter().enumerate().map(point).collect(), dimensions)
    }

    /// Mean over a few seeds.
    fn found(predicted: &Weighted, observed: &Weighted, dimensions: usize) -> [f64; 2] {
        let all: Vec<Debiased> = (0..2).map(|seed| debiased(predicted, observed, dimensions, seed)).collect();
        let mean = Debiased::over(&all).unwrap();
        [mean.energy, mean.sinkhorn]
    }

    #[test]
    fn cells_of_the_observed_population_come_first_and_one_point_last() {
        for dimensions in [2, 30] {
            let observed = cells(1, 160, dimensions, 1.0, 0.0);
            let mean = |axis: usize| observed.points.iter().skip(axis).step_by(dimensions).sum::<f32>() / 160.0;
            let point = Weighted::uniform((0..dimensions).map(mean).collect(), dimensions);
            let fresh = found(&cells(2, 160, dimensions, 1.0, 0.0), &observed, dimensions);
            let rest = [cells(3, 160, dimensions, 0.6, 0.0), cells(4, 160, dimensions, 1.0, 1.0)];
            let rest = rest.map(|predicted| found(&predicted, &observed, dimensions));
            let point = found(&point, &observed, dimensions);
            for metric in 0..2 {
                assert!(rest.iter().all(|it| it[metric] > fresh[metric]), "{dimensions}, {metric}: {fresh:?} {rest:?}");
                assert!(rest.iter().all(|it| it[metric] < point[metric]), "{dimensions}, {metric}: {point:?} {rest:?}");
                assert!(fresh[metric].abs() < 0.1 * point[metric], "{dimensions}, {metric}: {fresh:?} {point:?}");
            }
        }
    }

    #[test]
    fn mass_is_drawn_in_equal_steps() {
        let cloud = Weighted { points: vec![0.0, 1.0, 2.0], masses: vec![1, 2, 1] };
        let mut drawn = drawn(&cloud, 4, 1, &mut ChaCha8Rng::seed_from_u64(1));
        drawn.sort_by(f32::total_cmp);
        assert_eq!(drawn, [0.0, 1.0, 1.0, 2.0]);
        assert_eq!(distinct(&cloud), 2);
        assert_eq!(variances(&cloud, 1), [0.5]);
    }

    #[test]
    fn two_points_and_two_others_have_a_distance() {
        let found = debiased(&Weighted::uniform(vec![0.0, 1.0], 1), &Weighted::uniform(vec![4.0, 6.0], 1), 1, 0);
        assert!((found.energy - (2.0 * 4.5 - 1.0 - 2.0)).abs() < 1e-6, "{found:?}");
        assert!(found.sinkhorn.is_finite());
    }
}

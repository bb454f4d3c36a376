//! The distance of scTimeBench (bioRxiv 2026.03.16.712069; program li-lab-mcgill/scTimeBench, metric `ot_eval`).

use crate::transport::exact::Weighted;
use crate::transport::{Bounds, Schedule, streaming};

/// The benchmark's settings of geomloss.
const BLUR: f64 = 0.05;
const SCALING: f64 = 0.5;

/// Debiased Sinkhorn divergence of half the squared distance between all cells of both clouds, divided by the number of genes. Each cloud's own
/// term is that of the whole cloud, so that a prediction that is too narrow comes out too near.
pub(super) fn per_gene(predicted: &Weighted, observed: &Weighted, genes: usize) -> f64 {
    let diameter = Bounds::of(&predicted.points, genes).joint_diagonal(&Bounds::of(&observed.points, genes));
    if diameter <= 0.0 {
        return 0.0;
    }
    let schedule = Schedule::new(diameter, BLUR, SCALING);
    let own = streaming::self_term(&observed.points, genes, &schedule);
    let total = predicted.masses.iter().sum::<u64>() as f64;
    let weights: Vec<f32> = predicted.masses.iter().map(|mass| (*mass as f64 / total) as f32).collect();
    let found = streaming::weighted_divergence(&predicted.points, &weights, &observed.points, genes, own, &schedule);
    f64::from(found.value) / genes as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_clouds_have_none_and_a_shift_costs_half_its_square_for_each_gene() {
        let points: Vec<f32> = (0..40).map(|at| ((at * 7) % 11) as f32 / 4.0).collect();
        let cloud = |by: f32| Weighted::uniform(points.iter().map(|value| value + by).collect(), 4);
        assert!(per_gene(&cloud(0.0), &cloud(0.0), 4).abs() < 1e-3);
        let far = per_gene(&cloud(3.0), &cloud(0.0), 4);
        assert!((far - 4.5).abs() < 0.05, "{far}");
    }
}

//! A cloud of points and its extent.

use super::{Divergence, Schedule, streaming};
use crate::data::evenly;
use crate::error::{Error, Result};
use crate::protocol::Part;
use crate::tensor::{is_cpu, read, upload};
use burn::tensor::{Device, Tensor};
use std::borrow::Cow;

/// Axis-aligned bounding box.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// Smallest coordinate of each dimension.
    pub low: Vec<f32>,
    /// Largest coordinate of each dimension.
    pub high: Vec<f32>,
}

impl Bounds {
    /// The box of row-major points with `dimensions` columns.
    pub fn of(points: &[f32], dimensions: usize) -> Self {
        let mut bounds = Self { low: vec![f32::INFINITY; dimensions], high: vec![f32::NEG_INFINITY; dimensions] };
        for point in points.chunks_exact(dimensions) {
            for (k, &x) in point.iter().enumerate() {
                bounds.low[k] = bounds.low[k].min(x);
                bounds.high[k] = bounds.high[k].max(x);
            }
        }
        bounds
    }

    /// Length of the diagonal of the smallest box around both.
    pub fn joint_diagonal(&self, other: &Self) -> f64 {
        let sides = self.low.iter().zip(&self.high).zip(other.low.iter().zip(&other.high));
        sides.map(|((l1, h1), (l2, h2))| f64::from(h1.max(*h2) - l1.min(*l2)).powi(2)).sum::<f64>().sqrt()
    }
}

/// Most points from which a cloud's own part of the divergence is computed. Its work grows with their square, of 200,000 it would take minutes
/// before the first update; and it is the same number at every comparison, so that a sample of many points does for it.
const OWN_PART_POINTS: usize = 10_000;

/// Most points that are kept on a device other than the CPU. Of more, the comparison streams over host memory there too: a launch has not that many
/// workgroups, and the matrix of costs no room.
const MOST_ON_DEVICE: usize = 250_000;

/// Observed points that simulated ones are compared with again and again.
///
/// The points' own part of the divergence is computed at the first comparison, with that comparison's schedule, and kept: it is a
/// constant of the data up to the schedule, and no gradient depends on it. Of more than 10,000 points an evenly spread sample stands for it.
pub struct Cloud {
    bounds: Bounds,
    dimensions: usize,
    points: Points,
}

/// From host memory the divergence streams; on a device it is made of kernels or tensor operations.
#[expect(clippy::large_enum_variant, reason = "there is one for each time point")]
enum Points {
    Host { points: Vec<f32>, self_term: Option<f32> },
    Device { points: Tensor<2>, self_term: Option<Tensor<1>> },
}

impl Cloud {
    /// Takes row-major points with `dimensions` columns, for comparisons on `device`.
    pub fn new(points: Vec<f32>, dimensions: usize, device: &Device) -> Self {
        let bounds = Bounds::of(&points, dimensions);
        let count = points.len() / dimensions;
        let points = if is_cpu(device) || count > MOST_ON_DEVICE {
            Points::Host { points, self_term: None }
        } else {
            Points::Device { points: upload(points, [count, dimensions], device), self_term: None }
        };
        Self { bounds, dimensions, points }
    }

    /// Number of points.
    pub fn count(&self) -> usize {
        match &self.points {
            Points::Host { points, .. } => points.len() / self.dimensions,
            Points::Device { points, .. } => points.dims()[0],
        }
    }

    /// The extent of the points.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// The points' own part of the divergence, if it was computed or given.
    ///
    /// # Errors
    /// The device failed.
    pub async fn self_term(&self) -> Result<Option<f32>> {
        match &self.points {
            Points::Host { self_term, .. } => Ok(*self_term),
            Points::Device { self_term: None, .. } => Ok(None),
            Points::Device { self_term: Some(term), .. } => Ok(read(term.clone()).await?.first().copied()),
        }
    }

    /// The same cloud with its own part of the divergence known from before.
    #[must_use]
    pub fn with_self_term(mut self, known: f32) -> Self {
        match &mut self.points {
            Points::Host { self_term, .. } => *self_term = Some(known),
            Points::Device { points, self_term } => *self_term = Some(upload(vec![known], [1], &points.device())),
        }
        self
    }

    /// The comparison with equally weighted row-major points `x` as a part that a helper computes; none on another device than the CPU, or as long as
    /// the points' own part is not known.
    pub fn part(&self, x: Vec<f32>, schedule: &Schedule) -> Option<Part> {
        match &self.points {
            Points::Host { points, self_term: Some(self_term) } => Some(Part::Compare {
                dimensions: self.dimensions,
                simulated: x.into(),
                observed: points.clone().into(),
                self_term: *self_term,
                epsilons: schedule.epsilons().to_vec().into(),
            }),
            _ => None,
        }
    }

    /// The Sinkhorn divergence of `x` from this cloud and its gradient with respect to `x`, whose points have `weights` that sum to 1, or
    /// equal ones.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`, without gradients; `weights`: n
    ///
    /// # Errors
    /// The device failed.
    pub async fn divergence(
        &mut self,
        x: Tensor<2>,
        weights: Option<&[f32]>,
        schedule: &Schedule,
    ) -> Result<Divergence> {
        match &mut self.points {
            Points::Device { points, self_term } => {
                let own = || super::self_term(sample(points), schedule);
                let self_term = self_term.get_or_insert_with(own).clone();
                Ok(match weights {
                    Some(weights) => {
                        let weights = upload(weights.to_vec(), [weights.len(), 1], &x.device());
                        super::weighted_divergence(x, weights, points.clone(), self_term, schedule)
                    }
                    None => super::divergence(x, points.clone(), self_term, schedule),
                })
            }
            Points::Host { points, self_term } => {
                let own = || streaming::self_term(&host_sample(points, self.dimensions), self.dimensions, schedule);
                let self_term = *self_term.get_or_insert_with(own);
                on_host(x, weights, points, self.dimensions, self_term, schedule).await
            }
        }
    }

    /// The divergence from the points at some `rows` alone, which were drawn without replacement, with its own part computed anew.
    ///
    /// # Errors
    /// The points are not in host memory, or the device failed.
    pub async fn divergence_from_some(&self, x: Tensor<2>, rows: &[usize], schedule: &Schedule) -> Result<Sampled> {
        let dimensions = self.dimensions;
        let Points::Host { points, .. } = &self.points else {
            return Err(Error::internal("points to be drawn from are not in host memory"));
        };
        let some: Vec<f32> =
            rows.iter().flat_map(|row| &points[row * dimensions..(row + 1) * dimensions]).copied().collect();
        let device = x.device();
        let (divergence, own) = if is_cpu(&device) {
            let own = streaming::own_potential(&some, dimensions, schedule);
            let found = on_host(x, None, &some, dimensions, streaming::mean(&own), schedule).await?;
            (found, upload(own, [rows.len()], &device))
        } else {
            let some = upload(some, [rows.len(), dimensions], &device);
            let own = super::own_potential(some.clone(), schedule);
            (super::divergence(x, some, own.clone().mean(), schedule), own)
        };
        let gain = divergence.potential.clone() - own;
        let off = gain.clone() - gain.mean();
        let (drawn, all) = (rows.len() as f64, self.count() as f64);
        let variance = off.square().sum().mul_scalar((1.0 - drawn / all) / (drawn * (drawn - 1.0).max(1.0)));
        Ok(Sampled { divergence, variance })
    }
}

/// A divergence from some points of a cloud.
pub struct Sampled {
    /// From these points.
    pub divergence: Divergence,
    /// Its variance over what else could have been drawn, `[1]`: that of the mean of g_xy - g_yy, in which the divergence is linear up to terms that
    /// vanish faster (Mena and Weed 2019; Gonzalez-Sanz, Loubes and Niles-Weed 2022), without those that were drawn of a finite cloud.
    pub variance: Tensor<1>,
}

async fn on_host(
    x: Tensor<2>,
    weights: Option<&[f32]>,
    points: &[f32],
    dimensions: usize,
    self_term: f32,
    schedule: &Schedule,
) -> Result<Divergence> {
    let (shape, device) = (x.dims(), x.device());
    let x = read(x).await?;
    let found = match weights {
        Some(weights) => streaming::weighted_divergence(&x, weights, points, dimensions, self_term, schedule),
        None => streaming::divergence(&x, points, dimensions, self_term, schedule),
    };
    let count = found.potential.len();
    Ok(Divergence {
        value: upload(vec![found.value], [1], &device),
        gradient: upload(found.gradient, shape, &device),
        potential: upload(found.potential, [count], &device),
    })
}

/// The points from which a cloud's own part is computed.
fn sample(points: &Tensor<2>) -> Tensor<2> {
    let count = points.dims()[0];
    if count <= OWN_PART_POINTS {
        return points.clone();
    }
    let rows: Vec<i32> = evenly(count, OWN_PART_POINTS).map(|row| row as i32).collect();
    points.clone().select(0, Tensor::from_data(rows.as_slice(), &points.device()))
}

/// The same of row-major points in host memory.
fn host_sample(points: &[f32], dimensions: usize) -> Cow<'_, [f32]> {
    let count = points.len() / dimensions;
    if count <= OWN_PART_POINTS {
        return points.into();
    }
    evenly(count, OWN_PART_POINTS).flat_map(|row| &points[row * dimensions..][..dimensions]).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::cpu;

    #[test]
    fn a_sample_of_many_points_stands_for_them() {
        let points: Vec<f32> = (0..3 * OWN_PART_POINTS).flat_map(|row| [row as f32, -(row as f32)]).collect();
        let host = host_sample(&points, 2);
        assert_eq!(host.len(), 2 * OWN_PART_POINTS);
        assert!(host.chunks_exact(2).all(|point| point[0] == -point[1]), "rows stay whole");
        assert!(host[0] < 3.0 && host[host.len() - 2] > (3 * OWN_PART_POINTS - 4) as f32, "from one end to the other");
        let device = cpu();
        let tensor = sample(&upload(points.clone(), [points.len() / 2, 2], &device));
        assert_eq!(pollster::block_on(read(tensor)).unwrap(), *host);
    }

    #[test]
    fn few_points_are_all_taken() {
        let points = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(*host_sample(&points, 2), points);
    }
}

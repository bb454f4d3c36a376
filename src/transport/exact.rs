//! Exact optimal transport between two weighted clouds of points, in host memory.
//!
//! A network simplex on the arcs that matter: it starts with each point's nearest partners and adds, until there are none, arcs whose reduced
//! cost is negative. What is found is optimal among all pairs, though most of them are never stored: 2,000 x 8,000 cells need a few hundred
//! thousand arcs instead of 16 million.

use crate::error::{Error, Result};
use scimf_host::simplex::{Arc, Simplex};
use std::ops::Range;

/// Nearest partners of each point among the first arcs.
const FIRST_PARTNERS: usize = 12;
/// Most arcs that a round of pricing adds for each point of the first cloud.
const ADDED_PARTNERS: usize = 8;
/// A reduced cost counts as negative below this share of the largest distance.
const TOLERANCE: f64 = 1e-11;
/// Rounding of a distance in single precision, as a share of the largest distance: what may hide a negative reduced cost is looked at in
/// double precision.
const SINGLE_ROUNDING: f64 = 1e-5;

/// What it costs to move a unit of mass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The distance: the transport is W1.
    Euclidean,
    /// The squared distance: the square root of the transport is W2.
    SquaredEuclidean,
}

/// A cloud of points with a mass each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weighted {
    /// Row-major coordinates.
    pub points: Vec<f32>,
    /// Mass of each point, in any unit: only shares count.
    pub masses: Vec<u64>,
}

impl Weighted {
    /// Points of equal mass.
    ///
    /// # Panics
    /// If `dimensions` is 0.
    pub fn uniform(points: Vec<f32>, dimensions: usize) -> Self {
        let masses = vec![1; points.len() / dimensions];
        Self { points, masses }
    }
}

/// Mass that goes from a point of the first cloud to one of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// Point of the first cloud.
    pub from: usize,
    /// Point of the second cloud.
    pub to: usize,
    /// The mass, in units of which [`Exact::total`] make the whole.
    pub mass: u64,
}

/// A transport problem on its way to the solution, one bounded piece at a time.
pub struct Exact {
    x: Vec<f32>,
    y: Vec<f32>,
    dimensions: usize,
    cost: Cost,
    largest: f64,
    total: i64,
    simplex: Simplex,
    /// Whether a pair is among the arcs, for the points of the first cloud: sorted partners.
    partners: Vec<Vec<u32>>,
    phase: Phase,
}

/// What comes next.
enum Phase {
    /// The nearest partners of all points, from this point of the first cloud on. So far the nearest ones of each point of the second.
    Nearest(usize, Vec<Vec<(f32, u32)>>),
    /// Steps of the simplex on the arcs there are.
    Steps,
    /// A look for arcs of negative reduced cost, from this point of the first cloud on, and whether one was found before it.
    Pricing(usize, bool),
    Finished,
}

/// Points of the first cloud that are looked at, and steps of the simplex that are taken, in one piece of work.
const PIECE: (usize, usize) = (100, 4000);

impl Exact {
    /// Sets the problem up.
    ///
    /// # Errors
    /// A cloud is empty, has no mass, or holds a value that is not finite; or the masses have no common unit that can be counted in.
    pub fn new(x: Weighted, y: Weighted, dimensions: usize, cost: Cost) -> Result<Self> {
        let empty = || Error::request("Transport needs at least one point with mass on each side");
        let sum = |cloud: &Weighted| cloud.masses.iter().try_fold(0u64, |sum, mass| sum.checked_add(*mass));
        let (Some(a), Some(b)) = (sum(&x), sum(&y)) else { return Err(Error::request("The masses are too large")) };
        if a == 0 || b == 0 {
            return Err(empty());
        }
        if [&x, &y].iter().any(|cloud| cloud.points.len() != cloud.masses.len() * dimensions) {
            return Err(Error::request("Each point needs one mass and all its coordinates"));
        }
        if x.points.iter().chain(&y.points).any(|value| !value.is_finite()) {
            return Err(Error::request("A coordinate is not a finite number"));
        }
        let common = gcd(a, b);
        let scaled = |masses: &[u64], factor: u64| {
            let scale = |mass: &u64| mass.checked_mul(factor).and_then(|mass| i64::try_from(mass).ok());
            masses.iter().map(scale).collect::<Option<Vec<i64>>>()
        };
        let too_fine = || Error::request("The masses have no common unit");
        let supply = scaled(&x.masses, b / common).ok_or_else(too_fine)?;
        let demand = scaled(&y.masses, a / common).ok_or_else(too_fine)?;
        let total = supply.iter().try_fold(0i64, |sum, mass| sum.checked_add(*mass)).ok_or_else(too_fine)?;

        let largest = diagonal(&x.points, &y.points, dimensions);
        let largest = if cost == Cost::Euclidean { largest } else { largest * largest };
        let partners = vec![Vec::new(); supply.len()];
        let simplex = Simplex::new(&supply, &demand, largest.max(f64::MIN_POSITIVE), TOLERANCE * largest);
        let phase = Phase::Nearest(0, vec![Vec::with_capacity(FIRST_PARTNERS + 1); demand.len()]);
        Ok(Self { x: x.points, y: y.points, dimensions, cost, largest, total, simplex, partners, phase })
    }

    /// The solution is found.
    pub fn is_finished(&self) -> bool {
        matches!(self.phase, Phase::Finished)
    }

    /// Does one bounded piece of work; `Some` once the solution is found.
    pub fn advance(&mut self) -> Option<()> {
        let (rows, (piece, steps)) = (self.partners.len(), PIECE);
        self.phase = match std::mem::replace(&mut self.phase, Phase::Finished) {
            Phase::Nearest(first, mut nearest) if first < rows => {
                let end = rows.min(first + piece);
                self.add_nearest(first..end, &mut nearest);
                Phase::Nearest(end, nearest)
            }
            Phase::Nearest(_, nearest) => {
                for (j, list) in nearest.into_iter().enumerate() {
                    list.into_iter().for_each(|(_, i)| self.add(i as usize, j));
                }
                Phase::Steps
            }
            Phase::Steps if self.simplex.improve(steps) => Phase::Pricing(0, false),
            Phase::Steps => Phase::Steps,
            Phase::Pricing(first, any) if first < rows => {
                let end = rows.min(first + piece);
                let found = self.add_negative(first..end);
                Phase::Pricing(end, any || found)
            }
            Phase::Pricing(_, true) => Phase::Steps,
            Phase::Pricing(_, false) | Phase::Finished => Phase::Finished,
        };
        self.is_finished().then_some(())
    }

    /// Works until the solution is found.
    pub fn solve(&mut self) {
        while self.advance().is_none() {}
    }

    /// The transport cost of the plan as it is; once finished, of the optimal one: W1, or the square of W2.
    pub fn value(&self) -> f64 {
        let moved = self.shipments().map(|s| s.mass as f64 * self.exact_cost(s.from, s.to)).sum::<f64>();
        moved / self.total as f64
    }

    /// Sum of the masses of all shipments.
    pub fn total(&self) -> u64 {
        self.total as u64
    }

    /// The plan: at most as many shipments as there are points, minus one.
    pub fn shipments(&self) -> impl Iterator<Item = Shipment> + '_ {
        let rows = self.partners.len();
        self.simplex.flows().map(move |(from, to, mass)| Shipment { from, to: to - rows, mass: mass as u64 })
    }

    fn x(&self, i: usize) -> &[f32] {
        &self.x[i * self.dimensions..(i + 1) * self.dimensions]
    }

    fn y(&self, j: usize) -> &[f32] {
        &self.y[j * self.dimensions..(j + 1) * self.dimensions]
    }

    fn exact_cost(&self, i: usize, j: usize) -> f64 {
        let square: f64 = self.x(i).iter().zip(self.y(j)).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum();
        match self.cost {
            Cost::Euclidean => square.sqrt(),
            Cost::SquaredEuclidean => square,
        }
    }

    /// The costs of one point of the first cloud to all of the second, in single precision.
    fn costs_from(&self, i: usize, costs: &mut Vec<f32>) {
        let x = self.x(i);
        costs.clear();
        costs.extend(self.y.chunks_exact(self.dimensions).map(|y| {
            let square = squared_distance(x, y);
            if self.cost == Cost::Euclidean { square.sqrt() } else { square }
        }));
    }

    fn add(&mut self, i: usize, j: usize) {
        if let Err(place) = self.partners[i].binary_search(&(j as u32)) {
            self.partners[i].insert(place, j as u32);
            let cost = self.exact_cost(i, j);
            self.simplex.add(Arc { from: i as u32, to: (self.partners.len() + j) as u32, cost });
        }
    }

    /// Adds the nearest partners of some points of the first cloud, and keeps the nearest ones of each point of the second.
    fn add_nearest(&mut self, rows: Range<usize>, nearest: &mut [Vec<(f32, u32)>]) {
        let (mut costs, mut order) = (Vec::new(), Vec::new());
        for i in rows {
            self.costs_from(i, &mut costs);
            for (list, &cost) in nearest.iter_mut().zip(&costs) {
                if list.len() < FIRST_PARTNERS || list.last().is_some_and(|(worst, _)| cost < *worst) {
                    let place = list.partition_point(|(other, _)| *other <= cost);
                    list.insert(place, (cost, i as u32));
                    list.truncate(FIRST_PARTNERS);
                }
            }
            order.clear();
            order.extend(costs.iter().copied().zip(0u32..));
            let count = FIRST_PARTNERS.min(order.len());
            if count < order.len() {
                order.select_nth_unstable_by(count, |a: &(f32, u32), b| a.0.total_cmp(&b.0));
            }
            for &(_, j) in &order[..count] {
                self.add(i, j as usize);
            }
        }
    }

    /// Adds pairs of negative reduced cost, the most negative ones of each of some points of the first cloud; false if there are none.
    fn add_negative(&mut self, rows: Range<usize>) -> bool {
        let (first_column, columns) = (self.partners.len(), self.y.len() / self.dimensions);
        let arrivals: Vec<f32> = (0..columns).map(|j| self.simplex.potential(first_column + j) as f32).collect();
        let near = (SINGLE_ROUNDING * self.largest) as f32;
        let (mut costs, mut found, mut any) = (Vec::new(), Vec::new(), false);
        for i in rows {
            self.costs_from(i, &mut costs);
            let departure = self.simplex.potential(i);
            let limit = near - departure as f32;
            found.clear();
            for (j, (cost, arrival)) in costs.iter().zip(&arrivals).enumerate() {
                if cost - arrival < limit {
                    let reduced = self.exact_cost(i, j) + departure - self.simplex.potential(first_column + j);
                    if reduced < -TOLERANCE * self.largest {
                        found.push((reduced, j));
                    }
                }
            }
            let count = ADDED_PARTNERS.min(found.len());
            if count < found.len() {
                found.select_nth_unstable_by(count, |a: &(f64, usize), b| a.0.total_cmp(&b.0));
            }
            for &(_, j) in &found[..count] {
                any = true;
                self.add(i, j);
            }
        }
        any
    }
}

/// Squared distance, summed in eight lanes so that the compiler can use vector instructions.
fn squared_distance(x: &[f32], y: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (xs, ys) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f32 = xs.remainder().iter().zip(ys.remainder()).map(|(a, b)| (a - b) * (a - b)).sum();
    for (x, y) in xs.zip(ys) {
        for ((lane, a), b) in lanes.iter_mut().zip(x).zip(y) {
            *lane += (a - b) * (a - b);
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Diagonal of the box around both clouds: no distance is larger.
fn diagonal(x: &[f32], y: &[f32], dimensions: usize) -> f64 {
    let square = |k: usize| {
        let column = || x.iter().chain(y).skip(k).step_by(dimensions);
        let low = column().copied().fold(f32::INFINITY, f32::min);
        let high = column().copied().fold(f32::NEG_INFINITY, f32::max);
        (f64::from(high) - f64::from(low)).powi(2)
    };
    (0..dimensions).map(square).sum::<f64>().sqrt()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn value(x: &Weighted, y: &Weighted, dimensions: usize, cost: Cost) -> f64 {
        let mut exact = Exact::new(x.clone(), y.clone(), dimensions, cost).unwrap();
        exact.solve();
        let shipped: u64 = exact.shipments().map(|shipment| shipment.mass).sum();
        assert_eq!(shipped, exact.total(), "all mass arrives");
        exact.value()
    }

    fn cloud(points: usize, dimensions: usize, seed: u64) -> Weighted {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        Weighted::uniform((0..points * dimensions).map(|_| rng.random::<f32>()).collect(), dimensions)
    }

    /// On a line the optimal plan for any convex cost is the monotone one.
    fn on_a_line(x: &Weighted, y: &Weighted, cost: Cost) -> f64 {
        let sorted = |cloud: &Weighted| {
            let mut points: Vec<(f32, u64)> = cloud.points.iter().copied().zip(cloud.masses.iter().copied()).collect();
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let total = points.iter().map(|(_, mass)| mass).sum::<u64>() as f64;
            points.into_iter().map(|(x, mass)| (f64::from(x), mass as f64 / total)).collect::<Vec<_>>()
        };
        let (mut x, mut y) = (sorted(x), sorted(y));
        let mut sum = 0.0;
        while let (Some(a), Some(b)) = (x.last_mut(), y.last_mut()) {
            let mass = a.1.min(b.1);
            let distance = (a.0 - b.0).abs();
            sum += mass * if cost == Cost::Euclidean { distance } else { distance * distance };
            a.1 -= mass;
            b.1 -= mass;
            let (done_x, done_y) = (a.1 <= 1e-12, b.1 <= 1e-12);
            if done_x {
                x.pop();
            }
            if done_y {
                y.pop();
            }
        }
        sum
    }

    #[test]
    fn on_a_line_the_plan_is_monotone() {
        for (n, m) in [(1, 1), (1, 7), (5, 3), (40, 40), (200, 331), (500, 500)] {
            for cost in [Cost::Euclidean, Cost::SquaredEuclidean] {
                let (mut x, y) = (cloud(n, 1, 1), cloud(m, 1, 2));
                x.masses = (0..n as u64).map(|i| 1 + i % 3).collect();
                let (found, expected) = (value(&x, &y, 1, cost), on_a_line(&x, &y, cost));
                assert!((found - expected).abs() <= 1e-9, "{n} x {m}: {found} is not {expected}");
            }
        }
    }

    #[test]
    fn a_shift_costs_its_length() {
        let x = cloud(300, 20, 3);
        let shifted = Weighted { points: x.points.iter().map(|value| value + 5.0).collect(), masses: x.masses.clone() };
        let found = value(&x, &shifted, 20, Cost::Euclidean);
        assert!((found - 5.0 * 20f64.sqrt()).abs() < 1e-5, "{found}");
        assert!(value(&x, &x, 20, Cost::Euclidean) < 1e-9);
    }

    #[test]
    fn swapping_the_clouds_and_cutting_points_in_two_change_nothing() {
        let (x, y) = (cloud(150, 10, 4), cloud(90, 10, 5));
        let forth = value(&x, &y, 10, Cost::SquaredEuclidean);
        assert!((forth - value(&y, &x, 10, Cost::SquaredEuclidean)).abs() < 1e-9);
        let twice = Weighted { points: [&x.points[..], &x.points[..]].concat(), masses: vec![1; 300] };
        assert!((forth - value(&twice, &y, 10, Cost::SquaredEuclidean)).abs() < 1e-9);
    }

    #[test]
    fn points_that_coincide_cost_nothing() {
        let point = |count: usize| Weighted::uniform(vec![1.5; count * 3], 3);
        assert_eq!(value(&point(4), &point(9), 3, Cost::Euclidean), 0.0);
    }

    #[test]
    fn what_cannot_be_transported_is_refused() {
        let good = cloud(3, 2, 1);
        let refused = |x: Weighted| Exact::new(x, good.clone(), 2, Cost::Euclidean).is_err();
        assert!(refused(Weighted::default()));
        assert!(refused(Weighted { masses: vec![0; 3], ..good.clone() }));
        assert!(refused(Weighted { masses: vec![1; 2], ..good.clone() }));
        assert!(refused(Weighted { points: vec![f32::NAN; 6], ..good.clone() }));
    }
}

//! Particles that drift with a velocity field.

use super::field::{Arrow, Grid};
use std::collections::VecDeque;

/// Places that a particle remembers.
const TRAIL: usize = 26;
/// Shortest and longest life, in steps.
const LIFE: [f64; 2] = [50.0, 200.0];

/// A particle and where it has been, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
struct Particle {
    trail: VecDeque<[f64; 2]>,
    /// Steps until it begins anew.
    left: u32,
}

/// Particles of one field. What is random comes from the seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Swarm {
    particles: Vec<Particle>,
    random: u64,
}

impl Swarm {
    /// `count` particles that have yet to find their places.
    #[must_use]
    pub fn new(count: usize, seed: u64) -> Self {
        Self { particles: vec![Particle::default(); count], random: seed | 1 }
    }

    /// Moves each particle by `pace` times its velocity. Those that leave the cells, or have lived their time, begin anew beside a grid point.
    pub fn step(&mut self, grid: &Grid, sources: &[Arrow], pace: f64) {
        if sources.is_empty() {
            return self.particles.iter_mut().for_each(|particle| particle.trail.clear());
        }
        let bounds = grid.bounds();
        let jitter = (bounds.high[0] - bounds.low[0]).max(bounds.high[1] - bounds.low[1]) / 40.0;
        for i in 0..self.particles.len() {
            let particle = &mut self.particles[i];
            let at = particle.trail.back().copied().filter(|_| particle.left > 0);
            match at.and_then(|at| Some((at, grid.at(at)?))) {
                Some((at, vector)) => {
                    particle.left -= 1;
                    if particle.trail.len() == TRAIL {
                        particle.trail.pop_front();
                    }
                    particle.trail.push_back([0, 1].map(|axis| at[axis] + pace * vector[axis]));
                }
                None => {
                    let [which, x, y, life] = [(); 4].map(|()| self.uniform());
                    let source = sources[((which * sources.len() as f64) as usize).min(sources.len() - 1)].at;
                    let particle = &mut self.particles[i];
                    particle.left = (LIFE[0] + life * (LIFE[1] - LIFE[0])) as u32;
                    particle.trail.clear();
                    particle.trail.push_back([source[0] + (x - 0.5) * jitter, source[1] + (y - 0.5) * jitter]);
                }
            }
        }
    }

    /// The pieces of all trails, each with its age from 0 (new) to 1.
    pub fn pieces(&self) -> impl Iterator<Item = ([[f64; 2]; 2], f64)> {
        self.particles.iter().flat_map(|particle| {
            let (trail, last) = (&particle.trail, particle.trail.len().saturating_sub(1));
            (0..last).map(move |i| ([trail[i], trail[i + 1]], (last - 1 - i) as f64 / TRAIL as f64))
        })
    }

    /// Uniform in 0 … 1 (xorshift64*).
    fn uniform(&mut self) -> f64 {
        self.random ^= self.random >> 12;
        self.random ^= self.random << 25;
        self.random ^= self.random >> 27;
        (self.random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::field::FieldOptions;
    use crate::figure::scatter::Bounds;

    fn grid() -> Grid {
        let positions: Vec<[f32; 2]> = (0..900).map(|i| [(i % 30) as f32 / 29.0, (i / 30) as f32 / 29.0]).collect();
        let bounds = Bounds { low: [0.0; 2], high: [1.0; 2] };
        Grid::new(&positions, &vec![[1.0, 0.5]; 900], bounds, &FieldOptions { density: 0.4, ..Default::default() })
    }

    #[test]
    fn particles_follow_the_field_and_stay_among_the_cells() {
        let (grid, mut swarm) = (grid(), Swarm::new(40, 7));
        let sources = grid.arrows();
        for _ in 0..300 {
            swarm.step(&grid, &sources, 0.01);
        }
        let pieces: Vec<_> = swarm.pieces().collect();
        assert!(pieces.len() > 40);
        for ([from, to], age) in pieces {
            assert!((to[0] - from[0] - 0.01).abs() < 1e-9 && (to[1] - from[1] - 0.005).abs() < 1e-9);
            assert!(from.iter().chain(&to).all(|c| (-0.1..=1.1).contains(c)) && (0.0..1.0).contains(&age));
        }
    }

    #[test]
    fn one_seed_has_one_course_and_an_empty_field_none() {
        let grid = grid();
        let course = |seed: u64| {
            let mut swarm = Swarm::new(5, seed);
            (0..50).for_each(|_| swarm.step(&grid, &grid.arrows(), 0.02));
            swarm
        };
        assert_eq!(course(3), course(3));
        assert_ne!(course(3), course(4));
        let mut swarm = course(3);
        swarm.step(&Grid::default(), &[], 0.02);
        assert_eq!(swarm.pieces().count(), 0);
    }
}

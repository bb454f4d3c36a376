//! Lines between cells of neighbouring training times that transport pairs.

use super::{AddressedDraws, Populations, Purpose};
use crate::error::Result;
use crate::transport::pairs::pairs;

/// In an update, cells of each two neighbouring training times are drawn and paired by the exact transport plan. On the line of each pair a point
/// at a random time is blurred by sigma.
pub struct Lines {
    /// Most cells of each time point in an update. Of time points with fewer all are taken: a cell that is drawn twice adds nothing, and plans between
    /// equal cells take long.
    pub cells: usize,
    /// Deviation of the points around the straight line.
    pub sigma: f32,
    /// What is drawn from.
    pub data: Populations,
    /// How it is drawn.
    pub draws: AddressedDraws,
}

/// Points on lines.
#[derive(Default)]
pub struct Points {
    /// Rows of d.
    pub points: Vec<f32>,
    /// Time of each, in index units.
    pub times: Vec<f32>,
    /// The velocities of the lines there, per sampling interval: rows of d.
    pub velocities: Vec<f32>,
}

impl Lines {
    /// Number of intervals between neighbouring training times.
    pub fn intervals(&self) -> usize {
        self.data.times.len().saturating_sub(1)
    }

    /// Adds the points of an interval in an update.
    ///
    /// # Errors
    /// The plan cannot be found.
    pub fn add(&self, to: &mut Points, interval: usize, update: u32) -> Result<()> {
        let d = self.data.dimensions;
        let count = self.cells.min(self.data.count(interval)).min(self.data.count(interval + 1));
        let cells = |purpose, at| self.data.rows(at, &self.draws.cells(update, purpose, self.data.count(at), count));
        let (from, after) = (cells(Purpose::Start(interval), interval), cells(Purpose::Target(interval), interval + 1));
        let [start, end] = [interval, interval + 1].map(|at| self.data.times[at] as f32);
        let shares = self.draws.uniform(update, Purpose::Target(interval), count);
        let noise = self.draws.noise(update, Purpose::Start(interval), 0, count * d);
        for (i, j, _) in pairs(&from, &after, d)?.into_iter().filter(|(.., mass)| *mass > 0.0) {
            let share = shares[i];
            for k in 0..d {
                let [x, y, z] = [from[i * d + k], after[j * d + k], noise[i * d + k]];
                to.points.push((1.0 - share) * x + share * y + self.sigma * z);
                to.velocities.push((y - x) / (end - start));
            }
            to.times.push(start + share * (end - start));
        }
        Ok(())
    }
}

//! What OT-CFM is fitted to, one interval of an update at a time.
//!
//! In an update, cells of each two neighbouring training times are drawn and paired by the exact transport plan. Between the cells of a
//! pair a point at a random time is blurred by sigma; there the network shall answer the pair's velocity. Nothing is integrated.

use super::OtCfmWeights;
use super::field::{OtCfm, velocities};
use super::shape::{OtCfmShape, initial_weights};
use crate::error::Result;
use crate::models::fitted::{Objective, Outcome, Perceptron, Piece, Progress, Trainer, fits};
use crate::protocol::{Loss, Recipe, Term};
use crate::tensor::upload;
use crate::train::{AddressedDraws, Populations, Purpose, Rates};
use crate::transport::pairs::pairs;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;

/// A training of OT-CFM in progress.
pub type OtCfmTrainer = Trainer<OtCfm>;

/// What OT-CFM is fitted to.
pub struct OtCfmObjective {
    /// Cells of each time point in an update.
    cells: usize,
    /// Deviation of the points around the straight line.
    sigma: f32,
    data: Populations,
    draws: AddressedDraws,
    device: Device,
}

/// An update in progress.
pub struct Pass {
    network: Perceptron,
    /// Intervals done.
    done: usize,
    /// Points and their times, rows of d + 1.
    points: Vec<f32>,
    /// The velocities that are wanted there, rows of d.
    wanted: Vec<f32>,
}

impl OtCfmTrainer {
    /// A training on `data` from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(data: Populations, recipe: &Recipe, weights: Option<&OtCfmWeights>, device: &Device) -> Result<Self> {
        recipe.check()?;
        let model = match weights {
            Some(weights) => {
                fits(weights.shape.dimensions, data.dimensions)?;
                OtCfm::from_weights(weights, device)?
            }
            None => {
                let (hidden, steps) = (recipe.whole("hidden"), recipe.whole("steps"));
                let shape = OtCfmShape { dimensions: data.dimensions, hidden, steps };
                OtCfm::from_weights(&initial_weights(shape, recipe.seed), device)?
            }
        };
        let rates = Rates::steady(recipe.steps(), recipe.number("learning-rate"));
        let times = data.times[1..].to_vec();
        let (cells, sigma) = (recipe.whole("cells"), recipe.number("sigma") as f32);
        let draws = AddressedDraws::Seeded(recipe.seed);
        let objective = OtCfmObjective { cells, sigma, data, draws, device: device.clone() };
        Ok(Self::fitting(model, objective, recipe.clone(), rates, &times, device))
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Populations, progress: &Progress<OtCfmWeights>, device: &Device) -> Result<Self> {
        Self::new(data, &progress.state.recipe, Some(&progress.weights), device)?.standing_at(progress)
    }
}

impl OtCfmObjective {
    /// Adds the points between the cells of two neighbouring training times.
    fn add(&self, pass: &mut Pass, interval: usize, update: u32) -> Result<()> {
        let d = self.data.dimensions;
        let cells = |purpose, at| {
            let rows = self.draws.cells(update, purpose, self.data.count(at), self.cells);
            self.data.rows(at, &rows)
        };
        let (from, to) = (cells(Purpose::Start(interval), interval), cells(Purpose::Target(interval), interval + 1));
        let [start, end] = [interval, interval + 1].map(|at| self.data.times[at] as f32);
        let shares = self.draws.uniform(update, Purpose::Target(interval), self.cells);
        let noise = self.draws.noise(update, Purpose::Start(interval), 0, self.cells * d);
        for (i, j, _) in pairs(&from, &to, d)?.into_iter().filter(|(.., mass)| *mass > 0.0) {
            let share = shares[i];
            for k in 0..d {
                let [x, y, z] = [from[i * d + k], to[j * d + k], noise[i * d + k]];
                pass.points.push((1.0 - share) * x + share * y + self.sigma * z);
                pass.wanted.push((y - x) / (end - start));
            }
            pass.points.push(start + share * (end - start));
        }
        Ok(())
    }
}

impl Objective<OtCfm> for OtCfmObjective {
    type Pass = Pass;

    fn begin(&self, model: &OtCfm, _: u32) -> Pass {
        Pass { network: model.network.clone(), done: 0, points: Vec::new(), wanted: Vec::new() }
    }

    async fn advance(&self, pass: &mut Pass, update: u32) -> Result<Piece> {
        if pass.done + 1 < self.data.times.len() {
            self.add(pass, pass.done, update)?;
            pass.done += 1;
            return Ok(Piece::More);
        }
        let d = self.data.dimensions;
        let count = pass.wanted.len() / d;
        let network = pass.network.clone().train();
        let points = upload(std::mem::take(&mut pass.points), [count, d + 1], &self.device).autodiff();
        let wanted = upload(std::mem::take(&mut pass.wanted), [count, d], &self.device).autodiff();
        let loss = (velocities(&network, points) - wanted).square().mean();
        let mut gradients = loss.backward();
        Ok(Piece::Whole(GradientsParams::from_module(&mut gradients, &network), vec![loss.inner()]))
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let loss = Loss { terms: vec![Term::whole("flow", values[0])], total: values[0], validation: None };
        Outcome { loss, judged: values[0] }
    }
}

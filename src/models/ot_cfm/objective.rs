//! What OT-CFM is fitted to, one interval of an update at a time.
//!
//! At points on the lines between paired cells ([`Lines`]) the network shall answer the pair's velocity. Nothing is integrated.

use super::OtCfmWeights;
use super::field::{OtCfm, velocities};
use super::shape::{OtCfmShape, initial_weights};
use crate::error::Result;
use crate::models::fitted::{Objective, Outcome, Perceptron, Piece, Progress, Trainer, fits};
use crate::protocol::{Loss, Recipe, Term};
use crate::tensor::upload;
use crate::train::{AddressedDraws, Lines, Points, Populations, Rates};
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;

/// A training of OT-CFM in progress.
pub type OtCfmTrainer = Trainer<OtCfm>;

/// What OT-CFM is fitted to.
pub struct OtCfmObjective {
    lines: Lines,
    device: Device,
}

/// An update in progress.
pub struct Pass {
    network: Perceptron,
    /// Intervals done.
    done: usize,
    drawn: Points,
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
        let objective = OtCfmObjective { lines: Lines { cells, sigma, data, draws }, device: device.clone() };
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

impl Objective<OtCfm> for OtCfmObjective {
    type Pass = Pass;

    fn begin(&self, model: &OtCfm, _: u32) -> Pass {
        Pass { network: model.network.clone(), done: 0, drawn: Points::default() }
    }

    async fn advance(&self, pass: &mut Pass, update: u32) -> Result<Piece> {
        if pass.done < self.lines.intervals() {
            self.lines.add(&mut pass.drawn, pass.done, update)?;
            pass.done += 1;
            return Ok(Piece::More);
        }
        let Points { points, times, velocities: wanted } = std::mem::take(&mut pass.drawn);
        let (d, count) = (self.lines.data.dimensions, times.len());
        let network = pass.network.clone().train();
        let at = points.chunks_exact(d).zip(times).flat_map(|(point, time)| point.iter().copied().chain([time]));
        let points = upload(at.collect(), [count, d + 1], &self.device).autodiff();
        let wanted = upload(wanted, [count, d], &self.device).autodiff();
        let loss = (velocities(&network, points) - wanted).square().mean();
        let mut gradients = loss.backward();
        Ok(Piece::Whole(GradientsParams::from_module(&mut gradients, &network), vec![loss.inner()]))
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let loss = Loss { terms: vec![Term::whole("flow", values[0])], total: values[0], validation: None };
        Outcome { loss, judged: values[0] }
    }
}

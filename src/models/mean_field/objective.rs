//! What the model is fitted to: one interval of all samples at a time, from the observed populations.
//!
//! An update draws observed cells of each sample at the beginning of an interval, moves each population by itself to the end, and compares it
//! there with the sample's observed cells: by the energy distance over all cells, and by the means of the groups, whitened within types and in units
//! of their sampling error.

use super::MeanFieldWeights;
use super::field::MeanField;
use super::groups::Groups;
use super::legs::{Leg, Legs, precision};
use super::mask::Mask;
use super::network::{MeanFieldNetwork, Moments};
use super::start;
use crate::data::Dataset;
use crate::error::Result;
use crate::models::fitted::{Objective, Outcome, Piece, Progress, Trainer, fits};
use crate::product::product;
use crate::protocol::{Loss, Recipe, Term};
use crate::tensor::{read, upload};
use crate::train::{AddressedDraws, Purpose, Rates};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// Share of the learning rate that is left at the end.
const LEFT: f64 = 0.1;
/// Norm to which a gradient is cut.
const CLIP: f32 = 10.0;
/// A training of a mean-field model in progress.
pub type MeanFieldTrainer = Trainer<MeanField>;

/// What the model is fitted to.
pub struct MeanFieldObjective {
    legs: Legs,
    whitening: Vec<f32>,
    cells: usize,
    price: f64,
    energy: f64,
    /// Updates in which the interaction stays as it began.
    alone: u32,
    draws: AddressedDraws,
    device: Device,
}

impl MeanFieldTrainer {
    /// A training on a dataset from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, nothing is left to train on, or `weights` does not fit the data.
    pub fn new(
        dataset: &Dataset,
        recipe: &Recipe,
        weights: Option<&MeanFieldWeights>,
        device: &Device,
    ) -> Result<Self> {
        recipe.check()?;
        let mut groups = Groups::of(dataset)?;
        if let Some(weights) = weights {
            fits(weights.shape.dimensions, dataset.states.cols)?;
            groups = groups.with_discriminants(&weights.tensors);
        }
        let legs = Legs::new(dataset, recipe, &groups)?;
        let fresh = || start::fresh(dataset, recipe, &groups, &legs);
        let model = MeanField::from_weights(&weights.cloned().unwrap_or_else(fresh), device)?;
        let (updates, rate) = (recipe.steps(), recipe.number("learning-rate"));
        // The rate falls every hundred updates.
        let drop = LEFT.powf(100.0 / f64::from(updates.max(100)));
        let rates = Rates { drop, clip: CLIP, ..Rates::steady(updates, rate) };
        let times = legs.times.clone();
        let objective = MeanFieldObjective {
            whitening: groups.whitening,
            legs,
            cells: recipe.whole("cells"),
            price: recipe.number("price"),
            energy: recipe.number("energy-weight"),
            alone: (recipe.number("alone") * f64::from(updates)) as u32,
            draws: AddressedDraws::Seeded(recipe.seed),
            device: device.clone(),
        };
        Ok(Self::fitting(model, objective, recipe.clone(), rates, &times, device))
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(dataset: &Dataset, progress: &Progress<MeanFieldWeights>, device: &Device) -> Result<Self> {
        Self::new(dataset, &progress.state.recipe, Some(&progress.weights), device)?.standing_at(progress)
    }
}

impl MeanFieldObjective {
    /// Rows of some populations, as many of each.
    fn rows(&self, leg: &Leg, time: usize, each: usize, update: u32, purpose: fn(usize) -> Purpose) -> Vec<f32> {
        let of = |sample: &usize| {
            let population = &self.legs.populations[&(*sample, time)];
            let purpose = purpose(self.legs.place(*sample, time));
            population.rows(&self.draws.cells(update, purpose, population.cells(), each))
        };
        leg.samples.iter().flat_map(of).collect()
    }

    /// The cells at the end of an interval, and the mean squared interaction on the way, in units of the scale.
    fn moved(&self, model: &MeanField, network: &MeanFieldNetwork, mask: &Mask, shot: &Shot) -> (Tensor<2>, Tensor<1>) {
        let Shot { leg, each, update } = shot;
        let (shape, d) = (&model.shape, self.legs.dimensions);
        let cells = leg.samples.len() * each;
        let (dt, steps) = (model.dt(), (leg.to - leg.from) * shape.steps);
        let start = self.rows(leg, leg.from, *each, *update, Purpose::Start);
        let mut x = upload(start, [cells, d], &self.device).autodiff();
        let mut price = Tensor::<1>::zeros([1], &self.device).autodiff();
        let diffusion = network.noise.val().reshape([1, d]).mul_scalar(dt.sqrt());
        let whose = Purpose::Start(self.legs.place(leg.samples[0], leg.from));
        for step in 0..steps {
            let mut drift = network.intrinsic(shape, leg.from as f64 + step as f64 * dt, x.clone());
            if shape.interacts {
                let interaction = network.interaction(shape, mask, x.clone());
                price = price + interaction.clone().square().sum();
                drift = drift + interaction;
            }
            let noise = upload(self.draws.noise(*update, whose, step, cells * d), [cells, d], &self.device).autodiff();
            x = x + drift.mul_scalar(dt) + noise * diffusion.clone();
        }
        (x, price.div_scalar((steps * cells) as f64 * f64::from(shape.scale).powi(2)))
    }

    /// Mean over samples of the energy distance between moved and observed cells, in units of the scale.
    fn energy_distance(&self, x: &Tensor<2>, shot: &Shot, scale: f64) -> Tensor<1> {
        let Shot { leg, each, update } = shot;
        let observed = self.rows(leg, leg.to, *each, *update, Purpose::Target);
        let observed = upload(observed, x.dims(), &self.device).autodiff();
        let of = |at: usize| {
            let part = |all: &Tensor<2>| all.clone().narrow(0, at * each, *each);
            energy(part(x), part(&observed))
        };
        let sum = (0..leg.samples.len()).map(of).reduce(|a, b| a + b);
        sum.unwrap_or_else(|| x.clone().sum().mul_scalar(0.0)).div_scalar(leg.samples.len() as f64 * scale)
    }

    /// Mean over samples and groups of the squared difference of means, in units of its sampling error.
    fn of_types(&self, network: &MeanFieldNetwork, mask: &Mask, x: &Tensor<2>, leg: &Leg) -> Tensor<1> {
        let Moments { centres, .. } = MeanFieldNetwork::moments(mask, x, &network.memberships(x.clone()));
        let [samples, groups, d] = centres.dims();
        let at = |time: usize| leg.samples.iter().map(move |sample| &self.legs.populations[&(*sample, time)]);
        let wanted: Vec<f32> = at(leg.to).flat_map(|population| population.means.iter().copied()).collect();
        let weights: Vec<f32> = at(leg.from).zip(at(leg.to)).flat_map(|(from, to)| precision(from, to)).collect();
        let compared = weights.iter().filter(|weight| **weight > 0.0).count().max(1);
        let device = &self.device;
        let rows = samples * groups;
        let off = centres.reshape([rows, d]) - upload(wanted, [rows, d], device).autodiff();
        let white = product(off, upload(self.whitening.clone(), [d, d], device).autodiff());
        let squares = white.square().sum_dim(1) * upload(weights, [rows, 1], device).autodiff();
        squares.sum().div_scalar((compared * d) as f64)
    }
}

/// What an update looks at.
struct Shot {
    leg: Leg,
    /// Cells of each sample.
    each: usize,
    update: u32,
}

/// The energy distance between two clouds of as many points: a U-statistic, which is 0 in the mean for clouds of one distribution.
fn energy(x: Tensor<2>, y: Tensor<2>) -> Tensor<1> {
    let cells = x.dims()[0] as f64;
    let among = (cells * (cells - 1.0)).max(1.0);
    let across = distances(x.clone(), y.clone()).sum().mul_scalar(2.0 / (cells * cells));
    across - (distances(x.clone(), x).sum() + distances(y.clone(), y).sum()).div_scalar(among)
}

/// Distances between the rows of two matrices.
fn distances(x: Tensor<2>, y: Tensor<2>) -> Tensor<2> {
    let squares = |z: &Tensor<2>| z.clone().square().sum_dim(1);
    let squared = squares(&x) + squares(&y).transpose() - product(x, y.transpose()).mul_scalar(2.0);
    // Rounding takes squares below 0, and a root has no slope there.
    squared.clamp_min(1e-8).sqrt()
}

impl Objective<MeanField> for MeanFieldObjective {
    /// The model at the update.
    type Pass = MeanField;

    fn begins_anew(&self, update: u32) -> bool {
        update > 0 && update == self.alone
    }

    fn begin(&self, model: &MeanField, _: u32) -> MeanField {
        model.clone()
    }

    async fn advance(&self, model: &mut MeanField, update: u32) -> Result<Piece> {
        let (leg, each) = self.legs.turn(update, self.cells);
        let shot = Shot { leg, each, update };
        let network = model.network.recording(model.shape.interacts && update >= self.alone);
        let mask = Mask::apart(shot.leg.samples.len(), each, &self.device).autodiff();
        let (x, price) = self.moved(model, &network, &mask, &shot);
        if read(x.clone().inner()).await?.iter().any(|value| !value.is_finite()) {
            return Ok(Piece::Diverged);
        }
        let energy = self.energy_distance(&x, &shot, f64::from(model.shape.scale));
        let types = self.of_types(&network, &mask, &x, &shot.leg);
        let loss = energy.clone().mul_scalar(self.energy) + types.clone() + price.clone().mul_scalar(self.price);
        let mut gradients = loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &network);
        Ok(Piece::Whole(gradients, [energy, types, price].map(Tensor::inner).into()))
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let [energy, types, price] = [values[0], values[1], values[2]];
        let total = self.energy as f32 * energy + types + self.price as f32 * price;
        let terms = [("energy", energy), ("types", types), ("interaction", price)];
        let terms = terms.map(|(key, value)| Term::whole(key, value)).into();
        Outcome { loss: Loss { terms, total, validation: None }, judged: total }
    }
}

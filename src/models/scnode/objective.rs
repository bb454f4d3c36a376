//! What scNODE is fitted to, in two phases.
//!
//! First encoder and decoder learn to give back all training cells. Then, with a fresh optimiser, some cells of the first time point are encoded, moved
//! through all training times and decoded; they are compared with observed cells in the model space, and in the latent space with
//! encoded ones. All parts are trained.

use super::ScNodeWeights;
use super::field::{ScNode, ScNodeNetwork};
use super::shape::{ScNodeShape, initial_weights};
use crate::error::Result;
use crate::models::fitted::{Networked, Objective, Outcome, Piece, Progress, Shaped, Trainer, fits};
use crate::protocol::{Loss, Recipe, Term};
use crate::tensor::{read, upload};
use crate::train::{AddressedDraws, Comparison, Populations, Purpose, Rates};
use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};

/// Shares that Adam's running means keep, as in the program.
const BETAS: [f64; 2] = [0.95, 0.99];
/// How cells are compared.
const COMPARISON: Comparison = Comparison { blur: 0.05, scaling: 0.5 };
/// Observed cells of each time point in an update.
const OBSERVED: usize = 200;
/// Cells that are given back in one piece of work.
const CELLS_AT_ONCE: usize = 8192;

/// A training of scNODE in progress.
pub type ScNodeTrainer = Trainer<ScNode>;

/// What scNODE is fitted to.
pub struct ScNodeObjective {
    /// Updates of encoder and decoder alone.
    pretraining: u32,
    /// Simulated cells.
    cells: usize,
    /// Weight of the comparison in the latent space.
    latent_weight: f32,
    /// Dimensions of the latent space.
    latent: usize,
    /// Euler steps of an interval.
    steps: usize,
    data: Populations,
    draws: AddressedDraws,
    device: Device,
}

/// An update in progress.
pub struct Pass {
    network: ScNodeNetwork,
    /// Of the first phase: cells done, the sum of what they cost, and the gradients so far.
    done: usize,
    cost: Tensor<1>,
    gradients: GradientsAccumulator<ScNodeNetwork>,
}

impl ScNodeTrainer {
    /// A training on `data` from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(data: Populations, recipe: &Recipe, weights: Option<&ScNodeWeights>, device: &Device) -> Result<Self> {
        recipe.check()?;
        let model = match weights {
            Some(weights) => {
                fits(weights.shape.dimensions, data.dimensions)?;
                ScNode::from_weights(weights, device)?
            }
            None => {
                let shape = ScNodeShape {
                    dimensions: data.dimensions,
                    latent: recipe.whole("latent"),
                    encoder: Vec::new(),
                    decoder: Vec::new(),
                    drift: vec![recipe.whole("hidden"); 2],
                    rising: recipe.switch("rising"),
                    steps: recipe.whole("steps"),
                };
                ScNode::from_weights(&initial_weights(shape, recipe.seed), device)?
            }
        };
        let objective = ScNodeObjective::new(data, recipe, model.shape.latent, model.shape.steps, device);
        Ok(Self::beginning(model, objective, recipe))
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(data: Populations, progress: &Progress<ScNodeWeights>, device: &Device) -> Result<Self> {
        Self::new(data, &progress.state.recipe, Some(&progress.weights), device)?.standing_at(progress)
    }
}

/// Of every model that has this network and is fitted to this.
impl<S: Networked<Network = ScNodeNetwork, Objective = ScNodeObjective>> Trainer<Shaped<S>> {
    /// A training that has not begun.
    pub(in crate::models) fn beginning(model: Shaped<S>, objective: ScNodeObjective, recipe: &Recipe) -> Self {
        let rates = Rates { betas: BETAS, ..Rates::steady(recipe.steps(), recipe.number("learning-rate")) };
        let (times, device) = (objective.data.times[1..].to_vec(), objective.device.clone());
        Self::fitting(model, objective, recipe.clone(), rates, &times, &device)
    }

    /// The same training with other draws than the seed's. Purposes are `Start(0)` for start cells and the noise of their places, `Start(j + 1)`
    /// for the cells of the j-th training time that are encoded, `Target(j)` for those that are compared with, and `Contrast` for the noise
    /// of the first phase.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws) -> Self {
        self.objective.draws = draws;
        self
    }
}

impl ScNodeObjective {
    /// What a network with `latent` dimensions that takes `steps` steps of an interval is fitted to.
    pub(in crate::models) fn new(
        data: Populations,
        recipe: &Recipe,
        latent: usize,
        steps: usize,
        device: &Device,
    ) -> Self {
        Self {
            pretraining: (recipe.number("pretraining") * f64::from(recipe.steps())).round() as u32,
            cells: recipe.whole("cells"),
            latent_weight: recipe.number("latent-weight") as f32,
            latent,
            steps,
            data,
            draws: AddressedDraws::Seeded(recipe.seed),
            device: device.clone(),
        }
    }

    fn noise(&self, update: u32, purpose: Purpose, step: usize, cells: usize) -> Tensor<2> {
        let noise = self.draws.noise(update, purpose, step, cells * self.latent);
        upload(noise, [cells, self.latent], &self.device).autodiff()
    }

    /// Latent places of some observed cells at a position among the training times.
    fn places(&self, network: &ScNodeNetwork, update: u32, purpose: Purpose, at: usize) -> Tensor<2> {
        let rows = self.draws.cells(update, purpose, self.data.count(at), self.cells);
        let cells = upload(self.data.rows(at, &rows), [self.cells, self.data.dimensions], &self.device);
        network.sampled(cells.autodiff(), Some(self.noise(update, purpose, 0, self.cells)))
    }

    /// Gives back some more of all training cells.
    fn give_back(&self, pass: &mut Pass, update: u32) -> Piece {
        let d = self.data.dimensions;
        let all: usize = (0..self.data.times.len()).map(|at| self.data.count(at)).sum();
        let cells = self.data.cells.iter().flatten().skip(pass.done * d).take(CELLS_AT_ONCE * d);
        let cells: Vec<f32> = cells.copied().collect();
        let count = cells.len() / d;
        let cells = upload(cells, [count, d], &self.device).autodiff();
        let noise = self.noise(update, Purpose::Contrast, pass.done / CELLS_AT_ONCE, count);
        let network = &pass.network;
        let given = network.decode(network.sampled(cells.clone(), Some(noise)));
        let cost = (given - cells).square().sum().div_scalar((all * d) as f64);
        let mut found = cost.backward();
        pass.gradients.accumulate(network, GradientsParams::from_module(&mut found, network));
        pass.cost = pass.cost.clone() + cost.inner();
        pass.done += count;
        if pass.done < all {
            return Piece::More;
        }
        let nothing = Tensor::zeros([2], &self.device);
        Piece::Whole(pass.gradients.grads(), vec![nothing, pass.cost.clone()])
    }

    /// Moves cells through all training times and compares them.
    async fn roll_out(&self, network: &ScNodeNetwork, update: u32) -> Result<Piece> {
        let (d, latent, cells, times) = (self.data.dimensions, self.latent, self.cells, self.data.times.len());
        let mut places = vec![self.places(network, update, Purpose::Start(0), 0)];
        for pair in self.data.times.windows(2) {
            let before = places[places.len() - 1].clone();
            places.push(network.moved(before, (pair[1] - pair[0]) as f64, self.steps));
        }
        let shown: Vec<_> = places.iter().map(|place| network.decode(place.clone())).collect();
        let encoded: Vec<_> = (0..times).map(|at| self.places(network, update, Purpose::Start(at + 1), at)).collect();
        let known = |parts: &[Tensor<2>]| read(Tensor::cat(parts.iter().map(|it| it.clone().inner()).collect(), 0));
        let (known_places, known_encoded) = (known(&places).await?, known(&encoded).await?);

        let mut loss = Tensor::<1>::zeros([1], &self.device).autodiff();
        let mut values = [Tensor::<1>::zeros([1], &self.device), Tensor::zeros([1], &self.device)];
        let share = 1.0 / times as f64;
        let mut add = |state: &Tensor<2>, gradient: Tensor<2>, weight: f64| {
            loss = loss.clone() + (state.clone() * gradient.mul_scalar(weight).autodiff()).sum();
        };
        for at in 0..times {
            let rows = self.draws.cells(update, Purpose::Target(at), self.data.count(at), OBSERVED);
            let simulated = shown[at].clone().inner();
            let found = COMPARISON.divergence(simulated, None, self.data.rows(at, &rows)).await?;
            let Some(found) = found else { return Ok(Piece::Diverged) };
            add(&shown[at], found.gradient, share);
            values[0] = values[0].clone() + found.value.mul_scalar(share);

            // The divergence is the same both ways; each way has the gradient of its own side.
            let rows = at * cells * latent..(at + 1) * cells * latent;
            let weight = share * f64::from(self.latent_weight);
            let forth = COMPARISON.divergence(places[at].clone().inner(), None, known_encoded[rows.clone()].to_vec());
            let Some(forth) = forth.await? else { return Ok(Piece::Diverged) };
            let back = COMPARISON.divergence(encoded[at].clone().inner(), None, known_places[rows].to_vec());
            let Some(back) = back.await? else { return Ok(Piece::Diverged) };
            add(&places[at], forth.gradient, weight);
            add(&encoded[at], back.gradient, weight);
            values[1] = values[1].clone() + forth.value.mul_scalar(share);
        }
        debug_assert_eq!(shown[0].dims(), [cells, d]);
        let mut gradients = loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, network);
        let [transport, latent] = values;
        Ok(Piece::Whole(gradients, vec![transport, latent, Tensor::zeros([1], &self.device)]))
    }
}

impl<S: Networked<Network = ScNodeNetwork, Objective = Self>> Objective<Shaped<S>> for ScNodeObjective {
    type Pass = Pass;

    fn begins_anew(&self, update: u32) -> bool {
        update == self.pretraining
    }

    fn begin(&self, model: &Shaped<S>, _: u32) -> Pass {
        let network = model.network.clone().train();
        let cost = Tensor::zeros([1], &self.device);
        Pass { network, done: 0, cost, gradients: GradientsAccumulator::new() }
    }

    async fn advance(&self, pass: &mut Pass, update: u32) -> Result<Piece> {
        if update < self.pretraining {
            Ok(self.give_back(pass, update))
        } else {
            self.roll_out(&pass.network, update).await
        }
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let [transport, latent, given_back] = [values[0], values[1], values[2]];
        let terms = [("transport", transport), ("latent", latent), ("reconstruction", given_back)];
        let total = transport + self.latent_weight * latent + given_back;
        let terms = terms.map(|(key, value)| Term::whole(key, value)).into();
        Outcome { loss: Loss { terms, total, validation: None }, judged: total }
    }
}

//! What MIOFlow is fitted to.
//!
//! With a learned space the first updates are those of its autoencoder, with an optimiser of their own; then it is frozen, and cells are its places.
//!
//! An update moves observed cells of one time point through others, forwards or backwards, and compares them there with observed cells: the cost of
//! the exact transport plan, and how far predicted cells are from the nearest observed ones. Costs and their gradients with respect to
//! the predicted cells are computed in host memory; the rest of the gradient is that of the discrete steps.

use super::MioFlowWeights;
use super::autoencoder::AutoencoderShape;
use super::density::density;
use super::field::{MioFlow, MioFlowNetwork};
use super::geodesic::Walk;
use super::schedule::Schedule;
use super::shape::{MioFlowShape, initial_weights};
use crate::error::{Error, Result};
use crate::models::fitted::{Objective, Outcome, Piece, Progress, Trainer, fits};
use crate::protocol::{Loss, Recipe, Term};
use crate::tensor::{read, upload};
use crate::train::{AddressedDraws, Populations, Purpose, Rates};
use crate::transport::pairs::squared_transport;
use burn::module::{Module, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

/// AdamW's decay of the weights, as in the program.
const DECAY: f64 = 0.01;
/// AdamW's learning rate for the autoencoder, its hidden layers, and cells of each training time in one of its updates, as in the program.
const AUTOENCODER: (f64, [usize; 2], usize) = (1e-3, [100, 100], 50);
/// The noise on the cells that are encoded is so large at least, and so much larger at most.
const BLUR: [f32; 2] = [0.09, 0.06];

/// A training of MIOFlow in progress.
pub type MioFlowTrainer = Trainer<MioFlow>;

/// How to train MIOFlow; what it means is on its card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MioFlowSettings {
    /// Width h of the hidden layers h, 2 h and h.
    pub hidden: usize,
    /// Cells of each time point in an update.
    pub cells: usize,
    /// Updates of each pair of neighbouring time points for one of the whole series.
    pub local: f64,
    /// Weight of the density term.
    pub density: f32,
    /// Weight of the energy term.
    pub energy: f32,
    /// Scale of the noise at the start.
    pub noise: f32,
    /// The scales of the noise are learned.
    pub learns_noise: bool,
    /// AdamW's learning rate.
    pub learning_rate: f64,
    /// Coordinates of a learned space; none to move cells in the model space.
    pub latent: Option<usize>,
    /// Updates of its autoencoder, before all others.
    pub early: u32,
}

impl From<&Recipe> for MioFlowSettings {
    fn from(recipe: &Recipe) -> Self {
        Self {
            hidden: recipe.whole("hidden"),
            cells: recipe.whole("cells"),
            local: recipe.number("local"),
            density: recipe.number("density") as f32,
            energy: recipe.number("energy") as f32,
            noise: recipe.number("noise") as f32,
            learns_noise: recipe.switch("learn-noise"),
            learning_rate: recipe.number("learning-rate"),
            latent: recipe.switch("geodesic").then(|| recipe.whole("latent")),
            early: match recipe.switch("geodesic") {
                true => (recipe.number("autoencoder") * f64::from(recipe.steps())).round() as u32,
                false => 0,
            },
        }
    }
}

/// What MIOFlow is fitted to.
pub struct MioFlowObjective {
    settings: MioFlowSettings,
    data: Populations,
    /// Coordinates in which cells are moved.
    moved: usize,
    draws: AddressedDraws,
    schedule: Schedule,
    device: Device,
}

impl MioFlowTrainer {
    /// A training on `data`, whose dataset has so many time points, from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting is out of range, or `weights` does not fit the data.
    pub fn new(
        data: Populations,
        time_points: usize,
        recipe: &Recipe,
        weights: Option<&MioFlowWeights>,
        device: &Device,
    ) -> Result<Self> {
        recipe.check()?;
        let settings = MioFlowSettings::from(recipe);
        let model = match weights {
            Some(weights) => {
                fits(weights.shape.dimensions, data.dimensions)?;
                MioFlow::from_weights(weights, device)?
            }
            None => {
                let hidden = vec![settings.hidden, 2 * settings.hidden, settings.hidden];
                let space = settings.latent.map(|latent| AutoencoderShape { latent, hidden: AUTOENCODER.1.to_vec() });
                let shape = MioFlowShape { dimensions: data.dimensions, hidden, bins: time_points, space };
                MioFlow::from_weights(&initial_weights(shape, settings.noise, recipe.seed), device)?
            }
        };
        if model.shape.bins < time_points {
            let what =
                format!("The weights have noise for {} time points, the data has {time_points}", model.shape.bins);
            return Err(Error::request(what).remedy("Start from fresh weights."));
        }
        if settings.latent.is_some() && model.shape.space.is_none() {
            let error = Error::request("The weights have no autoencoder to move cells in its space");
            return Err(error.remedy("Start from fresh weights, or train without it."));
        }
        let early = (settings.early > 0).then_some((settings.early, AUTOENCODER.0));
        let rates = Rates { decay: DECAY, early, ..Rates::steady(recipe.steps(), settings.learning_rate) };
        let times = data.times[1..].to_vec();
        let schedule = Schedule::regimen(data.times.len(), recipe.steps() - settings.early, settings.local);
        let (draws, device) = (AddressedDraws::Seeded(recipe.seed), device.clone());
        let moved = model.shape.moved();
        let objective = MioFlowObjective { settings, data, moved, draws, schedule, device: device.clone() };
        Ok(Self::fitting(model, objective, recipe.clone(), rates, &times, &device))
    }

    /// The same training with other draws than the seed's, in other orders than the regimen's. Purposes are `Target` for all cells, and
    /// `Start` for the noise of each interval of the order, a step for each stage. Of the autoencoder's updates, `Contrast` is the size of the noise on
    /// the cells, from 0 to 1, and `Start(0)` the noise.
    #[must_use]
    pub fn with_draws(mut self, draws: AddressedDraws, schedule: Schedule) -> Self {
        (self.objective.draws, self.objective.schedule) = (draws, schedule);
        self
    }

    /// Goes on where `progress` was saved. On the same device the next updates are those that would have followed.
    ///
    /// # Errors
    /// The state does not fit the data.
    pub fn resumed(
        data: Populations,
        time_points: usize,
        progress: &Progress<MioFlowWeights>,
        device: &Device,
    ) -> Result<Self> {
        let recipe = &progress.state.recipe;
        Self::new(data, time_points, recipe, Some(&progress.weights), device)?.standing_at(progress)
    }
}

/// The cells at one time of an update, held against observed ones.
struct Compared {
    transport: f64,
    density: f64,
    gradient: Vec<f32>,
}

impl MioFlowObjective {
    /// Some observed cells at a position among the training times, row-major.
    fn cells(&self, update: u32, at: usize, count: usize) -> Vec<f32> {
        let rows = self.draws.cells(update, Purpose::Target(at), self.data.count(at), count);
        self.data.rows(at, &rows)
    }

    /// Places of some observed cells at each of some positions, row-major.
    async fn places(&self, network: &MioFlowNetwork, update: u32, order: &[usize]) -> Result<Vec<Vec<f32>>> {
        let cells: Vec<Vec<f32>> = order.iter().map(|at| self.cells(update, *at, self.settings.cells)).collect();
        if network.space.is_none() {
            return Ok(cells);
        }
        let shape = [order.len() * self.settings.cells, self.data.dimensions];
        let places = read(network.enter(upload(cells.concat(), shape, &self.device))).await?;
        Ok(places.chunks_exact(self.settings.cells * self.moved).map(<[f32]>::to_vec).collect())
    }

    /// An update of the autoencoder alone.
    fn autoencode(&self, network: &MioFlowNetwork, update: u32) -> Result<Piece> {
        let network = network.clone().train();
        let missing = || Error::internal("an autoencoder is to be trained, but there is none");
        let space = network.space.as_ref().ok_or_else(missing)?;
        let (d, count) = (self.data.dimensions, self.data.times.len());
        let clean: Vec<f32> = (0..count).flat_map(|at| self.cells(update, at, AUTOENCODER.2)).collect();
        let cells = clean.len() / d;
        let distances = upload(Walk::new(&clean, d).distances(), [cells, cells], &self.device);
        let size = BLUR[0] + BLUR[1] * self.draws.uniform(update, Purpose::Contrast, 1)[0];
        let noise = self.draws.noise(update, Purpose::Start(0), 0, clean.len());
        let noisy = clean.iter().zip(noise).map(|(x, z)| x + size * z).collect();
        let [clean, noisy] = [clean, noisy].map(|values| upload(values, [cells, d], &self.device).autodiff());
        let [given, apart] = space.losses(clean, noisy, distances.autodiff());
        let loss = given + apart;
        let mut gradients = loss.clone().backward();
        let gradients = GradientsParams::from_module(&mut gradients, &network);
        let nothing = Tensor::zeros([3], &self.device);
        Ok(Piece::Whole(gradients, vec![nothing, loss.inner()]))
    }

    fn noise(&self, update: u32, purpose: Purpose, step: usize) -> Tensor<2> {
        let shape = [self.settings.cells, self.moved];
        let noise = self.draws.noise(update, purpose, step, shape[0] * shape[1]);
        upload(noise, shape, &self.device).autodiff()
    }

    /// The network under which gradients are recorded.
    fn recording(&self, network: &MioFlowNetwork) -> MioFlowNetwork {
        let network = network.clone().train();
        if self.settings.learns_noise {
            return network;
        }
        let alpha = Param::from_tensor(network.alpha.val().detach());
        MioFlowNetwork { alpha: alpha.no_grad(), ..network }
    }

    /// Compares predicted cells, row-major; `share` is the share of this time in the density term.
    fn compared(&self, predicted: &[f32], observed: &[f32], share: f64) -> Result<Compared> {
        let d = self.moved;
        let (transport, mut gradient) = squared_transport(predicted, observed, d)?;
        let weight = f64::from(self.settings.density) * share;
        let (density, slope) = density(predicted, observed, d);
        if weight > 0.0 {
            gradient.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += weight as f32 * slope);
        }
        Ok(Compared { transport, density: density * share, gradient })
    }

    /// Sum over cells and times of the squared derivative at the start cells, under noise of its own.
    fn energy(&self, network: &MioFlowNetwork, start: &Tensor<2>, order: &[usize], update: u32) -> Tensor<1> {
        let at = |(step, position): (usize, &usize)| {
            let noise = self.noise(update, Purpose::Contrast, step);
            let time = self.data.times[*position] as f64;
            network.rate(time, start.clone(), Some(noise)).square().sum()
        };
        let parts = order.iter().enumerate().map(at);
        parts.reduce(|a, b| a + b).unwrap_or_else(|| start.clone().sum().mul_scalar(0.0))
    }
}

impl Objective<MioFlow> for MioFlowObjective {
    /// The network at the update.
    type Pass = MioFlowNetwork;

    fn begins_anew(&self, update: u32) -> bool {
        update > 0 && update == self.settings.early
    }

    fn begin(&self, model: &MioFlow, _: u32) -> MioFlowNetwork {
        model.network.clone()
    }

    async fn advance(&self, pass: &mut MioFlowNetwork, update: u32) -> Result<Piece> {
        if update < self.settings.early {
            return self.autoencode(pass, update);
        }
        let order = self.schedule.order(update - self.settings.early);
        let (d, network) = (self.moved, self.recording(pass));
        let observed = self.places(pass, update, &order).await?;
        let start = upload(observed[0].clone(), [self.settings.cells, d], &self.device).autodiff();
        let mut path = vec![start.clone()];
        for (interval, pair) in order.windows(2).enumerate() {
            let [from, to] = [pair[0], pair[1]].map(|at| self.data.times[at] as f64);
            let noise = |stage| Some(self.noise(update, Purpose::Start(interval), stage));
            path.push(network.step(from, to - from, path[interval].clone(), noise));
        }
        let moved = path.split_off(1);
        let states = read(Tensor::cat(moved.iter().map(|state| state.clone().inner()).collect(), 0)).await?;
        if states.iter().any(|x| !x.is_finite()) {
            return Ok(Piece::Diverged);
        }
        let mut loss = Tensor::<1>::zeros([1], &self.device).autodiff();
        let (mut transport, mut density) = (0.0, 0.0);
        let predicted = states.chunks_exact(self.settings.cells * d);
        for ((state, predicted), observed) in moved.iter().zip(predicted).zip(&observed[1..]) {
            let found = self.compared(predicted, observed, 1.0 / moved.len() as f64)?;
            let cotangent = upload(found.gradient, [self.settings.cells, d], &self.device).autodiff();
            loss = loss + (state.clone() * cotangent).sum();
            transport += found.transport;
            density += found.density;
        }
        let mut energy = Tensor::zeros([1], &self.device);
        if self.settings.energy > 0.0 {
            let found = self.energy(&network, &start, &order, update);
            energy = found.clone().inner();
            loss = loss + found.mul_scalar(self.settings.energy);
        }
        let mut gradients = loss.backward();
        let gradients = GradientsParams::from_module(&mut gradients, &network);
        let known = upload(vec![transport as f32, density as f32], [2], &self.device);
        Ok(Piece::Whole(gradients, vec![known, energy, Tensor::zeros([1], &self.device)]))
    }

    fn outcome(&self, values: &[f32], _: u32) -> Outcome {
        let [transport, density, energy, autoencoder] = [values[0], values[1], values[2], values[3]];
        let terms = [("transport", transport), ("density", density), ("energy", energy), ("autoencoder", autoencoder)];
        let terms = terms.map(|(key, value)| Term::whole(key, value)).into();
        let total = transport + self.settings.density * density + self.settings.energy * energy + autoencoder;
        Outcome { loss: Loss { terms, total, validation: None }, judged: transport + autoencoder }
    }
}

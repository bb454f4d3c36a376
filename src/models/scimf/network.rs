//! scIMF: dx = (f_intra(x) + f_inter(x, rho)) dt + sigma dW.
//!
//! Jiang, Zhang, Li, Wan, arXiv 2505.16492; PLoS Comput Biol 22(1): e1013916 (2026).

use super::host::Dropout;
use super::interaction::{AttentionRows, Interaction, Mask};
use super::intrinsic::Intrinsic;
use crate::protocol::ScImfConfig;
use crate::sde::{Sde, TrainedSde};
use crate::tensor::upload;
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// Most attention weights held at once when nothing needs a gradient: 64 MB of f32.
pub const WEIGHTS_AT_ONCE: usize = 16 << 20;

/// The trained part of a model.
#[derive(Module, Debug)]
pub struct Network {
    /// f_intra.
    pub intrinsic: Intrinsic,
    /// f_inter: blocks in sequence; empty for the model without interaction.
    pub interaction: Vec<Interaction>,
}

/// A scIMF model on a device.
#[derive(Clone, Debug)]
pub struct ScImf {
    /// Its shape.
    pub config: ScImfConfig,
    /// Its weights.
    pub network: Network,
}

impl ScImf {
    /// Number of trained parameters.
    pub fn parameters(&self) -> usize {
        self.network.num_params()
    }

    /// f_intra of each cell.
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn intrinsic(&self, x: Tensor<2>) -> Tensor<2> {
        self.network.intrinsic.forward(x)
    }

    /// f_inter of each cell within the population `x`, without dropout; 0 for a single cell.
    ///
    /// Receivers are taken in blocks, so that a large population never needs all n x n weights at once. For gradients use [`Population`].
    ///
    /// # Shapes
    /// - `x`, output: `[n, d]`
    pub fn interaction(&self, x: Tensor<2>) -> Tensor<2> {
        let [cells, dimensions] = x.dims();
        if cells < 2 || self.network.interaction.is_empty() {
            return Tensor::zeros([cells, dimensions], &x.device());
        }
        self.network.interaction.iter().fold(x, |x, block| {
            let mut parts = Vec::new();
            self.for_receivers(block, &x, |_, attention| parts.push(block.respond(attention)));
            Tensor::cat(parts, 0)
        })
    }

    /// Shows `see(first receiver, attention)` the attention of the first block, a bounded number of receivers at a time. Never called
    /// for fewer than two cells or a model without interaction.
    ///
    /// # Shapes
    /// - `x`: `[n, d]`
    pub fn for_attention(&self, x: &Tensor<2>, see: impl FnMut(usize, AttentionRows)) {
        if let (Some(block), true) = (self.network.interaction.first(), x.dims()[0] >= 2) {
            self.for_receivers(block, x, see);
        }
    }

    fn for_receivers(&self, block: &Interaction, x: &Tensor<2>, mut see: impl FnMut(usize, AttentionRows)) {
        let cells = x.dims()[0];
        let rows_at_once = (WEIGHTS_AT_ONCE / (cells * self.config.heads)).clamp(1, cells);
        for first in (0..cells).step_by(rows_at_once) {
            let rows = rows_at_once.min(cells - first);
            let mask = Mask::rows(first, rows, cells, &x.device());
            see(first, block.attention(x, self.config.heads, first, rows, &mask));
        }
    }
}

/// A model moving a population of fixed size: the equation that is solved and differentiated.
pub struct Population {
    model: ScImf,
    mask: Option<Mask>,
    /// Number of cells, if so many that their attention is computed a bounded number of receivers at a time.
    streamed: Option<usize>,
    sigma: Tensor<2>,
    dropout: Option<u64>,
}

impl Population {
    /// `cells` cells moved by `model`. With `dropout`, attention weights are dropped at random under that seed, as in training; a time
    /// always gives the same dropout, so that a step can be computed again.
    pub fn new(model: ScImf, cells: usize, dropout: Option<u64>, device: &Device) -> Self {
        let interacts = cells >= 2 && !model.network.interaction.is_empty();
        let sigma = Tensor::full([1, model.config.dimensions], model.config.sigma, device);
        let dropout = dropout.filter(|_| model.config.dropout > 0.0);
        let large = dropout.is_none() && cells * cells * model.config.heads > WEIGHTS_AT_ONCE;
        let streamed = (interacts && large).then_some(cells);
        let mask = (interacts && !large).then(|| Mask::full(cells, device));
        Self { model, mask, streamed, sigma, dropout }
    }

    /// Lets the cells attend to each other as `mask` says from now on; no effect without interaction.
    pub fn set_mask(&mut self, mask: Mask) {
        if self.mask.is_some() || self.streamed.is_some() {
            self.mask = Some(mask);
        }
    }
}

impl TrainedSde for Population {
    type Weights = Network;

    fn weights(&self) -> &Network {
        &self.model.network
    }

    fn recording(&self) -> Self {
        let model = ScImf { config: self.model.config, network: self.model.network.clone().train() };
        // Gradients need all attention weights at once.
        let mask = self.mask.clone().or_else(|| Some(Mask::full(self.streamed?, &self.sigma.device())));
        let mask = mask.map(Mask::with_gradients);
        Self { model, mask, streamed: None, sigma: self.sigma.clone().autodiff(), dropout: self.dropout }
    }
}

impl Sde for Population {
    fn drift(&self, time: f64, x: Tensor<2>) -> Tensor<2> {
        let intrinsic = self.model.intrinsic(x.clone());
        let Some(mask) = &self.mask else {
            return if self.streamed.is_some() { intrinsic + self.model.interaction(x) } else { intrinsic };
        };
        let ScImfConfig { heads, dropout, .. } = self.model.config;
        let cells = x.dims()[0];
        let mut attended = x;
        for (index, block) in self.model.network.interaction.iter().enumerate() {
            let mut attention = block.attention(&attended, heads, 0, cells, mask);
            if let Some(seed) = self.dropout {
                attention.weights = drop_weights(attention.weights, Dropout::at(seed, time, index, dropout));
            }
            attended = mask.apply(block.respond(attention));
        }
        intrinsic + attended
    }

    fn diffusion(&self) -> Tensor<2> {
        self.sigma.clone()
    }
}

/// Inverted dropout with factors drawn on the host, so that every device drops the same weights.
fn drop_weights(weights: Tensor<3>, dropout: Dropout) -> Tensor<3> {
    let shape = weights.dims();
    let mut stays = vec![0; shape.iter().product()];
    dropout.stays(0, &mut stays, &mut Vec::new());
    let factors = stays.into_iter().map(|stays| f32::from(stays) * dropout.factor()).collect();
    let factors = upload(factors, shape, &weights.device());
    weights * factors
}

//! Fitted models whose tensors all follow from a shape.

use super::{Fitted, NamedWeights, Objective, Shape, Stored, Tensors, Trainer};
use crate::error::Result;
use crate::models::room::Data;
use crate::protocol::{ModelKind, Recipe};
use burn::module::Module;
use burn::tensor::Device;

/// A shape with its network, and what that is fitted to.
pub trait Networked: Shape + 'static {
    /// Which model it is.
    const KIND: ModelKind;
    /// What is fitted.
    type Network: Module;
    /// What it is fitted to.
    type Objective: Objective<Shaped<Self>>;

    /// A network of this shape out of tensors by name.
    ///
    /// # Errors
    /// A tensor is missing.
    fn load(&self, tensors: &Tensors, device: &Device) -> Result<Self::Network>;

    /// The tensors of a network by name.
    ///
    /// # Errors
    /// The device failed.
    fn save(network: &Self::Network) -> impl Future<Output = Result<Tensors>>;

    /// See [`Fitted::train`].
    ///
    /// # Errors
    /// A setting cannot be followed, or the weights do not fit.
    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&NamedWeights<Self>>) -> Result<Trainer<Shaped<Self>>>;
}

/// A model on a device: its shape and its network.
#[derive(Clone, Debug)]
pub struct Shaped<S: Networked> {
    /// Its shape.
    pub shape: S,
    /// Its network.
    pub network: S::Network,
}

impl<S: Networked> Shaped<S> {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`Stored::checked`].
    pub fn from_weights(weights: &NamedWeights<S>, device: &Device) -> Result<Self> {
        let NamedWeights { shape, tensors, .. } = weights.clone().checked()?;
        let network = shape.load(&tensors, device)?;
        Ok(Self { shape, network })
    }
}

impl<S: Networked> Fitted for Shaped<S> {
    const KIND: ModelKind = S::KIND;
    type Weights = NamedWeights<S>;
    type Network = S::Network;
    type Objective = S::Objective;

    fn placed(weights: &NamedWeights<S>, device: &Device) -> Result<Self> {
        Self::from_weights(weights, device)
    }

    fn network(&self) -> &S::Network {
        &self.network
    }

    fn with(&self, network: S::Network) -> Self {
        Self { network, shape: self.shape.clone() }
    }

    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<S::Network> {
        self.shape.load(tensors, device)
    }

    async fn saved(network: &S::Network) -> Result<Tensors> {
        S::save(network).await
    }

    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> NamedWeights<S> {
        NamedWeights { shape: self.shape.clone(), updates, held_out: held_out.to_vec(), tensors }
    }

    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&NamedWeights<S>>) -> Result<Trainer<Self>> {
        S::train(data, recipe, weights)
    }
}

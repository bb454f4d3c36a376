//! Models whose one network is fitted to an objective of their own, update by update.
//!
//! A model gives its network by the names of its tensors and its objective. What trainings share is here: the optimiser, the weights that are
//! kept, rollback, the state as a file, the room. A model whose tensors all follow from a shape is a [`Shaped`]. A model whose cells do not influence each other is a [`MovesAlone`]: its stepper and its drift
//! give journeys, velocity and predictions.

mod alone;
mod layers;
mod objective;
mod progress;
mod room;
mod shaped;
mod trainer;
mod weights;

pub use alone::MovesAlone;
pub use layers::{Perceptron, elu, initial, selu};
pub use objective::{Objective, Outcome, Piece};
pub use progress::Progress;
pub use room::FittedRoom;
pub use shaped::{Networked, Shaped};
pub use trainer::Trainer;
pub use weights::{NamedWeights, Shape, Stored, Tensors};

use super::room::Data;
use crate::error::{Error, Result};
use crate::protocol::{ModelKind, Recipe};
use burn::module::Module;
use burn::tensor::Device;

/// A model with one network that is fitted.
pub trait Fitted: Clone + 'static {
    /// Which model it is.
    const KIND: ModelKind;
    /// Its weights in host memory.
    type Weights: Stored;
    /// What is fitted.
    type Network: Module;
    /// What it is fitted to.
    type Objective: Objective<Self>;

    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`Stored::checked`].
    fn placed(weights: &Self::Weights, device: &Device) -> Result<Self>;

    /// Its network.
    fn network(&self) -> &Self::Network;

    /// The same model with another network of the same shape.
    #[must_use]
    fn with(&self, network: Self::Network) -> Self;

    /// A network of the same shape out of tensors by name.
    ///
    /// # Errors
    /// A tensor is missing.
    fn loaded(&self, tensors: &Tensors, device: &Device) -> Result<Self::Network>;

    /// The tensors of a network by name.
    ///
    /// # Errors
    /// The device failed.
    fn saved(network: &Self::Network) -> impl Future<Output = Result<Tensors>>;

    /// Weights of this model's shape out of the tensors of a network.
    fn stored(&self, updates: u32, held_out: &[usize], tensors: Tensors) -> Self::Weights;

    /// Reads the weights back from the device.
    ///
    /// # Errors
    /// The device failed.
    fn to_weights(&self, updates: u32, held_out: &[usize]) -> impl Future<Output = Result<Self::Weights>> {
        async move { Ok(self.stored(updates, held_out, Self::saved(self.network()).await?)) }
    }

    /// A training on a dataset, from `weights` or, without, from fresh ones.
    ///
    /// # Errors
    /// A setting cannot be followed, or the weights do not fit.
    fn train(data: &Data<'_>, recipe: &Recipe, weights: Option<&Self::Weights>) -> Result<Trainer<Self>>;
}

/// Weights of `theirs` dimensions can be trained on data of `ours`.
///
/// # Errors
/// They cannot.
pub fn fits(theirs: usize, ours: usize) -> Result<()> {
    if theirs == ours {
        return Ok(());
    }
    let what = format!("The weights work in {theirs} dimensions, the data has {ours}");
    Err(Error::request(what).remedy("Start from fresh weights."))
}

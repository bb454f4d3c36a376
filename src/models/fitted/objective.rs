//! What a network is fitted to.

use super::Fitted;
use crate::error::Result;
use crate::protocol::Loss;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// The objective of a model: an update's loss and gradients, in bounded pieces.
pub trait Objective<M: Fitted> {
    /// An update in progress.
    type Pass;

    /// Does one bounded piece of what has to be known before the first update; true once it is.
    fn prepared(&mut self) -> bool {
        true
    }

    /// The optimiser begins anew before this update, counted from 0.
    fn begins_anew(&self, update: u32) -> bool {
        let _ = update;
        false
    }

    /// Begins an update of `model`, counted from 0.
    fn begin(&self, model: &M, update: u32) -> Self::Pass;

    /// Does one bounded piece of it.
    ///
    /// # Errors
    /// The device failed.
    fn advance(&self, pass: &mut Self::Pass, update: u32) -> impl Future<Output = Result<Piece>>;

    /// The loss out of the values of [`Piece::Whole`], in their order.
    fn outcome(&self, values: &[f32], update: u32) -> Outcome;

    /// The weights just after the lowest judged loss are kept; else the last ones.
    fn keeps_best(&self) -> bool {
        false
    }
}

/// What a piece of an update came to.
pub enum Piece {
    /// There is more to do.
    More,
    /// The gradients of the weights, with the numbers that [`Objective::outcome`] wants to know.
    Whole(GradientsParams, Vec<Tensor<1>>),
    /// A coordinate is not finite any more.
    Diverged,
}

/// What an update came to.
pub struct Outcome {
    /// The loss and its parts.
    pub loss: Loss,
    /// The part by which weights are judged.
    pub judged: f32,
}

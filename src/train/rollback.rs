//! What happens when a training diverges: once, it goes back to the last weights that were good and on from there at half the learning rate;
//! the second time it ends.
//!
//! The last good weights are those that would be kept: the last ones at which a loss was finite may already be far out. The optimiser
//! begins anew, since its moments hold the gradients that led astray.

use crate::error::{Error, Kind, Result};
use crate::protocol::{Rollback, Update};

/// Times that a training is rolled back before it is given up.
pub(crate) const MOST: u32 = 1;

/// Share of the learning rate that is left after so many rollbacks.
pub(crate) fn rate_left(rollbacks: u32) -> f64 {
    0.5_f64.powi(rollbacks as i32)
}

/// The error of a training whose loss stopped being finite in the update or epoch that `place` names.
pub(crate) fn diverged(place: &str, rollbacks: u32) -> Error {
    let again = if rollbacks > 0 { " again, at half the learning rate" } else { "" };
    Error::new(Kind::Diverged, format!("Training diverged{again}, in {place}: the loss is not finite"))
        .remedy("The best weights were kept. Start again with a lower learning rate.")
}

/// A training that can be rolled back.
pub trait RollsBack {
    /// Goes back to the last good weights and halves the learning rate; none if that has been done as often as it may be.
    fn roll_back(&mut self) -> Option<Rollback>;
}

/// What a piece of a training completed.
#[derive(Clone, Debug, PartialEq)]
pub enum Completed {
    /// An update or epoch.
    Update(Update),
    /// The return to the best weights after a divergence.
    Rollback(Rollback),
}

/// What a piece of training completed: a divergence after which it goes on is no error.
///
/// # Errors
/// The training diverged once too often, or something else failed.
pub fn rolled_back(outcome: Result<Option<Update>>, training: &mut impl RollsBack) -> Result<Option<Completed>> {
    match outcome {
        Err(error) if error.kind == Kind::Diverged => {
            training.roll_back().map(|rollback| Some(Completed::Rollback(rollback))).ok_or(error)
        }
        outcome => outcome.map(|update| update.map(Completed::Update)),
    }
}

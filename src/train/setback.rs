//! What happens when a training diverges: once, it goes back to the last weights that were good and on from there at half the learning rate;
//! the second time it ends.
//!
//! The last good weights are those that would be kept: the last ones at which a loss was finite may already be far out. The optimiser
//! begins anew, since its moments hold the gradients that led astray.

use crate::error::{Error, Kind, Result};
use crate::protocol::SetBack;

/// Times that a training is set back before it is given up.
pub(crate) const MOST: u32 = 1;

/// Share of the learning rate that is left after so many setbacks.
pub(crate) fn rate_left(setbacks: u32) -> f64 {
    0.5_f64.powi(setbacks as i32)
}

/// The error of a training whose loss stopped being finite in the update or epoch that `place` names.
pub(crate) fn diverged(place: &str, setbacks: u32) -> Error {
    let again = if setbacks > 0 { " again, at half the learning rate" } else { "" };
    Error::new(Kind::Diverged, format!("Training diverged{again}, in {place}: the loss is not finite"))
        .remedy("The best weights were kept. Start again with a lower learning rate.")
}

/// A training that can be set back.
pub trait SetsBack {
    /// Goes back to the last good weights and halves the learning rate; none if that has been done as often as it may be.
    fn set_back(&mut self) -> Option<SetBack>;
}

/// What a piece of training came to: a divergence after which it goes on is no error.
///
/// # Errors
/// The training diverged once too often, or something else failed.
pub fn rolled_back<T>(outcome: Result<T>, training: &mut impl SetsBack) -> Result<std::result::Result<T, SetBack>> {
    match outcome {
        Err(error) if error.kind == Kind::Diverged => training.set_back().map(Err).ok_or(error),
        outcome => outcome.map(Ok),
    }
}

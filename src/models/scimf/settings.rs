//! What a training can be asked for.

use crate::error::{Error, Result};
use crate::protocol::TrainSettings;

/// Checks the settings of a training.
///
/// # Errors
/// Names the first one that is out of range.
pub(super) fn check(settings: &TrainSettings) -> Result<()> {
    let problem = |setting: &str, what: &str| Err(Error::request(what).at(setting));
    match settings {
        TrainSettings { cells: 0, .. } => problem("simulated cells", "At least one cell must be simulated"),
        TrainSettings { updates: 0, .. } => problem("updates", "At least one update is needed"),
        s if !(s.dt > 0.0 && s.dt <= 1.0) => problem("dt", "The step must be above 0 and at most 1"),
        s if !(s.learning_rate > 0.0 && s.learning_rate.is_finite()) => {
            problem("learning rate", "The learning rate must be above 0")
        }
        s if !(s.blur > 0.0 && s.blur.is_finite()) => problem("blur", "The blur must be above 0"),
        s if !(s.scaling > 0.0 && s.scaling < 1.0) => problem("scaling", "The scaling must be between 0 and 1"),
        s if s.clip.is_nan() || s.clip <= 0.0 => problem("clip", "The gradient norm limit must be above 0"),
        s if !(s.action_weight >= 0.0 && s.action_weight.is_finite()) => {
            problem("action weight", "The weight of the action must not be negative")
        }
        _ => Ok(()),
    }
}

//! Models in use and their training.

use super::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// A model whose weights are in use: one of each kind at most.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// Which model.
    pub model: ModelKind,
    /// Dimensions that it works in: the first so many axes of the dataset's model space.
    pub dimensions: usize,
    /// With these weights cells influence each other.
    pub interacts: bool,
    /// It moves cells in a learned space and shows them through its decoder.
    #[serde(default)]
    pub learned_space: bool,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained, if known.
    pub held_out: Vec<usize>,
    /// Number of trained parameters.
    pub parameters: usize,
    /// Where the weights come from: a file name, `bundle` or `training`.
    pub source: String,
    /// How it was trained; none for weights of a file that does not say so.
    #[serde(default)]
    pub recipe: Option<Recipe>,
}

/// What a training is doing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrainingState {
    /// Updates run.
    Running {
        /// The settings in use.
        recipe: Recipe,
        /// Time points that the loss compares with, in order: those after the first that are not held out.
        training_times: Vec<usize>,
    },
    /// Held by the user; no update runs.
    Paused,
    /// Over; the best weights are in use.
    Ended(TrainingEnd),
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingEnd {
    /// Updates done.
    pub updates: u32,
    /// Step whose weights were kept, counted from 1.
    pub best_update: u32,
    /// The loss that chose it.
    #[serde(alias = "best_transport")]
    pub best_loss: f32,
    /// The user stopped it before the last update.
    pub stopped: bool,
}

/// A training diverged, went back to the last good weights and goes on at half the learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rollback {
    /// The update or epoch in which the loss was not finite any more, counted from 1.
    pub update: u32,
    /// The update or epoch whose weights it goes on from; 0 for those that it started with.
    pub back_to: u32,
    /// The learning rate from here on, before what reduces it with time.
    pub learning_rate: f64,
}

impl Rollback {
    /// What happened, for the user.
    pub fn sentence(&self, model: ModelKind) -> String {
        let step = model.card().step;
        let Self { update, back_to, learning_rate } = self;
        let whose = match back_to {
            0 => "those it started with".to_owned(),
            back_to => format!("those of {step} {back_to}"),
        };
        format!(
            "Training diverged in {step} {update}: its loss was not finite. It went back to the best weights, {whose}, and goes on at half the \
             learning rate, {learning_rate}."
        )
    }
}

/// One step of a training that is counted: an update of the weights, measured before the step was taken, or an epoch, mean over its updates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// Number of this update, counted from 1.
    pub update: u32,
    /// Number of updates asked for.
    pub of: u32,
    /// The loss.
    pub loss: Loss,
    /// Global gradient norm before clipping.
    pub gradient_norm: f32,
    /// Learning rate of this update.
    pub learning_rate: f64,
    /// These are the best weights so far.
    pub best: bool,
    /// Seconds that this update took.
    pub seconds: f64,
    /// Estimated seconds until the last update.
    pub seconds_left: f64,
}

/// The training loss and its parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "WrittenLoss")]
pub struct Loss {
    /// Its parts, in the order of the card's [`Card::terms`](super::cards::Card::terms).
    pub terms: Vec<Term>,
    /// What is minimised.
    pub total: f32,
    /// What the stop rule looks at, if it is not the loss itself.
    pub validation: Option<f32>,
}

/// A part of the loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Which, as in the card.
    pub key: String,
    /// Its value; the mean where it is measured at each training time.
    pub value: f32,
    /// Its values at the training times, in the order of `training_times`; empty for a term of the whole way.
    #[serde(default)]
    pub at_times: Vec<f32>,
    /// The standard error of its value, where some observed cells stand for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<f32>,
}

impl Term {
    /// A term of the whole way.
    pub fn whole(key: &str, value: f32) -> Self {
        Self { key: key.into(), value, at_times: Vec::new(), error: None }
    }

    /// A term that is measured at each training time.
    pub fn at_times(key: &str, at_times: Vec<f32>) -> Self {
        Self { value: at_times.iter().sum::<f32>() / at_times.len() as f32, at_times, ..Self::whole(key, 0.0) }
    }
}

impl Loss {
    /// The values of the first term that is measured at each training time; empty without one.
    pub fn at_times(&self) -> &[f32] {
        self.terms.iter().map(|term| term.at_times.as_slice()).find(|values| !values.is_empty()).unwrap_or_default()
    }
}

/// How losses are written: as they are, or, up to version 5 of the protocol, with two terms that had the same names in all models.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenLoss {
    Now { terms: Vec<Term>, total: f32, validation: Option<f32> },
    Before { transport: Vec<f32>, action: f32, total: f32, validation: Option<f32> },
}

impl From<WrittenLoss> for Loss {
    fn from(written: WrittenLoss) -> Self {
        match written {
            WrittenLoss::Now { terms, total, validation } => Self { terms, total, validation },
            WrittenLoss::Before { transport, action, total, validation } => {
                let terms = vec![Term::at_times("transport", transport), Term::whole("action", action)];
                Self { terms, total, validation }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "data")]
    #[test]
    fn losses_of_older_versions_are_read() {
        let old = r#"{"transport":[1.0,3.0],"action":0.5,"total":2.5,"validation":null}"#;
        let loss: Loss = serde_json::from_str(old).unwrap();
        assert_eq!(loss.at_times(), [1.0, 3.0]);
        assert_eq!((loss.terms[0].value, loss.terms[1].value, loss.total), (2.0, 0.5, 2.5));
        let again: Loss = serde_json::from_str(&serde_json::to_string(&loss).unwrap()).unwrap();
        assert_eq!(again, loss);
    }
}

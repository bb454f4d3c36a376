//! What the data, and fitted models, say of who acts on whom.

use super::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// A link below this determinability cannot be known from the data.
pub const DETERMINED: f32 = 0.05;

/// How much to compute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceQuery {
    /// Trainings of a model with a seed each or, without one, fits of the linear drift to resampled cells; 0 leaves the effects out.
    pub seeds: u32,
    /// Trainings on twins of the data in which nothing interacts: simulated by the model without interaction or, without a model, with the cells
    /// of a type and time exchanged between samples; 0 leaves the twins out.
    pub twins: u32,
    /// The model whose effects are told; none for the linear drift, in seconds.
    pub train: Option<Recipe>,
    /// What a search that was stopped had found: trainings of the same recipe are not done again.
    pub known: Option<Box<Fits>>,
}

/// Evidence for the links between cell types: between every ordered pair of different types.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The links: receivers in the order of the types, the senders of each in the same order.
    pub links: Vec<Link>,
    /// Determinability of each type's action on its own cells.
    pub own: Vec<Option<f32>>,
    /// How contrasts were taken; none where no sample allows one.
    pub form: Option<ContrastForm>,
    /// Why they were taken so, in whole sentences.
    pub reasons: Vec<String>,
    /// Samples that would determine more links, the best first. A sample that lacks a type.
    pub experiments: Vec<NextSample>,
    /// The model whose effects the links have; none for the linear drift.
    #[serde(default)]
    pub model: Option<ModelKind>,
    /// The trainings behind these effects; none for the linear drift.
    #[serde(default)]
    pub fits: Option<Box<Fits>>,
}

impl Evidence {
    /// Some links have effects.
    #[must_use]
    pub fn has_effects(&self) -> bool {
        self.links.iter().any(|link| link.effect.is_some())
    }
}

/// Effects in fitted models, training by training: a search that was stopped goes on from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fits {
    /// How the model is trained; each training adds a number of its own to the seed.
    pub recipe: Recipe,
    /// Trainings that were asked for: on the data, and on twins.
    pub asked: [u32; 2],
    /// Of each training on the data that is done, in the order of their seeds: the effects in the order of the links.
    pub seeds: Vec<Vec<Option<Estimate>>>,
    /// Of each training on a twin that is done.
    pub twins: Vec<Vec<Option<Estimate>>>,
}

impl Fits {
    /// Trainings that are done: on the data, and on twins.
    #[must_use]
    pub fn done(&self) -> [u32; 2] {
        [&self.seeds, &self.twins].map(|trainings| trainings.len() as u32)
    }

    /// Fewer trainings are done than were asked for.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        self.done().iter().zip(self.asked).any(|(done, asked)| *done < asked)
    }
}

/// An effect in one fitted model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Share of the receivers' drift that goes without the sender.
    pub value: f64,
    /// Its standard error over resampled cells.
    pub error: f64,
}

/// One ordered pair of types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Type that would be acted on.
    pub receiver: usize,
    /// Type that would act.
    pub sender: usize,
    /// Share of the sender's pull that no function of the receiver's own state explains, 0 to 1. None where the types are never seen together.
    pub determinability: Option<f32>,
    /// How much the receivers differ where the sender is missing, or rarer.
    pub contrast: Option<Contrast>,
    /// The sender's pull in a linear model of the receivers' mean displacement.
    pub linear: Option<LinearEstimate>,
    /// Share of the receivers' drift that goes without the sender, over trainings of a model; of their mean displacement in linear drifts
    /// fitted to resampled cells where there is no model.
    pub effect: Option<Spread>,
    /// The same in twins of the data: nothing is to be found there.
    pub twin: Option<Spread>,
    /// What follows.
    pub verdict: Verdict,
}

/// How contrasts are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContrastForm {
    /// The difference between samples at each time.
    Difference,
    /// The change of that difference since the first time, which offsets between samples leave alone.
    Change,
}

/// A difference in units of its sampling error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// Mean F over times and samples: 1 where nothing differs by more than sampling.
    pub f: f64,
    /// Comparisons (time points of samples) in that mean.
    pub times: usize,
    /// F from which a difference counts, given the number of components, comparisons and links.
    pub threshold: f64,
}

/// A coefficient with its significance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearEstimate {
    /// Displacement of the receivers per sampling interval and unit of pull; negative: away from the sender.
    pub coefficient: f64,
    /// The coefficient in units of its standard error.
    pub t: f64,
}

/// Mean and standard deviation over trainings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation (divided by n - 1); 0 of a single one.
    pub sd: f64,
    /// Bootstrap interval of 95 %: of a training drawn at random, on resampled cells. None of the linear drift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<[f64; 2]>,
}

/// What the evidence for a link says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// These data cannot tell: an intrinsic drift can do the same.
    #[default]
    Undetermined,
    /// Nothing to compare with.
    Untested,
    /// The receivers differ where the sender is missing or rarer, by more than sampling; without a contrast, by the effect in fitted models.
    Supported,
    /// They differ by no more than sampling, or the twin, gives.
    NotSupported,
}

impl Verdict {
    /// The verdict in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Undetermined => "cannot be known from these data",
            Self::Untested => "not tested: no sample lacks the sender",
            Self::Supported => "supported: directly, through others, or as a source of cells",
            Self::NotSupported => "no difference beyond sampling",
        }
    }
}

/// A sample that could be measured next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextSample {
    /// The type that it would lack.
    pub lacks: usize,
    /// Receivers whose link from that type it would determine, which are not determined now.
    pub receivers: Vec<usize>,
}

//! Which model to train, and how.

use super::{CellMnnSettings, ModelKind, TrainSettings};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Which model to train, and how.
///
/// ```
/// use scimf::protocol::{ModelKind, Recipe};
///
/// let recipe = Recipe::new(ModelKind::ScImf).with("updates", 200.0).with("interaction", false);
/// recipe.check()?;
/// assert_eq!(recipe.steps(), 200);
/// assert!(recipe.with("updates", -1.0).check().is_err());
/// # scimf::Result::Ok(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct Recipe {
    /// Which model.
    pub model: ModelKind,
    /// Time points never seen in training. The first time point cannot be held out.
    pub held_out: Vec<usize>,
    /// Samples never seen in training, as positions among the dataset's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_out_samples: Vec<usize>,
    /// Seed of the initial weights and of everything that is drawn.
    pub seed: u32,
    /// Go on from the current weights instead of fresh ones.
    pub from_current: bool,
    /// The settings of the model's card by key; what is not named has the card's default.
    pub settings: BTreeMap<String, Value>,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a switch.
    Switch(bool),
    /// A number, whole or not.
    Number(f64),
    /// Key of an option.
    Choice(String),
    /// Names of genes.
    Genes(Vec<String>),
}

impl Value {
    /// The names of genes in a text, separated by commas, semicolons or blanks.
    pub fn genes(text: &str) -> Self {
        let names = text.split(|c: char| c.is_whitespace() || [',', ';'].contains(&c)).filter(|name| !name.is_empty());
        Self::Genes(names.map(str::to_owned).collect())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => write!(f, "{on}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Choice(key) => write!(f, "{key}"),
            Self::Genes(names) => write!(f, "{}", names.join(", ")),
        }
    }
}

impl Recipe {
    /// A training of a model as its authors did it.
    pub fn new(model: ModelKind) -> Self {
        Self {
            model,
            held_out: Vec::new(),
            held_out_samples: Vec::new(),
            seed: 0,
            from_current: false,
            settings: BTreeMap::new(),
        }
    }

    /// The same with another value of a setting.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.settings.insert(key.into(), value.into());
        self
    }

    /// The value of a setting; none if the model has no such setting.
    pub fn value(&self, key: &str) -> Option<Value> {
        self.settings.get(key).cloned().or_else(|| Some(self.model.card().field(key)?.default()))
    }

    /// The value of a number; not a number if the model has no such number.
    pub fn number(&self, key: &str) -> f64 {
        match self.value(key) {
            Some(Value::Number(number)) => number,
            _ => f64::NAN,
        }
    }

    /// The value of a whole number, at least 0; 0 if the model has no such number.
    pub fn whole(&self, key: &str) -> usize {
        self.number(key) as usize
    }

    /// The value of a switch; off if the model has no such switch.
    pub fn switch(&self, key: &str) -> bool {
        self.value(key) == Some(Value::Switch(true))
    }

    /// The key of the chosen option; empty if the model has no such choice.
    pub fn choice(&self, key: &str) -> String {
        match self.value(key) {
            Some(Value::Choice(key)) => key,
            _ => String::new(),
        }
    }

    /// The names of genes; empty if the model has no such list.
    pub fn genes(&self, key: &str) -> Vec<String> {
        match self.value(key) {
            Some(Value::Genes(names)) => names,
            _ => Vec::new(),
        }
    }

    /// Components that the model works in, if that is a setting of it.
    pub fn components(&self) -> Option<usize> {
        self.model.card().field("components").map(|field| self.whole(field.key))
    }

    /// Steps of the training: updates or epochs.
    pub fn steps(&self) -> u32 {
        self.whole(self.model.card().steps) as u32
    }

    /// The same with another number of steps.
    #[must_use]
    pub fn with_steps(self, steps: u32) -> Self {
        let key = self.model.card().steps;
        self.with(key, f64::from(steps))
    }

    /// Checks the settings against the model's card.
    ///
    /// # Errors
    /// Names the setting and its limits.
    pub fn check(&self) -> Result<()> {
        let card = self.model.card();
        for (key, value) in &self.settings {
            let unknown = || {
                let keys: Vec<&str> = card.fields.iter().map(|field| field.key).collect();
                Error::request(format!("{} has no such setting", card.name))
                    .at(key.as_str())
                    .remedy(format!("Choose among {}.", keys.join(", ")))
            };
            card.field(key).ok_or_else(unknown)?.check(value)?;
        }
        Ok(())
    }
}

impl From<bool> for Value {
    fn from(on: bool) -> Self {
        Self::Switch(on)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

/// Through its decimals: 0.1 in single precision is 0.1, not 0.10000000149.
impl From<f32> for Value {
    fn from(number: f32) -> Self {
        Self::Number(number.to_string().parse().unwrap_or_else(|_| number.into()))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<Vec<String>> for Value {
    fn from(names: Vec<String>) -> Self {
        Self::Genes(names)
    }
}

impl From<&str> for Value {
    fn from(key: &str) -> Self {
        Self::Choice(key.into())
    }
}

/// How recipes are written: as they are, or, up to version 5 of the protocol, as the settings of one of two models.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Now {
        model: ModelKind,
        #[serde(default)]
        held_out: Vec<usize>,
        #[serde(default)]
        held_out_samples: Vec<usize>,
        #[serde(default)]
        seed: u32,
        #[serde(default)]
        from_current: bool,
        #[serde(default)]
        settings: BTreeMap<String, Value>,
    },
    ScImf {
        #[serde(rename = "ScImf")]
        settings: TrainSettings,
    },
    CellMnn {
        #[serde(rename = "CellMnn")]
        settings: CellMnnSettings,
    },
}

impl From<Written> for Recipe {
    fn from(written: Written) -> Self {
        match written {
            Written::Now { model, held_out, held_out_samples, seed, from_current, settings } => {
                Self { model, held_out, held_out_samples, seed, from_current, settings }
            }
            Written::ScImf { settings } => settings.into(),
            Written::CellMnn { settings } => settings.into(),
        }
    }
}

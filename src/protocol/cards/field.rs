//! A setting of a model, as a form, an address or a command line offers it.

use crate::error::{Error, Result};
use crate::protocol::Value;
use crate::protocol::limits::MOST_LISTED;

/// A setting of a model.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in messages, addresses and on the command line (`learning-rate`).
    pub key: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// Unit of the number, such as `cells`; empty without one.
    pub unit: &'static str,
    /// What it does: whole sentences.
    pub hint: &'static str,
    /// What it can be.
    pub kind: FieldKind,
    /// Only those who want other values than the authors' look at it.
    pub advanced: bool,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A whole number.
    Whole {
        /// Unless said otherwise.
        default: u64,
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
    },
    /// A number.
    Number {
        /// Unless said otherwise.
        default: f64,
        /// The smallest.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// Yes or no.
    Switch {
        /// Unless said otherwise.
        default: bool,
    },
    /// One of several.
    Choice {
        /// Key of the option that is taken unless said otherwise.
        default: &'static str,
        /// The options.
        options: &'static [Named],
    },
    /// Names of genes; none unless said otherwise.
    Genes,
}

/// Something with a key for programs, and a name and an explanation for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// For files and programs.
    pub key: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
}

impl Field {
    /// A whole number from `min` to `max`.
    pub const fn whole(key: &'static str, label: &'static str, default: u64, [min, max]: [u64; 2]) -> Self {
        Self::new(key, label, FieldKind::Whole { default, min, max })
    }

    /// A number from `min` to `max`.
    pub const fn number(key: &'static str, label: &'static str, default: f64, [min, max]: [f64; 2]) -> Self {
        Self::new(key, label, FieldKind::Number { default, min, max })
    }

    /// Yes or no.
    pub const fn switch(key: &'static str, label: &'static str, default: bool) -> Self {
        Self::new(key, label, FieldKind::Switch { default })
    }

    /// One of several.
    pub const fn choice(
        key: &'static str,
        label: &'static str,
        default: &'static str,
        options: &'static [Named],
    ) -> Self {
        Self::new(key, label, FieldKind::Choice { default, options })
    }

    /// Names of genes.
    pub const fn genes(key: &'static str, label: &'static str) -> Self {
        Self::new(key, label, FieldKind::Genes)
    }

    const fn new(key: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self { key, label, unit: "", hint: "", kind, advanced: false }
    }

    /// With an explanation.
    #[must_use]
    pub const fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// With a unit.
    #[must_use]
    pub const fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// Among the advanced settings.
    #[must_use]
    pub const fn advanced(self) -> Self {
        Self { advanced: true, ..self }
    }

    /// Its value unless said otherwise.
    pub fn default(&self) -> Value {
        match self.kind {
            FieldKind::Whole { default, .. } => Value::Number(default as f64),
            FieldKind::Number { default, .. } => Value::Number(default),
            FieldKind::Switch { default } => Value::Switch(default),
            FieldKind::Choice { default, .. } => Value::Choice(default.into()),
            FieldKind::Genes => Value::Genes(Vec::new()),
        }
    }

    /// Checks a value.
    ///
    /// # Errors
    /// Names the setting and its limits.
    pub fn check(&self, value: &Value) -> Result<()> {
        let (fits, remedy) = match (self.kind, value) {
            (FieldKind::Whole { min, max, .. }, Value::Number(number)) => {
                let fits = (min as f64..=max as f64).contains(number) && number.fract() == 0.0;
                (fits, format!("Give a whole number from {min} to {max}."))
            }
            (FieldKind::Number { min, max, .. }, Value::Number(number)) => {
                ((min..=max).contains(number), format!("Give a number from {min} to {max}."))
            }
            (FieldKind::Genes, value) => {
                let fits = matches!(value, Value::Genes(names) if names.len() <= MOST_LISTED);
                (fits, format!("Give a list of at most {MOST_LISTED} names."))
            }
            (FieldKind::Whole { .. } | FieldKind::Number { .. }, _) => (false, "Give a number.".into()),
            (FieldKind::Switch { .. }, value) => (matches!(value, Value::Switch(_)), "Say true or false.".into()),
            (FieldKind::Choice { options, .. }, value) => {
                let fits = matches!(value, Value::Choice(key) if options.iter().any(|option| option.key == key));
                let keys: Vec<&str> = options.iter().map(|option| option.key).collect();
                (fits, format!("Choose among {}.", keys.join(", ")))
            }
        };
        if fits {
            return Ok(());
        }
        Err(Error::request(format!("{value} cannot be used")).at(self.label.to_lowercase()).remedy(remedy))
    }
}

//! What a front end knows about each model: its name, what it can do and its settings, as data.
//!
//! One file a model. A model that is added has a variant of [`ModelKind`], a file here and a line in [`ModelKind::card`]; its computations are in
//! `src/models`.

pub mod cell_mnn;
mod field;
pub mod mean_field;
pub mod mioflow;
pub mod ot_cfm;
pub mod pi_sde;
pub mod prescient;
pub mod scimf;
pub mod scnode;
pub mod scnode_genes;

pub use field::{Field, FieldKind, Named};

use super::DriftPart;
use serde::{Deserialize, Serialize};

/// Which model is meant. In messages and files it is the key of its card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelKind {
    /// [`scimf::CARD`].
    #[default]
    #[serde(rename = "scimf", alias = "ScImf")]
    ScImf,
    /// [`cell_mnn::CARD`].
    #[serde(rename = "cell-mnn", alias = "CellMnn")]
    CellMnn,
    /// [`pi_sde::CARD`].
    #[serde(rename = "pi-sde")]
    PiSde,
    /// [`prescient::CARD`].
    #[serde(rename = "prescient")]
    Prescient,
    /// [`mioflow::CARD`].
    #[serde(rename = "mioflow")]
    MioFlow,
    /// [`ot_cfm::CARD`].
    #[serde(rename = "ot-cfm")]
    OtCfm,
    /// [`scnode::CARD`].
    #[serde(rename = "scnode")]
    ScNode,
    /// [`scnode_genes::CARD`].
    #[serde(rename = "scnode-genes")]
    ScNodeGenes,
    /// [`mean_field::CARD`].
    #[serde(rename = "mean-field")]
    MeanField,
}

impl ModelKind {
    /// All models, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::ScImf,
        Self::CellMnn,
        Self::PiSde,
        Self::Prescient,
        Self::MioFlow,
        Self::OtCfm,
        Self::ScNode,
        Self::ScNodeGenes,
        Self::MeanField,
    ];

    /// The two models that files of versions before there were cards name by their places.
    pub const BEFORE_CARDS: [Self; 2] = [Self::ScImf, Self::CellMnn];

    /// What is known of it.
    pub const fn card(self) -> &'static Card {
        match self {
            Self::ScImf => &scimf::CARD,
            Self::CellMnn => &cell_mnn::CARD,
            Self::PiSde => &pi_sde::CARD,
            Self::Prescient => &prescient::CARD,
            Self::MioFlow => &mioflow::CARD,
            Self::OtCfm => &ot_cfm::CARD,
            Self::ScNode => &scnode::CARD,
            Self::ScNodeGenes => &scnode_genes::CARD,
            Self::MeanField => &mean_field::CARD,
        }
    }

    /// The model with this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.card().key == key)
    }

    /// The model whose effects of senders on receivers are told where none is chosen.
    pub fn answering() -> Self {
        let answers = |kind: &Self| kind.card().can.effects;
        let interacts = |kind: &Self| kind.card().can.interaction;
        let first = |able: fn(&Self) -> bool| Self::ALL.into_iter().find(able);
        first(answers).or_else(|| first(interacts)).unwrap_or_default()
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        self.card().name
    }
}

/// What a front end knows about a model.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    /// Its name in files, addresses and on the command line, such as `cell-mnn`.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it is, for a row of a table: `with interaction between cells`.
    pub about: &'static str,
    /// Where it comes from.
    pub paper: Paper,
    /// Word for one step of the training that is counted and shown: `update` or `epoch`.
    pub step: &'static str,
    /// Key of the setting that says how many steps a training has.
    pub steps: &'static str,
    /// What it can do.
    pub can: Capabilities,
    /// The parts of its loss, in the order of [`super::Loss::terms`].
    pub terms: &'static [Named],
    /// What the loss is, in a sentence for the caption of a figure.
    pub loss: &'static str,
    /// The model without its interaction, which an evaluation shows beside it; none without interaction.
    pub twin: Option<Named>,
    /// Its settings besides those that all models have (held-out time points, seed, start from the current weights).
    pub fields: &'static [Field],
}

/// A publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Authors, title, where and when.
    pub citation: &'static str,
    /// Address of the publication.
    pub link: &'static str,
}

/// What a model can do besides training and moving cells. A view asks for the ability that it shows, never for a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Simulated cells diffuse: runs of different seeds differ.
    pub noise: bool,
    /// Cells influence each other.
    pub interaction: bool,
    /// Its interaction can be nothing and keeps its size, so that the effects of senders say something.
    pub effects: bool,
    /// The parts of the drift that can be shown alone, the whole first.
    pub parts: &'static [DriftPart],
    /// Who listens to whom can be read off.
    pub attention: bool,
    /// An operator for each cell can be read off.
    pub operators: bool,
    /// The drift is the gradient of a potential that can be shown.
    pub potential: bool,
    /// How far the drift is from that of a potential can be shown for each cell.
    pub residual: bool,
    /// Start cells have weights that say how much they multiply.
    pub growth: bool,
    /// It has a scale of its noise for each interval, which can be learned.
    pub interval_noise: bool,
    /// It works in a space of its own, not in the model space of the dataset.
    pub space: bool,
    /// It works on measured genes, which the dataset must have.
    pub genes: bool,
}

impl Capabilities {
    /// A model that moves each cell alone along one drift without noise, in the model space.
    pub const NONE: Self = Self {
        noise: false,
        interaction: false,
        effects: false,
        parts: &[DriftPart::Total],
        attention: false,
        operators: false,
        potential: false,
        residual: false,
        growth: false,
        interval_noise: false,
        space: false,
        genes: false,
    };
}

impl Card {
    /// The setting with this key.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Recipe;
    use std::collections::BTreeSet;

    #[test]
    fn cards_are_complete_and_their_defaults_pass() {
        let keys: BTreeSet<_> = ModelKind::ALL.iter().map(|kind| kind.card().key).collect();
        assert_eq!(keys.len(), ModelKind::ALL.len(), "keys are different");
        for kind in ModelKind::ALL {
            let card = kind.card();
            assert_eq!(ModelKind::of_key(card.key), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), card.key, "in messages and files it is called by its key");
            assert!(card.field(card.steps).is_some(), "{}: the number of steps is a setting", card.key);
            assert_eq!(
                card.twin.is_some(),
                card.can.interaction,
                "{}: a twin is the model without interaction",
                card.key
            );
            assert!(card.can.interaction || !card.can.effects, "{}: effects are those of an interaction", card.key);
            assert_eq!(card.can.parts.first(), Some(&DriftPart::Total), "{}", card.key);
            let fields: BTreeSet<_> = card.fields.iter().map(|field| field.key).collect();
            assert_eq!(fields.len(), card.fields.len(), "{}: keys of settings are different", card.key);
            Recipe::new(kind).check().unwrap();
            for field in card.fields {
                assert!(!field.label.is_empty() && field.hint.ends_with('.'), "{} {}", card.key, field.key);
            }
        }
    }
}

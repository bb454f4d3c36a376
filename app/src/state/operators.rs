//! What is read off operators: choices and answers.

use super::State;
use crate::prelude::*;
use crate::words;
use scimf::figure::operator::TimeUnit;
use scimf::protocol::{
    GeneNetwork, GeneNetworkQuery, Linearisation, LinearisationQuery, MeanOperators, Operator, OperatorOf,
    Perturbation, PerturbationQuery, SignAgreement, Spectrum, Start, Why, WhyQuery,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Cells whose frozen and re-encoded trajectories are compared.
const FOLLOWED: usize = 100;
/// Drivers in each direction of "why is this gene rising".
const DRIVERS: usize = 10;

/// How operators are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperatorView {
    /// One operator as a heatmap, with its eigenvalues.
    #[default]
    Operator,
    /// The eigenvalues of the time point's cells in the complex plane.
    Eigenvalues,
    /// The mean operator of each type at each time point.
    Course,
}

/// A gene that is set, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PerturbationChoice {
    /// The gene; none until one is chosen.
    pub gene: Option<usize>,
    /// Its expression is multiplied by this.
    pub factor: f32,
    /// Time point at which the cells begin; none for the chosen one.
    pub start: Option<usize>,
    /// End in index units; none for the last time point.
    pub until: Option<f64>,
    /// Number of cells.
    pub cells: usize,
}

impl Default for PerturbationChoice {
    fn default() -> Self {
        Self { gene: None, factor: 0.0, start: None, until: None, cells: FOLLOWED }
    }
}

/// Choices and answers; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Operators {
    /// How operators are shown.
    pub view: RwSignal<OperatorView>,
    /// The type whose mean operator is shown; none for all types.
    pub kind: RwSignal<Option<usize>>,
    /// Links of the gene network, if the user chose their number.
    pub links: RwSignal<Option<usize>>,
    /// The gene of "why is this gene rising".
    pub gene: RwSignal<Option<usize>>,
    /// The next perturbation.
    pub choice: RwSignal<PerturbationChoice>,
    /// The operator that was asked for last.
    pub operator: RwSignal<Option<Arc<Operator>>>,
    /// The eigenvalues that were asked for last.
    pub spectrum: RwSignal<Option<Arc<Spectrum>>>,
    /// Mean operators by type and time.
    pub means: RwSignal<Option<Arc<MeanOperators>>>,
    /// Frozen against re-encoded trajectories.
    pub linearisation: RwSignal<Option<Arc<Linearisation>>>,
    /// The strongest gene interactions.
    pub network: RwSignal<Option<Arc<GeneNetwork>>>,
    /// Why the gene rises or falls.
    pub why: RwSignal<Option<Arc<Why>>>,
    /// What setting the gene does.
    pub perturbation: RwSignal<Option<Arc<Perturbation>>>,
    /// Agreement with known signs, and the count of the weights that it was computed with.
    pub signs: RwSignal<Option<(Arc<SignAgreement>, u32)>>,
}

/// Links of the gene network until the user wants another number.
pub const LINKS: usize = 30;

impl Operators {
    /// Forgets what was computed with weights.
    pub(super) fn forget_weights(&self) {
        self.operator.set(None);
        self.spectrum.set(None);
        self.means.set(None);
        self.linearisation.set(None);
        self.network.set(None);
        self.why.set(None);
        self.perturbation.set(None);
        self.signs.set(None);
    }

    /// Forgets what only the former dataset knew.
    pub(super) fn reset(&self) {
        self.kind.set(None);
        self.gene.set(None);
        self.choice.set(PerturbationChoice::default());
    }
}

impl State {
    /// Keeps the agreement with known signs.
    pub(super) fn judge_signs(&self, answer: SignAgreement) {
        let weights = untrack(|| self.models.weights_of_able(|can| can.operators));
        self.operators.signs.set(Some((Arc::new(answer), weights)));
    }

    /// Whose operator is shown: the clicked cell's, else the mean of the chosen time and type.
    pub fn operator_of(&self) -> OperatorOf {
        match self.cells.picked.get() {
            Some(cell) => OperatorOf::Cell(cell),
            None => OperatorOf::Cells { time: self.time.get(), kind: self.operators.kind.get() },
        }
    }

    /// Components of the operators in use.
    pub fn operator_components(&self) -> usize {
        let model = self.models.able(|can| can.operators).map(|kind| self.models.of(kind));
        model.and_then(|model| model.dimensions()).unwrap_or(0)
    }

    /// The study's time unit, if its labels hold numbers.
    pub fn time_unit(&self) -> Option<TimeUnit> {
        self.dataset.with(|it| TimeUnit::of(&it.as_ref()?.summary.time_points))
    }

    /// Whose operator that is, in words: `cell 12`, `the 300 Neural cells at day 4`.
    pub fn operator_words(&self, of: OperatorOf, cells: usize) -> String {
        match of {
            OperatorOf::Cell(cell) => format!("cell {}", words::count(cell as usize + 1)),
            OperatorOf::Cells { time, kind } => {
                let label = self.time_labels().get(time).cloned().unwrap_or_default();
                let kind = kind.and_then(|kind| self.type_names().get(kind).cloned());
                let kind = kind.map_or_else(String::new, |kind| format!("{kind} "));
                let noun = words::noun(cells, "cell");
                format!("the {} {kind}{noun} at {label}", words::count(cells))
            }
        }
    }

    /// The trajectories that are compared now; they begin where the simulation does.
    pub fn linearisation_query(&self) -> LinearisationQuery {
        let query = self.simulation_query();
        LinearisationQuery { space: self.space.get(), start: query.start, cells: FOLLOWED, until: query.until }
    }

    /// The gene network that is wanted now.
    pub fn network_query(&self) -> GeneNetworkQuery {
        GeneNetworkQuery { of: self.operator_of(), links: self.operators.links.get().unwrap_or(LINKS) }
    }

    /// The question why a gene rises that is wanted now.
    pub fn why_query(&self) -> Option<WhyQuery> {
        let gene = self.operators.gene.get()?;
        Some(WhyQuery { gene, of: self.operator_of(), drivers: DRIVERS })
    }

    /// The perturbation that is wanted now.
    pub fn perturbation_query(&self) -> Option<PerturbationQuery> {
        let PerturbationChoice { gene, factor, start, until, cells } = self.operators.choice.get();
        let (gene, last) = (gene?, self.time_labels().len().saturating_sub(1));
        let time = start.unwrap_or_else(|| self.time.get());
        // From the last time point on, one interval beyond the data.
        let until = until.filter(|until| *until > time as f64).or((time >= last).then_some(last as f64 + 1.0));
        let start = Start { time, ..Start::default() };
        Some(PerturbationQuery { gene, factor, space: self.space.get(), start, cells, until })
    }
}

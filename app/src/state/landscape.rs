//! What is read off a model with a potential, and where copies of cells end.

use super::{ColorBy, State, WorkStage};
use crate::prelude::*;
use scimf::protocol::{Array, CellFates, CellValues, FatesQuery, IntervalNoise, ValuesQuery};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Copies of each cell whose fate is asked for.
pub const COPIES: u32 = 200;
/// Cells whose fates are asked for at most; evenly chosen among more.
pub const MOST_CELLS: usize = 100;

/// What the panel of a model with a potential shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LandscapeView {
    /// The potential.
    #[default]
    Potential,
    /// How far it is from its own equation.
    Residual,
    /// How much start cells multiply.
    Growth,
}

/// Choices and answers; cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Landscape {
    /// What the panel shows.
    pub view: RwSignal<LandscapeView>,
    /// The potential at each cell.
    pub potential: RwSignal<Option<Arc<CellValues>>>,
    /// Its residual at each cell.
    pub residual: RwSignal<Option<Arc<CellValues>>>,
    /// The weight of each start cell.
    pub growth: RwSignal<Option<Arc<CellValues>>>,
    /// How much noise a model needs in each interval.
    pub noise: RwSignal<Option<Arc<IntervalNoise>>>,
    /// Where the copies of cells end that were asked for last, and the count of the weights then.
    pub fates: RwSignal<Option<(Arc<CellFates>, u32)>>,
    /// How far the copies are that are followed now.
    pub following: RwSignal<Option<WorkStage>>,
}

impl Landscape {
    /// Forgets what was computed with weights.
    pub(super) fn forget(&self) {
        [self.potential, self.residual, self.growth].into_iter().for_each(|values| values.set(None));
        self.fates.set(None);
        self.noise.set(None);
    }

    /// The values behind a view.
    pub fn values(&self, view: LandscapeView) -> RwSignal<Option<Arc<CellValues>>> {
        match view {
            LandscapeView::Potential => self.potential,
            LandscapeView::Residual => self.residual,
            LandscapeView::Growth => self.growth,
        }
    }
}

impl State {
    /// Takes in values of cells: of the dataset, or read off a model.
    pub(super) fn values_came(&self, answer: CellValues) {
        let (model, into) = match answer.query {
            ValuesQuery::Potential(model) => (model, self.landscape.potential),
            ValuesQuery::Residual(model) => (model, self.landscape.residual),
            ValuesQuery::GrowthWeight(model) => (model, self.landscape.growth),
            ValuesQuery::Column(_) | ValuesQuery::Gene(_) | ValuesQuery::Measured(_) | ValuesQuery::Growth => {
                return self.cells.values.set(Some(Arc::new(answer)));
            }
        };
        if model == self.models.chosen.get_untracked() {
            into.set(Some(Arc::new(answer)));
        }
    }

    /// The cells whose copies are followed next: the selected ones of the chosen time point, or up to [`MOST_CELLS`] evenly chosen of them.
    pub fn fates_query(&self) -> Option<FatesQuery> {
        let time = self.time.get();
        let selected = self.selected_at(time);
        let step = selected.len().div_ceil(MOST_CELLS).max(1);
        let cells = Array(selected.into_iter().step_by(step).collect::<Vec<u32>>());
        let last = self.time_labels().len().checked_sub(1)?;
        let until = (time >= last).then_some(last as f64 + 1.0);
        let (seed, noise) = self.simulate.query.with(|query| (query.seed, query.noise));
        let any = !cells.is_empty();
        let model = self.models.chosen.get();
        any.then_some(FatesQuery { model, cells, copies: COPIES, until, seed, noise })
    }

    /// Copies of cells begin to be followed.
    pub fn follow_copies(&self) {
        self.cancelling.set(false);
        self.landscape.following.set(Some(WorkStage { name: "starting".into(), done: 0.0 }));
    }

    /// Keeps the fates that were asked for.
    pub(super) fn fates_came(&self, fates: CellFates) {
        let weights = self.models.of(fates.query.model).weights.get_untracked();
        self.landscape.fates.set(Some((Arc::new(fates), weights)));
    }

    /// Where the copies of the shown model's cells end.
    pub fn cell_fates(&self) -> Option<Arc<CellFates>> {
        let shown = self.models.chosen.get();
        self.landscape.fates.with(|it| it.as_ref().map(|(fates, _)| fates.clone()).filter(|it| it.query.model == shown))
    }

    /// A colour that another model can show, but not this one, becomes the types.
    pub(super) fn drop_foreign_color(&self) {
        let can = untrack(|| self.can());
        let foreign = match self.color_by.get_untracked() {
            ColorBy::Potential => !can.potential,
            ColorBy::Residual => !can.residual,
            ColorBy::GrowthWeight => !can.growth,
            ColorBy::Fate(_) => true,
            _ => false,
        };
        if foreign {
            self.color_by.set(ColorBy::Type);
        }
    }
}

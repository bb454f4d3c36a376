//! Time for a training, turned into updates and cells from what an update costs on this machine.

use super::{ModelKind, Recipe};
use serde::{Deserialize, Serialize};

/// How long somebody wants to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Budget {
    /// Two minutes: does it learn at all, and what?
    #[default]
    Quick,
    /// A quarter of an hour: within a few per cent of the published settings where updates are fast.
    Good,
    /// The authors' settings, however long they take.
    AsPublished,
    /// The settings as they are set.
    Custom,
}

/// What a step of a training, an update or an epoch, takes on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Which model.
    pub model: ModelKind,
    /// Seconds of one step.
    pub seconds: f64,
    /// Simulated cells of that step; 1 for a model that has no such setting.
    pub cells: usize,
    /// Its time step, in index units; 1 for a model that has no such setting.
    pub dt: f64,
}

/// Keys of the settings on which the time of a step depends, where a model has them.
const CELLS: &str = "cells";
const DT: &str = "dt";
/// Settings that say what the model is, not how long it learns: every budget keeps the user's.
const KEPT: [&str; 3] = ["interaction", "components", "form"];
/// Simulated cells that a plan chooses from, the most first.
const COUNTS: [usize; 4] = [512, 256, 128, 64];
/// Updates below which more cells are no gain: on MEF, 200 updates, the held-out W1 is 12.94 with 64 cells and 12.76 with 512.
const ENOUGH: f64 = 200.0;
/// The part of an update's time that does not grow with its cells, measured on MEF between 64 and 512 cells.
const FIXED: f64 = 0.15;
/// A coarser time step for plans that would otherwise hardly learn.
const COARSE: f64 = 0.2;
/// Seconds of a step on a slow machine, for plans before anything was measured.
const SLOW_STEP: f64 = 0.4;

impl Budget {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Quick, Self::Good, Self::AsPublished, Self::Custom];

    /// Its time in seconds, if it has one.
    #[must_use]
    pub const fn seconds(self) -> Option<f64> {
        match self {
            Self::Quick => Some(120.0),
            Self::Good => Some(900.0),
            Self::AsPublished | Self::Custom => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quick => "Quick look",
            Self::Good => "Good",
            Self::AsPublished => "As published",
            Self::Custom => "Custom",
        }
    }

    /// The training within the budget; `own` is the user's. Without a pace, what a slow machine does in the time.
    #[must_use]
    pub fn plan(self, own: &Recipe, pace: Option<Pace>) -> Recipe {
        if self == Self::Custom {
            return own.clone();
        }
        self.seconds().map_or_else(|| published(own), |seconds| Self::within(seconds, own, pace))
    }

    /// The training that takes so many seconds, one of a search or of a verdict for example; otherwise as [`Self::plan`].
    #[must_use]
    pub fn within(seconds: f64, own: &Recipe, pace: Option<Pace>) -> Recipe {
        let base = published(own);
        let few = if base.value(CELLS).is_some() { COUNTS[COUNTS.len() - 1] } else { 1 };
        let slow = Pace { model: own.model, seconds: SLOW_STEP, cells: few, dt: step(&base) };
        fitted(seconds, base, pace.filter(|pace| pace.model == own.model).unwrap_or(slow))
    }
}

impl Pace {
    /// Seconds of a step of this training.
    #[must_use]
    pub fn step(self, recipe: &Recipe) -> f64 {
        self.scaled(cells(recipe), step(recipe))
    }

    /// Seconds of the whole training.
    #[must_use]
    pub fn training(self, recipe: &Recipe) -> f64 {
        f64::from(recipe.steps()) * self.step(recipe)
    }

    /// The pace of a step that took so long.
    #[must_use]
    pub fn of(recipe: &Recipe, seconds: f64) -> Self {
        Self { model: recipe.model, seconds, cells: cells(recipe), dt: step(recipe) }
    }

    fn scaled(self, cells: usize, dt: f64) -> f64 {
        let grown = FIXED + (1.0 - FIXED) * cells as f64 / self.cells.max(1) as f64;
        self.seconds * grown.max(0.1) * self.dt / dt.max(1e-6)
    }
}

/// Cells of a step; 1 without such a setting.
fn cells(recipe: &Recipe) -> usize {
    if recipe.value(CELLS).is_some() { recipe.whole(CELLS) } else { 1 }
}

/// Time step; 1 without such a setting.
fn step(recipe: &Recipe) -> f64 {
    if recipe.value(DT).is_some() { recipe.number(DT) } else { 1.0 }
}

/// The authors' settings of the user's model.
fn published(own: &Recipe) -> Recipe {
    let mut base = own.clone();
    base.settings.retain(|key, _| KEPT.contains(&key.as_str()));
    base
}

/// The most cells with which there is time for [`ENOUGH`] steps; fewer steps only with the fewest cells, and then coarser ones in time.
fn fitted(seconds: f64, base: Recipe, pace: Pace) -> Recipe {
    let most = f64::from(base.steps());
    let usual = step(&base);
    let steps = |cells: usize, dt: f64| seconds / pace.scaled(cells, dt).max(1e-9);
    if base.value(CELLS).is_none() {
        return base.with_steps(steps(1, usual).clamp(3.0, most) as u32);
    }
    let fewest = COUNTS[COUNTS.len() - 1];
    let count = COUNTS.into_iter().find(|&count| steps(count, usual) >= ENOUGH).unwrap_or(fewest);
    let dt = if steps(count, usual) < ENOUGH { COARSE.max(usual) } else { usual };
    let length = steps(count, dt).clamp(10.0, most) as u32;
    base.with(CELLS, count).with(DT, dt).with_steps(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Recipe {
        Recipe { held_out: vec![2], seed: 7, ..Recipe::new(ModelKind::ScImf).with_steps(5) }
    }

    fn pace(seconds: f64) -> Option<Pace> {
        Some(Pace { model: ModelKind::ScImf, seconds, cells: 64, dt: 0.1 })
    }

    #[test]
    fn a_plan_takes_its_time_and_no_more() {
        for each in [0.002, 0.02, 0.12, 0.7, 3.0] {
            for budget in [Budget::Quick, Budget::Good] {
                let plan = budget.plan(&own(), pace(each));
                let takes = pace(each).unwrap().training(&plan);
                assert!(takes <= 1.05 * budget.seconds().unwrap(), "{budget:?} with {each}: {plan:?} takes {takes}");
                assert!(plan.steps() == 3000 || takes > 0.8 * budget.seconds().unwrap(), "{takes} of {budget:?}");
                assert_eq!((plan.held_out.as_slice(), plan.seed), (&[2][..], 7));
                plan.check().unwrap();
            }
        }
    }

    #[test]
    fn more_time_is_spent_on_cells_once_there_are_enough_updates() {
        let plans = [0.5, 0.12, 0.01].map(|each| Budget::Quick.plan(&own(), pace(each)));
        assert_eq!(plans.each_ref().map(|plan| plan.whole(CELLS)), [64, 256, 512]);
        assert!(plans[0].steps() >= 200 && plans[0].number(DT) == 0.1);
        let slowest = Budget::Quick.plan(&own(), pace(2.0));
        assert!(slowest.number(DT) == COARSE && slowest.steps() > 100, "{slowest:?}");
    }

    #[test]
    fn a_share_of_the_minutes_has_updates_before_it_has_cells() {
        let plan = Budget::within(25.0, &own(), pace(0.05));
        assert_eq!((plan.whole(CELLS), plan.steps()), (128, 270));
        let short = Budget::within(5.01, &own(), pace(0.05));
        assert_eq!((short.whole(CELLS), short.steps(), short.number(DT)), (64, 200, COARSE));
        let unmeasured = Budget::within(5.01, &own(), None);
        assert_eq!((unmeasured.whole(CELLS), unmeasured.steps()), (64, 25));
        assert_eq!(Budget::within(120.0, &own(), pace(0.05)), Budget::Quick.plan(&own(), pace(0.05)));
    }

    #[test]
    fn published_and_custom_settings_do_not_depend_on_the_machine() {
        let own = own().with(CELLS, 33_usize).with("interaction", false);
        assert_eq!(Budget::Custom.plan(&own, pace(9.0)), own);
        let published = Budget::AsPublished.plan(&own, pace(9.0));
        assert_eq!((published.steps(), published.whole(CELLS), published.switch("interaction")), (3000, 512, false));
    }

    #[test]
    fn steps_alone_fit_the_time_where_there_are_no_cells_to_choose() {
        let own = Recipe::new(ModelKind::CellMnn).with("components", 4_usize);
        let plan = Budget::Quick.plan(&own, Some(Pace { model: ModelKind::CellMnn, seconds: 0.5, cells: 1, dt: 1.0 }));
        assert_eq!((plan.steps(), plan.whole("components")), (240, 4));
        let other = Budget::Quick.plan(&own, pace(1e-3));
        assert_eq!(other.steps(), 300, "the pace of another model says nothing of this one");
    }
}

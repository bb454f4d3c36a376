//! How long a step of a training takes on this machine, asked once for each dataset and model, before somebody starts a training.

use crate::{
    engine::{Engine, PACE},
    signals::Memo,
    state::{State, Tab},
};
use leptos::prelude::*;
use scimf::protocol::Recipe;

/// Cells of the measured step: few, so that it is over in a moment.
const CELLS: usize = 64;

/// Asks where the answer is of use: no weights are there yet, or a panel that trains is open.
pub fn keep_asking(state: State, engine: Engine) {
    let wanted = Memo::new(move |_| {
        let trains = matches!(state.dialogs.drawer.get(), Some(Tab::Train | Tab::Evaluate));
        let idle = state.ready() && state.dataset.with(Option::is_some) && !state.busy();
        let model = state.models.chosen.get();
        let asked = state.cells.opened.get();
        let of_use = trains || !state.has_weights();
        (idle && of_use && state.budgets.pace(model).is_none()).then_some((asked, model))
    });
    Effect::new(move |_| {
        let Some((_, model)) = wanted.get() else { return };
        let own = state.models.of(model).recipe.get_untracked();
        let recipe = Recipe { held_out: own.held_out, settings: Default::default(), ..Recipe::new(model) };
        let few = if recipe.value("cells").is_some() { recipe.with("cells", CELLS) } else { recipe };
        engine.ask(&PACE, few);
    });
}

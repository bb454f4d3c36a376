//! How long a step of a training takes on this machine, asked once for each dataset and model, before somebody starts a training: of the chosen
//! model, and where several are to be evaluated of each of them.

use crate::prelude::*;
use crate::{
    engine::{Engine, PACE},
    state::{State, Tab},
};
use scimf::protocol::{ModelKind, Recipe};

/// Cells of the measured step: few, so that it is over in a moment.
const CELLS: usize = 64;

/// Asks where the answer is of use: no weights are there yet, or a panel that trains is open.
pub fn keep_asking(state: State, engine: Engine) {
    // One that was asked in vain, for a dataset that was opened, is not asked again.
    let asked = StoredValue::new(Vec::<(u32, ModelKind)>::new());
    let wanted = Memo::new(move |_| {
        let tab = state.dialogs.drawer.get();
        let idle =
            state.ready() && state.dataset.with(Option::is_some) && !state.busy() && !engine.pending(PACE.question);
        let of_use = matches!(tab, Some(Tab::Train | Tab::Evaluate)) || !state.has_weights();
        let mut models = vec![state.models.chosen.get()];
        if tab == Some(Tab::Evaluate) {
            models.extend(state.evaluation_choice.with(|choice| choice.trained()).into_iter().map(|it| it.model));
        }
        let opened = state.cells.opened.get();
        let new = |model: &ModelKind| {
            state.budgets.pace(*model).is_none() && asked.with_value(|asked| !asked.contains(&(opened, *model)))
        };
        models.into_iter().find(|model| idle && of_use && new(model)).map(|model| (opened, model))
    });
    Effect::new(move |_| {
        let Some((opened, model)) = wanted.get() else { return };
        asked.update_value(|asked| asked.push((opened, model)));
        let own = state.models.of(model).recipe.get_untracked();
        let recipe = Recipe { held_out: own.held_out, settings: Default::default(), ..Recipe::new(model) };
        let few = if recipe.value("cells").is_some() { recipe.with("cells", CELLS) } else { recipe };
        engine.ask(&PACE, few);
    });
}

//! How long the training may take.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{State, Tab},
    view::verdict::VerdictButton,
    words,
};
use scimf::protocol::{Budget, Recipe};

/// What a budget means, for its tooltip.
const fn meaning(budget: Budget) -> &'static str {
    match budget {
        Budget::Quick => "Does it learn, and what? As many updates and cells as this machine computes in two minutes",
        Budget::Good => "As many updates and cells as this machine computes in a quarter of an hour",
        Budget::AsPublished => "The authors' settings, however long they take here",
        Budget::Custom => "Every setting by hand",
    }
}

/// The training of a budget on the model that is shown.
fn recipe_of(state: State, budget: Budget) -> Recipe {
    let kind = state.models.chosen.get();
    let pace = state.budgets.pace(kind);
    state.models.of(kind).recipe.with(|own| budget.plan(own, pace))
}

/// One button for each budget, with the time that it takes here.
#[component]
pub fn Budgets() -> impl IntoView {
    let state = expect_context::<State>();
    let chosen = state.budgets.chosen;
    let locked = move || state.in_training();
    let button = move |budget: Budget| {
        let time = move || match budget.seconds() {
            Some(seconds) => format!("{:.0} minutes", seconds / 60.0),
            None if budget == Budget::Custom => "by hand".into(),
            None => state.seconds_of(&recipe_of(state, budget)).map_or_else(|| "hours".into(), words::duration),
        };
        view! {
            <button
                type="button"
                title=meaning(budget)
                disabled=locked
                aria-pressed=move || (chosen.get() == budget).to_string()
                on:click=move |_| chosen.set(budget)
            >
                <span>{budget.name()}</span>
                <small>{move || time()}</small>
            </button>
        }
    };
    view! {
        <div class="budgets" role="group" aria-label="Time for the training">
            {Budget::ALL.into_iter().map(button).collect_view()}
        </div>
    }
}

/// The button that starts from where the result will stand: a quick look, and what it takes.
#[component]
pub fn StartHere() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let obstacle = Memo::new(move |_| state.engine_obstacle("train"));
    let budget = move || state.budgets.chosen.get();
    let label = move || match budget().seconds() {
        Some(seconds) => format!("Start training · {} · {:.0} minutes", budget().name(), seconds / 60.0),
        None => format!("Start training · {}", budget().name()),
    };
    let plan = Memo::new(move |_| state.plan_words(&recipe_of(state, budget())));
    view! {
        <button
            type="button"
            class="primary"
            disabled=move || obstacle.with(Option::is_some)
            on:click=move |_| engine.train(super::recipe(state))
        >
            {move || label()}
        </button>
        <p class="quiet" aria-live="polite">
            {move || obstacle.get().unwrap_or_else(|| format!("{}. It learns in this tab, and every view follows.", plan.get()))}
        </p>
        <VerdictButton/>
        <button type="button" class="link" on:click=move |_| state.dialogs.drawer.set(Some(Tab::Train))>
            "More time, other settings, or weights of your own"
        </button>
    }
}

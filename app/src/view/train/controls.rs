//! Start, pause, resume, stop.

use crate::prelude::*;
use crate::{engine::Engine, state::State};
use scimf::protocol::{Command, Recipe, TrainingState};

/// The next training of the model that is shown.
pub fn recipe(state: State) -> Recipe {
    let there = untrack(|| state.shown()).summary.with_untracked(Option::is_some);
    let mut recipe = untrack(|| state.planned(state.models.chosen.get()));
    recipe.from_current &= there;
    recipe
}

/// The buttons of a training; only those that do something now can be pressed.
#[component]
pub fn Controls() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = move || state.training.with(|t| matches!(t, Some(TrainingState::Running { .. })));
    let paused = move || state.training.with(|t| matches!(t, Some(TrainingState::Paused)));
    let startable = move || state.ready() && state.dataset.with(Option::is_some) && !state.busy();
    let start = move |_| engine.train(recipe(state));
    // What Start leads to, before it is pressed.
    let plan = Memo::new(move |_| state.plan_words(&state.planned(state.models.chosen.get())));
    view! {
        <p class="plan" id="training-plan">
            {move || (!state.in_training() && state.dataset.with(Option::is_some)).then(|| format!("{}.", plan.get()))}
        </p>
        <div class="controls" role="group" aria-label="Training">
            <button
                type="button"
                class="primary"
                title=move || {
                    let evaluating = state.evaluating.with(Option::is_some).then_some("An evaluation is running. Cancel it to train.");
                    let experiment = || state.experiments.running.with(Option::is_some).then_some("An experiment is running. Cancel it to train.");
                    let evidence = || state.evidence.running.with(Option::is_some).then_some("A search for evidence is running. Stop it to train.");
                    evaluating.or_else(experiment).or_else(evidence)
                }
                disabled=move || !startable()
                aria-describedby="training-plan"
                on:click=start
            >
                "Start training"
            </button>
            <button type="button" disabled=move || !running() on:click=move |_| engine.control(Command::Pause)>
                "Pause"
            </button>
            <button type="button" disabled=move || !paused() on:click=move |_| engine.control(Command::Resume)>
                "Resume"
            </button>
            <button
                type="button"
                title="End the training and use its best weights"
                disabled=move || !(running() || paused())
                on:click=move |_| engine.control(Command::Stop)
            >
                "Stop"
            </button>
        </div>
    }
}

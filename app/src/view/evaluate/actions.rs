//! The two ways to evaluate, and how far the running one is.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{EvaluatedModels, State},
    view::work::WorkProgress,
    words,
};
use scimf::protocol::{Budget, EvaluationSettings, ModelKind, Recipe};

/// Buttons with what they cost or need; while an evaluation runs, its progress.
#[component]
pub fn Actions() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = Memo::new(move |_| state.evaluating.with(Option::is_some));
    let obstacle = Memo::new(move |_| obstacle(state));
    let no_weights = Memo::new(move |_| nothing_to_evaluate(state));
    let start = move |models: EvaluatedModels| {
        let asked = untrack(|| settings(state, models));
        state.follow_plans(asked.train.iter().map(|recipe| recipe.model));
        engine.evaluate(asked);
    };
    view! {
        <div class="actions" role="group" aria-label="Evaluation">
            <button
                type="button"
                class="primary"
                disabled=move || obstacle.with(Option::is_some) || untrainable(state).is_some()
                aria-describedby="evaluation-cost"
                on:click=move |_| start(EvaluatedModels::Trained)
            >
                "Train and evaluate"
            </button>
            <button
                type="button"
                disabled=move || obstacle.with(Option::is_some) || no_weights.get()
                aria-describedby="evaluation-warning"
                on:click=move |_| start(EvaluatedModels::InUse)
            >
                "Evaluate the weights in use"
            </button>
        </div>
        {move || {
            if running.get() {
                view! {
                    <div class="running">
                        <WorkProgress label="Progress of the evaluation" stage=state.evaluating/>
                        <p class="quiet">
                            {move || match state.units.helpers.get() {
                                0 => String::new(),
                                helpers => format!("On {} cores.", helpers + 1),
                            }}
                        </p>
                        <button type="button" disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                            "Stop the evaluation"
                        </button>
                    </div>
                }
                    .into_any()
            } else {
                view! {
                    <GoOn/>
                    <p class="quiet" id="evaluation-cost">{move || obstacle.get().unwrap_or_else(|| cost(state))}</p>
                    <p class="warning" id="evaluation-warning">{move || warning(state)}</p>
                }
                    .into_any()
            }
        }}
    }
}

/// Goes on with an evaluation that was stopped, interrupted, or failed in part.
#[component]
fn GoOn() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let left = Memo::new(move |_| {
        let settings = state.evaluation.with(|it| it.as_ref().map(|it| it.settings.clone()));
        settings.map(|settings| state.missing(&settings).iter().filter(|unit| unit.recipe.is_some()).count())
    });
    let resume = move |_| {
        if let Some(settings) = state.evaluation.with_untracked(|it| it.as_ref().map(|it| it.settings.clone())) {
            engine.evaluate(settings);
        }
    };
    view! {
        <Show when=move || left.get().is_some_and(|left| left > 0)>
            <button
                type="button"
                title="Trains only what the table lacks"
                disabled=move || state.engine_obstacle("evaluate").is_some()
                on:click=resume
            >
                {move || format!("Resume: {} left", words::counted(left.get().unwrap_or(0), "training"))}
            </button>
        </Show>
    }
}

/// Why nothing can be evaluated now.
fn obstacle(state: State) -> Option<String> {
    let engine = state.engine_obstacle("evaluate");
    if engine.is_some() {
        return engine;
    }
    let words = if state.evaluation_choice.with(|choice| choice.held_out.is_empty()) {
        "Choose at least one time point to predict."
    } else {
        return None;
    };
    Some(words.into())
}

/// No model has weights.
fn nothing_to_evaluate(state: State) -> bool {
    state.models.all().all(|(_, model)| model.summary.with(Option::is_none))
}

/// Why nothing can be trained for an evaluation as it is chosen.
fn untrainable(state: State) -> Option<String> {
    let choice = state.evaluation_choice.get();
    let all = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
    let measured = choice.components.unwrap_or(all);
    let trained = choice.trained();
    if trained.is_empty() {
        return Some("Choose what to train, or evaluate the weights in use.".into());
    }
    trained.into_iter().find_map(|it| {
        let own = state.models.of(it.model).components().filter(|own| measured > *own)?;
        let name = it.model.name();
        Some(format!(
            "{name} works in {own} components and cannot be measured in {measured}: measure in the first {own}, or give it more under Train."
        ))
    })
}

/// How much training it takes.
fn cost(state: State) -> String {
    let choice = state.evaluation_choice.get();
    let seeds = words::counted(choice.seeds as usize, "seed");
    if let Some(why) = untrainable(state) {
        return why;
    }
    let asked = settings(state, EvaluatedModels::Trained);
    let missing: Vec<Recipe> = state.missing(&asked).into_iter().filter_map(|unit| unit.recipe).collect();
    let all = state.parts_of(&asked).len().saturating_sub(1);
    if missing.is_empty() && all > 0 {
        return "All of it is done: the table comes at once.".into();
    }
    let trained = &asked.train;
    let times = |it: &Recipe| 1 + u32::from(it.model.card().twin.is_some());
    let what: Vec<_> = trained
        .iter()
        .map(|it| {
            let twice = if times(it) > 1 { " twice" } else { "" };
            let steps = words::counted(it.steps() as usize, it.model.card().step);
            format!("{}{twice} × {steps}", it.model.name())
        })
        .collect();
    let mut words =
        format!("Train and evaluate: {} × {seeds}, in the background; the weights in use stay.", words::list(&what));
    if missing.len() < all {
        words +=
            &format!(" {} of {} are done and not trained again.", all - missing.len(), words::counted(all, "training"));
    }
    // The time is known where a step of each was measured.
    let seconds = missing.iter().map(|it| state.seconds_of(it));
    match seconds.sum::<Option<f64>>() {
        Some(total) => format!("{words} About {} on this machine.", words::duration(total)),
        None => words,
    }
}

/// What the weights in use have seen of what they would be asked to predict.
fn warning(state: State) -> String {
    let held_out = state.evaluation_choice.with(|choice| choice.held_out.clone());
    let seen = state.seen_by_weights(&ModelKind::ALL, &held_out);
    if nothing_to_evaluate(state) || seen.is_empty() {
        return String::new();
    }
    let times =
        words::list(&seen.iter().filter_map(|&time| state.time_labels().get(time).cloned()).collect::<Vec<_>>());
    format!(
        "The weights in use are not known to have been trained without {times}. If they saw these cells, evaluating them measures a fit, not a prediction."
    )
}

/// What the choices come to.
pub fn settings(state: State, models: EvaluatedModels) -> EvaluationSettings {
    let choice = state.evaluation_choice.get();
    let trained = models == EvaluatedModels::Trained;
    let afresh = if trained { choice.trained() } else { Vec::new() };
    let train = afresh.into_iter().map(|it| {
        let planned = state.planned_for_evaluation(it.model);
        let custom = state.budgets.chosen.get() == Budget::Custom;
        let recipe = if custom { planned.with_steps(it.steps) } else { planned };
        let recipe = Recipe { held_out: choice.held_out.clone(), from_current: false, ..recipe };
        match it.model.card().twin {
            // Its twin is trained beside it.
            Some(_) => recipe.with("interaction", true),
            None => recipe,
        }
    });
    EvaluationSettings {
        held_out: choice.held_out.clone(),
        cells: choice.cells,
        seeds: choice.seeds,
        train: train.collect(),
        components: choice.components,
        space: state.space.get(),
        ..EvaluationSettings::default()
    }
}

//! The verdict: one button, how far it is, and one card in plain words.

use crate::prelude::*;
use crate::{
    engine::Engine,
    files, queue,
    state::{Job, SEEDS, State, VERDICT_MINUTES},
    words,
};

/// The card; before it was asked for, the button with what it does.
#[component]
pub fn VerdictCard() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let verdict = state.verdict;
    let begun = Memo::new(move |_| verdict.found.with(Option::is_some));
    let goes = Memo::new(move |_| verdict.found.with(|found| found.as_ref().is_some_and(|it| it.plan.is_some())));
    let finished = Memo::new(move |_| verdict.found.with(|found| found.as_ref().is_some_and(|it| it.next().is_none())));
    let time = move || {
        let at = verdict.found.with(|found| found.as_ref().map(|it| it.time)).or_else(|| state.middle());
        at.and_then(|at| state.time_labels().get(at).cloned()).unwrap_or_default()
    };
    let obstacle = Memo::new(move |_| {
        if state.middle().is_none() && state.dataset.with(Option::is_some) {
            return Some("A verdict needs a time point between the first and the last.".to_owned());
        }
        state.engine_obstacle("ask for a verdict")
    });
    let found = Memo::new(move |_| {
        verdict.found.with(|found| found.as_ref().map_or_else(Vec::new, |it| it.words(&state.type_names(), &time())))
    });
    let standing = move || {
        let [done, all] = verdict.found.with(|found| found.as_ref().map_or([0, 1], |it| it.done()));
        let what = match verdict.running.get() {
            Some(Job::Evaluate(seed)) => format!("predicting {} without having seen it, seed {}", time(), seed + 1),
            Some(Job::Train(seed)) => format!("training on all time points, seed {}", seed + 1),
            None if goes.get() => "between two jobs".into(),
            None => "standing still".into(),
        };
        format!("{done} of {all} jobs done: {what}.")
    };
    let save = move |_| {
        let name =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{name}-verdict.txt");
        match files::hand_over(&name, found.get_untracked().join("\n\n").as_bytes()) {
            Ok(()) => state.status.set(format!("{name} was saved.")),
            Err(problem) => state.problem.set(Some(problem)),
        }
    };
    view! {
        <section class="verdict" aria-labelledby="verdict-title">
            <h3 id="verdict-title">"The verdict in minutes"</h3>
            <p class="quiet">
                {move || format!(
                    "Holds out {}, trains {}, its twin without interaction and, where it can be measured, another model over {SEEDS} seeds, and says in plain words what came of it.",
                    time(),
                    state.judged().name()
                )}
            </p>
            <ul class="verdicts" aria-label="The verdict" aria-live="polite">
                {move || found.get().into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
            </ul>
            <Show when=move || begun.get() && !finished.get()>
                <progress
                    aria-label="Progress of the verdict"
                    max=move || verdict.found.with(|it| it.as_ref().map_or(1, |it| it.done()[1])).to_string()
                    prop:value=move || verdict.found.with(|it| it.as_ref().map_or(0, |it| it.done()[0])) as f64
                ></progress>
                <p class="quiet" aria-live="polite">{move || standing()}</p>
            </Show>
            <div class="under">
                <p class="quiet">{move || (!goes.get()).then(|| obstacle.get()).flatten()}</p>
                <Show when=move || !found.with(Vec::is_empty)>
                    <button type="button" on:click=save>"Save verdict (text)"</button>
                </Show>
                {move || if goes.get() {
                    view! { <button type="button" on:click=move |_| queue::stop(state, engine)>"Stop the verdict"</button> }.into_any()
                } else if finished.get() {
                    ().into_any()
                } else {
                    view! { <Within/> <VerdictButton/> }.into_any()
                }}
            </div>
        </section>
    }
}

/// How long the verdict may take.
#[component]
fn Within() -> impl IntoView {
    let minutes = expect_context::<State>().verdict.minutes;
    view! {
        <label class="within">
            "Within"
            <select on:change=move |event| {
                if let Ok(chosen) = event_target_value(&event).parse() {
                    minutes.set(chosen);
                }
            }>
                {VERDICT_MINUTES
                    .map(|count| view! {
                        <option value=count.to_string() selected=move || minutes.get() == count>
                            {words::duration(60.0 * f64::from(count))}
                        </option>
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

/// Starts the verdict, or lets it go on.
#[component]
pub fn VerdictButton() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let obstacle = Memo::new(move |_| state.middle().is_none() || state.engine_obstacle("").is_some());
    let label = move || {
        let begun = state.verdict.found.with(Option::is_some);
        let minutes = words::duration(60.0 * f64::from(state.verdict.minutes.get()));
        if begun { "Go on with the verdict".to_owned() } else { format!("Get the verdict · about {minutes}") }
    };
    view! {
        <button
            type="button"
            disabled=move || obstacle.get()
            title="Better than staying put? Than interpolation? Does the interaction help, and which links are stable over seeds?"
            on:click=move |_| {
                state.dialogs.drawer.set(Some(crate::state::Tab::Evaluate));
                queue::start(state, engine);
            }
        >
            {move || label()}
        </button>
    }
}

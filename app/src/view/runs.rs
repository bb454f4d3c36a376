//! What was trained, evaluated and tried: a list, and two of it beside each other.

use crate::prelude::*;
use crate::{
    state::{Outcome, Run, State},
    view::train::save_settings,
    words,
};
use scimf::figure::comparison;
use scimf::figure::labels::numbered;
use scimf::figure::score_table::mean_and_deviation;
use scimf::figure::spark;
use scimf::figure::stability::correlation;

/// Size of a loss curve, in CSS pixels.
const CURVE: [f64; 2] = [300.0, 90.0];

/// The list with the comparison under it.
#[component]
pub fn Runs() -> impl IntoView {
    let state = expect_context::<State>();
    let runs = state.runs;
    let compared = Memo::new(move |_| {
        let numbers = runs.compared.get();
        runs.all.with(|all| {
            numbers
                .iter()
                .filter_map(|number| all.iter().find(|run| run.number == *number).cloned())
                .collect::<Vec<_>>()
        })
    });
    let rows = move || runs.all.get().into_iter().rev().map(|run| row(state, run)).collect_view();
    view! {
        <section class="runs" aria-label="Runs">
            <Show
                when=move || runs.all.with(|all| !all.is_empty())
                fallback=|| view! {
                    <p class="quiet">
                        "Every training, evaluation and experiment on this dataset will be listed here, with its settings, seed and scores. The list is kept in the session file and, with what is learned, on this computer."
                    </p>
                }
            >
                <p class="quiet">"Choose two to compare them. The list is kept in the session file and, with what is learned, on this computer."</p>
                <div class="figure-scroll tall" tabindex="0" role="group" aria-label="List of the runs">
                    <table class="scores">
                        <caption class="unseen">"Runs, the newest first"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Run"</th>
                                <th scope="col">"What"</th>
                                <th scope="col">"Settings"</th>
                                <th scope="col">"Seed"</th>
                                <th scope="col">"Held out"</th>
                                <th scope="col">"Came to"</th>
                                <td></td>
                            </tr>
                        </thead>
                        <tbody>{move || rows()}</tbody>
                    </table>
                </div>
                {move || match compared.get().as_slice() {
                    [a, b] => Some(view! { <Beside a=a.clone() b=b.clone()/> }),
                    _ => None,
                }}
            </Show>
        </section>
    }
}

fn row(state: State, run: Run) -> impl IntoView {
    let number = run.number;
    let labels = state.time_labels();
    let held_out: Vec<String> = run.held_out.iter().filter_map(|&time| labels.get(time).cloned()).collect();
    let ago = words::ago((js_sys::Date::now() - run.at) / 1000.0);
    let stopped = if run.stopped { ", stopped" } else { "" };
    view! {
        <tr>
            <th scope="row">
                <label class="check" title=format!("Compare; {ago}")>
                    <input
                        type="checkbox"
                        prop:checked=move || state.runs.compared.with(|all| all.contains(&number))
                        on:change=move |_| state.runs.compare(number)
                    />
                    {number}
                </label>
            </th>
            <td>{run.model.clone()} {stopped}</td>
            <td class="wide">{run.settings.clone()}</td>
            <td>{run.seed}</td>
            <td>{if held_out.is_empty() { "none".to_owned() } else { words::list(&held_out) }}</td>
            <td class="wide">{came_to(&run.outcome)}</td>
            <td>
                {run.recipe.map(|recipe| view! {
                    <button
                        type="button"
                        aria-label=format!("Save settings of run {number}")
                        title="The settings of this training, to repeat it on the saved session: scimf train --config train.toml"
                        on:click=move |_| save_settings(state, &recipe)
                    >
                        "Settings"
                    </button>
                })}
                <button type="button" class="icon" aria-label=format!("Take run {number} off the list") on:click=move |_| state.runs.remove(number)>
                    "×"
                </button>
            </td>
        </tr>
    }
}

/// What a run came to, in a few words.
fn came_to(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Training { best, .. } => format!("loss {}", words::number(*best)),
        Outcome::Evaluation(table) => {
            let scores = table.held_out.iter().filter_map(|held_out| {
                let [metric, _] = comparison::judge(held_out);
                let models = held_out.rows.iter().filter(|row| row.model.is_some()).filter_map(|row| {
                    Some(format!("{} {}", row.name, mean_and_deviation(row.distances.as_ref()?, metric)))
                });
                let models: Vec<_> = models.collect();
                (!models.is_empty()).then(|| format!("{}: {} {}", held_out.label, metric.short(), models.join(", ")))
            });
            scores.collect::<Vec<_>>().join("; ")
        }
        Outcome::Experiment(found) => found.first().cloned().unwrap_or_default(),
    }
}

/// Two runs: their losses on one scale, what they came to, and how their chords differ.
#[component]
fn Beside(a: Run, b: Run) -> impl IntoView {
    let state = expect_context::<State>();
    let losses = |run: &Run| match &run.outcome {
        Outcome::Training { losses, .. } => losses.iter().map(|loss| Some(f64::from(*loss))).collect(),
        _ => Vec::new(),
    };
    let (first, second) = (losses(&a), losses(&b));
    let both: Vec<Option<f64>> = first.iter().chain(&second).copied().collect();
    let range = spark::extent(&both);
    let path = |values: &[Option<f64>]| {
        let last = values.len().saturating_sub(1).max(1) as f64;
        let places: Vec<f64> = (0..values.len()).map(|at| at as f64 / last).collect();
        spark::path(&spark::points(values, &places, range, CURVE, 4.0))
    };
    let curves = (!first.is_empty() && !second.is_empty()).then(|| {
        view! {
            <figure>
                <svg class="curves" viewBox=format!("0 0 {} {}", CURVE[0], CURVE[1]) role="img" aria-label="The losses of both runs on one scale">
                    <path class="first" d=path(&first)/>
                    <path class="second" d=path(&second)/>
                </svg>
                <figcaption class="quiet">
                    {format!("Loss from {} to {}; full line run {}, dashed run {}.", words::number(range[1] as f32), words::number(range[0] as f32), a.number, b.number)}
                </figcaption>
            </figure>
        }
    });
    let chords = chord_difference(state, &a, &b);
    view! {
        <section class="beside-each-other" aria-label="Two runs compared">
            <h3>{format!("Run {} and run {}", a.number, b.number)}</h3>
            <dl>
                <dt>{format!("Run {}", a.number)}</dt>
                <dd>{format!("{}: {}. {}", a.model, a.settings, came_to(&a.outcome))}</dd>
                <dt>{format!("Run {}", b.number)}</dt>
                <dd>{format!("{}: {}. {}", b.model, b.settings, came_to(&b.outcome))}</dd>
            </dl>
            {curves}
            <p>{chords}</p>
        </section>
    }
}

/// How differently two runs listen, in a sentence.
fn chord_difference(state: State, a: &Run, b: &Run) -> String {
    let (Some(a), Some(b)) = (&a.heard, &b.heard) else {
        return "Their chords cannot be compared: both must be trainings whose attention was seen.".into();
    };
    let labels = state.time_labels();
    let label = |time: usize| labels.get(time).cloned().unwrap_or_default();
    if a.time != b.time {
        return format!("Their chords were seen at different times, {} and {}.", label(a.time), label(b.time));
    }
    let (first, second) = (a.values(), b.values());
    let n = first.len().isqrt();
    let names = state.type_names();
    let name = |kind: usize| numbered(kind, names.get(kind).map_or("", String::as_str));
    let alike =
        correlation(&first, &second).map_or_else(String::new, |r| format!(" Over all links they correlate by {r:.2}."));
    let greatest = (0..n * n)
        .filter(|at| at / n != at % n && first[*at].is_finite() && second.get(*at).is_some_and(|it| it.is_finite()))
        .max_by(|x, y| (first[*x] - second[*x]).abs().total_cmp(&(first[*y] - second[*y]).abs()));
    greatest.map_or_else(String::new, |at| {
        format!(
            "At {}, the link that differs most: {} → {}, {:.2} × and {:.2} × equal listening.{alike}",
            label(a.time),
            name(at % n),
            name(at / n),
            first[at],
            second[at]
        )
    })
}

//! The composition in numbers.

use crate::prelude::*;
use crate::{files, state::State};
use scimf::figure::composition::Composition;
use scimf::figure::time_axis;

/// Shares at the time points and at the end, with what was observed there; the file has every labelled time.
#[component]
pub fn CompositionTable() -> impl IntoView {
    let state = expect_context::<State>();
    let save = move |_| {
        let name =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{name}-composition.csv");
        let csv = untrack(|| {
            state.simulated_composition().csv(&state.label_confidence(), &state.time_labels(), &state.type_names())
        });
        match files::hand_over(&name, csv.as_bytes()) {
            Ok(()) => state.status.set(format!("{name} was saved.")),
            Err(problem) => state.problem.set(Some(problem)),
        }
    };
    view! {
        <details class="numbers">
            <summary>"Composition in numbers"</summary>
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Table of the composition">
                {move || table(state)}
            </div>
        </details>
        <div class="under">
            <button type="button" on:click=save>
                "Save composition (CSV)"
            </button>
        </div>
    }
}

fn table(state: State) -> impl IntoView {
    let (simulated, observed, sure) =
        (state.simulated_composition(), state.observed_composition(), state.label_confidence());
    let (labels, kinds) = (state.time_labels(), state.type_names());
    let heads =
        kinds.iter().map(|name| view! { <th scope="col" title=name.clone()>{name.clone()}</th> }).collect_view();
    let rows = whole_times(&simulated).into_iter().map(|n| {
        let time = simulated.times[n];
        let point = is_whole(time).then_some(time.round() as usize).filter(|point| *point < labels.len());
        let seen = point.map(|point| observed.row(point));
        let shares = simulated.row(n).into_iter().enumerate().map(|(kind, share)| {
            let seen = seen.as_ref().and_then(|seen| seen.get(kind).copied());
            view! {
                <td data-value=share.to_string()>
                    {format!("{:.1} %", 100.0 * share)}
                    {seen.map(|seen| view! { <small class="quiet">{format!("observed {:.1} %", 100.0 * seen)}</small> })}
                </td>
            }
        });
        let sure = sure.get(n).map_or_else(String::new, |sure| format!("{:.0} %", 100.0 * sure));
        view! {
            <tr>
                <th scope="row">{time_axis::words(&labels, time)}</th>
                {shares.collect_view()}
                <td>{sure}</td>
            </tr>
        }
    });
    view! {
        <table class="scores">
            <caption>"Composition of the simulated cells"</caption>
            <thead>
                <tr>
                    <td></td>
                    {heads}
                    <th scope="col">"Mean confidence"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
}

/// Of the labelled times, those at time points, and the first and the last.
fn whole_times(composition: &Composition) -> Vec<usize> {
    let last = composition.times.len().saturating_sub(1);
    (0..composition.times.len()).filter(|&n| n == 0 || n == last || is_whole(composition.times[n])).collect()
}

/// A time point, and not a time between two.
fn is_whole(time: f64) -> bool {
    (time - time.round()).abs() < 1e-3
}

//! The curves in numbers.

use crate::prelude::*;
use crate::{files, state::State};
use scimf::figure::labels::number;
use scimf::figure::{courses, time_axis};

/// Mean and percentiles at the time points and at the end; the file has every frame.
#[component]
pub fn CourseTable() -> impl IntoView {
    let state = expect_context::<State>();
    let there = Memo::new(move |_| state.simulation.with(|it| it.as_ref().is_some_and(|it| !it.genes.is_empty())));
    let save = move |_| {
        let name =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{name}-genes.csv");
        let csv = state.simulation.with_untracked(|it| {
            let names = state.genes.names.get_untracked();
            it.as_ref().map(|it| courses::csv(&it.genes, &it.times, &untrack(|| state.time_labels()), &names))
        });
        match files::hand_over(&name, csv.unwrap_or_default().as_bytes()) {
            Ok(()) => state.status.set(format!("{name} was saved.")),
            Err(problem) => state.problem.set(Some(problem)),
        }
    };
    view! {
        <details class="numbers">
            <summary>"Genes in numbers"</summary>
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Table of the genes">
                {move || table(state)}
            </div>
        </details>
        <div class="under">
            <button type="button" disabled=move || !there.get() on:click=save>
                "Save genes (CSV)"
            </button>
        </div>
    }
}

fn table(state: State) -> impl IntoView {
    let labels = state.time_labels();
    state.simulation.get().map(|it| {
        let heads = it.genes.iter().map(|course| view! { <th scope="col">{state.genes.name(course.gene)}</th> });
        let last = it.times.len().saturating_sub(1);
        let whole = |n: &usize| *n == 0 || *n == last || (it.times[*n] - it.times[*n].round()).abs() < 1e-3;
        let rows = (0..it.times.len()).filter(whole).map(|n| {
            let values = it.genes.iter().map(|course| {
                let value = |all: &[f32]| all.get(n).map_or_else(|| "–".to_owned(), |&x| number(x.into()));
                let mean = course.mean.get(n).map(ToString::to_string);
                view! {
                    <td data-value=mean>
                        {value(&course.mean)}
                        <small class="quiet">{format!("{} to {}", value(&course.low), value(&course.high))}</small>
                    </td>
                }
            });
            view! {
                <tr>
                    <th scope="row">{time_axis::words(&labels, it.times[n].into())}</th>
                    {values.collect_view()}
                </tr>
            }
        });
        view! {
            <table class="scores">
                <caption>"Mean expression, and 10th to 90th percentile"</caption>
                <thead>
                    <tr>
                        <td></td>
                        {heads.collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
    })
}

//! Where copies of the selected cells end.

use crate::prelude::*;
use crate::{
    engine::{Engine, FATES, Question},
    state::{COPIES, ColorBy, MOST_CELLS, State},
    view::{operators::hand_over, work::WorkProgress},
    words,
};
use scimf::figure::fates::{csv, mean, of_cell};
use scimf::protocol::CellFates;
use std::sync::Arc;

/// Cells in the table; all are in the file.
const LISTED: usize = 20;

/// The question, and its answer as a table and a colour.
#[component]
pub fn CopiesOfCells() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let query = Memo::new(move |_| state.fates_query());
    let waiting = move || engine.pending(Question::Fates);
    let ask = move |_| {
        if let Some(query) = query.get_untracked() {
            engine.ask(&FATES, query);
        }
    };
    let about = move || {
        let label = state.time_labels().get(state.time.get()).cloned().unwrap_or_default();
        let selected = state.selected_at(state.time.get()).len();
        if !state.can().noise {
            return format!(
                "{} has no noise: all copies of a cell end at the same place.",
                state.models.chosen.get().name()
            );
        }
        match selected {
            0 => format!(
                "Select cells of {label} on the plot: {COPIES} copies of each are simulated, and where they end is counted."
            ),
            n if n > MOST_CELLS => {
                format!(
                    "{} cells of {label} are selected; {COPIES} copies of up to {MOST_CELLS} of them, evenly chosen, are simulated.",
                    words::count(n)
                )
            }
            n => format!("{COPIES} copies of each of {} of {label} are simulated.", words::counted(n, "selected cell")),
        }
    };
    let fates = Memo::new(move |_| state.cell_fates());
    let stale = move || {
        state.landscape.fates.with(|it| {
            it.as_ref().is_some_and(|(it, weights)| state.models.of(it.query.model).weights.get() != *weights)
        })
    };
    let disabled =
        move || waiting() || state.busy() || !state.has_weights() || !state.can().noise || query.with(Option::is_none);
    view! {
        <section class="linearisation" aria-labelledby="copies-title">
            <h3 id="copies-title">"Fates of chosen cells"</h3>
            <p class="quiet">{move || about()}</p>
            <div class="buttons">
                <button type="button" disabled=disabled on:click=ask>
                    "Follow the copies"
                </button>
            </div>
            <Show when=waiting>
                <div class="running">
                    <WorkProgress label="Progress of the copies" stage=state.landscape.following/>
                    <button type="button" disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                        "Cancel"
                    </button>
                </div>
            </Show>
            <p class="quiet small" aria-live="polite">
                {move || {
                    if waiting() {
                        "The copies are being simulated."
                    } else if stale() {
                        "The weights have changed since: follow the copies again."
                    } else {
                        ""
                    }
                }}
            </p>
            {move || fates.get().map(|fates| view! { <Ends fates/> })}
        </section>
    }
}

/// The share of each type among the copies of each cell.
#[component]
fn Ends(fates: Arc<CellFates>) -> impl IntoView {
    let state = expect_context::<State>();
    let (names, mean) = (state.type_names(), mean(&fates));
    let kinds: Vec<usize> = (0..mean.len()).filter(|kind| mean.get(*kind).is_some_and(|share| *share > 0.0)).collect();
    let percent = |share: f32| format!("{:.0} %", 100.0 * share);
    let head = |kind: &usize| {
        let kind = *kind;
        view! {
            <th scope="col">
                <button type="button" class="link" title="Colour the cells by this share" on:click=move |_| state.color_by.set(ColorBy::Fate(kind))>
                    {names.get(kind).cloned()}
                </button>
            </th>
        }
    };
    let row = |name: String, shares: Vec<f32>| {
        let cells =
            kinds.iter().map(|kind| view! { <td>{shares.get(*kind).copied().map(percent)}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells}
            </tr>
        }
    };
    let heads = kinds.iter().map(head).collect_view();
    let all = row("all of them".into(), mean.clone());
    let listed = fates.query.cells.iter().enumerate().take(LISTED).map(|(place, cell)| {
        row(format!("cell {}", words::count(*cell as usize + 1)), of_cell(&fates, place).to_vec())
    });
    let rows = listed.collect_view();
    let saved = fates.clone();
    let save = move |_| hand_over(state, "fates", &csv(&saved, &untrack(|| state.type_names())));
    view! {
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Fates of cells">
            <table class="scores">
                <caption>"Share of the copies that end as each type"</caption>
                <thead>
                    <tr>
                        <td></td>
                        {heads}
                    </tr>
                </thead>
                <tbody>{all} {rows}</tbody>
            </table>
        </div>
        <div class="under">
            <p class="quiet small">{move || (fates.query.cells.len() > LISTED).then(|| format!("The file has all {} cells.", words::count(fates.query.cells.len())))}</p>
            <button type="button" on:click=save>
                "Save fates (CSV)"
            </button>
        </div>
    }
}

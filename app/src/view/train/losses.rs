//! The loss in numbers.

use crate::prelude::*;
use crate::{state::State, words};
use scimf::protocol::Update;
use scimf::protocol::cards::Named;

/// Updates in the table; older ones are in the curve.
const SHOWN: usize = 100;

/// The losses of the last updates as a table, newest first, folded away until it is asked for.
#[component]
pub fn Losses() -> impl IntoView {
    let state = expect_context::<State>();
    let last = move || state.shown().updates.with(|all| all.iter().rev().take(SHOWN).cloned().collect::<Vec<_>>());
    let terms = move || state.models.chosen.get().card().terms;
    let validated =
        Memo::new(move |_| state.shown().updates.with(|all| all.iter().any(|it| it.loss.validation.is_some())));
    let row = move |update: Update| {
        let value = |term: &Named| {
            let found = update.loss.terms.iter().find(|it| it.key == term.key);
            let error = found.and_then(|it| it.error).map(|error| format!(" ± {}", words::number(error)));
            view! { <td>{found.map(|it| words::number(it.value))}{error}</td> }
        };
        view! {
            <tr data-update=update.update.to_string() data-total=update.loss.total.to_string()>
                <th scope="row">{words::count(update.update as usize)}</th>
                <td>{words::number(update.loss.total)}</td>
                {untrack(terms).iter().map(value).collect_view()}
                <td hidden=move || !validated.get()>{update.loss.validation.map(words::number)}</td>
            </tr>
        }
    };
    view! {
        <details class="losses">
            <summary>"Losses in numbers"</summary>
            <div class="scroll" tabindex="0" role="group" aria-label="Losses of the last updates">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{move || state.models.chosen.get().card().step}</th>
                            <th scope="col">"total"</th>
                            {move || terms().iter().map(|term| view! { <th scope="col" title=term.about>{term.name}</th> }).collect_view()}
                            <th scope="col" hidden=move || !validated.get()>"validation"</th>
                        </tr>
                    </thead>
                    <tbody data-testid="loss-log">
                        <For each=last key=|update| (update.update, update.loss.total.to_bits()) children=row/>
                    </tbody>
                </table>
            </div>
        </details>
    }
}

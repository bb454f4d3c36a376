//! The loss in numbers.

use crate::{state::State, words};
use leptos::prelude::*;
use scimf::protocol::Update;

/// Updates in the table; older ones are in the curve.
const SHOWN: usize = 100;

/// The losses of the last updates as a table, newest first, folded away until it is asked for.
#[component]
pub fn Losses() -> impl IntoView {
    let state = expect_context::<State>();
    let last = move || state.shown().updates.with(|all| all.iter().rev().take(SHOWN).cloned().collect::<Vec<_>>());
    let row = move |update: Update| {
        let transport = &update.loss.transport;
        let mean = transport.iter().sum::<f32>() / transport.len().max(1) as f32;
        view! {
            <tr data-update=update.update.to_string() data-total=update.loss.total.to_string()>
                <th scope="row">{words::count(update.update as usize)}</th>
                <td>{words::number(update.loss.total)}</td>
                <td>{words::number(mean)}</td>
                <td>{words::number(update.loss.action)}</td>
                <td hidden=!state.shows_operators()>{update.loss.validation.map(words::number)}</td>
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
                            <th scope="col">{move || words::step(state.models.chosen.get())}</th>
                            <th scope="col">"total"</th>
                            <th scope="col">{move || if state.shows_operators() { "MMD²" } else { "transport" }}</th>
                            <th scope="col">{move || if state.shows_operators() { "speed²" } else { "action" }}</th>
                            <th scope="col" hidden=move || !state.shows_operators()>"validation"</th>
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

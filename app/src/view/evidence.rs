//! Who acts on whom, as far as the open dataset tells: what can be known, what is, and what to measure next.

mod actions;
mod go_on;
mod next;
mod saved;
mod table;

use super::panel_tools::PanelTools;
use crate::prelude::*;
use crate::state::{State, Topic};
use actions::Actions;
pub use go_on::StopOrGoOn;
use next::Next;
use saved::Saved;
use scimf::figure::evidence::headline;
use table::Links;

/// Settings beside what was found.
#[component]
pub fn Evidence() -> impl IntoView {
    let state = expect_context::<State>();
    let found = Memo::new(move |_| state.evidence.found.with(Option::is_some));
    view! {
        <section class="evaluate evidence" aria-label="Evidence">
            <div class="evaluation">
                <div class="choices">
                    <h3>"Who acts on whom?"</h3>
                    <p>
                        "What these data can tell before any training, what they tell, and the effects of a fitted model beside twins of the data \
                         in which nothing interacts."
                    </p>
                    <Actions/>
                    <PlantedBox/>
                </div>
                <div class="outcome">
                    <Show when=move || found.get() fallback=|| view! { <Waiting/> }>
                        <Words/>
                        <Links/>
                        <div class="under">
                            <Saved/>
                            <PanelTools topic=Topic::Evidence figure=|_| "evidence" about="Evidence"/>
                        </div>
                        <Next/>
                    </Show>
                </div>
            </div>
        </section>
    }
}

/// What was found, and why it was compared so.
#[component]
fn Words() -> impl IntoView {
    let state = expect_context::<State>();
    let words = Memo::new(move |_| {
        let (found, dataset) = (state.evidence.found.get(), state.dataset.get());
        found.zip(dataset).map_or_else(Vec::new, |(found, dataset)| headline(&found, &dataset.summary))
    });
    let reasons =
        move || state.evidence.found.with(|it| it.as_ref().map_or_else(String::new, |it| it.reasons.join(" ")));
    view! {
        <ul class="verdicts" aria-label="What the data tell" aria-live="polite">
            {move || words.get().into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
        </ul>
        <p class="quiet">{reasons}</p>
    }
}

/// Lays what was planted over chord and matrix, where the tissue is simulated.
#[component]
pub fn PlantedBox() -> impl IntoView {
    let state = expect_context::<State>();
    let shows = state.evidence.shows_planted;
    let there = Memo::new(move |_| state.planted().is_some());
    view! {
        <Show when=move || there.get()>
            <label class="check" title="The interactions of this simulated tissue, as bold outlines in chord and matrix">
                <input type="checkbox" prop:checked=move || shows.get() on:change:target=move |event| shows.set(event.target().checked())/>
                "Show what was planted"
            </label>
        </Show>
    }
}

/// What stands where the table will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        let kinds = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.cell_types.len()));
        if kinds < 2 {
            "Who acts on whom needs two cell types at least. Choose their column when you open the study."
        } else if state.evidence.glancing.get() || state.evidence.running.with(Option::is_some) {
            "What these data determine is being computed."
        } else {
            "A table of all ordered pairs of types: whether these data can tell that one acts on the other, and what they tell."
        }
    };
    view! {
        <div class="waiting">
            <p aria-live="polite">{move || words()}</p>
        </div>
    }
}

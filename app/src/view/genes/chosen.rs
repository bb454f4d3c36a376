//! The genes that are followed.

use super::{GeneField, MOST};
use crate::prelude::*;
use crate::state::State;

/// A field for another gene, and the chosen ones, each with a button that takes it away.
#[component]
pub fn ChosenGenes(
    /// The genes.
    chosen: Memo<Vec<usize>>,
    /// Genes that the loadings cover.
    covered: Memo<usize>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let query = state.simulate.query;
    let full = move || chosen.with(|all| all.len() >= MOST);
    let add = move |gene: usize| {
        query.update(|query| {
            if query.genes.len() < MOST && !query.genes.contains(&gene) {
                query.genes.push(gene);
            }
        });
    };
    let chip = move |gene: usize| {
        // Names may come after the choice, as when a session is opened again.
        let name = move || state.genes.name(gene);
        view! {
            <li class="chip">
                <span>{move || name()}</span>
                <button
                    type="button"
                    class="icon"
                    aria-label=move || format!("Remove {}", name())
                    on:click=move |_| query.update(|query| query.genes.retain(|other| *other != gene))
                >
                    "×"
                </button>
            </li>
        }
    };
    view! {
        <GeneField
            label="Gene to follow"
            button="Add gene"
            choose=add
            disabled=Signal::derive(move || covered.get() == 0 || full())
        />
        <ul class="chips" aria-label="Genes that are followed">
            <For each=move || chosen.get() key=|gene| *gene children=chip/>
        </ul>
        <p class="quiet small">{move || full().then_some("Six genes are the most that are drawn at once.")}</p>
    }
}

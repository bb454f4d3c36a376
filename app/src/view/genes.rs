//! Genes along simulated time.

mod chosen;
mod course;
mod field;
mod interactions;
mod path;
mod signs;
mod table;
mod why;

use crate::prelude::*;
use crate::{
    engine::{Engine, Question},
    state::State,
};
use chosen::ChosenGenes;
use course::Course;
pub use field::GeneField;
use interactions::Interactions;
use path::PathOfGroups;
use table::CourseTable;

/// Genes that can be followed at once.
const MOST: usize = 6;

/// A choice of genes, and a curve for each.
#[component]
pub fn Genes() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let covered = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.genes)));
    let chosen = Memo::new(move |_| state.simulate.query.with(|query| query.genes.clone()));
    // The time under the pointer or the arrow keys, shared by all panels.
    let pointed = RwSignal::new(None::<f64>);
    let words = move || {
        if state.dataset.with(Option::is_none) {
            "No dataset is open."
        } else if covered.get() == 0 {
            "This study came without loadings, so the model's space cannot be read as genes. Open an expression matrix and let the components be computed here."
        } else if !state.has_weights() {
            "Genes are followed along a simulation, and a simulation needs a model: train one or load weights."
        } else if chosen.with(Vec::is_empty) {
            "Choose up to six genes: their expression in the simulated cells is drawn over time."
        } else if engine.pending(Question::Simulation) {
            "Simulating…"
        } else {
            "Decoded from the simulated cells through the loadings. Line: mean; band: 10th to 90th percentile. Start, noise and end are those of Simulate."
        }
    };
    view! {
        {move || state.can().operators.then(|| view! { <Interactions covered/> })}
        <div class="bench">
            <div class="choices">
                <ChosenGenes chosen covered/>
            </div>
            <div class="outcome">
                <p class="quiet small" aria-live="polite">{move || words()}</p>
                <Show when=move || !chosen.with(Vec::is_empty)>
                    <div class="courses">
                        <For each=move || chosen.get() key=|gene| *gene children=move |gene| view! { <Course gene pointed/> }/>
                    </div>
                    <CourseTable/>
                </Show>
            </div>
        </div>
        <PathOfGroups/>
    }
}

//! In-silico experiments: what a change does to a simulated population, beside what another seed would do.

mod actions;
mod add;
mod changes;
mod figure;
mod outcome;
pub mod perturbation;
mod settings;
mod tables;

use crate::prelude::*;
use crate::{state::State, view::alone::Alone};
use actions::Actions;
pub use actions::obstacle;
use add::AddChange;
use changes::ChangeList;
use outcome::Outcome;
use perturbation::PerturbGene;
use settings::Settings;

/// The experiments of the model that is shown.
#[component]
pub fn Experiments() -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let can = state.can();
        if can.interaction {
            view! { <OnPopulations/> }.into_any()
        } else if can.operators {
            view! { <PerturbGene/> }.into_any()
        } else {
            view! { <p class="whose-experiments"><Alone so="taking cells out or muting them changes nothing." ability=|can| can.interaction lead="Experiments on populations with"/></p> }.into_any()
        }
    }
}

/// Changes and settings beside what came of them.
#[component]
fn OnPopulations() -> impl IntoView {
    let state = expect_context::<State>();
    let found = Memo::new(move |_| state.experiments.found.with(Option::is_some));
    view! {
        <div class="bench">
            <div class="choices">
                <ChangeList/>
                <AddChange/>
                <Settings/>
                <Actions/>
            </div>
            <div class="outcome">
                <Show when=move || found.get() fallback=|| view! { <Waiting/> }>
                    <Outcome/>
                </Show>
            </div>
        </div>
    }
}

/// What stands where the result will be.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="waiting">
            <p>
                "Take cells out, mute who hears whom, or shift a gene: the same cells are simulated under the same noise with and without the change, and the differences stand beside those that another seed alone makes."
            </p>
            <p class="quiet">"These are predictions of the fitted model, not measurements."</p>
        </div>
    }
}

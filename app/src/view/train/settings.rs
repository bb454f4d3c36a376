//! The settings that every training needs.

use crate::{state::State, view::field::NumberField};
use leptos::prelude::*;

/// Updates, seed and simulated cells.
#[component]
pub fn Settings() -> impl IntoView {
    let settings = expect_context::<State>().settings;
    let state = expect_context::<State>();
    let locked = Signal::derive(move || state.in_training());
    view! {
        <div class="fields">
            <NumberField
                label="Updates"
                hint="How many times Adam changes the weights. The learning rate falls by a tenth every 100."
                min=1.0
                max=1e6
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(settings.with(|s| s.updates)))
                set=move |n: f64| settings.update(|s| s.updates = n as u32)
            />
            <NumberField
                label="Seed"
                hint="Fixes the first weights, the drawn cells, the noise and the dropout: the same seed gives the same training."
                min=0.0
                max=f64::from(u32::MAX)
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(settings.with(|s| s.seed)))
                set=move |n: f64| settings.update(|s| s.seed = n as u32)
            />
            <NumberField
                label="Simulated cells per update"
                unit="cells"
                hint="Cells drawn at the first time point and moved by the model. More give a steadier loss and slower updates."
                min=1.0
                max=16384.0
                whole=true
                disabled=locked
                value=Signal::derive(move || settings.with(|s| s.cells) as f64)
                set=move |n: f64| settings.update(|s| s.cells = n as usize)
            />
        </div>
    }
}

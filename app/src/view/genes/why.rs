//! Why one gene rises or falls.

use crate::prelude::*;
use crate::shown::why::{bars, sentence};
use crate::{
    state::State,
    view::{panel_tools::Export, sketch::Sketch},
};
use scimf::figure::ranked_bars;
use scimf::figure::theme::Theme;

/// The drivers of the chosen gene as ranked bars, with the whole rate in a sentence.
#[component]
pub fn WhyGene() -> impl IntoView {
    let state = expect_context::<State>();
    let why =
        Memo::new(move |_| state.operators.why.get().filter(|why| Some(why.query.gene) == state.operators.gene.get()));
    let drawing = move |size: [f64; 2]| {
        let why = why.get()?;
        Some(ranked_bars::draw(&bars(state, &why), Some(why.control.into()), size, Theme::new(state.dark.get())))
    };
    let about = Signal::derive(move || why.get().map_or_else(String::new, |why| sentence(state, &why)));
    let height = move || why.with(|why| why.as_ref().map_or(0.0, |why| ranked_bars::height(why.drivers.len())));
    move || {
        let gene = state.operators.gene.get()?;
        let name = state.genes.name(gene);
        Some(view! {
            <section class="why" aria-label=format!("Why {name} changes")>
                <div class="bar">
                    <h3>{format!("Why does {name} change?")}</h3>
                    <Export figure=|_| "why" about="Why a gene changes"/>
                    <button type="button" on:click=move |_| state.operators.gene.set(None)>
                        "Close"
                    </button>
                </div>
                <p aria-live="polite">{move || if why.with(Option::is_some) { about.get() } else { "Being computed.".into() }}</p>
                <div style:height=move || format!("{}px", height())>
                    <Sketch draw=drawing about class="why-bars"/>
                </div>
            </section>
        })
    }
}

//! Why one gene rises or falls.

use crate::{
    signals::Memo,
    state::State,
    view::{panel_tools::Export, sketch::Sketch},
};
use leptos::prelude::*;
use scimf::figure::labels::number;
use scimf::figure::operator::signed;
use scimf::figure::ranked_bars::{self, Bar};
use scimf::figure::theme::Theme;
use scimf::protocol::Why;

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

/// The drivers as bars, the strongest push upward first.
pub fn bars(state: State, why: &Why) -> Vec<Bar> {
    let mut bars: Vec<Bar> = why
        .drivers
        .iter()
        .map(|link| {
            let name = state.genes.name(link.from);
            let name = if link.from == link.to { format!("{name} (itself)") } else { name };
            Bar { name, value: link.weight.into() }
        })
        .collect();
    bars.sort_by(|a, b| b.value.total_cmp(&a.value));
    bars
}

/// The whole rate, and what of it stands out.
pub fn sentence(state: State, why: &Why) -> String {
    let name = state.genes.name(why.query.gene);
    let verb = if why.rate >= 0.0 { "rises" } else { "falls" };
    let beyond = why.drivers.iter().filter(|link| link.weight.abs() > why.control).count();
    let judged = match beyond {
        0 => "No single gene pushes it more than random operators do.".to_owned(),
        n => format!("{n} of the {} strongest drivers push more than random operators do.", why.drivers.len()),
    };
    format!(
        "In {}, {name} {verb} by {} per mean interval, the sum over all genes ({}). {judged}",
        state.operator_words(why.query.of, why.cells),
        number(why.rate.abs().into()),
        signed(why.rate.into())
    )
}

//! What setting a gene does, as operators predict it.

use crate::prelude::*;
use crate::{
    shown::perturbation::{DRAWN, UNIT, bars, sentence, ways},
    state::{State, Topic},
    view::{
        alone::Alone, field::NumberField, genes::GeneField, operators::hand_over, panel_tools::PanelTools,
        select_one::SelectOne, simulate::EndSelect, sketch::Sketch, untrained::Untrained,
    },
};
use scimf::figure::lines::{self, Line};
use scimf::figure::ranked_bars;
use scimf::figure::theme::Theme;
use scimf::figure::trails;
use scimf::protocol::Perturbation;
use std::sync::Arc;

/// Choices beside both trajectories, their shift and the genes that change.
#[component]
pub fn PerturbGene() -> impl IntoView {
    let state = expect_context::<State>();
    let genes = Memo::new(move |_| state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.genes)));
    let there = Memo::new(move |_| state.has_weights());
    view! {
        <p class="quiet whose-experiments">
            <Alone
                so="taking cells out or muting them changes nothing. It can say what setting a gene does."
                ability=|can| can.interaction
                lead="Experiments on populations with"
            />
        </p>
        {move || {
            if genes.get() == 0 {
                let words = "Setting a gene needs the loadings of the components, and this study came without: open an expression matrix and let the components be computed here.";
                view! { <p class="whose-experiments">{words}</p> }.into_any()
            } else if there.get() {
                view! { <Perturb/> }.into_any()
            } else {
                view! { <Untrained/> }.into_any()
            }
        }}
    }
}

#[component]
fn Perturb() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.operators.choice;
    let free = Signal::derive(|| false);
    let start = Memo::new(move |_| choice.with(|it| it.start).unwrap_or_else(|| state.time.get()));
    let starts = Signal::derive(move || {
        let chosen = (String::new(), "the chosen time point".to_owned());
        std::iter::once(chosen)
            .chain(state.time_labels().into_iter().enumerate().map(|(i, it)| (i.to_string(), it)))
            .collect::<Vec<_>>()
    });
    let chosen = move || choice.with(|it| it.gene).map(|gene| state.genes.name(gene));
    view! {
        <div class="bench">
            <div class="choices">
                <div class="bar">
                    <h3>"Set a gene"</h3>
                    <PanelTools topic=Topic::Perturbation figure=|_| "perturbation" about="Setting a gene"/>
                </div>
                <GeneField
                    label="Gene to set"
                    button="Set"
                    choose=move |gene: usize| choice.update(|it| it.gene = Some(gene))
                    disabled=free
                />
                <p class="quiet small">{move || chosen().map_or_else(|| "No gene is chosen yet.".into(), |name| format!("Chosen: {name}."))}</p>
                <div class="fields">
                    <NumberField
                        label="Expression factor"
                        unit="×"
                        hint="The gene's expression at the start is multiplied by this: 0 is a knock-out, 2 doubles it."
                        min=0.0
                        max=100.0
                        disabled=free
                        value=Signal::derive(move || choice.with(|it| it.factor.to_string().parse().unwrap_or(0.0)))
                        set=move |x: f64| choice.update(|it| it.factor = x as f32)
                    />
                    <NumberField
                        label="Cells to follow"
                        unit="cells"
                        hint="Observed cells of the start that are followed on both ways."
                        min=10.0
                        max=2000.0
                        whole=true
                        disabled=free
                        value=Signal::derive(move || choice.with(|it| it.cells) as f64)
                        set=move |n: f64| choice.update(|it| it.cells = n as usize)
                    />
                </div>
                <SelectOne
                    label="Set at"
                    hint="Time point at which the gene is set"
                    options=starts
                    value=Signal::derive(move || choice.with(|it| it.start).map_or_else(String::new, |time| time.to_string()))
                    set=move |key: String| choice.update(|it| it.start = key.parse().ok())
                />
                <EndSelect
                    label="Follow until"
                    start=start
                    until=Signal::derive(move || choice.with(|it| it.until))
                    set=move |until| choice.update(|it| it.until = until)
                />
                <p class="note">
                    {move || format!(
                        "A linear prediction in {} components, not a causal effect: every gene is a mixture of {0} patterns, and only what those hold is changed.",
                        state.operator_components(),
                    )}
                </p>
            </div>
            <div class="outcome">
                {move || match (choice.with(|it| it.gene), state.operators.perturbation.get()) {
                    (None, _) => view! {
                        <div class="waiting"><p>"Choose a gene: the same cells are followed with and without it set, and what differs appears here."</p></div>
                    }
                    .into_any(),
                    (Some(gene), Some(it)) if it.query.gene == gene => view! { <Outcome it/> }.into_any(),
                    _ => view! { <div class="waiting"><p>"The perturbation is being computed."</p></div> }.into_any(),
                }}
            </div>
        </div>
    }
}

#[component]
fn Outcome(it: Arc<Perturbation>) -> impl IntoView {
    let state = expect_context::<State>();
    let about = Signal::stored(sentence(state, &it));
    let [a, b, c] = [it.clone(), it.clone(), it.clone()];
    let trails = move |size| {
        let (dataset, theme) = (state.dataset.get()?, Theme::new(state.dark.get()));
        Some(trails::draw(&ways(&a, &dataset.cells.positions), size, theme))
    };
    let shift = move |size| {
        let theme = Theme::new(state.dark.get());
        Some(lines::draw(
            &[Line { name: "shift", values: &b.shift }],
            &b.times,
            &state.time_labels(),
            UNIT,
            size,
            theme,
        ))
    };
    let genes = move |size| Some(ranked_bars::draw(&bars(state, &c), None, size, Theme::new(state.dark.get())));
    let height = ranked_bars::height(it.genes.len().min(DRAWN));
    let save = move |_| {
        let names = state.genes.names.get_untracked();
        let rows = it.genes.iter().map(|change| {
            let name = names.get(change.gene).map_or("", String::as_str).replace('"', "\"\"");
            format!("\"{name}\",{}\n", change.difference)
        });
        let text = std::iter::once("gene,difference\n".to_owned()).chain(rows).collect::<String>();
        hand_over(state, "perturbation", &text);
    };
    view! {
        <p class="prediction" aria-live="polite">{about}</p>
        <div class="pair">
            <Sketch draw=trails about class="trails"/>
            <Sketch draw=shift about class="trails"/>
        </div>
        <h3>"Genes that differ most at the end"</h3>
        <div style:height=format!("{height}px")>
            <Sketch draw=genes about class="why-bars"/>
        </div>
        <div class="under">
            <button type="button" on:click=save>
                "Save changes (CSV)"
            </button>
        </div>
    }
}

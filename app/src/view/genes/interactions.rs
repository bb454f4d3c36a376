//! Gene interactions, read off operators: a signed network, why a gene rises, and how both agree with what is known.

use super::GeneField;
use super::{signs::KnownSigns, why::WhyGene};
use crate::prelude::*;
use crate::{
    state::{LINKS, State, Topic},
    view::{operators::hand_over, panel_tools::PanelTools, sketch::Sketch, untrained::Untrained},
    words,
};
use scimf::figure::gene_network::{beyond_control, csv, draw, layout, mixture, sentence};
use scimf::figure::operator::signed;
use scimf::figure::theme::Theme;
use scimf::protocol::GeneNetwork;
use std::sync::Arc;

/// Links that can be asked for.
const MOST_LINKS: usize = 100;
/// How near a click must be to a gene, in pixels.
const NEAR: f64 = 16.0;

/// Everything about genes that operators say; without loadings or weights, what is missing.
#[component]
pub fn Interactions(
    /// Genes that the loadings cover.
    covered: Memo<usize>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let there = Memo::new(move |_| state.has_weights());
    move || {
        if covered.get() == 0 {
            let words = "Gene interactions need the loadings of the components, and this study came without: open an expression matrix and let the components be computed here.";
            view! { <p class="interactions quiet">{words}</p> }.into_any()
        } else if there.get() {
            view! { <Known/> }.into_any()
        } else {
            view! { <Untrained/> }.into_any()
        }
    }
}

#[component]
fn Known() -> impl IntoView {
    let state = expect_context::<State>();
    let free = Signal::derive(|| false);
    let count = move || state.operators.links.get().unwrap_or(LINKS);
    let choose = move |gene: usize| state.operators.gene.set(Some(gene));
    view! {
        <section class="interactions" aria-labelledby="interactions-title">
            <div class="bench">
            <div class="choices">
                <div class="bar">
                    <h3 id="interactions-title">"Gene interactions"</h3>
                    <PanelTools topic=Topic::GeneInteractions figure=|_| "gene-network" about="Gene interactions"/>
                </div>
                <p class="quiet small">{move || format!("In {}. Choose another time, a type beside Operator, or click a cell.", whose(state))}</p>
                <label class="inline links" title="How many of the strongest links are asked for; at most 40 genes are drawn">
                    "Links"
                    <input
                        type="range"
                        min="5"
                        max=MOST_LINKS.to_string()
                        step="5"
                        prop:value=move || count().to_string()
                        on:change:target=move |event| state.operators.links.set(event.target().value().parse().ok())
                    />
                    <output>{move || count()}</output>
                </label>
                <GeneField label="Why does this gene change?" button="Explain" choose disabled=free/>
                <p class="note">{move || mixture(state.operator_components())}</p>
            </div>
            <div class="outcome">
                <Network/>
                <WhyGene/>
            </div>
            </div>
            <KnownSigns/>
        </section>
    }
}

/// Whose interactions are shown.
fn whose(state: State) -> String {
    let network = state.operators.network.get();
    network.map_or_else(|| "…".into(), |it| state.operator_words(it.query.of, it.cells))
}

#[component]
fn Network() -> impl IntoView {
    let state = expect_context::<State>();
    let network = move || state.operators.network.get();
    let size = StoredValue::new([0.0; 2]);
    let drawing = move |room: [f64; 2]| {
        size.set_value(room);
        let network = network()?;
        let names = state.genes.names.get();
        let theme = Theme::new(state.dark.get());
        let focus =
            state.operators.gene.get().filter(|gene| network.links.iter().any(|l| l.from == *gene || l.to == *gene));
        Some(draw(&layout(&network, room), &names, focus, theme))
    };
    let about = Signal::derive(move || {
        network().map_or_else(String::new, |it| {
            sentence(&it, &state.genes.names.get(), &state.operator_words(it.query.of, it.cells))
        })
    });
    let clicked = move |[x, y]: [f64; 2]| {
        let Some(network) = state.operators.network.get_untracked() else { return };
        let away = |at: [f64; 2]| (at[0] - x).hypot(at[1] - y);
        let layout = layout(&network, size.get_value());
        let nearest = layout.nodes.iter().min_by(|a, b| away(a.at).total_cmp(&away(b.at)));
        if let Some(node) = nearest.filter(|node| away(node.at) <= NEAR) {
            state.operators.gene.set(Some(node.gene));
        }
    };
    move || {
        match network() {
        None => view! { <div class="waiting"><p>"The gene interactions are being computed."</p></div> }.into_any(),
        Some(found) => view! {
            <p aria-live="polite">{about}</p>
            <Sketch draw=drawing about class="gene-network" clicked/>
            <p class="quiet small">
                "Full line with an arrowhead: pushes up. Dashed line with a bar: pushes down. Grey: no stronger than random operators. Click a gene to ask why it changes."
            </p>
            <Links network=found/>
        }
        .into_any(),
    }
    }
}

#[component]
fn Links(network: Arc<GeneNetwork>) -> impl IntoView {
    let state = expect_context::<State>();
    let file = network.clone();
    let save = move |_| hand_over(state, "gene-network", &csv(&file, &state.genes.names.get_untracked()));
    let rows = network.links.iter().enumerate().map(|(i, link)| {
        let beyond = beyond_control(&network, i);
        let control = network.control.get(i).copied().unwrap_or(f32::NAN);
        let driver = link.to;
        view! {
            <tr class:within=!beyond data-weight=link.weight.to_string()>
                <td>{i + 1}</td>
                <th scope="row">{state.genes.name(link.from)}</th>
                <td>{if link.weight > 0.0 { "→ up" } else { "⊣ down" }}</td>
                <td>
                    <button type="button" class="link" on:click=move |_| state.operators.gene.set(Some(driver))>
                        {state.genes.name(link.to)}
                    </button>
                </td>
                <td>{signed(link.weight.into())}</td>
                <td>{words::number(control.abs())}</td>
                <td>{if beyond { "stronger" } else { "no more than chance" }}</td>
            </tr>
        }
    });
    view! {
        <details class="numbers">
            <summary>"Links in numbers"</summary>
            <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Table of the gene interactions">
                <table class="scores">
                    <caption>"Strongest gene interactions"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"rank"</th>
                            <th scope="col">"driver"</th>
                            <th scope="col">"pushes"</th>
                            <th scope="col">"gene"</th>
                            <th scope="col"><abbr title="Change of expression per mean sampling interval, mean over the cells">"weight"</abbr></th>
                            <th scope="col"><abbr title="The same rank under random operators of the same size, mean over draws">"random"</abbr></th>
                            <th scope="col">"beside random"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
        <div class="under">
            <button type="button" on:click=save>
                "Save links (CSV)"
            </button>
        </div>
    }
}

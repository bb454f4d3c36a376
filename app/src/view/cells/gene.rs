//! The gene that the cells are coloured by, measured or decoded; stands in the legend.

use crate::prelude::*;
use crate::state::{Source, State};
use scimf::figure::find::{exactly, fitting};

/// Genes that are suggested for what was typed.
const SUGGESTED: usize = 40;

/// Where the expression comes from, and what that means.
const SOURCES: [(Source, &str, &str); 2] = [
    (Source::Measured, "Measured", "The values of the file, also of genes that the model does not see"),
    (Source::Decoded, "Decoded", "What the model space says of the gene, through the loadings"),
];

/// A gene by its name, with suggestions, and the choice of the expression where there are both.
#[component]
pub fn GeneField() -> impl IntoView {
    let state = expect_context::<State>();
    let source = Memo::new(move |_| state.expression_source());
    let text = RwSignal::new(untrack(|| state.colored_gene()).unwrap_or_default());
    let found = Memo::new(move |_| {
        let genes = state.genes.of(source.get());
        fitting(&genes, &text.get(), SUGGESTED).into_iter().map(|gene| genes[gene].clone()).collect::<Vec<_>>()
    });
    let typed = move |value: String| {
        let (source, genes) = untrack(|| (source.get(), state.genes.of(source.get())));
        let gene = exactly(&genes, &value);
        text.set(value);
        if let Some(gene) = gene {
            state.cells.seeking.set(false);
            state.color_by.set(source.color(gene));
        }
    };
    let unknown = Memo::new(move |_| {
        let known = || !state.genes.of(source.get()).is_empty();
        !text.get().trim().is_empty() && found.with(Vec::is_empty) && known()
    });
    let problem = move || {
        unknown.get().then(|| match source.get() {
            Source::Measured => "No gene has this in its name.",
            Source::Decoded => "No gene of the loadings has this in its name.",
        })
    };
    let both = Memo::new(move |_| state.expression() == [true, true]);
    view! {
        <span class="gene">
            <input
                type="text"
                aria-label="Gene"
                placeholder="name of a gene"
                autocomplete="off"
                spellcheck="false"
                list="gene-names"
                aria-invalid=move || unknown.get().to_string()
                prop:value=move || text.get()
                on:input:target=move |event| typed(event.target().value())
            />
            <datalist id="gene-names">
                {move || found.get().into_iter().map(|gene| view! { <option value=gene></option> }).collect_view()}
            </datalist>
            <span class="wrong" aria-live="polite">{move || problem()}</span>
        </span>
        <Show when=move || both.get()>
            <SourceChoice source/>
        </Show>
    }
}

/// Measured or decoded.
#[component]
fn SourceChoice(source: Memo<Source>) -> impl IntoView {
    let state = expect_context::<State>();
    let button = |(option, name, meaning): (Source, &'static str, &'static str)| {
        view! {
            <button
                type="button"
                title=meaning
                aria-pressed=move || (source.get() == option).to_string()
                on:click=move |_| state.choose_expression(option)
            >
                {name}
            </button>
        }
    };
    view! { <span class="choice" role="group" aria-label="Expression">{SOURCES.map(button).collect_view()}</span> }
}

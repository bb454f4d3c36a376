//! What the cells are coloured by: a menu, and the choices of a gene and of a sender, which stand in the legend.

use crate::state::{ColorBy, State};
use leptos::prelude::*;
use scimf::protocol::ModelKind;

/// Genes that are suggested for what was typed.
const SUGGESTED: usize = 40;

/// The menu of colours.
#[component]
pub fn ColorMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let seeking = state.cells.seeking;
    let entry = Memo::new(move |_| if seeking.get() { "gene".into() } else { name(state.color_by.get()) });
    let summary = Memo::new(move |_| {
        state.dataset.with(|dataset| {
            let summary = dataset.as_ref().map(|dataset| &dataset.summary);
            let names = |columns: &[scimf::protocol::CellColumn]| columns.iter().map(|it| it.name.clone()).collect();
            summary.map_or((Vec::new(), 0), |it| (names(&it.columns), it.genes))
        })
    });
    let option = move |value: String, name: String, hint: &'static str| {
        let own = value.clone();
        view! { <option value=value title=hint prop:selected=move || entry.get() == own>{name}</option> }
    };
    let columns = move || {
        let (columns, _) = summary.get();
        (!columns.is_empty()).then(|| {
            let one =
                |(i, column)| option(self::name(ColorBy::Column(i)), column, "An annotation of the cells in the file");
            view! { <optgroup label="Annotations">{columns.into_iter().enumerate().map(one).collect_view()}</optgroup> }
        })
    };
    let chosen = move |value: String| {
        seeking.set(value == "gene");
        match value.split_once(':') {
            None => match value.as_str() {
                "type" => state.color_by.set(ColorBy::Type),
                "time" => state.color_by.set(ColorBy::Time),
                "speed" => state.color_by.set(ColorBy::Speed),
                "growth" => state.color_by.set(ColorBy::Growth),
                "receivers" => state.color_by.set(ColorBy::Receivers(state.focused_type.get_untracked().unwrap_or(0))),
                _ => {}
            },
            Some((_, column)) => {
                if let Ok(column) = column.parse() {
                    state.color_by.set(ColorBy::Column(column));
                }
            }
        }
    };
    view! {
        <span class="inline">
            "Colour"
            <select
                aria-label="Colour by"
                title="What the colours of the cells mean"
                on:change:target=move |event| chosen(event.target().value())
            >
                {option("type".into(), "Type".into(), "Cell type")}
                {option("time".into(), "Time".into(), "Time point")}
                {option("speed".into(), "Speed".into(), "Length of the velocity, at the chosen time")}
                {option("receivers".into(), "Receivers".into(), "How much each cell listens to a type, at the chosen time")}
                {move || {
                    state
                        .has_weights_of(ModelKind::CellMnn)
                        .then(|| option("growth".into(), "Growth (max Re λ)".into(), "Largest real part of the eigenvalues of the cell's Cell-MNN operator, per mean interval"))
                }}
                {move || (summary.get().1 > 0).then(|| option("gene".into(), "Gene".into(), "Expression, decoded from the model space through the loadings"))}
                {columns}
            </select>
        </span>
    }
}

/// The menu's entry of a colour.
fn name(color: ColorBy) -> String {
    match color {
        ColorBy::Type => "type".into(),
        ColorBy::Time => "time".into(),
        ColorBy::Speed => "speed".into(),
        ColorBy::Growth => "growth".into(),
        ColorBy::Receivers(_) => "receivers".into(),
        ColorBy::Gene(_) => "gene".into(),
        ColorBy::Column(column) => format!("column:{column}"),
    }
}

/// A gene by its name, with suggestions.
#[component]
pub fn GeneField() -> impl IntoView {
    let state = expect_context::<State>();
    let known = move || match state.color_by.get_untracked() {
        ColorBy::Gene(gene) => state.genes.names.with(|genes| genes.get(gene).cloned()),
        _ => None,
    };
    let text = RwSignal::new(known().unwrap_or_default());
    // Those that begin with the text come before those that hold it.
    let found = Memo::new(move |_| {
        let wanted = text.get().trim().to_lowercase();
        state.genes.names.with(|genes| {
            let mut found: [Vec<String>; 2] = Default::default();
            for gene in genes.iter() {
                match gene.to_lowercase().find(&wanted) {
                    Some(0) => found[0].push(gene.clone()),
                    Some(_) if found[1].len() < SUGGESTED => found[1].push(gene.clone()),
                    _ => {}
                }
                if found[0].len() == SUGGESTED {
                    break;
                }
            }
            found.concat().into_iter().take(SUGGESTED).collect::<Vec<_>>()
        })
    });
    let typed = move |value: String| {
        let wanted = value.trim().to_owned();
        let gene = state.genes.names.with_untracked(|genes| {
            let exact = genes.iter().position(|gene| *gene == wanted);
            exact.or_else(|| genes.iter().position(|gene| gene.eq_ignore_ascii_case(&wanted)))
        });
        text.set(value);
        if let Some(gene) = gene {
            state.cells.seeking.set(false);
            state.color_by.set(ColorBy::Gene(gene));
        }
    };
    let unknown = Memo::new(move |_| {
        !text.get().trim().is_empty() && found.with(Vec::is_empty) && state.genes.names.with(|genes| !genes.is_empty())
    });
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
                prop:value=text
                on:input:target=move |event| typed(event.target().value())
            />
            <datalist id="gene-names">
                {move || found.get().into_iter().map(|gene| view! { <option value=gene></option> }).collect_view()}
            </datalist>
            <span class="wrong" aria-live="polite">{move || unknown.get().then_some("No gene has this in its name.")}</span>
        </span>
    }
}

/// The sending type.
#[component]
pub fn SenderMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let entries = move || {
        let types = state.dataset.get()?.summary.cell_types.clone();
        let entry = |(i, kind): (usize, scimf::protocol::CellType)| {
            let chosen = move || state.color_by.get() == ColorBy::Receivers(i);
            view! { <option value=i.to_string() prop:selected=chosen>{kind.name}</option> }
        };
        Some(types.into_iter().enumerate().map(entry).collect_view())
    };
    view! {
        <select
            aria-label="Sender"
            title="The cell type that is listened to"
            on:change:target=move |event| {
                if let Ok(sender) = event.target().value().parse() {
                    state.color_by.set(ColorBy::Receivers(sender));
                }
            }
        >
            {entries}
        </select>
    }
}

//! Names for clusters, by the genes that mark them.

use crate::{
    engine::{Engine, MARKERS, Question},
    signals::RwSignal,
    state::State,
    view::modal::Modal,
    words,
};
use leptos::prelude::*;
use scimf::protocol::{CellType, Marker};

/// Genes that are shown of each type.
pub const GENES: usize = 20;
/// Genes that are shown at first.
const FIRST: usize = 8;

/// A dialog with the types of the open dataset and a field for the name of each; it comes up when the cells were clustered.
#[component]
pub fn NamingDialog() -> impl IntoView {
    let state = expect_context::<State>();
    let naming = state.dialogs.naming;
    view! {
        <Modal open=Signal::derive(move || naming.get()) close=move |()| naming.set(false) name="naming" title="Name the clusters">
            <Names/>
        </Modal>
    }
}

/// The types in a table. Names are sent when the form is.
#[component]
fn Names() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let types: Vec<CellType> =
        state.dataset.with_untracked(|it| it.as_ref().map_or_else(Vec::new, |it| it.summary.cell_types.clone()));
    let names = RwSignal::new(types.iter().map(|it| it.name.clone()).collect::<Vec<_>>());
    let measured = state.dataset.with_untracked(|it| it.as_ref().is_some_and(|it| it.summary.measured.is_some()));
    if measured && state.markers.with_untracked(Option::is_none) && untrack(|| !engine.pending(Question::Markers)) {
        engine.ask(&MARKERS, GENES);
    }
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        engine.name_types(names.get_untracked());
        state.dialogs.naming.set(false);
    };
    let wrong = move || {
        names.with(|names| {
            let repeated = |(at, name): (usize, &String)| names[..at].iter().any(|other| other.trim() == name.trim());
            if names.iter().any(|name| name.trim().is_empty()) {
                Some("Give every cluster a name.")
            } else if names.iter().enumerate().any(repeated) {
                Some("Two clusters have the same name.")
            } else {
                None
            }
        })
    };
    let row = |(index, cell_type): (usize, &CellType)| {
        let label = format!("Name of {}", cell_type.name);
        let cells = words::counted(cell_type.cells, "cell");
        let genes = move || {
            state.markers.with(|markers| {
                let found = markers.as_ref().and_then(|it| it.types.get(index)).map(Vec::as_slice);
                found.map(|found| view! { <Genes markers=found.to_vec()/> })
            })
        };
        view! {
            <tr>
                <td>
                    <input
                        type="text"
                        aria-label=label
                        maxlength="200"
                        spellcheck="false"
                        prop:value=names.with_untracked(|names| names[index].clone())
                        on:input:target=move |event| names.update(|names| names[index] = event.target().value())
                    />
                </td>
                <td class="quiet">{cells}</td>
                <td>{genes}</td>
            </tr>
        }
    };
    let rows = types.iter().enumerate().map(row).collect_view();
    let said = move || match state.markers.with(|it| it.as_ref().map(|it| it.tested)) {
        Some(tested) => format!(
            "Genes that are higher in a cluster than in all other cells, the surest first: Wilcoxon's rank-sum test of {}, as scanpy does it. \
             The cells were clustered by the same genes, so that small p values say little by themselves.",
            words::counted(tested, "gene")
        ),
        None if engine.pending(Question::Markers) => "Looking for the genes that mark each cluster…".into(),
        None => "No gene can mark a cluster: the study has no expression values.".into(),
    };
    view! {
        <form class="naming" on:submit=send>
            <p class="quiet" role="status">{said}</p>
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Clusters and the genes that mark them">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Cells"</th>
                            <th scope="col">"Marked by"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="wrong" aria-live="polite">{wrong}</p>
            <div class="actions">
                <button type="button" on:click=move |_| state.dialogs.naming.set(false)>
                    "Keep the numbers"
                </button>
                <button type="submit" class="primary" disabled=move || wrong().is_some()>
                    "Use these names"
                </button>
            </div>
        </form>
    }
}

/// The first genes, and the others behind a click.
#[component]
fn Genes(markers: Vec<Marker>) -> impl IntoView {
    let gene = |marker: &Marker| {
        let fold = marker.log2_fold_change.map_or_else(String::new, |fold| format!(", log2 fold change {fold:.2}"));
        let title = format!("score {:.1}{fold}, adjusted p {:.1e}", marker.score, marker.adjusted_p_value);
        view! { <span class="gene" title=title>{marker.gene.clone()}</span> " " }
    };
    if markers.is_empty() {
        return view! { <span class="quiet">"–"</span> }.into_any();
    }
    let (first, others) = markers.split_at(FIRST.min(markers.len()));
    let others = (!others.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("{} more", others.len())}</summary>
                {others.iter().map(gene).collect_view()}
            </details>
        }
    });
    view! {
        {first.iter().map(gene).collect_view()}
        {others}
    }
    .into_any()
}

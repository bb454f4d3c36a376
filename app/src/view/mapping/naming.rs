//! The types of the cells: their names, their order, which of them are one, and which are left out.

use crate::prelude::*;
use crate::{
    engine::{Engine, MARKERS, Question},
    state::State,
    view::modal::Modal,
    words,
};
use scimf::figure::sorting::{Row, problem, sorted};
use scimf::protocol::{CellType, Marker};

/// Genes that are shown of each type.
pub const GENES: usize = 20;
/// Genes that are shown at first.
const FIRST: usize = 8;

/// A dialog with the types of the open dataset; it comes up by itself when the cells were clustered.
#[component]
pub fn NamingDialog() -> impl IntoView {
    let state = expect_context::<State>();
    let naming = state.dialogs.naming;
    let close = move |()| {
        naming.set(false);
        state.typings.drawn.set(false);
    };
    view! {
        <Modal open=Signal::derive(move || naming.get()) close name="naming" title="Types of the cells">
            <Sorting/>
        </Modal>
    }
}

/// Opens the dialog; `drawn`: with a row for the selected cells.
pub fn edit_types(state: State, drawn: bool) {
    state.typings.drawn.set(drawn);
    state.dialogs.naming.set(true);
}

/// The types in a table. What was changed is sent when the form is.
#[component]
fn Sorting() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let types: Vec<CellType> =
        state.dataset.with_untracked(|it| it.as_ref().map_or_else(Vec::new, |it| it.summary.cell_types.clone()));
    let hidden = state.attention.hidden.get_untracked();
    let own = types.iter().enumerate();
    let mut first: Vec<Row> =
        own.map(|(at, it)| Row { from: Some(at), name: it.name.clone(), shown: !hidden.contains(&at) }).collect();
    if state.typings.drawn.get_untracked() {
        first.insert(0, Row { from: None, name: "selected cells".into(), shown: true });
    }
    let rows = RwSignal::new(first);
    let measured = state.dataset.with_untracked(|it| it.as_ref().is_some_and(|it| it.summary.measured.is_some()));
    // It is long work, which waits for other work, such as the end of opening.
    Effect::new(move |_| {
        let possible = measured && state.can_retype();
        if possible && untrack(|| state.markers.with(Option::is_none) && !engine.pending(Question::Markers)) {
            engine.ask(&MARKERS, GENES);
        }
    });
    let close = move || {
        state.dialogs.naming.set(false);
        state.typings.drawn.set(false);
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (rows, selected) = (rows.get_untracked(), state.selection.cells.get_untracked());
        let Some(now) = untrack(|| state.typing()) else { return };
        let (typing, hides) = sorted(&now, &rows, &selected);
        if typing.types.iter().map(|it| &it.name).eq(now.types.iter().map(|it| &it.name)) && typing.of == now.of {
            let hidden = |(_, it): &(usize, &CellType)| hides.contains(&it.name);
            let hidden = now.types.iter().enumerate().filter(hidden).map(|(at, _)| at).collect();
            state.attention.hidden.set(hidden);
        } else {
            state.sort_into(typing, Some(hides));
        }
        close();
    };
    let problem = move || {
        let obstacle =
            (!state.can_retype()).then(|| "Types can be changed when nothing is trained or computed.".into());
        obstacle.or_else(|| rows.with(|rows| problem(rows)))
    };
    let merged = move || {
        let (names, all) = rows.with(|rows| {
            let names: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.name.trim()).collect();
            (names.len(), rows.len())
        });
        (names < all)
            .then(|| format!("Rows with the same name become one type: {} of {all}.", words::counted(names, "type")))
    };
    let swap = move |at: usize, with: Option<usize>| {
        rows.update(|rows| {
            if let Some(with) = with.filter(|with| *with < rows.len()) {
                rows.swap(at, with);
            }
        });
    };
    let types = StoredValue::new(types);
    let row = move |from: Option<usize>| {
        let at = move || rows.with(|rows| rows.iter().position(|row| row.from == from).unwrap_or(0));
        let get = move |read: fn(&Row) -> String| rows.with(|rows| rows.get(at()).map(read).unwrap_or_default());
        let called = from
            .map_or_else(|| "the selected cells".to_owned(), |kind| types.with_value(|types| types[kind].name.clone()));
        let cells = from.map_or_else(
            || state.selection.cells.with_untracked(|cells| cells.len()),
            |kind| types.with_value(|types| types[kind].cells),
        );
        let genes = move || {
            state.markers.with(|markers| {
                let found = markers.as_ref().and_then(|it| it.types.get(from?)).map(Vec::as_slice);
                found.map(|found| view! { <Genes markers=found.to_vec()/> })
            })
        };
        view! {
            <tr>
                <td class="places">
                    <button
                        type="button"
                        class="icon"
                        aria-label=format!("Up: {called}")
                        disabled=move || at() == 0
                        on:click=move |_| swap(at(), at().checked_sub(1))
                    >
                        "↑"
                    </button>
                    <button
                        type="button"
                        class="icon"
                        aria-label=format!("Down: {called}")
                        disabled=move || at() + 1 == rows.with(Vec::len)
                        on:click=move |_| swap(at(), Some(at() + 1))
                    >
                        "↓"
                    </button>
                </td>
                <td>
                    <input
                        type="text"
                        aria-label=format!("Name of {called}")
                        maxlength="200"
                        spellcheck="false"
                        prop:value=move || get(|row| row.name.clone())
                        on:input:target=move |event| {
                            let (name, at) = (event.target().value(), untrack(at));
                            rows.update(|rows| {
                                if let Some(row) = rows.get_mut(at) {
                                    row.name = name;
                                }
                            });
                        }
                    />
                </td>
                <td>
                    <label class="check">
                        <input
                            type="checkbox"
                            aria-label=format!("Show {called}")
                            prop:checked=move || rows.with(|rows| rows.get(at()).is_some_and(|row| row.shown))
                            on:change:target=move |event| {
                                let (shown, at) = (event.target().checked(), untrack(at));
                                rows.update(|rows| {
                                    if let Some(row) = rows.get_mut(at) {
                                        row.shown = shown;
                                    }
                                });
                            }
                        />
                    </label>
                </td>
                <td class="quiet">{words::counted(cells, "cell")}</td>
                <td>{move || genes()}</td>
            </tr>
        }
    };
    let said = move || match state.markers.with(|it| it.as_ref().map(|it| it.tested)) {
        Some(tested) => format!(
            "Genes that are higher in a type than in all other cells, the surest first: Wilcoxon's rank-sum test of {}, as scanpy does it. \
             Where the cells were clustered by the same genes, small p values say little by themselves.",
            words::counted(tested, "gene")
        ),
        None if engine.pending(Question::Markers) => "Looking for the genes that mark each type…".into(),
        None if measured && !state.can_retype() => {
            "The genes that mark each type are looked for when nothing is trained or computed.".into()
        }
        None => "No gene can mark a type: the study has no expression values.".into(),
    };
    view! {
        <form class="naming" on:submit=send>
            <p class="quiet" role="status">{move || said()}</p>
            <div class="figure-scroll" tabindex="0" role="group" aria-label="Types and the genes that mark them">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Order"</th>
                            <th scope="col">"Name"</th>
                            <th scope="col">"Shown"</th>
                            <th scope="col">"Cells"</th>
                            <th scope="col">"Marked by"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=move || rows.with(|rows| rows.iter().map(|row| row.from).collect::<Vec<_>>())
                            key=|from| *from
                            children=row
                        />
                    </tbody>
                </table>
            </div>
            <p class="quiet" aria-live="polite">{move || merged()}</p>
            <p class="wrong" aria-live="polite">{move || problem()}</p>
            <div class="actions">
                <button type="button" on:click=move |_| close()>
                    "Leave as it is"
                </button>
                <button type="submit" class="primary" disabled=move || problem().is_some()>
                    "Use these types"
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

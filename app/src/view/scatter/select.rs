//! Selecting cells: with a lasso, by type, by time; what is selected, in words.

use super::look::Look;
use super::scene::Scene;
use crate::prelude::*;
use crate::{
    state::State,
    view::{find::FindButton, mapping::edit_types},
    words,
};
use leptos::html;
use scimf::figure::labels::numbered;
use scimf::figure::lasso::inside;
use scimf::figure::scatter::pairs;
use wasm_bindgen::JsCast;

/// Selects what lies within a line, in the coordinates of the data.
pub fn within(state: State, line: &[[f64; 2]]) {
    let chosen = state.dataset.with_untracked(|dataset| {
        dataset.as_ref().map_or_else(Vec::new, |dataset| {
            inside(pairs(&dataset.cells.positions), line, |i| of_time(state, &dataset.cells.times, i))
        })
    });
    state.selection.choose(chosen);
}

/// Selects the cells of a type, or of all.
fn of_type(state: State, kind: Option<usize>) {
    let chosen = state.dataset.with_untracked(|dataset| {
        dataset.as_ref().map_or_else(Vec::new, |dataset| {
            let kinds = dataset.cells.cell_types.iter().enumerate();
            let wanted = kinds.filter(|(_, own)| kind.is_none_or(|kind| **own as usize == kind));
            wanted.filter(|(i, _)| of_time(state, &dataset.cells.times, *i)).map(|(i, _)| i as u32).collect()
        })
    });
    state.selection.choose(chosen);
}

/// The cell counts: it is of the chosen time point, or all time points do.
fn of_time(state: State, times: &[u32], cell: usize) -> bool {
    state.cells.all_times.get_untracked()
        || times.get(cell).is_some_and(|time| *time as usize == state.time.get_untracked())
}

/// The tools over the plot, and what is selected.
#[component]
pub fn SelectTools(scene: Scene) -> impl IntoView {
    let state = scene.state;
    let menu = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    };
    let choose = move |kind: Option<usize>| {
        of_type(state, kind);
        close();
    };
    let time = move || {
        state.dataset.with(|dataset| {
            let point = dataset.as_ref().and_then(|dataset| dataset.summary.time_points.get(state.time.get()));
            point.map_or_else(String::new, |point| point.label.clone())
        })
    };
    let all = move || {
        if state.cells.all_times.get() { "All cells".to_owned() } else { format!("All cells of {}", time()) }
    };
    let count = move |kind: usize| {
        if state.cells.all_times.get() {
            state.dataset.with(|d| d.as_ref().and_then(|d| d.summary.cell_types.get(kind)).map_or(0, |kind| kind.cells))
        } else {
            scene.counts.with(|counts| counts.get(kind).copied().unwrap_or(0))
        }
    };
    let types = move || {
        let (dataset, colors) = (state.dataset.get()?, scene.type_colors.get());
        let entry = |(i, kind): (usize, &scimf::protocol::CellType)| {
            view! {
                <li>
                    <button type="button" disabled=move || count(i) == 0 on:click=move |_| choose(Some(i))>
                        <span class="swatch" style:background-color=colors.get(i).map(|color| color.to_string())></span>
                        <span class="name">{numbered(i, &kind.name)}</span>
                        <span class="count">{move || words::count(count(i))}</span>
                    </button>
                </li>
            }
        };
        Some(dataset.summary.cell_types.iter().enumerate().map(entry).collect_view())
    };
    let selection = state.selection;
    // Nothing was ever selected.
    let never = move || !selection.can_undo() && !selection.can_redo();
    view! {
        <div class="scatter-tools">
            <div class="tools">
                <button
                    type="button"
                    aria-pressed=move || state.cells.lasso.get().to_string()
                    title="Draw round cells to select them; or hold Shift and drag at any time"
                    on:click=move |_| state.cells.lasso.update(|on| *on = !*on)
                >
                    "Lasso"
                </button>
                <details
                    node_ref=menu
                    class="select-menu"
                    on:focusout=move |event| {
                        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
                        if to.is_some() && menu.get_untracked().is_some_and(|menu| !menu.contains(to.as_ref())) {
                            close();
                        }
                    }
                >
                    <summary title="Select cells by type or time">"Select"</summary>
                    <div class="pop">
                        <label class="check">
                            <input type="checkbox" prop:checked=move || state.cells.all_times.get()
                                on:change:target=move |event| state.cells.all_times.set(event.target().checked())/>
                            "of all time points"
                        </label>
                        <ul>
                            <li>
                                <button type="button" on:click=move |_| choose(None)>
                                    <span class="name">{move || all()}</span>
                                </button>
                            </li>
                            {move || types()}
                        </ul>
                        <button
                            type="button"
                            title="Merge, rename, reorder or leave out types"
                            on:click=move |_| {
                                close();
                                edit_types(state, false);
                            }
                        >
                            "Edit types…"
                        </button>
                    </div>
                </details>
                <Look/>
                <FindButton/>
                <button
                    type="button"
                    class="icon"
                    aria-label="Undo selection"
                    title="Back to the selection before (Ctrl+Z)"
                    hidden=never
                    disabled=move || !selection.can_undo()
                    on:click=move |_| selection.undo()
                >
                    "↶"
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label="Redo selection"
                    title="Forward to the selection after (Ctrl+Shift+Z)"
                    hidden=never
                    disabled=move || !selection.can_redo()
                    on:click=move |_| selection.redo()
                >
                    "↷"
                </button>
            </div>
            <div class="selected" aria-live="polite" data-selected=move || selection.cells.with(|cells| cells.len())>
                {move || summary(state).map(|text| {
                    view! {
                        <span>{text}</span>
                        <button
                            type="button"
                            title="Make a type of the selected cells"
                            disabled=move || !state.can_retype()
                            on:click=move |_| edit_types(state, true)
                        >
                            "Make a type"
                        </button>
                        <button
                            type="button"
                            class="icon"
                            aria-label="Clear selection"
                            title="Select nothing (Esc)"
                            on:click=move |_| selection.clear()
                        >
                            "×"
                        </button>
                    }
                })}
            </div>
        </div>
    }
}

/// How many cells are selected, and of which types; none without a selection.
fn summary(state: State) -> Option<String> {
    let cells = state.selection.cells.get();
    if cells.is_empty() {
        return None;
    }
    state.dataset.with(|dataset| {
        let dataset = dataset.as_ref()?;
        let mut counts: Vec<(usize, &str)> =
            dataset.summary.cell_types.iter().map(|kind| (0, kind.name.as_str())).collect();
        for &cell in cells.iter() {
            let kind = dataset.cells.cell_types.get(cell as usize).and_then(|&kind| counts.get_mut(kind as usize));
            if let Some((count, _)) = kind {
                *count += 1;
            }
        }
        counts.retain(|(count, _)| *count > 0);
        counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let mut listed: Vec<String> =
            counts.iter().take(2).map(|(count, name)| format!("{} {name}", words::count(*count))).collect();
        if counts.len() > 2 {
            listed.push(format!("{} others", words::count(counts[2..].iter().map(|(count, _)| count).sum())));
        }
        Some(format!("{} selected: {}", words::counted(cells.len(), "cell"), listed.join(", ")))
    })
}

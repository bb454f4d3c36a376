//! The time points that a column leads to, in order.

use crate::prelude::*;
use crate::words;
use scimf::protocol::{Column, Mapping, ModelSpace};

/// The list of time points; each can be moved, by its buttons or by dragging, and left out. Orders for all of them stand above.
#[component]
pub fn TimeOrder(
    /// The choice; its order is changed here.
    mapping: RwSignal<Mapping>,
    /// The column of the time.
    column: Memo<Option<Column>>,
) -> impl IntoView {
    let order = Memo::new(move |_| mapping.with(|it| it.time_order.clone()));
    let all = Memo::new(move |_| column.with(|it| it.as_ref().map_or_else(Vec::new, levels)));
    let left_out = Memo::new(move |_| {
        all.get().into_iter().filter(|label| !order.with(|it| it.contains(label))).collect::<Vec<_>>()
    });
    let cells = move |label: &str| {
        column.with(|it| {
            it.as_ref()
                .and_then(|it| it.levels.iter().find(|level| level.label == label))
                .map_or(0, |level| level.cells)
        })
    };
    let put = move |order: Vec<String>| mapping.update(|it| reorder(it, order));
    let shift = move |from: usize, to: usize| {
        let mut labels = order.get_untracked();
        if from.max(to) < labels.len() {
            let label = labels.remove(from);
            labels.insert(to, label);
            put(labels);
        }
    };
    let sort = move |by: fn(&str, &str) -> std::cmp::Ordering| {
        let mut labels = order.get_untracked();
        labels.sort_by(|a, b| by(a, b));
        put(labels);
    };
    let reverse = move |_| put(order.get_untracked().into_iter().rev().collect());
    // As the engine has put them.
    let proposed = move |_| {
        let chosen = order.get_untracked();
        put(all.get_untracked().into_iter().filter(|label| chosen.contains(label)).collect());
    };
    let remove = move |label: &str| put(order.get_untracked().into_iter().filter(|it| it != label).collect());
    let add = move |label: String| put(order.get_untracked().into_iter().chain([label]).collect());
    let dragged = RwSignal::new(None::<usize>);
    let row = move |(index, label): (usize, String)| {
        let last = order.with_untracked(Vec::len) - 1;
        let named = label.clone();
        view! {
            <li
                draggable="true"
                on:dragstart=move |_| dragged.set(Some(index))
                on:dragover=move |event| event.prevent_default()
                on:drop=move |event| {
                    event.prevent_default();
                    if let Some(from) = dragged.get_untracked() {
                        shift(from, index);
                    }
                }
            >
                <label class="check name" title="Cells of a time point without a tick are left out.">
                    <input type="checkbox" prop:checked=true disabled=move || last < 2 on:change=move |_| remove(&named)/>
                    <span>{label.clone()}</span>
                </label>
                <span class="quiet">{words::count(cells(&label))} " cells"</span>
                <button
                    type="button"
                    class="icon"
                    aria-label=format!("Move {label} earlier")
                    disabled=index == 0
                    on:click=move |_| shift(index, index.wrapping_sub(1))
                >
                    "↑"
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label=format!("Move {label} later")
                    disabled=index == last
                    on:click=move |_| shift(index, index + 1)
                >
                    "↓"
                </button>
            </li>
        }
    };
    let row_left_out = move |label: String| {
        let named = label.clone();
        view! {
            <li class="off">
                <label class="check name" title="With a tick it is a time point.">
                    <input type="checkbox" prop:checked=false on:change=move |_| add(named.clone())/>
                    <span>{shown(&label)}</span>
                </label>
                <span class="quiet">{words::count(cells(&label))} " cells, left out"</span>
            </li>
        }
    };
    let missing = move || column.with(|it| it.as_ref().map_or(0, |it| it.missing));
    view! {
        <Show when=move || order.with(|order| order.len() > 2)>
            <div class="orders" role="group" aria-label="Order of the time points">
                <button type="button" on:click=proposed>
                    "As proposed"
                </button>
                <button type="button" on:click=move |_| sort(by_number)>
                    "By number"
                </button>
                <button type="button" on:click=move |_| sort(by_name)>
                    "By name"
                </button>
                <button type="button" on:click=reverse>
                    "Reverse"
                </button>
            </div>
        </Show>
        <ol class="order" aria-label="Time points in order">
            {move || order.get().into_iter().enumerate().map(row).collect_view()}
        </ol>
        <Show when=move || left_out.with(|it| !it.is_empty())>
            <ul class="order" aria-label="Left out">
                {move || left_out.get().into_iter().map(row_left_out).collect_view()}
            </ul>
        </Show>
        <Show when=move || missing() != 0>
            <p class="quiet">{move || words::count(missing())} " cells without a value here are left out."</p>
        </Show>
    }
}

/// The labels of a column in the engine's order.
fn levels(column: &Column) -> Vec<String> {
    column.levels.iter().map(|level| level.label.clone()).collect()
}

/// The labels that a column proposes as time points.
pub fn proposed(column: &Column) -> Vec<String> {
    let times: Vec<String> =
        column.levels.iter().filter(|level| !level.no_time).map(|level| level.label.clone()).collect();
    if times.len() < 2 { levels(column) } else { times }
}

fn shown(label: &str) -> String {
    if label.trim().is_empty() { "(empty)".into() } else { label.into() }
}

/// Another order. Held-out time points keep their labels; what comes to stand first, or is left out, cannot be held out.
fn reorder(mapping: &mut Mapping, order: Vec<String>) {
    if let ModelSpace::Computed(steps) = &mut mapping.model_space {
        let before = &mapping.time_order;
        let place = |time: &usize| order.iter().position(|label| Some(label) == before.get(*time));
        steps.held_out = steps.held_out.iter().filter_map(place).filter(|time| *time != 0).collect();
        steps.held_out.sort_unstable();
    }
    mapping.time_order = order;
}

/// The first number in a label.
fn number(label: &str) -> f64 {
    let Some(start) = label.find(|c: char| c.is_ascii_digit()) else { return f64::NEG_INFINITY };
    let rest = &label[start..];
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let size: f64 = rest[..end].trim_end_matches('.').parse().unwrap_or(0.0);
    if label[..start].ends_with('-') && !label[..start].trim_end_matches('-').ends_with(char::is_alphanumeric) {
        -size
    } else {
        size
    }
}

fn by_number(a: &str, b: &str) -> std::cmp::Ordering {
    number(a).total_cmp(&number(b))
}

fn by_name(a: &str, b: &str) -> std::cmp::Ordering {
    a.to_lowercase().cmp(&b.to_lowercase())
}

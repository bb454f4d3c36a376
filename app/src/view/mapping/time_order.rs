//! The time points that a column leads to, in order.

use crate::{
    signals::{Memo, RwSignal},
    words,
};
use leptos::prelude::*;
use scimf::protocol::{Column, Mapping, ModelSpace};

/// The list of time points; each can be moved up or down.
#[component]
pub fn TimeOrder(
    /// The choice; its order is changed here.
    mapping: RwSignal<Mapping>,
    /// The column of the time.
    column: Memo<Option<Column>>,
) -> impl IntoView {
    let order = Memo::new(move |_| mapping.with(|it| it.time_order.clone()));
    let cells = move |label: &str| {
        column.with(|it| {
            it.as_ref()
                .and_then(|it| it.levels.iter().find(|level| level.label == label))
                .map_or(0, |level| level.cells)
        })
    };
    let swap = move |a: usize, b: usize| {
        mapping.update(|it| {
            if a.max(b) < it.time_order.len() {
                it.time_order.swap(a, b);
                if let ModelSpace::Computed(steps) = &mut it.model_space {
                    move_held_out(&mut steps.held_out, a, b);
                }
            }
        });
    };
    let row = move |(index, label): (usize, String)| {
        let last = order.with_untracked(Vec::len) - 1;
        view! {
            <li>
                <span class="name">{label.clone()}</span>
                <span class="quiet">{words::count(cells(&label))} " cells"</span>
                <button
                    type="button"
                    class="icon"
                    aria-label=format!("Move {label} earlier")
                    disabled=index == 0
                    on:click=move |_| swap(index, index.wrapping_sub(1))
                >
                    "↑"
                </button>
                <button
                    type="button"
                    class="icon"
                    aria-label=format!("Move {label} later")
                    disabled=index == last
                    on:click=move |_| swap(index, index + 1)
                >
                    "↓"
                </button>
            </li>
        }
    };
    view! {
        <ol class="order" aria-label="Time points in order">
            {move || order.get().into_iter().enumerate().map(row).collect_view()}
        </ol>
    }
}

/// Held-out time points keep their labels when two places are exchanged; what comes to stand first cannot be held out.
fn move_held_out(held_out: &mut Vec<usize>, a: usize, b: usize) {
    for time in held_out.iter_mut() {
        *time = match *time {
            time if time == a => b,
            time if time == b => a,
            time => time,
        };
    }
    held_out.retain(|time| *time != 0);
    held_out.sort_unstable();
}

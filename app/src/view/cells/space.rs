//! The plane that the cells are drawn in: one of those that are offered, or any two components.

use crate::prelude::*;
use crate::{
    engine::{COORDINATES, Engine},
    state::State,
};
use leptos::html;
use scimf::protocol::{DatasetSummary, Space, SpaceId};

/// The menu's entry for other components.
const OTHER: &str = "other";

/// The menu of planes, and the two components where others are chosen; the new plane is shown when its coordinates have come.
#[component]
pub fn SpaceMenu() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let spaces = Memo::new(move |_| read(state, |summary| summary.spaces.clone()));
    // The user is choosing components, even if those of the moment are in the menu.
    let choosing = RwSignal::new(false);
    let other = Memo::new(move |_| {
        let space = state.space.get();
        let offered = spaces.with(|all| all.iter().any(|offered| offered.id == space));
        space.is_exact() && (choosing.get() || !offered) && state.dataset.with(Option::is_some)
    });
    let chosen = move |value: String| {
        choosing.set(value == OTHER);
        if value == OTHER {
            let space = state.space.get_untracked();
            if !space.is_exact() {
                engine.ask(&COORDINATES, SpaceId::default());
            }
        } else if let Some(space) =
            value.parse::<usize>().ok().and_then(|i| spaces.with_untracked(|all| Some(all.get(i)?.id)))
        {
            engine.ask(&COORDINATES, space);
        }
    };
    let entry = move |(i, Space { id, name, .. }): (usize, Space)| {
        let shown = move || !other.get() && state.space.get() == id;
        view! { <option value=i.to_string() prop:selected=shown>{name}</option> }
    };
    let more = move || {
        read(state, |summary| summary.dimensions > 2)
            .then(|| view! { <option value=OTHER prop:selected=move || other.get()>"Other components…"</option> })
    };
    view! {
        <select
            aria-label="Space"
            title="The plane in which the cells are drawn"
            disabled=move || spaces.with(|all| all.len() < 2)
            on:change:target=move |event| chosen(event.target().value())
        >
            {move || spaces.get().into_iter().enumerate().map(entry).collect_view()}
            {move || more()}
        </select>
        <Show when=move || other.get()>
            <Components/>
        </Show>
    }
}

/// The two components; choosing the one that the other axis has exchanges them.
#[component]
fn Components() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let names = Memo::new(move |_| {
        read(state, |summary| {
            (1..=summary.dimensions).map(|component| format!("{} {component}", summary.axis)).collect::<Vec<_>>()
        })
    });
    let fields = [NodeRef::<html::Select>::new(), NodeRef::<html::Select>::new()];
    let shown = move || match state.space.get() {
        SpaceId::Components(axes) => axes,
        SpaceId::Embedding(_) => [0, 1],
    };
    let choose = move |axis: usize| {
        // What the fields say: the plane before may still be on its way.
        let said = fields.map(|field| field.get_untracked().and_then(|field| field.value().parse::<usize>().ok()));
        let [Some(x), Some(y)] = said else { return };
        let mut axes = [x, y];
        if x == y {
            axes[1 - axis] = untrack(shown)[axis];
        }
        if axes[0] != axes[1] {
            engine.ask(&COORDINATES, SpaceId::Components(axes));
        }
    };
    let field = move |axis: usize| {
        let label = ["Component along x", "Component along y"][axis];
        let entry = move |(i, name): (usize, String)| {
            view! { <option value=i.to_string() prop:selected=move || shown()[axis] == i>{name}</option> }
        };
        view! {
            <select node_ref=fields[axis] aria-label=label title=label on:change=move |_| choose(axis)>
                {move || names.get().into_iter().enumerate().map(entry).collect_view()}
            </select>
        }
    };
    view! { <span class="inline" role="group" aria-label="Components">{field(0)} "×" {field(1)}</span> }
}

fn read<T: Default>(state: State, read: impl FnOnce(&DatasetSummary) -> T) -> T {
    state.dataset.with(|it| it.as_ref().map(|it| read(&it.summary)).unwrap_or_default())
}

//! One field that finds genes, types, time points and samples by their names.

use super::{help::is_elsewhere, modal::Modal};
use crate::prelude::*;
use crate::{
    shown::find::{Found, Thing, found, show},
    state::State,
};
use leptos::{ev, html};

/// Opens the field.
#[component]
pub fn FindButton() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <button
            type="button"
            title="Find a gene, a cell type, a time point or a sample (/)"
            aria-haspopup="dialog"
            on:click=move |_| state.dialogs.find.set(true)
        >
            "Find"
        </button>
    }
}

/// The field in its dialog; `/` opens it.
#[component]
pub fn FindDialog() -> impl IntoView {
    let state = expect_context::<State>();
    let open = state.dialogs.find;
    let keys = window_event_listener(ev::keydown, move |event| {
        let alone = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if event.key() == "/" && alone && !is_elsewhere(&event) && state.dataset.with_untracked(Option::is_some) {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <Modal name="find" title="Find" open close=move |()| open.set(false)>
            <Field/>
        </Modal>
    }
}

/// The field with what fits it: arrows choose, Enter shows.
#[component]
fn Field() -> impl IntoView {
    let state = expect_context::<State>();
    let (text, chosen) = (RwSignal::new(String::new()), RwSignal::new(0_usize));
    let all = Memo::new(move |_| text.with(|text| found(state, text)));
    let take = move |thing: Thing| {
        state.dialogs.find.set(false);
        show(state, thing);
    };
    let keyed = move |event: ev::KeyboardEvent| {
        let count = all.with_untracked(Vec::len);
        let step = |by: usize| chosen.update(|at| *at = (*at + by) % count.max(1));
        match event.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(count.saturating_sub(1)),
            "Enter" => {
                if let Some(found) = all.with_untracked(|all| all.get(chosen.get_untracked()).cloned()) {
                    take(found.thing);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let row = move |(place, found): (usize, Found)| {
        let thing = found.thing;
        let swatch = match thing {
            Thing::Type(kind) => state.type_colors().get(kind).map(ToString::to_string),
            _ => None,
        };
        view! {
            <li
                id=format!("found-{place}")
                role="option"
                aria-selected=move || (chosen.get() == place).to_string()
                on:pointerenter=move |_| chosen.set(place)
                on:click=move |_| take(thing)
            >
                <span class="swatch" class:none=swatch.is_none() style:background-color=swatch></span>
                <span class="name">{found.name}</span>
                <span class="quiet">{found.kind}</span>
            </li>
        }
    };
    let told = move || match (text.with(|text| text.trim().is_empty()), all.with(Vec::len)) {
        (true, _) => "Types are pinned, genes colour the cells, time points and samples are chosen.".to_owned(),
        (false, 0) => "Nothing here has this in its name.".to_owned(),
        (false, 1) => "1 found.".to_owned(),
        (false, count) => format!("{count} found."),
    };
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            input.focus().ok();
        }
    });
    view! {
        <div class="finding">
            <input
                node_ref=input
                type="text"
                role="combobox"
                aria-label="Name of a gene, cell type, time point or sample"
                aria-controls="found"
                aria-expanded=move || (!all.with(Vec::is_empty)).to_string()
                aria-activedescendant=move || (!all.with(Vec::is_empty)).then(|| format!("found-{}", chosen.get()))
                autocomplete="off"
                spellcheck="false"
                prop:value=move || text.get()
                on:input:target=move |event| {
                    chosen.set(0);
                    text.set(event.target().value());
                }
                on:keydown=keyed
            />
            <ul id="found" role="listbox" aria-label="Found">
                {move || all.get().into_iter().enumerate().map(row).collect_view()}
            </ul>
            <p class="quiet" role="status">{move || told()}</p>
        </div>
    }
}

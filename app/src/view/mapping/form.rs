//! The choices of a mapping.

use super::time_order::TimeOrder;
use crate::{engine::Engine, state::State, words};
use leptos::prelude::*;
use scimf::protocol::{Column, DisplaySpace, FileSummary, Mapping, ModelSpace, OrderSource};

/// Selects for time, type and spaces, with what they lead to.
#[component]
pub fn Form(
    /// What is in the file.
    file: FileSummary,
    /// What the engine would choose.
    proposed: Mapping,
) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let mapping = RwSignal::new(proposed);
    let columns = StoredValue::new(file.columns.clone());
    let column = move |name: &str| columns.with_value(|all| all.iter().find(|column| column.name == name).cloned());
    let time = Memo::new(move |_| column(&mapping.with(|it| it.time.clone())));
    let cell_type = Memo::new(move |_| mapping.with(|it| it.cell_type.clone()).and_then(|name| column(&name)));
    let choose_time = move |name: String| {
        let order =
            column(&name).map(|it| it.levels.into_iter().map(|level| level.label).collect()).unwrap_or_default();
        mapping.update(|it| {
            it.time = name;
            it.time_order = order;
        });
    };
    let some = |name: String| (!name.is_empty()).then_some(name);
    let times = options(
        file.columns
            .iter()
            .filter(|column| column.can_be_time)
            .map(|column| (column.name.clone(), format!("{} ({} values)", column.name, column.distinct))),
    );
    let types = options(
        std::iter::once((String::new(), "none".into())).chain(
            file.columns
                .iter()
                .filter(|column| !column.levels.is_empty())
                .map(|column| (column.name.clone(), format!("{} ({} values)", column.name, column.distinct))),
        ),
    );
    let space = |space: &scimf::protocol::SpaceSummary| {
        (space.name.clone(), format!("{} ({} dimensions)", space.name, space.dimensions))
    };
    let model_spaces = options(file.spaces.iter().map(space));
    let display_spaces = options(
        std::iter::once((String::new(), "first two axes of the model space".into()))
            .chain(file.spaces.iter().map(space)),
    );
    let open = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        engine.apply_mapping(mapping.get_untracked());
    };
    view! {
        <form on:submit=open>
            <h2 id="mapping-title">{file.name.clone()}</h2>
            <p class="quiet">{words::count(file.cells)} " cells, " {words::count(file.genes)} " genes"</p>
            <div class="columns">
                <div>
                    <Select
                        label="Time"
                        hint="The column with the time point of each cell."
                        options=times
                        value=Signal::derive(move || mapping.with(|it| it.time.clone()))
                        set=choose_time
                    />
                    <TimeOrder mapping column=time/>
                    {move || {
                        time.get()
                            .filter(|it| it.order == OrderSource::Unknown)
                            .map(|_| {
                                view! {
                                    <p class="note">
                                        "Neither the file nor the labels say which time point comes first. Please check the order."
                                    </p>
                                }
                            })
                    }}
                </div>
                <div>
                    <Select
                        label="Cell type"
                        hint="The column with the type of each cell, for colours and the chord."
                        options=types
                        value=Signal::derive(move || mapping.with(|it| it.cell_type.clone().unwrap_or_default()))
                        set=move |name: String| mapping.update(|it| it.cell_type = some(name))
                    />
                    <p class="levels quiet">{move || cell_type.get().map(|it| levels(&it))}</p>
                    <Select
                        label="Model space"
                        hint="The array in which the model learns, such as principal components."
                        options=model_spaces
                        value=Signal::derive(move || mapping.with(|it| match &it.model_space {
                            ModelSpace::Stored(name) => name.clone(),
                            ModelSpace::Computed(_) => String::new(),
                        }))
                        set=move |name: String| mapping.update(|it| it.model_space = ModelSpace::Stored(name))
                    />
                    <Select
                        label="Display space"
                        hint="The plane in which cells are drawn first."
                        options=display_spaces
                        value=Signal::derive(move || mapping.with(|it| match &it.display_space {
                            DisplaySpace::Stored(name) => name.clone(),
                            _ => String::new(),
                        }))
                        set=move |name: String| {
                            mapping.update(|it| it.display_space = some(name).map_or(DisplaySpace::Components, DisplaySpace::Stored));
                        }
                    />
                </div>
            </div>
            {(!file.notes.is_empty())
                .then(|| {
                    view! { <ul class="note">{file.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view()}</ul> }
                })}
            <div class="actions">
                <button type="button" on:click=move |_| engine.discard_file()>
                    "Cancel"
                </button>
                <button type="submit" class="primary" disabled=move || state.opening.with(Option::is_some)>
                    "Open"
                </button>
            </div>
        </form>
    }
}

/// A labelled select over names from the file.
#[component]
fn Select(
    label: &'static str,
    hint: &'static str,
    /// Values and what they are called.
    options: Vec<(String, String)>,
    value: Signal<String>,
    #[prop(into)] set: Callback<String>,
) -> impl IntoView {
    let option = move |(key, name): (String, String)| {
        let this = key.clone();
        view! {
            <option value=key selected=move || value.with(|value| *value == this)>
                {name}
            </option>
        }
    };
    view! {
        <label class="select" title=hint>
            <span>{label}</span>
            <select aria-label=label on:change:target=move |event| set.run(event.target().value())>
                {options.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
}

fn options(all: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    all.collect()
}

/// The largest types with their counts.
fn levels(column: &Column) -> String {
    const SHOWN: usize = 12;
    let mut text: Vec<String> =
        column.levels.iter().take(SHOWN).map(|it| format!("{} {}", it.label, words::count(it.cells))).collect();
    if column.levels.len() > SHOWN {
        text.push(format!("and {} more", column.levels.len() - SHOWN));
    }
    if column.missing > 0 {
        text.push(format!("{} cells without a value", words::count(column.missing)));
    }
    text.join(" · ")
}

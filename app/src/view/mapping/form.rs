//! The choices of a mapping.

use super::display_space::DisplaySpaceSelect;
use super::model_space::ModelSpaceSelect;
use super::steps::Steps;
use super::time_order::{self, TimeOrder};
use super::types::Types;
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::State,
    view::select_one::{SelectOne, named},
    words,
};
use scimf::protocol::{Column, FileSummary, Mapping, ModelSpace, OrderSource};

/// Most levels of a column that are listed to choose a sample from.
const MOST_SAMPLES: usize = 100;

/// Selects for time, type, sample and spaces, with what they lead to.
#[component]
pub fn Form(
    /// What is in the file.
    file: FileSummary,
    /// What the engine would choose.
    proposed: Mapping,
    /// Why something is open in it.
    questions: Vec<String>,
) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let mapping = RwSignal::new(proposed);
    let columns = StoredValue::new(file.columns.clone());
    let column = move |name: &str| columns.with_value(|all| all.iter().find(|column| column.name == name).cloned());
    let time = Memo::new(move |_| column(&mapping.with(|it| it.time.clone())));
    let choose_time = move |name: String| {
        let order = column(&name).map(|it| time_order::proposed(&it)).unwrap_or_default();
        mapping.update(|it| {
            if it.cell_type.as_ref() == Some(&name) {
                it.cell_type = None;
            }
            it.time = name;
            it.time_order = order;
            // Positions in the former order mean nothing in this one.
            if let ModelSpace::Computed(steps) = &mut it.model_space {
                steps.held_out.clear();
            }
        });
    };
    let some = |name: String| (!name.is_empty()).then_some(name);
    let item = |column: &Column| named(&column.name, format!("{} ({} values)", column.name, column.distinct));
    let times = file.columns.iter().filter(|column| column.can_be_time).map(item);
    // Where the engine found no time, none is chosen for the user.
    let times = mapping
        .with_untracked(|it| it.time.is_empty())
        .then(|| named("", "choose a column"))
        .into_iter()
        .chain(times)
        .collect();
    let open_choice = Memo::new(move |_| {
        mapping.with(|it| {
            let no_space = matches!(&it.model_space, ModelSpace::Stored(name) if name.is_empty());
            it.time_order.len() < 2 || no_space
        })
    });
    let samples = file.columns.iter().filter(|column| (2..=MOST_SAMPLES).contains(&column.levels.len())).map(item);
    let samples = std::iter::once(named("", "none")).chain(samples).collect();
    let open = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        engine.apply_mapping(mapping.get_untracked());
    };
    view! {
        <form on:submit=open>
            <p class="quiet">{words::count(file.cells)} " cells, " {words::count(file.genes)} " genes"</p>
            <Show when=move || open_choice.get()>
                <div class="note" role="status">
                    {questions.iter().map(|question| view! { <p>{question.clone()}</p> }).collect_view()}
                    <p>"Choose what is open below."</p>
                </div>
            </Show>
            <div class="columns">
                <div>
                    <SelectOne
                        above=true
                        label="Time"
                        hint="The column with the time point of each cell."
                        groups=vec![("", times)]
                        value=Signal::derive(move || mapping.with(|it| it.time.clone()))
                        set=choose_time
                    />
                    <TimeOrder mapping column=time/>
                    {move || {
                        time.get()
                            .and_then(|it| match it.order {
                                OrderSource::Unknown => {
                                    Some("Neither the file nor the labels say which time point comes first. Please check the order.")
                                }
                                OrderSource::Guessed => {
                                    Some("The order is a guess by the numbers in these labels. Please check it.")
                                }
                                OrderSource::Declared | OrderSource::Number | OrderSource::Convention => None,
                            })
                            .map(|hint| view! { <p class="note">{hint}</p> })
                    }}
                </div>
                <div>
                    <Types file=file.clone() mapping/>
                    <SelectOne
                        above=true
                        label="Sample"
                        hint="The column with the population in which each cell lived: donor, replicate, genotype. The bundle keeps it; `scimf interactions` compares samples."
                        groups=vec![("", samples)]
                        value=Signal::derive(move || mapping.with(|it| it.sample.clone().unwrap_or_default()))
                        set=move |name: String| mapping.update(|it| it.sample = some(name))
                    />
                    <ModelSpaceSelect file=file.clone() mapping/>
                    <DisplaySpaceSelect file=file.clone() mapping/>
                </div>
            </div>
            <Steps file=file.clone() mapping/>
            {(!file.notes.is_empty())
                .then(|| {
                    view! { <ul class="note">{file.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view()}</ul> }
                })}
            <Show when=move || state.evaluating.with(Option::is_some)>
                <p class="note">"An evaluation is running. Opening this study ends it."</p>
            </Show>
            <div class="actions">
                <button type="button" on:click=move |_| engine.discard_study()>
                    "Cancel"
                </button>
                <button type="submit" class="primary" disabled=move || state.opening.with(Option::is_some) || open_choice.get()>
                    "Open"
                </button>
            </div>
        </form>
    }
}

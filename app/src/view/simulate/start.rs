//! Where simulated cells begin.

use crate::prelude::*;
use crate::{state::State, view::select_one::SelectOne, words};

/// Time, types, selected cells, alone or among the others.
#[component]
pub fn StartChoice() -> impl IntoView {
    let state = expect_context::<State>();
    let query = state.simulate.query;
    let times = move || state.time_labels().into_iter().enumerate().map(|(i, name)| (i.to_string(), name)).collect();
    let start = Memo::new(move |_| query.with(|query| query.start.time));
    let set = move |key: String| {
        let last = untrack(|| state.time_labels()).len().saturating_sub(1);
        if let Ok(time) = key.parse::<usize>() {
            state.simulate.start_at(time.min(last), last);
        }
    };
    let selected = Memo::new(move |_| state.selected_at(start.get()).len());
    let any = Memo::new(move |_| state.selection.cells.with(|cells| !cells.is_empty()));
    let standing = move || match (any.get(), selected.get()) {
        (false, _) => "(none selected)".into(),
        (true, 0) => "(none at this time: all begin)".into(),
        (true, n) => format!("({} at this time)", words::count(n)),
    };
    let part = Memo::new(move |_| {
        query.with(|query| !query.start.types.is_empty()) || (state.simulate.from_selection.get() && selected.get() > 0)
    });
    view! {
        <SelectOne
            label="Start at"
            hint="The time point whose observed cells the simulation begins with"
            options=Signal::derive(times)
            value=Signal::derive(move || start.get().to_string())
            set
        />
        <FromSample start sample=Signal::derive(move || state.simulation_query().start.sample)/>
        <TypeBoxes start/>
        <label class="check" title="Select cells on the scatter plot first">
            <input
                type="checkbox"
                disabled=move || !any.get() && !state.simulate.from_selection.get()
                prop:checked=move || state.simulate.from_selection.get()
                on:change:target=move |event| state.begin_with_selection(event.target().checked())
            />
            <span>"Selected cells only " <span class="quiet">{move || standing()}</span></span>
        </label>
        <Show when=move || state.can().interaction>
        <label class="check">
            <input
                type="checkbox"
                aria-describedby="alone-hint"
                disabled=move || !part.get()
                prop:checked=move || query.with(|query| query.start.alone)
                on:change:target=move |event| query.update(|query| query.start.alone = event.target().checked())
            />
            "On their own"
        </label>
        <p class="quiet small" id="alone-hint">
            "On their own, the chosen cells are the whole population; otherwise they move among all cells of the time point, hear them, and are not heard by them."
        </p>
        </Show>
    }
}

/// Whose cells are moved, where the dataset has samples.
#[component]
pub fn FromSample(
    /// The time point.
    #[prop(into)]
    start: Signal<usize>,
    /// The sample; none for all cells.
    sample: Signal<Option<usize>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        let name = sample.get().and_then(|sample| state.sample_names().get(sample).cloned())?;
        Some(match state.samples.chosen.get() {
            _ if !state.has_cells(start.get(), sample.get()) => {
                format!("Sample {name} has no cells at this time point: choose another start.")
            }
            Some(_) => format!("Cells of sample {name}, the chosen one."),
            None => format!(
                "Cells of sample {name}: cells of different samples never met. Another one is chosen beside the time points."
            ),
        })
    };
    view! { {move || words().map(|words| view! { <p class="quiet small from-sample">{words}</p> })} }
}

/// A box for each type; none is all.
#[component]
fn TypeBoxes(start: Memo<usize>) -> impl IntoView {
    let state = expect_context::<State>();
    let query = state.simulate.query;
    let kinds = Memo::new(move |_| {
        let colors = state.type_colors();
        let names = state.type_names();
        names.into_iter().zip(colors).map(|(name, color)| (name, color.to_string())).collect::<Vec<_>>()
    });
    let counts = Memo::new(move |_| state.observed_counts(state.moved_sample(start.get(), &[])));
    let toggle = move |kind: usize| {
        query.update(|query| match query.start.types.binary_search(&kind) {
            Ok(at) => drop(query.start.types.remove(at)),
            Err(at) => query.start.types.insert(at, kind),
        });
    };
    let box_of = move |(kind, (name, color)): (usize, (String, String))| {
        let count = move || {
            let kinds = kinds.with(Vec::len);
            counts.with(|counts| counts.get(start.get() * kinds + kind).copied().unwrap_or(0))
        };
        let chosen = move || query.with(|query| query.start.types.contains(&kind));
        let title = name.clone();
        view! {
            <label class="check" title=title>
                <input
                    type="checkbox"
                    disabled=move || count() == 0 && !chosen()
                    prop:checked=chosen
                    on:change=move |_| toggle(kind)
                />
                <span class="swatch" aria-hidden="true" style:background-color=color></span>
                <span class="name">{name}</span>
                <span class="quiet">{move || words::count(count())}</span>
            </label>
        }
    };
    view! {
        <fieldset class="kinds">
            <legend>"Begin with " <span class="quiet">"(none chosen: all types)"</span></legend>
            <div class="boxes">{move || kinds.get().into_iter().enumerate().map(box_of).collect_view()}</div>
        </fieldset>
    }
}

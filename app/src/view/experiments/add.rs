//! Changes to choose from.

use crate::prelude::*;
use crate::{
    state::State,
    view::{
        field::NumberField,
        genes::GeneField,
        select_one::{Named, SelectOne},
    },
    words,
};
use scimf::protocol::{Array, Change};

/// The receiver that stands for all.
const EVERYONE: &str = "everyone";

/// Remove, mute, shift.
#[component]
pub fn AddChange() -> impl IntoView {
    let state = expect_context::<State>();
    let locked =
        Signal::derive(move || state.dataset.with(Option::is_none) || state.experiments.running.with(Option::is_some));
    view! {
        <div class="changes-to-add" role="group" aria-label="Add a change">
            <Remove locked/>
            <Mute locked/>
            <Shift locked/>
        </div>
    }
}

fn add(state: State, change: Change) {
    state.experiments.choice.update(|choice| {
        if !choice.changes.contains(&change) {
            choice.changes.push(change);
        }
    });
}

/// The cell types as options.
fn kinds(state: State) -> Vec<Named> {
    state.type_names().into_iter().enumerate().map(|(kind, name)| (kind.to_string(), name)).collect()
}

#[component]
fn Remove(locked: Signal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let kind = RwSignal::new(0_usize);
    let options = Memo::new(move |_| kinds(state));
    let selected = Memo::new(move |_| state.selection.cells.with(|cells| cells.len()));
    let remove_cells = move |_| {
        let cells = Array(state.selection.cells.get_untracked().to_vec());
        add(state, Change::Remove { types: Vec::new(), cells });
    };
    view! {
        <div class="change">
            <SelectOne
                label="Cell type to remove"
                hint="Its cells are taken out of the population at the start"
                options
                value=Signal::derive(move || kind.get().to_string())
                set=move |key: String| kind.set(key.parse().unwrap_or(0))
                disabled=locked
            />
            <button
                type="button"
                disabled=locked
                on:click=move |_| add(state, Change::Remove { types: vec![kind.get_untracked()], cells: Array::default() })
            >
                "Remove type"
            </button>
            <button
                type="button"
                class="whole"
                title="Select cells on the scatter plot first"
                disabled=move || locked.get() || selected.get() == 0
                on:click=remove_cells
            >
                {move || match selected.get() {
                    0 => "Remove selected cells".to_owned(),
                    n => format!("Remove {} selected cells", words::count(n)),
                }}
            </button>
        </div>
    }
}

#[component]
fn Mute(locked: Signal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let (receiver, sender) = (RwSignal::new(None::<usize>), RwSignal::new(0_usize));
    let senders = Memo::new(move |_| kinds(state));
    let receivers = Memo::new(move |_| [vec![(EVERYONE.to_owned(), "everyone".to_owned())], kinds(state)].concat());
    let mute = move |_| {
        let (receiver, sender) = (receiver.get_untracked(), sender.get_untracked());
        add(state, Change::Mute { receiver, sender });
    };
    view! {
        <div class="change">
            <SelectOne
                label="Sender to mute"
                hint="The type that is not heard: the attention to its cells is masked at all times"
                options=senders
                value=Signal::derive(move || sender.get().to_string())
                set=move |key: String| sender.set(key.parse().unwrap_or(0))
                disabled=locked
            />
            <SelectOne
                label="for the receiver"
                hint="The type that does not hear it"
                options=receivers
                value=Signal::derive(move || receiver.get().map_or_else(|| EVERYONE.to_owned(), |kind| kind.to_string()))
                set=move |key: String| receiver.set(key.parse().ok())
                disabled=locked
            />
            <button type="button" disabled=locked on:click=mute>
                "Mute link"
            </button>
        </div>
    }
}

#[component]
fn Shift(locked: Signal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let by = RwSignal::new(1.0_f64);
    let none = Memo::new(move |_| state.genes.names.with(|names| names.is_empty()));
    view! {
        <div class="change">
            <NumberField
                label="Shift by"
                hint="Added to the expression of the gene at the start, in the units of the decoder (usually log-normalised expression), through the gene's loadings; negative for a knock-down."
                min=-20.0
                max=20.0
                disabled=locked
                value=by
                set=move |x: f64| by.set(x)
            />
            <GeneField
                label="Gene to shift"
                button="Shift gene"
                choose=move |gene: usize| {
                    let by = by.get_untracked() as f32;
                    if by != 0.0 {
                        add(state, Change::Shift { gene, by });
                    }
                }
                disabled=Signal::derive(move || locked.get() || none.get())
            />
            <p class="quiet small">
                {move || (none.get() && state.dataset.with(Option::is_some)).then_some("Genes can be shifted in studies with loadings.")}
            </p>
        </div>
    }
}

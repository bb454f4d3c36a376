//! What is evaluated.

use crate::{
    signals::Memo,
    state::State,
    view::{field::NumberField, select_one::SelectOne, time_boxes::TimeBoxes},
};
use leptos::prelude::*;

/// Components of Cell-MNN's published table.
const PUBLISHED: usize = 5;

/// Time points, repetitions, cells, trainings and the measure.
#[component]
pub fn Choices() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.evaluation_choice;
    let locked = Signal::derive(move || state.evaluating.with(Option::is_some));
    let measures = Signal::derive(move || {
        let all = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
        let own = state.models.cell_mnn_settings.with(|settings| settings.config.dimensions);
        let mut firsts: Vec<usize> = [PUBLISHED, own].map(|count| count.min(all)).to_vec();
        firsts.extend(choice.with(|it| it.components));
        firsts.sort_unstable();
        firsts.dedup();
        let whole = (String::new(), format!("model space ({all})"));
        let first = |count: usize| (count.to_string(), format!("first {count}, standardised"));
        std::iter::once(whole).chain(firsts.into_iter().map(first)).collect::<Vec<_>>()
    });
    let toggle = move |time: usize| {
        choice.update(|choice| match choice.held_out.binary_search(&time) {
            Ok(at) => drop(choice.held_out.remove(at)),
            Err(at) => choice.held_out.insert(at, time),
        });
    };
    view! {
        <TimeBoxes
            legend="Time points to predict"
            hint="Held out of the training, and compared with the prediction. The simulation starts from the first."
            tip="Predict these cells and compare."
            labels=Memo::new(move |_| state.time_labels())
            chosen=Signal::derive(move || choice.with(|choice| choice.held_out.clone()))
            toggle
            disabled=locked
        />
        <div class="fields">
            <NumberField
                label="Seeds"
                hint="Repetitions with other drawn cells, noise and first weights: the standard deviation over them tells noise from effect. The paper's number is 5."
                min=1.0
                max=20.0
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|it| it.seeds)))
                set=move |n: f64| choice.update(|it| it.seeds = n as u32)
            />
            <NumberField
                label="Predicted cells"
                unit="cells"
                hint="Simulated cells that are compared with the observed ones. The paper's number is 2,000."
                min=2.0
                max=20000.0
                whole=true
                disabled=locked
                value=Signal::derive(move || choice.with(|it| it.cells) as f64)
                set=move |n: f64| choice.update(|it| it.cells = n as usize)
            />
            <NumberField
                label="Updates per model"
                hint="Length of each training of scIMF. Everything else is as set in Train."
                min=1.0
                max=1e6
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|it| it.updates)))
                set=move |n: f64| choice.update(|it| it.updates = n as u32)
            />
            <NumberField
                label="Epochs of Cell-MNN"
                hint="Most epochs of each training of Cell-MNN. Everything else is as set in Train with Cell-MNN chosen."
                min=1.0
                max=1e6
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|it| it.epochs)))
                set=move |n: f64| choice.update(|it| it.epochs = n as u32)
            />
        </div>
        <fieldset class="afresh">
            <legend>"Train afresh"</legend>
            <label class="check" title="Both for each seed. Without this, the weights of scIMF in use are evaluated.">
                <input
                    type="checkbox"
                    disabled=locked
                    prop:checked=move || choice.with(|it| it.scimf)
                    on:change:target=move |event| choice.update(|it| it.scimf = event.target().checked())
                />
                "scIMF, with and without interaction"
            </label>
            <label class="check" title="For each seed. Without this, the weights of Cell-MNN in use are evaluated.">
                <input
                    type="checkbox"
                    disabled=locked
                    prop:checked=move || choice.with(|it| it.cell_mnn)
                    on:change:target=move |event| include(state, event.target().checked())
                />
                "Cell-MNN"
            </label>
        </fieldset>
        <SelectOne
            label="Measure in"
            hint="Where distances are measured: the whole model space, or Cell-MNN's published measure, its first components divided by their standard deviations"
            options=measures
            value=Signal::derive(move || choice.with(|it| it.components.map_or_else(String::new, |count| count.to_string())))
            set=move |key: String| choice.update(|it| it.components = key.parse().ok())
            disabled=locked
        />
    }
}

/// Trains Cell-MNN as well, or not. It cannot be measured in more components than it works in, so its published measure comes with it.
fn include(state: State, cell_mnn: bool) {
    let own = state.models.cell_mnn_settings.with_untracked(|settings| settings.config.dimensions);
    let all = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
    state.evaluation_choice.update(|choice| {
        choice.cell_mnn = cell_mnn;
        if cell_mnn && choice.components.unwrap_or(all) > own {
            choice.components = Some(own.min(PUBLISHED));
        }
    });
}

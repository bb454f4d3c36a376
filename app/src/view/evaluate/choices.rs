//! What is evaluated.

use crate::prelude::*;
use crate::{
    state::State,
    view::{field::NumberField, select_one::SelectOne, time_boxes::TimeBoxes, train::Budgets},
    words,
};
use scimf::protocol::{Budget, ModelKind};

/// Components of published tables.
const PUBLISHED: usize = 5;

/// Time points, repetitions, cells, trainings and the measure.
#[component]
pub fn Choices() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.evaluation_choice;
    let locked = Signal::derive(move || state.evaluating.with(Option::is_some));
    let measures = Signal::derive(move || {
        let all = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
        let own = state.models.all().filter_map(|(_, model)| model.components());
        let mut firsts: Vec<usize> = std::iter::once(PUBLISHED).chain(own).map(|count| count.min(all)).collect();
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
        <div>
            <p class="quiet">"Time for each training"</p>
            <Budgets/>
        </div>
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
            <Show when=move || state.budgets.chosen.get() == Budget::Custom>
                {ModelKind::ALL.map(|model| view! { <Length model locked/> }).collect_view()}
            </Show>
        </div>
        <fieldset class="afresh">
            <legend>"Train afresh"</legend>
            {ModelKind::ALL.map(|model| view! { <Include model locked/> }).collect_view()}
        </fieldset>
        <SelectOne
            label="Measure in"
            hint="Where distances are measured: the whole model space, or, as some published tables have it, its first components divided by their standard deviations"
            options=measures
            value=Signal::derive(move || choice.with(|it| it.components.map_or_else(String::new, |count| count.to_string())))
            set=move |key: String| choice.update(|it| it.components = key.parse().ok())
            disabled=locked
        />
    }
}

/// How long a model is trained.
#[component]
fn Length(model: ModelKind, locked: Signal<bool>) -> impl IntoView {
    let choice = expect_context::<State>().evaluation_choice;
    let card = model.card();
    view! {
        <NumberField
            label=format!("{}s of {}", words::sentence(card.step), card.name)
            hint="Length of each of its trainings, at most. Everything else is as set in Train with this model chosen."
            min=1.0
            max=1e6
            whole=true
            disabled=locked
            value=Signal::derive(move || f64::from(choice.with(|it| it.of(model).steps)))
            set=move |n: f64| choice.update(|it| it.change(model, |it| it.steps = n as u32))
        />
    }
}

/// Whether a model is trained; with its twin where it has one.
#[component]
fn Include(model: ModelKind, locked: Signal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.evaluation_choice;
    let card = model.card();
    let name = match card.twin {
        Some(_) => format!("{}, with and without interaction", card.name),
        None => card.name.to_owned(),
    };
    // Such a model cannot be trained where the dataset has components alone.
    let without = Signal::derive(move || card.can.genes && state.expression() != [true; 2]);
    let about = move || match without.get() {
        true => format!("{} works on measured genes, which this dataset does not have.", card.name),
        false => format!("For each seed. Without this, the weights of {} in use are evaluated.", card.name),
    };
    view! {
        <label class="check" title=about>
            <input
                type="checkbox"
                disabled=move || locked.get() || without.get()
                prop:checked=move || choice.with(|it| it.of(model).train)
                on:change:target=move |event| include(state, model, event.target().checked())
            />
            {name}
        </label>
    }
}

/// Trains a model, or not. It cannot be measured in more components than it works in, so the published measure comes with it.
fn include(state: State, model: ModelKind, train: bool) {
    let own = untrack(|| state.models.of(model).components());
    let all = state.dataset.with_untracked(|it| it.as_ref().map_or(0, |it| it.summary.dimensions));
    state.evaluation_choice.update(|choice| {
        choice.change(model, |it| it.train = train);
        if let Some(own) = own.filter(|own| train && choice.components.unwrap_or(all) > *own) {
            choice.components = Some(own.min(PUBLISHED));
        }
    });
}

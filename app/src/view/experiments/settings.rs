//! When an experiment begins and ends, with how many cells and seeds.

use crate::prelude::*;
use crate::{
    state::State,
    view::{
        field::NumberField,
        select_one::{Named, SelectOne},
        simulate::{EndSelect, FromSample},
    },
};

/// The start that follows the chosen time point.
const CHOSEN: &str = "chosen";

/// Start, end, cells and seeds.
#[component]
pub fn Settings() -> impl IntoView {
    let state = expect_context::<State>();
    let choice = state.experiments.choice;
    let locked = Signal::derive(move || state.experiments.running.with(Option::is_some));
    let start = Memo::new(move |_| choice.with(|choice| choice.start).unwrap_or_else(|| state.time.get()));
    let options = Memo::new(move |_| {
        let labels = state.time_labels();
        let chosen = labels.get(state.time.get()).cloned().unwrap_or_default();
        let times = labels.into_iter().enumerate().map(|(i, label)| (i.to_string(), label));
        let follow: Named = (CHOSEN.to_owned(), format!("chosen ({chosen})"));
        std::iter::once(follow).chain(times).collect::<Vec<_>>()
    });
    view! {
        <div class="span">
            <SelectOne
                label="Experiment starts at"
                hint="The time point whose observed cells are drawn, and changed"
                options
                value=Signal::derive(move || choice.with(|it| it.start.map_or_else(|| CHOSEN.to_owned(), |at| at.to_string())))
                set=move |key: String| choice.update(|choice| choice.start = key.parse().ok())
                disabled=locked
            />
            <EndSelect
                label="and ends at"
                start
                until=Signal::derive(move || choice.with(|choice| choice.until))
                set=move |until| choice.update(|choice| choice.until = until)
                disabled=locked
            />
        </div>
        <FromSample start sample=Signal::derive(move || state.experiment_query().simulation.start.sample)/>
        <div class="fields">
            <NumberField
                label="Cells per simulation"
                unit="cells"
                hint="Cells of each simulated population. More cells, less noise, more time."
                min=50.0
                max=2000.0
                whole=true
                disabled=locked
                value=Signal::derive(move || choice.with(|choice| choice.cells) as f64)
                set=move |n: f64| choice.update(|choice| choice.cells = n as usize)
            />
            <NumberField
                label="Pairs of simulations"
                unit="seeds"
                hint="Each pair has a seed of its own. The differences between unchanged simulations of different seeds are the noise floor."
                min=2.0
                max=10.0
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|choice| choice.seeds)))
                set=move |n: f64| choice.update(|choice| choice.seeds = n as u32)
            />
            <NumberField
                label="First seed"
                hint="Seed of the drawn cells and the noise of the first pair, which is the one that is watched; the others count on from it. The same seed gives the same experiment."
                min=0.0
                max=1e9
                whole=true
                disabled=locked
                value=Signal::derive(move || f64::from(choice.with(|choice| choice.seed)))
                set=move |n: f64| choice.update(|choice| choice.seed = n as u32)
            />
        </div>
    }
}

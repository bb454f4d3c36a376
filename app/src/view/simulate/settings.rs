//! Noise, number, end and seed.

use crate::prelude::*;
use crate::{
    state::State,
    view::{
        field::NumberField,
        select_one::{Named, SelectOne},
    },
};

/// How far beyond the last time point a simulation can go, in sampling intervals.
const BEYOND: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 5.0];

/// What does not depend on where the cells begin.
#[component]
pub fn Settings() -> impl IntoView {
    let state = expect_context::<State>();
    let query = state.simulate.query;
    let free = Signal::derive(|| false);
    let start = Memo::new(move |_| query.with(|query| query.start.time));
    view! {
        <EndSelect
            label="End at"
            start=start
            until=Signal::derive(move || query.with(|query| query.until))
            set=move |until| query.update(|query| query.until = until)
        />
        <div class="fields">
            <NumberField
                label="Number of cells"
                unit="cells"
                hint="Simulated cells, drawn from the chosen ones."
                min=50.0
                max=2000.0
                whole=true
                disabled=free
                value=Signal::derive(move || query.with(|query| query.cells) as f64)
                set=move |n: f64| query.update(|query| query.cells = n as usize)
            />
            <Show when=move || state.can().noise>
            <NumberField
                label="Noise"
                unit="× fitted"
                hint="Multiple of the model's diffusion sigma: 0 moves every cell by its drift alone, 1 is the fitted model."
                min=0.0
                max=2.0
                disabled=free
                value=Signal::derive(move || query.with(|query| query.noise.to_string().parse().unwrap_or(1.0)))
                set=move |x: f64| query.update(|query| query.noise = x as f32)
            />
            </Show>
            <NumberField
                label="Random seed"
                hint="Draws the cells and their noise: the same seed gives the same simulation."
                min=0.0
                max=4e9
                whole=true
                disabled=free
                value=Signal::derive(move || f64::from(query.with(|query| query.seed)))
                set=move |n: f64| query.update(|query| query.seed = n as u32)
            />
        </div>
    }
}

/// The time at which a simulation ends: a time point after its start, or beyond the data.
#[component]
pub fn EndSelect(
    /// Name of the control.
    label: &'static str,
    /// Time point of the start.
    #[prop(into)]
    start: Signal<usize>,
    /// The end in index units; none for the last time point.
    #[prop(into)]
    until: Signal<Option<f64>>,
    /// Takes another.
    #[prop(into)]
    set: Callback<Option<f64>>,
    /// It cannot be changed now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let options = Memo::new(move |_| ends(&state.time_labels(), start.get()));
    let last = move || state.time_labels().len().saturating_sub(1) as f64;
    // The last time point, or one interval later where the start is the last.
    let usual = move || if start.get() as f64 >= last() { last() + 1.0 } else { last() };
    view! {
        <SelectOne
            label
            hint="Beyond the last time point there is no data to compare with"
            options
            value=Signal::derive(move || until.get().filter(|until| *until > start.get() as f64).unwrap_or_else(usual).to_string())
            set=move |key: String| {
                let until = key.parse::<f64>().ok();
                set.run(until.filter(|until| *until != untrack(usual)));
            }
            disabled
        />
    }
}

fn ends(labels: &[String], start: usize) -> Vec<Named> {
    let Some(last) = labels.len().checked_sub(1) else { return Vec::new() };
    let observed = labels.iter().enumerate().skip(start + 1).map(|(i, label)| ((i as f64).to_string(), label.clone()));
    let beyond = BEYOND.map(|after| {
        let unit = if after == 1.0 { "interval" } else { "intervals" };
        ((last as f64 + after).to_string(), format!("{} + {after} {unit}", labels[last]))
    });
    observed.chain(beyond).collect()
}

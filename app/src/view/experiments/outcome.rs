//! What an experiment found.

use super::figure::ExperimentFigure;
use super::tables::{Numbers, Table};
use crate::prelude::*;
use crate::{
    playback,
    state::{Played, State},
    view::choice::{self, Choice},
    words,
};
use scimf::figure::experiment::{self, Measure};
use scimf::figure::time_axis;

const PLAYED: &[choice::Option<Played>] = &[
    (Played::Both, "Both", "Unchanged cells (circles) and changed cells (diamonds) over each other"),
    (Played::Unchanged, "Unchanged", "The cells without the change"),
    (Played::Changed, "Changed", "The same cells with the change"),
    (Played::Simulation, "Simulation", "The cells of the panel Simulate instead"),
];

/// Words, pictures and tables, and what the scatter plot plays.
#[component]
pub fn Outcome() -> impl IntoView {
    let state = expect_context::<State>();
    let genes = Memo::new(move |_| {
        state.experiments.found.with(|it| it.as_ref().is_some_and(|it| !it.experiment.genes.is_empty()))
    });
    let findings = move || {
        let (kinds, genes) = (state.type_names(), state.genes.names.get());
        state.experiments.found.with(|it| {
            it.iter()
                .flat_map(|it| experiment::findings(&it.experiment, &kinds, &genes))
                .map(|words| view! { <li>{words}</li> })
                .collect_view()
        })
    };
    let watch = move |_| {
        state.playing.set(false);
        state.playhead.set(None);
        playback::toggle(state);
    };
    view! {
        <p class="prediction">
            <strong>"These are predictions of the fitted model, not measurements."</strong>
            " "
            <span class="quiet">{move || asked(state)}</span>
        </p>
        <p class="caveat">{move || caveat(state)}</p>
        <ul class="verdicts" aria-label="What the experiment says" aria-live="polite">{move || findings()}</ul>
        <div class="bar on-the-cells">
            <span class="inline">"On the cells" <Choice label="Simulated cells of the experiment" options=PLAYED value=state.experiments.played/></span>
            <button type="button" on:click=watch>
                "Watch the experiment"
            </button>
        </div>
        <section aria-label="Fates">
            <div class="bar">
                <h3>"What the cells become"</h3>
                <Key hollow="unchanged" filled="changed"/>
            </div>
            <ExperimentFigure measure=Measure::Fates/>
            <p class="quiet small">"Shares of the cells that are in both simulations; cells that were taken out do not count."</p>
            <details class="numbers">
                <summary>"Shares in numbers"</summary>
                <Numbers table=Table::Fates/>
            </details>
        </section>
        <section aria-label="Displacement">
            <div class="bar">
                <h3>"How far they are displaced, by the type they began with"</h3>
                <Key hollow="each cell" filled="all together"/>
            </div>
            <ExperimentFigure measure=Measure::Moved/>
            <details class="numbers">
                <summary>"Displacement in numbers"</summary>
                <Numbers table=Table::Moved/>
            </details>
        </section>
        <Show when=move || genes.get()>
            <section aria-label="Gene changes">
                <div class="bar">
                    <h3>"Genes that change most beyond the noise"</h3>
                </div>
                <Numbers table=Table::Genes/>
            </section>
        </Show>
    }
}

/// What the marks of a figure mean.
#[component]
fn Key(hollow: &'static str, filled: &'static str) -> impl IntoView {
    view! {
        <span class="effect-key">
            <span aria-hidden="true">"○"</span>
            {hollow}
            <span aria-hidden="true" class="diamond">"◆"</span>
            {filled}
            <span aria-hidden="true" class="shaded"></span>
            "noise floor: what another seed alone makes"
        </span>
    }
}

/// What was asked, in a sentence.
fn asked(state: State) -> String {
    let labels = state.time_labels();
    state.experiments.found.with(|it| {
        let Some(it) = it else { return String::new() };
        let query = &it.experiment.query;
        let changes: Vec<_> = query.changes.iter().map(|change| state.change_words(change)).collect();
        let times = &it.unchanged.times;
        let [from, to] = [times.first(), times.last()]
            .map(|time| time_axis::words(&labels, time.map_or(0.0, |&time| f64::from(time))));
        format!(
            "{}; from {from} to {to}; {} cells; {} pairs, seeds {} to {}.",
            changes.join("; "),
            words::count(query.simulation.cells),
            query.seeds,
            query.simulation.seed,
            query.simulation.seed.saturating_add(query.seeds.saturating_sub(1))
        )
    })
}

/// What must be known to read the result right.
fn caveat(state: State) -> String {
    let mut words = String::new();
    state.experiments.found.with(|it| {
        let Some(it) = it else { return };
        if it.weights != state.models.weights_of_able(|can| can.interaction) {
            words += "The weights have changed since this was computed. ";
        }
        if it.unchanged.query.space != state.space.get() {
            words += "Its cells were placed in another space: run it again to watch them in this one.";
        }
    });
    words
}

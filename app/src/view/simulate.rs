//! New cells from where the user wants them: settings beside what they become.

mod beside;
mod cell_fates;
mod composition;
mod flows;
pub mod linearisation;
mod settings;
mod start;
mod table;

use crate::prelude::*;
use crate::{
    engine::{Engine, Question, SIMULATION},
    playback,
    state::{Played, State},
    words,
};
use beside::OtherModels;
use cell_fates::CopiesOfCells;
use composition::Compositions;
use flows::TypeFlows;
use linearisation::FrozenAndReencoded;
use scimf::figure::time_axis;
use scimf::protocol::{Command, SimulationFormat};
pub use settings::EndSelect;
use settings::Settings;
pub use start::FromSample;
use start::StartChoice;
use table::CompositionTable;

/// Settings of the simulation, and which types its cells become.
#[component]
pub fn Simulate() -> impl IntoView {
    let state = expect_context::<State>();
    let fates = Memo::new(move |_| state.simulation.with(|it| it.as_ref().is_some_and(|it| it.fates.is_some())));
    view! {
        <div class="bench">
            <div class="choices">
                <StartChoice/>
                <Settings/>
                <Actions/>
            </div>
            <div class="outcome">
                <Show when=move || fates.get() fallback=|| view! { <Waiting/> }>
                    <Compositions/>
                    <TypeFlows/>
                    <CompositionTable/>
                </Show>
                <Show when=move || state.can().operators && state.has_weights()>
                    <FrozenAndReencoded/>
                </Show>
                <OtherModels/>
                <Show when=move || state.has_weights()>
                    <CopiesOfCells/>
                </Show>
            </div>
        </div>
    }
}

/// Play, and the files of the simulated cells.
#[component]
fn Actions() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let there = Memo::new(move |_| state.simulation.with(Option::is_some));
    let waiting = move || engine.pending(Question::Simulation);
    let play = move |_| {
        state.experiments.played.set(Played::Simulation);
        state.playing.set(false);
        state.playhead.set(None);
        playback::toggle(state);
    };
    let save = move |format: SimulationFormat| {
        let query = untrack(|| state.simulation_query());
        state.status.set("The simulated cells are being written.".into());
        engine.save(Command::SaveSimulation { query, format });
    };
    view! {
        <p class="quiet standing" aria-live="polite">
            {move || match (waiting(), state.simulate.cancelled.get()) {
                (true, _) => "Simulating…".into(),
                (false, true) if there.get() => "Cancelled; the simulation before is shown.".into(),
                (false, true) => "The simulation was cancelled.".into(),
                (false, false) => standing(state),
            }}
        </p>
        <Running/>
        <div class="buttons" role="group" aria-label="Simulation">
            <button type="button" class="primary" disabled=move || !there.get() on:click=play>
                "Watch on the cells"
            </button>
            <button
                type="button"
                title="NumPy: times, and the cells of each frame in the model space"
                disabled=move || !there.get()
                on:click=move |_| save(SimulationFormat::Npz)
            >
                "Save cells (.npz)"
            </button>
            <button
                type="button"
                title="AnnData: a row for each cell and frame, with time and predicted type"
                disabled=move || !there.get()
                on:click=move |_| save(SimulationFormat::H5ad)
            >
                "Save cells (.h5ad)"
            </button>
        </div>
    }
}

/// How far the running simulation is, with its end; after that, another try.
#[component]
fn Running() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let (running, cancelled) = (state.simulate.running, state.simulate.cancelled);
    let runs = Memo::new(move |_| running.with(Option::is_some));
    let percent = move || running.with(|stage| stage.as_ref().map_or(0.0, |stage| 100.0 * stage.done.clamp(0.0, 1.0)));
    let act = move |_| {
        if runs.get_untracked() {
            engine.cancel_simulation();
        } else {
            engine.ask(&SIMULATION, untrack(|| state.simulation_query()));
        }
    };
    view! {
        <div class="moving" class:idle=move || !runs.get() && !cancelled.get()>
            <progress
                aria-label="Progress of the simulation"
                max="100"
                prop:value=move || f64::from(percent())
            ></progress>
            <button type="button" on:click=act>
                {move || if runs.get() { "Cancel simulation" } else { "Simulate again" }}
            </button>
        </div>
    }
}

/// What stands where the composition will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let why = move || {
        if state.dataset.with(Option::is_none) {
            "No dataset is open."
        } else if !state.has_weights() {
            "A simulation needs a model: train the one that is chosen above, or load weights."
        } else if state.simulate.cancelled.get() {
            "The simulation was cancelled. Change what is simulated, or simulate again."
        } else {
            "The cells are being simulated."
        }
    };
    view! {
        <div class="waiting">
            <p>{move || why()}</p>
            <p class="quiet">"Which cell types the simulated cells become appears here, beside what was observed."</p>
        </div>
    }
}

/// The simulation that is there, in a sentence.
fn standing(state: State) -> String {
    let labels = state.time_labels();
    state.simulation.with(|it| {
        let Some(it) = it else { return String::new() };
        let [from, to] = [it.times.first(), it.times.last()]
            .map(|time| time_axis::words(&labels, time.map_or(0.0, |&time| f64::from(time))));
        let cells = words::count(it.query.cells);
        let seed = it.query.seed;
        let sample = it.query.start.sample.and_then(|sample| state.sample_names().get(sample).cloned());
        let sample = sample.map_or_else(String::new, |name| format!(" of sample {name}"));
        let noise = match it.query.model.card().can.noise {
            true => format!("noise × {}", it.query.noise),
            false => "without noise".into(),
        };
        format!("{cells} cells{sample} from {from} to {to}, {noise}, seed {seed}.")
    })
}

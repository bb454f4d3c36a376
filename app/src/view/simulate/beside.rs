//! Where both models take the same cells, and what they become.

use crate::{signals::Memo, state::State, view::sketch::Sketch, words};
use leptos::prelude::*;
use scimf::figure::theme::Theme;
use scimf::figure::time_axis;
use scimf::figure::trails::{self, Trails};
use scimf::protocol::{ModelKind, Simulation};
use std::sync::Arc;

/// The models, in the order of all drawings and columns.
const MODELS: [ModelKind; 2] = [ModelKind::ScImf, ModelKind::CellMnn];

/// Trajectories of both over each other, and the shares of the types at the end beside those observed there.
#[component]
pub fn BothModels() -> impl IntoView {
    let state = expect_context::<State>();
    let wanted = Memo::new(move |_| MODELS.iter().all(|kind| state.has_weights_of(*kind)));
    let answers = move || {
        let [first, second] = MODELS.map(|kind| state.simulated_by(kind));
        first.zip(second).filter(|(first, second)| first.query.cells == second.query.cells)
    };
    let drawing = move |size| {
        let ((first, second), dataset) = (answers()?, state.dataset.get()?);
        let names = MODELS.map(ModelKind::name);
        let cells = first.query.cells;
        let (ground, theme) = (&dataset.cells.positions, Theme::new(state.dark.get()));
        let trails = Trails { ground, cells, first: &first.positions, second: &second.positions, names };
        Some(trails::draw(&trails, size, theme))
    };
    let about = Signal::derive(move || answers().map_or_else(String::new, |(first, _)| sentence(state, &first)));
    let there = Memo::new(move |_| answers().is_some());
    view! {
        <Show when=move || wanted.get()>
            <section class="linearisation" aria-labelledby="both-title">
                <h3 id="both-title">"scIMF and Cell-MNN side by side"</h3>
                <Show when=move || there.get() fallback=|| view! { <p class="quiet">"Both models are simulating."</p> }>
                    <p aria-live="polite">{about}</p>
                    <div class="pair">
                        <Sketch draw=drawing about class="trails"/>
                        <Shares/>
                    </div>
                    <p class="quiet small">{move || measured(state)}</p>
                </Show>
            </section>
        </Show>
    }
}

fn sentence(state: State, it: &Arc<Simulation>) -> String {
    let labels = state.time_labels();
    let [from, to] = [it.times.first(), it.times.last()]
        .map(|time| time_axis::words(&labels, time.map_or(0.0, |&time| f64::from(time))));
    let noise = if it.query.noise > 0.0 { "scIMF with its noise, Cell-MNN has none" } else { "both without noise" };
    format!("{} cells of each model from {from} to {to}; {noise}.", words::count(it.query.cells))
}

/// What the last evaluation says about the two, where it did.
fn measured(state: State) -> String {
    let said = state.evaluation.with(|it| {
        let held_out = &it.as_ref()?.table.held_out;
        let one = |time: &scimf::protocol::HeldOut| {
            let [a, b] = [time.scimf?, time.cell_mnn?].map(|it| words::number(it.w1 as f32));
            Some(format!("{}: scIMF {a}, Cell-MNN {b}", time.label))
        };
        let all: Vec<String> = held_out.iter().filter_map(one).collect();
        (!all.is_empty()).then(|| format!("Held-out W1, smaller is better: {}.", all.join("; ")))
    });
    said.unwrap_or_else(|| "Which of them predicts what it has not seen: Evaluate compares both.".into())
}

/// Shares of the types at the end.
#[component]
fn Shares() -> impl IntoView {
    let state = expect_context::<State>();
    let share = |value: Option<f32>| value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", 100.0 * value));
    let rows = move || {
        let [first, second] = MODELS.map(|kind| ends(state, kind));
        let (names, colors, observed) = (state.type_names(), state.type_colors(), observed(state));
        let row = |(kind, name): (usize, String)| {
            let of = |all: &Option<Vec<f32>>| share(all.as_ref().and_then(|all| all.get(kind).copied()));
            view! {
                <tr>
                    <th scope="row">
                        <span class="swatch" style:background-color=colors.get(kind).map(|color| color.to_string())></span>
                        " " {name}
                    </th>
                    <td>{of(&observed)}</td>
                    <td>{of(&first)}</td>
                    <td>{of(&second)}</td>
                </tr>
            }
        };
        names.into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <div class="figure-scroll tall" tabindex="0" role="group" aria-label="Shares of the types at the end">
            <table class="scores">
                <caption>"Cell types at the end"</caption>
                <thead>
                    <tr>
                        <th scope="col">"type"</th>
                        <th scope="col">"observed"</th>
                        <th scope="col">"scIMF"</th>
                        <th scope="col">"Cell-MNN"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Shares of the types among a model's cells at the end.
fn ends(state: State, kind: ModelKind) -> Option<Vec<f32>> {
    let simulation = state.simulated_by(kind)?;
    let shares = &simulation.fates.as_ref()?.shares;
    let types = state.type_names().len();
    Some(shares[shares.len().checked_sub(types)?..].to_vec())
}

/// Shares among the observed cells at the end; none where nothing was observed then.
fn observed(state: State) -> Option<Vec<f32>> {
    let end = state.simulated_by(ModelKind::ScImf)?.times.last().copied()?;
    let (counts, types) = (state.observed_counts(), state.type_names().len());
    let time = (end.fract().abs() < 1e-3).then_some(end.round() as usize)?;
    let here = counts.chunks(types.max(1)).nth(time)?;
    let all = here.iter().sum::<usize>().max(1);
    Some(here.iter().map(|&count| count as f32 / all as f32).collect())
}

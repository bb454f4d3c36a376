//! Where the shown model and another take the same cells, and what they become.

use crate::prelude::*;
use crate::{
    state::State,
    view::{select_one::SelectOne, sketch::Sketch},
    words,
};
use scimf::figure::comparison;
use scimf::figure::theme::Theme;
use scimf::figure::time_axis;
use scimf::figure::trails::{self, Trails};
use scimf::protocol::{HeldOut, ModelKind, Simulation};
use std::sync::Arc;

/// The shown model and the one beside it, in the order in which models are offered.
fn pair(state: State) -> Option<[ModelKind; 2]> {
    let (shown, other) = (state.models.chosen.get(), state.other()?);
    Some([shown.min(other), shown.max(other)])
}

/// Trajectories of both over each other, and the shares of the types at the end beside those observed there.
#[component]
pub fn OtherModels() -> impl IntoView {
    let state = expect_context::<State>();
    let wanted = Memo::new(move |_| pair(state).filter(|_| state.has_weights()));
    let answers = move || {
        let [first, second] = wanted.get()?.map(|kind| state.simulated_by(kind));
        first.zip(second).filter(|(first, second)| first.query.cells == second.query.cells)
    };
    let drawing = move |size| {
        let ((first, second), dataset) = (answers()?, state.dataset.get()?);
        let names = wanted.get()?.map(ModelKind::name);
        let cells = first.query.cells;
        let (ground, theme) = (&dataset.cells.positions, Theme::new(state.dark.get()));
        let trails = Trails { ground, cells, first: &first.positions, second: &second.positions, names };
        Some(trails::draw(&trails, size, theme))
    };
    let about = Signal::derive(move || {
        let said = answers().zip(wanted.get()).map(|((first, _), pair)| sentence(state, &first, pair));
        said.unwrap_or_default()
    });
    let there = Memo::new(move |_| answers().is_some());
    let title = move || {
        let [first, second] = wanted.get()?.map(ModelKind::name);
        Some(format!("{first} and {second} side by side"))
    };
    let others = Signal::derive(move || {
        state.others().into_iter().map(|kind| (kind.card().key.to_owned(), kind.name().to_owned())).collect::<Vec<_>>()
    });
    let several = Memo::new(move |_| others.with(|others| others.len() > 1));
    view! {
        <Show when=move || wanted.with(Option::is_some)>
            <section class="linearisation" aria-labelledby="both-title">
                <div class="bar">
                    <h3 id="both-title">{move || title()}</h3>
                    <Show when=move || several.get()>
                        <SelectOne
                            label="Beside"
                            hint="The model that moves the same cells"
                            options=others
                            value=Signal::derive(move || state.other().map_or_else(String::new, |kind| kind.card().key.to_owned()))
                            set=move |key: String| state.simulate.other.set(ModelKind::of_key(&key))
                        />
                    </Show>
                </div>
                <Show when=move || there.get() fallback=|| view! { <p class="quiet">"Both models are simulating."</p> }>
                    <p aria-live="polite">{about}</p>
                    <div class="pair">
                        <Sketch draw=drawing about class="trails"/>
                        {move || wanted.get().map(|pair| view! { <Shares pair/> })}
                    </div>
                    <p class="quiet small">{move || wanted.get().map(|pair| measured(state, pair))}</p>
                </Show>
            </section>
        </Show>
    }
}

fn sentence(state: State, it: &Arc<Simulation>, pair: [ModelKind; 2]) -> String {
    let labels = state.time_labels();
    let [from, to] = [it.times.first(), it.times.last()]
        .map(|time| time_axis::words(&labels, time.map_or(0.0, |&time| f64::from(time))));
    let with = |kind: ModelKind| if kind.card().can.noise { "with its noise" } else { "without noise" };
    let noise = match pair {
        [first, second] if it.query.noise > 0.0 && with(first) != with(second) => {
            format!("{} {}, {} {}", first.name(), with(first), second.name(), with(second))
        }
        [first, _] if it.query.noise > 0.0 && first.card().can.noise => "both with their noise".into(),
        _ => "both without noise".into(),
    };
    format!("{} cells of each model from {from} to {to}; {noise}.", words::count(it.query.cells))
}

/// What the last evaluation says about the two, where it did.
fn measured(state: State, pair: [ModelKind; 2]) -> String {
    let said = state.evaluation.with(|it| {
        let held_out = &it.as_ref()?.table.held_out;
        let one = |time: &HeldOut| {
            let [metric, _] = comparison::judge(time);
            let value = |kind: ModelKind| Some(metric.of(&time.distances(kind.card().key)?)[0] as f32);
            let [first, second] = pair;
            let (a, b) = (words::number(value(first)?), words::number(value(second)?));
            Some(format!("{}, {}: {} {a}, {} {b}", time.label, metric.short(), first.name(), second.name()))
        };
        let all: Vec<String> = held_out.iter().filter_map(one).collect();
        (!all.is_empty()).then(|| format!("Held out, smaller is better: {}.", all.join("; ")))
    });
    said.unwrap_or_else(|| "Which of them predicts what it has not seen: Evaluate compares both.".into())
}

/// Shares of the types at the end.
#[component]
fn Shares(pair: [ModelKind; 2]) -> impl IntoView {
    let state = expect_context::<State>();
    let share = |value: Option<f32>| value.map_or_else(|| "–".to_owned(), |value| format!("{:.0} %", 100.0 * value));
    let rows = move || {
        let [first, second] = pair.map(|kind| ends(state, kind));
        let (names, colors, observed) = (state.type_names(), state.type_colors(), observed(state, pair[0]));
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
                        {pair.map(|kind| view! { <th scope="col">{kind.name()}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{move || rows()}</tbody>
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
fn observed(state: State, kind: ModelKind) -> Option<Vec<f32>> {
    let simulation = state.simulated_by(kind)?;
    let end = simulation.times.last().copied()?;
    let (counts, types) = (state.observed_counts(simulation.query.start.sample), state.type_names().len());
    let time = (end.fract().abs() < 1e-3).then_some(end.round() as usize)?;
    let here = counts.chunks(types.max(1)).nth(time)?;
    let all = here.iter().sum::<usize>().max(1);
    Some(here.iter().map(|&count| count as f32 / all as f32).collect())
}

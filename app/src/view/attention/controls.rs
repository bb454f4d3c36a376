//! What of the attention is shown, and how it leaves the page.

use super::{Heard, comparison::Other};
use crate::prelude::*;
use crate::{
    files,
    state::{AttentionView, Direction, FULL, Measure, State},
    view::{
        cast::Cast,
        choice::{self, Choice},
        chord::Drawing,
        evidence::PlantedBox,
        mapping::edit_types,
    },
    words,
};
use scimf::figure::chord::ChordOptions;
use scimf::figure::evidence::{Number, to_csv};
use scimf::figure::links::csv;

const MEASURES: &[(Measure, &str, &str)] = &[
    (
        Measure::Attention,
        "Attention",
        "Mean attention weight over heads, as a multiple of equal listening: 1 × is what a sender would get if the receiver listened to all other cells alike",
    ),
    (
        Measure::Influence,
        "Influence",
        "Attention weight times the length of the sender's value vector, times the number of other cells: how much it is moved",
    ),
    (
        Measure::Enrichment,
        "Enrichment",
        "log2 of a sender's share of the receiver's attention over its share of the cells: above 0 is more than by numbers alone",
    ),
];
const DIRECTIONS: &[choice::Option<Direction>] = &[
    (Direction::Out, "Out", "What types send; of the type in focus, only the links that it sends"),
    (Direction::In, "In", "What types receive; of the type in focus, only the links that it receives"),
    (Direction::Both, "Both", "Both directions"),
];

/// Measure, direction, types, number of links, table.
#[component]
pub fn Controls(heard: Heard) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let measure = chosen.measure;
    let told = Memo::new(move |_| chosen.quantity.get().told().is_some());
    let cells = move || chosen.view.get() == AttentionView::Cells;
    // Between single cells there is no enrichment.
    let shown = move |measure| if cells() && measure == Measure::Enrichment { Measure::Attention } else { measure };
    let button = move |option: Measure, name: &'static str, meaning: &'static str, missing: Signal<bool>| {
        view! {
            <button
                type="button"
                title=meaning
                disabled=missing
                aria-pressed=move || (shown(measure.get()) == option).to_string()
                on:click=move |_| state.choose_measure(Some(option))
            >
                {name}
            </button>
        }
    };
    // What evidence there is comes first; attention where the model has it.
    let evidence = move || {
        let is_there = |number: &Number| state.evidence.found.with(|it| it.as_ref().is_some_and(|it| number.is_in(it)));
        let single = move || matches!(chosen.view.get(), AttentionView::Cells | AttentionView::Links);
        let missing = move || state.can().attention && (single() || Other::of(state).is_some());
        let there = Number::ALL.into_iter().filter(is_there);
        there.map(|it| button(Measure::of(it), it.title(), it.meaning(), Signal::derive(missing))).collect_view()
    };
    let attention = move || {
        let of = |&(option, name, meaning): &(Measure, &'static str, &'static str)| {
            let between_types = option == Measure::Enrichment;
            button(option, name, meaning, Signal::derive(move || between_types && cells()))
        };
        state.can().attention.then(|| MEASURES.iter().map(of).collect_view())
    };
    let limited = move || chosen.view.get() == AttentionView::Chord && cast.shown.with(|shown| shown.len() > FULL);
    view! {
        <div class="bar listening" role="group" aria-label="What is shown">
            <div class="choice" role="group" aria-label="Measure">{move || evidence()}{move || attention()}</div>
            <Show when=move || !cells()>
                <Choice label="Direction" options=DIRECTIONS value=chosen.direction/>
                <Show when=move || !told.get()>
                    <label class="check" title="Leave out what types say to themselves">
                        <input
                            type="checkbox"
                            prop:checked=move || chosen.hide_self.get()
                            on:change:target=move |event| chosen.hide_self.set(event.target().checked())
                        />
                        "Hide self"
                    </label>
                </Show>
                <Types/>
            </Show>
            <Show when=move || told.get()>
                <PlantedBox/>
            </Show>
            <Show when=limited>
                <Links heard/>
            </Show>
            <Table/>
        </div>
    }
}

/// The numbers as a file.
#[component]
fn Table() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <button
            type="button"
            title="Every link that is known as comma-separated values: of the evidence, or of attention at every time point with share and rank"
            disabled=move || state.attention.all.with(Vec::is_empty) && state.told().is_none()
            on:click=move |_| save(state)
        >
            "CSV"
        </button>
    }
}

/// Which types are shown, and in whose colours.
#[component]
fn Types() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let row = move |kind: usize| {
        let last = move || cast.shown.with(|shown| *shown == [kind]);
        view! {
            <div class="one-type">
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || !chosen.hidden.with(|hidden| hidden.contains(&kind))
                        disabled=last
                        on:change:target=move |event| {
                            let shown = event.target().checked();
                            chosen.clear(state);
                            chosen.hidden.update(|hidden| {
                                hidden.retain(|other| *other != kind);
                                if !shown {
                                    hidden.push(kind);
                                }
                            });
                        }
                    />
                    <span class="swatch" style:background-color=move || cast.color(kind)></span>
                    <span>{kind + 1} " " {move || cast.name(kind)}</span>
                </label>
                <button
                    type="button"
                    class="link"
                    aria-label=move || format!("Only {}", cast.name(kind))
                    title="Show this type alone; tick others to see several"
                    on:click=move |_| {
                        chosen.clear(state);
                        chosen.hidden.set((0..cast.names.with_untracked(Vec::len)).filter(|other| *other != kind).collect());
                    }
                >
                    "only"
                </button>
            </div>
        }
    };
    let count = move || {
        let (shown, all) = (cast.shown.with(Vec::len), cast.names.with(Vec::len));
        if all == 0 {
            "Types".to_owned()
        } else if shown == all {
            format!("{all} types")
        } else {
            format!("{shown} of {all} types")
        }
    };
    view! {
        <details class="pick">
            <summary>{move || count()}</summary>
            <div class="pop" role="group" aria-label="Types">
                <label class="check" title="Okabe and Ito's colours up to 8 types, beyond that hues in three lightnesses; else the study's own colours">
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.distinct.get()
                        on:change:target=move |event| chosen.distinct.set(event.target().checked())
                    />
                    "Colours for all kinds of colour vision"
                </label>
                <button type="button" disabled=move || chosen.hidden.with(Vec::is_empty) on:click=move |_| chosen.hidden.set(Vec::new())>
                    "Show all types"
                </button>
                <button
                    type="button"
                    title="Merge, rename, reorder or leave out types"
                    disabled=move || cast.names.with(Vec::is_empty)
                    on:click=move |_| edit_types(state, false)
                >
                    "Edit types…"
                </button>
                <div class="boxes">
                    <For each=move || 0..cast.names.with(Vec::len) key=|kind| *kind children=row/>
                </div>
            </div>
        </details>
    }
}

/// How many links are drawn.
#[component]
fn Links(heard: Heard) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let drawn = Memo::new(move |_| {
        let drawing = heard.get().map(|answer| Drawing::new(answer, cast, chosen, ChordOptions::default()));
        drawing.map_or((1, 1), |it| (it.count, it.links.len()))
    });
    let words = move || {
        let (count, all) = drawn.get();
        format!("{} of {}", words::count(count), words::count(all))
    };
    view! {
        <label class="inline links" title="How many of the strongest links are drawn; the arcs always stand for all">
            "Links"
            <input
                type="range"
                min="1"
                max=move || drawn.get().1.to_string()
                aria-valuetext=words
                prop:value=move || drawn.get().0.to_string()
                on:input:target=move |event| chosen.links.set(event.target().value().parse().ok())
            />
            <output>{move || words()}</output>
        </label>
    }
}

fn save(state: State) {
    let Some(dataset) = state.dataset.get_untracked() else { return };
    let summary = &dataset.summary;
    let told = untrack(|| state.told()).and_then(|_| state.evidence.found.get_untracked());
    let (what, text) = if let Some(found) = told {
        ("evidence", to_csv(&found, summary))
    } else {
        let answers = untrack(|| state.attention.answers());
        let answers = answers.iter().flatten().map(|answer| &**answer);
        ("attention", csv(&summary.time_points, &summary.cell_types, answers))
    };
    let name = format!("{}-{what}.csv", summary.name);
    match files::hand_over(&name, text.as_bytes()) {
        Ok(()) => state.status.set(format!("{name} was saved, {}.", words::size(text.len()))),
        Err(problem) => state.problem.set(Some(problem)),
    }
}

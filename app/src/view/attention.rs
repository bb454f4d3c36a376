//! Who listens to whom.

mod caption;
mod cell_matrix;
mod comparison;
mod controls;
mod course;
mod link_list;
mod told;

use super::{
    cast::Cast,
    choice::{self, Choice},
    chord::{Chord, Drawing, describe},
    full_screen::full,
    matrix::Matrix,
    panel_tools::PanelTools,
    pinned::Pinned,
    spark::Reciprocity,
    train::StartHere,
};
use crate::prelude::*;
use crate::{
    export,
    state::{AttentionView, FULL, MANY, Part, State, Topic},
};
use cell_matrix::CellHeat;
use comparison::{Change, Comparison, Other};
use controls::Controls;
use leptos::ev;
use link_list::LinkList;
use scimf::figure::chord::ChordOptions;
use scimf::figure::quantity::Quantity;
use scimf::protocol::{Communication, Score};
use std::sync::Arc;

const VIEWS: &[choice::Option<AttentionView>] = &[
    (
        AttentionView::Chord,
        "Chord",
        "Cell types on a circle: a band goes from the sender to the receiver that listens to it",
    ),
    (AttentionView::Matrix, "Matrix", "Cell types in rows (receivers) and columns (senders), with every number"),
    (AttentionView::Cells, "Cells", "Attention between single cells, up to 2,000 of them, sorted by type"),
    (AttentionView::Links, "Links", "All links at all time points in a table that can be sorted and searched"),
];

/// An answer, if there is one.
pub type Heard = Memo<Option<Arc<Communication>>>;

/// Chord, matrix and single cells of the chosen time point.
#[component]
pub fn Attention() -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    // While an answer is on its way the last one stays.
    let attended = Memo::new(move |before: Option<&Option<Arc<Communication>>>| {
        let known =
            chosen.all.with(|all| !all.is_empty()) && state.has_cells(state.time.get(), state.samples.chosen.get());
        chosen.at(state.time.get()).or_else(|| before.cloned().flatten().filter(|_| known))
    });
    // While simulated cells move, attention follows them; two views beside each other stay with the observed cells. Evidence is of all times.
    let told = Memo::new(move |_| chosen.quantity.get().told().is_some());
    let living = Memo::new(move |_| state.living().filter(|_| !told.get() && Other::of(state).is_none()));
    let observed = Memo::new(move |_| if told.get() { state.told() } else { attended.get() });
    let heard = Memo::new(move |_| living.get().map_or_else(|| observed.get(), |(_, answer)| Some(answer)));
    let there = Memo::new(move |_| heard.with(Option::is_some));
    // A model without attention has nothing of single cells.
    let view_of = Memo::new(move |_| match chosen.view.get() {
        AttentionView::Cells | AttentionView::Links if told.get() => AttentionView::Matrix,
        view => view,
    });
    let compared = Memo::new(move |_| Other::of(state));
    let title = move || if told.get() { "Who acts on whom" } else { "Who listens to whom" };
    let at = move || {
        if told.get() {
            return Some(" over all times".to_owned()).filter(|_| there.get());
        }
        heard.with(|it| {
            it.as_ref().map(|it| {
                let sample = it.query.sample.and_then(|sample| state.sample_names().get(sample).cloned());
                let sample = sample.map_or_else(String::new, |name| format!(" in {name}"));
                format!(" at {}{sample}", describe::moment(state, it))
            })
        })
    };
    let escape = window_event_listener(ev::keydown, move |event| {
        let in_dialog = document().query_selector("dialog[open]").ok().flatten().is_some();
        if event.key() == "Escape" && !in_dialog {
            chosen.clear(state);
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <section class="panel attention" class:full=full("attention") aria-labelledby="attention-title">
            // The stripes of all chords.
            <svg class="unseen" width="6" height="6" aria-hidden="true">
                <pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="stripe" d="M1.5,0v6"/>
                </pattern>
            </svg>
            <div class="bar">
                <h2 id="attention-title">{move || title()} <span class="quiet">{move || at()}</span></h2>
                <Show
                    when=move || told.get()
                    fallback=|| view! { <PanelTools topic=Topic::Attention figure=export::as_shown about="Who listens to whom" panel="attention"/> }
                >
                    <PanelTools topic=Topic::Evidence figure=export::as_shown about="Who acts on whom" panel="attention"/>
                </Show>
                <Show
                    when=move || !state.can().attention
                    fallback=move || view! { <Choice label="View" options=VIEWS value=chosen.view/> }
                >
                    <Choice label="View" options=&VIEWS[..2] value=chosen.view/>
                </Show>
            </div>
            <Controls heard/>
            <div class="stage">
                {move || match (there.get(), view_of.get(), compared.get()) {
                    (false, ..) if told.get() => view! { <told::Waiting/> }.into_any(),
                    (false, ..) => view! { <Waiting/> }.into_any(),
                    (true, AttentionView::Cells, _) => view! { <CellHeat/> }.into_any(),
                    (true, AttentionView::Links, _) => view! { <LinkList/> }.into_any(),
                    (true, AttentionView::Chord, Some(with)) => view! { <Comparison heard with/> }.into_any(),
                    (true, AttentionView::Matrix, Some(with)) => view! { <Change heard with alone=true/> }.into_any(),
                    (true, AttentionView::Chord, None) => {
                        let beside = Memo::new(move |_| (FULL + 1..=MANY).contains(&cast.shown.with(Vec::len)));
                        view! {
                            <div class="one" class:beside=move || beside.get()>
                                {move || view! { <Chord answer=heard small=beside.get()/> }}
                                <TypeMatrix heard tight=beside unseen=Signal::derive(move || !beside.get())/>
                            </div>
                        }
                            .into_any()
                    }
                    (true, AttentionView::Matrix, None) => {
                        let tight = Signal::derive(move || cast.shown.with(|shown| shown.len() > 16));
                        view! {
                            <div class="one full">
                                <TypeMatrix heard tight unseen=false/>
                            </div>
                        }
                            .into_any()
                    }
                }}
            </div>
            <told::Whose told/>
            <div class="foot">
                <div class="caption">
                    <Pinned/>
                    <p
                        hidden=move || chosen.pinned.with(Option::is_some)
                        aria-live=move || if state.in_training() { "off" } else { "polite" }
                    >
                        {move || caption::sentences(state, cast, heard)}
                    </p>
                </div>
                <Show when=move || !told.get()>
                    <Reciprocity/>
                </Show>
            </div>
        </section>
    }
}

/// The chord's numbers.
#[component]
fn TypeMatrix(heard: Heard, #[prop(into)] tight: Signal<bool>, #[prop(into)] unseen: Signal<bool>) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let chosen = state.attention;
    let values = Memo::new(move |_| {
        let quantity = chosen.quantity.get();
        heard.with(|it| it.as_ref().map(|it| Arc::new(quantity.values(it).into_owned())))
    });
    let caption = move || {
        let what = match (chosen.quantity.get(), state.score.get()) {
            (Quantity::Told(number), _) => return format!("Who acts on whom, {}", number.name()),
            (Quantity::Enrichment, _) => "Cell-type attention, enrichment (log2)",
            (Quantity::Mean, Score::Attention) => "Cell-type attention (× equal listening)",
            (Quantity::Mean, Score::Influence) => "Cell-type attention, influence (× other cells)",
        };
        what.to_owned()
    };
    let tell = Callback::new(move |part| {
        untrack(|| {
            let Some(answer) = heard.get() else { return String::new() };
            let drawing = Drawing::new(answer, cast, chosen, ChordOptions::default());
            match part {
                Part::Type(kind) => describe::arc(&drawing, kind, cast, chosen.quantity.get()),
                Part::Link { sender, receiver } => drawing.link(sender, receiver).map_or_else(
                    || format!("{} → {}: not shown, or too few cells", cast.name(sender), cast.name(receiver)),
                    |link| describe::link(&drawing, link, cast, chosen.quantity.get()),
                ),
            }
        })
    });
    view! { <Matrix values shade=cast.shade caption=Signal::derive(caption) tell tight unseen/> }
}

/// What stands where the chord will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        if state.dataset.with(Option::is_none) {
            ""
        } else if !state.has_cells(state.time.get(), state.samples.chosen.get()) {
            "The chosen sample has no cells at this time point."
        } else if state.has_weights() {
            "The attention between cell types is being computed."
        } else if state.in_training() {
            "The first update is being computed; who listens to whom appears with it."
        } else {
            "Who listens to whom appears here once the model has learned from these cells."
        }
    };
    let untrained =
        Memo::new(move |_| state.dataset.with(Option::is_some) && !state.has_weights() && !state.in_training());
    view! {
        <div class="waiting">
            <svg viewBox="0 0 120 120" aria-hidden="true">
                <path d="M79 12A52 52 0 0 1 110 46M111 72A52 52 0 0 1 79 108M41 108A52 52 0 0 1 9 72M10 46A52 52 0 0 1 41 12"/>
                <path d="M95 25Q60 60 27 95M101 92Q74 74 102 33M20 88Q52 62 60 16M24 28Q56 50 92 97"/>
            </svg>
            <p>{move || words()}</p>
            <Show when=move || untrained.get()>
                <StartHere/>
            </Show>
        </div>
    }
}

//! Who listens to whom.

use super::{
    choice::{self, Choice},
    chord::Chord,
    help::Topic,
    matrix::Matrix,
    panel_tools::PanelTools,
};
use crate::{state::State, words};
use leptos::prelude::*;
use scimf::protocol::{Communication, Score};

const SCORES: &[choice::Option<Score>] = &[
    (Score::Attention, "Attention", "Mean attention weight over heads: how much a receiver listens to a sender"),
    (
        Score::Influence,
        "Influence",
        "Attention weight times the length of the sender's value vector: how much it is moved",
    ),
];

/// Chord and matrix of the chosen time point.
#[component]
pub fn Attention() -> impl IntoView {
    let state = expect_context::<State>();
    let shown = Memo::new(move |_| current(state).is_some());
    let at = move || {
        state.dataset.with(|dataset| {
            dataset
                .as_ref()
                .and_then(|it| it.summary.time_points.get(state.time.get()))
                .map(|time| format!(" at {}", time.label))
        })
    };
    view! {
        <section class="panel attention" aria-labelledby="attention-title">
            <div class="bar">
                <h2 id="attention-title">"Who listens to whom" <span class="quiet">{at}</span></h2>
                <PanelTools topic=Topic::Attention figure=|_| "chord" about="Who listens to whom"/>
                <Choice label="Score" options=SCORES value=state.score/>
            </div>
            <div class="stage">
                {move || {
                    if shown.get() {
                        view! {
                            <Chord/>
                            <Matrix/>
                        }
                            .into_any()
                    } else {
                        view! { <Waiting/> }.into_any()
                    }
                }}
            </div>
            <p class="caption">{move || caption(state)}</p>
        </section>
    }
}

/// What stands where the chord will be.
#[component]
fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        if state.dataset.with(Option::is_none) {
            ""
        } else if state.has_weights() {
            "The attention between cell types is being computed."
        } else {
            "Attention between cell types appears here once the model has weights: start a training, or load weights."
        }
    };
    view! {
        <div class="waiting">
            <svg viewBox="0 0 120 120" aria-hidden="true">
                <circle cx="60" cy="60" r="52"/>
                <path d="M60 8 Q60 60 105 86 M15 86 Q60 60 60 8 M15 86 Q60 60 105 86"/>
            </svg>
            <p>{words}</p>
        </div>
    }
}

/// The last answer, if it is about a time point of this dataset.
fn current(state: State) -> Option<std::sync::Arc<Communication>> {
    state.communication.get().filter(|_| state.dataset.with(Option::is_some))
}

/// The strongest pair and how one-sided the whole is.
fn caption(state: State) -> String {
    let Some(answer) = current(state).filter(|answer| answer.query.time == state.time.get()) else {
        return String::new();
    };
    let name = |index: usize| {
        state.dataset.with(|dataset| {
            dataset
                .as_ref()
                .and_then(|it| it.summary.cell_types.get(index))
                .map_or_else(String::new, |it| it.name.clone())
        })
    };
    let all = answer.cells.len();
    let pairs = answer.types.iter().flat_map(|&receiver| answer.types.iter().map(move |&sender| (receiver, sender)));
    let strongest = pairs
        .filter(|(receiver, sender)| receiver != sender)
        .filter_map(|(receiver, sender)| Some((receiver, sender, *answer.mean.get(receiver * all + sender)?)))
        .filter(|(_, _, value)| value.is_finite())
        .max_by(|a, b| a.2.total_cmp(&b.2));
    let strongest = strongest.map_or_else(String::new, |(receiver, sender, value)| {
        format!("Strongest: {} → {} {}. ", name(sender), name(receiver), words::number(value))
    });
    let reciprocity = if answer.non_reciprocity.is_finite() {
        format!("Non-reciprocity {} (0 = both directions alike).", words::number(answer.non_reciprocity))
    } else {
        "Too few cell types at this time point to compare directions.".into()
    };
    strongest + &reciprocity
}

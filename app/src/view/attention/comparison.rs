//! Two time points side by side, and what changes between them.

use super::{Heard, TypeMatrix};
use crate::{
    signals::Memo,
    state::{Part, State},
    view::{
        cast::Cast,
        chord::{Chord, describe},
        matrix::{Matrix, difference},
    },
    words,
};
use leptos::prelude::*;
use scimf::figure::heatmap::Scale;
use std::sync::Arc;

/// Two chords on one scale over the matrix of differences.
#[component]
pub fn Comparison(heard: Heard, with: usize) -> impl IntoView {
    let state = expect_context::<State>();
    let other = Memo::new(move |_| state.attention.at(with));
    let title = move |answer: Heard| {
        move || answer.with(|it| it.as_ref().map_or_else(String::new, |it| describe::time(state, it.query.time)))
    };
    let waiting = move || other.with(Option::is_none).then_some("This time point is being computed.");
    view! {
        <div class="two">
            <figure>
                <figcaption>{title(heard)}</figcaption>
                <Chord answer=heard small=true/>
            </figure>
            <figure>
                <figcaption>{move || describe::time(state, with)} <span class="quiet">{waiting}</span></figcaption>
                <Chord answer=other small=true/>
            </figure>
        </div>
        <Change heard with/>
        <TypeMatrix heard tight=false unseen=true/>
    }
}

/// The numbers of the compared time point less those of the chosen one.
#[component]
pub fn Change(
    /// The chosen time point.
    heard: Heard,
    /// The compared one.
    with: usize,
    /// It has the place for itself.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let other = Memo::new(move |_| state.attention.at(with));
    let values = Memo::new(move |_| {
        let quantity = state.attention.quantity.get();
        let (from, to) = (heard.get()?, other.get()?);
        let (from, to) = (quantity.values(&from), quantity.values(&to));
        Some(Arc::new(from.iter().zip(to.iter()).map(|(from, to)| to - from).collect::<Vec<f32>>()))
    });
    let shade =
        Memo::new(move |_| values.with(|values| Scale::of(values.as_ref().map_or(&[], |it| it.as_slice()), true)));
    let times = move || {
        let from = heard.with(|it| it.as_ref().map_or_else(String::new, |it| describe::time(state, it.query.time)));
        [from, describe::time(state, with)]
    };
    let caption = move || {
        let [from, to] = times();
        format!("Change from {from} to {to}")
    };
    let tell = Callback::new(move |part| {
        untrack(|| {
            let (Some(before), Some(after)) = (heard.get(), other.get()) else { return String::new() };
            let ([from, to], quantity) = (times(), state.attention.quantity.get());
            match part {
                Part::Type(kind) => format!(
                    "{}: {} at {from}, {} at {to}",
                    cast.name(kind),
                    words::counted(before.cells[kind], "cell"),
                    words::counted(after.cells[kind], "cell")
                ),
                Part::Link { sender, receiver } => {
                    let at = receiver * before.cells.len() + sender;
                    let [was, is] =
                        [&before, &after].map(|it| quantity.values(it).get(at).copied().unwrap_or(f32::NAN));
                    format!(
                        "{} → {}: {} at {from}, {} at {to}, change {}",
                        cast.name(sender),
                        cast.name(receiver),
                        quantity.words(before.query.score, was.into()),
                        quantity.words(after.query.score, is.into()),
                        difference(is - was)
                    )
                }
            }
        })
    });
    let tight = Signal::derive(move || cast.shown.with(|shown| shown.len() > 16));
    view! {
        <div class="one" class:full=alone>
            <Matrix values shade caption=Signal::derive(caption) tell signed=true tight unseen=false/>
        </div>
    }
}

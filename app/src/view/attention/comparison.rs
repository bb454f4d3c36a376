//! Two time points, or two samples at one time, side by side, and what changes between them.

use super::{Heard, TypeMatrix};
use crate::prelude::*;
use crate::{
    state::{Part, State},
    view::{
        cast::Cast,
        chord::{Chord, describe},
        matrix::{Matrix, difference},
    },
    words,
};
use scimf::figure::heatmap::Scale;
use scimf::protocol::Communication;
use std::sync::Arc;

/// What stands beside the chosen population.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// The same at another time.
    Time(usize),
    /// Another sample at the same time.
    Sample(usize),
}

impl Other {
    /// What is compared, if anything is.
    pub fn of(state: State) -> Option<Self> {
        // Evidence is of all times and samples together.
        if state.attention.quantity.get().told().is_some() {
            return None;
        }
        let time = state.attention.compare.get().filter(|&time| time != state.time.get());
        state.samples.compared.get().map(Self::Sample).or(time.map(Self::Time))
    }

    fn answer(self, state: State) -> Option<Arc<Communication>> {
        match self {
            Self::Time(time) => state.attention.at(time),
            Self::Sample(_) => state.beside(),
        }
    }

    /// The names of both populations by what they differ in.
    fn names(self, state: State) -> [String; 2] {
        match self {
            Self::Time(time) => [state.time.get(), time].map(|time| describe::time(state, time)),
            Self::Sample(sample) => {
                let names = state.sample_names();
                let name = |sample: Option<usize>| match sample {
                    None => "all samples".into(),
                    Some(sample) => names.get(sample).cloned().unwrap_or_default(),
                };
                [name(state.samples.chosen.get()), name(Some(sample))]
            }
        }
    }

    fn preposition(self) -> &'static str {
        match self {
            Self::Time(_) => "at",
            Self::Sample(_) => "in",
        }
    }
}

/// Two chords on one scale over the matrix of differences.
#[component]
pub fn Comparison(heard: Heard, with: Other) -> impl IntoView {
    let state = expect_context::<State>();
    let other = Memo::new(move |_| with.answer(state));
    let waiting = move || {
        other.with(Option::is_none).then_some(match with {
            Other::Time(_) => "This time point is being computed.",
            Other::Sample(_) => "This sample is being computed.",
        })
    };
    view! {
        <div class="two">
            <figure>
                <figcaption>{move || { let [first, _] = with.names(state); first }}</figcaption>
                <Chord answer=heard small=true/>
            </figure>
            <figure>
                <figcaption>{move || { let [_, second] = with.names(state); second }} <span class="quiet">{move || waiting()}</span></figcaption>
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
    with: Other,
    /// It has the place for itself.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let (state, cast) = (expect_context::<State>(), expect_context::<Cast>());
    let other = Memo::new(move |_| with.answer(state));
    let values = Memo::new(move |_| {
        let quantity = state.attention.quantity.get();
        let (from, to) = (heard.get()?, other.get()?);
        let (from, to) = (quantity.values(&from), quantity.values(&to));
        Some(Arc::new(from.iter().zip(to.iter()).map(|(from, to)| to - from).collect::<Vec<f32>>()))
    });
    let shade =
        Memo::new(move |_| values.with(|values| Scale::of(values.as_ref().map_or(&[], |it| it.as_slice()), true)));
    let times = move || with.names(state);
    let caption = move || {
        let [from, to] = times();
        format!("Change from {from} to {to}")
    };
    let tell = Callback::new(move |part| {
        untrack(|| {
            let (Some(before), Some(after)) = (heard.get(), other.get()) else { return String::new() };
            let ([from, to], quantity, at) = (times(), state.attention.quantity.get(), with.preposition());
            match part {
                Part::Type(kind) => format!(
                    "{}: {} {at} {from}, {} {at} {to}",
                    cast.name(kind),
                    words::counted(before.cells[kind], "cell"),
                    words::counted(after.cells[kind], "cell")
                ),
                Part::Link { sender, receiver } => {
                    let place = receiver * before.cells.len() + sender;
                    let [was, is] =
                        [&before, &after].map(|it| quantity.values(it).get(place).copied().unwrap_or(f32::NAN));
                    format!(
                        "{} → {}: {} {at} {from}, {} {at} {to}, change {}",
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

//! How the training goes, at the end of the time strip.

use crate::prelude::*;
use crate::{
    state::{State, Tab},
    words,
};
use scimf::figure::spark;

/// Width and height of the curve, in CSS pixels.
const SIZE: [f64; 2] = [112.0, 40.0];
/// Most points of the curve.
const POINTS: usize = 112;

/// The total loss over the updates; leads to the training.
#[component]
pub fn LossSpark() -> impl IntoView {
    let state = expect_context::<State>();
    let losses = Memo::new(move |_| {
        state.shown().updates.with(|all| spark::thinned(all.iter().map(|update| f64::from(update.loss.total)), POINTS))
    });
    let path = move || {
        losses.with(|losses| {
            let last = losses.len().saturating_sub(1).max(1) as f64;
            let places: Vec<f64> = (0..losses.len()).map(|i| i as f64 / last).collect();
            spark::points(losses, &places, spark::extent(losses), SIZE, 3.0)
        })
    };
    let end = move || path().last().copied().flatten();
    let now = move || {
        state
            .shown()
            .updates
            .with(|all| all.last().map_or_else(|| "–".to_owned(), |last| words::number(last.loss.total)))
    };
    // What the curve shows, for those who do not see it.
    let sentence = move || {
        state.shown().updates.with(|all| {
            let (first, last) = (all.first()?, all.last()?);
            let before = words::number(first.loss.total);
            let step = state.models.chosen.get().card().step;
            let count = |n: u32| words::count(n as usize);
            Some(format!(
                " after {step} {} of {}; {before} after {step} {}",
                count(last.update),
                count(last.of),
                count(first.update)
            ))
        })
    };
    // Weights of a file, or of a session, have no curve here.
    let weights = move || {
        state.shown().summary.with(|model| match model {
            None => "no training yet".to_owned(),
            Some(model) if model.updates == 0 => format!("weights from {}", words::source(&model.source)),
            Some(model) => {
                let step = state.models.chosen.get().card().step;
                format!("trained for {}", words::counted(model.updates as usize, step))
            }
        })
    };
    view! {
        <button
            type="button"
            class="loss-spark"
            title="The loss of the training on this page; opens Train"
            on:click=move |_| state.dialogs.drawer.set(Some(Tab::Train))
        >
            <span class="quiet">"Loss " <strong>{move || now()}</strong> <span class="unseen">{move || sentence()}</span></span>
            " "
            <small class="quiet" hidden=move || losses.with(|losses| !losses.is_empty())>{move || weights()}</small>
            <svg
                class="spark"
                hidden=move || losses.with(Vec::is_empty)
                viewBox=format!("0 0 {} {}", SIZE[0], SIZE[1])
                width=SIZE[0]
                height=SIZE[1]
                aria-hidden="true"
            >
                <line x1="3" x2=SIZE[0] - 3.0 y1=SIZE[1] - 3.0 y2=SIZE[1] - 3.0/>
                <path d=move || spark::path(&path())/>
                {move || end().map(|[x, y]| view! { <circle cx=x cy=y r="2.6"/> })}
            </svg>
        </button>
    }
}

//! The training loss as it falls.

use super::canvas::{SharpCanvas, once_a_frame, size_of_element};
use crate::prelude::*;
use crate::state::State;
use leptos::html;
use plotters::drawing::IntoDrawingArea;
use scimf::figure::curve;
use scimf::figure::labels::number;
use scimf::protocol::{ModelKind, Term};

/// Transport loss of each training time, action and total loss over the updates.
#[component]
pub fn LossCurve() -> impl IntoView {
    let state = expect_context::<State>();
    let frame = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = size_of_element(frame);

    let labels = Memo::new(move |_| {
        state.dataset.with(|dataset| {
            let name = |&time: &usize| {
                let known = dataset.as_ref().and_then(|d| d.summary.time_points.get(time));
                known.map_or_else(|| format!("time {}", time + 1), |point| point.label.clone())
            };
            state.shown().training_times.with(|times| times.iter().map(name).collect::<Vec<_>>())
        })
    });
    let paint = move || {
        let Some(canvas) = canvas.try_get_untracked().flatten() else { return };
        let Some(backend) = SharpCanvas::new(canvas, size.get_untracked()) else { return };
        untrack(|| state.shown()).updates.with_untracked(|updates| {
            labels.with_untracked(|times| {
                let curve = curve::LossCurve {
                    updates,
                    times,
                    model: state.models.chosen.get_untracked(),
                    dark: state.dark.get_untracked(),
                };
                if let Err(error) = curve::draw(&backend.into_drawing_area(), &curve) {
                    leptos::logging::error!("{error}");
                }
            });
        });
    };
    let ask = once_a_frame(paint);
    Effect::new(move |_| {
        size.track();
        // Read, not only tracked: a memo that was never read does not follow its sources.
        labels.with(|_| ());
        state.shown().updates.track();
        state.dark.track();
        ask();
    });

    let sentence = move || {
        let kind = state.models.chosen.get();
        state.shown().updates.with(|updates| match updates.last() {
            None => "Training loss: no update yet.".to_owned(),
            Some(last) => format!(
                "Training loss after {} {} of {}: total {}{}.{}",
                kind.card().step,
                last.update,
                last.of,
                number(last.loss.total.into()),
                last.loss.terms.iter().map(|term| named_term(kind, term)).collect::<String>(),
                last.loss.validation.map_or_else(String::new, |it| format!(" Validation {}.", number(it.into())))
            ),
        })
    };
    let empty = move || state.shown().updates.with(Vec::is_empty);
    view! {
        <div class="figure loss" node_ref=frame>
            <canvas node_ref=canvas role="img" aria-label=sentence></canvas>
            <Show when=empty>
                <p class="figure-empty">"The loss appears here after the first update."</p>
            </Show>
        </div>
    }
}

/// `, action 0.52`.
fn named_term(model: ModelKind, term: &Term) -> String {
    let name = model.card().terms.iter().find(|it| it.key == term.key).map_or(term.key.as_str(), |it| it.name);
    format!(", {name} {}", number(term.value.into()))
}

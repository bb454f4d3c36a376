//! What stands beside the evidence: whose it is, and what can be computed.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Fitting, State},
    view::{alone::Alone, evidence::StopOrGoOn, train::StartHere, work::WorkProgress},
};

/// What the shown model has to say of interactions, in a sentence, with the button that makes it say it.
#[component]
pub fn Whose(
    /// A number of the evidence is shown.
    told: Memo<bool>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        let (can, model) = (state.can(), state.models.chosen.get());
        if !can.interaction {
            let so = "the data themselves tell what stands here.";
            return view! { <Alone so ability=|can| can.effects lead="See effects with"/> }.into_any();
        }
        let found = &state.evidence.found;
        let own = found.with(|it| it.as_ref().is_some_and(|it| it.model == Some(model) && it.has_effects()));
        let missing = !own && !can.attention;
        let words = format!("{} has an interaction and no attention: its effects can be computed.", model.name());
        view! { {missing.then_some(words)} " " <Compute/> }.into_any()
    };
    view! {
        <Show when=move || told.get()>
            <div class="whose quiet">{move || words()}</div>
        </Show>
    }
}

/// Computes effects, stops that, or goes on.
#[component]
fn Compute() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = Memo::new(move |_| state.evidence.running.with(Option::is_some));
    let own = Memo::new(move |_| {
        let model = state.models.chosen.get();
        state.evidence.found.with(|it| it.as_ref().is_some_and(|it| it.model == Some(model)))
    });
    let obstacle = Memo::new(move |_| state.engine_obstacle("compute effects"));
    let start = move |_| engine.look_for_evidence(untrack(|| state.effects_query(state.models.chosen.get())));
    move || {
        if running.get() {
            view! { <WorkProgress label="Progress of the effects" stage=state.evidence.running/> <StopOrGoOn/> }
                .into_any()
        } else if own.get() || state.can().attention {
            view! { <StopOrGoOn/> }.into_any()
        } else {
            view! {
                <button
                    type="button"
                    title=move || obstacle.get().unwrap_or_else(|| state.fits_words(Fitting { model: Some(state.models.chosen.get()), ..state.evidence.choice.get() }))
                    disabled=move || obstacle.with(Option::is_some)
                    on:click=start
                >
                    {move || format!("Compute effects of {}", state.models.chosen.get().name())}
                </button>
            }
            .into_any()
        }
    }
}

/// What stands where the evidence will be.
#[component]
pub fn Waiting() -> impl IntoView {
    let state = expect_context::<State>();
    let words = move || {
        let kinds = state.dataset.with(|it| it.as_ref().map_or(0, |it| it.summary.cell_types.len()));
        match kinds {
            _ if state.dataset.with(Option::is_none) => "",
            0 | 1 => "Who acts on whom needs two cell types at least.",
            _ => {
                "What these data tell of who acts on whom is being looked for; it appears here by itself when the engine rests."
            }
        }
    };
    let untrained =
        Memo::new(move |_| state.dataset.with(Option::is_some) && !state.has_weights() && !state.in_training());
    view! {
        <div class="waiting">
            <p>{move || words()}</p>
            <Show when=move || untrained.get()>
                <StartHere/>
            </Show>
        </div>
    }
}

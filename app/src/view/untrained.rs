//! What stands where a model's answers will be.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{State, Tab},
    view::train,
};

/// An invitation to train, with what stands in its way.
#[component]
pub fn Untrained() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let obstacle = Memo::new(move |_| state.engine_obstacle("train this model"));
    let learns = Memo::new(move |_| state.in_training() && state.models.trained() == state.models.chosen.get());
    let start = move |_| {
        engine.train(train::recipe(state));
        state.dialogs.drawer.set(Some(Tab::Train));
    };
    let words = move || {
        if learns.get() {
            format!("The first {} is being computed.", state.models.chosen.get().card().step)
        } else if let Some(why) = obstacle.get() {
            why
        } else {
            "It learns in this tab, in a minute or a few; every view follows while it does. Settings are under Train, and weights can be loaded there.".into()
        }
    };
    view! {
        <div class="waiting untrained">
            <svg viewBox="0 0 120 80" aria-hidden="true">
                <path d="M10 40h100M60 6v68M76 24a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M76 56a4 4 0 1 0 8 0a4 4 0 1 0 -8 0M34 40a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"/>
            </svg>
            <p>{move || { let card = state.models.chosen.get().card(); format!("{}: {}.", card.name, card.about) }}</p>
            <button type="button" class="primary" disabled=move || obstacle.with(Option::is_some) on:click=start>
                {move || format!("Train {}", state.models.chosen.get().name())}
            </button>
            <p class="quiet" aria-live="polite">{move || words()}</p>
        </div>
    }
}

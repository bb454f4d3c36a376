//! What is kept on this computer from before, and the choice to go on with it or to forget it.

use crate::prelude::*;
use crate::{
    autosave::{Head, Offer},
    engine::Engine,
    state::State,
    words,
};

/// The saves of tabs that are gone, newest first, in a popover beside the button that opens files.
#[component]
pub fn Recent() -> impl IntoView {
    let offers = expect_context::<State>().autosave.offers;
    let count = move || offers.with(Vec::len);
    view! {
        <Show when=move || { count() > 0 }>
            <details class="recent">
                <summary title="Work that is kept on this computer, from before">"Recent " <span class="count">{move || count()}</span></summary>
                <section class="kept" aria-label="Recent" aria-live="polite">
                    <p class="quiet">"Kept on this computer, in this browser and nowhere else."</p>
                    <ul>
                        <For each=move || offers.get() key=|offer| offer.id.clone() children=|offer| view! { <Kept offer/> }/>
                    </ul>
                </section>
            </details>
        </Show>
    }
}

#[component]
fn Kept(offer: Offer) -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let sure = RwSignal::new(false);
    let Offer { id, head } = offer;
    let other = id.clone();
    let opens = head.is_some();
    let words = match head {
        Some(head) => {
            let (name, extent) = (head.name.clone(), head.extent.clone());
            view! {
                <p class="what">
                    <strong>{name}</strong>
                    <span class="quiet">{extent}</span>
                </p>
                <p>{course(&head)}</p>
            }
            .into_any()
        }
        None => view! { <p>"Another version of this page kept something that this one cannot open."</p> }.into_any(),
    };
    view! {
        <li>
            {words}
            <div class="choices">
                {opens
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="primary"
                                disabled=move || !state.ready() || state.busy()
                                on:click=move |_| engine.go_on(other.clone())
                            >
                                "Go on"
                            </button>
                        }
                    })}
                <button
                    type="button"
                    title="Delete it from this computer"
                    on:click=move |_| {
                        if sure.get_untracked() {
                            engine.forget_save(id.clone());
                        } else {
                            sure.set(true);
                        }
                    }
                >
                    {move || if sure.get() { "Really forget" } else { "Forget" }}
                </button>
            </div>
        </li>
    }
}

/// As in `A model, in training: update 120 of 500 · 3 min ago`.
fn course(head: &Head) -> String {
    let ago = words::ago((js_sys::Date::now() - head.saved_at) / 1000.0);
    let Some(part) = head.main() else { return ago };
    let (model, step, done) = (part.kind.name(), part.kind.card().step, words::count(part.update as usize));
    match (head.training, head.paused) {
        (Some(_), paused) => {
            let how = if paused { "paused" } else { "in training" };
            format!("{model}, {how}: {step} {done} of {} · {ago}", words::count(part.of as usize))
        }
        (None, _) => format!("{model}, trained: weights of {step} {done} · {ago}"),
    }
}

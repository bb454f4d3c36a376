//! A search for effects is stopped, and goes on where it was.

use crate::prelude::*;
use crate::{engine::Engine, state::State};

/// Stops the running search, or goes on with one that was stopped.
#[component]
pub fn StopOrGoOn() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let running = Memo::new(move |_| state.evidence.running.with(Option::is_some));
    let obstacle = Memo::new(move |_| state.engine_obstacle("go on"));
    let stands = Memo::new(move |_| {
        let found = state.evidence.found.get()?;
        let fits = found.fits.as_ref().filter(|fits| fits.is_unfinished())?;
        Some([fits.done().iter().sum::<u32>(), fits.asked.iter().sum()])
    });
    move || {
        if running.get() {
            return Some(
                view! {
                    <button type="button" disabled=move || state.cancelling.get() on:click=move |_| engine.cancel()>
                        "Stop"
                    </button>
                }
                .into_any(),
            );
        }
        let [done, all] = stands.get()?;
        let go_on = move |_| {
            if let Some(query) = untrack(|| state.unfinished_evidence()) {
                engine.look_for_evidence(query);
            }
        };
        Some(
            view! {
                <span>{format!("{done} of {all} trainings are done.")}</span>
                " "
                <button
                    type="button"
                    title=move || obstacle.get().unwrap_or_else(|| "Trains what is missing; what is done stays".into())
                    disabled=move || obstacle.with(Option::is_some)
                    on:click=go_on
                >
                    "Go on"
                </button>
            }
            .into_any(),
        )
    }
}

//! How strong the pinned link is: a slider and a number; the future is simulated again with it.

use crate::prelude::*;
use crate::{
    state::{AS_IT_IS, MOST, State, Strength},
    view::field::NumberInput,
};

/// The slider and the number of a link.
#[component]
pub fn StrengthOf(
    /// Type that is listened to.
    sender: usize,
    /// Type that listens.
    receiver: usize,
) -> impl IntoView {
    let state = expect_context::<State>();
    let strengths = state.attention.strengths;
    let percent = Signal::derive(move || strengths.of(sender, receiver));
    let strength = move |percent: u32| Strength { sender, receiver, percent };
    let invalid = RwSignal::new(false);
    let title = "How much of the link the model keeps: 0 % mutes it, 100 % is as it is. The future is simulated again with it, beside what another seed alone makes. A ribbon of the chord can be dragged up and down for the same.";
    let parse = |text: String| text.parse::<u32>().ok().filter(|percent| *percent <= MOST);
    view! {
        <span class="strength" role="group" aria-label="Strength of the link" title=title>
            <input
                type="range"
                aria-label="Strength of the link in per cent"
                aria-valuetext=move || format!("{} per cent", percent.get())
                min="0"
                max=MOST.to_string()
                step="10"
                prop:value=move || percent.get().to_string()
                on:input:target=move |event| {
                    if let Some(percent) = parse(event.target().value()) {
                        strengths.held.set(Some(strength(percent)));
                    }
                }
                on:change:target=move |event| {
                    if let Some(percent) = parse(event.target().value()) {
                        state.set_strength(strength(percent));
                    }
                }
            />
            <NumberInput
                min=0.0
                max=f64::from(MOST)
                whole=true
                disabled=Signal::derive(|| false)
                invalid
                value=Signal::derive(move || Some(f64::from(percent.get())))
                set=Callback::new(move |percent: f64| strengths.held.set(Some(strength(percent as u32))))
                attr:aria-label="Strength in per cent"
                on:change=move |_| {
                    if let Some(held) = strengths.held.get_untracked() {
                        state.set_strength(held);
                    }
                }
            />
            "%"
            <button
                type="button"
                class="icon"
                aria-label="As the model gives it"
                title="Back to 100 %"
                disabled=move || percent.get() == AS_IT_IS
                on:click=move |_| state.set_strength(strength(AS_IT_IS))
            >
                "↺"
            </button>
        </span>
    }
}

//! How the plane is looked at: all of it, how large and dense its cells are, and lines of their density.

use crate::prelude::*;
use crate::state::State;
use scimf::figure::cells::Ink;

/// The button that shows everything again, and the menu of sizes.
#[component]
pub fn Look() -> impl IntoView {
    let state = expect_context::<State>();
    let (ink, camera) = (state.cells.ink, state.cells.camera);
    view! {
        <button
            type="button"
            disabled=move || camera.with(Option::is_none)
            title="Show all cells (0)"
            on:click=move |_| camera.set(None)
        >
            "Fit"
        </button>
        <details class="select-menu look">
            <summary title="Size and opacity of the cells, lines of their density">"Points"</summary>
            <div class="pop">
                <label class="slide">
                    <span>"Size"</span>
                    <input
                        type="range"
                        aria-label="Size of the points"
                        min="0.3"
                        max="3"
                        step="0.1"
                        prop:value=move || ink.get().size.to_string()
                        on:input:target=move |event| {
                            if let Ok(size) = event.target().value().parse() {
                                ink.update(|ink| ink.size = size);
                            }
                        }
                    />
                    <output>{move || format!("{:.1}×", ink.get().size)}</output>
                </label>
                <label class="slide">
                    <span>"Opacity"</span>
                    <input
                        type="range"
                        aria-label="Opacity of the points"
                        min="0.1"
                        max="1"
                        step="0.05"
                        prop:value=move || ink.get().opacity.to_string()
                        on:input:target=move |event| {
                            if let Ok(opacity) = event.target().value().parse() {
                                ink.update(|ink| ink.opacity = opacity);
                            }
                        }
                    />
                    <output>{move || format!("{:.0} %", 100.0 * ink.get().opacity)}</output>
                </label>
                <label class="check" title="Closed lines hold 25, 50, 75 and 90 % of the cells of the chosen time point, where they are densest">
                    <input
                        type="checkbox"
                        prop:checked=move || ink.get().contours
                        on:change:target=move |event| ink.update(|ink| ink.contours = event.target().checked())
                    />
                    "Density lines"
                </label>
                <button type="button" disabled=move || ink.get() == Ink::default() on:click=move |_| ink.set(Ink::default())>
                    "As usual"
                </button>
            </div>
        </details>
    }
}

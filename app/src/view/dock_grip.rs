//! The edge of the dock, to be dragged: beside the views it sets the width, under them the height.

use crate::prelude::*;
use crate::{page, state::State};

/// How far an arrow key moves it, as a share of the window.
const STEP: f64 = 0.02;
/// Smallest and largest size, as a share of the window.
const SIZES: [f64; 2] = [0.2, 0.7];

/// A separator for pointer and keys.
#[component]
pub fn DockGrip() -> impl IntoView {
    let dock = expect_context::<State>().dialogs.dock;
    let set = move |size: f64| dock.set(Some(size.clamp(SIZES[0], SIZES[1])));
    let size = move || dock.get().unwrap_or(if page::dock_beside() { 0.34 } else { 0.38 });
    let pressed = move |event: web_sys::PointerEvent| {
        event.prevent_default();
        event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id()).ok();
    };
    let moved = move |event: web_sys::PointerEvent| {
        if event_target::<web_sys::Element>(&event).has_pointer_capture(event.pointer_id()) {
            let [width, height] = page::window_size();
            set(if page::dock_beside() {
                1.0 - f64::from(event.client_x()) / width
            } else {
                1.0 - f64::from(event.client_y()) / height
            });
        }
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" | "ArrowUp" => STEP,
            "ArrowRight" | "ArrowDown" => -STEP,
            _ => return,
        };
        event.prevent_default();
        set(size() + by);
    };
    view! {
        <div
            class="grip"
            role="separator"
            tabindex="0"
            aria-label="Size of the open panel"
            aria-valuemin=(100.0 * SIZES[0]).to_string()
            aria-valuemax=(100.0 * SIZES[1]).to_string()
            aria-valuenow=move || format!("{:.0}", 100.0 * size())
            on:pointerdown=pressed
            on:pointermove=moved
            on:dblclick=move |_| dock.set(None)
            on:keydown=keyed
        ></div>
    }
}

//! The whole page takes files.

use crate::{engine::Engine, state::State};
use leptos::{ev, prelude::*};

/// Listens for dragged files anywhere and shows that they may be dropped.
#[component]
pub fn DropZone() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let over = RwSignal::new(false);
    let has_files = |event: &web_sys::DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    let listeners = [
        window_event_listener(ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
                over.set(true);
            }
        }),
        window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                over.set(false);
            }
        }),
        window_event_listener(ev::drop, move |event| {
            event.prevent_default();
            over.set(false);
            let files = event.data_transfer().and_then(|data| data.files());
            match files.as_ref().map_or(0, |files| files.length()) {
                0 => {}
                1 => files.and_then(|files| files.get(0)).into_iter().for_each(|file| engine.open(file)),
                n => state.problem.set(Some(format!("{n} files were dropped. Drop one dataset or one weights file."))),
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    view! {
        <div class="drop" class:over=over aria-hidden="true">
            <p>
                <strong>"Drop to open"</strong>
                <span>"a dataset (.h5ad, .zip) or weights (.safetensors, .pt)"</span>
            </p>
        </div>
    }
}

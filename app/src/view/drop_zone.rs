//! The whole page takes files.

use crate::prelude::*;
use crate::{engine::Engine, files};
use leptos::{ev, task::spawn_local};
use scimf::protocol::formats;

/// Listens for dragged files anywhere and shows that they may be dropped.
#[component]
pub fn DropZone() -> impl IntoView {
    let engine = expect_context::<Engine>();
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
            if let Some(data) = event.data_transfer() {
                let files = files::dropped(&data);
                spawn_local(async move { engine.open(files.await) });
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    view! {
        <div class="drop" class:over=move || over.get() aria-hidden="true">
            <p>
                <strong>"Drop to open"</strong>
                <span>"a study: " {formats::words(false)}</span>
                <span>"or weights: " {formats::words(true)}</span>
                <span>"The files of one study can be dropped together, annotation table included."</span>
            </p>
        </div>
    }
}

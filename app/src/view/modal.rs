//! A window over the page.

use crate::prelude::*;
use leptos::html;

/// A dialog with a title and a button that closes it. Escape closes it too, and the focus goes back to where it was. Its content is made
/// anew each time that it opens.
#[component]
pub fn Modal(
    /// It is to be seen.
    #[prop(into)]
    open: Signal<bool>,
    /// Somebody closes it.
    #[prop(into)]
    close: Callback<()>,
    /// What it is called, and its class.
    name: &'static str,
    /// Its title.
    title: &'static str,
    /// Its content.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            dialog.show_modal().ok();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let id = format!("{name}-dialog-title");
    let titled = id.clone();
    let children = StoredValue::new(children);
    view! {
        <dialog node_ref=dialog class=format!("modal {name}") aria-labelledby=titled on:close=move |_| close.run(())>
            <div class="modal-head">
                <h2 id=id>{title}</h2>
                <button type="button" class="icon" aria-label="Close" on:click=move |_| close.run(())>
                    "×"
                </button>
            </div>
            <Show when=move || open.get()>{children.with_value(|children| children())}</Show>
        </dialog>
    }
}

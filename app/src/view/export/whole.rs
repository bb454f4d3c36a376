//! Everything at once: a report, and a link to what is shown.

use crate::prelude::*;
use crate::{export, files, page, state::State, words};
use leptos::task::spawn_local;

/// The two buttons, and what became of them.
#[component]
pub fn Whole() -> impl IntoView {
    let state = expect_context::<State>();
    let outcome = RwSignal::new(String::new());
    let report = move |_| {
        let Some(html) = export::report(state) else { return };
        let name =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{}-report.html", words::file_stem(&name));
        outcome.set(match files::hand_over(&name, html.as_bytes()) {
            Ok(()) => format!("{name} was saved, {}.", words::size(html.len())),
            Err(problem) => problem,
        });
    };
    let copy = move |_| {
        spawn_local(async move {
            outcome.set(match page::copy_address().await {
                Ok(()) => {
                    "The link was copied. It holds view, settings and seeds, and the study if it lies beside the page."
                        .into()
                }
                Err(why) => format!("The link could not be copied ({why}). It is the address of this page."),
            });
        });
    };
    view! {
        <div class="actions">
            <button
                type="button"
                title="Every figure that there is now, with tables, settings, versions, methods and citations, as one HTML file that prints well"
                on:click=report
            >
                "Save report"
            </button>
            <button type="button" title="The address of this page, which holds view, settings and seeds" on:click=copy>
                "Copy link"
            </button>
        </div>
        <p class="outcome-line" aria-live="polite">
            {move || outcome.get()}
        </p>
    }
}

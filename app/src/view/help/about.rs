//! Which program this is, and how to cite it.

use crate::prelude::*;
use crate::{page, state::State};
use leptos::task::spawn_local;
use scimf::figure::methods;

/// Where the source is; empty where `Cargo.toml` names no repository.
const SOURCE: &str = env!("CARGO_PKG_REPOSITORY");

/// Version, source, licence, and what to cite for the chosen model.
#[component]
pub fn About() -> impl IntoView {
    let state = expect_context::<State>();
    let citation = move || methods::bibliography(Some(state.models.chosen.get())).join("\n\n");
    let outcome = RwSignal::new(String::new());
    let copy = move |_| {
        let text = untrack(citation);
        spawn_local(async move {
            outcome.set(match page::copy(&text).await {
                Ok(()) => "The citation was copied.".into(),
                Err(why) => format!("The citation could not be copied ({why}). Mark the text and copy it."),
            });
        });
    };
    let source = if SOURCE.is_empty() {
        view! { "The repository that this page was built from; whoever hosts the page names it." }.into_any()
    } else {
        view! { <a href=SOURCE>{SOURCE}</a> }.into_any()
    };
    view! {
        <article aria-label="About">
            <h3>"About"</h3>
            <dl>
                <dt>"Version"</dt>
                <dd>{concat!("scIMF Explorer ", env!("CARGO_PKG_VERSION"))}</dd>
                <dt>"Source"</dt>
                <dd>{source}</dd>
                <dt>"Licence"</dt>
                <dd>"MIT or Apache 2.0, whichever you prefer"</dd>
                <dt>"Cite"</dt>
                <dd>
                    "The program by its name and version (CITATION.cff), and the paper of each model that you used. Here for "
                    {move || state.models.chosen.get().name()} ":"
                </dd>
            </dl>
            <pre tabindex="0" aria-label="Citation as BibTeX">{move || citation()}</pre>
            <button type="button" on:click=copy>
                "Copy BibTeX"
            </button>
            <p class="outcome-line" aria-live="polite">
                {move || outcome.get()}
            </p>
        </article>
    }
}

//! Which program this is.

use leptos::prelude::*;

/// Version, licence and how to cite.
#[component]
pub fn About() -> impl IntoView {
    view! {
        <section aria-label="About">
            <p class="quiet small">
                {concat!("scIMF Explorer ", env!("CARGO_PKG_VERSION"))} ". Source and licence: MIT or Apache 2.0. To cite: the program by its name \
                 and version, and the paper that each explanation names. A report (under Export) holds both as BibTeX."
            </p>
        </section>
    }
}

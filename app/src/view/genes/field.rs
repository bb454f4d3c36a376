//! A gene by its name.

use crate::prelude::*;
use crate::state::State;
use scimf::figure::find::{exactly, fitting};

/// Suggestions that are offered at once; a datalist of all genes would slow the page down.
const SUGGESTIONS: usize = 40;

/// A text field that suggests genes; Enter or the button takes the one that is named.
#[component]
pub fn GeneField(
    /// What it is for, and part of its address on the page.
    label: &'static str,
    /// What the button says.
    button: &'static str,
    /// Takes a gene.
    #[prop(into)]
    choose: Callback<usize>,
    /// Nothing can be chosen now.
    #[prop(into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let id = format!("gene-{}", label.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let (list, told) = (format!("{id}-names"), format!("{id}-problem"));
    let suggestions = move || {
        state.genes.names.with(|names| {
            let fit = fitting(names, &typed.get(), SUGGESTIONS).into_iter();
            fit.map(|gene| view! { <option value=names[gene].clone()></option> }).collect_view()
        })
    };
    let take = move || {
        let name = typed.get_untracked().trim().to_owned();
        if name.is_empty() {
            return;
        }
        match state.genes.names.with_untracked(|names| exactly(names, &name)) {
            Some(gene) => {
                problem.set(String::new());
                typed.set(String::new());
                choose.run(gene);
            }
            None => problem.set(format!("There is no gene named {name} in the loadings.")),
        }
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            take();
        }
    };
    view! {
        <div class="gene-field">
            <label for=id.clone()>{label}</label>
            <div class="row">
                <input
                    id=id
                    type="text"
                    list=list.clone()
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby=told.clone()
                    disabled=disabled
                    prop:value=move || typed.get()
                    on:input:target=move |event| {
                        problem.set(String::new());
                        typed.set(event.target().value());
                    }
                    on:keydown=keyed
                />
                <datalist id=list>{move || suggestions()}</datalist>
                <button type="button" disabled=disabled on:click=move |_| take()>
                    {button}
                </button>
            </div>
            <p class="wrong" id=told aria-live="polite">{move || problem.get()}</p>
        </div>
    }
}

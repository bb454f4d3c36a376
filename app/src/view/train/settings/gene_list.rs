//! A list of genes: typed, pasted, or read from a file.

use crate::prelude::*;
use crate::{files, state::State, view::file_button::FileButton, words};
use leptos::task::spawn_local;
use scimf::protocol::cards::Field;
use scimf::protocol::{Recipe, Value};
use std::collections::HashSet;

/// Names of genes, with how many of them the dataset knows.
#[component]
pub fn GeneList(field: &'static Field, recipe: RwSignal<Recipe>, locked: Signal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let Field { key, label, hint, .. } = *field;
    let chosen = Memo::new(move |_| recipe.with(|it| it.genes(key)));
    let set = move |text: &str| recipe.update(|it| drop(it.settings.insert(key.into(), names(text))));
    let load = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        spawn_local(async move {
            match files::read_text(&file).await {
                Ok(text) => set(&text),
                Err(problem) => state.problem.set(Some(problem)),
            }
        });
    };
    let standing = move || {
        let all = chosen.get();
        if all.is_empty() {
            return "None: all start cells weigh the same.".to_owned();
        }
        let known = state.genes.known();
        let missing = all.iter().filter(|name| !known.contains(&name.to_lowercase())).count();
        let count = words::counted(all.len(), "gene");
        match missing {
            0 => format!("{count}, all in this dataset."),
            n => format!("{count}, {} of them not in this dataset.", words::count(n)),
        }
    };
    let id = format!("genes-{key}");
    view! {
        <div class="gene-list" title=hint>
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                rows="2"
                spellcheck="false"
                placeholder="Names, with blanks, commas or new lines between them"
                disabled=locked
                prop:value=move || chosen.with(|all| all.join(" "))
                on:change:target=move |event| set(&event.target().value())
            ></textarea>
            <div class="under">
                <p class="quiet small" aria-live="polite">{move || standing()}</p>
                <FileButton label=format!("{label} from a file") accept=".txt,.csv,.tsv" disabled=locked chosen=load/>
            </div>
        </div>
    }
}

/// The names in a text, each once whatever the case of its letters, in their order.
fn names(text: &str) -> Value {
    let mut seen = HashSet::new();
    match Value::genes(&text.replace('"', " ")) {
        Value::Genes(names) => {
            Value::Genes(names.into_iter().filter(|name| seen.insert(name.to_lowercase())).collect())
        }
        other => other,
    }
}

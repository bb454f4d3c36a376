//! Where the model works: an array of the file, or principal components computed here.

use crate::prelude::*;
use crate::{
    view::select_one::{SelectOne, named},
    words,
};
use scimf::protocol::{FileSummary, Mapping, ModelSpace, Preprocessing, ValueKind};

/// Stored arrays and expression matrices in one list.
#[component]
pub fn ModelSpaceSelect(
    /// What is in the file.
    file: FileSummary,
    /// The choice.
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let stored = file
        .spaces
        .iter()
        .map(|space| named(stored_key(&space.name), format!("{} ({} dimensions)", space.name, space.dimensions)));
    let computed = file.matrices.iter().map(|matrix| {
        let name = format!("from {} ({}, {} genes)", matrix.name, kind(matrix.values), words::count(matrix.genes));
        named(computed_key(&matrix.name), name)
    });
    let open = mapping.with_untracked(|it| it.model_space == ModelSpace::Stored(String::new()));
    let choose = open.then(|| named(stored_key(""), "choose a space")).into_iter().collect();
    let groups = vec![
        ("", choose),
        ("Arrays of the file", stored.collect()),
        ("Compute principal components", computed.collect()),
    ];
    let value = move || {
        mapping.with(|it| match &it.model_space {
            ModelSpace::Stored(name) => stored_key(name),
            ModelSpace::Computed(steps) => computed_key(&steps.matrix),
        })
    };
    let (matrices, cells) = (file.matrices.clone(), file.cells);
    let set = move |key: String| {
        let matrix = matrices.iter().find(|matrix| computed_key(&matrix.name) == key);
        mapping.update(|it| {
            it.model_space = match matrix {
                Some(matrix) => {
                    let mut steps = Preprocessing::proposed(matrix, cells);
                    if let ModelSpace::Computed(before) = &it.model_space {
                        steps.held_out.clone_from(&before.held_out);
                    }
                    ModelSpace::Computed(steps)
                }
                None => ModelSpace::Stored(key.split_once(':').map_or("", |(_, name)| name).into()),
            };
        });
    };
    view! {
        <SelectOne
            above=true
            label="Model space"
            hint="Where the model learns: an array of the file, such as principal components, or components computed here from expression values."
            groups
            value=Signal::derive(value)
            set
        />
    }
}

fn stored_key(name: &str) -> String {
    format!("stored:{name}")
}

fn computed_key(matrix: &str) -> String {
    format!("computed:{matrix}")
}

/// What values are, in a word or two.
pub fn kind(values: ValueKind) -> &'static str {
    match values {
        ValueKind::Counts => "counts",
        ValueKind::Normalised => "normalised values",
        ValueKind::LogNormalised => "log-normalised values",
        ValueKind::Scaled => "scaled values",
    }
}

//! Where the types of the cells come from: a column, clusters that are sought here, or nowhere.

use crate::prelude::*;
use crate::{
    view::select_one::{SelectOne, named},
    words,
};
use scimf::protocol::{Clusters, Column, FileSummary, Mapping};

/// Resolutions on the slider, the coarsest and the finest, and its steps.
const RESOLUTIONS: [f64; 3] = [0.1, 3.0, 0.1];
/// The key of clusters; keys of columns begin otherwise.
const CLUSTERS: &str = "clusters";

/// A select with the columns that can hold types, and the resolution of clusters.
#[component]
pub fn Types(
    /// What is in the file.
    file: FileSummary,
    /// The choice.
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let columns = file.columns.iter().filter(|column| !column.levels.is_empty());
    let item = |column: &Column| named(key(&column.name), format!("{} ({} values)", column.name, column.distinct));
    let groups = vec![
        ("", vec![named("", "none")]),
        ("Columns of the file", columns.map(item).collect()),
        ("Found here", vec![named(CLUSTERS, "clusters of the cells")]),
    ];
    let value = move || {
        mapping.with(|it| match (&it.cell_type, &it.clusters) {
            (Some(name), _) => key(name),
            (None, Some(_)) => CLUSTERS.into(),
            (None, None) => String::new(),
        })
    };
    let set = move |chosen: String| {
        mapping.update(|it| {
            it.cell_type = chosen.strip_prefix("column:").map(str::to_owned);
            it.clusters = (chosen == CLUSTERS).then(Clusters::default);
        });
    };
    let all = StoredValue::new(file.columns);
    let chosen = Memo::new(move |_| {
        let name = mapping.with(|it| it.cell_type.clone())?;
        all.with_value(|all| all.iter().find(|column| column.name == name).cloned())
    });
    let clusters = Memo::new(move |_| mapping.with(|it| it.clusters.as_ref().map(|it| it.resolution)));
    let none = Memo::new(move |_| mapping.with(|it| it.cell_type.is_none() && it.clusters.is_none()));
    view! {
        <SelectOne
            above=true
            label="Cell type"
            hint="The types of the cells, for colours and the chord: a column of the file, or clusters."
            groups
            value=Signal::derive(value)
            set
        />
        <p class="levels quiet">{move || chosen.get().map(|it| levels(&it))}</p>
        <Show when=move || none.get()>
            <p class="note">
                "Without types there is no chord. "
                <button type="button" on:click=move |_| set(CLUSTERS.into())>
                    "Cluster the cells"
                </button>
            </p>
        </Show>
        <Show when=move || clusters.with(Option::is_some)>
            <Resolution mapping resolution=clusters/>
        </Show>
    }
}

/// How fine the clusters are.
#[component]
fn Resolution(
    /// The choice.
    mapping: RwSignal<Mapping>,
    /// The resolution, where there are clusters.
    resolution: Memo<Option<f64>>,
) -> impl IntoView {
    let [least, most, step] = RESOLUTIONS;
    let shown = move || resolution.get().unwrap_or(1.0).to_string();
    let set = move |text: String| {
        let Some(resolution) = text.parse().ok().filter(|found| (least..=most).contains(found)) else { return };
        mapping.update(|it| it.clusters = Some(Clusters { resolution, ..Clusters::default() }));
    };
    view! {
        <label class="select resolution">
            <span>"Resolution " <output>{move || shown()}</output></span>
            <input
                type="range"
                aria-label="Resolution of the clusters"
                min=least.to_string()
                max=most.to_string()
                step=step.to_string()
                prop:value=shown
                on:input:target=move |event| set(event.target().value())
            />
        </label>
        <p class="quiet">
            "Leiden communities among the neighbours of cells in the model space: a higher resolution makes more and smaller ones. \
            Afterwards the genes that mark them are shown, and you can name them."
        </p>
    }
}

fn key(column: &str) -> String {
    format!("column:{column}")
}

/// The largest types with their counts.
fn levels(column: &Column) -> String {
    const SHOWN: usize = 12;
    let mut text: Vec<String> =
        column.levels.iter().take(SHOWN).map(|it| format!("{} {}", it.label, words::count(it.cells))).collect();
    if column.levels.len() > SHOWN {
        text.push(format!("and {} more", column.levels.len() - SHOWN));
    }
    if column.missing > 0 {
        text.push(format!("{} cells without a value", words::count(column.missing)));
    }
    text.join(" · ")
}

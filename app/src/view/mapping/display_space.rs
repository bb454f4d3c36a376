//! Where the cells are drawn first.

use crate::prelude::*;
use crate::view::{
    field::NumberField,
    select_one::{SelectOne, named},
};
use scimf::protocol::{DisplaySpace, FileSummary, Mapping, UmapSettings};

/// Stored arrays, the first two axes of the model space, or UMAP.
#[component]
pub fn DisplaySpaceSelect(
    /// What is in the file.
    file: FileSummary,
    /// The choice.
    mapping: RwSignal<Mapping>,
) -> impl IntoView {
    let stored = file
        .spaces
        .iter()
        .map(|space| named(stored_key(&space.name), format!("{} ({} dimensions)", space.name, space.dimensions)));
    let groups = vec![
        ("Arrays of the file", stored.collect()),
        ("Of the model space", vec![named("components", "first two axes"), named("umap", "UMAP, computed here")]),
    ];
    let umap = Memo::new(move |_| {
        mapping.with(|it| match it.display_space {
            DisplaySpace::Umap(settings) => Some(settings),
            _ => None,
        })
    });
    let shown = Memo::new(move |_| umap.with(Option::is_some));
    let value = move || {
        mapping.with(|it| match &it.display_space {
            DisplaySpace::Components => "components".into(),
            DisplaySpace::Umap(_) => "umap".into(),
            DisplaySpace::Stored(name) => stored_key(name),
        })
    };
    let set = move |key: String| {
        mapping.update(|it| {
            it.display_space = match key.as_str() {
                "components" => DisplaySpace::Components,
                "umap" => DisplaySpace::Umap(UmapSettings::default()),
                key => DisplaySpace::Stored(key.split_once(':').map_or("", |(_, name)| name).into()),
            };
        });
    };
    let change = move |change: &dyn Fn(&mut UmapSettings)| {
        mapping.update(|it| {
            if let DisplaySpace::Umap(settings) = &mut it.display_space {
                change(settings);
            }
        });
    };
    let most = file.cells.saturating_sub(1).clamp(2, 200);
    view! {
        <SelectOne above=true label="Display space" hint="The plane in which cells are drawn first." groups value=Signal::derive(value) set/>
        <Show when=move || shown.get()>
            <div class="fields umap">
                <NumberField
                    label="Neighbours"
                    unit="cells"
                    hint="Cells that UMAP takes as near to each cell: fewer show fine structure, more the whole."
                    min=2.0
                    max=most as f64
                    whole=true
                    disabled=false
                    value=Signal::derive(move || umap.get().map_or(0.0, |it| it.neighbours as f64))
                    set=move |n: f64| change(&|it| it.neighbours = n as usize)
                />
                <NumberField
                    label="Minimum distance"
                    hint="How close UMAP may draw two cells to each other."
                    min=0.0
                    max=1.0
                    disabled=false
                    value=Signal::derive(move || umap.get().map_or(0.0, |it| (f64::from(it.minimum_distance) * 1e4).round() / 1e4))
                    set=move |x: f64| change(&|it| it.minimum_distance = x as f32)
                />
                <p class="quiet">"For drawing only: the model does not see it, and arrows in it are approximate."</p>
            </div>
        </Show>
    }
}

fn stored_key(name: &str) -> String {
    format!("stored:{name}")
}

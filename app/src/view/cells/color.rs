//! What the cells are coloured by: a menu, and the choice of a sender, which stands in the legend.

use crate::prelude::*;
use crate::state::{ColorBy, State};

/// The menu of colours.
#[component]
pub fn ColorMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let seeking = state.cells.seeking;
    let entry = Memo::new(move |_| if seeking.get() { "gene".into() } else { name(state.color_by.get()) });
    let columns = Memo::new(move |_| {
        state.dataset.with(|dataset| {
            let columns = dataset.as_ref().map_or(&[][..], |dataset| &dataset.summary.columns);
            columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()
        })
    });
    let genes = Memo::new(move |_| state.expression().contains(&true));
    let option = move |value: String, name: String, hint: &'static str| {
        let own = value.clone();
        view! { <option value=value title=hint prop:selected=move || entry.get() == own>{name}</option> }
    };
    let annotations = move || {
        let columns = columns.get();
        (!columns.is_empty()).then(|| {
            let one =
                |(i, column)| option(self::name(ColorBy::Column(i)), column, "An annotation of the cells in the file");
            view! { <optgroup label="Annotations">{columns.into_iter().enumerate().map(one).collect_view()}</optgroup> }
        })
    };
    let fates = move || {
        state.cell_fates().map(|found| {
            let mean = scimf::figure::fates::mean(&found);
            let one = |(kind, name): (usize, String)| {
                let hint = "Share of the simulated copies of a cell that end as this type";
                (mean.get(kind).is_some_and(|share| *share > 0.0)).then(|| option(format!("fate:{kind}"), name, hint))
            };
            let types = state.type_names().into_iter().enumerate().filter_map(one).collect_view();
            view! { <optgroup label="Fates">{types}</optgroup> }
        })
    };
    let chosen = move |value: String| {
        seeking.set(value == "gene");
        match value.split_once(':') {
            None => match value.as_str() {
                "type" => state.color_by.set(ColorBy::Type),
                "time" => state.color_by.set(ColorBy::Time),
                "speed" => state.color_by.set(ColorBy::Speed),
                "growth" => state.color_by.set(ColorBy::Growth),
                "potential" => state.color_by.set(ColorBy::Potential),
                "residual" => state.color_by.set(ColorBy::Residual),
                "growth-weight" => state.color_by.set(ColorBy::GrowthWeight),
                "receivers" => state.color_by.set(ColorBy::Receivers(state.focused_type.get_untracked().unwrap_or(0))),
                _ => {}
            },
            Some(("fate", kind)) => {
                if let Ok(kind) = kind.parse() {
                    state.color_by.set(ColorBy::Fate(kind));
                }
            }
            Some((_, column)) => {
                if let Ok(column) = column.parse() {
                    state.color_by.set(ColorBy::Column(column));
                }
            }
        }
    };
    view! {
        <span class="inline">
            <span class="label">"Colour"</span>
            <select
                aria-label="Colour by"
                title="What the colours of the cells mean"
                on:change:target=move |event| chosen(event.target().value())
            >
                {option("type".into(), "Type".into(), "Cell type")}
                {option("time".into(), "Time".into(), "Time point")}
                {option("speed".into(), "Speed".into(), "Length of the velocity, at the chosen time")}
                {option("receivers".into(), "Receivers".into(), "How much each cell listens to a type, at the chosen time")}
                {move || {
                    state
                        .has_weights_able(|can| can.operators)
                        .then(|| option("growth".into(), "Growth (max Re λ)".into(), "Largest real part of the eigenvalues of the cell's operator, per mean interval"))
                }}
                {move || {
                    let can = state.can();
                    let one = |there: bool, key: &str, name: &str, hint: &'static str| {
                        there.then(|| option(key.into(), name.into(), hint))
                    };
                    view! {
                        {one(can.potential, "potential", "Potential", "The landscape at each cell and its time: cells run downhill")}
                        {one(can.residual, "residual", "Residual", "Where the landscape is not to be trusted: how far it is from its own equation")}
                        {one(can.growth, "growth-weight", "Growth weight", "How much each start cell multiplies, beside the mean")}
                    }
                }}
                {move || fates()}
                {move || genes.get().then(|| option("gene".into(), "Gene".into(), "Expression, as it was measured or decoded from the model space"))}
                {move || annotations()}
            </select>
        </span>
    }
}

/// The menu's entry of a colour.
fn name(color: ColorBy) -> String {
    match color {
        ColorBy::Type => "type".into(),
        ColorBy::Time => "time".into(),
        ColorBy::Speed => "speed".into(),
        ColorBy::Growth => "growth".into(),
        ColorBy::Potential => "potential".into(),
        ColorBy::Residual => "residual".into(),
        ColorBy::GrowthWeight => "growth-weight".into(),
        ColorBy::Fate(kind) => format!("fate:{kind}"),
        ColorBy::Receivers(_) => "receivers".into(),
        ColorBy::Gene(_) | ColorBy::Measured(_) => "gene".into(),
        ColorBy::Column(column) => format!("column:{column}"),
    }
}

/// The sending type.
#[component]
pub fn SenderMenu() -> impl IntoView {
    let state = expect_context::<State>();
    let entries = move || {
        let types = state.dataset.get()?.summary.cell_types.clone();
        let entry = |(i, kind): (usize, scimf::protocol::CellType)| {
            let chosen = move || state.color_by.get() == ColorBy::Receivers(i);
            view! { <option value=i.to_string() prop:selected=chosen>{kind.name}</option> }
        };
        Some(types.into_iter().enumerate().map(entry).collect_view())
    };
    view! {
        <select
            aria-label="Sender"
            title="The cell type that is listened to"
            on:change:target=move |event| {
                if let Ok(sender) = event.target().value().parse() {
                    state.color_by.set(ColorBy::Receivers(sender));
                }
            }
        >
            {move || entries()}
        </select>
    }
}

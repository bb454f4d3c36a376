//! Everything that the page shows now, as one document.

use super::FIGURES;
use crate::prelude::*;
use crate::{
    state::{EngineState, State},
    words,
};
use scimf::figure::methods;
use scimf::figure::report::{Report, Table, html};
use scimf::figure::score_table::{columns, mean_and_deviation};
use scimf::figure::svg::Format;
use scimf::protocol::{DatasetSummary, ModelSummary};

/// Size of a figure, in pixels.
const SIZE: [f64; 2] = [900.0, 640.0];

/// The report as HTML; none without a dataset.
pub fn report(state: State) -> Option<String> {
    let dataset = state.dataset.get_untracked()?;
    let summary = &dataset.summary;
    untrack(|| {
        let model = state.shown().summary.get();
        let drawn = FIGURES.iter().filter(|figure| figure.available(state)).filter_map(|figure| {
            let format = Format { size: SIZE, dark: false, title: figure.title(state) };
            Some((figure.name.to_owned(), figure.draw(state, &format)?.ok()?))
        });
        Some(html(&Report {
            title: format!("{}: report", summary.name),
            facts: facts(state, summary, model.as_ref()),
            figures: drawn.collect(),
            tables: tables(state, summary),
            methods: methods::paragraphs(summary, model.as_ref()),
            bibliography: methods::bibliography(model.as_ref().map(|model| model.model)),
        }))
    })
}

fn facts(state: State, dataset: &DatasetSummary, model: Option<&ModelSummary>) -> Vec<(String, Vec<(String, String)>)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let mut groups = methods::facts(dataset, model);
    let device = match state.engine.get() {
        EngineState::Ready(device) => device.name,
        _ => "none".into(),
    };
    let address = window().location().href().unwrap_or_default();
    groups.push((
        "Program".into(),
        vec![
            fact("Version", env!("CARGO_PKG_VERSION").into()),
            fact("Computed on", device),
            fact("View, settings and seeds", address),
        ],
    ));
    groups
}

fn tables(state: State, dataset: &DatasetSummary) -> Vec<Table> {
    let kinds = state.type_names();
    let counts = state.observed_counts(None);
    let rows = dataset.time_points.iter().zip(counts.chunks(kinds.len().max(1)));
    let cells = Table {
        name: "Observed cells".into(),
        head: std::iter::once("time".to_owned()).chain(kinds).collect(),
        rows: rows
            .map(|(point, row)| {
                std::iter::once(point.label.clone()).chain(row.iter().map(|count| words::count(*count))).collect()
            })
            .collect(),
    };
    let evaluation = state.evaluation.with(|it| it.as_ref().map(|it| it.table.clone()));
    let columns = evaluation.as_ref().map_or_else(Vec::new, columns);
    let evaluated = evaluation.into_iter().flat_map(|table| table.held_out).map(|held_out| Table {
        name: format!("Distance to the observed cells at {}", held_out.label),
        head: std::iter::once("").chain(columns.iter().map(|metric| metric.short())).map(String::from).collect(),
        rows: held_out
            .rows
            .iter()
            .filter_map(|row| {
                let found = row.distances?;
                let values = columns.iter().map(|metric| mean_and_deviation(&found, *metric));
                Some(std::iter::once(row.name.clone()).chain(values).collect())
            })
            .collect(),
    });
    std::iter::once(cells).chain(evaluated).collect()
}

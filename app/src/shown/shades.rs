//! The values behind the colours, from what the engine answered.

use crate::state::{ColorBy, Dataset, LandscapeView, State};
use scimf::figure::fates;
use scimf::figure::shades::{Shades, spread};
use scimf::protocol::{Score, ValuesQuery};

/// The colours by value that are chosen; none for types and times, and while the values are not there.
pub fn shades(state: State) -> Option<Shades> {
    let (dark, time, color_by) = (state.dark.get(), state.time.get(), state.color_by.get());
    if !color_by.is_value() {
        return None;
    }
    let dataset = state.dataset.get()?;
    let count = dataset.summary.cells;
    let title = title(state, &dataset);
    let values = |query: ValuesQuery| {
        let answer = state.cells.values.get()?;
        (answer.query == query && answer.values.len() == count).then(|| answer.values.to_vec())
    };
    let values = match color_by {
        ColorBy::Type | ColorBy::Time => return None,
        ColorBy::Column(column) => {
            let values = values(ValuesQuery::Column(column))?;
            let levels = &dataset.summary.columns.get(column)?.levels;
            if !levels.is_empty() {
                return Some(Shades::levels(&title, values, levels));
            }
            values
        }
        ColorBy::Gene(gene) => values(ValuesQuery::Gene(gene))?,
        ColorBy::Measured(gene) => values(ValuesQuery::Measured(gene))?,
        ColorBy::Growth => values(ValuesQuery::Growth)?,
        ColorBy::Potential => read(state, LandscapeView::Potential, count)?,
        ColorBy::Residual => read(state, LandscapeView::Residual, count)?,
        ColorBy::GrowthWeight => read(state, LandscapeView::Growth, count)?,
        ColorBy::Fate(kind) => {
            let fates = state.cell_fates()?;
            spread(count, &fates.query.cells, &fates::of_type(&fates, kind))
        }
        ColorBy::Speed => {
            let velocity = state.velocity.get().filter(|velocity| velocity.query.time == time)?;
            spread(count, &velocity.cells, &velocity.speeds)
        }
        ColorBy::Receivers(sender) => {
            let answer = state.cells.receivers.get()?;
            if answer.query.sender != sender || answer.query.time != time {
                return None;
            }
            spread(count, &answer.cells, &answer.values)
        }
    };
    Shades::numbers(&title, values, dark)
}

/// Values that were read off the model.
fn read(state: State, view: LandscapeView, count: usize) -> Option<Vec<f32>> {
    let answer = state.landscape.values(view).get()?;
    (answer.values.len() == count).then(|| answer.values.to_vec())
}

/// What the values are, with their unit.
fn title(state: State, dataset: &Dataset) -> String {
    let name = name(state, dataset);
    match state.color_by.get() {
        ColorBy::Gene(_) => format!("{name}, decoded expression"),
        ColorBy::Measured(_) => {
            let unit = dataset.summary.measured.as_ref().map_or("", |it| &it.unit);
            format!("{name}, measured, {unit}")
        }
        ColorBy::Growth => format!("{name}, per mean interval"),
        ColorBy::Speed => format!("{name}, model space, per interval"),
        _ => name,
    }
}

/// What the colours stand for.
pub fn name(state: State, dataset: &Dataset) -> String {
    let summary = &dataset.summary;
    match state.color_by.get() {
        ColorBy::Type => "cell type".into(),
        ColorBy::Time => "time".into(),
        ColorBy::Column(column) => summary.columns.get(column).map_or_else(String::new, |column| column.name.clone()),
        ColorBy::Gene(_) | ColorBy::Measured(_) => state.colored_gene().unwrap_or_default(),
        ColorBy::Speed => "speed".into(),
        ColorBy::Potential => "potential".into(),
        ColorBy::Residual => "residual of the potential".into(),
        ColorBy::GrowthWeight => "growth weight, 1 is the mean".into(),
        ColorBy::Fate(kind) => {
            let name = summary.cell_types.get(kind).map_or("", |kind| &kind.name);
            format!("share of copies that end as {name}")
        }
        ColorBy::Growth => "growth rate (max Re λ)".into(),
        ColorBy::Receivers(sender) => {
            let name = summary.cell_types.get(sender).map_or("", |kind| &kind.name);
            match state.score.get() {
                Score::Attention => format!("attention to {name}"),
                Score::Influence => format!("influence of {name}"),
            }
        }
    }
}

//! Cells in words.

use super::scene::Scene;
use crate::state::ColorBy;
use crate::words;
use leptos::prelude::*;
use scimf::figure::shades::Scale;
use scimf::protocol::Score;

impl Scene {
    /// Type and time of a cell, and its value where the colours have one.
    pub fn describe(&self, cell: usize) -> Option<String> {
        let state = self.state;
        let mut text = state.dataset.with(|dataset| {
            let dataset = dataset.as_ref()?;
            let kind = dataset.summary.cell_types.get(*dataset.cells.cell_types.get(cell)? as usize)?;
            let time = dataset.summary.time_points.get(*dataset.cells.times.get(cell)? as usize)?;
            Some(format!("{}, {}", kind.name, time.label))
        })?;
        let value = self.shades.with(|shades| {
            let shades = shades.as_ref()?;
            let value = shades.values.get(cell).copied().filter(|value| value.is_finite())?;
            match &shades.scale {
                Scale::Range { .. } => Some(words::number(value)),
                Scale::Levels(_) => self.levels().get(value as usize).cloned(),
            }
        });
        if let Some(value) = value {
            text.push_str(&format!(" · {} {value}", self.color_name()));
        }
        Some(text)
    }

    /// What the colours stand for.
    pub fn color_name(&self) -> String {
        let state = self.state;
        let summary = |name: &dyn Fn(&scimf::protocol::DatasetSummary) -> Option<String>| {
            state
                .dataset
                .with(|dataset| dataset.as_ref().and_then(|dataset| name(&dataset.summary)))
                .unwrap_or_default()
        };
        match state.color_by.get() {
            ColorBy::Type => "cell type".into(),
            ColorBy::Time => "time".into(),
            ColorBy::Column(column) => summary(&|it| it.columns.get(column).map(|column| column.name.clone())),
            ColorBy::Gene(gene) => state.genes.names.with(|genes| genes.get(gene).cloned()).unwrap_or_default(),
            ColorBy::Speed => "speed".into(),
            ColorBy::Receivers(sender) => {
                let name = summary(&|it| it.cell_types.get(sender).map(|kind| kind.name.clone()));
                match state.score.get() {
                    Score::Attention => format!("attention to {name}"),
                    Score::Influence => format!("influence of {name}"),
                }
            }
        }
    }

    /// The unit of the colours' values.
    pub fn color_unit(&self) -> &'static str {
        match self.state.color_by.get() {
            ColorBy::Gene(_) => "decoded expression",
            ColorBy::Speed => "model space, per interval",
            ColorBy::Receivers(_) => "sum over the senders",
            _ => "",
        }
    }

    /// The levels of the annotation that the colours stand for; empty for numbers.
    pub fn levels(&self) -> Vec<String> {
        let ColorBy::Column(column) = self.state.color_by.get() else { return Vec::new() };
        self.state.dataset.with(|dataset| {
            let column = dataset.as_ref().and_then(|dataset| dataset.summary.columns.get(column));
            column.map_or_else(Vec::new, |column| column.levels.clone())
        })
    }

    /// The picture in words.
    pub fn sentence(&self) -> String {
        let state = self.state;
        let color = self.color_name();
        state.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return "Scatter plot of cells: no dataset is open.".to_owned() };
            let summary = &dataset.summary;
            let space = summary.spaces.get(state.space.get()).map_or("", |space| &space.name);
            let counts = self.counts.get();
            let mut present: Vec<_> = summary.cell_types.iter().zip(&counts).filter(|(_, count)| **count > 0).collect();
            present.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let listed: Vec<String> =
                present.iter().take(6).map(|(kind, count)| format!("{count} {}", kind.name)).collect();
            let more = if present.len() > 6 { ", and others" } else { "" };
            let time = summary.time_points.get(state.time.get()).map_or("", |time| &time.label);
            format!(
                "Scatter plot of {} cells in {space}, coloured by {color}. At {time}: {}{more}. Arrow keys move, plus and minus zoom, \
                 0 shows all, Enter goes from cell to cell.",
                summary.cells,
                listed.join(", "),
            )
        })
    }
}

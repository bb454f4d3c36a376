//! Cells in words.

use super::scene::Scene;
use crate::shown::shades::name;
use crate::words;
use scimf::figure::shades::Scale;

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
                Scale::Levels(levels) => levels.get(value as usize).map(|level| level.0.clone()),
            }
        });
        if let Some(value) = value {
            let name = state.dataset.with(|dataset| dataset.as_ref().map(|dataset| name(state, dataset)));
            text.push_str(&format!(" · {} {value}", name.unwrap_or_default()));
        }
        Some(text)
    }

    /// The picture in words.
    pub fn sentence(&self) -> String {
        let state = self.state;
        state.dataset.with(|dataset| {
            let Some(dataset) = dataset else { return "Scatter plot of cells: no dataset is open.".to_owned() };
            let (summary, color) = (&dataset.summary, name(state, dataset));
            let space = summary.space(state.space.get()).map_or_else(String::new, |space| space.name);
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

//! The landscape of the shown model: what is drawn of it, and what it says.

use crate::{
    state::{LandscapeView, State},
    words,
};
use scimf::figure::landscape::{self, Landscape};

/// Values of the cells of the chosen time point, where they are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Terrain {
    /// x, y of the cells.
    pub positions: Vec<f32>,
    /// Their values.
    pub heights: Vec<f32>,
    /// What the values are.
    pub name: &'static str,
}

impl Terrain {
    /// As a figure draws it.
    pub fn figure(&self, dark: bool) -> Landscape<'_> {
        Landscape { positions: &self.positions, heights: &self.heights, name: self.name, dark }
    }
}

/// What the values of a view are called.
pub fn name(view: LandscapeView) -> &'static str {
    match view {
        LandscapeView::Potential => "potential",
        LandscapeView::Residual => "residual",
        LandscapeView::Growth => "growth weight",
    }
}

/// The view that the panel shows: the chosen one, if the shown model has it.
pub fn view(state: State) -> LandscapeView {
    let can = state.can();
    match state.landscape.view.get() {
        LandscapeView::Residual if can.residual => LandscapeView::Residual,
        LandscapeView::Growth if can.growth => LandscapeView::Growth,
        _ => LandscapeView::Potential,
    }
}

/// The cells behind the panel: those of the chosen time point, or, for growth, those that cells start from.
pub fn terrain(state: State) -> Option<Terrain> {
    let view = view(state);
    let (answer, dataset) = (state.landscape.values(view).get()?, state.dataset.get()?);
    let time = if view == LandscapeView::Growth { 0 } else { state.time.get() as u32 };
    let cells = &dataset.cells;
    let here: Vec<usize> = (0..cells.times.len()).filter(|&i| cells.times[i] == time).collect();
    let positions = here.iter().flat_map(|&i| [2 * i, 2 * i + 1]).map(|i| cells.positions.get(i).copied());
    let heights = here.iter().map(|&i| answer.values.get(i).copied());
    Some(Terrain {
        positions: positions.collect::<Option<_>>()?,
        heights: heights.collect::<Option<_>>()?,
        name: name(view),
    })
}

/// What the panel says, for those who do not see it and under the exported figure.
pub fn sentence(state: State) -> String {
    let view = view(state);
    let Some((answer, dataset)) = state.landscape.values(view).get().zip(state.dataset.get()) else {
        return String::new();
    };
    let labels = state.time_labels();
    let by_time = landscape::means(&answer.values, &dataset.cells.times, labels.len());
    let number = |value: f64| words::number(value as f32);
    let at = |time: usize| Some((labels.get(time)?, number((*by_time.get(time)?)?)));
    match view {
        LandscapeView::Potential => {
            let ends = at(0).zip(at(labels.len().saturating_sub(1)));
            let course = ends.map_or_else(String::new, |((first, a), (last, b))| {
                let [falling, steps] = landscape::falls(&by_time);
                format!(" Its mean goes from {a} at {first} to {b} at {last}, and falls in {falling} of {steps} steps.")
            });
            format!("Cells run downhill: valleys are where they end. Only differences of the potential mean something.{course}")
        }
        LandscapeView::Residual => {
            let here = at(state.time.get()).map_or_else(String::new, |(label, mean)| format!(" Mean at {label}: {mean}."));
            format!(
                "Where it is high the landscape is not to be trusted: there the fitted potential does not follow the equation that it was asked to follow.{here}"
            )
        }
        LandscapeView::Growth => {
            "How much each start cell counts in the training, beside the mean of 1: by its birth and death genes. Nothing divides or dies in the simulation.".into()
        }
    }
}

//! What a command may ask for: sizes that fit into a browser's tab, and numbers that are numbers.
//!
//! Whether things are there (a time point, a gene, a model) is for whoever answers to say.

use super::{
    CellMnnSettings, Change, Command, EvaluationSettings, ExperimentQuery, Mapping, ModelSpace, Recipe,
    SimulationQuery, TrainSettings,
};
use crate::error::{Error, Result};

/// Cells that one update or step is computed from: their transport is a matrix of all pairs.
const MOST_CELLS: usize = 16_384;
/// Steps in one unit of time, and of the schedule in a transport: the inverse of the smallest step.
const SMALLEST_STEP: f64 = 1e-3;
/// Width of a network, whose weights grow with its square.
const MOST_HIDDEN: usize = 4096;
/// Dimensions of a model, likewise.
const MOST_DIMENSIONS: usize = 1024;
/// Repetitions of an evaluation.
const MOST_SEEDS: u32 = 100;
/// Genes that are followed, changes that are made, links and drivers that are listed.
const MOST_LISTED: usize = 10_000;

impl Command {
    /// Checks that nothing is asked for that could not be held or would not end.
    ///
    /// # Errors
    /// Names the setting and its limits.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Train { recipe: Recipe::ScImf(settings) } => training(settings),
            Self::Train { recipe: Recipe::CellMnn(settings) } => cell_mnn(settings),
            Self::Evaluate(settings) => evaluation(settings),
            Self::Simulate(query) | Self::SaveSimulation { query, .. } => simulation(query),
            Self::Experiment(ExperimentQuery { simulation: query, changes, .. }) => {
                simulation(query)?;
                at_most("changes", changes.len(), MOST_LISTED)?;
                changes.iter().try_for_each(change)
            }
            Self::Linearisation(query) => at_most("cells", query.cells, MOST_CELLS),
            Self::Perturbation(query) => at_most("cells", query.cells, MOST_CELLS),
            Self::GeneNetwork(query) => at_most("links", query.links, MOST_LISTED),
            Self::Why(query) => at_most("drivers", query.drivers, MOST_LISTED),
            Self::ApplyMapping { mapping } => preparation(mapping),
            _ => Ok(()),
        }
    }
}

fn training(settings: &TrainSettings) -> Result<()> {
    at_most("simulated cells", settings.cells, MOST_CELLS)?;
    at_most("held-out time points", settings.held_out.len(), MOST_LISTED)?;
    within("dt", settings.dt, SMALLEST_STEP, 1.0)?;
    within("blur", settings.blur, SMALLEST_STEP, 1e6)?;
    // The schedule takes log(1 / blur) / log(1 / scaling) steps.
    within("scaling", settings.scaling, 0.01, 0.99)?;
    within("learning rate", settings.learning_rate, 0.0, f32::MAX.into())
}

fn cell_mnn(settings: &CellMnnSettings) -> Result<()> {
    at_most("cells in a step", settings.batch, MOST_CELLS)?;
    at_most("held-out time points", settings.held_out.len(), MOST_LISTED)?;
    within("components", settings.config.dimensions as f64, 2.0, MOST_DIMENSIONS as f64)?;
    at_most("hidden units", settings.config.hidden, MOST_HIDDEN)?;
    within("bound", settings.config.bound.into(), 0.0, 1e3)?;
    within("learning rate", settings.learning_rate, 0.0, f32::MAX.into())
}

fn evaluation(settings: &EvaluationSettings) -> Result<()> {
    at_most("seeds", settings.seeds as usize, MOST_SEEDS as usize)?;
    at_most("simulated cells", settings.cells, MOST_CELLS)?;
    at_most("held-out time points", settings.held_out.len(), MOST_LISTED)?;
    settings.train.as_ref().map_or(Ok(()), training)?;
    settings.train_cell_mnn.as_ref().map_or(Ok(()), cell_mnn)
}

fn simulation(query: &SimulationQuery) -> Result<()> {
    at_most("simulated cells", query.cells, MOST_CELLS)?;
    at_most("genes", query.genes.len(), MOST_LISTED)
}

fn change(change: &Change) -> Result<()> {
    match change {
        // Beyond, sums of single-precision numbers overflow.
        Change::Shift { by, .. } => within("shift of a gene", f64::from(by.abs()), 0.0, 1e6),
        Change::Remove { .. } | Change::Mute { .. } => Ok(()),
    }
}

fn preparation(mapping: &Mapping) -> Result<()> {
    at_most("time points", mapping.time_order.len(), MOST_LISTED)?;
    match &mapping.model_space {
        ModelSpace::Stored(_) => Ok(()),
        ModelSpace::Computed(steps) => {
            at_most("components", steps.components, MOST_DIMENSIONS)?;
            at_most("held-out time points", steps.held_out.len(), MOST_LISTED)?;
            steps.target_sum.map_or(Ok(()), |sum| within("target sum", sum, 1e-6, 1e12))
        }
    }
}

fn at_most(setting: &str, size: usize, most: usize) -> Result<()> {
    if size <= most {
        return Ok(());
    }
    Err(Error::request(format!("{size} are too many")).at(setting).remedy(format!("Ask for {most} at most.")))
}

fn within(setting: &str, value: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::request(format!("{value} cannot be used"))
        .at(setting)
        .remedy(format!("Give a number from {low} to {high}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{GeneNetworkQuery, OperatorOf};

    #[test]
    fn proposed_settings_pass_and_absurd_ones_are_named() {
        let train = |change: fn(&mut TrainSettings)| {
            let mut settings = TrainSettings::default();
            change(&mut settings);
            Command::Train { recipe: settings.into() }
        };
        let cell_mnn = |change: fn(&mut CellMnnSettings)| {
            let mut settings = CellMnnSettings::default();
            change(&mut settings);
            Command::Train { recipe: settings.into() }
        };
        train(|_| ()).check().unwrap();
        cell_mnn(|_| ()).check().unwrap();
        Command::Evaluate(EvaluationSettings::default()).check().unwrap();
        Command::Simulate(SimulationQuery::default()).check().unwrap();
        let refused = |command: Command, place: &str| {
            let error = command.check().unwrap_err();
            assert_eq!(error.place, place, "{error}");
            assert!(!error.remedy.is_empty(), "{error}");
        };
        refused(train(|it| it.cells = usize::MAX), "simulated cells");
        refused(train(|it| it.dt = 1e-300), "dt");
        refused(train(|it| it.dt = f64::NAN), "dt");
        refused(train(|it| it.blur = f64::INFINITY), "blur");
        refused(train(|it| it.scaling = 1.0 - f64::EPSILON), "scaling");
        refused(train(|it| it.learning_rate = f64::NAN), "learning rate");
        refused(cell_mnn(|it| it.batch = 1 << 40), "cells in a step");
        refused(cell_mnn(|it| it.config.hidden = 1 << 20), "hidden units");
        refused(cell_mnn(|it| it.config.bound = f32::NAN), "bound");
        refused(cell_mnn(|it| it.config.dimensions = 0), "components");
        refused(Command::Evaluate(EvaluationSettings { seeds: u32::MAX, ..Default::default() }), "seeds");
        let train = Some(TrainSettings { cells: 1 << 20, ..Default::default() });
        refused(Command::Evaluate(EvaluationSettings { train, ..Default::default() }), "simulated cells");
        refused(
            Command::Simulate(SimulationQuery { cells: usize::MAX / 2 + 1, ..Default::default() }),
            "simulated cells",
        );
        let changes = vec![Change::Shift { gene: 0, by: f32::NAN }];
        refused(Command::Experiment(ExperimentQuery { changes, ..Default::default() }), "shift of a gene");
        let of = OperatorOf::Cell(0);
        refused(Command::GeneNetwork(GeneNetworkQuery { of, links: usize::MAX }), "links");
    }
}

//! What a command, a question or a file may ask for: sizes that fit into a browser's tab, and numbers that are numbers.
//!
//! What is refused beyond a number has its number here. Constants elsewhere say how an answer is computed: how many cells stand for all, how much is
//! held at once.
//!
//! Whether things are there (a time point, a gene, a model) is for whoever answers to say.

use super::{
    Change, Command, EvaluationSettings, ExperimentQuery, Mapping, ModelKind, ModelSpace, Recipe, SimulationQuery,
};
use crate::error::{Error, Result};

/// Cells that one update or step of a training is computed from: their transport is a matrix of all pairs.
pub const MOST_CELLS: usize = 16_384;
/// Simulated or predicted cells.
pub const MOST_SIMULATED: usize = 20_000;
/// Steps in one unit of time, and of the schedule in a transport: the inverse of the smallest step.
pub const SMALLEST_STEP: f64 = 1e-3;
/// The same as a number of steps.
pub const MOST_STEPS_PER_UNIT: usize = 1000;
/// Learning rates.
pub const LEARNING_RATES: [f64; 2] = [1e-12, f32::MAX as f64];
/// Width of a network, whose weights grow with its square.
pub const MOST_HIDDEN: usize = 4096;
/// Dimensions of a model, likewise.
pub const MOST_DIMENSIONS: usize = 1024;
/// Repetitions of an evaluation.
pub const MOST_SEEDS: u32 = 100;
/// Cells whose copies are followed, copies of each, and points of a landscape along an axis.
pub const MOST_FOLLOWED: usize = 2_000;
/// See [`MOST_FOLLOWED`].
pub const MOST_COPIES: usize = 2_000;
/// See [`MOST_FOLLOWED`].
pub const MOST_POINTS: usize = 256;
/// Points of a path of least action, and dimensions in which it is looked for: its equations have a square of these for each point.
pub const MOST_PATH_POINTS: usize = 64;
/// See [`MOST_PATH_POINTS`].
pub const MOST_PATH_DIMENSIONS: usize = 256;
/// Frames of a simulation that are saved for each unit of time.
pub const MOST_FRAMES: usize = 100;
/// A simulation may go on beyond the observed times for so many times their span.
pub const MOST_SPANS: f64 = 3.0;
/// Steps of a simulation.
pub const MOST_STEPS: usize = 100_000;
/// Steps of a rollout in a training: each of its states is kept for the way back.
pub const MOST_TRAINED_STEPS: usize = 10_000;
/// Noise of a simulation, in multiples of the model's own.
pub const MOST_NOISE: f32 = 100.0;
/// Cells of which some do not attend to all others, on a GPU: there the mask is a matrix of all pairs.
pub const MOST_MASKED: usize = 8192;
/// Factor by which a link between types is made stronger.
pub const MOST_STRENGTH: f64 = 100.0;
/// Pairs of simulations in an experiment.
pub const MOST_PAIRS: u32 = 20;
/// Cells in a matrix of attention.
pub const MOST_MATRIX: usize = 2000;
/// Types that are relabelled in all ways.
pub const MOST_RELABELLED: usize = 8;
/// Time points and cell types of a dataset: what grows with their squares must be held, too.
pub const MOST_TIME_POINTS: usize = 1000;
/// See [`MOST_TIME_POINTS`].
pub const MOST_TYPES: usize = 1000;
/// Dimensions and hidden units of a network in a file, its layers, and its groups, knots or noise scales: far above any use, far below what
/// exhausts memory.
pub const MOST_WIDTH: usize = 16_384;
/// See [`MOST_WIDTH`].
pub const MOST_LAYERS: usize = 64;
/// See [`MOST_WIDTH`].
pub const MOST_PARTS: usize = 4096;
/// Genes that are followed, changes that are made, links and drivers that are listed.
pub const MOST_LISTED: usize = 10_000;

impl Command {
    /// Checks that nothing is asked for that could not be held or would not end.
    ///
    /// # Errors
    /// Names the setting and its limits.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Train { recipe } | Self::Measure { recipe } => training(recipe),
            Self::Evaluate(settings) => evaluation(settings),
            Self::Evidence(query) => {
                at_most("seeds", query.seeds.max(query.twins) as usize, MOST_SEEDS as usize)?;
                query.train.iter().chain(query.known.iter().map(|known| &known.recipe)).try_for_each(training)
            }
            Self::Simulate(query) | Self::SaveSimulation { query, .. } => simulation(query),
            Self::Experiment(ExperimentQuery { simulation: query, changes, .. }) => {
                simulation(query)?;
                at_most("changes", changes.len(), MOST_LISTED)?;
                changes.iter().try_for_each(change)
            }
            Self::Fates(query) => {
                at_most("cells", query.cells.len(), MOST_FOLLOWED)?;
                at_most("copies", query.copies as usize, MOST_COPIES)
            }
            Self::Path(query) => {
                at_most("points", query.points, MOST_PATH_POINTS)?;
                at_most("genes", query.genes, MOST_LISTED)
            }
            Self::SaveAnnData { copies, .. } => at_most("copies", copies.unwrap_or(0) as usize, MOST_COPIES),
            Self::Landscape(query) => within("resolution", query.resolution as f64, 2.0, MOST_POINTS as f64),
            Self::Linearisation(query) => at_most("cells", query.cells, MOST_SIMULATED),
            Self::Perturbation(query) => at_most("cells", query.cells, MOST_SIMULATED),
            Self::GeneNetwork(query) => at_most("links", query.links, MOST_LISTED),
            Self::Why(query) => at_most("drivers", query.drivers, MOST_LISTED),
            Self::ApplyMapping { mapping } => preparation(mapping),
            Self::Markers(genes) => at_most("genes", *genes, MOST_LISTED),
            Self::Retype(typing) => at_most("types", typing.types.len(), MOST_TYPES),
            // A reader bounds what a file may hold.
            Self::Open { .. }
            | Self::LoadWeights { .. }
            | Self::Accompany { .. }
            | Self::ContinueTraining { .. }
            | Self::SignAgreement { .. } => Ok(()),
            // The open dataset and its models bound these answers; whoever answers `CellMatrix` and `Recovery` holds them to their bounds.
            Self::SaveWeights { .. }
            | Self::SaveBundle { .. }
            | Self::SaveTraining
            | Self::Velocity(_)
            | Self::Communication(_)
            | Self::Recovery(_)
            | Self::CellAttention(_)
            | Self::CellMatrix(_)
            | Self::Receivers(_)
            | Self::Operator { .. }
            | Self::Spectrum { .. }
            | Self::MeanOperators
            | Self::Genes
            | Self::Noise(_)
            | Self::Values(_)
            | Self::Coordinates { .. } => Ok(()),
            Self::Start { .. }
            | Self::AlreadyFound(_)
            | Self::Discard
            | Self::Cancel
            | Self::CancelSimulation { .. }
            | Self::Pause
            | Self::Resume
            | Self::Stop => Ok(()),
        }
    }
}

fn training(recipe: &Recipe) -> Result<()> {
    at_most("held-out time points", recipe.held_out.len(), MOST_LISTED)?;
    recipe.check()
}

fn evaluation(settings: &EvaluationSettings) -> Result<()> {
    at_most("seeds", settings.seeds as usize, MOST_SEEDS as usize)?;
    at_most("simulated cells", settings.cells, MOST_SIMULATED)?;
    at_most("held-out time points", settings.held_out.len(), MOST_LISTED)?;
    at_most("held-out samples", settings.held_out_samples.len(), MOST_LISTED)?;
    at_most("steps of a lineage", settings.lineage.len(), MOST_LISTED)?;
    at_most("trained models", settings.train.len(), ModelKind::ALL.len())?;
    at_most("known units", settings.known.len(), MOST_LISTED)?;
    at_most("units", settings.only.as_ref().map_or(0, Vec::len), MOST_LISTED)?;
    settings.train.iter().try_for_each(training)
}

fn simulation(query: &SimulationQuery) -> Result<()> {
    at_most("simulated cells", query.cells, MOST_SIMULATED)?;
    at_most("genes", query.genes.len(), MOST_LISTED)
}

fn change(change: &Change) -> Result<()> {
    match change {
        // Beyond, sums of single-precision numbers overflow.
        Change::Shift { by, .. } => within("shift of a gene", f64::from(by.abs()), 0.0, 1e6),
        Change::Scale { factor, .. } => within("strength of a link", f64::from(*factor), 0.0, MOST_STRENGTH),
        Change::Remove { .. } | Change::Mute { .. } => Ok(()),
    }
}

fn preparation(mapping: &Mapping) -> Result<()> {
    at_most("time points", mapping.time_order.len(), MOST_LISTED)?;
    if let Some(clusters) = &mapping.clusters {
        within("resolution of the clusters", clusters.resolution, 1e-3, 100.0)?;
        at_most("names of clusters", clusters.names.len(), MOST_LISTED)?;
    }
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
    use crate::protocol::{GeneNetworkQuery, OperatorOf, Value};

    #[test]
    fn proposed_settings_pass_and_absurd_ones_are_named() {
        Command::Evaluate(EvaluationSettings::default()).check().unwrap();
        Command::Simulate(SimulationQuery::default()).check().unwrap();
        let most = SimulationQuery { cells: MOST_SIMULATED, ..SimulationQuery::default() };
        Command::Simulate(most.clone()).check().unwrap();
        Command::Evaluate(EvaluationSettings { cells: MOST_SIMULATED, ..EvaluationSettings::default() })
            .check()
            .unwrap();
        let refused = |command: Command, place: &str| {
            let error = command.check().unwrap_err();
            assert_eq!(error.place, place, "{error}");
            assert!(!error.remedy.is_empty(), "{error}");
        };
        let train = |key: &str, value: f64| {
            let recipe = Recipe::new(ModelKind::ALL[0]).with(key, value);
            let train = vec![recipe.clone()];
            [Command::Train { recipe }, Command::Evaluate(EvaluationSettings { train, ..Default::default() })]
        };
        for (key, value, place) in [
            ("cells", 1e18, "simulated cells per update"),
            ("cells", 0.5, "simulated cells per update"),
            ("dt", 1e-300, "time step"),
            ("dt", f64::NAN, "time step"),
            ("blur", f64::INFINITY, "blur"),
            ("scaling", 1.0 - f64::EPSILON, "scaling"),
            ("learning-rate", f64::NAN, "learning rate"),
            ("unheard-of", 1.0, "unheard-of"),
        ] {
            train(key, value).into_iter().for_each(|command| refused(command, place));
        }
        let odd = Recipe::new(ModelKind::ALL[0]).with("cells", Value::Switch(true));
        refused(Command::Train { recipe: odd }, "simulated cells per update");
        refused(Command::Evaluate(EvaluationSettings { seeds: u32::MAX, ..Default::default() }), "seeds");
        refused(Command::Simulate(SimulationQuery { cells: MOST_SIMULATED + 1, ..most }), "simulated cells");
        let changes = vec![Change::Shift { gene: 0, by: f32::NAN }];
        refused(Command::Experiment(ExperimentQuery { changes, ..Default::default() }), "shift of a gene");
        let of = OperatorOf::Cell(0);
        refused(Command::GeneNetwork(GeneNetworkQuery { of, links: usize::MAX }), "links");
    }

    /// Every number of every card is held to its limits, and their ends are taken.
    #[test]
    fn settings_are_held_to_the_limits_of_their_card() {
        use crate::protocol::cards::FieldKind;
        for kind in ModelKind::ALL {
            for field in kind.card().fields {
                let check = |value: Value| Recipe::new(kind).with(field.key, value).check();
                let [min, max] = match field.kind {
                    FieldKind::Whole { min, max, .. } => [min as f64, max as f64],
                    FieldKind::Number { min, max, .. } => [min, max],
                    FieldKind::Switch { .. } | FieldKind::Choice { .. } | FieldKind::Genes => {
                        assert!(check(Value::Number(1.0)).is_err() && check(Value::Choice("?".into())).is_err());
                        continue;
                    }
                };
                for value in [min, max] {
                    check(value.into()).unwrap();
                }
                for value in [f64::NAN, f64::INFINITY, min - 1.0, max * 2.0 + 1.0] {
                    let error = check(value.into()).unwrap_err();
                    assert_eq!(error.place, field.label.to_lowercase());
                }
            }
        }
    }
}

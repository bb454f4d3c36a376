//! What `scimf train` is asked to train.

use super::input::Model;
use super::opened::Opened;
use clap::{Args, ValueEnum};
use scimf::protocol::{CellMnnConfig, CellMnnSettings, ModelKind, Recipe, TrainSettings};

/// Which model, and how.
#[derive(Args)]
pub struct Choice {
    /// Which model to train.
    #[arg(long, value_enum, default_value_t = Model::Scimf)]
    pub model: Model,
    /// Number of updates in all [default: 3000, or as before with --resume].
    #[arg(long)]
    pub updates: Option<u32>,
    /// Seed of the initial weights and of everything that is drawn.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Simulated cells per update.
    #[arg(long, default_value_t = TrainSettings::default().cells)]
    cells: usize,
    /// Fit scIMF without interaction between cells.
    #[arg(long)]
    intra_only: bool,
    /// Cell-MNN: most epochs.
    #[arg(long, default_value_t = CellMnnSettings::default().epochs)]
    epochs: u32,
    /// Cell-MNN: number of components.
    #[arg(long, default_value_t = CellMnnConfig::default().dimensions)]
    components: usize,
    /// Cell-MNN: width of the hidden layers.
    #[arg(long, default_value_t = CellMnnConfig::default().hidden)]
    hidden: usize,
    /// Cell-MNN: how the network's answer becomes an operator.
    #[arg(long, value_enum, default_value_t = Form::Direct)]
    form: Form,
    /// Cell-MNN: when to stop.
    #[arg(long, value_enum, default_value_t = Stop::Validation)]
    stop: Stop,
}

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    /// The answer is the operator (the authors' later form).
    Direct,
    /// Real eigenvalues and eigenvectors (as published).
    Eigen,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stop {
    /// The lowest loss on validation cells of the training time points.
    Validation,
    /// The lowest W1 at the held-out time points, as the published table was made: this leaks the test set.
    HeldOut,
    /// After all epochs.
    Never,
}

impl Choice {
    /// The recipe that is asked for, with these time points held out.
    pub fn recipe(&self, opened: &Opened, held_out: Vec<usize>, from_current: bool) -> Recipe {
        let kind = ModelKind::from(self.model);
        let recipe = Recipe { held_out, seed: self.seed, from_current, ..Recipe::new(kind) };
        match kind {
            ModelKind::ScImf => {
                let recipe = recipe.with("cells", self.cells).with("interaction", !self.intra_only);
                self.updates.into_iter().fold(recipe, Recipe::with_steps)
            }
            ModelKind::CellMnn => {
                let form = match self.form {
                    Form::Direct => "direct",
                    Form::Eigen => "eigen",
                };
                let stop = match self.stop {
                    Stop::Validation => "validation",
                    Stop::HeldOut => "held-out",
                    Stop::Never => "never",
                };
                let recipe = recipe.with("components", self.components.min(opened.dataset.dimensions));
                recipe.with("hidden", self.hidden).with("form", form).with("stop", stop).with_steps(self.epochs)
            }
        }
    }
}

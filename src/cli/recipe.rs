//! What `scimf train` is asked to train.

use super::input::Model;
use super::opened::Opened;
use clap::{Args, ValueEnum};
use scimf::protocol::{CellMnnConfig, CellMnnSettings, ModelKind, OperatorForm, Recipe, StopRule, TrainSettings};

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
        match self.model.into() {
            ModelKind::ScImf => Recipe::ScImf(TrainSettings {
                held_out,
                updates: self.updates.unwrap_or(TrainSettings::default().updates),
                seed: self.seed,
                cells: self.cells,
                interaction: !self.intra_only,
                from_current,
                ..TrainSettings::default()
            }),
            ModelKind::CellMnn => {
                let form = match self.form {
                    Form::Direct => OperatorForm::Direct,
                    Form::Eigen => OperatorForm::Eigen,
                };
                let stop = match self.stop {
                    Stop::Validation => StopRule::Validation,
                    Stop::HeldOut => StopRule::HeldOut,
                    Stop::Never => StopRule::Never,
                };
                let dimensions = self.components.min(opened.dataset.dimensions);
                let config = CellMnnConfig { dimensions, hidden: self.hidden, form, ..CellMnnConfig::default() };
                let (epochs, seed) = (self.epochs, self.seed);
                Recipe::CellMnn(CellMnnSettings {
                    config,
                    held_out,
                    epochs,
                    seed,
                    stop,
                    from_current,
                    ..CellMnnSettings::default()
                })
            }
        }
    }
}

//! What the views ask the engine: one row for each question.

use scimf::protocol::cards::Capabilities;
use scimf::protocol::{
    CellMatrixQuery, CellQuery, Command, CommunicationQuery, FatesQuery, GeneNetworkQuery, LinearisationQuery,
    ModelKind, OperatorOf, PathQuery, PerturbationQuery, ReceiverQuery, Recipe, SimulationQuery, SpaceId, ValuesQuery,
    VelocityQuery, WhyQuery,
};

/// A question: how it is told from others, its command, and how often it is repeated. Its answer has an arm in `State::apply`, the size of
/// what it asks for an arm in `Command::check`.
pub struct Row<Q: 'static> {
    /// How it is told from others.
    pub question: Question,
    /// The command that asks it.
    pub command: fn(Q) -> Command,
    /// Least milliseconds between an answer and the same question again while the weights change in a training.
    pub rest: f64,
}

impl<Q> Row<Q> {
    const fn new(question: Question, rest: f64, command: fn(Q) -> Command) -> Self {
        Self { question, command, rest }
    }
}

/// Arrows.
pub const VELOCITY: Row<VelocityQuery> = Row::new(Question::Velocity, 1000.0, Command::Velocity);
/// Chord and matrix.
pub const COMMUNICATION: Row<CommunicationQuery> = Row::new(Question::Communication, 1000.0, Command::Communication);
/// Chords of the time points that are not chosen.
pub const OTHER_COMMUNICATION: Row<CommunicationQuery> =
    Row::new(Question::OtherCommunication, 1500.0, Command::Communication);
/// Chord of the sample beside the chosen one.
pub const BESIDE_COMMUNICATION: Row<CommunicationQuery> =
    Row::new(Question::BesideCommunication, 1500.0, Command::Communication);
/// Attention between cells.
pub const CELL_MATRIX: Row<CellMatrixQuery> = Row::new(Question::CellMatrix, 5000.0, Command::CellMatrix);
/// Simulated cells.
pub const SIMULATION: Row<SimulationQuery> = Row::new(Question::Simulation, 10_000.0, Command::Simulate);
/// Another plane.
pub const COORDINATES: Row<SpaceId> = Row::new(Question::Coordinates, 0.0, |space| Command::Coordinates { space });
/// Names of the genes.
pub const GENES: Row<()> = Row::new(Question::Genes, 0.0, |()| Command::Genes);
/// Values of the dataset to colour by.
pub const VALUES: Row<ValuesQuery> = Row::new(Question::Values, 0.0, Command::Values);
/// Growth rates to colour by.
pub const GROWTH: Row<()> = Row::new(Question::Growth, 2000.0, |()| Command::Values(ValuesQuery::Growth));
/// Potential receivers to colour by.
pub const RECEIVERS: Row<ReceiverQuery> = Row::new(Question::Receivers, 1000.0, Command::Receivers);
/// Attention from and to a cell.
pub const CELL_ATTENTION: Row<CellQuery> = Row::new(Question::CellAttention, 1000.0, Command::CellAttention);
/// An operator.
pub const OPERATOR: Row<OperatorOf> = Row::new(Question::Operator, 1000.0, |of| Command::Operator { of });
/// Eigenvalues of a time point.
pub const SPECTRUM: Row<usize> = Row::new(Question::Spectrum, 2000.0, |time| Command::Spectrum { time });
/// Mean operators by type and time.
pub const MEAN_OPERATORS: Row<()> = Row::new(Question::MeanOperators, 5000.0, |()| Command::MeanOperators);
/// Frozen against re-encoded trajectories.
pub const LINEARISATION: Row<LinearisationQuery> = Row::new(Question::Linearisation, 5000.0, Command::Linearisation);
/// The strongest gene interactions.
pub const GENE_NETWORK: Row<GeneNetworkQuery> = Row::new(Question::GeneNetwork, 5000.0, Command::GeneNetwork);
/// Why a gene rises or falls.
pub const WHY: Row<WhyQuery> = Row::new(Question::Why, 2000.0, Command::Why);
/// What setting a gene does.
pub const PERTURBATION: Row<PerturbationQuery> = Row::new(Question::Perturbation, 5000.0, Command::Perturbation);

/// Genes that mark the types, so many of each.
pub const MARKERS: Row<usize> = Row::new(Question::Markers, 0.0, Command::Markers);
/// How long a step of a training takes.
pub const PACE: Row<Recipe> = Row::new(Question::Pace, 0.0, |recipe| Command::Measure { recipe });
/// The potential of a model at each cell.
pub const POTENTIAL: Row<ModelKind> =
    Row::new(Question::Potential, 1000.0, |model| Command::Values(ValuesQuery::Potential(model)));
/// How far the potential is from its own equation at each cell.
pub const RESIDUAL: Row<ModelKind> =
    Row::new(Question::Residual, 2000.0, |model| Command::Values(ValuesQuery::Residual(model)));
/// How much start cells multiply.
pub const GROWTH_WEIGHT: Row<ModelKind> =
    Row::new(Question::GrowthWeight, 2000.0, |model| Command::Values(ValuesQuery::GrowthWeight(model)));
/// Where copies of cells end.
pub const FATES: Row<FatesQuery> = Row::new(Question::Fates, 10_000.0, Command::Fates);

/// How much noise a model needs in each interval.
pub const NOISE: Row<ModelKind> = Row::new(Question::Noise, 2000.0, Command::Noise);
/// The path between two groups of cells.
pub const PATH: Row<PathQuery> = Row::new(Question::Path, 10_000.0, Command::Path);

/// Cells simulated by a model that is not shown, to be compared with those of the shown one.
pub const fn beside(model: ModelKind) -> Row<SimulationQuery> {
    Row::new(Question::Beside(model), 10_000.0, Command::Simulate)
}

/// How questions are told apart: a newer one of a kind supersedes the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// [`VELOCITY`].
    Velocity,
    /// [`COMMUNICATION`].
    Communication,
    /// [`OTHER_COMMUNICATION`].
    OtherCommunication,
    /// [`BESIDE_COMMUNICATION`].
    BesideCommunication,
    /// [`CELL_MATRIX`].
    CellMatrix,
    /// [`SIMULATION`].
    Simulation,
    /// [`COORDINATES`].
    Coordinates,
    /// [`GENES`].
    Genes,
    /// [`VALUES`].
    Values,
    /// [`RECEIVERS`].
    Receivers,
    /// [`CELL_ATTENTION`].
    CellAttention,
    /// [`GROWTH`].
    Growth,
    /// [`OPERATOR`].
    Operator,
    /// [`SPECTRUM`].
    Spectrum,
    /// [`MEAN_OPERATORS`].
    MeanOperators,
    /// [`LINEARISATION`].
    Linearisation,
    /// [`GENE_NETWORK`].
    GeneNetwork,
    /// [`WHY`].
    Why,
    /// [`PERTURBATION`].
    Perturbation,
    /// Agreement with known signs, which comes with a file.
    SignAgreement,
    /// [`MARKERS`].
    Markers,
    /// [`PACE`].
    Pace,
    /// [`POTENTIAL`].
    Potential,
    /// [`RESIDUAL`].
    Residual,
    /// [`GROWTH_WEIGHT`].
    GrowthWeight,
    /// [`FATES`].
    Fates,
    /// [`NOISE`].
    Noise,
    /// [`PATH`].
    Path,
    /// [`beside`].
    Beside(ModelKind),
}

/// On whose weights an answer rests.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// On those of the model that is shown.
    Shown,
    /// On those of this model.
    Of(ModelKind),
    /// On those of the model with this ability; see `Models::able`.
    Able(fn(&Capabilities) -> bool),
    /// On none: the dataset alone is asked.
    Nobody,
}

impl Question {
    /// On whose weights the answer rests.
    pub fn whose(self) -> Whose {
        match self {
            Self::Velocity
            | Self::Simulation
            | Self::Fates
            | Self::Noise
            | Self::Path
            | Self::Potential
            | Self::Residual
            | Self::GrowthWeight => Whose::Shown,
            Self::Communication
            | Self::OtherCommunication
            | Self::BesideCommunication
            | Self::CellMatrix
            | Self::Receivers
            | Self::CellAttention => Whose::Able(|can| can.attention),
            Self::Growth
            | Self::Operator
            | Self::Spectrum
            | Self::MeanOperators
            | Self::Linearisation
            | Self::GeneNetwork
            | Self::Why
            | Self::Perturbation
            | Self::SignAgreement => Whose::Able(|can| can.operators),
            Self::Beside(model) => Whose::Of(model),
            Self::Coordinates | Self::Genes | Self::Values | Self::Markers | Self::Pace => Whose::Nobody,
        }
    }
}

//! What is read off the operators of a model that has one for each cell.
//!
//! von Bassewitz et al., "Learning Explicit Single-Cell Dynamics Using ODE Representations", arXiv 2510.02903. A network answers each cell
//! (z, t) with an operator A(z, t); with A frozen, dz/dt = A z has the solution z(t + D) = exp(A D) z. z are standardised components, time is
//! counted in mean sampling intervals, so the entries of A are rates per mean sampling interval.

use super::{Array, GeneChange, SpaceId, Start};
use serde::{Deserialize, Serialize};

/// Whose operator: of one cell, or the mean over cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OperatorOf {
    /// One observed cell at its own time.
    Cell(u32),
    /// The observed cells of a time point.
    Cells {
        /// Time point.
        time: usize,
        /// Only those of this type; none for all.
        kind: Option<usize>,
    },
}

/// An operator (answers [`super::Command::Operator`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    /// Whose it is.
    pub of: OperatorOf,
    /// Cells behind it.
    pub cells: usize,
    /// d.
    pub dimensions: usize,
    /// d x d, row-major: row = the component that changes, column = the component that drives it.
    pub matrix: Array<f32>,
    /// Real and imaginary part of each eigenvalue, largest real part first.
    pub eigenvalues: Array<f32>,
}

/// Eigenvalues of the operators of observed cells (answers [`super::Command::Spectrum`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spectrum {
    /// Time point.
    pub time: usize,
    /// The cells: all of the time point, or an evenly spread sample.
    pub cells: Array<u32>,
    /// d.
    pub dimensions: usize,
    /// Cells x d x (real, imaginary), largest real part first.
    pub eigenvalues: Array<f32>,
}

/// The mean operator of each cell type at each time point (answers [`super::Command::MeanOperators`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanOperators {
    /// d.
    pub dimensions: usize,
    /// Those with cells, by time point, then type.
    pub operators: Vec<MeanOperator>,
}

/// The mean operator of a cell type at a time point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanOperator {
    /// Time point.
    pub time: usize,
    /// Cell type.
    pub kind: usize,
    /// Cells behind it.
    pub cells: usize,
    /// d x d, row-major.
    pub matrix: Array<f32>,
    /// Largest real part of its eigenvalues.
    pub growth: f32,
    /// Largest imaginary part of its eigenvalues.
    pub rotation: f32,
}

/// Ask how far a frozen operator leads away from one that is read anew on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinearisationQuery {
    /// Space to draw in.
    pub space: SpaceId,
    /// Where the cells begin; `types` and `alone` as in a simulation.
    pub start: Start,
    /// Most cells.
    pub cells: usize,
    /// End, in index units; none for the last time point.
    pub until: Option<f64>,
}

/// Frozen and re-encoded trajectories of the same cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linearisation {
    /// What was asked.
    pub query: LinearisationQuery,
    /// The observed cells.
    pub cells: Array<u32>,
    /// Time of each frame in index units.
    pub times: Array<f32>,
    /// x, y of each cell, frame after frame: one operator, read at the start.
    pub frozen: Array<f32>,
    /// The same with the operator read anew at each frame.
    pub reencoded: Array<f32>,
    /// Mean distance between the two in standardised components, for each frame: the linearisation error.
    pub gap: Array<f32>,
    /// Mean distance from the start along the re-encoded trajectory, for comparison.
    pub travelled: Array<f32>,
    /// The positions are exact; false where they were projected through neighbours.
    pub exact: bool,
}

/// Ask for the strongest gene interactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneNetworkQuery {
    /// In which cells.
    pub of: OperatorOf,
    /// Number of links.
    pub links: usize,
}

/// The strongest gene interactions: weight of gene j on gene i, w = G_ij (x_j - mean_j) with dx/dt = G (x - mean), mean over the cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneNetwork {
    /// What was asked.
    pub query: GeneNetworkQuery,
    /// Cells behind it.
    pub cells: usize,
    /// Links, the strongest first; none from a gene to itself.
    pub links: Vec<GeneLink>,
    /// The control: the same rank of link under random operators of the same norms, mean over draws, for each of `links`.
    pub control: Array<f32>,
}

/// One gene's push on another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GeneLink {
    /// The gene that drives.
    pub from: usize,
    /// The gene that changes.
    pub to: usize,
    /// Change of `to`, in units of expression per mean sampling interval; positive pushes up.
    pub weight: f32,
}

/// Ask why a gene rises or falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyQuery {
    /// The gene.
    pub gene: usize,
    /// In which cells.
    pub of: OperatorOf,
    /// Drivers in each direction.
    pub drivers: usize,
}

/// Why a gene rises or falls, by the genes that push it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// What was asked.
    pub query: WhyQuery,
    /// Cells behind it.
    pub cells: usize,
    /// Its whole rate of change per mean sampling interval: the sum over all genes.
    pub rate: f32,
    /// The strongest drivers upward and downward, the strongest first; with the weight of the gene on itself if it is among them.
    pub drivers: Vec<GeneLink>,
    /// Largest weight of a single gene under random operators of the same norms: mean over draws.
    pub control: f32,
}

/// Ask what setting a gene does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerturbationQuery {
    /// The gene.
    pub gene: usize,
    /// Its expression is multiplied by this at the start; 0 is a knock-out.
    pub factor: f32,
    /// Space to draw in.
    pub space: SpaceId,
    /// Where the cells begin.
    pub start: Start,
    /// Most cells.
    pub cells: usize,
    /// End, in index units; none for the last time point.
    pub until: Option<f64>,
}

/// Trajectories without and with a perturbed gene: linear, in d components, not causal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Perturbation {
    /// What was asked.
    pub query: PerturbationQuery,
    /// The observed cells.
    pub cells: Array<u32>,
    /// Time of each frame in index units.
    pub times: Array<f32>,
    /// x, y of each cell, frame after frame, as it is.
    pub unperturbed: Array<f32>,
    /// The same cells with the gene set.
    pub perturbed: Array<f32>,
    /// Mean distance between the two in standardised components, for each frame.
    pub shift: Array<f32>,
    /// The genes whose mean expression differs most at the end, at most 50, with `noise` 0: a deterministic model has none.
    pub genes: Vec<GeneChange>,
    /// The positions are exact; false where they were projected through neighbours.
    pub exact: bool,
}

/// Agreement of read-off interactions with known signs (answers [`super::Command::SignAgreement`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignAgreement {
    /// File with the known signs.
    pub file: String,
    /// Signed rows in the file.
    pub rows: usize,
    /// All of the rows whose two genes are in the loadings.
    pub all: SignScore,
    /// The same for each regulator with at least ten such rows, most rows first.
    pub regulators: Vec<(usize, SignScore)>,
}

/// How well the sign of the mean response G_ij over all cells agrees with known signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignScore {
    /// Known activations that are predicted as such.
    pub true_activations: usize,
    /// Known repressions predicted as activations.
    pub false_activations: usize,
    /// Known repressions that are predicted as such.
    pub true_repressions: usize,
    /// Known activations predicted as repressions.
    pub false_repressions: usize,
    /// Area under the ROC curve of the signed mean response; none with one sign only.
    pub auroc: Option<f64>,
    /// The same area with random operators: mean over draws.
    pub random_operator: Option<f64>,
    /// Its standard deviation over draws.
    pub random_operator_sd: f64,
    /// The same area with the genes permuted: mean over draws.
    pub permuted_genes: Option<f64>,
    /// Its standard deviation over draws.
    pub permuted_genes_sd: f64,
}

impl SignScore {
    /// Known signs that were looked at.
    pub fn count(&self) -> usize {
        self.true_activations + self.false_activations + self.true_repressions + self.false_repressions
    }

    /// Share of the signs that are predicted rightly; NaN without signs.
    pub fn accuracy(&self) -> f64 {
        (self.true_activations + self.true_repressions) as f64 / self.count() as f64
    }

    /// Mean of the shares of activations and of repressions that are predicted rightly; NaN with one sign only.
    pub fn balanced_accuracy(&self) -> f64 {
        let share = |right: usize, wrong: usize| right as f64 / (right + wrong) as f64;
        let activations = share(self.true_activations, self.false_repressions);
        (activations + share(self.true_repressions, self.false_activations)) / 2.0
    }

    /// F1 of activation.
    pub fn f1(&self) -> f64 {
        let right = 2.0 * self.true_activations as f64;
        right / (right + (self.false_activations + self.false_repressions) as f64)
    }

    /// F1 of calling everything an activation.
    pub fn f1_always_activation(&self) -> f64 {
        let activations = 2.0 * (self.true_activations + self.false_repressions) as f64;
        activations / (activations + (self.false_activations + self.true_repressions) as f64)
    }
}

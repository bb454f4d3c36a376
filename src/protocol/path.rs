//! The path of least action between two groups of cells, and the genes that move on it.

use super::{Array, ModelKind, SpaceId};
use serde::{Deserialize, Serialize};

/// Observed cells: those of a time point, of some types, and among some cells; all three, as far as they are named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CellGroup {
    /// Time point; none for all.
    pub time: Option<usize>,
    /// Cell types; empty for all.
    pub types: Vec<usize>,
    /// Cells, as indices in the dataset; empty for all.
    pub cells: Array<u32>,
}

/// Ask for the path of least action from the mean of a group of cells to that of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathQuery {
    /// Whose drift.
    pub model: ModelKind,
    /// Space to draw in.
    pub space: SpaceId,
    /// Where the path begins.
    pub from: CellGroup,
    /// Where it ends.
    pub to: CellGroup,
    /// The sample whose cells the groups are taken from; none for all cells.
    pub sample: Option<usize>,
    /// Points of the path, its ends among them.
    pub points: usize,
    /// Sampling intervals that it takes; none for as many as make the action least.
    pub duration: Option<f64>,
    /// Genes that are listed, of each ranking.
    pub genes: usize,
}

impl Default for PathQuery {
    fn default() -> Self {
        Self {
            model: ModelKind::default(),
            space: SpaceId::default(),
            from: CellGroup::default(),
            to: CellGroup::default(),
            sample: None,
            points: 16,
            duration: None,
            genes: 20,
        }
    }
}

/// A path of least action beside its controls. An action is half the integral, over the sampling intervals of a path, of the squared difference
/// between the path's velocity and the drift: 0 where the drift alone leads along the path.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeastActionPath {
    /// What was asked.
    pub query: PathQuery,
    /// Cells of the two groups.
    pub cells: [usize; 2],
    /// Mean times of the two groups, in index units.
    pub seen_at: [f32; 2],
    /// Components of the model space.
    pub dimensions: usize,
    /// The points in the model space, row-major.
    pub states: Array<f32>,
    /// x, y of each point in the space asked for.
    pub positions: Array<f32>,
    /// The same of the straight line between the ends.
    pub straight: Array<f32>,
    /// The positions are exact; false where they were projected through neighbours.
    pub exact: bool,
    /// Its action.
    pub action: f32,
    /// Sampling intervals that it takes.
    pub duration: f32,
    /// The duration is the longest that a path may have: a longer one would have less action.
    pub longest: bool,
    /// Action of the straight line at its own best duration, or at the one that was asked for.
    pub straight_action: f32,
    /// That duration.
    pub straight_duration: f32,
    /// Action of the straight line in the time of the path if nothing drifted.
    pub undriven_action: f32,
    /// Steps of the search.
    pub steps: u32,
    /// The search came to rest before its last step.
    pub settled: bool,
    /// Type of most observed cells around each point.
    pub types: Array<u16>,
    /// Share of these cells that are of the type, from 0 to 1.
    pub confidence: Array<f32>,
    /// Mean distance of each point to the observed cells around it, divided by what observed cells have in the median: far above 1 there are no data.
    pub away: Array<f32>,
    /// The genes that move most on the path, and those that leave the straight line most; empty without loadings. Largest range first.
    pub genes: Vec<PathGene>,
}

/// A gene on a path, decoded through the loadings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PathGene {
    /// The gene.
    pub gene: usize,
    /// Its value at each point.
    pub values: Array<f32>,
    /// Difference between its largest and smallest value on the path.
    pub range: f32,
    /// Largest departure from its value on the straight line, with its sign.
    pub beyond: f32,
    /// Its place by its range on the path, among all genes, from 1.
    pub place: usize,
    /// Its place by its range on the straight line, which is the difference of the two ends.
    pub straight_place: usize,
}

//! The shape of the model, its tensors by name, and fresh ones.

use super::MeanFieldWeights;
use super::groups::Groups;
use crate::data::weights::Tensor as Named;
use crate::error::{Error, Result};
use crate::models::fitted::{Perceptron, Shape, Tensors, initial};
use crate::protocol::limits::{MOST_PARTS, MOST_STEPS_PER_UNIT, MOST_WIDTH};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Before the names of the intrinsic drift's tensors.
pub(super) const INTRINSIC: &str = "intrinsic.";
/// Layers of the intrinsic drift.
pub(super) const LAYERS: usize = 3;
/// Linear layer whose softmax tells the groups of a cell.
pub(super) const GROUPS: &str = "groups";
/// The pulls C: groups x groups, row = receiver.
pub(super) const PULLS: &str = "pulls";
/// Diffusion of each dimension, per square root of an interval.
pub(super) const NOISE: &str = "noise";

/// Shape of a mean-field model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanFieldShape {
    /// Dimensions d of the model space.
    pub dimensions: usize,
    /// Width of the two hidden layers of the intrinsic drift.
    pub hidden: usize,
    /// Groups of receivers and senders.
    pub groups: usize,
    /// Times that the intrinsic drift knows, in index units; between them it is interpolated.
    pub knots: Vec<f64>,
    /// Spread of the cells, in units of the model space.
    pub scale: f32,
    /// Steps of an interval.
    pub steps: usize,
    /// Share of a population at which a group reaches half of its pull.
    pub saturation: f32,
    /// Cells attend to each other.
    pub interacts: bool,
}

impl MeanFieldShape {
    fn intrinsic(&self) -> Vec<(String, Vec<usize>)> {
        let inputs = self.dimensions + self.knots.len();
        Perceptron::shapes(INTRINSIC, &[inputs, self.hidden, self.hidden, self.dimensions])
    }
}

impl Shape for MeanFieldShape {
    const KEY: &'static str = "mean-field";
    const NAME: &'static str = "Mean field";

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn tensors(&self) -> BTreeMap<String, Vec<usize>> {
        let Self { dimensions, groups, .. } = *self;
        let further = [
            (format!("{GROUPS}.weight"), vec![groups, dimensions]),
            (format!("{GROUPS}.bias"), vec![groups]),
            (PULLS.into(), vec![groups, groups]),
            (NOISE.into(), vec![dimensions]),
        ];
        self.intrinsic().into_iter().chain(further).collect()
    }

    fn check(&self) -> Result<()> {
        let rises =
            self.knots.windows(2).all(|pair| pair[0] < pair[1]) && self.knots.iter().all(|knot| knot.is_finite());
        let positive = |value: f32| value > 0.0 && value.is_finite();
        let usable = [self.dimensions, self.hidden].iter().all(|size| (1..=MOST_WIDTH).contains(size))
            && [self.groups, self.knots.len()].iter().all(|size| (1..=MOST_PARTS).contains(size))
            && (1..=MOST_STEPS_PER_UNIT).contains(&self.steps)
            && positive(self.scale)
            && positive(self.saturation);
        if usable && rises {
            return Ok(());
        }
        let what = format!(
            "a model of {} dimensions, {} hidden units, {} groups, {} times and {} steps is not usable",
            self.dimensions,
            self.hidden,
            self.groups,
            self.knots.len(),
            self.steps
        );
        Err(Error::input(what))
    }

    /// There are no checkpoints of another program.
    fn infer(_: &Tensors) -> Result<Self> {
        Err(Error::input("the file does not say which shape the model has"))
    }
}

/// Fresh weights: an intrinsic drift that is drawn, the given groups, pulls and noise.
///
/// # Shapes
/// - `pulls`: groups x groups, row = receiver
/// - `noise`: d
pub fn initial_weights(
    shape: MeanFieldShape,
    groups: &Groups,
    pulls: Vec<f32>,
    noise: Vec<f32>,
    seed: u32,
) -> MeanFieldWeights {
    let mut tensors = initial(&shape.intrinsic(), "", seed);
    let (count, dimensions) = (shape.groups, shape.dimensions);
    let further = [
        (format!("{GROUPS}.weight"), vec![count, dimensions], groups.weight.clone()),
        (format!("{GROUPS}.bias"), vec![count], groups.bias.clone()),
        (PULLS.into(), vec![count, count], pulls),
        (NOISE.into(), vec![dimensions], noise),
    ];
    tensors.extend(further.map(|(name, shape, values)| (name, Named { shape, values })));
    MeanFieldWeights { shape, updates: 0, held_out: Vec::new(), tensors }
}

//! What a prediction that is too narrow cannot win.

use serde::{Deserialize, Serialize};

/// Distances to which sampling adds nothing in the mean, and how far the predicted cells spread: means and standard deviations over seeds.
///
/// W1 and W2 between samples in many dimensions are smaller for a prediction that is too narrow than for one that is right. These are not:
/// cells drawn from the observed population have distance 0 in the mean, and all mass on one point is far away. Both can be slightly below 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Debiased {
    /// Energy distance 2 E|x - y| - E|x - x'| - E|y - y'| over pairs of different cells, in units of the space.
    pub energy: f64,
    /// Its standard deviation; 0 for a single value.
    pub energy_sd: f64,
    /// Sinkhorn divergence in which each cloud's own term is between two halves of it, squared units of the space. The blur is 0.32 of the
    /// observed cells' spread.
    pub sinkhorn: f64,
    /// Its standard deviation; 0 for a single value.
    pub sinkhorn_sd: f64,
    /// Total variance of the predicted cells over that of the observed ones.
    pub spread: f64,
    /// Its standard deviation; 0 for a single value.
    pub spread_sd: f64,
    /// Total variation distance between the shares of the cell types, 0 to 1; none where there is only one type.
    #[serde(default)]
    pub types: Option<f64>,
    /// Its standard deviation; 0 for a single value.
    #[serde(default)]
    pub types_sd: f64,
}

impl Debiased {
    /// Mean and standard deviation (divided by n - 1) over single values; a single one stays as it is. None without values.
    pub fn over(values: &[Self]) -> Option<Self> {
        if let [only] = values {
            return Some(*only);
        }
        let of = |pick: fn(&Self) -> f64| super::mean_and_deviation(values.iter().map(pick));
        let ((energy, energy_sd), (sinkhorn, sinkhorn_sd)) = (of(|it| it.energy), of(|it| it.sinkhorn));
        let (spread, spread_sd) = of(|it| it.spread);
        let (types, types_sd) = of(|it| it.types.unwrap_or(f64::NAN));
        let types = Some(types).filter(|types| types.is_finite());
        let types_sd = if types.is_some() { types_sd } else { 0.0 };
        (!values.is_empty()).then_some(Self {
            energy,
            energy_sd,
            sinkhorn,
            sinkhorn_sd,
            spread,
            spread_sd,
            types,
            types_sd,
        })
    }
}

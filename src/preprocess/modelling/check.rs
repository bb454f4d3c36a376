//! Whether the steps of a preparation can be taken.

use crate::protocol::{Flavour, Preprocessing, ValueKind};
use crate::{Error, Result};

/// Checks that the steps can be taken with such values.
pub(super) fn check(steps: &Preprocessing, times: usize) -> Result<()> {
    let logs = matches!(steps.values, ValueKind::LogNormalised | ValueKind::Scaled);
    let switch = "Switch the step off, or say that the values are counts if they are.";
    if let Some(time) = steps.held_out.iter().find(|time| **time >= times) {
        return Err(Error::request(format!("time point {time} cannot be held out, there are {times}"))
            .remedy("Time points are counted from 0."));
    }
    if let Some(target) = steps.target_sum
        && !(target.is_finite() && target > 0.0)
    {
        return Err(Error::request(format!("cells cannot be scaled to a sum of {target}"))
            .remedy("Give a positive sum, such as 10000."));
    }
    if logs && steps.target_sum.is_some() {
        return Err(Error::request("cells cannot be scaled to a sum, the values are already logarithms or scaled")
            .at(&steps.matrix)
            .remedy(switch));
    }
    if logs && steps.log1p {
        let what = "the logarithm cannot be taken, the values are already logarithms or scaled";
        return Err(Error::request(what).at(&steps.matrix).remedy(switch));
    }
    match (steps.variable_genes.map(|rule| rule.flavour), steps.values) {
        (Some(Flavour::Vst), values) if values != ValueKind::Counts => {
            Err(Error::request("the variance-stabilising transformation needs counts, these values are not counts")
                .at(&steps.matrix)
                .remedy("Choose the Seurat flavour, or the matrix that holds the counts."))
        }
        (Some(Flavour::Seurat), ValueKind::Scaled) => {
            Err(Error::request("variable genes cannot be found among values that are centred or scaled")
                .at(&steps.matrix)
                .remedy("Keep all genes, or choose a matrix of counts or logarithms."))
        }
        _ => Ok(()),
    }
}

//! Potentials out of named tensors and back.

use crate::data::weights::Tensor as Named;
use crate::error::Result;
use crate::models::parameters::{Sink, Source};
use crate::models::potential::Potential;
use burn::tensor::Device;
use std::collections::BTreeMap;

/// A potential with tensors under `prefix`.
///
/// # Errors
/// A tensor is missing.
pub fn loaded(tensors: &BTreeMap<String, Named>, prefix: &str, layers: usize, device: &Device) -> Result<Potential> {
    let source = Source { tensors, device };
    let hidden = (1..=layers).map(|index| source.linear(&format!("{prefix}linear{index}"), true));
    Ok(Potential { hidden: hidden.collect::<Result<_>>()?, last: source.linear(&format!("{prefix}linear"), false)? })
}

/// The tensors of a potential, under `prefix`.
///
/// # Errors
/// The device failed.
pub async fn saved(potential: &Potential, prefix: &str) -> Result<BTreeMap<String, Named>> {
    let mut sink = Sink::default();
    for (index, layer) in (1..).zip(&potential.hidden) {
        sink.linear(&format!("{prefix}linear{index}"), layer).await?;
    }
    sink.linear(&format!("{prefix}linear"), &potential.last).await?;
    Ok(sink.0)
}

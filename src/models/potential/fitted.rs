//! Potentials out of named tensors and back, and fresh ones.

use crate::data::weights::Tensor as Named;
use crate::data::weights::state::TrainingState;
use crate::data::{Clock, Dataset};
use crate::error::{Error, Result};
use crate::models::parameters::{Sink, Source};
use crate::models::potential::Potential;
use crate::projection::Plane;
use crate::protocol::{DriftPart, Recipe, VelocityField, VelocityQuery};
use crate::train::{Fit, Kept, Standing, as_network};
use crate::velocity;
use burn::optim::GradientsParams;
use burn::tensor::Device;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};
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

/// Fresh tensors of these shapes, drawn on the host so that every device starts from the same ones: layers as PyTorch initialises them,
/// uniform within 1 / sqrt(inputs), but for the last layer `zero`, which starts at 0.
pub fn initial(shapes: &[(String, Vec<usize>)], zero: &str, seed: u32) -> BTreeMap<String, Named> {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let mut bound = 1.0;
    let drawn = shapes.iter().map(|(name, shape)| {
        let count = shape.iter().product();
        let values = if name == zero {
            vec![0.0; count]
        } else {
            // A layer's weight `[out, in]` comes before its bias, which has the same bound.
            if let [_, inputs] = shape[..] {
                bound = 1.0 / (inputs as f32).sqrt();
            }
            let uniform = Uniform::new(-bound, bound).expect("a bound is finite and positive");
            uniform.sample_iter(&mut rng).take(count).collect()
        };
        (name.clone(), Named { shape: shape.clone(), values })
    });
    drawn.collect()
}

/// Gradients of a potential's weights by name, in PyTorch's layout.
///
/// # Errors
/// The device failed.
pub async fn gradients(
    gradients: GradientsParams,
    potential: &Potential,
    prefix: &str,
) -> Result<BTreeMap<String, Vec<f32>>> {
    let named = saved(&as_network(gradients, potential.clone()), prefix).await?;
    Ok(named.into_iter().map(|(name, tensor)| (name, tensor.values)).collect())
}

/// Weights of `theirs` dimensions can be trained on data of `ours`.
///
/// # Errors
/// They cannot.
pub fn fits(theirs: usize, ours: usize) -> Result<()> {
    if theirs == ours {
        return Ok(());
    }
    let what = format!("The weights work in {theirs} dimensions, the data has {ours}");
    Err(Error::request(what).remedy("Start from fresh weights."))
}

/// What a fit of a potential has come to, as it is written to a file; none before there is anything to go on from.
///
/// # Errors
/// The device failed.
pub async fn state(fit: &Fit<Potential>, recipe: Recipe, prefix: &str) -> Result<Option<TrainingState>> {
    let Some(standing) = fit.standing() else { return Ok(None) };
    let [first, second] = &standing.moments;
    Ok(Some(TrainingState {
        recipe,
        weights: saved(&standing.network, prefix).await?,
        best: saved(&standing.best.network, prefix).await?,
        best_transport: (standing.best.transport, standing.best.update),
        moments: [saved(first, prefix).await?, saved(second, prefix).await?],
        seconds: standing.seconds,
        optimizer_steps: standing.optimizer_steps,
        setbacks: standing.setbacks,
    }))
}

/// Where the fit of a potential stood that was written to a file after `updates` updates.
///
/// # Errors
/// A tensor is missing.
pub fn standing(
    state: &TrainingState,
    updates: u32,
    prefix: &str,
    layers: usize,
    device: &Device,
) -> Result<Standing<Potential>> {
    let network = |tensors| loaded(tensors, prefix, layers, device);
    let (transport, update) = state.best_transport;
    Ok(Standing {
        network: network(&state.weights)?,
        best: Kept { update, transport, network: network(&state.best)? },
        moments: [network(&state.moments[0])?, network(&state.moments[1])?],
        optimizer_steps: state.optimizer_steps,
        updates,
        seconds: state.seconds,
        setbacks: state.setbacks,
    })
}

/// Velocity of the observed cells of a time point, from the drift of some states per unit of the data's time labels.
///
/// # Errors
/// The space does not exist, a part of the drift is asked for, or the device failed.
pub async fn velocity(
    dataset: &Dataset,
    query: VelocityQuery,
    drift: impl AsyncFn(Vec<f32>) -> Result<Vec<f32>>,
) -> Result<VelocityField> {
    if query.part != DriftPart::Total {
        return Err(Error::request("The velocity of this model has no parts").remedy("Ask for the whole of it."));
    }
    let plane = Plane::new(dataset, query.space)?;
    let cells = dataset.population_of(query.time, query.sample);
    let mut drift = drift(dataset.states_of(&cells)).await?;
    let rate = Clock::of_labels(dataset).rate(query.time as f64) as f32;
    drift.iter_mut().for_each(|value| *value *= rate);
    Ok(velocity::shown(query, &plane, cells, &drift))
}

//! Weights of PI-SDE by name, as in the authors' checkpoints.

use super::config::PiSdeConfig;
use crate::data::weights::{EPOCH, Header, Tensor, check_tensors};
use crate::error::{Error, Result};
use crate::models::fitted::{Stored, Tensors, initial};
use crate::models::potential::potential_shapes;
use crate::protocol::limits::MOST_WIDTH;
use std::collections::{BTreeMap, HashMap};

/// Metadata key of the configuration in a `.safetensors` file.
const KEY: &str = "pi-sde";
/// Before the names of the potential's tensors.
pub(super) const PREFIX: &str = "_func.net.";
/// Hidden layers of the potential.
pub(super) const LAYERS: usize = 2;
const SIGMA: &str = "_func.sigma";
const FIRST: &str = "_func.net.linear1.weight";

/// The weights of a PI-SDE model.
#[derive(Clone, Debug, PartialEq)]
pub struct PiSdeWeights {
    /// Shape of the model.
    pub config: PiSdeConfig,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    pub held_out: Vec<usize>,
    /// Every tensor by its published name: exactly those of [`PiSdeWeights::shapes`].
    pub tensors: Tensors,
}

/// Fresh weights: linear layers as PyTorch's, the last one 0, so that at first there is no drift.
pub fn initial_weights(config: PiSdeConfig, seed: u32) -> PiSdeWeights {
    let last = format!("{PREFIX}linear.weight");
    let tensors = initial(&network_shapes(&config), &last, seed);
    PiSdeWeights::new(config, 0, Vec::new(), tensors)
}

fn network_shapes(config: &PiSdeConfig) -> Vec<(String, Vec<usize>)> {
    potential_shapes(PREFIX, config.dimensions + 1, config.hidden, LAYERS)
}

impl PiSdeWeights {
    /// Weights out of the potential's tensors; adds the diffusion.
    pub(super) fn new(config: PiSdeConfig, updates: u32, held_out: Vec<usize>, mut tensors: Tensors) -> Self {
        let sigma = Tensor { shape: vec![1, config.dimensions], values: vec![config.sigma; config.dimensions] };
        tensors.insert(SIGMA.into(), sigma);
        Self { config, updates, held_out, tensors }
    }

    /// Name and shape of every tensor, in PyTorch's layout.
    pub fn shapes(config: &PiSdeConfig) -> BTreeMap<String, Vec<usize>> {
        network_shapes(config).into_iter().chain([(SIGMA.to_owned(), vec![1, config.dimensions])]).collect()
    }

    /// Number of trained parameters: all but the diffusion.
    pub fn parameters(&self) -> usize {
        self.tensors.iter().filter(|(name, _)| *name != SIGMA).map(|(_, tensor)| tensor.values.len()).sum()
    }
}

impl Stored for PiSdeWeights {
    const KEY: &'static str = KEY;

    fn checked(self) -> Result<Self> {
        let PiSdeConfig { dimensions, hidden, sigma, dt } = self.config;
        let numbers = sigma >= 0.0 && sigma.is_finite() && dt > 0.0 && dt.is_finite();
        if dimensions == 0 || hidden == 0 || dimensions.max(hidden) > MOST_WIDTH || !numbers {
            let what = format!(
                "a model of {dimensions} dimensions, {hidden} hidden units, the diffusion {sigma} and the step {dt} is not usable"
            );
            return Err(Error::input(what));
        }
        check_tensors(&self.tensors, &Self::shapes(&self.config), "PI-SDE")?;
        Ok(self)
    }

    fn recognises(tensors: &Tensors, metadata: &HashMap<String, String>) -> bool {
        metadata.contains_key(KEY) || tensors.contains_key(FIRST)
    }

    fn from_file(tensors: Tensors, metadata: &HashMap<String, String>) -> Result<Self> {
        let Header { config, updates, held_out } = match metadata.get(KEY) {
            Some(header) => Header::read(header)?,
            None => {
                let updates = metadata.get(EPOCH).and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
                Header { config: infer(&tensors)?, updates, held_out: Vec::new() }
            }
        };
        Self { config, updates, held_out, tensors }.checked()
    }

    fn header(&self) -> Result<(String, String)> {
        let header = Header { config: self.config, updates: self.updates, held_out: self.held_out.clone() };
        Ok((KEY.into(), header.write()?))
    }

    fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    fn with_tensors(&self, tensors: Tensors) -> Self {
        Self::new(self.config, self.updates, self.held_out.clone(), tensors)
    }

    fn dimensions(&self) -> usize {
        self.config.dimensions
    }

    fn updates(&self) -> u32 {
        self.updates
    }

    fn held_out(&self) -> &[usize] {
        &self.held_out
    }
}

/// The configuration that the tensors' shapes tell.
fn infer(tensors: &Tensors) -> Result<PiSdeConfig> {
    let Some(&[hidden, inputs]) = tensors.get(FIRST).map(|tensor| tensor.shape.as_slice()) else {
        return Err(Error::input(format!("the tensor “{FIRST}” is missing or is not a matrix")));
    };
    let sigma = tensors.get(SIGMA).map_or(&[][..], |tensor| &tensor.values);
    let Some(&first) = sigma.first() else { return Err(Error::input(format!("the tensor “{SIGMA}” is missing"))) };
    if sigma.iter().any(|value| *value != first) {
        return Err(Error::input("the diffusion differs between dimensions, which this model does not have").at(SIGMA));
    }
    Ok(PiSdeConfig { dimensions: inputs.saturating_sub(1), hidden, sigma: first, ..PiSdeConfig::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> PiSdeWeights {
        let config = PiSdeConfig { dimensions: 3, hidden: 4, ..PiSdeConfig::default() };
        PiSdeWeights { updates: 7, held_out: vec![1], ..initial_weights(config, 2) }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = small().write().unwrap();
        let (tensors, metadata) = crate::data::weights::tensors(&bytes).unwrap();
        assert!(PiSdeWeights::recognises(&tensors, &metadata));
        assert_eq!(PiSdeWeights::from_file(tensors, &metadata).unwrap(), small());
    }

    #[test]
    fn fresh_weights_have_no_drift_and_repeat() {
        assert!(small().tensors["_func.net.linear.weight"].values.iter().all(|v| *v == 0.0));
        assert!(small().tensors["_func.net.linear1.bias"].values.iter().all(|v| v.abs() <= 0.5 && *v != 0.0));
        assert_eq!(small(), small());
        assert_ne!(initial_weights(small().config, 1).tensors, small().tensors);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |change: fn(&mut PiSdeWeights), says: &str| {
            let mut weights = small();
            change(&mut weights);
            let error = weights.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|weights| drop(weights.tensors.remove("_func.sigma")), "“_func.sigma” is missing");
        refused(|weights| weights.config.hidden = 5, "has shape");
        refused(|weights| weights.config.dt = 0.0, "not usable");
        refused(|weights| weights.config.hidden = usize::MAX, "not usable");
        let mut uneven = small().tensors;
        uneven.get_mut(SIGMA).unwrap().values[1] = 0.7;
        let error = PiSdeWeights::from_file(uneven, &HashMap::new()).unwrap_err().to_string();
        assert!(error.contains("differs between dimensions"), "{error}");
    }
}

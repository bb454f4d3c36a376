//! Weights of PRESCIENT by name, as in the authors' checkpoints.

use super::config::{GrowthGenes, PrescientConfig};
use crate::data::weights::{EPOCH, Header, check_tensors};
use crate::error::{Error, Result};
use crate::models::fitted::{Stored, Tensors, initial};
use crate::models::potential::{layers_of, potential_shapes};
use crate::protocol::limits::{MOST_LAYERS, MOST_WIDTH};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Metadata key of the configuration in a `.safetensors` file.
const KEY: &str = "prescient";
/// Before the names of the network's tensors.
pub(super) const PREFIX: &str = "net.";
const FIRST: &str = "net.linear1.weight";

/// The weights of a PRESCIENT model.
#[derive(Clone, Debug, PartialEq)]
pub struct PrescientWeights {
    /// Shape of the model.
    pub config: PrescientConfig,
    /// The genes by which its start cells were weighted.
    pub growth: GrowthGenes,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    pub held_out: Vec<usize>,
    /// Every tensor by its published name: exactly those of [`PrescientWeights::shapes`].
    pub tensors: Tensors,
}

/// What a file says of the model besides its tensors.
#[derive(Serialize, Deserialize)]
struct Written {
    #[serde(flatten)]
    config: PrescientConfig,
    #[serde(default)]
    growth: GrowthGenes,
}

/// Fresh weights: linear layers as PyTorch's, the last one 0, so that at first there is no drift.
pub fn initial_weights(config: PrescientConfig, growth: GrowthGenes, seed: u32) -> PrescientWeights {
    let last = format!("{PREFIX}linear.weight");
    let tensors = initial(&network_shapes(&config), &last, seed);
    PrescientWeights { config, growth, updates: 0, held_out: Vec::new(), tensors }
}

fn network_shapes(config: &PrescientConfig) -> Vec<(String, Vec<usize>)> {
    potential_shapes(PREFIX, config.dimensions, config.hidden, config.layers)
}

impl PrescientWeights {
    /// Name and shape of every tensor, in PyTorch's layout.
    pub fn shapes(config: &PrescientConfig) -> BTreeMap<String, Vec<usize>> {
        network_shapes(config).into_iter().collect()
    }

    /// Number of trained parameters.
    pub fn parameters(&self) -> usize {
        self.tensors.values().map(|tensor| tensor.values.len()).sum()
    }
}

impl Stored for PrescientWeights {
    const KEY: &'static str = KEY;

    fn checked(self) -> Result<Self> {
        let PrescientConfig { dimensions, layers, hidden, sd, dt } = self.config;
        let counts = dimensions.min(hidden) > 0 && dimensions.max(hidden) <= MOST_WIDTH;
        let numbers = sd >= 0.0 && sd.is_finite() && dt > 0.0 && dt.is_finite();
        if !(counts && (1..=MOST_LAYERS).contains(&layers) && numbers) {
            let what = format!(
                "a model of {dimensions} dimensions, {layers} layers of {hidden} hidden units, the diffusion {sd} and the step {dt} is not usable"
            );
            return Err(Error::input(what));
        }
        check_tensors(&self.tensors, &Self::shapes(&self.config), "PRESCIENT")?;
        Ok(self)
    }

    fn recognises(tensors: &Tensors, metadata: &HashMap<String, String>) -> bool {
        metadata.contains_key(KEY) || tensors.contains_key(FIRST)
    }

    fn from_file(tensors: Tensors, metadata: &HashMap<String, String>) -> Result<Self> {
        let Header { config, updates, held_out } = match metadata.get(KEY) {
            Some(header) => Header::<Written>::read(header)?,
            None => {
                let updates = metadata.get(EPOCH).and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
                let config = Written { config: infer(&tensors)?, growth: GrowthGenes::default() };
                Header { config, updates, held_out: Vec::new() }
            }
        };
        let Written { config, growth } = config;
        Self { config, growth, updates, held_out, tensors }.checked()
    }

    fn header(&self) -> Result<(String, String)> {
        let config = Written { config: self.config, growth: self.growth.clone() };
        let header = Header { config, updates: self.updates, held_out: self.held_out.clone() };
        Ok((KEY.into(), header.write()?))
    }

    fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    fn with_tensors(&self, tensors: Tensors) -> Self {
        Self { tensors, ..self.clone() }
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
fn infer(tensors: &Tensors) -> Result<PrescientConfig> {
    let Some(&[hidden, dimensions]) = tensors.get(FIRST).map(|tensor| tensor.shape.as_slice()) else {
        return Err(Error::input(format!("the tensor “{FIRST}” is missing or is not a matrix")));
    };
    let layers = layers_of(PREFIX, tensors.keys());
    Ok(PrescientConfig { dimensions, hidden, layers, ..PrescientConfig::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> PrescientWeights {
        let config = PrescientConfig { dimensions: 3, hidden: 4, layers: 2, ..PrescientConfig::default() };
        let growth = GrowthGenes { birth: vec!["MKI67".into()], death: Vec::new() };
        PrescientWeights { updates: 7, held_out: vec![1], ..initial_weights(config, growth, 2) }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = small().write().unwrap();
        let (tensors, metadata) = crate::data::weights::tensors(&bytes).unwrap();
        assert!(PrescientWeights::recognises(&tensors, &metadata));
        assert_eq!(PrescientWeights::from_file(tensors, &metadata).unwrap(), small());
        let epoch = [(EPOCH.to_owned(), "9".to_owned())].into();
        let found = PrescientWeights::from_file(small().tensors, &epoch).unwrap();
        assert_eq!((found.config.layers, found.config.hidden, found.updates), (2, 4, 9));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |change: fn(&mut PrescientWeights), says: &str| {
            let mut weights = small();
            change(&mut weights);
            let error = weights.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|weights| drop(weights.tensors.remove("net.linear2.bias")), "“net.linear2.bias” is missing");
        refused(|weights| weights.config.layers = 1, "does not belong to a PRESCIENT model");
        refused(|weights| weights.config.layers = 0, "not usable");
        refused(|weights| weights.config.sd = f32::NAN, "not usable");
    }
}

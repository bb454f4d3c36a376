//! Weights of a Cell-MNN model, as `.safetensors` with the configuration as JSON under the metadata key `cell-mnn`.

use super::{Tensor, safetensors};
use crate::data::Standard;
use crate::protocol::limits::MOST_WIDTH;
use crate::protocol::{CellMnnConfig, OperatorForm};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Metadata key of the configuration.
pub const KEY: &str = "cell-mnn";
/// Hidden layers (paper: four).
pub const HIDDEN_LAYERS: usize = 4;

/// The weights of a Cell-MNN model.
#[derive(Clone, Debug, PartialEq)]
pub struct OperatorWeights {
    /// Shape of the model.
    pub config: CellMnnConfig,
    /// The components that it works in.
    pub standard: Standard,
    /// Epochs behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    pub held_out: Vec<usize>,
    /// Every tensor by name: exactly those of [`OperatorWeights::shapes`].
    pub tensors: BTreeMap<String, Tensor>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    config: CellMnnConfig,
    centre: Vec<f32>,
    scale: Vec<f32>,
    #[serde(default)]
    updates: u32,
    #[serde(default)]
    held_out: Vec<usize>,
}

impl OperatorWeights {
    /// Name and shape of every tensor: layers `hidden.0` to `hidden.3` and `head`, each with weight `[out, in]` and bias `[out]`.
    pub fn shapes(config: &CellMnnConfig) -> BTreeMap<String, Vec<usize>> {
        let (d, hidden) = (config.dimensions, config.hidden);
        let answers = match config.form {
            OperatorForm::Direct => d * d,
            OperatorForm::Eigen => d + d * d,
        };
        let layers = (0..HIDDEN_LAYERS)
            .map(|layer| (format!("hidden.{layer}"), hidden, if layer == 0 { d + 1 } else { hidden }));
        layers
            .chain([("head".to_owned(), answers, hidden)])
            .flat_map(|(name, out, into)| {
                [(format!("{name}.weight"), vec![out, into]), (format!("{name}.bias"), vec![out])]
            })
            .collect()
    }

    /// Checks the tensors against the configuration.
    ///
    /// # Errors
    ///
    /// If a tensor is missing, left over, of the wrong shape or not finite, or the standardisation does not fit.
    pub fn checked(self) -> Result<Self> {
        let CellMnnConfig { dimensions, hidden, bound, .. } = self.config;
        if dimensions == 0
            || hidden == 0
            || dimensions > 1024
            || hidden > MOST_WIDTH
            || !(bound > 0.0 && bound.is_finite())
        {
            return Err(Error::input(format!(
                "a model of {dimensions} dimensions, {hidden} hidden units and the bound {bound} is not usable"
            )));
        }
        let Standard { centre, scale } = &self.standard;
        let usable =
            centre.iter().chain(scale).all(|value| value.is_finite()) && scale.iter().all(|value| *value > 0.0);
        if (centre.len(), scale.len()) != (dimensions, dimensions) || !usable {
            return Err(Error::input("centre and scale are not usable numbers for each dimension"));
        }
        super::check_tensors(&self.tensors, &Self::shapes(&self.config), "Cell-MNN")?;
        Ok(self)
    }

    /// Number of trained parameters.
    pub fn parameters(&self) -> usize {
        self.tensors.values().map(|tensor| tensor.values.len()).sum()
    }
}

/// Weights whose tensors and header are at hand.
///
/// # Errors
/// A tensor is missing, left over, of the wrong shape or not finite, or the header cannot be used.
pub fn read(tensors: BTreeMap<String, Tensor>, header: &str) -> Result<OperatorWeights> {
    let Header { config, centre, scale, updates, held_out } = serde_json::from_str(header)
        .map_err(|error| Error::input(format!("the configuration in the file cannot be used ({error})")))?;
    OperatorWeights { config, standard: Standard { centre, scale }, updates, held_out, tensors }.checked()
}

/// Writes a `.safetensors` file with the configuration inside.
///
/// # Errors
///
/// If the tensors are not those of the configuration.
pub fn write(weights: &OperatorWeights) -> Result<Vec<u8>> {
    let weights = weights.clone().checked()?;
    safetensors::serialise(&weights.tensors, [header(&weights)?].into())
}

/// The configuration as metadata.
pub(super) fn header(weights: &OperatorWeights) -> Result<(String, String)> {
    let OperatorWeights { config, standard: Standard { centre, scale }, updates, held_out, .. } = weights.clone();
    let header = serde_json::to_string(&Header { config, centre, scale, updates, held_out });
    Ok((KEY.to_owned(), header.map_err(|error| Error::internal(error.to_string()))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> OperatorWeights {
        let config = CellMnnConfig { dimensions: 2, hidden: 3, ..CellMnnConfig::default() };
        let tensor = |shape: Vec<usize>| {
            let length: usize = shape.iter().product();
            Tensor { values: (0..length).map(|i| i as f32 / 8.0 - 1.0).collect(), shape }
        };
        let tensors = OperatorWeights::shapes(&config).into_iter().map(|(name, shape)| (name, tensor(shape))).collect();
        let standard = Standard { centre: vec![1.0, -1.0], scale: vec![2.0, 0.5] };
        OperatorWeights { config, standard, updates: 7, held_out: vec![1], tensors }
    }

    #[test]
    fn what_is_written_is_read_and_known_from_scimf() {
        let (tensors, metadata) = super::super::tensors(&write(&small()).unwrap()).unwrap();
        assert!(!super::super::is_scimf(&tensors, &metadata));
        assert_eq!(read(tensors, &metadata[KEY]).unwrap(), small());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |change: fn(&mut OperatorWeights), says: &str| {
            let mut weights = small();
            change(&mut weights);
            let error = weights.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(|weights| drop(weights.tensors.remove("head.bias")), "“head.bias” is missing");
        refused(|weights| weights.config.form = OperatorForm::Eigen, "has shape [4]");
        refused(|weights| weights.standard.scale[0] = 0.0, "centre and scale");
        refused(|weights| weights.config.bound = f32::NAN, "not usable");
    }
}

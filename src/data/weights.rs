//! Weights of a model in host memory, and the two file formats they come in.
//!
//! Names and layouts are those of published checkpoints (PyTorch: a linear layer's weight is `[out, in]`).

pub mod cell_mnn;
mod checkpoint;
mod header;
pub mod operator_progress;
mod pickle;
pub mod progress;
pub(crate) mod safetensors;
pub mod state;

pub use cell_mnn::OperatorWeights;
pub use header::Header;
pub use safetensors::of_scimf;

use crate::protocol::ScImfConfig;
use crate::protocol::limits::{MOST_LAYERS, MOST_WIDTH};
use crate::{Error, Result};
use std::collections::{BTreeMap, HashMap};

/// Metadata key of the updates behind a published checkpoint.
pub const EPOCH: &str = "epoch";
/// Name of the tensor that holds the diffusion, `[1, d]`.
const SIGMA: &str = "diffusion.sigma";

/// A dense array of any number of dimensions, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tensor {
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// Their product many values.
    pub values: Vec<f32>,
}

/// The weights of a scIMF model.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Shape of the model.
    pub config: ScImfConfig,
    /// Updates behind the weights; 0 if unknown.
    pub updates: u32,
    /// Time points that were held out when the weights were trained.
    pub held_out: Vec<usize>,
    /// Every tensor by its published name: exactly those of [`shapes`].
    pub tensors: BTreeMap<String, Tensor>,
}

/// Name and shape of every tensor of a model.
pub fn shapes(config: &ScImfConfig) -> BTreeMap<String, Vec<usize>> {
    let (d, hidden) = (config.dimensions, config.hidden);
    let mut shapes = BTreeMap::from([(SIGMA.to_owned(), vec![1, d])]);
    let mut add = |name: String, shape: &[usize]| shapes.insert(name, shape.to_vec());
    for (layer, out, into) in [("linear1", hidden, d), ("linear2", hidden, hidden), ("linear", d, hidden)] {
        add(format!("drift_intra.net.net.{layer}.weight"), &[out, into]);
        add(format!("drift_intra.net.net.{layer}.bias"), &[out]);
    }
    for block in 0..config.blocks {
        let prefix = format!("drift_inter.trm_inter.{block}");
        for norm in ["norm1", "Vnet", "norm2"] {
            add(format!("{prefix}.{norm}.weight"), &[d]);
            add(format!("{prefix}.{norm}.bias"), &[d]);
        }
        for projection in ["q_proj", "k_proj", "v_proj"] {
            add(format!("{prefix}.attn.{projection}.weight"), &[d, d]);
        }
        for (layer, out, into) in [("fc1", 4 * d, d), ("fc2", d, 4 * d)] {
            add(format!("{prefix}.{layer}.weight"), &[out, into]);
            add(format!("{prefix}.{layer}.bias"), &[out]);
        }
    }
    shapes
}

/// The tensors of a `.safetensors` file or a PyTorch checkpoint (`.pt`), with the metadata of the first; the content decides which it is, not
/// the name.
///
/// # Errors
///
/// If the file is neither, or cannot be read.
pub fn tensors(bytes: &[u8]) -> Result<(BTreeMap<String, Tensor>, HashMap<String, String>)> {
    if bytes.starts_with(b"PK\x03\x04") {
        checkpoint::tensors(bytes)
    } else if bytes.get(8) == Some(&b'{') {
        safetensors::tensors(bytes)
    } else {
        Err(Error::input("this is neither a .safetensors file nor a PyTorch checkpoint")
            .remedy("Checkpoints of PyTorch before 1.6 must be loaded and saved again with a newer PyTorch."))
    }
}

/// Reads weights of scIMF.
///
/// # Errors
///
/// If the file cannot be read, or a tensor is missing, left over, of the wrong shape or not finite; names the tensor.
pub fn read(name: &str, bytes: &[u8]) -> Result<Weights> {
    let read = || {
        let (mut tensors, metadata) = tensors(bytes)?;
        progress::leave_weights(&mut tensors);
        of_scimf(tensors, &metadata)?.checked()
    };
    read().map_err(|error| error.at(name).or_remedy("Save the weights again, as a whole model."))
}

/// A file is of scIMF: it says so, or it has the intrinsic drift or the diffusion of published checkpoints.
pub fn is_scimf(tensors: &BTreeMap<String, Tensor>, metadata: &HashMap<String, String>) -> bool {
    let ours = |name: &String| ["drift_intra.", "drift_inter.", "diffusion."].iter().any(|part| name.starts_with(part));
    metadata.contains_key(safetensors::KEY) || tensors.keys().any(ours)
}

/// Writes a `.safetensors` file with the configuration inside.
///
/// # Errors
///
/// If the tensors are not those of the configuration.
pub fn write(weights: &Weights) -> Result<Vec<u8>> {
    safetensors::write(weights)
}

impl Weights {
    /// Checks the tensors against the configuration.
    ///
    /// # Errors
    ///
    /// If a tensor is missing, left over, of the wrong shape or not finite, or heads do not divide the dimensions.
    pub fn check(&self) -> Result<()> {
        let ScImfConfig { dimensions, hidden, heads, blocks, .. } = self.config;
        if dimensions == 0 || hidden == 0 || dimensions.max(hidden) > MOST_WIDTH || blocks > MOST_LAYERS {
            return Err(Error::input(format!(
                "a model of {dimensions} dimensions, {hidden} hidden units and {blocks} blocks is not usable"
            )));
        }
        if heads == 0 || dimensions % heads != 0 {
            return Err(Error::input(format!("{heads} attention heads do not divide {dimensions} dimensions")));
        }
        check_tensors(&self.tensors, &shapes(&self.config), "scIMF")
    }

    /// The weights, once [`Self::check`] has passed.
    ///
    /// # Errors
    ///
    /// As [`Self::check`].
    pub fn checked(self) -> Result<Self> {
        self.check()?;
        Ok(self)
    }

    /// Number of trained parameters: all but the diffusion.
    pub fn parameters(&self) -> usize {
        self.tensors.iter().filter(|(name, _)| *name != SIGMA).map(|(_, tensor)| tensor.values.len()).sum()
    }
}

/// Checks that there are exactly the tensors of these shapes, all finite.
pub(crate) fn check_tensors(
    tensors: &BTreeMap<String, Tensor>,
    shapes: &BTreeMap<String, Vec<usize>>,
    model: &str,
) -> Result<()> {
    for (name, shape) in shapes {
        let tensor = tensors.get(name).ok_or_else(|| {
            Error::input(format!("the tensor “{name}” is missing"))
                .remedy(format!("The file must hold a whole {model} model."))
        })?;
        if &tensor.shape != shape || tensor.values.len() != shape.iter().product::<usize>() {
            return Err(Error::input(format!("the tensor “{name}” has shape {:?}, not {shape:?}", tensor.shape)));
        }
        if tensor.values.iter().any(|value| !value.is_finite()) {
            return Err(Error::input(format!("the tensor “{name}” holds a value that is not finite")));
        }
    }
    match tensors.keys().find(|name| !shapes.contains_key(*name)) {
        Some(name) => {
            Err(Error::input(format!("the tensor “{name}” does not belong to a {model} model of this shape")))
        }
        None => Ok(()),
    }
}

/// Attention heads where nothing says otherwise: two, as published, where they divide the dimensions; else one.
pub fn usual_heads(dimensions: usize) -> usize {
    let published = ScImfConfig::default().heads;
    if dimensions.is_multiple_of(published) { published } else { 1 }
}

/// The configuration that the tensors' shapes tell.
fn infer(tensors: &BTreeMap<String, Tensor>) -> Result<ScImfConfig> {
    let first = "drift_intra.net.net.linear1.weight";
    let Some([hidden, dimensions]) = tensors.get(first).map(|tensor| tensor.shape.as_slice()) else {
        return Err(Error::input(format!("the tensor “{first}” is missing or is not a matrix"))
            .remedy("The file must hold a scIMF model with the names of published checkpoints."));
    };
    let blocks =
        (0..).take_while(|block| tensors.contains_key(&format!("drift_inter.trm_inter.{block}.fc1.weight"))).count();
    let sigma = tensors.get(SIGMA).map_or(&[][..], |tensor| &tensor.values);
    let Some(&first) = sigma.first() else { return Err(Error::input(format!("the tensor “{SIGMA}” is missing"))) };
    if sigma.iter().any(|value| *value != first) {
        return Err(Error::input("the diffusion differs between dimensions, which this model does not have").at(SIGMA));
    }
    let heads = usual_heads(*dimensions);
    Ok(ScImfConfig { dimensions: *dimensions, hidden: *hidden, heads, blocks, sigma: first, ..ScImfConfig::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn small() -> Weights {
        let config = ScImfConfig { dimensions: 4, hidden: 3, ..ScImfConfig::default() };
        let tensor = |shape: Vec<usize>| {
            let length: usize = shape.iter().product();
            Tensor { values: (0..length).map(|i| i as f32 / 8.0 - 1.0).collect(), shape }
        };
        let mut tensors: BTreeMap<_, _> =
            shapes(&config).into_iter().map(|(name, shape)| (name, tensor(shape))).collect();
        tensors.insert(SIGMA.into(), Tensor { shape: vec![1, 4], values: vec![0.1; 4] });
        Weights { config, updates: 12, held_out: vec![2], tensors }
    }

    #[test]
    fn what_is_written_is_read() {
        let weights = small();
        let bytes = write(&weights).unwrap();
        let (tensors, metadata) = tensors(&bytes).unwrap();
        assert!(is_scimf(&tensors, &metadata));
        assert_eq!(of_scimf(tensors, &metadata).unwrap(), weights);
        assert_eq!(bytes, write(&weights).unwrap(), "the same bytes each time");
    }

    #[test]
    fn tensors_that_do_not_fit_are_named() {
        let refused = |change: fn(&mut Weights), says: &str| {
            let mut weights = small();
            change(&mut weights);
            let error = weights.checked().unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        refused(
            |weights| drop(weights.tensors.remove("drift_inter.trm_inter.0.fc1.bias")),
            "“drift_inter.trm_inter.0.fc1.bias” is missing",
        );
        refused(|weights| weights.config.blocks = 0, "“drift_inter.trm_inter.0.Vnet.bias” does not belong");
        refused(|weights| weights.config.hidden = 5, "has shape [4, 3], not [4, 5]");
        refused(|weights| weights.config.heads = 3, "3 attention heads do not divide 4");
        refused(|weights| weights.config.dimensions = usize::MAX, "not usable");
        refused(
            |weights| weights.tensors.get_mut(SIGMA).unwrap().values[1] = f32::NAN,
            "“diffusion.sigma” holds a value that is not finite",
        );
    }
}

//! The model: its operators at a state and a time, and the flows along them.

use super::flow::{decode, largest_norm, steps_for};
use super::network::OperatorNetwork;

use crate::data::Standard;
use crate::data::weights::OperatorWeights;
use crate::data::weights::cell_mnn::HIDDEN_LAYERS;
use crate::error::Result;
use crate::models::parameters::{Sink, Source};
use crate::protocol::CellMnnConfig;
use crate::tensor::{read, upload};
use burn::module::Module;
use burn::tensor::{Device, Tensor};

/// A Cell-MNN model on a device.
#[derive(Clone, Debug)]
pub struct CellMnn {
    /// Its shape.
    pub config: CellMnnConfig,
    /// The components that it works in.
    pub standard: Standard,
    /// Its weights.
    pub network: OperatorNetwork,
}

impl CellMnn {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// A tensor is missing.
    pub fn from_weights(weights: &OperatorWeights, device: &Device) -> Result<Self> {
        let source = Source { tensors: &weights.tensors, device };
        let hidden =
            (0..HIDDEN_LAYERS).map(|layer| source.linear(&format!("hidden.{layer}"), true)).collect::<Result<_>>()?;
        let network = OperatorNetwork { hidden, head: source.linear("head", true)? };
        Ok(Self { config: weights.config, standard: weights.standard.clone(), network })
    }

    /// Reads the weights back from the device.
    ///
    /// # Errors
    /// The device failed.
    pub async fn to_weights(&self, updates: u32, held_out: &[usize]) -> Result<OperatorWeights> {
        let mut sink = Sink::default();
        for (layer, linear) in self.network.hidden.iter().enumerate() {
            sink.linear(&format!("hidden.{layer}"), linear).await?;
        }
        sink.linear("head", &self.network.head).await?;
        let (config, standard) = (self.config, self.standard.clone());
        Ok(OperatorWeights { config, standard, updates, held_out: held_out.to_vec(), tensors: sink.0 })
    }

    /// Number of trained parameters.
    pub fn parameters(&self) -> usize {
        self.network.num_params()
    }

    /// The operators of cells.
    ///
    /// # Shapes
    /// - `z`: `[n, d]`, standardised components; `time`: `[n, 1]`, in mean sampling intervals
    /// - output: `[n, d, d]`
    pub fn operators(&self, z: Tensor<2>, time: Tensor<2>) -> Tensor<3> {
        self.network.forward(&self.config, z, time).matrices
    }

    /// Moves cells under operators that stay as they are: exp(A span) z.
    ///
    /// # Shapes
    /// - `operators`: `[n, d, d]`, `z` and output: `[n, d]`
    ///
    /// # Errors
    /// The device failed, or an operator is too large to be followed.
    pub async fn frozen(operators: &Tensor<3>, z: Tensor<2>, span: f64) -> Result<Tensor<2>> {
        let largest = read(largest_norm(operators)).await?[0];
        let spans = vec![vec![span as f32]; z.dims()[0]];
        let mut ends = decode(operators, z.clone(), &spans, steps_for(largest, span)?);
        Ok(ends.pop().unwrap_or(z))
    }

    /// Moves cells along `times`, in mean sampling intervals, the first of which is where they are; the operator is read anew at each.
    ///
    /// # Shapes
    /// - `z` and each of the outputs, one for each of `times`: `[n, d]`
    ///
    /// # Errors
    /// As [`Self::frozen`].
    pub async fn reencoded(&self, z: Tensor<2>, times: &[f64]) -> Result<Vec<Tensor<2>>> {
        let (cells, device) = (z.dims()[0], z.device());
        let mut states = vec![z];
        for pair in times.windows(2) {
            let z = states[states.len() - 1].clone();
            let time = upload(vec![pair[0] as f32; cells], [cells, 1], &device);
            let operators = self.operators(z.clone(), time);
            states.push(Self::frozen(&operators, z, pair[1] - pair[0]).await?);
        }
        Ok(states)
    }
}

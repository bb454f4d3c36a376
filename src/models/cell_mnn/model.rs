//! The model: its operators at a state and a time.

use super::network::OperatorNetwork;
use crate::data::Standard;
use crate::data::weights::OperatorWeights;
use crate::data::weights::cell_mnn::HIDDEN_LAYERS;
use crate::error::Result;
use crate::models::operators::LocallyLinear;
use crate::models::parameters::{Sink, Source};
use crate::protocol::CellMnnConfig;
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
}

impl LocallyLinear for CellMnn {
    fn standard(&self) -> &Standard {
        &self.standard
    }

    fn operators(&self, z: Tensor<2>, time: Tensor<2>) -> Tensor<3> {
        self.network.forward(&self.config, z, time).matrices
    }
}

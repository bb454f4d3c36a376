//! Between a network on a device and weights by name, as in published checkpoints.

use super::{Interaction, Intrinsic, Network, ScImf};
use crate::data::weights::Weights;
use crate::error::Result;
use crate::models::parameters::{Sink, Source};
use burn::tensor::Device;

impl ScImf {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`Weights::check`].
    pub fn from_weights(weights: &Weights, device: &Device) -> Result<Self> {
        let config = weights.config;
        weights.check()?;
        let source = Source { tensors: &weights.tensors, device };
        let interaction = (0..config.blocks)
            .map(|index| {
                let name = |part: &str| format!("drift_inter.trm_inter.{index}.{part}");
                Ok(Interaction {
                    norm1: source.norm(&name("norm1"))?,
                    norm_value: source.norm(&name("Vnet"))?,
                    norm2: source.norm(&name("norm2"))?,
                    query: source.linear(&name("attn.q_proj"), false)?,
                    key: source.linear(&name("attn.k_proj"), false)?,
                    value: source.linear(&name("attn.v_proj"), false)?,
                    fc1: source.linear(&name("fc1"), true)?,
                    fc2: source.linear(&name("fc2"), true)?,
                })
            })
            .collect::<Result<_>>()?;
        let intrinsic = Intrinsic {
            linear1: source.linear("drift_intra.net.net.linear1", true)?,
            linear2: source.linear("drift_intra.net.net.linear2", true)?,
            linear: source.linear("drift_intra.net.net.linear", true)?,
        };
        Ok(Self { config, network: Network { intrinsic, interaction } })
    }

    /// Reads the weights back from the device.
    ///
    /// # Errors
    /// The device failed.
    pub async fn to_weights(&self, updates: u32, held_out: &[usize]) -> Result<Weights> {
        let mut sink = Sink::default();
        for (index, block) in self.network.interaction.iter().enumerate() {
            let name = |part: &str| format!("drift_inter.trm_inter.{index}.{part}");
            sink.norm(&name("norm1"), &block.norm1).await?;
            sink.norm(&name("Vnet"), &block.norm_value).await?;
            sink.norm(&name("norm2"), &block.norm2).await?;
            sink.linear(&name("attn.q_proj"), &block.query).await?;
            sink.linear(&name("attn.k_proj"), &block.key).await?;
            sink.linear(&name("attn.v_proj"), &block.value).await?;
            sink.linear(&name("fc1"), &block.fc1).await?;
            sink.linear(&name("fc2"), &block.fc2).await?;
        }
        let Intrinsic { linear1, linear2, linear } = &self.network.intrinsic;
        sink.linear("drift_intra.net.net.linear1", linear1).await?;
        sink.linear("drift_intra.net.net.linear2", linear2).await?;
        sink.linear("drift_intra.net.net.linear", linear).await?;
        let sigma = vec![self.config.sigma; self.config.dimensions];
        sink.put("diffusion.sigma", vec![1, self.config.dimensions], sigma);
        Ok(Weights { config: self.config, updates, held_out: held_out.to_vec(), tensors: sink.0 })
    }
}

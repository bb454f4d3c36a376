//! Between a network on a device and weights by name, as in published checkpoints.
//!
//! PyTorch keeps a linear layer's weight as `[outputs, inputs]`, burn as `[inputs, outputs]`; the transposition happens here and nowhere else.

use super::{Interaction, Intrinsic, Network, ScImf};
use crate::data::weights::{self, Weights};
use crate::error::{Error, Result};
use crate::tensor::{read, upload};
use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

impl ScImf {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// As [`Weights::check`].
    pub fn from_weights(weights: &Weights, device: &Device) -> Result<Self> {
        let config = weights.config;
        weights.check()?;
        let source = Source { weights, device };
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

struct Source<'a> {
    weights: &'a Weights,
    device: &'a Device,
}

impl Source<'_> {
    fn get(&self, name: &str) -> Result<&weights::Tensor> {
        self.weights.tensors.get(name).ok_or_else(|| Error::input("This tensor is missing").at(name))
    }

    fn vector(&self, name: &str) -> Result<Param<Tensor<1>>> {
        let tensor = self.get(name)?;
        Ok(Param::from_tensor(upload(tensor.values.clone(), [tensor.values.len()], self.device)))
    }

    fn linear(&self, name: &str, bias: bool) -> Result<Linear> {
        let tensor = self.get(&format!("{name}.weight"))?;
        let [outputs, inputs] = [tensor.shape[0], tensor.shape[1]];
        let weight = upload(transposed(&tensor.values, inputs), [inputs, outputs], self.device);
        let bias = if bias { Some(self.vector(&format!("{name}.bias"))?) } else { None };
        Ok(Linear { weight: Param::from_tensor(weight), bias })
    }

    fn norm(&self, name: &str) -> Result<LayerNorm> {
        let gamma = self.vector(&format!("{name}.weight"))?;
        let mut norm = LayerNormConfig::new(gamma.val().dims()[0]).with_epsilon(1e-5).init(self.device);
        norm.gamma = gamma;
        norm.beta = Some(self.vector(&format!("{name}.bias"))?);
        Ok(norm)
    }
}

#[derive(Default)]
struct Sink(BTreeMap<String, weights::Tensor>);

impl Sink {
    fn put(&mut self, name: &str, shape: Vec<usize>, values: Vec<f32>) {
        self.0.insert(name.into(), weights::Tensor { shape, values });
    }

    async fn linear(&mut self, name: &str, linear: &Linear) -> Result<()> {
        let weight = linear.weight.val();
        let [inputs, outputs] = weight.dims();
        let values = transposed(&read(weight).await?, outputs);
        self.put(&format!("{name}.weight"), vec![outputs, inputs], values);
        if let Some(bias) = &linear.bias {
            self.put(&format!("{name}.bias"), vec![outputs], read(bias.val()).await?);
        }
        Ok(())
    }

    async fn norm(&mut self, name: &str, norm: &LayerNorm) -> Result<()> {
        let gamma = read(norm.gamma.val()).await?;
        let shape = vec![gamma.len()];
        self.put(&format!("{name}.weight"), shape.clone(), gamma);
        if let Some(beta) = &norm.beta {
            self.put(&format!("{name}.bias"), shape, read(beta.val()).await?);
        }
        Ok(())
    }
}

/// Transposes row-major values with `columns` columns.
fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| values.iter().skip(column).step_by(columns).copied()).collect()
}

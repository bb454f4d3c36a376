//! Between a network on a device and weights by name, as in published checkpoints.
//!
//! PyTorch keeps a linear layer's weight as `[outputs, inputs]`, burn as `[inputs, outputs]`; the transposition happens here and nowhere else.

use super::{Interaction, Intrinsic, Network, ScImf};
use crate::data::weights::{self, Weights};
use crate::error::{Error, Result};
use crate::protocol::ScImfConfig;
use crate::tensor::{read, upload};
use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig, Linear};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

/// How a parameter starts.
pub(super) enum Initial {
    /// Everywhere this value.
    Constant(f32),
    /// Uniform between minus and plus this bound.
    UniformWithin(f32),
}

/// One entry of a checkpoint.
pub(super) struct Parameter {
    /// Published name.
    pub name: String,
    /// Shape in PyTorch's layout.
    pub shape: Vec<usize>,
    /// How it starts.
    pub initial: Initial,
}

/// Every entry of a checkpoint of this shape, in a fixed order.
pub(super) fn layout(config: &ScImfConfig) -> Vec<Parameter> {
    let ScImfConfig { dimensions: d, hidden, .. } = *config;
    let mut list = Vec::new();
    let mut add = |name: String, shape: Vec<usize>, initial| list.push(Parameter { name, shape, initial });
    let mut linear = |name: &str, inputs: usize, outputs: usize, bias: bool| {
        let bound = 1.0 / (inputs as f32).sqrt();
        add(format!("{name}.weight"), vec![outputs, inputs], Initial::UniformWithin(bound));
        if bias {
            add(format!("{name}.bias"), vec![outputs], Initial::UniformWithin(bound));
        }
    };
    let block = |index: usize, part: &str| format!("drift_inter.trm_inter.{index}.{part}");
    for index in 0..config.blocks {
        for projection in ["q_proj", "k_proj", "v_proj"] {
            linear(&block(index, &format!("attn.{projection}")), d, d, false);
        }
        linear(&block(index, "fc1"), d, 4 * d, true);
        linear(&block(index, "fc2"), 4 * d, d, true);
    }
    linear("drift_intra.net.net.linear1", d, hidden, true);
    linear("drift_intra.net.net.linear2", hidden, hidden, true);
    linear("drift_intra.net.net.linear", hidden, d, true);
    for index in 0..config.blocks {
        for norm in ["norm1", "Vnet", "norm2"] {
            add(block(index, &format!("{norm}.weight")), vec![d], Initial::Constant(1.0));
            add(block(index, &format!("{norm}.bias")), vec![d], Initial::Constant(0.0));
        }
    }
    add("diffusion.sigma".into(), vec![1, d], Initial::Constant(config.sigma));
    list
}

impl ScImf {
    /// Puts weights on a device.
    ///
    /// # Errors
    /// A tensor is missing or has another shape than the configuration says, or `heads` does not divide `dimensions`.
    pub fn from_weights(weights: &Weights, device: &Device) -> Result<Self> {
        let config = weights.config;
        if config.heads == 0 || !config.dimensions.is_multiple_of(config.heads) {
            let what = format!("{} attention heads do not divide {} dimensions", config.heads, config.dimensions);
            return Err(Error::request(what).at("heads"));
        }
        let shapes: BTreeMap<_, _> = layout(&config).into_iter().map(|p| (p.name, p.shape)).collect();
        let source = Source { weights, shapes, device };
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
    shapes: BTreeMap<String, Vec<usize>>,
    device: &'a Device,
}

impl Source<'_> {
    fn get(&self, name: &str) -> Result<&weights::Tensor> {
        let tensor = self.weights.tensors.get(name);
        let tensor = tensor.ok_or_else(|| Error::input("This tensor is missing").at(name))?;
        match self.shapes.get(name) {
            Some(shape) if *shape != tensor.shape => {
                Err(Error::input(format!("This tensor has shape {:?} instead of {shape:?}", tensor.shape)).at(name))
            }
            _ => Ok(tensor),
        }
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

//! Between layers on a device and tensors by name.
//!
//! PyTorch keeps a linear layer's weight as `[outputs, inputs]`, burn as `[inputs, outputs]`; the transposition happens here and nowhere else.

use crate::data::weights::Tensor as Named;
use crate::error::{Error, Result};
use crate::models::linear::Linear;
use crate::tensor::{read, upload};
use burn::module::Param;
use burn::nn::{LayerNorm, LayerNormConfig};
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

/// Layers out of named tensors.
pub(crate) struct Source<'a> {
    pub tensors: &'a BTreeMap<String, Named>,
    pub device: &'a Device,
}

impl Source<'_> {
    fn get(&self, name: &str) -> Result<&Named> {
        self.tensors.get(name).ok_or_else(|| Error::input("This tensor is missing").at(name))
    }

    pub fn vector(&self, name: &str) -> Result<Param<Tensor<1>>> {
        let tensor = self.get(name)?;
        Ok(Param::from_tensor(upload(tensor.values.clone(), [tensor.values.len()], self.device)))
    }

    pub fn linear(&self, name: &str, bias: bool) -> Result<Linear> {
        let tensor = self.get(&format!("{name}.weight"))?;
        let [outputs, inputs] = [tensor.shape[0], tensor.shape[1]];
        let weight = upload(transposed(&tensor.values, inputs), [inputs, outputs], self.device);
        let bias = if bias { Some(self.vector(&format!("{name}.bias"))?) } else { None };
        Ok(Linear { weight: Param::from_tensor(weight), bias })
    }

    pub fn norm(&self, name: &str) -> Result<LayerNorm> {
        let gamma = self.vector(&format!("{name}.weight"))?;
        let mut norm = LayerNormConfig::new(gamma.val().dims()[0]).with_epsilon(1e-5).init(self.device);
        norm.gamma = gamma;
        norm.beta = Some(self.vector(&format!("{name}.bias"))?);
        Ok(norm)
    }
}

/// Named tensors out of layers.
#[derive(Default)]
pub(crate) struct Sink(pub BTreeMap<String, Named>);

impl Sink {
    pub fn put(&mut self, name: &str, shape: Vec<usize>, values: Vec<f32>) {
        self.0.insert(name.into(), Named { shape, values });
    }

    pub async fn linear(&mut self, name: &str, linear: &Linear) -> Result<()> {
        let weight = linear.weight.val();
        let [inputs, outputs] = weight.dims();
        let values = transposed(&read(weight).await?, outputs);
        self.put(&format!("{name}.weight"), vec![outputs, inputs], values);
        if let Some(bias) = &linear.bias {
            self.put(&format!("{name}.bias"), vec![outputs], read(bias.val()).await?);
        }
        Ok(())
    }

    pub async fn norm(&mut self, name: &str, norm: &LayerNorm) -> Result<()> {
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

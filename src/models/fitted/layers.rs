//! Stacks of linear layers under PyTorch's names of a `Sequential`, and fresh tensors.

use super::Tensors;
use crate::data::weights::Tensor as Named;
use crate::error::Result;
use crate::models::linear::Linear;
use crate::models::parameters::{Sink, Source};
use burn::module::Module;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

/// Linear layers with an activation between them: `{prefix}0`, `{prefix}2` and so on, since activations count as layers, too.
#[derive(Module, Debug)]
pub struct Perceptron {
    /// In order.
    pub layers: Vec<Linear>,
}

impl Perceptron {
    /// Name and shape of each tensor for layers of these widths, the inputs first.
    pub fn shapes(prefix: &str, widths: &[usize]) -> Vec<(String, Vec<usize>)> {
        let layer = |(index, pair): (usize, &[usize])| {
            let name = format!("{prefix}{}", 2 * index);
            [(format!("{name}.weight"), vec![pair[1], pair[0]]), (format!("{name}.bias"), vec![pair[1]])]
        };
        widths.windows(2).enumerate().flat_map(layer).collect()
    }

    /// The widths that tensors under `prefix` tell, the inputs first; empty if there are none.
    pub fn widths(prefix: &str, tensors: &Tensors) -> Vec<usize> {
        let weight = |index: usize| tensors.get(&format!("{prefix}{}.weight", 2 * index));
        let shapes: Vec<&[usize]> = (0..).map_while(weight).map(|tensor| tensor.shape.as_slice()).collect();
        let inputs = shapes.first().and_then(|shape| shape.get(1)).copied();
        inputs.into_iter().chain(shapes.iter().filter_map(|shape| shape.first().copied())).collect()
    }

    /// `layers` layers out of tensors under `prefix`.
    ///
    /// # Errors
    /// A tensor is missing.
    pub fn loaded(tensors: &Tensors, prefix: &str, layers: usize, device: &Device) -> Result<Self> {
        let source = Source { tensors, device };
        let layers = (0..layers).map(|index| source.linear(&format!("{prefix}{}", 2 * index), true));
        Ok(Self { layers: layers.collect::<Result<_>>()? })
    }

    /// The tensors, under `prefix`.
    ///
    /// # Errors
    /// The device failed.
    pub async fn saved(&self, prefix: &str) -> Result<Tensors> {
        let mut sink = Sink::default();
        for (index, layer) in self.layers.iter().enumerate() {
            sink.linear(&format!("{prefix}{}", 2 * index), layer).await?;
        }
        Ok(sink.0)
    }

    /// The layers, with `activation` after each but the last.
    ///
    /// # Shapes
    /// - `x`: `[n, inputs]`
    /// - output: `[n, outputs]`
    pub fn forward(&self, x: Tensor<2>, activation: impl Fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
        let last = self.layers.len() - 1;
        let layers = self.layers.iter().enumerate();
        layers.fold(x, |x, (index, layer)| {
            let x = layer.forward(x);
            if index < last { activation(x) } else { x }
        })
    }
}

/// ELU: x above 0, alpha (exp(x) - 1) below. With alpha 1 it is also CELU. No exponential of a large number is taken.
pub fn elu(x: Tensor<2>, alpha: f64) -> Tensor<2> {
    relu(x.clone()) + x.clamp_max(0.0).exp().sub_scalar(1.0).mul_scalar(alpha)
}

/// SELU (Klambauer et al. 2017).
pub fn selu(x: Tensor<2>) -> Tensor<2> {
    elu(x, 1.673_263_242_354_377_2).mul_scalar(1.050_700_987_355_480_5)
}

/// Fresh tensors of these shapes, drawn on the host so that every device starts from the same ones: layers as PyTorch initialises them,
/// uniform within 1 / sqrt(inputs), but for the one named `zero`, which starts at 0.
pub fn initial(shapes: &[(String, Vec<usize>)], zero: &str, seed: u32) -> Tensors {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let mut bound = 1.0;
    let drawn = shapes.iter().map(|(name, shape)| {
        let count = shape.iter().product();
        let values = if name == zero {
            vec![0.0; count]
        } else {
            // A layer's weight `[out, in]` comes before its bias, which has the same bound.
            if let [_, inputs] = shape[..] {
                bound = 1.0 / (inputs as f32).sqrt();
            }
            let uniform = Uniform::new(-bound, bound).expect("a bound is finite and positive");
            uniform.sample_iter(&mut rng).take(count).collect()
        };
        (name.clone(), Named { shape: shape.clone(), values })
    });
    drawn.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn activations_bend_below_zero_and_do_not_overflow() {
        let x = || upload(vec![-1.0, 0.0, 2.0, 300.0], [2, 2], &cpu());
        let below = (-1.0f32).exp() - 1.0;
        assert_eq!(read_now(elu(x(), 1.0)), [below, 0.0, 2.0, 300.0]);
        let found = read_now(selu(x()));
        assert!((found[0] - 1.758_099_3 * below).abs() < 1e-5 && (found[2] - 2.101_402).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn widths_are_told_by_the_shapes() {
        let shapes = Perceptron::shapes("net.", &[3, 8, 2]);
        let names: Vec<&str> = shapes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"]);
        let tensors = initial(&shapes, "net.2.bias", 1);
        assert_eq!(Perceptron::widths("net.", &tensors), [3, 8, 2]);
        assert!(Perceptron::widths("other.", &tensors).is_empty());
        assert!(tensors["net.2.bias"].values.iter().all(|value| *value == 0.0));
        assert!(tensors["net.2.weight"].values.iter().all(|value| value.abs() <= 0.36 && *value != 0.0));
    }
}

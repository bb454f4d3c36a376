//! All weights of a network in one buffer, and their gradients in another in the same order.

use super::super::{Interaction, Network};
use burn::module::{Param, ParamId};
use burn::nn::LayerNorm;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// What is packed, and where.
pub struct Packed {
    /// Name in the kernels and first number of each piece.
    pub places: Vec<(String, usize)>,
    pieces: Vec<Tensor<1>>,
    parameters: Vec<Parameter>,
    trained: usize,
    len: usize,
}

struct Parameter {
    id: ParamId,
    shape: Vec<usize>,
    place: usize,
}

impl Packed {
    /// The weights of a network without interaction, or with its one block: first the trained ones, a bias after its weight and beta after
    /// gamma; then the transposed weights, which the way back reads.
    pub fn new(network: &Network, interacts: bool) -> Self {
        let mut packed = Self { places: Vec::new(), pieces: Vec::new(), parameters: Vec::new(), trained: 0, len: 0 };
        let intrinsic = &network.intrinsic;
        let mut linears =
            vec![("LINEAR1", &intrinsic.linear1), ("LINEAR2", &intrinsic.linear2), ("LINEAR", &intrinsic.linear)];
        if let (Some(block), true) = (network.interaction.first(), interacts) {
            let Interaction { norm1, norm_value, norm2, query, key, value, fc1, fc2 } = block;
            linears.extend([("QUERY", query), ("KEY", key), ("VALUE", value), ("FC1", fc1), ("FC2", fc2)]);
            for (name, norm) in [("NORM1", norm1), ("NORM_VALUE", norm_value), ("NORM2", norm2)] {
                packed.norm(name, norm);
            }
        }
        for (name, linear) in &linears {
            packed.parameter(name.to_string(), &linear.weight);
            if let Some(bias) = &linear.bias {
                packed.parameter(format!("{name}_BIAS"), bias);
            }
        }
        packed.trained = packed.len;
        for (name, linear) in linears {
            packed.piece(format!("{name}_ACROSS"), flat(linear.weight.val().transpose()));
        }
        packed
    }

    /// Everything, one after the other.
    pub fn weights(&self) -> Tensor<1> {
        Tensor::cat(self.pieces.clone(), 0)
    }

    /// How many of the numbers are trained; they come first.
    pub fn trained(&self) -> usize {
        self.trained
    }

    /// Gradients in the order of the weights as burn has them.
    pub fn gradients(&self, all: Tensor<1>) -> GradientsParams {
        let mut gradients = GradientsParams::new();
        for Parameter { id, shape, place } in &self.parameters {
            let piece = all.clone().narrow(0, *place, shape.iter().product());
            match shape[..] {
                [inputs, outputs] => gradients.register(*id, piece.reshape([inputs, outputs])),
                _ => gradients.register(*id, piece),
            }
        }
        gradients
    }

    fn norm(&mut self, name: &str, norm: &LayerNorm) {
        self.parameter(name.into(), &norm.gamma);
        if let Some(beta) = &norm.beta {
            self.parameter(format!("{name}_SHIFT"), beta);
        }
    }

    fn parameter<const D: usize>(&mut self, name: String, parameter: &Param<Tensor<D>>) {
        let value = parameter.val();
        self.parameters.push(Parameter { id: parameter.id, shape: value.dims().to_vec(), place: self.len });
        self.piece(name, flat(value));
    }

    fn piece(&mut self, name: String, piece: Tensor<1>) {
        self.places.push((name, self.len));
        self.len += piece.dims()[0];
        self.pieces.push(piece);
    }
}

fn flat<const D: usize>(tensor: Tensor<D>) -> Tensor<1> {
    let count = tensor.shape().num_elements();
    tensor.reshape([count])
}

//! What the population adds: f_inter, masked attention between cells.

use crate::models::SLOPE;
use crate::models::linear::Linear;
use crate::product::product;
use crate::simulate::Audiences;
use crate::tensor::upload;
use burn::module::Module;
use burn::nn::LayerNorm;
use burn::tensor::{Device, Tensor, activation::leaky_relu, activation::softmax};

/// A score that no softmax survives. Minus infinity would do, but infinity times zero is not a number.
const MASKED: f32 = -1e30;

/// Who does not attend to whom in a population. Nobody attends itself.
#[derive(Clone)]
pub struct Mask {
    /// `MASKED` where the receiver (row) does not attend to the sender (column), else ln of the sender's factor: `[1, rows, n]`.
    scores: Tensor<3>,
    /// 0 for receivers that attend to nobody, else 1: `[rows, 1]`; none if everybody attends somebody.
    listens: Option<Tensor<2>>,
}

impl Mask {
    /// Everybody attends all others: for the receivers `first .. first + rows` of a population of `cells`, at least two.
    pub fn rows(first: usize, rows: usize, cells: usize, device: &Device) -> Self {
        let mut values = vec![0.0; rows * cells];
        for row in 0..rows {
            values[row * cells + first + row] = MASKED;
        }
        Self { scores: upload(values, [1, rows, cells], device), listens: None }
    }

    /// The same for a whole population.
    pub fn full(cells: usize, device: &Device) -> Self {
        Self::rows(0, cells, cells, device)
    }

    /// For a whole population whose cells attend to each other as `audiences` says.
    pub fn of(audiences: &Audiences, device: &Device) -> Self {
        let cells = audiences.cells();
        let mut values = Vec::with_capacity(cells * cells);
        for (receiver, audience) in audiences.of().iter().enumerate() {
            let bias = |factor: &f32| if *factor > 0.0 { factor.ln() } else { MASKED };
            values.extend(audiences.factors(*audience).iter().map(bias));
            values[receiver * cells + receiver] = MASKED;
        }
        let listens = audiences.listening();
        let all = listens.iter().all(|listens| *listens);
        let listens: Vec<f32> = listens.into_iter().map(|listens| f32::from(u8::from(listens))).collect();
        Self {
            scores: upload(values, [1, cells, cells], device),
            listens: (!all).then(|| upload(listens, [cells, 1], device)),
        }
    }

    /// Takes away what receivers that attend to nobody would be told: for them there is no interaction.
    ///
    /// # Shapes
    /// - `response`, output: `[rows, d]`
    pub fn apply(&self, response: Tensor<2>) -> Tensor<2> {
        match &self.listens {
            Some(listens) => response * listens.clone(),
            None => response,
        }
    }

    /// The same mask for a population whose weights record gradients.
    #[must_use]
    pub fn with_gradients(self) -> Self {
        Self { scores: self.scores.autodiff(), listens: self.listens.map(Tensor::autodiff) }
    }
}

/// One block of f_inter (paper, Methods; layout of the authors' program: two layer norms before, one after the attention, no output
/// projection, no residual connection).
#[derive(Module, Debug)]
pub struct Interaction {
    /// Before queries and keys.
    pub norm1: LayerNorm,
    /// Before values.
    pub norm_value: LayerNorm,
    /// After the attention.
    pub norm2: LayerNorm,
    /// Queries, d -> d without bias.
    pub query: Linear,
    /// Keys, d -> d without bias.
    pub key: Linear,
    /// Values, d -> d without bias.
    pub value: Linear,
    /// d -> 4d.
    pub fc1: Linear,
    /// 4d -> d.
    pub fc2: Linear,
}

/// The attention of some receivers to all senders.
pub struct AttentionRows {
    /// Weights A, `[heads, rows, n]`; each row sums to 1, its own entry is 0.
    pub weights: Tensor<3>,
    /// Value vectors of all senders, `[heads, n, d / heads]`.
    pub values: Tensor<3>,
}

impl Interaction {
    /// Attention of the receivers `x[first .. first + rows]` to the whole population `x`.
    ///
    /// # Shapes
    /// - `x`: `[n, d]` with n >= 2
    pub fn attention(&self, x: &Tensor<2>, heads: usize, first: usize, rows: usize, mask: &Mask) -> AttentionRows {
        let [cells, dimensions] = x.dims();
        let width = dimensions / heads;
        let split = |y: Tensor<2>, count: usize| y.reshape([count, heads, width]).swap_dims(0, 1);
        let listening = self.norm1.forward(x.clone());
        let receivers = if rows == cells { listening.clone() } else { listening.clone().narrow(0, first, rows) };
        let query = split(self.query.forward(receivers), rows).mul_scalar(1.0 / (width as f64).sqrt());
        let key = split(self.key.forward(listening), cells);
        let values = split(self.value.forward(self.norm_value.forward(x.clone())), cells);
        let scores = product(query, key.transpose()) + mask.scores.clone();
        AttentionRows { weights: softmax(scores, 2), values }
    }

    /// What the attended values do to each receiver.
    ///
    /// # Shapes
    /// - `attention.weights`: `[heads, rows, n]`, with dropout already applied if any
    /// - output: `[rows, d]`
    pub fn respond(&self, attention: AttentionRows) -> Tensor<2> {
        let [heads, rows, _] = attention.weights.dims();
        let [_, _, width] = attention.values.dims();
        let attended = product(attention.weights, attention.values).swap_dims(0, 1).reshape([rows, heads * width]);
        let hidden = leaky_relu(self.fc1.forward(self.norm2.forward(attended)), SLOPE);
        self.fc2.forward(hidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now};

    #[test]
    fn who_attends_to_nobody_has_no_interaction() {
        let scores = |mask: &Mask| read_now(mask.scores.clone());
        let all = Mask::of(&Audiences::new(vec![0; 3], 1, |_, _| 1.0), &cpu());
        assert_eq!(scores(&all), scores(&Mask::full(3, &cpu())));
        assert!(all.listens.is_none());
        let factors = [[2.0, 1.0, 0.0], [0.0; 3]];
        let mask = Mask::of(&Audiences::new(vec![0, 1, 0], 2, |audience, sender| factors[audience][sender]), &cpu());
        let twice = 2.0_f32.ln();
        assert_eq!(scores(&mask), [MASKED, 0.0, MASKED, MASKED, MASKED, MASKED, twice, 0.0, MASKED]);
        let response = Tensor::ones([3, 2], &cpu());
        assert_eq!(read_now(mask.apply(response)), [1.0, 1.0, 0.0, 0.0, 1.0, 1.0]);
    }
}

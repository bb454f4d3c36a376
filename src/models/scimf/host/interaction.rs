//! One block of f_inter and its derivative, a block of receivers at a time.

use super::block::{Block, Receivers};
use super::dense::{Dense, leak, leak_adjoint};
use super::dropout::{Dropout, factor_of};
use super::mask::AttentionMask;
use super::norm::{Norm, Standardised};
use scimf_host::dropout::{drop_gradients, drop_out};
use scimf_host::for_blocks;
use scimf_host::product::{Matrix, Onto, Panels, product};
use scimf_host::sums::{dot, softmax_back, softmax_of_others};

/// The weights of one block.
pub struct HostInteraction {
    norm1: Norm,
    norm_value: Norm,
    norm2: Norm,
    query: Dense,
    key: Dense,
    value: Dense,
    fc1: Dense,
    fc2: Dense,
    heads: usize,
}

/// Keys and values of the whole population, by head.
#[derive(Default)]
pub struct Senders {
    heads: Vec<Head>,
}

#[derive(Default)]
struct Head {
    /// `[d / heads, n]`: for scores.
    keys_across: Panels,
    /// `[n, d / heads]`: for responses.
    values: Panels,
    /// `[n, d / heads]`: for gradients of queries.
    keys: Panels,
    /// `[d / heads, n]`: for gradients of weights.
    values_across: Panels,
}

/// Activations of one block of receivers, reused by the backward pass.
#[derive(Default)]
pub struct InteractionActivations {
    standard1: Standardised,
    listening: Vec<f32>,
    standard_value: Standardised,
    speaking: Vec<f32>,
    /// Queries over sqrt(d / heads), keys and values of these cells, `[rows, d]`.
    query: Vec<f32>,
    pub key: Vec<f32>,
    pub value: Vec<f32>,
    attended: Vec<f32>,
    standard2: Standardised,
    normal: Vec<f32>,
    hidden: Vec<f32>,
    /// Which attention weights stay, `[heads, rows, n]`, 0 or 1; empty without dropout.
    stays: Vec<u8>,
    /// f_inter of these cells, `[rows, d]`.
    pub response: Vec<f32>,
}

/// Gradients that a block of receivers has for queries, keys and values.
#[derive(Default)]
pub struct ToSenders {
    /// With respect to its own queries, `[rows, d]`.
    pub on_query: Vec<f32>,
    /// What it adds to those with respect to all keys and values, `[n, d]`.
    pub keys: Vec<f32>,
    pub values: Vec<f32>,
}

impl InteractionActivations {
    /// Memory that it takes.
    pub fn bytes(&self) -> usize {
        let standards = [&self.standard1, &self.standard_value, &self.standard2].map(Standardised::len);
        let rows = [&self.listening, &self.speaking, &self.query, &self.key, &self.value, &self.attended, &self.normal];
        let rows = rows.map(Vec::len).iter().sum::<usize>() + self.hidden.len() + self.response.len();
        4 * (rows + standards.iter().sum::<usize>()) + self.stays.len()
    }

    /// Lengths of these cells' value vectors, head by head.
    pub fn reaches(&self, dimensions: usize, heads: usize) -> impl Iterator<Item = impl Iterator<Item = f32>> {
        let width = dimensions / heads;
        self.value.chunks_exact(dimensions).map(move |value| value.chunks_exact(width).map(|v| dot(v, v).sqrt()))
    }
}

/// Memory of one thread, for the block of receivers that it is at.
#[derive(Default)]
pub struct Scratch {
    /// A, `[heads, rows, n]`, and A after dropout.
    pub weights: Vec<f32>,
    dropped: Vec<f32>,
    on_scores: Vec<f32>,
    on_hidden: Vec<f32>,
    pub on_hidden1: Vec<f32>,
    pub on_hidden2: Vec<f32>,
    on_normal: Vec<f32>,
    on_attended: Vec<f32>,
    draws: Vec<u8>,
    pub panels: Panels,
}

/// `count` values of unknown content.
fn sized(values: &mut Vec<f32>, count: usize) -> &mut [f32] {
    values.resize(count, 0.0);
    values
}

impl HostInteraction {
    /// The block whose weights begin at `*next` of `weights`; `next` is moved behind them.
    pub fn take(weights: &[f32], next: &mut usize, dimensions: usize, heads: usize) -> Self {
        let d = dimensions;
        Self {
            norm1: Norm::take(weights, next, d),
            norm_value: Norm::take(weights, next, d),
            norm2: Norm::take(weights, next, d),
            query: Dense::take(weights, next, d, d, false),
            key: Dense::take(weights, next, d, d, false),
            value: Dense::take(weights, next, d, d, false),
            fc1: Dense::take(weights, next, d, 4 * d, true),
            fc2: Dense::take(weights, next, 4 * d, d, true),
            heads,
        }
    }

    /// Norms, queries, keys and values of some cells.
    pub fn prepare(&self, input: &[f32], kept: &mut InteractionActivations) {
        let size = input.len();
        let listening = sized(&mut kept.listening, size);
        self.norm1.forward(input, &mut kept.standard1, listening);
        let query = sized(&mut kept.query, size);
        self.query.forward(listening, query);
        let scale = self.scale();
        query.iter_mut().for_each(|q| *q *= scale);
        self.key.forward(listening, sized(&mut kept.key, size));
        let speaking = sized(&mut kept.speaking, size);
        self.norm_value.forward(input, &mut kept.standard_value, speaking);
        self.value.forward(speaking, sized(&mut kept.value, size));
    }

    /// Gathers what all cells send, `[n, d]`; `backward` says whether the way back will need it too.
    pub fn gather(&self, keys: &[f32], values: &[f32], backward: bool, senders: &mut Senders) {
        let (d, width) = (self.dimensions(), self.width());
        let cells = keys.len() / d;
        senders.heads.resize_with(self.heads, Head::default);
        for_blocks(&mut senders.heads, 1, |index, heads| {
            let head = &mut heads[0];
            let (key, value) = (Matrix::rows(&keys[index * width..], d), Matrix::rows(&values[index * width..], d));
            head.keys_across.fill(key.transposed(), width, cells);
            head.values.fill(value, cells, width);
            if backward {
                head.keys.fill(key, cells, width);
                head.values_across.fill(value.transposed(), width, cells);
            }
        });
    }

    /// Leaves A of some receivers, `[heads, rows, n]`, in `scratch`.
    pub fn attend(
        &self,
        at: Receivers,
        senders: &Senders,
        mask: Option<&AttentionMask>,
        kept: &InteractionActivations,
        scratch: &mut Scratch,
    ) {
        let (d, width) = (self.dimensions(), self.width());
        let Receivers { first, rows, cells } = at;
        let size = rows * cells;
        let weights = sized(&mut scratch.weights, self.heads * size);
        for (index, (head, weights)) in senders.heads.iter().zip(weights.chunks_exact_mut(size)).enumerate() {
            let queries = Matrix::rows(&kept.query[index * width..], d);
            product(queries, &head.keys_across, Onto::Nothing, rows, weights, cells);
            if let Some(mask) = mask {
                mask.weigh(first, weights);
            }
            softmax_of_others(weights, cells, first);
        }
    }

    /// Attention of some receivers and what it does to them.
    pub fn respond(
        &self,
        at: Receivers,
        senders: &Senders,
        dropout: Option<Dropout>,
        mask: Option<&AttentionMask>,
        kept: &mut InteractionActivations,
        scratch: &mut Scratch,
    ) {
        self.attend(at, senders, mask, kept, scratch);
        let (d, width) = (self.dimensions(), self.width());
        let Receivers { first, rows, cells } = at;
        let size = rows * cells;
        let all = self.heads * size;
        kept.stays.resize(if dropout.is_some() { all } else { 0 }, 0);
        if let Some(dropout) = dropout {
            for (index, stays) in kept.stays.chunks_exact_mut(size).enumerate() {
                dropout.stays((index * cells + first) * cells, stays, &mut scratch.draws);
            }
            drop_out(&scratch.weights, &kept.stays, dropout.factor(), sized(&mut scratch.dropped, all));
        }
        let weights = if dropout.is_some() { &scratch.dropped } else { &scratch.weights };
        let attended = sized(&mut kept.attended, rows * d);
        for (index, (head, weights)) in senders.heads.iter().zip(weights.chunks_exact(size)).enumerate() {
            product(Matrix::rows(weights, cells), &head.values, Onto::Nothing, rows, &mut attended[index * width..], d);
        }
        let normal = sized(&mut kept.normal, rows * d);
        self.norm2.forward(attended, &mut kept.standard2, normal);
        let hidden = sized(&mut kept.hidden, rows * 4 * d);
        self.fc1.forward(normal, hidden);
        leak(hidden);
        let response = sized(&mut kept.response, rows * d);
        self.fc2.forward(hidden, response);
        if let Some(mask) = mask {
            mask.leave_alone(first, d, response);
        }
    }

    /// The way back from the response of a block of receivers, whose gradient is the block's `on_drift`, to its queries and to all keys and
    /// values. `rate` is that of the dropout, if there is any.
    pub fn receivers_adjoint(
        &self,
        block: &mut Block,
        index: usize,
        senders: &Senders,
        rate: Option<f32>,
        scratch: &mut Scratch,
    ) {
        let Block { at, now, on_drift: on_response, to_senders, gradient, .. } = block;
        let kept = &now.attention[index];
        // A is not kept: it is as large as all else together
        self.attend(*at, senders, None, kept, scratch);
        let (d, width) = (self.dimensions(), self.width());
        let Receivers { rows, cells, .. } = *at;
        let size = rows * cells;
        let Scratch { weights, dropped, on_scores, on_hidden, on_normal, on_attended, panels, .. } = scratch;
        let factor = rate.map_or(1.0, factor_of);
        if rate.is_some() {
            drop_out(weights, &kept.stays, factor, sized(dropped, weights.len()));
        }
        let on_hidden = sized(on_hidden, rows * 4 * d);
        self.fc2.collect(&kept.hidden, on_response, panels, gradient);
        self.fc2.backward(on_response, on_hidden, false);
        leak_adjoint(&kept.hidden, on_hidden);
        self.fc1.collect(&kept.normal, on_hidden, panels, gradient);
        let on_normal = sized(on_normal, rows * d);
        self.fc1.backward(on_hidden, on_normal, false);
        let on_attended = sized(on_attended, rows * d);
        on_attended.fill(0.0);
        self.norm2.backward(&kept.standard2, on_normal, on_attended, gradient);

        if to_senders.len() <= index {
            to_senders.resize_with(index + 1, ToSenders::default);
        }
        let to = &mut to_senders[index];
        let (to_keys, to_values) = (sized(&mut to.keys, cells * d), sized(&mut to.values, cells * d));
        let on_query = sized(&mut to.on_query, rows * d);
        let on_scores = sized(on_scores, size);
        for (index, head) in senders.heads.iter().enumerate() {
            let (part, column) = (index * size..(index + 1) * size, index * width);
            let weights = &weights[part.clone()];
            let on_head = Matrix::rows(&on_attended[column..], d);

            let said = if rate.is_some() { &dropped[part.clone()] } else { weights };
            panels.fill(on_head, rows, width);
            product(Matrix::rows(said, cells).transposed(), panels, Onto::Nothing, cells, &mut to_values[column..], d);

            product(on_head, &head.values_across, Onto::Nothing, rows, on_scores, cells);
            if rate.is_some() {
                drop_gradients(&kept.stays[part], factor, on_scores);
            }
            softmax_back(weights, on_scores, cells);
            let on_receivers = Matrix::rows(on_scores, cells);
            product(on_receivers, &head.keys, Onto::Nothing, rows, &mut on_query[column..], d);
            panels.fill(Matrix::rows(&kept.query[column..], d), rows, width);
            product(on_receivers.transposed(), panels, Onto::Nothing, cells, &mut to_keys[column..], d);
        }
        let scale = self.scale();
        on_query.iter_mut().for_each(|on| *on *= scale);
    }

    /// The way back from queries, keys and values of some cells to these cells: added to `on_input`.
    pub fn cells_adjoint(
        &self,
        on_query: &[f32],
        [on_key, on_value]: [&[f32]; 2],
        kept: &InteractionActivations,
        on_input: &mut [f32],
        scratch: &mut Scratch,
        gradient: &mut [f32],
    ) {
        let Scratch { on_normal, panels, .. } = scratch;
        let on_normal = sized(on_normal, on_input.len());
        self.query.collect(&kept.listening, on_query, panels, gradient);
        self.query.backward(on_query, on_normal, false);
        self.key.collect(&kept.listening, on_key, panels, gradient);
        self.key.backward(on_key, on_normal, true);
        self.norm1.backward(&kept.standard1, on_normal, on_input, gradient);
        self.value.collect(&kept.speaking, on_value, panels, gradient);
        self.value.backward(on_value, on_normal, false);
        self.norm_value.backward(&kept.standard_value, on_normal, on_input, gradient);
    }

    fn dimensions(&self) -> usize {
        self.query.inputs
    }

    /// Dimensions of a head.
    fn width(&self) -> usize {
        self.dimensions() / self.heads
    }

    /// Factor of the queries: 1 / sqrt(d / heads).
    fn scale(&self) -> f32 {
        1.0 / (self.width() as f32).sqrt()
    }
}

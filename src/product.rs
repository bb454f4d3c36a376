//! Products of matrices, the one place where they are computed on tensors.
//!
//! On the CPU they are burn's. On a GPU that takes WGSL they are one kernel of our own (`product/launched.rs`): burn's way to a product there chooses
//! among many that it generates, which would be a quarter of the program that a browser loads. Other GPUs take burn's.

#[cfg(feature = "gpu")]
mod launched;

use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, binary, broadcast_shape};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};

/// The product of two matrices for each place of the leading axes; an axis of size 1 is repeated.
///
/// # Shapes
/// - `left`: `[.., n, k]`; `right`: `[.., k, m]`
/// - output: `[.., n, m]`
///
/// # Panics
/// Shapes that have no product.
pub fn product<const D: usize>(left: Tensor<D>, right: Tensor<D>) -> Tensor<D> {
    const { assert!(D >= 2, "matrices have two axes") };
    let (of_left, of_right) = (left.dims(), right.dims());
    let alike = |axis: usize| of_left[axis] == of_right[axis] || of_left[axis] == 1 || of_right[axis] == 1;
    let fit = of_left[D - 1] == of_right[D - 2] && (0..D - 2).all(alike);
    assert!(fit, "{of_left:?} and {of_right:?} have no product");
    Tensor::from_dispatch(<Dispatch as Product>::product(left.into_dispatch(), right.into_dispatch()))
}

/// Products on each kind of device.
#[cfg_attr(feature = "gpu", backend_extension(Cube, Flex, Autodiff))]
#[cfg_attr(not(feature = "gpu"), backend_extension(Flex, Autodiff))]
trait Product: Backend {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl Product for Flex {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_matmul(left, right)
    }
}

/// The way back: each side's gradient is a product with the other side.
#[derive(Debug)]
struct Back;

impl<B: Product> Backward<B, 2> for Back {
    /// Each side where the other needs it, and the shapes of both.
    type State = ([Option<NodeId>; 2], [Shape; 2]);

    fn backward(self, ops: Ops<Self::State, 2>, gradients: &mut Gradients, kept: &mut Checkpointer) {
        let (sides, [of_left, of_right]) = ops.state;
        let [left, right] = sides.map(|side| side.map(|node| kept.retrieve_node_output::<FloatTensor<B>>(node)));
        let with_right = |gradient| {
            let right = B::float_transpose(right.expect("kept for the left side's gradient"));
            broadcast_shape::<B>(B::product(gradient, right), &of_left)
        };
        let with_left = |gradient| {
            let left = B::float_transpose(left.expect("kept for the right side's gradient"));
            broadcast_shape::<B>(B::product(left, gradient), &of_right)
        };
        binary::<B, _, _>(ops.parents, ops.node, gradients, with_right, with_left);
    }
}

impl<B: Product, C: CheckpointStrategy> Product for Autodiff<B, C> {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        let shapes = [left.primitive().shape(), right.primitive().shape()];
        match Back.prepare::<C>([left.node(), right.node()]).compute_bound().stateful() {
            OpsKind::Tracked(mut ops) => {
                let kept_left = right.is_tracked().then(|| ops.checkpoint(&left));
                let kept_right = left.is_tracked().then(|| ops.checkpoint(&right));
                let product = B::product(left.into_primitive(), right.into_primitive());
                ops.finish(([kept_left, kept_right], shapes), product)
            }
            OpsKind::UnTracked(ops) => ops.finish(B::product(left.into_primitive(), right.into_primitive())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};
    use burn::tensor::Device;

    /// Numbers between -1 and 1 in no order.
    fn matrices<const D: usize>(seed: usize, shape: [usize; D], device: &Device) -> Tensor<D> {
        let count: usize = shape.iter().product();
        let numbers = (0..count).map(|index| ((index * 7_919 + seed * 104_729) % 1_009) as f32 / 504.0 - 1.0);
        upload(numbers.collect(), shape, device)
    }

    /// What `multiply` makes of two sides, and the gradients of both of a weighted sum of it.
    pub fn found<const D: usize>(
        shapes: [[usize; D]; 2],
        device: &Device,
        multiply: impl Fn(Tensor<D>, Tensor<D>) -> Tensor<D>,
    ) -> [Vec<f32>; 3] {
        let [left, right] = [0, 1].map(|side| matrices(side, shapes[side], device).autodiff().require_grad());
        let value = multiply(left.clone(), right.clone());
        let weights = matrices(2, value.dims(), device).autodiff();
        let gradients = (value.clone() * weights).sum().backward();
        [value.inner(), left.grad(&gradients).unwrap(), right.grad(&gradients).unwrap()].map(read_now)
    }

    /// Both ways on the CPU, with sides as they are, and transposed and turned back.
    fn is_burns<const D: usize>(left: [usize; D], right: [usize; D]) {
        let turned = |mut shape: [usize; D]| {
            shape.swap(D - 2, D - 1);
            shape
        };
        let bits =
            |found: [Vec<f32>; 3]| found.map(|numbers| numbers.into_iter().map(f32::to_bits).collect::<Vec<_>>());
        let ours = bits(found([left, right], &cpu(), product));
        assert_eq!(ours, bits(found([left, right], &cpu(), Tensor::matmul)), "{left:?}, {right:?}");
        let across = [turned(left), turned(right)];
        let ours = bits(found(across, &cpu(), |left, right| product(left.transpose(), right.transpose())));
        let burns = bits(found(across, &cpu(), |left, right| left.transpose().matmul(right.transpose())));
        assert_eq!(ours, burns, "{left:?}, {right:?}, transposed");
    }

    #[test]
    fn on_the_cpu_values_and_gradients_have_the_bits_of_burns() {
        is_burns([5, 7], [7, 3]);
        is_burns([33, 65], [65, 17]);
        is_burns([4, 5, 6], [4, 6, 7]);
        is_burns([1, 5, 6], [4, 6, 7]);
        is_burns([4, 5, 6], [1, 6, 7]);
        is_burns([2, 1, 3, 4], [1, 3, 4, 5]);
    }

    #[test]
    fn a_side_that_records_nothing_is_a_constant() {
        let left = matrices(0, [3, 4], &cpu());
        let right = matrices(1, [4, 2], &cpu()).autodiff().require_grad();
        let gradients = product(left.clone(), right.clone()).sum().backward();
        let expected = product(left.transpose(), Tensor::ones([3, 2], &cpu()));
        assert_eq!(read_now(right.grad(&gradients).unwrap()), read_now(expected));
    }

    pub fn of_nothing(device: &Device) {
        let empty = product(matrices(0, [0, 3], device), matrices(1, [3, 2], device));
        assert_eq!((empty.dims(), read_now(empty)), ([0, 2], vec![]));
        let zeros = product(matrices(0, [2, 0], device), matrices(1, [0, 3], device));
        assert_eq!((zeros.dims(), read_now(zeros)), ([2, 3], vec![0.0; 6]));
    }

    #[test]
    fn empty_matrices_have_a_product() {
        of_nothing(&cpu());
    }

    #[test]
    #[should_panic(expected = "[2, 3] and [2, 3] have no product")]
    fn shapes_that_do_not_fit_are_named() {
        product(matrices(0, [2, 3], &cpu()), matrices(1, [2, 3], &cpu()));
    }
}

//! The product on a GPU: one kernel of our own for all sizes and layouts, where the device takes WGSL.

use super::Product;
use crate::kernel::{Buffer, Gpu, Kernel, THREADS, sizes};
use burn::backend::Cube;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, FloatDType, Shape};
use std::sync::LazyLock;

/// Rows and columns of what a thread computes at once.
const BLOCK: usize = 4;

/// Workgroups of a launch at most, a million threads: beyond that each computes several blocks.
const MOST_GROUPS: usize = 4_096;

impl Product for Cube {
    fn product(left: FloatTensor<Self>, right: FloatTensor<Self>) -> FloatTensor<Self> {
        match Gpu::under(&left) {
            Some(gpu) if [left.dtype, right.dtype] == [DType::F32; 2] => launched(&gpu, &left, &right),
            _ => elsewhere(left, right),
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn elsewhere(left: FloatTensor<Cube>, right: FloatTensor<Cube>) -> FloatTensor<Cube> {
    Cube::float_matmul(left, right)
}

/// Burn's product is not named here, so that it is not in the program.
#[cfg(target_arch = "wasm32")]
fn elsewhere(left: FloatTensor<Cube>, _: FloatTensor<Cube>) -> FloatTensor<Cube> {
    panic!("a browser's GPU takes WGSL and f32, not {} and {:?}", left.client.name(), left.dtype)
}

fn launched(gpu: &Gpu, left: &FloatTensor<Cube>, right: &FloatTensor<Cube>) -> FloatTensor<Cube> {
    let sizes = Sizes::of(left, right);
    let count = sizes.batches() * sizes.rows * sizes.columns;
    if count * sizes.inner == 0 {
        return Cube::float_zeros(sizes.shape(), &left.device, FloatDType::F32);
    }
    let product = gpu.room(count);
    let buffers = [&Buffer::under(left), &Buffer::under(right), &product];
    gpu.launch_sized(&KERNEL, sizes.blocks().div_ceil(THREADS).min(MOST_GROUPS), &buffers, &sizes.numbers());
    gpu.primitive(product, sizes.shape())
}

static KERNEL: LazyLock<Kernel> = LazyLock::new(|| {
    // Both sides can be one memory: a browser lets it be read twice. Elsewhere a buffer holds many tensors, the product too, and is of one kind.
    let access = if cfg!(target_arch = "wasm32") { "read" } else { "read_write" };
    let bindings = format!(
        "@group(0) @binding(0) var<storage, {access}> left: array<f32>;
@group(0) @binding(1) var<storage, {access}> right: array<f32>;
@group(0) @binding(2) var<storage, read_write> product: array<f32>;
"
    );
    Kernel::new(bindings + &sizes(3) + include_str!("blocks.wgsl"))
});

/// Sizes of a product, and how its matrices lie in memory.
struct Sizes {
    rows: usize,
    inner: usize,
    columns: usize,
    /// Numbers between two rows, and between two columns, of the left and of the right matrix.
    steps: [[usize; 2]; 2],
    /// Leading axes, the last one first.
    axes: Vec<Axis>,
}

/// A leading axis: its size, and numbers between two places of the left and of the right matrices.
struct Axis {
    size: usize,
    steps: [usize; 2],
}

impl Sizes {
    fn of(left: &FloatTensor<Cube>, right: &FloatTensor<Cube>) -> Self {
        let both = [&left.meta, &right.meta];
        let [row, column] = [left.meta.rank() - 2, left.meta.rank() - 1];
        let axis = |axis: usize| {
            let [of_left, of_right] = both.map(|meta| meta.shape()[axis]);
            let steps = both.map(|meta| if meta.shape()[axis] == 1 { 0 } else { meta.strides()[axis] });
            Axis { size: if of_left == 1 { of_right } else { of_left }, steps }
        };
        Self {
            rows: left.meta.shape()[row],
            inner: left.meta.shape()[column],
            columns: right.meta.shape()[column],
            steps: both.map(|meta| [meta.strides()[row], meta.strides()[column]]),
            axes: (0..row).rev().map(axis).collect(),
        }
    }

    fn batches(&self) -> usize {
        self.axes.iter().map(|axis| axis.size).product()
    }

    fn blocks(&self) -> usize {
        self.batches() * self.rows.div_ceil(BLOCK) * self.columns.div_ceil(BLOCK)
    }

    fn shape(&self) -> Shape {
        let leading = self.axes.iter().rev().map(|axis| axis.size);
        Shape::from(leading.chain([self.rows, self.columns]).collect::<Vec<_>>())
    }

    /// As the kernel reads them.
    fn numbers(&self) -> Vec<usize> {
        let Self { rows, inner, columns, steps: [left, right], axes } = self;
        let mut numbers =
            vec![*rows, *inner, *columns, left[0], left[1], right[0], right[1], self.batches(), axes.len()];
        numbers.extend(axes.iter().flat_map(|axis| [axis.size, axis.steps[0], axis.steps[1]]));
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::super::product;
    use super::super::tests::{found, of_nothing};
    use super::*;
    use crate::kernel::any_gpu;
    use crate::tensor::cpu;
    use burn::tensor::Tensor;

    /// The same on a GPU, as far as single precision goes.
    fn is_the_cpus<const D: usize>(shapes: [[usize; D]; 2], multiply: impl Fn(Tensor<D>, Tensor<D>) -> Tensor<D>) {
        let expected = found(shapes, &cpu(), &multiply);
        let computed = found(shapes, any_gpu(), &multiply);
        for (what, (expected, computed)) in ["value", "left", "right"].iter().zip(expected.iter().zip(&computed)) {
            assert_eq!(expected.len(), computed.len(), "{what} of {shapes:?}");
            let size = expected.iter().fold(1.0f32, |size, number| size.max(number.abs()));
            let apart = expected.iter().zip(computed).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(apart <= 1e-5 * size, "{what} of {shapes:?}: {apart} of {size}");
        }
    }

    #[test]
    #[ignore = "needs a GPU"]
    fn on_a_gpu_every_size_and_layout_agrees() {
        is_the_cpus([[1, 1], [1, 1]], product);
        is_the_cpus([[33, 65], [65, 17]], product);
        is_the_cpus([[16, 300], [300, 48]], product);
        is_the_cpus([[65, 33], [17, 65]], |left, right| product(left.transpose(), right.transpose()));
        is_the_cpus([[19, 5], [7, 5]], |left, right| product(left.clone(), left.transpose()) + right.sum().unsqueeze());
        is_the_cpus([[40, 9], [9, 40]], |left, right| product(left.narrow(0, 3, 21), right.narrow(1, 5, 18)));
        is_the_cpus([[4, 5, 6], [4, 6, 7]], product);
        is_the_cpus([[1, 5, 6], [4, 6, 7]], product);
        is_the_cpus([[4, 5, 6], [1, 6, 7]], product);
        is_the_cpus([[2, 1, 3, 4], [1, 3, 4, 5]], product);
        is_the_cpus([[5, 4, 6], [4, 7, 6]], |left, right| product(left.swap_dims(0, 1), right.transpose()));
        is_the_cpus([[1, 1, 6], [4, 6, 7]], |left, right| product(left.expand([4, 3, 6]), right));
        of_nothing(any_gpu());
    }

    #[test]
    #[ignore = "needs a GPU"]
    fn more_matrices_than_threads_are_one_launch() {
        let many = MOST_GROUPS * THREADS + 100;
        is_the_cpus([[many, 1, 2], [many, 2, 1]], product);
    }
}

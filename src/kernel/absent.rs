//! The same doors in a program that was built without GPUs: no device is one, so there is never anything behind them.

use burn::tensor::{Device, Tensor};

/// A device that takes WGSL.
#[derive(Clone)]
pub struct Gpu(());

/// Memory of a device.
#[derive(Clone)]
pub struct Buffer(());

/// A kernel.
#[derive(Clone)]
pub struct Kernel(());

fn nobody_has_one() -> ! {
    unreachable!("this program was built without GPUs")
}

impl Gpu {
    /// None.
    pub fn of(_: &Device) -> Option<Self> {
        None
    }

    /// Bytes that the threads of a workgroup can share.
    pub fn shared_bytes(&self) -> usize {
        nobody_has_one()
    }

    /// Bytes of the largest buffer.
    pub fn largest_buffer(&self) -> u64 {
        nobody_has_one()
    }

    /// Room for numbers.
    pub fn room(&self, _: usize) -> Buffer {
        nobody_has_one()
    }

    /// Words out of host memory.
    pub fn words(&self, _: &[u32]) -> Buffer {
        nobody_has_one()
    }

    /// A buffer of f32 as a tensor.
    pub fn tensor<const D: usize>(&self, _: Buffer, _: [usize; D]) -> Tensor<D> {
        nobody_has_one()
    }

    /// Launches a kernel with numbers.
    pub fn launch_sized(&self, _: &Kernel, _: usize, _: &[&Buffer], _: &[usize]) {
        nobody_has_one()
    }

    /// Launches a kernel.
    pub fn launch(&self, _: &Kernel, _: usize, _: &[&Buffer]) {
        nobody_has_one()
    }
}

impl Buffer {
    /// None.
    pub fn of<const D: usize>(_: Tensor<D>) -> Option<Self> {
        None
    }

    /// The same memory from some byte on.
    #[must_use]
    pub fn from(&self, _: usize) -> Self {
        nobody_has_one()
    }
}

impl Kernel {
    /// A kernel out of its source, which nobody has asked for where there is no GPU.
    ///
    /// # Panics
    /// Always.
    pub fn new(_: String) -> Self {
        nobody_has_one()
    }
}

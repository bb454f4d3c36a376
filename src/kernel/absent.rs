//! The same doors in a program that was built without GPUs: no device is one, so there is never anything behind them.

use burn::tensor::{Device, Tensor};

/// A device that takes WGSL.
#[derive(Clone)]
pub enum Gpu {}

/// Memory of a device.
#[derive(Clone)]
pub enum Buffer {}

/// A kernel.
#[derive(Clone)]
pub enum Kernel {}

impl Gpu {
    /// None.
    pub fn of(_: &Device) -> Option<Self> {
        None
    }

    /// The device as it names itself.
    pub fn name(&self) -> &str {
        match *self {}
    }

    /// Bytes that the threads of a workgroup can share.
    pub fn shared_bytes(&self) -> usize {
        match *self {}
    }

    /// Bytes of the largest buffer.
    pub fn largest_buffer(&self) -> u64 {
        match *self {}
    }

    /// Room for numbers.
    pub fn room(&self, _: usize) -> Buffer {
        match *self {}
    }

    /// Words out of host memory.
    pub fn words(&self, _: &[u32]) -> Buffer {
        match *self {}
    }

    /// A buffer of f32 as a tensor.
    pub fn tensor<const D: usize>(&self, _: Buffer, _: [usize; D]) -> Tensor<D> {
        match *self {}
    }

    /// Launches a kernel.
    pub fn launch(&self, _: &Kernel, _: usize, _: &[&Buffer]) {
        match *self {}
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
        match *self {}
    }
}

impl Kernel {
    /// A kernel out of its source, which nobody has asked for where there is no GPU.
    ///
    /// # Panics
    /// Always.
    pub fn new(_: String) -> Self {
        unreachable!("there is no GPU in this program")
    }
}

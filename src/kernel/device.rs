//! A device that takes WGSL: its memory, and launches of kernels.

// The tensors on a device are those of burn-wgpu. It does not export the client that launches a kernel, and what describes one only in part and behind
// its feature `template`, so all of these are taken from burn-cubecl, on which it stands. Burn sets up the device (`device.rs`), as burn-wgpu's own
// documentation says.
use super::THREADS;
use burn::backend::Cube;
use burn::tensor::{DType, Device, Shape, Tensor};
use burn_cubecl::CubeDevice;
use burn_cubecl::cubecl::client::Client;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{AddressType, ElemType, Scope, UIntKind, settings::Dim3};
use burn_cubecl::cubecl::prelude::{CubeCount, CubeElement, ExecutionMode, KernelId, KernelMetadata, KernelSettings};
use burn_cubecl::cubecl::prelude::{CubeKernel, KernelDefinition, PrecompiledSource};
use burn_cubecl::cubecl::server::{Handle, KernelArguments, MetadataBindingInfo};
use burn_cubecl::kernel::into_contiguous;
use burn_wgpu::CubeTensor;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A device that takes WGSL.
#[derive(Clone)]
pub struct Gpu {
    client: Client,
    device: CubeDevice,
}

/// Memory of a device.
#[derive(Clone)]
pub struct Buffer(Handle);

/// A kernel: its source has one entry point `main` with workgroups of [`THREADS`] threads, and binds `@group(0)` in the order of the buffers
/// that it is launched with, every one of them as `read_write`, because burn's buffers can be parts of one.
#[derive(Clone)]
pub struct Kernel {
    source: Arc<str>,
    identity: u64,
}

impl Gpu {
    /// The device, if it takes WGSL: in a browser and, natively, through wgpu.
    pub fn of(device: &Device) -> Option<Self> {
        Self::under(&Tensor::<1>::empty([1], device).try_into_primitive::<Cube>().ok()?)
    }

    /// The device that a tensor's memory is on, if it takes WGSL.
    pub fn under(tensor: &CubeTensor) -> Option<Self> {
        let of_tensor = || Self { client: tensor.client.clone(), device: tensor.device.clone() };
        (tensor.client.name() == "wgpu<wgsl>").then(of_tensor)
    }

    /// The device as it names itself; empty in browsers.
    pub fn name(&self) -> &str {
        &self.client.properties().identity.name
    }

    /// Bytes that the threads of a workgroup can share.
    pub fn shared_bytes(&self) -> usize {
        self.client.properties().hardware.max_shared_memory_size
    }

    /// Bytes of the largest buffer.
    pub fn largest_buffer(&self) -> u64 {
        self.client.properties().memory.max_page_size
    }

    /// Room for `count` numbers, whatever they are.
    pub fn room(&self, count: usize) -> Buffer {
        Buffer(self.client.empty(count * size_of::<f32>()))
    }

    /// Words out of host memory.
    pub fn words(&self, words: &[u32]) -> Buffer {
        Buffer(self.client.create_from_slice(u32::as_bytes(words)))
    }

    /// A buffer of f32 as a tensor.
    pub fn tensor<const D: usize>(&self, buffer: Buffer, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_primitive::<Cube>(self.primitive(buffer, Shape::from(shape)))
    }

    /// A buffer of f32 as what is below a tensor.
    pub fn primitive(&self, buffer: Buffer, shape: Shape) -> CubeTensor {
        CubeTensor::new_contiguous(self.client.clone(), self.device.clone(), shape, buffer.0, DType::F32)
    }

    /// Launches a kernel; nothing waits for it.
    pub fn launch(&self, kernel: &Kernel, groups: usize, buffers: &[&Buffer]) {
        self.launch_sized(kernel, groups, buffers, &[]);
    }

    /// Launches a kernel with numbers below 2^32 behind its buffers, if there are any, as `var<storage, read>` of `array<vec2u>`: each is the
    /// first of two words. Numbers that come again are not sent again.
    pub fn launch_sized(&self, kernel: &Kernel, groups: usize, buffers: &[&Buffer], numbers: &[usize]) {
        let bind = |arguments: KernelArguments, buffer: &&Buffer| arguments.with_buffer(buffer.0.clone().binding());
        let numbers = MetadataBindingInfo::custom(numbers.iter().map(|&number| number as u64).collect());
        let arguments = buffers.iter().fold(KernelArguments::new().with_info(numbers), bind);
        self.client.launch(Box::new(kernel.clone()), CubeCount::Static(groups as u32, 1, 1), arguments);
    }
}

impl Buffer {
    /// The memory of what is below a tensor, however its numbers lie there.
    pub fn under(tensor: &CubeTensor) -> Self {
        Self(tensor.handle.clone())
    }

    /// The memory of a tensor of f32, row-major, if it is on a device that has any.
    pub fn of<const D: usize>(tensor: Tensor<D>) -> Option<Self> {
        let tensor = tensor.try_into_primitive::<Cube>().ok()?;
        Some(Self(into_contiguous(tensor).handle))
    }

    /// The same memory from some byte on, a multiple of 256.
    #[must_use]
    pub fn from(&self, byte: usize) -> Self {
        Self(self.0.clone().offset_start(byte as u64))
    }
}

impl Kernel {
    /// A kernel out of its source.
    pub fn new(source: String) -> Self {
        let mut hasher = DefaultHasher::new();
        source.hash(&mut hasher);
        Self { source: source.into(), identity: hasher.finish() }
    }
}

impl KernelMetadata for Kernel {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(self.identity).cube_dim(threads()).mode(ExecutionMode::Unchecked)
    }

    fn address_type(&self) -> ElemType {
        ElemType::UInt(UIntKind::U32)
    }
}

impl CubeKernel for Kernel {
    fn define(&self) -> KernelDefinition {
        let settings = KernelSettings::new(threads(), ExecutionMode::Unchecked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        let source = self.source.to_string();
        Some(PrecompiledSource { source, entrypoint_name: "main".into(), lang: "wgsl" })
    }
}

fn threads() -> Dim3 {
    Dim3::new_1d(THREADS as u32)
}

/// A device for tests that are only run where there is one; it can be made once in a program.
#[cfg(test)]
pub fn any_gpu() -> &'static Device {
    static GPU: std::sync::LazyLock<Device> = std::sync::LazyLock::new(|| {
        pollster::block_on(Device::wgpu_options().init_async()).expect("an adapter that takes WGSL")
    });
    &GPU
}

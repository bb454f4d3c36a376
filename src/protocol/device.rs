//! What computes.

use serde::{Deserialize, Serialize};

/// Which device the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DevicePreference {
    /// A hardware GPU where there is one, else the CPU.
    #[default]
    Auto,
    /// The GPU adapter, even a software one.
    Gpu,
    /// The CPU.
    Cpu,
    /// An NVIDIA GPU through CUDA: the command line only, in builds with that feature.
    Cuda,
}

/// The device in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// What computes.
    pub backend: Backend,
    /// Name of the adapter, such as `NVIDIA (hopper)`, or `1 thread`.
    pub name: String,
    /// Why it is this device and not the GPU; none when it is the GPU.
    pub reason: Option<String>,
}

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    /// A GPU through WebGPU or, natively, wgpu.
    Gpu,
    /// The CPU.
    Cpu,
}

//! The compute device, chosen at run time.

use crate::protocol::{Backend, DeviceInfo, DevicePreference};
use crate::tensor::cpu;
use burn::tensor::Device;

/// A GPU adapter that a front end found, before any device is made from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adapter {
    /// Its name, such as `NVIDIA (hopper)`.
    pub name: String,
    /// It computes on the CPU; our own CPU backend is faster.
    pub software: bool,
}

/// Chooses the device for `preference`; `adapter` is what the front end found, or why there is none.
///
/// A GPU that cannot be initialised is not an error: the CPU is used and [`DeviceInfo::reason`] says why.
pub async fn choose(
    preference: DevicePreference,
    adapter: std::result::Result<Adapter, String>,
) -> (Device, DeviceInfo) {
    let on_cpu = |reason: String| (cpu(), DeviceInfo { backend: Backend::Cpu, name: cpu_name(), reason: Some(reason) });
    match (preference, adapter) {
        #[cfg(feature = "cuda")]
        (DevicePreference::Cuda, _) => {
            (Device::cuda(0), DeviceInfo { backend: Backend::Gpu, name: "CUDA".into(), reason: None })
        }
        #[cfg(not(feature = "cuda"))]
        (DevicePreference::Cuda, _) => on_cpu("this program was built without its feature cuda".into()),
        (DevicePreference::Cpu, _) => on_cpu("chosen by you".into()),
        (_, Err(why)) => on_cpu(why),
        (DevicePreference::Auto, Ok(adapter)) if adapter.software => {
            on_cpu(format!("the only GPU adapter ({}) is software, which is slower", adapter.name))
        }
        (_, Ok(adapter)) => match Device::wgpu_options().init_async().await {
            Ok(device) => (device, DeviceInfo { backend: Backend::Gpu, name: adapter.name, reason: None }),
            Err(error) => on_cpu(format!("the GPU could not be initialised: {error}")),
        },
    }
}

fn cpu_name() -> String {
    match std::thread::available_parallelism() {
        Ok(threads) if cfg!(not(target_arch = "wasm32")) => format!("{threads} threads"),
        _ => "1 thread".into(),
    }
}

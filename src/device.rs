//! The compute device, chosen at run time.

use crate::error::Error;
#[cfg(feature = "gpu")]
use crate::kernel::Gpu;
use crate::protocol::{Backend, DeviceInfo, DevicePreference};
use crate::tensor::cpu;
use burn::tensor::Device;

/// A GPU adapter that a front end found, before any device is made from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adapter {
    /// Its name, such as `NVIDIA (hopper)`; empty for the one that the device has for itself.
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
        (_, Ok(adapter)) => match gpu(&adapter).await {
            Ok(on_gpu) => on_gpu,
            Err(why) => on_cpu(why),
        },
    }
}

#[cfg(feature = "gpu")]
async fn gpu(adapter: &Adapter) -> std::result::Result<(Device, DeviceInfo), String> {
    let device = Device::wgpu_options().init_async().await;
    let device = device.map_err(|error| format!("the GPU could not be initialised: {error}"))?;
    let own_name = || Gpu::of(&device).map(|gpu| gpu.name().to_owned()).filter(|name| !name.is_empty());
    let name = Some(adapter.name.clone()).filter(|name| !name.is_empty()).or_else(own_name);
    let info = DeviceInfo { backend: Backend::Gpu, name: name.unwrap_or_else(|| "GPU".into()), reason: None };
    Ok((device, info))
}

#[cfg(not(feature = "gpu"))]
async fn gpu(_: &Adapter) -> std::result::Result<(Device, DeviceInfo), String> {
    Err("this program was built without its feature gpu".into())
}

/// The CPU, as long as a training runs there that a GPU will take over.
pub fn until_ready(gpu: &DeviceInfo) -> DeviceInfo {
    let reason = format!("{} is being made ready for this training and takes over by itself", gpu.name);
    DeviceInfo { backend: Backend::Cpu, name: "until the GPU is ready".into(), reason: Some(reason) }
}

/// The CPU, if a GPU could not take over a training that began there.
pub fn in_place_of(gpu: &DeviceInfo, why: &Error) -> DeviceInfo {
    let reason = format!("{} could not take over: {why}", gpu.name);
    DeviceInfo { backend: Backend::Cpu, name: cpu_name(), reason: Some(reason) }
}

fn cpu_name() -> String {
    match std::thread::available_parallelism() {
        Ok(threads) if cfg!(not(target_arch = "wasm32")) => format!("{threads} threads"),
        _ => "1 thread".into(),
    }
}

//! Between host memory and tensors: one way in, one way out.

use crate::error::{Error, Result};
use burn::tensor::{Device, Tensor, TensorData};

/// The CPU.
pub fn cpu() -> Device {
    Device::flex()
}

/// The device is the CPU.
pub fn is_cpu(device: &Device) -> bool {
    *device == cpu()
}

/// Sends row-major numbers to a device: the one way in for host data.
pub fn upload<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Reads a tensor's numbers, row-major: the one way out. Waits without blocking, as browsers demand.
///
/// # Errors
/// The device failed while it computed the tensor.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|error| failed(&error))?;
    data.try_into_vec::<f32>().map_err(|error| failed(&error))
}

fn failed(error: &impl std::fmt::Debug) -> Error {
    Error::device(format!("The compute device failed: {}", causes(&format!("{error:?}"))))
        .remedy("Start the engine again; if it happens twice, choose the CPU.")
}

/// The causes in a report of burn's, once each and without the backtrace.
fn causes(report: &str) -> String {
    let lines = report.lines().map(str::trim).take_while(|line| !line.starts_with("Backtrace"));
    let mut causes: Vec<&str> = lines.filter(|line| !line.is_empty() && *line != "Caused by:").collect();
    causes.dedup();
    causes.join(": ")
}

/// Reads a tensor in a test on the CPU, where nothing needs to be awaited.
#[cfg(test)]
pub fn read_now<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    pollster::block_on(read(tensor)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::causes;

    #[test]
    fn causes_are_told_once() {
        let report = "An error happened\nCaused by:\n  An error happened\nCaused by:\n  the device is gone\n\nBacktrace:\n  No backtrace";
        assert_eq!(causes(report), "An error happened: the device is gone");
        assert_eq!(causes("one line"), "one line");
    }
}

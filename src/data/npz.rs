//! NumPy's `.npz` files: zip archives of `.npy` arrays.

use crate::Result;
use crate::data::{archive, npy};

/// Writes simulated cells: `states` (frames x cells x d, f32, row-major) and `times` (frames, in index units).
///
/// # Errors
///
/// If it grows beyond what a zip archive can hold.
pub fn write_simulation(times: &[f32], states: &[f32], dimensions: usize) -> Result<Vec<u8>> {
    let cells = states.len() / (times.len() * dimensions).max(1);
    archive::pack(vec![
        ("states.npy", npy::write_f32(&[times.len(), cells, dimensions], states)),
        ("times.npy", npy::write_f32(&[times.len()], times)),
    ])
}

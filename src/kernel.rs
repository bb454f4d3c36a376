//! Kernels written by hand in WGSL, launched between burn's own and on the same memory.
//!
//! An operation of burn is a launch of its own, and in a browser a launch costs more than most operations. What is computed again and again is
//! therefore worth a kernel that does many operations at once.

#[cfg(not(feature = "gpu"))]
mod absent;
#[cfg(feature = "gpu")]
mod device;

#[cfg(not(feature = "gpu"))]
pub use absent::{Buffer, Gpu, Kernel};
#[cfg(all(test, feature = "gpu"))]
pub use device::any_gpu;
#[cfg(feature = "gpu")]
pub use device::{Buffer, Gpu, Kernel};

/// Threads of a workgroup: as many as every browser allows.
pub const THREADS: usize = 256;

/// Most workgroups of a launch.
pub const MOST_GROUPS: usize = 65_535;

/// Blocks of rows in a workgroup, which kernels share: to be put before them, under constants `V`, `POOL` and `PART`.
pub const ROWS: &str = include_str!("kernel/rows.wgsl");

/// Declarations of the buffers of a kernel, by name and type.
pub fn bindings(buffers: &[(&str, &str)]) -> String {
    let declare = |(index, (name, kind)): (usize, &(&str, &str))| {
        format!("@group(0) @binding({index}) var<storage, read_write> {name}: array<{kind}>;\n")
    };
    buffers.iter().enumerate().map(declare).collect()
}

/// Declaration of the numbers that `Gpu::launch_sized` hands a kernel behind so many buffers.
pub fn sizes(buffers: usize) -> String {
    format!("@group(0) @binding({buffers}) var<storage, read> sizes: array<vec2u>;\n")
}

//! Loops over numbers in host memory: matrix products, exponentials and sums, in parallel where there are threads, and the steps of a network simplex.
//!
//! Every result has the same bits on every machine, natively and in a browser, with any width of vectors and any number of threads: products
//! are summed in the order of their terms, other sums in a fixed number of lanes, and nothing is contracted to a fused multiply-add.

pub mod dropout;
pub mod exponential;
pub mod leaky;
pub mod product;
pub mod simplex;
pub mod softmin;
pub mod sums;

use pulp::WithSimd;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Runs `work` as compiled for the widest vectors that this machine has.
fn vectorised<W: WithSimd>(work: W) -> W::Output {
    pulp::Arch::new().dispatch(work)
}

/// Calls `work(block, values of the block)` for each `size` values, on all threads where there are any.
pub fn for_blocks<T: Send>(values: &mut [T], size: usize, work: impl Fn(usize, &mut [T]) + Sync) {
    let size = size.max(1);
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        values.par_chunks_mut(size).enumerate().for_each(|(block, values)| work(block, values));
    }
    #[cfg(target_arch = "wasm32")]
    values.chunks_mut(size).enumerate().for_each(|(block, values)| work(block, values));
}

/// Runs work that has many parallel parts where they are computed, so that threads are not woken for each of them.
pub fn together<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::scope(|_| work());
    #[cfg(target_arch = "wasm32")]
    return work();
}

/// One `T` for each thread that computes.
pub struct Threads<T>(Vec<Mutex<T>>);

impl<T: Default> Default for Threads<T> {
    fn default() -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let threads = rayon::current_num_threads();
        #[cfg(target_arch = "wasm32")]
        let threads = 1;
        Self((0..threads).map(|_| Mutex::default()).collect())
    }
}

impl<T> Threads<T> {
    /// That of the calling thread.
    pub fn mine(&self) -> MutexGuard<'_, T> {
        #[cfg(not(target_arch = "wasm32"))]
        let thread = rayon::current_thread_index().unwrap_or(0);
        #[cfg(target_arch = "wasm32")]
        let thread = 0;
        self.0[thread % self.0.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

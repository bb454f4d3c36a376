//! scIMF on the CPU, with the derivative written out: the same equations as on tensors, several times as fast, and with the same bits
//! natively and in a browser. The tensors' version is its oracle in the tests.
//!
//! Cells are taken in blocks of 128 receivers. What one block computes stays in the caches of one core; blocks meet only where keys and values
//! are gathered, and sums over blocks are taken in their order, so that no result depends on the number of threads.

mod block;
mod dense;
mod dropout;
mod flat;
mod interaction;
mod intrinsic;
mod mask;
mod norm;
mod observed;
mod part;
mod population;

pub use dropout::Dropout;
pub use flat::{Flat, as_gradients};
pub use mask::AttentionMask;
pub use part::HostPart;
pub use population::HostPopulation;

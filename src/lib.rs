//! scIMF: collective multicellular dynamics from time-series single-cell data.
//!
//! The crate is a house of floors; each module uses only modules of lower floors (`tests/architecture.rs` holds this):
//!
//! | floor | modules | what lives there |
//! |---|---|---|
//! | 0 | [`error`] | what can go wrong, in words |
//! | 1 | [`protocol`] | the messages between page and engine: plain types |
//! | 2 | [`figure`] | layouts and drawings: pure functions of plain data |
//! | 3 | `ranking`, `data`, `preprocess`, `tissue`, `regulation`, `evidence` | datasets, file formats, a simulated tissue and a simulated gene network, and what data say of interactions, in host memory |
//! | 4 | `tensor`, `kernel`, `product`, `sde`, `transport` | host memory to tensors and back, kernels written by hand, products of matrices, equations, solvers, optimal transport; they know no cells |
//! | 5 | `train`, `projection`, `velocity`, `simulate`, `path` | what all models share: fitting, cells that are moved and shown, and paths between them |
//! | 6 | `models` | each model in a room of its own, and the one list of them |
//! | 7 | `evaluate`, `export` | what is done with a model, whichever it is |
//! | 8 | `device`, `session` | the translators between engine and protocol |
//!
//! The command line (`src/main.rs`), the worker and the page (`app/`) stand on top.

pub mod error;
pub mod figure;
pub mod protocol;

#[cfg(feature = "data")]
pub mod data;
#[cfg(feature = "data")]
pub mod evidence;
#[cfg(feature = "data")]
pub mod preprocess;
#[cfg(feature = "data")]
pub mod ranking;
#[cfg(feature = "data")]
pub mod regulation;
#[cfg(feature = "data")]
pub mod tissue;

#[cfg(feature = "engine")]
pub mod device;
#[cfg(feature = "engine")]
pub mod evaluate;
#[cfg(feature = "engine")]
pub mod export;
#[cfg(feature = "engine")]
pub mod kernel;
#[cfg(feature = "engine")]
pub mod models;
#[cfg(feature = "engine")]
pub mod path;
#[cfg(feature = "engine")]
pub mod product;
#[cfg(feature = "engine")]
pub mod projection;
#[cfg(feature = "engine")]
pub mod sde;
#[cfg(feature = "engine")]
pub mod session;
#[cfg(feature = "engine")]
pub mod simulate;
#[cfg(feature = "engine")]
pub mod tensor;
#[cfg(feature = "engine")]
pub mod train;
#[cfg(feature = "engine")]
pub mod transport;
#[cfg(feature = "engine")]
pub mod velocity;

pub use error::{Error, Result};

//! A drift whose interaction can be nothing and keeps its size.
//!
//! dx_i = [f_intra(x_i, t) + f_inter(x_i)] dt + sigma dW. The intrinsic drift knows the time, so that it can be all that the samples have in
//! common. Cells know their population by a few moments: each cell belongs to the groups k (the types, as linear discriminants) by r_k(x), and of
//! the senders of a population remain the share h_k = mean r_k(x_j) and the centre m_k = mean r_k(x_j) x_j / h_k of each group.
//!
//! ```text
//! f_inter(x) = sum_ak r_a(x) C_ak s(h_k) (m_k - x) / (1 + |m_k - x|),   s(h) = (1 + c) h / (h + c)
//! ```
//!
//! C is trained, at a price on the mean of |f_inter|^2, and begins with the linear estimate or at 0; with C = 0 cells are alone, bit by bit. Nothing is
//! normalised afterwards. With a small c the presence of senders counts, with a large one their number. All of it costs as much as there are
//! cells; no matrix of all pairs is made.

mod field;
mod groups;
mod journey;
mod legs;
mod mask;
mod network;
mod objective;
mod room;
mod shape;
mod start;

pub use field::MeanField;
pub use groups::Groups;
pub use journey::MeanFieldJourney;
pub use mask::Mask;
pub use network::MeanFieldNetwork;
pub use objective::{MeanFieldObjective, MeanFieldTrainer};
pub use room::MeanFieldRoom;
pub use shape::{MeanFieldShape, initial_weights};

/// The weights of a mean-field model.
pub type MeanFieldWeights = super::fitted::NamedWeights<MeanFieldShape>;

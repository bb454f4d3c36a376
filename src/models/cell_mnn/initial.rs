//! Fresh weights, drawn on the host so that every device starts from the same ones.

use crate::data::Standard;
use crate::data::weights::{OperatorWeights, Tensor};
use crate::models::SLOPE;
use crate::protocol::CellMnnConfig;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};

/// The head starts this small, so that operators are near 0 and the flow starts as the identity.
const HEAD: f32 = 0.01;

/// Kaiming-normal weights and zero biases.
pub fn initial_operator_weights(config: CellMnnConfig, standard: Standard, seed: u32) -> OperatorWeights {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let tensors = OperatorWeights::shapes(&config).into_iter().map(|(name, shape)| {
        let count = shape.iter().product();
        let values = match shape.as_slice() {
            [_, inputs] => {
                let deviation = (2.0 / ((1.0 + SLOPE * SLOPE) * *inputs as f64)).sqrt() as f32;
                let deviation = if name.starts_with("head") { HEAD * deviation } else { deviation };
                let normals = StandardNormal.sample_iter(&mut rng).take(count);
                normals.map(|value: f32| value * deviation).collect()
            }
            _ => vec![0.0; count],
        };
        (name, Tensor { shape, values })
    });
    OperatorWeights { config, standard, updates: 0, held_out: Vec::new(), tensors: tensors.collect() }
}

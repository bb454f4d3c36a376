//! Fresh weights, drawn on the host so that every device starts from the same ones.

use crate::data::weights::{Tensor, Weights};
use crate::protocol::ScImfConfig;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

/// Weights as PyTorch initialises them: linear layers uniform within 1 / sqrt(inputs), layer norms at 1 and 0.
pub fn initial_weights(config: ScImfConfig, seed: u32) -> Weights {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let tensors = super::named::layout(&config)
        .into_iter()
        .map(|parameter| {
            let count = parameter.shape.iter().product();
            let values = match parameter.initial {
                super::named::Initial::Constant(value) => vec![value; count],
                super::named::Initial::UniformWithin(bound) => {
                    let uniform = Uniform::new(-bound, bound).expect("a bound is finite and positive");
                    uniform.sample_iter(&mut rng).take(count).collect()
                }
            };
            (parameter.name, Tensor { shape: parameter.shape, values })
        })
        .collect();
    Weights { config, updates: 0, held_out: Vec::new(), tensors }
}

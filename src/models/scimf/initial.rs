//! Fresh weights, drawn on the host so that every device starts from the same ones.

use crate::data::weights::{Tensor, Weights};
use crate::protocol::ScImfConfig;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

/// Weights as PyTorch initialises them: linear layers uniform within 1 / sqrt(inputs), layer norms at 1 and 0.
pub fn initial_weights(config: ScImfConfig, seed: u32) -> Weights {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    let tensors = layout(&config)
        .into_iter()
        .map(|parameter| {
            let count = parameter.shape.iter().product();
            let values = match parameter.initial {
                Initial::Constant(value) => vec![value; count],
                Initial::UniformWithin(bound) => {
                    let uniform = Uniform::new(-bound, bound).expect("a bound is finite and positive");
                    uniform.sample_iter(&mut rng).take(count).collect()
                }
            };
            (parameter.name, Tensor { shape: parameter.shape, values })
        })
        .collect();
    Weights { config, updates: 0, held_out: Vec::new(), tensors }
}

/// How a parameter starts.
enum Initial {
    /// Everywhere this value.
    Constant(f32),
    /// Uniform between minus and plus this bound.
    UniformWithin(f32),
}

/// One entry of a checkpoint.
struct Parameter {
    /// Published name.
    name: String,
    /// Shape in PyTorch's layout.
    shape: Vec<usize>,
    /// How it starts.
    initial: Initial,
}

/// Every entry of a checkpoint of this shape, in a fixed order.
fn layout(config: &ScImfConfig) -> Vec<Parameter> {
    let ScImfConfig { dimensions: d, hidden, .. } = *config;
    let mut list = Vec::new();
    let mut add = |name: String, shape: Vec<usize>, initial| list.push(Parameter { name, shape, initial });
    let mut linear = |name: &str, inputs: usize, outputs: usize, bias: bool| {
        let bound = 1.0 / (inputs as f32).sqrt();
        add(format!("{name}.weight"), vec![outputs, inputs], Initial::UniformWithin(bound));
        if bias {
            add(format!("{name}.bias"), vec![outputs], Initial::UniformWithin(bound));
        }
    };
    let block = |index: usize, part: &str| format!("drift_inter.trm_inter.{index}.{part}");
    for index in 0..config.blocks {
        for projection in ["q_proj", "k_proj", "v_proj"] {
            linear(&block(index, &format!("attn.{projection}")), d, d, false);
        }
        linear(&block(index, "fc1"), d, 4 * d, true);
        linear(&block(index, "fc2"), 4 * d, d, true);
    }
    linear("drift_intra.net.net.linear1", d, hidden, true);
    linear("drift_intra.net.net.linear2", hidden, hidden, true);
    linear("drift_intra.net.net.linear", hidden, d, true);
    for index in 0..config.blocks {
        for norm in ["norm1", "Vnet", "norm2"] {
            add(block(index, &format!("{norm}.weight")), vec![d], Initial::Constant(1.0));
            add(block(index, &format!("{norm}.bias")), vec![d], Initial::Constant(0.0));
        }
    }
    add("diffusion.sigma".into(), vec![1, d], Initial::Constant(config.sigma));
    list
}

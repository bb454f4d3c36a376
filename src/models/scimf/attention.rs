//! How receivers score senders.

use super::host::HostPopulation;
use super::{AttentionRows, ScImf, WEIGHTS_AT_ONCE};
use crate::models::attention::{Attention, Scoring, See};
use crate::protocol::Score;
use crate::tensor::{is_cpu, upload};
use burn::tensor::{Device, Tensor};

impl Attention for ScImf {
    fn interacts(&self) -> bool {
        self.config.blocks > 0
    }

    fn scores<'a>(&'a self, states: Vec<f32>, score: Score, device: &'a Device, see: See<'a>) -> Scoring<'a> {
        Box::pin(async move {
            let cells = states.len() / self.config.dimensions;
            if is_cpu(device) {
                let mut population = HostPopulation::of(self, cells).await?;
                let rows_at_once = WEIGHTS_AT_ONCE / cells.max(1);
                population.for_scores(&states, score == Score::Influence, rows_at_once, |first, scores| {
                    let rows = scores.len() / cells;
                    see(first, upload(scores, [rows, cells], device));
                });
            } else {
                let x = upload(states, [cells, self.config.dimensions], device);
                self.for_attention(&x, |first, attention| see(first, score_of(attention, score)));
            }
            Ok(())
        })
    }
}

/// Score of each receiver and sender, `[rows, n]`.
fn score_of(attention: AttentionRows, score: Score) -> Tensor<2> {
    let weights = match score {
        Score::Attention => attention.weights,
        Score::Influence => {
            let reach = attention.values.square().sum_dim(2).sqrt(); // [heads, n, 1]
            attention.weights * reach.transpose()
        }
    };
    weights.mean_dim(0).squeeze_dim(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::scimf::initial_weights;
    use crate::protocol::ScImfConfig;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now};
    use pollster::block_on;

    #[test]
    fn the_cpu_scores_as_tensors_do() {
        let (cells, dimensions) = (150, 6);
        let config = ScImfConfig { dimensions, hidden: 8, heads: 3, ..ScImfConfig::default() };
        let model = ScImf::from_weights(&initial_weights(config, 2), &cpu()).unwrap();
        let states = Brownian::new(4).normals(0, cells * dimensions);
        let x = upload(states.clone(), [cells, dimensions], &cpu());
        for score in [Score::Attention, Score::Influence] {
            let (mut tensors, mut host) = (Vec::new(), Vec::new());
            model.for_attention(&x, |_, attention| tensors.extend(read_now(score_of(attention, score))));
            let mut see = |first: usize, scores: Tensor<2>| {
                assert_eq!(host.len(), first * cells);
                host.extend(read_now(scores));
            };
            block_on(model.scores(states.clone(), score, &cpu(), &mut see)).unwrap();
            assert_eq!(host.len(), tensors.len());
            for (a, b) in host.iter().zip(&tensors) {
                assert!((a - b).abs() < 1e-6 + 1e-5 * b.abs(), "{score:?}: {a} is not {b}");
            }
        }
    }
}

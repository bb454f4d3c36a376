//! A simulated gene network whose signs are known, to test whether interactions can be read off a model.
//!
//! A few regulators act on each other in a ring and on all other genes, upward or downward; the action of a regulator saturates. Cells begin
//! apart, follow dy/dt = W tanh(y) - decay y + drive with a little noise, and every snapshot takes cells of its own.

use crate::data::known_signs::KnownSign;
use crate::data::{Dataset, Decoder, Matrix};
use crate::preprocess::pca::pca;
use crate::protocol::{CellType, TimePoint};
use crate::{Error, Result};
use rand::seq::index::sample;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What to simulate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Genes, of which the first [`REGULATORS`] regulate.
    pub genes: usize,
    /// Time points, one unit of time apart.
    pub time_points: usize,
    /// Cells at each of them.
    pub cells: usize,
    /// Principal components kept as the model space.
    pub components: usize,
    /// Seed of everything random; the same settings give the same network.
    pub seed: u64,
}

impl Default for NetworkSettings {
    fn default() -> Self {
        Self { genes: 50, time_points: 5, cells: 500, components: 10, seed: 0 }
    }
}

/// A simulated network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The cells as a study would report them.
    pub dataset: Dataset,
    /// Every regulation between two genes, with its sign.
    pub signs: Vec<KnownSign>,
}

/// Genes that regulate.
pub const REGULATORS: usize = 6;
/// Regulators of every other gene.
const REGULATED_BY: usize = 2;
/// Strength of a regulator on the next one in the ring.
const RING: f32 = 0.8;
/// Loss per unit of time: of regulators, of other genes.
const DECAY: [f32; 2] = [0.6, 0.5];
/// Spread of the cells at the start: of regulators, of other genes.
const SPREAD: [f32; 2] = [1.0, 0.3];
const STEP: f32 = 0.02;
const DIFFUSION: f32 = 0.15;
const MEASUREMENT_NOISE: f32 = 0.1;

/// Simulates a network.
///
/// # Errors
/// There are fewer genes than regulators, no cells, fewer than two time points, or more components than genes.
pub fn simulate(settings: &NetworkSettings) -> Result<Network> {
    let NetworkSettings { genes, time_points, cells, components, seed } = *settings;
    if genes <= REGULATORS || cells < 2 || time_points < 2 || !(2..=genes).contains(&components) {
        return Err(Error::request(format!(
            "{genes} genes, {cells} cells at {time_points} time points and {components} components make no network"
        )));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let sign = |rng: &mut ChaCha8Rng| if rng.random::<bool>() { 1.0 } else { -1.0f32 };
    // Receiver, sender, strength.
    let mut edges: Vec<(usize, usize, f32)> =
        (0..REGULATORS).map(|from| ((from + 1) % REGULATORS, from, RING * sign(&mut rng))).collect();
    for gene in REGULATORS..genes {
        for from in sample(&mut rng, REGULATORS, REGULATED_BY) {
            edges.push((gene, from, sign(&mut rng) * rng.random_range(0.6..1.2)));
        }
    }
    let normal = |rng: &mut ChaCha8Rng| -> f32 { StandardNormal.sample(rng) };
    let drive: Vec<f32> = (0..REGULATORS).map(|_| normal(&mut rng)).collect();
    let base: Vec<f32> = (0..genes).map(|_| rng.random_range(2.0..4.0)).collect();
    let of = |gene: usize, pair: [f32; 2]| pair[usize::from(gene >= REGULATORS)];
    let mut expression = Vec::with_capacity(time_points * cells * genes);
    for time in 0..time_points {
        for _ in 0..cells {
            let mut y: Vec<f32> = (0..genes).map(|gene| of(gene, SPREAD) * normal(&mut rng)).collect();
            for _ in 0..(time as f32 / STEP).round() as usize {
                let mut change: Vec<f32> = (0..genes)
                    .map(|gene| drive.get(gene).copied().unwrap_or(0.0) - of(gene, DECAY) * y[gene])
                    .collect();
                let acting: Vec<f32> = y[..REGULATORS].iter().map(|y| y.tanh()).collect();
                edges.iter().for_each(|(to, from, strength)| change[*to] += strength * acting[*from]);
                for (y, change) in y.iter_mut().zip(change) {
                    *y += change * STEP + DIFFUSION * STEP.sqrt() * normal(&mut rng);
                }
            }
            expression.extend(y.iter().zip(&base).map(|(y, base)| base + y + MEASUREMENT_NOISE * normal(&mut rng)));
        }
    }
    let names: Vec<String> = (0..genes)
        .map(
            |gene| {
                if gene < REGULATORS { format!("REG{}", gene + 1) } else { format!("GENE{}", gene + 1 - REGULATORS) }
            },
        )
        .collect();
    let found = pca(&Matrix::new(time_points * cells, genes, expression)?, components)?;
    let point = |time: usize| TimePoint { label: format!("hour {time}"), value: Some(time as f64), cells: 0 };
    let dataset = Dataset {
        name: "network".into(),
        states: found.scores,
        axis: "PC".into(),
        times: (0..time_points as u32).flat_map(|time| std::iter::repeat_n(time, cells)).collect(),
        time_points: (0..time_points).map(point).collect(),
        cell_types: vec![0; time_points * cells],
        types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
        decoder: Some(Decoder { genes: names.clone(), loadings: found.loadings, mean: found.mean }),
        simulated: true,
        ..Dataset::default()
    };
    let sign = |(to, from, strength): &(usize, usize, f32)| KnownSign {
        regulator: names[*from].clone(),
        target: names[*to].clone(),
        activates: *strength > 0.0,
    };
    Ok(Network { dataset: dataset.checked()?, signs: edges.iter().map(sign).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_that_of_its_seed_and_every_gene_is_regulated() {
        let settings = NetworkSettings { genes: 20, cells: 30, time_points: 3, ..NetworkSettings::default() };
        let network = simulate(&settings).unwrap();
        assert_eq!(network, simulate(&settings).unwrap());
        assert_ne!(network.signs, simulate(&NetworkSettings { seed: 1, ..settings }).unwrap().signs);
        assert_eq!(network.signs.len(), REGULATORS + REGULATED_BY * (20 - REGULATORS));
        assert!((1..network.signs.len()).contains(&network.signs.iter().filter(|sign| sign.activates).count()));
        assert_eq!(network.dataset.states.rows, 90);
        assert!(simulate(&NetworkSettings { genes: 6, ..settings }).is_err());
    }
}

//! The same seed gives the same weights, to the last bit, however many threads there are. `tests/e2e/specs/reproducible.test.js` holds the same
//! for the browser.

use pollster::block_on;
use rayon::ThreadPoolBuilder;
use scimf::models::scimf::Trainer;
use scimf::protocol::{ScImfConfig, TrainSettings};
use scimf::sde::Brownian;
use scimf::tensor::cpu;
use scimf::train::TrainingData;
use scimf::transport::Cloud;
use std::collections::BTreeMap;

/// Weights after three updates, and the last losses.
fn trained(threads: usize, seed: u32) -> (BTreeMap<String, Vec<u32>>, Vec<u32>) {
    let train = || {
        let dimensions = 6;
        let cells = |time: u64, count: usize| Brownian::new(time).normals(0, count * dimensions);
        let cloud = |time, count| Cloud::new(cells(time, count), dimensions, &cpu());
        let clouds = vec![cloud(1, 330), cloud(2, 270)];
        let data = vec![TrainingData { first: 0, start: cells(0, 200), dimensions, times: vec![1, 2], clouds }];
        let settings = TrainSettings { updates: 3, cells: 150, seed, ..TrainSettings::default() };
        let mut trainer = Trainer::new(data, settings, ScImfConfig::default(), None, &cpu()).unwrap();
        let mut losses = Vec::new();
        while !trainer.is_finished() {
            if let Some(update) = block_on(trainer.advance()).unwrap() {
                losses = update.loss.at_times().to_vec();
            }
        }
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let weights = block_on(trainer.model().to_weights(3, &[])).unwrap();
        (weights.tensors.iter().map(|(name, tensor)| (name.clone(), bits(&tensor.values))).collect(), bits(&losses))
    };
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(train)
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let alone = trained(1, 4);
    assert_eq!(alone, trained(2, 4));
    assert_eq!(alone, trained(5, 4));
    assert_ne!(alone, trained(1, 5), "another seed gives other weights");
}

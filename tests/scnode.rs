//! scNODE against reference tensors made from the published equations (`fixtures/README.md`), on the CPU.

use crate::support::{Fixture, block_on, close, read};
use scimf::models::fitted::{Fitted, Progress, Stored, Tensors, Trainer};
use scimf::models::scnode::{ScNode, ScNodeTrainer, ScNodeWeights};
use scimf::protocol::{ModelKind, Recipe};
use scimf::tensor::{cpu, upload};
use scimf::train::{AddressedDraws, Given, Populations, Purpose};
use std::collections::HashMap;

const VALUE: f64 = 1e-4;
const GRADIENT: f64 = 1e-3;
const TIMES: [usize; 4] = [0, 1, 2, 4];

fn fixture() -> Fixture {
    Fixture::open("scnode_pcs_d10")
}

fn weights(fixture: &Fixture) -> ScNodeWeights {
    ScNodeWeights::from_file(fixture.tensors("weights."), &HashMap::new()).unwrap()
}

#[test]
fn encoder_drift_decoder_and_prediction() {
    // The second form is the published one: hidden layers and a decoder that ends in a ReLU.
    for name in ["scnode_pcs_d10", "scnode_genes_g30"] {
        let fixture = Fixture::open(name);
        let model = ScNode::from_weights(&weights(&fixture), &cpu()).unwrap();
        let [mean, deviation] = model.network.encode(fixture.matrix("cells0"));
        close(&read(mean.clone()), fixture.values("field.mu"), VALUE, "mean");
        close(&read(deviation), fixture.values("field.std"), VALUE, "deviation");
        close(&read(model.network.flow(mean.clone())), fixture.values("field.drift"), VALUE, "drift");
        close(&read(model.network.decode(mean)), fixture.values("field.decoded"), VALUE, "decoded");

        let (cells, columns) = (fixture.values("cells0"), fixture.shape("cells0")[1]);
        let start: Vec<f32> = (0..100).flat_map(|cell| cells[cell / 3 * columns..][..columns].to_vec()).collect();
        let start = upload(start, [100, columns], &cpu());
        let mut place = model.network.sampled(start, Some(fixture.matrix("prediction.noise")));
        let (mut places, mut decoded) = (Vec::new(), Vec::new());
        for time in 0..5 {
            if time > 0 {
                place = model.network.moved(place, 1.0, 1);
            }
            places.extend(read(place.clone()));
            decoded.extend(read(model.network.decode(place.clone())));
        }
        close(&places, fixture.values("prediction.latent"), VALUE, "latent places");
        close(&decoded, fixture.values("prediction.decoded"), VALUE, "decoded places");
        let falls = places.chunks_exact(800).zip(places[800..].chunks_exact(800));
        assert!(falls.flat_map(|(a, b)| a.iter().zip(b)).all(|(a, b)| b >= a), "no latent coordinate falls");
    }
}

/// The decoder's Jacobian times the drift is how fast decoded cells move.
#[test]
fn velocities_are_those_of_decoded_cells() {
    for name in ["scnode_pcs_d10", "scnode_genes_g30"] {
        let fixture = Fixture::open(name);
        let network = ScNode::from_weights(&weights(&fixture), &cpu()).unwrap().network;
        let place = network.sampled(fixture.matrix("cells0"), None);
        let drift = network.flow(place.clone());
        let at = |by: f64| network.decode(place.clone() + drift.clone().mul_scalar(by));
        let slope = read((at(1e-3) - at(-1e-3)).div_scalar(2e-3));
        let found = read(network.push(place.clone(), drift.clone()));
        // Where a ReLU opens within the step, the difference is between two slopes.
        let close = slope.iter().zip(&found).filter(|(a, b)| (*a - *b).abs() < 0.02 * (1.0 + a.abs())).count();
        assert!(close as f64 > 0.97 * slope.len() as f64, "{name}: {close} of {}", slope.len());
    }
}

pub fn populations(fixture: &Fixture) -> Populations {
    let cells = |at| fixture.values(&format!("cells{at}")).to_vec();
    let labels = TIMES.map(|time| time as f64).to_vec();
    Populations {
        dimensions: fixture.shape("cells0")[1],
        times: TIMES.to_vec(),
        labels,
        cells: (0..4).map(cells).collect(),
    }
}

pub fn given(fixture: &Fixture) -> Given {
    let mut given = Given::default();
    for update in 0..3 {
        let part = |part: &str| format!("update{}.{part}", update + 1);
        given.cells.insert((update, Purpose::Start(0)), fixture.indices(&part("start_index")));
        given.noise.insert((update, Purpose::Start(0)), vec![fixture.values(&part("start_noise")).to_vec()]);
        for at in 0..4 {
            let numbered = |name: &str| part(&format!("{name}{at}"));
            given.cells.insert((update, Purpose::Start(at + 1)), fixture.indices(&numbered("encode_index")));
            given
                .noise
                .insert((update, Purpose::Start(at + 1)), vec![fixture.values(&numbered("encode_noise")).to_vec()]);
            given.cells.insert((update, Purpose::Target(at)), fixture.indices(&numbered("target_index")));
        }
        let noise = fixture.values(&format!("pretrain{}.noise", update + 1));
        given.noise.insert((update, Purpose::Contrast), vec![noise.to_vec()]);
    }
    given
}

fn trainer(fixture: &Fixture, pretraining: f64) -> ScNodeTrainer {
    let recipe =
        Recipe::new(ModelKind::ScNode).with("updates", 3.0).with("cells", 16.0).with("pretraining", pretraining);
    let trainer = ScNodeTrainer::new(populations(fixture), &recipe, Some(&weights(fixture)), &cpu());
    trainer.unwrap().with_draws(AddressedDraws::Given(given(fixture)))
}

#[test]
fn losses_gradients_and_weights_of_three_updates() {
    let fixture = fixture();
    for (phase, pretraining) in PHASES {
        follow(
            &fixture,
            phase,
            || trainer(&fixture, pretraining),
            |trainer| block_on(trainer.model().to_weights(3, &[])).unwrap().tensors,
        );
    }
}

/// Both phases: their prefix among the tensors, and the share of the updates that are of the first.
pub const PHASES: [(&str, f64); 2] = [("", 0.0), ("pretrain_", 1.0)];

/// Takes the three updates of a phase and holds everything on the way to the fixture.
pub fn follow<M: Fitted>(
    fixture: &Fixture,
    phase: &str,
    fresh: impl Fn() -> Trainer<M>,
    tensors: impl Fn(&Trainer<M>) -> Tensors,
) {
    let before = fixture.tensors("weights.");
    let first = !phase.is_empty();
    let found = block_on(fresh().gradients()).unwrap();
    let parts = fixture.tensors(&format!("{phase}grad."));
    for (name, expected) in &parts {
        close(&found[name], &expected.values, GRADIENT, name);
    }
    let learned = before.keys().filter(|name| !(first && name.starts_with("diffeq_decoder"))).count();
    assert_eq!(parts.len(), learned, "the drift has no part in the first phase");
    let mut trainer = fresh();
    let log = fixture.steps(&format!("{phase}loss_log"));
    while !trainer.is_finished() {
        let Some(update) = block_on(trainer.advance()).unwrap() else { continue };
        let expected = &log[update.update as usize - 1];
        if first {
            close(&[update.loss.total, update.loss.terms[2].value], &[expected[0]; 2], VALUE, "given back");
        } else {
            let mean = |values: &[f32]| values.iter().sum::<f32>() / 4.0;
            let found: Vec<f32> = update.loss.terms.iter().map(|term| term.value).collect();
            close(&found, &[mean(&expected[..4]), mean(&expected[4..8]), 0.0], VALUE, "divergences");
            close(&[update.loss.total], &expected[8..], VALUE, "total");
        }
        if update.update == 1 {
            let norm = fixture.values(&format!("{phase}grad_global_norm"));
            close(&[update.gradient_norm], norm, GRADIENT, "gradient norm");
        }
    }
    let trained = tensors(&trainer);
    for (name, expected) in fixture.tensors(&format!("{phase}after3.")) {
        let found = &trained[&name].values;
        close(found, &expected.values, VALUE, &name);
        if parts.contains_key(&name) {
            let changes =
                |after: &[f32]| after.iter().zip(&before[&name].values).map(|(a, b)| a - b).collect::<Vec<f32>>();
            close(&changes(found), &changes(&expected.values), 1e-2, &format!("{name}: its change"));
        } else {
            assert_eq!(found, &before[&name].values, "{name} is left alone");
        }
    }
}

fn line() -> Populations {
    let cells = |at: usize| (0..30).flat_map(|k| [k as f32 / 10.0 + at as f32, 0.5 * at as f32]).collect();
    Populations { dimensions: 2, times: vec![0, 1, 2], labels: vec![0.0, 1.0, 2.0], cells: (0..3).map(cells).collect() }
}

#[test]
fn a_training_goes_on_as_if_nothing_had_happened_also_into_the_second_phase() {
    let recipe = Recipe::new(ModelKind::ScNode).with("updates", 30.0).with("latent", 4.0).with("hidden", 8.0);
    let recipe = recipe.with("learning-rate", 1e-2).with("cells", 12.0);
    let run = |mut trainer: ScNodeTrainer| {
        let mut losses = Vec::new();
        while !trainer.is_finished() {
            losses.extend(block_on(trainer.advance()).unwrap().map(|update| update.loss.total));
        }
        (losses, block_on(trainer.model().to_weights(0, &[])).unwrap())
    };
    let fresh = || ScNodeTrainer::new(line(), &recipe, None, &cpu()).unwrap();
    let whole = run(fresh());
    assert!(whole.0[29] < 0.7 * whole.0[5], "it learns: {:?}", whole.0);
    for stop in [3, 5, 9] {
        let mut interrupted = fresh();
        while interrupted.updates() < stop {
            block_on(interrupted.advance()).unwrap();
        }
        let bytes = block_on(interrupted.progress()).unwrap().unwrap().write().unwrap();
        let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
        let progress = Progress::<ScNodeWeights>::from_file(tensors, &metadata).unwrap();
        let resumed = run(ScNodeTrainer::resumed(line(), &progress, &cpu()).unwrap());
        assert_eq!((&resumed.0[..], &resumed.1), (&whole.0[stop as usize..], &whole.1), "after {stop}");
    }
}

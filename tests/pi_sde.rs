//! PI-SDE against reference tensors made from the published equations (`fixtures/README.md`), on the CPU.

use crate::support::{self, Fixture, block_on, close, read};
use burn::tensor::Tensor;
use scimf::models::AnyWeights;
use scimf::models::fitted::{Fitted, Stored};
use scimf::models::pi_sde::{
    PiSde, PiSdeConfig, PiSdeProgress, PiSdeSettings, PiSdeTrainer, PiSdeWeights, initial_weights,
};
use scimf::sde::{Brownian, SavedTimes, euler_maruyama};
use scimf::tensor::{cpu, upload};
use scimf::train::{AddressedDraws, Given, Populations, Purpose};
use std::collections::{BTreeMap, HashMap};

const VALUE: f64 = 1e-4;
const GRADIENT: f64 = 1e-3;

fn cases() -> [Fixture; 2] {
    ["pisde_d10", "pisde_d50"].map(Fixture::open)
}

fn weights(fixture: &Fixture, prefix: &str) -> PiSdeWeights {
    PiSdeWeights::from_file(fixture.tensors(prefix), &HashMap::new()).unwrap()
}

fn model(fixture: &Fixture) -> PiSde {
    PiSde::from_weights(&weights(fixture, "weights."), &cpu()).unwrap()
}

fn column(value: f32, cells: usize) -> Tensor<2> {
    upload(vec![value; cells], [cells, 1], &cpu())
}

#[test]
fn the_potential_and_its_derivatives() {
    for fixture in cases() {
        let (model, x) = (model(&fixture), fixture.matrix("cells0"));
        let cells = x.dims()[0];
        let mut found: [Vec<f32>; 4] = Default::default();
        for &time in fixture.values("field.times") {
            let field = model.field(x.clone(), column(time, cells));
            found[0].extend(read(model.potential(x.clone(), column(time, cells))));
            found[3].extend(read(field.residual()));
            found[1].extend(read(field.by_state));
            found[2].extend(read(field.by_time));
        }
        for (found, name) in found.iter().zip(["potential", "grad_x", "grad_t", "residual"]) {
            close(found, fixture.values(&format!("field.{name}")), VALUE, name);
        }
    }
}

/// Cells moved under given noise, and the residual gathered on the way, at some times.
fn rollout(fixture: &Fixture, times: &[f64], noise: &str) -> [Vec<f32>; 2] {
    let (model, x) = (model(fixture), fixture.matrix("cells0"));
    let [cells, d] = x.dims();
    let motion = model.motion(&cpu());
    let saved = SavedTimes::new(times, model.config.dt);
    let mut states = vec![Tensor::cat(vec![x, column(0.0, cells)], 1)];
    let noise = fixture.values(noise).chunks_exact(cells * d);
    assert_eq!(noise.len(), saved.steps());
    for (step, noise) in noise.enumerate() {
        let noise = Tensor::cat(vec![upload(noise.to_vec(), [cells, d], &cpu()), column(0.0, cells)], 1);
        let (time, dt) = saved.step(step);
        states.push(euler_maruyama(&motion, time, dt, states[step].clone(), Some(noise)));
    }
    let kept = (0..times.len()).map(|index| saved.state(index, &states));
    let kept = Tensor::cat(kept.collect(), 0);
    [read(kept.clone().narrow(1, 0, d)), read(kept.narrow(1, d, 1))]
}

#[test]
fn cells_move_and_gather_the_residual() {
    for fixture in cases() {
        let times: Vec<f64> = fixture.doubles("times");
        let [states, residual] = rollout(&fixture, &times, "rollout.noise");
        close(&states, fixture.values("rollout.trajectory"), VALUE, "trajectory");
        close(&residual, fixture.values("rollout.residual"), VALUE, "residual");
    }
}

#[test]
fn times_off_the_grid_are_interpolated_and_the_last_step_is_cut_short() {
    let [fixture, _] = cases();
    let [states, residual] = rollout(&fixture, &fixture.doubles("offgrid.times"), "offgrid.noise");
    close(&states, fixture.values("offgrid.trajectory"), VALUE, "trajectory");
    close(&residual, fixture.values("offgrid.residual"), VALUE, "residual");
}

fn trainer(fixture: &Fixture, residual_alone: bool) -> PiSdeTrainer {
    let dimensions = fixture.shape("cells0")[1];
    let cells = |at| fixture.values(&format!("cells{at}")).to_vec();
    let data = Populations {
        dimensions,
        times: (0..4).collect(),
        labels: fixture.doubles("times"),
        cells: (0..4).map(cells).collect(),
    };
    let mut given = Given::default();
    for update in 0..3 {
        let name = |part: &str| format!("update{}.{part}", update + 1);
        given.cells.insert((update, Purpose::Start(0)), fixture.indices(&name("start_index")));
        given.noise.insert((update, Purpose::Start(0)), fixture.steps(&name("noise")));
        for at in 1..4 {
            given.cells.insert((update, Purpose::Target(at)), fixture.indices(&name(&format!("target_index{at}"))));
        }
    }
    let config = weights(fixture, "weights.").config;
    let settings = PiSdeSettings { config, updates: 3, share: 0.5, ..PiSdeSettings::default() };
    // With this weight nothing of the divergences is left in the gradient's digits.
    let settings = if residual_alone { PiSdeSettings { residual_weight: 5e6, ..settings } } else { settings };
    let trainer = PiSdeTrainer::new(data, settings, Some(&weights(fixture, "weights.")), &cpu()).unwrap();
    trainer.with_draws(AddressedDraws::Given(given))
}

fn hold(found: &BTreeMap<String, Vec<f32>>, fixture: &Fixture, prefix: &str, factor: f32) {
    assert!(!found.is_empty());
    for (name, values) in found {
        let values: Vec<f32> = values.iter().map(|value| value * factor).collect();
        close(&values, fixture.values(&format!("{prefix}{name}")), GRADIENT, name);
    }
}

#[test]
fn gradients_of_the_loss_and_of_the_residual_alone() {
    for fixture in cases() {
        hold(&block_on(trainer(&fixture, false).gradients()).unwrap(), &fixture, "grad.", 1.0);
        hold(&block_on(trainer(&fixture, true).gradients()).unwrap(), &fixture, "residual_grad.", 1e-7);
    }
}

#[test]
fn losses_and_weights_of_three_updates() {
    for fixture in cases() {
        let mut trainer = trainer(&fixture, false);
        let mut log = Vec::new();
        while !trainer.is_finished() {
            if let Some(update) = block_on(trainer.advance()).unwrap() {
                if update.update == 1 {
                    close(&[update.gradient_norm], fixture.values("grad_global_norm"), GRADIENT, "gradient norm");
                }
                log.extend(update.loss.at_times());
                log.extend([0.5 * update.loss.terms[1].value, update.loss.total]);
            }
        }
        close(&log, fixture.values("loss_log"), VALUE, "losses");
        let trained = block_on(trainer.model().to_weights(3, &[])).unwrap();
        for (name, expected) in fixture.tensors("after3.") {
            close(&trained.tensors[&name].values, &expected.values, VALUE, &name);
        }
    }
}

/// A few cells that walk along a line.
fn line(labels: [f64; 3]) -> Populations {
    let cells = |at: usize| (0..30).flat_map(|k| [k as f32 / 10.0 + at as f32, 0.5 * at as f32]).collect();
    Populations { dimensions: 2, times: vec![0, 1, 2], labels: labels.to_vec(), cells: (0..3).map(cells).collect() }
}

fn quick() -> PiSdeSettings {
    let config = PiSdeConfig { hidden: 16, dt: 0.25, ..PiSdeConfig::default() };
    PiSdeSettings { config, updates: 30, share: 0.5, ..PiSdeSettings::default() }
}

#[test]
fn fresh_weights_are_pure_diffusion() {
    let config = PiSdeConfig { dimensions: 3, hidden: 8, ..PiSdeConfig::default() };
    let model = PiSde::from_weights(&initial_weights(config, 1), &cpu()).unwrap();
    let state = upload(Brownian::new(1).normals(0, 5 * 4), [5, 4], &cpu());
    let noise = upload(Brownian::new(2).normals(0, 5 * 4), [5, 4], &cpu());
    let motion = model.motion(&cpu());
    let next = read(euler_maruyama(&motion, 0.3, 0.1, state.clone(), Some(noise.clone())));
    for (k, ((next, before), z)) in next.iter().zip(read(state)).zip(read(noise)).enumerate() {
        let sigma = if k % 4 == 3 { 0.0 } else { 0.1 };
        assert!((next - (before + sigma * 0.1f32.sqrt() * z)).abs() < 1e-6, "{k}");
    }
}

#[test]
fn the_weights_after_the_update_with_the_lowest_transport_are_kept() {
    let mut trainer = PiSdeTrainer::new(line([0.0, 1.0, 2.0]), quick(), None, &cpu()).unwrap();
    let (mut lowest, mut kept) = (f32::INFINITY, None);
    let (mut first, mut last) = (0.0, 0.0);
    while !trainer.is_finished() {
        if let Some(update) = block_on(trainer.advance()).unwrap() {
            let sum = update.loss.at_times().iter().sum::<f32>();
            assert_eq!(update.best, sum < lowest, "update {}", update.update);
            if update.best {
                lowest = sum;
                kept = Some((update.update, block_on(trainer.model().to_weights(0, &[])).unwrap()));
            }
            (first, last) = if update.update == 1 { (sum, sum) } else { (first, sum) };
        }
    }
    let (model, update, loss) = trainer.best();
    let (expected, weights) = kept.unwrap();
    assert_eq!((update, loss), (expected, lowest));
    assert_eq!(block_on(model.to_weights(0, &[])).unwrap(), weights);
    assert!(last < 0.7 * first, "it learns: {first} to {last}");
}

#[test]
fn a_published_checkpoint_is_read_with_its_names_and_its_epoch() {
    let bytes = std::fs::read(support::path("pisde_d10_checkpoint.pt")).unwrap();
    let expected = PiSdeWeights { updates: 3000, ..weights(&Fixture::open("pisde_d10"), "weights.") };
    assert_eq!(AnyWeights::read("best.pt", &bytes).unwrap(), AnyWeights::PiSde(Box::new(expected)));
}

#[test]
fn a_training_goes_on_as_if_nothing_had_happened() {
    let end = |mut trainer: PiSdeTrainer| {
        while !trainer.is_finished() {
            block_on(trainer.advance()).unwrap();
        }
        (block_on(trainer.model().to_weights(0, &[])).unwrap(), trainer.best().1)
    };
    let fresh = || PiSdeTrainer::new(line([0.0, 0.7, 2.1]), quick(), None, &cpu()).unwrap();
    let mut interrupted = fresh();
    assert!(block_on(interrupted.progress()).unwrap().is_none(), "nothing to go on from yet");
    while interrupted.updates() < 11 {
        block_on(interrupted.advance()).unwrap();
    }
    let progress = block_on(interrupted.progress()).unwrap().unwrap();
    let bytes = progress.write().unwrap();
    let weights = AnyWeights::read("kept", &bytes).unwrap();
    assert_eq!(weights, AnyWeights::PiSde(Box::new(progress.weights)), "it opens as weights, too");
    let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
    let read = PiSdeProgress::from_file(tensors, &metadata).unwrap();
    let resumed = PiSdeTrainer::resumed(line([0.0, 0.7, 2.1]), &read, &cpu()).unwrap();
    assert_eq!(end(resumed), end(fresh()), "bit by bit");
}

#[test]
fn settings_that_cannot_be_followed_are_named() {
    let refused = |change: fn(&mut PiSdeSettings), place: &str| {
        let mut settings = quick();
        change(&mut settings);
        let error = PiSdeTrainer::new(line([0.0, 1.0, 2.0]), settings, None, &cpu()).err().unwrap();
        assert_eq!(error.place, place, "{error}");
    };
    refused(|settings| settings.share = 0.0, "share");
    refused(|settings| settings.updates = 0, "updates");
    refused(|settings| settings.residual_weight = -1.0, "residual weight");
    refused(|settings| settings.config.dt = 1e-5, "dt");
}

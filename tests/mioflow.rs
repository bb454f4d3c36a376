//! MIOFlow against reference tensors made from the published equations (`fixtures/README.md`), on the CPU.

use crate::support::user::with_line;
use crate::support::{Fixture, block_on, close, file, read, refusal};
use burn::tensor::Tensor;
use scimf::models::fitted::{Fitted, Stored};
use scimf::models::mioflow::{
    AutoencoderShape, MioFlow, MioFlowShape, MioFlowTrainer, MioFlowWeights, Schedule, Walk, initial_weights,
};
use scimf::protocol::{Command, Event, IntervalNoise, ModelKind, Recipe, SimulationQuery, SpaceId, VelocityQuery};
use scimf::tensor::{cpu, upload};
use scimf::train::{AddressedDraws, Given, Populations, Purpose};
use scimf::transport::pairs::pairs;
use std::collections::HashMap;

const VALUE: f64 = 1e-4;
const GRADIENT: f64 = 1e-3;
const TIMES: [usize; 4] = [0, 1, 2, 4];

fn fixture() -> Fixture {
    Fixture::open("mioflow_d10")
}

fn weights(fixture: &Fixture) -> MioFlowWeights {
    MioFlowWeights::from_file(fixture.tensors("weights."), &HashMap::new()).unwrap()
}

fn model(fixture: &Fixture) -> MioFlow {
    MioFlow::from_weights(&weights(fixture), &cpu()).unwrap()
}

#[test]
fn the_drift() {
    let fixture = fixture();
    let model = model(&fixture);
    let found = fixture.values("field.times").iter().flat_map(|time| {
        let drift = model.network.drift(f64::from(*time), fixture.matrix("cells0"));
        read(drift)
    });
    close(&found.collect::<Vec<_>>(), fixture.values("field.drift"), VALUE, "drift");
}

/// One step of the model under the noise of four stages.
fn step(model: &MioFlow, from: usize, to: usize, x: Tensor<2>, noise: &[f32]) -> Tensor<2> {
    let shape = x.dims();
    let stages = noise.chunks_exact(shape[0] * shape[1]).map(|z| upload(z.to_vec(), shape, &cpu())).collect::<Vec<_>>();
    model.network.step(from as f64, to as f64 - from as f64, x, |stage| Some(stages[stage].clone()))
}

#[test]
fn steps_forwards_and_backwards() {
    let fixture = fixture();
    let model = model(&fixture);
    for (name, from, to) in [("first", 0, 1), ("forward", 1, 2), ("wide", 2, 4), ("backward", 2, 1)] {
        let noise = fixture.values(&format!("step_{name}.noise"));
        let end = step(&model, from, to, fixture.matrix("cells0"), noise);
        close(&read(end), fixture.values(&format!("step_{name}.result")), VALUE, name);
    }
}

#[test]
fn whole_series() {
    let fixture = fixture();
    let model = model(&fixture);
    for (name, cells, times) in [
        ("prediction", "cells0", &[0, 1, 2, 3, 4][..]),
        ("series", "cells0", &TIMES),
        ("reverse", "cells3", &[4, 2, 1, 0]),
    ] {
        let mut state = fixture.matrix(cells);
        let mut found = read(state.clone());
        let noise = fixture.steps(&format!("{name}.noise"));
        for (pair, noise) in times.windows(2).zip(noise) {
            state = step(&model, pair[0], pair[1], state, &noise);
            found.extend(read(state.clone()));
        }
        close(&found, fixture.values(&format!("{name}.trajectory")), VALUE, name);
    }
}

#[test]
fn plans_are_those_of_the_reference() {
    let fixture = fixture();
    let plan = |predicted: &[f32], observed: &[f32], expected: &[f32], what: &str| {
        let mut found = vec![0.0f32; 900];
        for (i, j, share) in pairs(predicted, observed, 10).unwrap() {
            found[i * 30 + j] += share as f32;
        }
        close(&found, expected, VALUE, what);
    };
    let rows = |cells: &str, index: &str| {
        let cells = fixture.values(cells);
        let rows = fixture.indices(index);
        rows.iter().flat_map(|row| cells[row * 10..(row + 1) * 10].to_vec()).collect::<Vec<f32>>()
    };
    let observed = rows("cells1", "local1.target_index");
    plan(fixture.values("local1.prediction"), &observed, fixture.values("local1.plan"), "local");
    for at in 1..4 {
        let observed = rows(&format!("cells{at}"), &format!("global2.index{at}"));
        let (predicted, expected) = (fixture.steps("forward.prediction"), fixture.steps("forward.plans"));
        plan(&predicted[at], &observed, &expected[at - 1], "forward");
    }
}

fn populations(fixture: &Fixture) -> Populations {
    let cells = |at| fixture.values(&format!("cells{at}")).to_vec();
    let labels = TIMES.map(|time| time as f64).to_vec();
    Populations { dimensions: 10, times: TIMES.to_vec(), labels, cells: (0..4).map(cells).collect() }
}

fn recipe() -> Recipe {
    Recipe::new(ModelKind::MioFlow).with("updates", 3.0).with("cells", 30.0).with("learn-noise", true)
}

fn trainer(fixture: &Fixture, recipe: &Recipe, given: Given, orders: Vec<Vec<usize>>) -> MioFlowTrainer {
    let trainer = MioFlowTrainer::new(populations(fixture), 5, recipe, Some(&weights(fixture)), &cpu());
    trainer.unwrap().with_draws(AddressedDraws::Given(given), Schedule::Given(orders))
}

fn stages(noise: &[f32]) -> Vec<Vec<f32>> {
    noise.chunks_exact(noise.len() / 4).map(<[f32]>::to_vec).collect()
}

/// Draws and orders of three updates on pairs.
fn local(fixture: &Fixture) -> (Given, Vec<Vec<usize>>) {
    let mut given = Given::default();
    for update in 0..3 {
        let part = |part: &str| format!("local{}.{part}", update + 1);
        let at = update as usize;
        given.cells.insert((update, Purpose::Target(at)), fixture.indices(&part("start_index")));
        given.cells.insert((update, Purpose::Target(at + 1)), fixture.indices(&part("target_index")));
        given.noise.insert((update, Purpose::Start(0)), stages(fixture.values(&part("noise"))));
    }
    (given, vec![vec![0, 1], vec![1, 2], vec![2, 3]])
}

/// Draws and orders of three updates on the whole series: backwards, forwards, backwards. `numbers` are those of the fixture.
fn global(fixture: &Fixture, numbers: &[u32]) -> (Given, Vec<Vec<usize>>) {
    let mut given = Given::default();
    for (update, number) in (0..).zip(numbers) {
        for at in 0..4 {
            given.cells.insert((update, Purpose::Target(at)), fixture.indices(&format!("global{number}.index{at}")));
        }
        for (interval, noise) in fixture.steps(&format!("global{number}.noise")).iter().enumerate() {
            given.noise.insert((update, Purpose::Start(interval)), stages(noise));
        }
    }
    let order = |number: &u32| if number % 2 == 1 { vec![3, 2, 1, 0] } else { vec![0, 1, 2, 3] };
    (given, numbers.iter().map(order).collect())
}

#[test]
fn losses_gradients_and_weights_of_three_updates() {
    let fixture = fixture();
    for (phase, (given, orders)) in [("local", local(&fixture)), ("global", global(&fixture, &[1, 2, 3]))] {
        for (learned, held) in [(true, ""), (false, "held_")] {
            let recipe = recipe().with("learn-noise", learned);
            if learned {
                let found = trainer(&fixture, &recipe, given.clone(), orders.clone());
                let found = block_on({ found }.gradients()).unwrap();
                for (name, values) in &found {
                    close(values, fixture.values(&format!("{phase}_grad.{name}")), GRADIENT, name);
                }
            }
            let mut trainer = trainer(&fixture, &recipe, given.clone(), orders.clone());
            let log = fixture.steps(&format!("{phase}_{held}loss_log"));
            while !trainer.is_finished() {
                let Some(update) = block_on(trainer.advance()).unwrap() else { continue };
                let expected = &log[update.update as usize - 1];
                let terms = &update.loss.terms;
                let times = expected.len() - 2;
                let transport: f32 = expected[..times].iter().sum();
                close(&[terms[0].value], &[transport], VALUE, "transport");
                close(&[terms[1].value], &expected[times..=times], VALUE, "density");
                close(&[update.loss.total], &expected[times + 1..], VALUE, "total");
                if update.update == 1 && learned {
                    let norm = fixture.values(&format!("{phase}_grad_global_norm"));
                    close(&[update.gradient_norm], norm, GRADIENT, "gradient norm");
                }
            }
            let trained = block_on(trainer.model().to_weights(3, &[])).unwrap();
            let before = fixture.tensors("weights.");
            for (name, expected) in fixture.tensors(&format!("{phase}_{held}after3.")) {
                let found = &trained.tensors[&name].values;
                close(found, &expected.values, VALUE, &name);
                let changes =
                    |after: &[f32]| after.iter().zip(&before[&name].values).map(|(a, b)| a - b).collect::<Vec<f32>>();
                // Three steps of 0.0001 in single precision.
                close(&changes(found), &changes(&expected.values), 1e-2, &format!("{name}: its change"));
            }
        }
    }
}

#[test]
fn the_whole_series_forwards() {
    let fixture = fixture();
    let (given, orders) = global(&fixture, &[2]);
    let found = block_on(trainer(&fixture, &recipe(), given, orders).gradients()).unwrap();
    for (name, values) in &found {
        close(values, fixture.values(&format!("forward_grad.{name}")), GRADIENT, name);
    }
}

#[test]
fn the_energy_and_its_gradient() {
    let fixture = fixture();
    let (mut given, _) = global(&fixture, &[2]);
    for at in 0..4 {
        given.cells.insert((0, Purpose::Target(at)), (0..40).collect());
    }
    for interval in 0..3 {
        given.noise.insert((0, Purpose::Start(interval)), vec![vec![0.0; 400]; 4]);
    }
    given.noise.insert((0, Purpose::Contrast), fixture.steps("energy.noise"));
    let of = |energy: f64| {
        let recipe = recipe().with("cells", 40.0).with("energy", energy);
        trainer(&fixture, &recipe, given.clone(), vec![vec![0, 1, 2, 3]])
    };
    let [with, without] = [1.0, 0.0].map(|energy| block_on(of(energy).gradients()).unwrap());
    for (name, values) in &with {
        let alone: Vec<f32> = values.iter().zip(&without[name]).map(|(a, b)| a - b).collect();
        close(&alone, fixture.values(&format!("energy.grad.{name}")), GRADIENT, name);
    }
    let mut trainer = of(1.0);
    let update = block_on(trainer.advance()).unwrap().unwrap();
    close(&[update.loss.terms[2].value], &[fixture.values("energy.terms").iter().sum()], VALUE, "energy");
}

fn line() -> Populations {
    let cells = |at: usize| (0..30).flat_map(|k| [k as f32 / 10.0 + at as f32, 0.5 * at as f32]).collect();
    Populations { dimensions: 2, times: vec![0, 1, 2], labels: vec![0.0, 1.0, 2.0], cells: (0..3).map(cells).collect() }
}

#[test]
fn a_training_learns_and_goes_on_as_if_nothing_had_happened() {
    let recipe = Recipe::new(ModelKind::MioFlow).with("updates", 60.0).with("cells", 20.0).with("learning-rate", 1e-2);
    let run = |mut trainer: MioFlowTrainer| {
        let mut losses = Vec::new();
        while !trainer.is_finished() {
            losses.extend(block_on(trainer.advance()).unwrap().map(|update| update.loss.total));
        }
        (losses, block_on(trainer.model().to_weights(0, &[])).unwrap(), trainer.best().1)
    };
    let fresh = || MioFlowTrainer::new(line(), 3, &recipe, None, &cpu()).unwrap();
    let mut interrupted = fresh();
    while interrupted.updates() < 5 {
        block_on(interrupted.advance()).unwrap();
    }
    let bytes = block_on(interrupted.progress()).unwrap().unwrap().write().unwrap();
    let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
    let progress = scimf::models::fitted::Progress::from_file(tensors, &metadata).unwrap();
    let (resumed, whole) = (run(MioFlowTrainer::resumed(line(), 3, &progress, &cpu()).unwrap()), run(fresh()));
    assert_eq!((&resumed.0[..], &resumed.1, resumed.2), (&whole.0[5..], &whole.1, whole.2), "bit by bit");
    assert_eq!(whole.2, 60, "the last weights are kept");
    // Updates on pairs are told apart from those on the whole series, whose losses are sums.
    assert!(whole.0[38] < 0.5 * whole.0[0], "it learns: {:?}", whole.0);
    let alpha = &whole.1.tensors["func.alpha"].values;
    assert!(alpha.iter().all(|scale| *scale == 0.2), "the noise is held: {alpha:?}");
}

#[test]
fn learned_noise_is_told_by_interval_and_held_noise_is_not() {
    let model = ModelKind::MioFlow;
    let noise = |learned: bool| -> IntervalNoise {
        let mut user = with_line();
        let small = [("updates", 6.0), ("cells", 8.0), ("hidden", 4.0), ("learning-rate", 0.05)];
        let recipe = small.into_iter().fold(Recipe::new(model), |recipe, (key, value)| recipe.with(key, value));
        user.works(Command::Train { recipe: recipe.with("learn-noise", learned) });
        let events = user.says(Command::Noise(model));
        let [Event::Noise(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        let other = user.says(Command::Noise(ModelKind::ScImf));
        assert!(refusal(&other).contains("no model of scIMF"), "{other:?}");
        found.clone()
    };
    let learned = noise(true);
    assert!(learned.learned && learned.start == Some(0.2) && learned.intervals.len() == 2, "{learned:?}");
    for interval in &learned.intervals {
        assert!(interval.trained && interval.spread > 0.0 && interval.share > 0.0, "{interval:?}");
        assert!((interval.spread / interval.spread_at_start - 1.0).abs() > 1e-3, "it was learned: {interval:?}");
    }
    let held = noise(false);
    assert!(!held.learned && held.start == Some(0.2) && held.intervals.is_empty(), "{held:?}");
}

#[test]
fn distances_along_the_graph_are_those_of_the_reference() {
    let fixture = autoencoder();
    for update in 1..=3 {
        let walk = Walk::new(&autoencoded(update), 10);
        let expected = fixture.values(&format!("gae.update{update}.geodesic"));
        close(&walk.distances(), expected, VALUE, "geodesic distances");
        if update == 1 {
            let mut transition = vec![0.0; 40 * 40];
            for (i, row) in walk.rows.iter().enumerate() {
                row.iter().for_each(|(j, share)| transition[i * 40 + j] = *share as f32);
            }
            close(&transition, fixture.values("gae.update1.transition"), VALUE, "transition");
            let stationary: Vec<f32> = walk.stationary.iter().map(|x| *x as f32).collect();
            close(&stationary, fixture.values("gae.update1.stationary"), VALUE, "stationary law");
        }
    }
}

/// The part of the reference that is about the autoencoder.
fn autoencoder() -> Fixture {
    Fixture::open("mioflow_gae_d10")
}

/// The cells of an update of the autoencoder.
fn autoencoded(update: u32) -> Vec<f32> {
    let (cells_of, draws) = (fixture(), autoencoder());
    let rows = |at: usize| {
        let cells = cells_of.values(&format!("cells{at}")).to_vec();
        let index = draws.indices(&format!("gae.update{update}.index{at}"));
        index.into_iter().flat_map(|row| cells[row * 10..(row + 1) * 10].to_vec()).collect::<Vec<_>>()
    };
    (0..4).flat_map(rows).collect()
}

/// Fresh weights in whose space of 5 coordinates the autoencoder is the reference's.
fn autoencoding() -> MioFlowWeights {
    let space = Some(AutoencoderShape { latent: 5, hidden: vec![20, 20] });
    let mut weights = initial_weights(MioFlowShape { dimensions: 10, hidden: vec![4, 8, 4], bins: 5, space }, 0.2, 1);
    weights.tensors.extend(autoencoder().tensors("gae.weights."));
    weights
}

#[test]
fn losses_gradients_and_weights_of_three_updates_of_the_autoencoder() {
    let fixture = autoencoder();
    let mut given = Given::default();
    for update in 0..3 {
        let part = |part: &str| format!("gae.update{}.{part}", update + 1);
        for at in 0..4 {
            given.cells.insert((update, Purpose::Target(at)), fixture.indices(&part(&format!("index{at}"))));
        }
        given.noise.insert((update, Purpose::Start(0)), vec![fixture.values(&part("noise")).to_vec()]);
        let size = (fixture.values(&part("scale"))[0] - 0.09) / 0.06;
        given.noise.insert((update, Purpose::Contrast), vec![vec![size]]);
    }
    let recipe = recipe().with("updates", 4.0).with("geodesic", true).with("autoencoder", 0.75);
    let fresh = || {
        let trainer = MioFlowTrainer::new(populations(&self::fixture()), 5, &recipe, Some(&autoencoding()), &cpu());
        trainer.unwrap().with_draws(AddressedDraws::Given(given.clone()), Schedule::Given(vec![vec![0, 1]]))
    };
    let found = block_on(fresh().gradients()).unwrap();
    for (name, expected) in fixture.tensors("gae.grad.") {
        close(&found[&name], &expected.values, GRADIENT, &name);
    }
    let (mut trainer, log) = (fresh(), fixture.steps("gae.loss_log"));
    while trainer.updates() < 3 {
        let Some(update) = block_on(trainer.advance()).unwrap() else { continue };
        let expected = &log[update.update as usize - 1];
        close(&[update.loss.terms[3].value, update.loss.total], &[expected[2]; 2], VALUE, "autoencoder");
        assert!((update.learning_rate - 1e-3).abs() < 1e-9);
    }
    let trained = block_on(trainer.model().to_weights(3, &[])).unwrap();
    let before = autoencoding().tensors;
    for (name, tensor) in &before {
        let found = &trained.tensors[name].values;
        match fixture.tensors("gae.after3.").get(name) {
            Some(expected) => close(found, &expected.values, VALUE, name),
            None => assert_eq!(found, &tensor.values, "{name} waits for its turn"),
        }
    }
}

#[test]
fn a_space_pushes_as_it_decodes() {
    let model = MioFlow::from_weights(&autoencoding(), &cpu()).unwrap();
    let space = model.network.space.as_ref().unwrap();
    let places = upload(vec![0.3, -0.2, 0.5, 0.1, -0.4, 1.0, 0.2, -0.6, 0.9, 0.0], [2, 5], &cpu());
    let drift = upload(vec![0.5, 0.1, -0.3, 0.2, 0.4, -0.1, 0.6, 0.2, 0.1, -0.5], [2, 5], &cpu());
    let at = |share: f64| space.decode(places.clone() + drift.clone().mul_scalar(share));
    let expected = read((at(1e-3) - at(-1e-3)).div_scalar(2e-3));
    close(&read(space.push(places.clone(), drift.clone())), &expected, 2e-3, "push");
}

/// A learned space is trained, then frozen, and what moves in it is seen in the components of the study.
#[test]
fn cells_move_in_a_learned_space_and_are_seen_in_components() {
    let model = ModelKind::MioFlow;
    let small = [("updates", 12.0), ("cells", 8.0), ("hidden", 4.0), ("latent", 2.0), ("autoencoder", 0.5)];
    let recipe = small.into_iter().fold(Recipe::new(model), |recipe, (key, value)| recipe.with(key, value));
    let mut user = with_line();
    let events = user.works(Command::Train { recipe: recipe.with("geodesic", true) });
    let trained: Vec<f32> = events
        .iter()
        .filter_map(|event| match event {
            Event::Update(update) => Some(update.loss.terms[3].value),
            _ => None,
        })
        .collect();
    assert!(trained[..6].iter().all(|loss| *loss > 0.0) && trained[6..].iter().all(|loss| *loss == 0.0), "{trained:?}");
    let query =
        VelocityQuery { time: 1, space: SpaceId::Components([0, 1]), part: Default::default(), model, sample: None };
    let events = user.says(Command::Velocity(query));
    let [Event::Velocity(field), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert!(field.mean_speed > 0.0 && field.vectors.iter().all(|x| x.is_finite()));
    let events = user.works(Command::Simulate(SimulationQuery { model, cells: 5, ..SimulationQuery::default() }));
    assert!(
        events.iter().any(|event| matches!(event, Event::Simulation(it) if it.positions.len() == it.times.len() * 10))
    );
    let bytes = file(&user.says(Command::SaveWeights { model }));
    let mut other = with_line();
    let events = other.says(Command::LoadWeights { name: "w".into(), bytes });
    assert!(matches!(&events[..], [Event::WeightsChanged { .. }, Event::Done]), "{events:?}");
    let events = other.says(Command::Velocity(query));
    let [Event::Velocity(again), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!(again.vectors, field.vectors);
}

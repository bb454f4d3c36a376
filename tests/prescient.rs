//! PRESCIENT against reference tensors made from the published equations (`fixtures/README.md`), on the CPU.

use crate::support::{self, Fixture, block_on, close, read};
use scimf::data::{Dataset, Matrix, Measured};
use scimf::models::AnyWeights;
use scimf::models::fitted::{Fitted, Stored};
use scimf::models::pi_sde::{PiSdeConfig, PiSdeSettings, PiSdeTrainer, PiSdeWeights};
use scimf::models::prescient::{
    Growing, Growth, GrowthGenes, Prescient, PrescientConfig, PrescientProgress, PrescientSettings, PrescientTrainer,
    PrescientWeights, initial_weights,
};
use scimf::sde::euler_maruyama;
use scimf::tensor::{cpu, upload};
use scimf::train::{AddressedDraws, Given, Populations, Purpose};
use std::collections::HashMap;

const VALUE: f64 = 1e-4;
const GRADIENT: f64 = 1e-3;

fn fixture() -> Fixture {
    Fixture::open("prescient_d10")
}

fn weights(fixture: &Fixture, prefix: &str) -> PrescientWeights {
    PrescientWeights::from_file(fixture.tensors(prefix), &HashMap::new()).unwrap()
}

fn model(fixture: &Fixture, prefix: &str) -> Prescient {
    Prescient::from_weights(&weights(fixture, prefix), &cpu()).unwrap()
}

#[test]
fn the_network_and_its_gradient() {
    let fixture = fixture();
    for (prefix, value, drift) in [
        ("weights.", "field.net", "field.drift"),
        ("one_layer.weights.", "one_layer.net", "one_layer.drift"),
        ("three_layers.weights.", "three_layers.net", "three_layers.drift"),
    ] {
        let (model, x) = (model(&fixture, prefix), fixture.matrix("cells0"));
        close(&read(model.potential(x.clone()).neg()), fixture.values(value), VALUE, value);
        close(&read(model.drift(x)), fixture.values(drift), VALUE, drift);
    }
}

#[test]
fn cells_move() {
    let fixture = fixture();
    let model = model(&fixture, "weights.");
    let motion = model.motion(&cpu());
    let mut state = fixture.matrix("cells0");
    let mut kept = read(state.clone());
    for (step, noise) in fixture.steps("rollout.noise").into_iter().enumerate() {
        let noise = upload(noise, state.dims(), &cpu());
        state = euler_maruyama(&motion, 0.0, 0.1, state, Some(noise));
        if (step + 1) % 10 == 0 {
            kept.extend(read(state.clone()));
        }
    }
    close(&kept, fixture.values("rollout.trajectory"), VALUE, "trajectory");
}

/// The cells of the fixture as a dataset whose measured genes have the given z-scores.
fn dataset(fixture: &Fixture) -> Dataset {
    let all: Vec<f32> = (0..4).flat_map(|at| fixture.values(&format!("cells{at}")).to_vec()).collect();
    let times = (0..4).flat_map(|at| vec![at; fixture.shape(&format!("cells{at}"))[0]]);
    let (cells, genes) = (fixture.shape("growth.expression")[0], fixture.shape("growth.expression")[1]);
    let expression = fixture.values("growth.expression");
    let column = |gene: usize| (0..cells).map(move |cell| expression[cell * genes + gene]);
    let measured = Measured {
        genes: (0..genes).map(|gene| format!("gene {gene}")).collect(),
        cells,
        starts: (0..=genes).map(|gene| (gene * cells) as u32).collect(),
        rows: (0..genes).flat_map(|_| 0..cells as u32).collect(),
        values: (0..genes).flat_map(column).collect(),
        ..Measured::default()
    };
    Dataset {
        states: Matrix::new(cells, 10, all).unwrap(),
        times: times.collect(),
        measured: Some(measured),
        ..Dataset::default()
    }
}

fn genes(fixture: &Fixture) -> GrowthGenes {
    let named = |list: &str| fixture.indices(list).iter().map(|gene| format!("gene {gene}")).collect();
    GrowthGenes { birth: named("growth.birth_genes"), death: named("growth.death_genes") }
}

fn grown(mut growing: Growing) -> Growth {
    loop {
        if let Some(growth) = growing.advance() {
            return growth;
        }
    }
}

#[test]
fn growth_is_that_of_the_reference() {
    let fixture = fixture();
    let growth = grown(Growing::new(&dataset(&fixture), &genes(&fixture), &[]).unwrap().unwrap());
    close(&growth.rates, fixture.values("growth.rate"), VALUE, "rates");
    assert_eq!(growth.at_start.len(), 40);
    for at in 1..4 {
        let weights: Vec<f32> = growth.at_start.iter().map(|rate| (at as f32 * rate).exp()).collect();
        close(&weights, fixture.values(&format!("growth.weight{at}")), VALUE, "weights");
    }
}

#[test]
fn growth_needs_genes_that_are_there_and_sees_no_held_out_cell() {
    let fixture = fixture();
    let data = dataset(&fixture);
    assert!(Growing::new(&data, &GrowthGenes::default(), &[]).unwrap().is_none(), "no genes, no growth");
    let unknown = GrowthGenes { birth: vec!["NOT A GENE".into()], death: Vec::new() };
    let error = Growing::new(&data, &unknown, &[]).err().unwrap();
    assert_eq!(error.place, "genes of birth");
    assert!(!error.remedy.is_empty());
    let growth = grown(Growing::new(&data, &genes(&fixture), &[2]).unwrap().unwrap());
    assert_eq!(growth.rates.len(), 40 + 50 + 45);
    // A list alone still says something; genes of death outweigh those of birth.
    let alone = GrowthGenes { death: Vec::new(), ..genes(&fixture) };
    let rates = grown(Growing::new(&data, &alone, &[]).unwrap().unwrap()).rates;
    assert!(rates.iter().any(|rate| (rate - rates[0]).abs() > 1e-3));
}

fn populations(fixture: &Fixture) -> Populations {
    let cells = |at| fixture.values(&format!("cells{at}")).to_vec();
    Populations {
        dimensions: 10,
        times: (0..4).collect(),
        labels: vec![0.0, 1.0, 2.0, 3.0],
        cells: (0..4).map(cells).collect(),
    }
}

fn given(fixture: &Fixture) -> Given {
    let mut given = Given::default();
    for update in 0..3 {
        let name = |part: &str| format!("update{}.{part}", update + 1);
        for at in 1..4 {
            let part = |part: &str| name(&format!("{part}{at}"));
            given.cells.insert((update, Purpose::Start(at)), fixture.indices(&part("start_index")));
            given.noise.insert((update, Purpose::Start(at)), fixture.steps(&part("noise")));
            given.cells.insert((update, Purpose::Target(at)), fixture.indices(&part("target_index")));
        }
        given.cells.insert((update, Purpose::Contrast), fixture.indices(&name("contrast_index")));
        given.noise.insert((update, Purpose::Contrast), fixture.steps(&name("contrast_noise")));
    }
    given
}

fn settings(fixture: &Fixture) -> PrescientSettings {
    PrescientSettings {
        config: weights(fixture, "weights.").config,
        updates: 3,
        share: 0.5,
        tau: 0.02,
        contrast_cells: 50,
        contrast_steps: 20,
        ..PrescientSettings::default()
    }
}

fn trainer(fixture: &Fixture, settings: PrescientSettings) -> PrescientTrainer {
    let trainer =
        PrescientTrainer::new(populations(fixture), None, settings, Some(&weights(fixture, "weights.")), &cpu());
    let rates = fixture.values("growth.rate")[..40].to_vec();
    trainer.unwrap().with_draws(AddressedDraws::Given(given(fixture))).with_growth(rates)
}

#[test]
fn gradients_of_the_loss_and_of_the_contrastive_term_alone() {
    let fixture = fixture();
    let whole = block_on(trainer(&fixture, settings(&fixture)).gradients()).unwrap();
    for (name, values) in &whole {
        close(values, fixture.values(&format!("grad.{name}")), GRADIENT, name);
    }
    let without = PrescientSettings { tau: 0.0, ..settings(&fixture) };
    let without = block_on(trainer(&fixture, without).gradients()).unwrap();
    for (name, values) in &whole {
        let alone: Vec<f32> = values.iter().zip(&without[name]).map(|(a, b)| a - b).collect();
        close(&alone, fixture.values(&format!("contrast_grad.{name}")), GRADIENT, name);
    }
}

#[test]
fn losses_and_weights_of_three_updates() {
    let fixture = fixture();
    let mut trainer = trainer(&fixture, settings(&fixture));
    let expected = fixture.values("loss_log");
    while !trainer.is_finished() {
        let Some(update) = block_on(trainer.advance()).unwrap() else { continue };
        let expected = &expected[6 * (update.update as usize - 1)..][..6];
        close(update.loss.at_times(), &expected[..3], VALUE, "divergences");
        close(&[update.loss.terms[1].value], &[0.02 * (expected[3] + expected[4])], VALUE, "contrast");
        close(&[update.loss.total], &expected[5..], VALUE, "total");
        if update.update == 1 {
            close(&[update.gradient_norm], fixture.values("grad_global_norm"), GRADIENT, "gradient norm");
        }
    }
    let trained = block_on(trainer.model().to_weights(3, &[])).unwrap();
    for (name, expected) in fixture.tensors("after3.") {
        close(&trained.tensors[&name].values, &expected.values, VALUE, &name);
    }
}

/// Without growth and contrast, with the same draws for all times, the gradient is that of PI-SDE with Psi = -net, blind for time, without
/// the residual in its loss.
#[test]
fn without_growth_and_contrast_it_learns_as_pi_sde_does_without_time_and_residual() {
    let fixture = fixture();
    let (mut ours, mut theirs) = (Given::default(), Given::default());
    for at in 1..4 {
        let name = |part: &str| format!("update1.{part}");
        let (start, noise) = (fixture.indices(&name("start_index3")), fixture.steps(&name("noise3")));
        let target = fixture.indices(&name(&format!("target_index{at}")));
        ours.cells.insert((0, Purpose::Start(at)), start.clone());
        ours.noise.insert((0, Purpose::Start(at)), noise.clone());
        ours.cells.insert((0, Purpose::Target(at)), target.clone());
        theirs.cells.insert((0, Purpose::Start(0)), start);
        theirs.noise.insert((0, Purpose::Start(0)), noise);
        theirs.cells.insert((0, Purpose::Target(at)), target);
    }
    let weights = weights(&fixture, "weights.");
    let settings = PrescientSettings { tau: 0.0, ..settings(&fixture) };
    let prescient = PrescientTrainer::new(populations(&fixture), None, settings, Some(&weights), &cpu());
    let prescient = block_on(prescient.unwrap().with_draws(AddressedDraws::Given(ours)).gradients()).unwrap();

    let mut tensors = HashMap::new();
    for (name, tensor) in weights.tensors {
        let mut tensor = tensor;
        if name == "net.linear.weight" {
            tensor.values.iter_mut().for_each(|value| *value = -*value);
        }
        if name == "net.linear1.weight" {
            tensor.values = tensor.values.chunks_exact(10).flat_map(|row| [row, &[0.0]].concat()).collect();
            tensor.shape[1] = 11;
        }
        tensors.insert(format!("_func.{name}"), tensor);
    }
    let sigma = scimf::data::weights::Tensor { shape: vec![1, 10], values: vec![0.5; 10] };
    tensors.insert("_func.sigma".into(), sigma);
    let weights = PiSdeWeights::from_file(tensors.into_iter().collect(), &HashMap::new()).unwrap();
    let config = PiSdeConfig { sigma: 0.5, ..weights.config };
    let settings = PiSdeSettings { config, share: 0.5, residual_weight: 0.0, ..PiSdeSettings::default() };
    let pi_sde = PiSdeTrainer::new(populations(&fixture), settings, Some(&weights), &cpu());
    let pi_sde = block_on(pi_sde.unwrap().with_draws(AddressedDraws::Given(theirs)).gradients()).unwrap();

    for (name, ours) in prescient {
        let theirs = &pi_sde[&format!("_func.{name}")];
        let theirs: Vec<f32> = match name.as_str() {
            "net.linear.weight" => theirs.iter().map(|value| -value).collect(),
            "net.linear1.weight" => theirs.chunks_exact(11).flat_map(|row| row[..10].to_vec()).collect(),
            _ => theirs.clone(),
        };
        close(&ours, &theirs, 1e-4, &name);
    }
}

fn quick() -> PrescientSettings {
    let config = PrescientConfig { hidden: 16, dt: 0.25, sd: 0.1, ..PrescientConfig::default() };
    PrescientSettings { config, updates: 12, share: 0.5, contrast_cells: 20, ..PrescientSettings::default() }
}

fn line() -> Populations {
    let cells = |at: usize| (0..30).flat_map(|k| [k as f32 / 10.0 + at as f32, 0.5 * at as f32]).collect();
    Populations { dimensions: 2, times: vec![0, 1, 2], labels: vec![0.0, 1.0, 2.0], cells: (0..3).map(cells).collect() }
}

#[test]
fn a_training_learns_and_goes_on_as_if_nothing_had_happened() {
    let run = |mut trainer: PrescientTrainer| {
        let mut losses = Vec::new();
        while !trainer.is_finished() {
            losses.extend(block_on(trainer.advance()).unwrap().map(|update| update.loss.total));
        }
        (losses, block_on(trainer.model().to_weights(0, &[])).unwrap(), trainer.best().1)
    };
    let fresh = || PrescientTrainer::new(line(), None, quick(), None, &cpu()).unwrap();
    let mut interrupted = fresh();
    while interrupted.updates() < 5 {
        block_on(interrupted.advance()).unwrap();
    }
    let bytes = block_on(interrupted.progress()).unwrap().unwrap().write().unwrap();
    let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
    let progress = PrescientProgress::from_file(tensors, &metadata).unwrap();
    let (resumed, whole) = (run(PrescientTrainer::resumed(line(), None, &progress, &cpu()).unwrap()), run(fresh()));
    assert_eq!((&resumed.0[..], &resumed.1, resumed.2), (&whole.0[5..], &whole.1, whole.2), "bit by bit");
    assert_eq!(whole.2, 12, "the last weights are kept, as published");
    assert!(whole.0[11] < 0.8 * whole.0[0], "it learns: {:?}", whole.0);
}

#[test]
fn a_published_checkpoint_is_read_with_its_names_and_its_epoch() {
    let bytes = std::fs::read(support::path("prescient_d10_checkpoint.pt")).unwrap();
    let expected = PrescientWeights { updates: 2500, ..weights(&fixture(), "weights.") };
    assert_eq!(AnyWeights::read("best.pt", &bytes).unwrap(), AnyWeights::Prescient(Box::new(expected)));
}

#[test]
fn fresh_weights_have_no_drift() {
    let config = PrescientConfig { dimensions: 3, hidden: 8, ..PrescientConfig::default() };
    let model = Prescient::from_weights(&initial_weights(config, GrowthGenes::default(), 1), &cpu()).unwrap();
    assert!(read(model.drift(upload(vec![0.5; 6], [2, 3], &cpu()))).iter().all(|drift| *drift == 0.0));
}

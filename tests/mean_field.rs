//! The laws of the mean-field drift: an interaction can be nothing, keeps its size, and is heard by one's own population alone.

use crate::support::{block_on, close, read};
use burn::tensor::Tensor;
use scimf::data::Dataset;
use scimf::models::fitted::{Fitted, Progress};
use scimf::models::mean_field::{Mask, MeanField, MeanFieldTrainer, MeanFieldWeights};
use scimf::models::{Journey, Model, Moves};
use scimf::protocol::{Change, DriftPart, ModelKind, Recipe, SimulationQuery, SpaceId, VelocityQuery};
use scimf::tensor::{cpu, upload};
use scimf::tissue::{Design, DesignSettings, simulate_design};

/// A control and a sample without each type, few cells; or one sample.
fn tissue(design: Design) -> Dataset {
    let settings = DesignSettings { design, cells: 40, genes: 30, components: 4, ..DesignSettings::default() };
    simulate_design(&settings).unwrap().dataset
}

fn recipe() -> Recipe {
    Recipe::new(ModelKind::MeanField)
        .with("updates", 4u32)
        .with("hidden", 8u32)
        .with("cells", 64u32)
        .with("steps", 2u32)
}

fn fresh(dataset: &Dataset, recipe: &Recipe) -> MeanField {
    MeanFieldTrainer::new(dataset, recipe, None, &cpu()).unwrap().model()
}

fn weights(model: &MeanField) -> MeanFieldWeights {
    block_on(model.to_weights(0, &[])).unwrap()
}

/// The cells of a population.
fn cells(dataset: &Dataset, sample: usize, time: usize) -> Tensor<2> {
    let states = dataset.states_of(&dataset.sample_cells(sample, time));
    let shape = [states.len() / dataset.states.cols, dataset.states.cols];
    upload(states, shape, &cpu())
}

fn pulls(model: &MeanField) -> Vec<f32> {
    weights(model).tensors["pulls"].values.clone()
}

#[test]
fn without_pulls_the_drift_is_the_intrinsic_one_bit_by_bit_and_nobody_has_an_effect() {
    let dataset = tissue(Design::Depletion);
    let model = fresh(&dataset, &recipe().with("linear-start", false));
    assert!(model.interacts() && pulls(&model).iter().all(|pull| *pull == 0.0));
    let x = cells(&dataset, 0, 1);
    let mask = Mask::all(x.dims()[0], &cpu());
    assert_eq!(read(model.drift(1.0, &mask, x.clone())), read(model.intrinsic(1.0, x.clone())));
    let [_, heard] = block_on(model.parts(1.0, read(x), &cpu())).unwrap().unwrap();
    assert!(heard.iter().all(|value| *value == 0.0));
    let alone = fresh(&dataset, &recipe().with("interaction", false));
    assert!(block_on(alone.parts(1.0, heard, &cpu())).unwrap().is_none());
}

#[test]
fn it_begins_with_the_linear_estimate_where_samples_allow_one() {
    let found = pulls(&fresh(&tissue(Design::Depletion), &recipe()));
    let kinds = found.len().isqrt();
    assert!((0..kinds).all(|kind| found[kind * kinds + kind] == 0.0), "no type pulls itself");
    assert!(found.iter().filter(|pull| **pull != 0.0).count() > kinds);
    assert!(pulls(&fresh(&tissue(Design::Series), &recipe())).iter().all(|pull| *pull == 0.0));
}

#[test]
fn what_is_heard_does_not_depend_on_the_order_of_cells_and_keeps_its_size() {
    let dataset = tissue(Design::Depletion);
    let model = fresh(&dataset, &recipe());
    let states = read(cells(&dataset, 0, 2));
    let heard = |states: Vec<f32>| block_on(model.parts(2.0, states, &cpu())).unwrap().unwrap()[1].clone();
    let reversed = |values: &[f32]| values.chunks(4).rev().flatten().copied().collect::<Vec<f32>>();
    let whole = heard(states.clone());
    assert!(whole.iter().any(|value| value.abs() > 1e-3));
    close(&reversed(&heard(reversed(&states))), &whole, 1e-4, "in another order");
    // Pulls twice as strong are heard twice as much.
    let mut strong = weights(&model);
    strong.tensors.get_mut("pulls").unwrap().values.iter_mut().for_each(|pull| *pull *= 2.0);
    let strong = MeanField::from_weights(&strong, &cpu()).unwrap();
    let twice = block_on(strong.parts(2.0, states, &cpu())).unwrap().unwrap()[1].clone();
    close(&twice, &whole.iter().map(|value| 2.0 * value).collect::<Vec<_>>(), 1e-4, "twice");
}

#[test]
fn populations_in_one_tensor_do_not_hear_each_other() {
    let dataset = tissue(Design::Depletion);
    let model = fresh(&dataset, &recipe());
    let [a, b] = [cells(&dataset, 0, 1), cells(&dataset, 2, 1)];
    let each = a.dims()[0];
    let apart = Mask::apart(2, each, &cpu());
    let both = read(model.interaction(&apart, Tensor::cat(vec![a.clone(), b.clone()], 0)).unwrap());
    let alone = |x: Tensor<2>| read(model.interaction(&Mask::all(each, &cpu()), x).unwrap());
    close(&both, &[alone(a), alone(b)].concat(), 1e-4, "apart");

    // The same of the velocity that is shown of all samples at once.
    let (part, kind) = (DriftPart::Interaction, ModelKind::MeanField);
    let query = VelocityQuery { time: 1, space: SpaceId::default(), part, model: kind, sample: None };
    let velocity = |dataset: &Dataset| block_on(model.velocity(dataset, query, &cpu())).unwrap();
    let mut moved = dataset.clone();
    for cell in (0..moved.states.rows).filter(|&cell| dataset.sample_of(cell) == 3) {
        moved.states.row_mut(cell).iter_mut().for_each(|value| *value += 5.0);
    }
    let (before, after) = (velocity(&dataset), velocity(&moved));
    let mut others = 0;
    for (at, cell) in before.cells.iter().enumerate() {
        let same = before.speeds[at] == after.speeds[at];
        assert!(same || dataset.sample_of(*cell as usize) == 3, "cell {cell} hears another sample");
        others += usize::from(!same);
    }
    assert!(others > 10);
}

#[test]
fn many_cells_are_heard_without_a_matrix_of_all_pairs() {
    let dataset = tissue(Design::Depletion);
    let model = fresh(&dataset, &recipe());
    let few = read(cells(&dataset, 0, 1));
    // 100,000 cells that make the same population: a matrix of all pairs would have 40 GB.
    let many = few.repeat(100_000 * 4 / few.len());
    let heard = |states: Vec<f32>| block_on(model.parts(1.0, states, &cpu())).unwrap().unwrap()[1].clone();
    close(&heard(many)[..few.len()], &heard(few), 1e-3, "as the few do");
}

#[test]
fn presence_or_number_of_senders_counts() {
    let dataset = tissue(Design::Depletion);
    // Cells in the middle of their types: one that sends, or three, among receivers that are the same.
    let kinds = dataset.types.len();
    let size = |saturation: f64, times: usize| {
        let mut weights = weights(&fresh(&dataset, &recipe().with("saturation", saturation)));
        let pulls = &mut weights.tensors.get_mut("pulls").unwrap().values;
        (0..pulls.len()).for_each(|at| pulls[at] = if at % kinds == 5 { 1.0 } else { 0.0 });
        let model = MeanField::from_weights(&weights, &cpu()).unwrap();
        let of = |kind: u32, count: usize| {
            let cells: Vec<usize> = (0..dataset.states.rows).filter(|&cell| dataset.cell_types[cell] == kind).collect();
            let sum = |column: usize| cells.iter().map(|cell| dataset.states.row(*cell)[column]).sum::<f32>();
            (0..4).map(|column| sum(column) / cells.len() as f32).collect::<Vec<_>>().repeat(count)
        };
        let states = [of(2, 12 - times), of(5, times)].concat();
        let heard = block_on(model.parts(0.0, states, &cpu())).unwrap().unwrap()[1].clone();
        heard[..4].iter().map(|value| value * value).sum::<f32>().sqrt()
    };
    let (presence, number) = (size(1e-4, 3) / size(1e-4, 1), size(1e6, 3) / size(1e6, 1));
    assert!((presence - 1.0).abs() < 0.05, "presence: {presence}");
    assert!((number - 3.0).abs() < 0.05, "number: {number}");
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let dataset = tissue(Design::Depletion);
    let recipe = recipe().with("alone", 0.0).with("price", 1.0);
    let trainer = |weights: &MeanFieldWeights| MeanFieldTrainer::new(&dataset, &recipe, Some(weights), &cpu()).unwrap();
    let start = weights(&fresh(&dataset, &recipe));
    let gradients = block_on(trainer(&start).gradients()).unwrap();
    let loss = |name: &str, at: usize, by: f32| {
        let mut changed = start.clone();
        changed.tensors.get_mut(name).unwrap().values[at] += by;
        let mut trainer = trainer(&changed);
        loop {
            if let Some(update) = block_on(trainer.advance()).unwrap() {
                return update.loss.total;
            }
        }
    };
    for name in ["pulls", "intrinsic.0.weight", "intrinsic.4.bias"] {
        let gradient = &gradients[name];
        let most = |a: &usize, b: &usize| gradient[*a].abs().total_cmp(&gradient[*b].abs());
        let at = (0..gradient.len()).max_by(most).unwrap();
        let step = 0.01;
        let found = (loss(name, at, step) - loss(name, at, -step)) / (2.0 * step);
        let near = (found - gradient[at]).abs() < 0.02 * gradient[at].abs() + 2e-3;
        assert!(near, "{name}: {found} by differences, {} by the gradient", gradient[at]);
    }
    // Groups and noise are given, not fitted: what stands in their place is their value.
    assert_eq!(gradients["noise"], start.tensors["noise"].values);
}

#[test]
fn a_training_goes_on_as_if_nothing_had_happened() {
    let dataset = tissue(Design::Depletion);
    let end = |mut trainer: MeanFieldTrainer| {
        while !trainer.is_finished() {
            block_on(trainer.advance()).unwrap();
        }
        (weights(&trainer.model()), trainer.best().1)
    };
    // Half of the updates are without interaction.
    let recipe = recipe().with("updates", 8u32).with("alone", 0.5);
    let fresh = || MeanFieldTrainer::new(&dataset, &recipe, None, &cpu()).unwrap();
    for stop in [2, 5] {
        let mut interrupted = fresh();
        while interrupted.updates() < stop {
            block_on(interrupted.advance()).unwrap();
        }
        let bytes = block_on(interrupted.progress()).unwrap().unwrap().write().unwrap();
        let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
        let read = Progress::from_file(tensors, &metadata).unwrap();
        let resumed = MeanFieldTrainer::resumed(&dataset, &read, &cpu()).unwrap();
        assert_eq!(end(resumed), end(fresh()), "bit by bit after {stop} updates");
    }
}

#[test]
fn whom_everybody_mutes_is_as_if_not_there() {
    let dataset = tissue(Design::Depletion);
    let model = fresh(&dataset, &recipe());
    let still = fresh(&dataset, &recipe().with("interaction", false));
    let end = |model: &MeanField, changes: &[Change]| {
        let query = SimulationQuery { cells: 20, until: Some(1.0), ..SimulationQuery::default() };
        let mut journey = model.journey(&dataset, &query, changes, &cpu()).unwrap();
        while !journey.is_finished() {
            block_on(journey.step(&dataset)).unwrap();
        }
        read(journey.state())
    };
    let all: Vec<Change> = (0..dataset.types.len()).map(|sender| Change::Mute { receiver: None, sender }).collect();
    close(&end(&model, &all), &end(&still, &[]), 1e-5, "nobody is heard");
    let some = |changes: &[Change]| end(&model, changes) != end(&model, &[]);
    assert!(some(&all) && some(&all[2..3]) && some(&[Change::Mute { receiver: Some(0), sender: 2 }]));
    let strength = |factor| [Change::Scale { receiver: Some(0), sender: 2, factor }];
    assert_eq!(end(&model, &strength(1.0)), end(&model, &[]));
    assert_eq!(end(&model, &strength(0.0)), end(&model, &[Change::Mute { receiver: Some(0), sender: 2 }]));
    assert!(some(&strength(3.0)) && end(&model, &strength(3.0)) != end(&model, &strength(2.0)));
    let removed = end(&model, &[Change::Remove { types: vec![0], cells: Default::default() }]);
    assert!(removed.len() < 20 * 4 && !removed.is_empty());
}

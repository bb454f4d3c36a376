//! Cell-MNN learns what was planted, and a session answers from it.

use crate::support;
use crate::support::{losses, user::User};
use pollster::block_on;
use scimf::data::{Dataset, Decoder, Matrix, bundle, known_signs};
use scimf::models::cell_mnn::{OperatorTrainer, Snapshots};
use scimf::models::operators::{OperatorField, eigenvalues, sign_agreement};
use scimf::protocol::{
    CellMnnConfig, CellMnnSettings, CellType, Command, EvaluationSettings, Event, File, GeneNetworkQuery,
    LinearisationQuery, ModelKind, OperatorForm, OperatorOf, PerturbationQuery, SimulationQuery, SpaceId, Start,
    StopRule, TimePoint, TrainSettings, ValuesQuery, VelocityQuery, WhyQuery,
};
use scimf::regulation::{NetworkSettings, simulate};
use scimf::tensor::cpu;

/// Turn of the planted rotation, radians per time point.
const TURN: f64 = 0.6;

/// Cells on an arc that turn around the origin, in two dimensions with equal spread.
fn spiral(cells: usize) -> Dataset {
    let points = 5usize;
    let mut states = Vec::new();
    for time in 0..points {
        for cell in 0..cells {
            let share = (cell as f64 + 0.5) / cells as f64;
            let angle = 1.2 * share + TURN * time as f64;
            let radius = 1.0 + 0.5 * ((7.0 * share).sin());
            states.extend([(radius * angle.cos()) as f32, (radius * angle.sin()) as f32]);
        }
    }
    let identity = Matrix::new(2, 2, vec![1.0, 0.0, 0.0, 1.0]).unwrap();
    let point = |time: usize| TimePoint { label: format!("day {time}"), value: Some(time as f64), cells: 0 };
    Dataset {
        name: "spiral".into(),
        states: Matrix::new(points * cells, 2, states).unwrap(),
        axis: "PC".into(),
        times: (0..points as u32).flat_map(|time| std::iter::repeat_n(time, cells)).collect(),
        time_points: (0..points).map(point).collect(),
        cell_types: vec![0; points * cells],
        types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
        decoder: Some(Decoder { genes: vec!["X".into(), "Y".into()], loadings: identity, mean: vec![2.0, 3.0] }),
        ..Dataset::default()
    }
    .checked()
    .unwrap()
}

fn trained(dataset: &Dataset, settings: &CellMnnSettings) -> OperatorField {
    let snapshots = Snapshots::new(dataset, settings).unwrap();
    let mut trainer = OperatorTrainer::new(vec![snapshots], settings.clone(), None, &cpu()).unwrap();
    while !trainer.is_finished() {
        block_on(trainer.advance()).unwrap();
    }
    OperatorField::new(trainer.best().0, dataset)
}

#[test]
fn a_planted_rotation_is_found_in_the_imaginary_parts() {
    let config = CellMnnConfig { dimensions: 2, hidden: 32, ..CellMnnConfig::default() };
    let settings = CellMnnSettings {
        config,
        epochs: 60,
        batch: 40,
        learning_rate: 8e-3,
        stop: StopRule::Never,
        // A price on speed slows every flow.
        speed_weight: 0.0,
        ..CellMnnSettings::default()
    };
    let dataset = spiral(40);
    let field = trained(&dataset, &settings);
    // No cell of the last time point is ever a start.
    let all: Vec<u32> = (0..160).collect();
    let matrices = block_on(field.matrices(&all, &cpu())).unwrap();
    let turns: Vec<f32> = matrices.chunks_exact(4).map(|matrix| eigenvalues(matrix, 2).unwrap()[0][1]).collect();
    let mean = f64::from(turns.iter().sum::<f32>()) / turns.len() as f64;
    assert!((mean - TURN).abs() < 0.15 * TURN, "the mean turn is {mean}, planted is {TURN}");
}

#[test]
fn signs_of_a_planted_network_are_read_off_better_than_by_the_controls() {
    let network = simulate(&NetworkSettings { cells: 100, ..NetworkSettings::default() }).unwrap();
    let config = CellMnnConfig { dimensions: 10, ..CellMnnConfig::default() };
    let settings = CellMnnSettings { config, epochs: 12, learning_rate: 1e-3, ..CellMnnSettings::default() };
    let field = trained(&network.dataset, &settings);
    let table = known_signs::write(&network.signs);
    let found = block_on(sign_agreement(&field, "network.tsv", table.as_bytes(), &cpu())).unwrap();
    assert_eq!(found.all.count(), network.signs.len());
    let area = found.all.auroc.unwrap();
    for (control, deviation) in [
        (found.all.random_operator.unwrap(), found.all.random_operator_sd),
        (found.all.permuted_genes.unwrap(), found.all.permuted_genes_sd),
    ] {
        assert!(area > control + 2.0 * deviation, "{:?}", found.all);
    }
    assert!(found.all.balanced_accuracy() > 0.6, "{:?}", found.all);
}

fn user(dataset: &Dataset) -> User {
    let mut user = User::new();
    let file = File { name: "study.zip".into(), bytes: bundle::write(dataset, &[], None).unwrap().into() };
    user.says(Command::Open { files: vec![file] });
    user
}

fn quick(epochs: u32) -> CellMnnSettings {
    let config = CellMnnConfig { dimensions: 2, hidden: 8, ..CellMnnConfig::default() };
    CellMnnSettings { config, epochs, ..CellMnnSettings::default() }
}

#[test]
fn both_models_stand_side_by_side_and_are_kept_together() {
    let mut user = user(&spiral(120));
    let events = user.works(Command::Train { recipe: quick(3).into() });
    assert_eq!(losses(&events).len(), 3);
    assert_eq!(losses(&events), losses(&user.works(Command::Train { recipe: quick(3).into() })), "the seed decides");
    user.trains(TrainSettings { updates: 1, cells: 16, ..TrainSettings::default() });
    let kinds = |events: &[Event]| -> Vec<ModelKind> {
        let kind = |event: &Event| match event {
            Event::WeightsChanged { model } => Some(model.model),
            _ => None,
        };
        events.iter().filter_map(kind).collect()
    };
    let velocities = |user: &mut User| {
        [ModelKind::ScImf, ModelKind::CellMnn].map(|model| {
            let query =
                VelocityQuery { time: 1, space: SpaceId::default(), part: Default::default(), model, sample: None };
            let [Event::Velocity(found), Event::Done] = &user.says(Command::Velocity(query))[..] else {
                panic!("no velocity of {}", model.name())
            };
            assert!(found.exact && found.mean_speed > 0.0);
            found.vectors.clone()
        })
    };
    let before = velocities(&mut user);
    assert_ne!(before[0], before[1]);
    let [Event::File { name, bytes }, Event::Done] = &user.says(Command::SaveBundle { view: None })[..] else {
        panic!("no bundle")
    };
    let file = File { name: name.clone(), bytes: bytes.clone().into() };
    let events = user.says(Command::Open { files: vec![file] });
    assert_eq!(kinds(&events), [ModelKind::ScImf, ModelKind::CellMnn]);
    assert_eq!(velocities(&mut user), before);

    let [Event::File { bytes, .. }, Event::Done] = &user.says(Command::SaveWeights { model: ModelKind::CellMnn })[..]
    else {
        panic!("no weights")
    };
    let events = user.says(Command::LoadWeights { name: "again.safetensors".into(), bytes: bytes.clone() });
    assert_eq!(kinds(&events), [ModelKind::CellMnn]);
}

#[test]
fn every_question_to_the_operators_has_its_answer() {
    let mut user = user(&spiral(120));
    let events = user.says(Command::MeanOperators);
    let refused = support::refusal(&events);
    assert!(refused.contains("no model of Cell-MNN"), "{refused}");
    user.works(Command::Train { recipe: quick(2).into() });
    let mut ask = |command: Command| -> Event {
        let mut events = user.says(command);
        assert_eq!(events.len(), 2, "{events:?}");
        events.remove(0)
    };
    let of = OperatorOf::Cells { time: 1, kind: Some(0) };
    let Event::Operator(operator) = ask(Command::Operator { of }) else { panic!("no operator") };
    assert_eq!((operator.cells, operator.matrix.len(), operator.eigenvalues.len()), (120, 4, 4));
    let Event::Spectrum(spectrum) = ask(Command::Spectrum { time: 4 }) else { panic!("no spectrum") };
    assert_eq!((spectrum.cells.len(), spectrum.eigenvalues.len()), (120, 480));
    let Event::MeanOperators(means) = ask(Command::MeanOperators) else { panic!("no means") };
    assert_eq!(means.operators.len(), 5);
    assert_eq!(means.operators[1].matrix, operator.matrix);
    let Event::Values(growth) = ask(Command::Values(ValuesQuery::Growth)) else { panic!("no values") };
    assert_eq!(growth.values.len(), 600);
    assert_eq!(growth.values[480], spectrum.eigenvalues[0]);

    let start = Start { time: 1, ..Start::default() };
    let query = LinearisationQuery { space: SpaceId::default(), start: start.clone(), cells: 20, until: Some(6.0) };
    let Event::Linearisation(lines) = ask(Command::Linearisation(query)) else { panic!("no trajectories") };
    assert_eq!((lines.cells.len(), lines.frozen.len()), (20, lines.times.len() * 40));
    assert_eq!((lines.gap[0], lines.travelled[0]), (0.0, 0.0));
    assert!(lines.gap[lines.gap.len() - 1] > 0.0);

    // The rate of a gene is the sum of all pushes on it, and its derivative along the flow.
    let cell = OperatorOf::Cell(130);
    let Event::Why(why) = ask(Command::Why(WhyQuery { gene: 0, of: cell, drivers: 5 })) else { panic!("no reasons") };
    let pushes: f32 = why.drivers.iter().map(|link| link.weight).sum();
    assert!((pushes - why.rate).abs() < 1e-6);
    let velocity = VelocityQuery {
        time: 1,
        space: SpaceId::default(),
        part: Default::default(),
        model: ModelKind::CellMnn,
        sample: None,
    };
    let Event::Velocity(velocity) = ask(Command::Velocity(velocity)) else { panic!("no velocity") };
    let at = velocity.cells.iter().position(|cell| *cell == 130).unwrap();
    assert!((velocity.vectors[2 * at] - why.rate).abs() < 1e-5, "{} {}", velocity.vectors[2 * at], why.rate);
    let Event::GeneNetwork(network) = ask(Command::GeneNetwork(GeneNetworkQuery { of, links: 10 })) else {
        panic!("no network")
    };
    assert_eq!((network.links.len(), network.control.len()), (2, 2), "two genes have two links");

    // The mean of gene X is 2: at zero times its expression, the first component falls by what is decoded.
    let query = PerturbationQuery { gene: 0, factor: 0.0, space: SpaceId::default(), start, cells: 10, until: None };
    let Event::Perturbation(found) = ask(Command::Perturbation(query)) else { panic!("no perturbation") };
    for (before, after) in found.unperturbed[..20].chunks(2).zip(found.perturbed[..20].chunks(2)) {
        assert!((after[0] - (before[0] - (before[0] + 2.0))).abs() < 1e-4 && (after[1] - before[1]).abs() < 1e-4);
    }
    let simulation =
        SimulationQuery { model: ModelKind::CellMnn, cells: 30, frames_per_interval: 2, ..Default::default() };
    let events = user.works(Command::Simulate(simulation.clone()));
    let found = events.iter().find_map(|event| match event {
        Event::Simulation(found) => Some(found),
        _ => None,
    });
    assert_eq!(found.unwrap().positions.len(), 9 * 60);
}

#[test]
fn cell_mnn_is_evaluated_beside_scimf_in_standardised_components() {
    let mut user = user(&spiral(120));
    let settings = EvaluationSettings {
        held_out: vec![2],
        cells: 40,
        seeds: 2,
        components: Some(2),
        train: vec![TrainSettings { updates: 1, cells: 16, ..TrainSettings::default() }.into(), quick(2).into()],
        ..EvaluationSettings::default()
    };
    let events = user.works(Command::Evaluate(settings.clone()));
    let last = events.iter().rev().find_map(|event| match event {
        Event::Evaluation { evaluation, predictions } => Some((evaluation, predictions.len())),
        _ => None,
    });
    let (table, predictions) = last.unwrap();
    assert!(table.held_out[0].rows.iter().all(|row| row.distances.is_some()), "{table:?}");
    assert_eq!((table.held_out[0].distances("cell-mnn").unwrap().values, predictions), (2, 3));
    let components = Some(3);
    assert!(
        support::refusal(&user.says(Command::Evaluate(EvaluationSettings { components, ..settings })))
            .contains("components")
    );
}

#[test]
fn stop_rules_and_settings_are_followed() {
    let mut user = user(&spiral(120));
    let mut refused = |change: fn(&mut CellMnnSettings), says: &str| {
        let mut settings = quick(1);
        change(&mut settings);
        let events = user.says(Command::Train { recipe: settings.into() });
        let found = support::refusal(&events);
        assert!(found.contains(says), "{found}");
    };
    refused(|settings| settings.epochs = 0, "epochs");
    refused(|settings| settings.validation = 0.001, "validation");
    refused(|settings| settings.stop = StopRule::HeldOut, "No time point is held out");
    refused(|settings| settings.held_out = vec![0], "held out");
    refused(|settings| settings.from_current = true, "no weights to go on from");
    refused(|settings| settings.gamma = 2.0, "gamma");

    let waits = |stop: StopRule| {
        let settings = CellMnnSettings { stop, held_out: vec![2], learning_rate: 1e-12, patience: 2, ..quick(50) };
        let events = self::user(&spiral(120)).works(Command::Train { recipe: settings.into() });
        losses(&events).len()
    };
    // Nothing is learned, so nothing becomes better.
    assert!(waits(StopRule::Validation) < 50);
    assert!(waits(StopRule::HeldOut) < 50);
    let eigen = CellMnnConfig { form: OperatorForm::Eigen, ..quick(1).config };
    let events = user.works(Command::Train { recipe: CellMnnSettings { config: eigen, ..quick(1) }.into() });
    assert!(losses(&events)[0].is_finite());
}

#[test]
fn datasets_can_be_trained_on_in_turns() {
    let settings = quick(2);
    let one = Snapshots::new(&spiral(120), &settings).unwrap();
    let mut trainer = OperatorTrainer::new(vec![one.clone(), one], settings, None, &cpu()).unwrap();
    assert_eq!(trainer.steps_per_epoch(), 2 * 540 / 200);
    let mut epochs = 0;
    while !trainer.is_finished() {
        epochs += u32::from(block_on(trainer.advance()).unwrap().is_some());
    }
    assert_eq!(epochs, 2);
}

//! Held-out evaluation, as every front end sees it.

use crate::support;
use crate::support::user::User;
use scimf::protocol::{
    Command, Debiased, Distances, Evaluation, EvaluationSettings, Event, File, ModelKind, Predictions, Recipe, SpaceId,
    TrainSettings, VelocityQuery,
};
use scimf::sde::Brownian;

/// A line of cells that moves by one unit a time point in the first of three dimensions, as an `.npz` bundle would hold it.
fn moving_line(times: usize, cells: usize) -> File {
    let states: Vec<f32> =
        (0..times * cells).flat_map(|i| [(i / cells) as f32, (i % cells) as f32 * 0.1, 0.0]).collect();
    let times: Vec<u32> = (0..times * cells).map(|i| (i / cells) as u32).collect();
    support::bundle(&states, 3, &times)
}

fn last_table(events: &[Event]) -> (Evaluation, Vec<Predictions>) {
    let last = events.iter().rev().find_map(|event| match event {
        Event::Evaluation { evaluation, predictions } => Some((evaluation.clone(), predictions.clone())),
        _ => None,
    });
    last.unwrap_or_else(|| panic!("{events:?}"))
}

fn near(found: Option<Distances>, w1: f64, w2: f64) {
    let found = found.unwrap();
    assert!((found.w1 - w1).abs() < 1e-4 && (found.w2 - w2).abs() < 1e-4, "{found:?} is not {w1}, {w2}");
}

fn with_line() -> User {
    let mut user = User::new();
    let events = user.says(Command::Open { files: vec![moving_line(4, 20)] });
    assert!(matches!(&events[..], [Event::DatasetOpened { .. }, Event::Done]), "{events:?}");
    user
}

fn quick(updates: u32) -> TrainSettings {
    TrainSettings { updates, cells: 16, ..TrainSettings::default() }
}

#[test]
fn baselines_of_a_line_that_moves_are_known() {
    let mut user = with_line();
    let settings = EvaluationSettings {
        held_out: vec![2, 1],
        cells: 10,
        seeds: 2,
        train: vec![quick(1).into()],
        ..EvaluationSettings::default()
    };
    let events = user.works(Command::Evaluate(settings));
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    let (table, predictions) = last_table(&events);
    assert_eq!(table.held_out.iter().map(|point| point.time).collect::<Vec<_>>(), [1, 2]);
    for point in &table.held_out {
        assert_eq!(point.observed, 20);
        near(point.distances("stay-put"), 1.0, 1.0);
        // Between the training time points 0 and 3 the line is met exactly, though both points between are held out.
        near(point.distances("interpolation"), 0.0, 0.0);
        let floor = point.distances("floor").unwrap();
        assert!(floor.values == 2 && floor.w1 > 0.0 && floor.w1 < 1.0, "{floor:?}");
        for model in ["scimf", "scimf-alone"].map(|key| point.distances(key)) {
            assert!(model.is_some_and(|it| it.values == 2 && it.w1.is_finite() && it.w2 >= it.w1), "{model:?}");
        }
    }
    assert_eq!(predictions.len(), 4, "two models at two time points");
    assert!(predictions.iter().all(|it| it.positions.len() == 20 && it.exact));
    let shares: Vec<f32> = events
        .iter()
        .filter_map(|event| match event {
            Event::Progress { done, .. } => Some(*done),
            _ => None,
        })
        .collect();
    assert!(
        shares.is_sorted() && shares.len() > 4 && shares.iter().all(|share| (0.0..=1.0).contains(share)),
        "{shares:?}"
    );
}

#[test]
fn what_spreads_too_little_comes_out_last_though_w1_puts_it_first() {
    // Many dimensions, one population that does not move: every neighbouring time point is a draw from the observed one.
    let (cells, dimensions) = (60, 30);
    let mut user = User::new();
    let states = Brownian::new(5).normals(0, 3 * cells * dimensions);
    let times: Vec<u32> = (0..3 * cells).map(|cell| (cell / cells) as u32).collect();
    user.says(Command::Open { files: vec![support::bundle(&states, dimensions, &times)] });
    let settings = EvaluationSettings {
        held_out: vec![1],
        cells: 40,
        seeds: 2,
        train: vec![quick(1).into()],
        ..EvaluationSettings::default()
    };
    let (table, _) = last_table(&user.works(Command::Evaluate(settings)));
    let point = &table.held_out[0];
    let found = |key: &str| point.distances(key).unwrap();
    let [put, one, floor] = ["stay-put", "one-point", "floor"].map(found);
    assert!(one.w1 < put.w1 && one.w1 < floor.w1, "a point wins by W1: {one:?} {put:?}");
    let [put, one, floor] = [put, one, floor].map(|it| it.debiased.unwrap());
    for pick in [|it: &Debiased| it.energy, |it: &Debiased| it.sinkhorn] {
        let worst = point.rows.iter().filter_map(|row| Some(pick(&row.distances?.debiased?))).fold(f64::MIN, f64::max);
        assert_eq!(pick(&one), worst);
        assert!(pick(&put) < 0.2 * pick(&one) && pick(&floor).abs() < 0.2 * pick(&one), "{put:?} {one:?} {floor:?}");
    }
    assert!(one.spread == 0.0 && (put.spread - 1.0).abs() < 0.2, "{put:?}");
    let row = point.row("stay-put").unwrap();
    assert_eq!(row.spread.len(), dimensions);
    assert!(row.types.is_empty() && put.types.is_none(), "there is one type");
}

#[test]
fn weights_in_use_are_evaluated_as_they_are() {
    let mut user = with_line();
    user.works(Command::Train { recipe: TrainSettings { held_out: vec![3], ..quick(2) }.into() });
    let settings = EvaluationSettings { held_out: vec![3], cells: 12, seeds: 2, ..EvaluationSettings::default() };
    let (table, _) = last_table(&user.works(Command::Evaluate(settings)));
    let point = &table.held_out[0];
    assert!(point.distances("scimf").is_some_and(|it| it.values == 2));
    assert!(point.row("scimf-alone").is_none(), "weights in use say nothing of the model without interaction");
    assert_eq!(point.distances("interpolation"), None, "nothing lies after the last time point");
    assert!(table.updates.is_some_and(|updates| updates <= 2));
}

#[test]
fn the_same_seeds_give_the_same_table() {
    let table = || {
        let settings = EvaluationSettings {
            held_out: vec![1],
            cells: 12,
            seeds: 1,
            first_seed: 7,
            train: vec![quick(1).into()],
            ..EvaluationSettings::default()
        };
        let mut table = last_table(&with_line().works(Command::Evaluate(settings))).0;
        // How long the training took is another matter.
        let rows = table.held_out.iter_mut().flat_map(|point| &mut point.rows);
        let trained: Vec<_> = rows.filter_map(|row| row.training.take()).collect();
        assert!(trained.len() == 2 && trained.iter().all(|it| it.parameters > 0 && it.trainings == 1), "{trained:?}");
        table
    };
    assert_eq!(table(), table());
}

#[test]
fn a_training_is_the_same_whichever_others_there_are() {
    let distances = |others: &[ModelKind]| {
        let others = others.iter().map(|kind| Recipe::new(*kind).with_steps(1));
        let settings = EvaluationSettings {
            held_out: vec![1],
            cells: 12,
            seeds: 1,
            train: others.chain([quick(1).into()]).collect(),
            ..EvaluationSettings::default()
        };
        let (table, _) = last_table(&with_line().works(Command::Evaluate(settings)));
        ["scimf", "scimf-alone"].map(|key| table.held_out[0].distances(key))
    };
    let without = distances(&[]);
    assert!(without.iter().all(Option::is_some), "{without:?}");
    assert_eq!(distances(&[ModelKind::OtCfm, ModelKind::PiSde, ModelKind::MioFlow]), without);
}

#[test]
fn an_evaluation_leaves_the_model_alone_answers_meanwhile_and_can_be_cancelled() {
    let mut user = with_line();
    user.works(Command::Train { recipe: quick(1).into() });
    let question = Command::Velocity(VelocityQuery {
        time: 1,
        space: SpaceId::default(),
        part: Default::default(),
        model: ModelKind::ScImf,
        sample: None,
    });
    let before = format!("{:?}", user.says(question.clone()));
    let settings = EvaluationSettings {
        held_out: vec![1],
        cells: 12,
        train: vec![quick(1000).into()],
        ..EvaluationSettings::default()
    };
    assert!(user.says(Command::Evaluate(settings.clone())).is_empty(), "it goes on");
    for _ in 0..20 {
        user.waits();
    }
    assert_eq!(format!("{:?}", user.says(question.clone())), before);
    assert!(support::refusal(&user.says(Command::Evaluate(settings))).contains("an evaluation runs"));
    assert!(matches!(&user.says(Command::Cancel)[..], [Event::Done]));
    assert!(!user.session.is_busy());
    assert!(matches!(user.heard.iter().rev().nth(1).map(|message| &message.event), Some(Event::Done)), "its own end");
    assert_eq!(format!("{:?}", user.says(question)), before);
    assert!(support::refusal(&user.says(Command::Cancel)).contains("No preparation, evaluation"));
}

#[test]
fn what_cannot_be_evaluated_says_why() {
    let mut user = with_line();
    let mut refused = |held_out: &[usize], seeds: u32, train: Option<TrainSettings>, says: &str| {
        let settings = EvaluationSettings {
            held_out: held_out.to_vec(),
            seeds,
            train: train.into_iter().map(Into::into).collect(),
            ..EvaluationSettings::default()
        };
        let events = user.says(Command::Evaluate(settings));
        assert!(support::refusal(&events).contains(says), "{events:?}");
    };
    refused(&[], 1, Some(quick(1)), "at least one held-out");
    refused(&[0], 1, Some(quick(1)), "first time point");
    refused(&[4], 1, Some(quick(1)), "no time point 4");
    refused(&[1], 0, Some(quick(1)), "at least one seed");
    refused(&[1, 2, 3], 1, Some(quick(1)), "Every time point after the first");
    refused(&[1], 1, None, "no model to evaluate");
}

#[test]
fn a_resumed_training_is_the_uninterrupted_one() {
    let settings = TrainSettings { held_out: vec![2], ..quick(4) };
    let weights = |user: &mut User| support::file(&user.says(Command::SaveWeights { model: ModelKind::ScImf }));
    let mut whole = with_line();
    let losses = support::losses(&whole.works(Command::Train { recipe: settings.clone().into() }));

    let mut first = with_line();
    first.says(Command::Train { recipe: settings.into() });
    while support::losses(&first.waits()).is_empty() {}
    while support::losses(&first.waits()).is_empty() {}
    // In the middle of the third update.
    first.waits();
    let saved = support::file(&first.says(Command::SaveTraining));

    let mut second = with_line();
    let name = "saved.safetensors".to_owned();
    let resume = |updates| Command::ContinueTraining { name: name.clone(), bytes: saved.clone(), updates };
    assert_eq!(support::losses(&second.works(resume(None))), losses[2..]);
    assert_eq!(weights(&mut second), weights(&mut whole), "bit by bit");

    assert!(support::refusal(&second.says(resume(Some(2)))).contains("all of its 2 updates"));
    let plain = weights(&mut second);
    let events = second.says(Command::ContinueTraining { name: name.clone(), bytes: plain, updates: None });
    assert!(support::refusal(&events).contains("not the state of a training"));
    assert!(
        matches!(&second.says(Command::LoadWeights { name, bytes: saved })[..], [.., Event::Done]),
        "opens as weights"
    );
}

//! Held-out evaluation, as every front end sees it.

use crate::support;
use crate::support::user::User;
use scimf::protocol::{
    Command, Debiased, Distances, Evaluation, EvaluationSettings, Event, File, Finding, ModelKind, Predictions, Recipe,
    SpaceId, TrainSettings, UnitKey, VelocityQuery,
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

/// The units that ended, in the order in which they did.
fn found(events: &[Event]) -> Vec<Finding> {
    let finding = |event: &Event| match event {
        Event::Found(finding) => Some((**finding).clone()),
        _ => None,
    };
    events.iter().filter_map(finding).collect()
}

/// The table without the seconds that trainings took.
fn timeless(mut table: Evaluation) -> Evaluation {
    let rows = table.held_out.iter_mut().flat_map(|point| &mut point.rows);
    rows.filter_map(|row| row.training.as_mut()).for_each(|training| training.seconds = 0.0);
    table
}

fn of_two_models(seeds: u32) -> EvaluationSettings {
    let train = vec![quick(2).into(), Recipe::new(ModelKind::OtCfm).with_steps(2)];
    EvaluationSettings { held_out: vec![1, 2], cells: 12, seeds, train, ..EvaluationSettings::default() }
}

fn keys(found: &[Finding]) -> Vec<(String, u32)> {
    let trained = found.iter().filter(|finding| finding.unit.recipe.is_some());
    trained.map(|finding| (finding.unit.key.row.clone(), finding.unit.key.seed)).collect()
}

#[test]
fn what_was_stopped_goes_on_where_it_was_and_comes_to_the_same_table() {
    let whole = with_line().works(Command::Evaluate(of_two_models(2)));
    let (table, _) = last_table(&whole);
    let trained = ["scimf", "scimf-alone", "ot-cfm"];
    let in_order: Vec<_> = [0, 1].into_iter().flat_map(|seed| trained.map(|row| (row.to_owned(), seed))).collect();
    assert_eq!(keys(&found(&whole)), in_order, "all models under a seed before any under the next");
    assert_eq!(found(&whole).len(), 4 * 2 + 6);

    let mut user = with_line();
    user.asks(Command::Evaluate(of_two_models(2)));
    let mut events = Vec::new();
    while keys(&found(&events)).len() < 2 {
        events.extend(user.waits());
    }
    user.waits();
    user.says(Command::Cancel);
    let (stopped, _) = last_table(&events);
    let values = |table: &Evaluation, row| table.held_out[1].distances(row).map(|it| it.values);
    assert_eq!(["stay-put", "scimf", "ot-cfm"].map(|row| values(&stopped, row)), [Some(2), Some(1), None]);
    assert_eq!(stopped.seeds, 2);

    let known = found(&events);
    let rest = user.works(Command::Evaluate(EvaluationSettings { known: known.clone(), ..of_two_models(2) }));
    assert_eq!(keys(&found(&rest)), in_order[2..], "only what is missing is trained");
    assert_eq!(found(&rest).len(), 4);
    assert_eq!(timeless(last_table(&rest).0), timeless(table.clone()), "bit by bit");

    // Units one by one, the last first, come to it as well.
    let settings = of_two_models(2);
    let mut known = Vec::new();
    for key in found(&whole).into_iter().rev().map(|finding| finding.unit.key) {
        let asked = EvaluationSettings { only: Some(vec![key]), known: known.clone(), ..settings.clone() };
        known.extend(found(&with_line().works(Command::Evaluate(asked))));
    }
    assert_eq!(known.len(), 14);
    let all = with_line().works(Command::Evaluate(EvaluationSettings { known: known.clone(), ..settings }));
    assert_eq!((found(&all).len(), timeless(last_table(&all).0)), (0, timeless(table)));

    // More seeds and another model: what is new is trained.
    let mut more = EvaluationSettings { known, ..of_two_models(3) };
    more.train.push(Recipe::new(ModelKind::PiSde).with_steps(1));
    let events = user.works(Command::Evaluate(more));
    let new = [("pi-sde", 0), ("pi-sde", 1), ("scimf", 2), ("scimf-alone", 2), ("ot-cfm", 2), ("pi-sde", 2)];
    assert_eq!(keys(&found(&events)), new.map(|(row, seed)| (row.to_owned(), seed)));
    assert_eq!(values(&last_table(&events).0, "scimf"), Some(3));
}

#[test]
fn findings_of_other_settings_or_data_are_not_mixed_in() {
    let mut user = with_line();
    let settings = EvaluationSettings { train: vec![quick(1).into()], held_out: vec![1], ..of_two_models(1) };
    let known = found(&user.works(Command::Evaluate(settings.clone())));
    let mut computed = |settings: EvaluationSettings| {
        let events = user.works(Command::Evaluate(EvaluationSettings { known: known.clone(), ..settings }));
        keys(&found(&events)).len()
    };
    assert_eq!(computed(settings.clone()), 0);
    assert_eq!(computed(EvaluationSettings { held_out: vec![2], ..settings.clone() }), 2);
    assert_eq!(computed(EvaluationSettings { cells: 13, ..settings.clone() }), 2);
    assert_eq!(computed(EvaluationSettings { components: Some(2), ..settings.clone() }), 2);
    assert_eq!(computed(EvaluationSettings { train: vec![quick(2).into()], ..settings.clone() }), 2);

    let mut other = User::new();
    other.says(Command::Open { files: vec![moving_line(4, 21)] });
    let mut asked = EvaluationSettings { known, ..settings };
    assert_eq!(keys(&found(&other.works(Command::Evaluate(asked.clone())))).len(), 2, "another dataset");
    // What does not fit is left aside, whatever it says of itself.
    asked.known.iter_mut().for_each(|finding| drop(finding.points.pop()));
    let events = with_line().works(Command::Evaluate(asked));
    assert_eq!(keys(&found(&events)).len(), 2);
}

#[test]
fn a_model_that_fails_leaves_the_others_and_its_row_says_why() {
    let mut settings = of_two_models(1);
    // Its simulation leaves the numbers.
    settings.train[0] = Recipe::from(quick(3)).with("learning-rate", 1e30);
    let mut user = with_line();
    let events = user.works(Command::Evaluate(settings.clone()));
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    let (table, _) = last_table(&events);
    for point in &table.held_out {
        assert!(point.distances("ot-cfm").is_some() && point.distances("scimf").is_none());
        let why = point.row("scimf").and_then(|row| row.failure.as_deref()).unwrap();
        assert!(why.starts_with("seed 0: "), "{why}");
    }
    let mut known = found(&events);
    let again = user.works(Command::Evaluate(EvaluationSettings { known: known.clone(), ..settings.clone() }));
    assert_eq!((found(&again).len(), last_table(&again).0), (0, table), "a failure is a finding, too");
    known.retain(|finding| finding.failure.is_none());
    let again = user.works(Command::Evaluate(EvaluationSettings { known, ..settings }));
    assert_eq!(keys(&found(&again)), [("scimf", 0), ("scimf-alone", 0)].map(|(row, seed)| (row.to_owned(), seed)));
}

#[test]
fn two_engines_share_the_units_and_come_to_the_same_table() {
    let (table, _) = last_table(&with_line().works(Command::Evaluate(of_two_models(2))));
    let (mut one, mut other) = (with_line(), with_line());
    let mut events = Vec::new();
    one.asks(Command::Evaluate(of_two_models(2)));
    // The other one begins at the end; what it found the first one does not compute.
    let mut parts: Vec<UnitKey> =
        ["ot-cfm", "scimf-alone", "scimf"].map(|row| UnitKey { row: row.into(), seed: 1 }).into();
    parts.reverse();
    while let Some(part) = parts.pop() {
        let settings = EvaluationSettings { only: Some(vec![part]), ..of_two_models(2) };
        let [finding] = &found(&other.works(Command::Evaluate(settings)))[..] else { panic!("one unit") };
        assert!(matches!(&one.says(Command::AlreadyFound(Box::new(finding.clone())))[..], [Event::Done]));
        events.extend(one.waits());
    }
    while one.session.is_busy() {
        events.extend(one.waits());
    }
    assert_eq!(keys(&found(&events)), ["scimf", "scimf-alone", "ot-cfm"].map(|row| (row.to_owned(), 0)));
    assert_eq!(timeless(last_table(&events).0), timeless(table), "bit by bit");

    // Also one that is being computed, and one that is no unit of this evaluation.
    let whole = found(&with_line().works(Command::Evaluate(of_two_models(1))));
    let long = EvaluationSettings { train: vec![quick(1000).into()], seeds: 1, ..of_two_models(1) };
    let stranger = whole.into_iter().find(|finding| finding.unit.recipe.is_some()).unwrap();
    let mut user = with_line();
    user.asks(Command::Evaluate(long.clone()));
    while !user.waits().iter().any(|event| matches!(event, Event::UnitProgress(unit, _) if unit.row == "scimf")) {}
    user.says(Command::AlreadyFound(Box::new(stranger.clone())));
    assert!(user.session.is_busy());
    for unit in long.missing(&stranger.unit.basis.dataset) {
        user.says(Command::AlreadyFound(Box::new(Finding { unit, ..stranger.clone() })));
    }
    user.waits();
    assert!(!user.session.is_busy(), "all of its units are known");
}

//! A training that diverges: once it goes back to its best weights at half the learning rate, the second time it stops with them.

use crate::support;
use crate::support::user::{User, with_line};
use scimf::error::Kind;
use scimf::models::cell_mnn::{OperatorTrainer, Snapshots};
use scimf::protocol::{
    Array, CellMnnConfig, CellMnnSettings, Command, Event, FailureKind, ModelKind, OperatorForm, Recipe, Rollback,
    TrainSettings, TrainingState,
};
use scimf::tensor::cpu;
use scimf::train::{Completed, rolled_back};

fn scimf(learning_rate: f64, updates: u32) -> Recipe {
    TrainSettings { updates, cells: 16, dt: 0.5, learning_rate, ..TrainSettings::default() }.into()
}

fn rollbacks(events: &[Event]) -> Vec<&Rollback> {
    fn of(event: &Event) -> Option<&Rollback> {
        match event {
            Event::Rollback(rollback) => Some(rollback),
            _ => None,
        }
    }
    events.iter().filter_map(of).collect()
}

/// A learning rate at which the second update diverges, while at half of it it does not: found by halving.
fn too_fast(user: &mut User) -> f64 {
    let mut diverges = |rate: f64| !rollbacks(&user.works(Command::Train { recipe: scimf(rate, 2) })).is_empty();
    let (mut good, mut bad) = (1e-3, 1e3);
    assert!(!diverges(good) && diverges(bad));
    while bad / good > 1.5 {
        let middle = f64::sqrt(good * bad);
        *(if diverges(middle) { &mut bad } else { &mut good }) = middle;
    }
    bad
}

fn weights(user: &mut User) -> Array<u8> {
    support::file(&user.says(Command::SaveWeights { model: ModelKind::ScImf }))
}

/// Trains until it ends, and checks that it was rolled back once and then given up.
#[track_caller]
fn ends_diverged(user: &mut User, rate: f64) -> Vec<Event> {
    let events = user.works(Command::Train { recipe: scimf(rate, 20) });
    let [rollback] = rollbacks(&events)[..] else { panic!("{events:?}") };
    assert_eq!(rollback.learning_rate, rate / 2.0, "half the learning rate");
    let Some(Event::Failed(failure)) = events.last() else { panic!("{:?}", events.last()) };
    assert_eq!((failure.kind, failure.fatal), (FailureKind::Diverged, false));
    assert!(failure.message.contains("diverged again, at half the learning rate"), "{}", failure.message);
    let end = events.iter().find_map(|event| match event {
        Event::Training { state: TrainingState::Ended(end) } => Some(end),
        _ => None,
    });
    let end = end.expect("the training ended");
    if end.best_update > 0 {
        let bytes = weights(user).to_vec();
        scimf::models::AnyWeights::read("best.safetensors", &bytes).expect("the best weights are finite");
    }
    assert!(!user.session.is_busy());
    events
}

#[test]
fn a_second_divergence_stops_with_the_best_weights() {
    let mut user = with_line();
    let events = ends_diverged(&mut user, 1e3);
    // The first update measured fresh weights: those are what is left.
    let end = events.iter().find_map(|event| match event {
        Event::WeightsChanged { model } => Some((model.updates, model.source.clone())),
        _ => None,
    });
    assert_eq!(end, Some((1, "training".to_owned())));
    // The engine is of use afterwards.
    assert_eq!(support::losses(&user.works(Command::Train { recipe: scimf(1e-3, 2) })).len(), 2);
}

#[test]
fn half_the_learning_rate_goes_on_from_the_best_weights() {
    let mut user = with_line();
    let bad = too_fast(&mut user);
    let events = user.works(Command::Train { recipe: scimf(bad, 2) });
    let [rollback] = rollbacks(&events)[..] else { panic!("{events:?}") };
    assert_eq!((rollback.update, rollback.back_to), (2, 1));
    assert!(rollback.sentence(ModelKind::ScImf).contains("diverged in update 2"));
    let rates: Vec<f64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Update(update) => Some(update.learning_rate),
            _ => None,
        })
        .collect();
    assert_eq!(rates, [bad, bad / 2.0], "update 2 was taken at half the rate");
    assert!(matches!(events.last(), Some(Event::Done)), "{:?}", events.last());
}

/// At a rate far beyond what a command may ask for: the operators of one form are bounded, and only overflow ends their training.
#[test]
fn cell_mnn_diverges_in_time_in_both_forms() {
    let bytes = support::line().bytes;
    let dataset = scimf::data::bundle::read(&bytes).unwrap().dataset;
    for form in [OperatorForm::Direct, OperatorForm::Eigen] {
        let config = CellMnnConfig { dimensions: 2, hidden: 8, form, ..CellMnnConfig::default() };
        let settings =
            CellMnnSettings { config, epochs: 20, batch: 8, learning_rate: 1e30, ..CellMnnSettings::default() };
        let data = Snapshots::new(&dataset, &settings).unwrap();
        let mut trainer = OperatorTrainer::new(vec![data], settings, None, &cpu()).unwrap();
        let mut rollbacks = Vec::new();
        let error = loop {
            assert!(!trainer.is_finished(), "{form:?} never diverged");
            let outcome = support::block_on(trainer.advance());
            match rolled_back(outcome, &mut trainer) {
                Ok(Some(Completed::Rollback(rollback))) => rollbacks.push(rollback),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind, Kind::Diverged, "{error}");
        assert_eq!(rollbacks.len(), 1, "{form:?}");
        assert_eq!(rollbacks[0].learning_rate, 5e29);
        let best = support::block_on(trainer.best().0.to_weights(0, &[])).unwrap();
        assert!(trainer.best().1 == 0 || best.checked().is_ok(), "{form:?}: the best weights are finite");
    }
}

#[test]
fn a_training_that_was_rolled_back_is_saved_with_that() {
    let mut user = with_line();
    let bad = too_fast(&mut user);
    user.says(Command::Train { recipe: scimf(bad, 4) });
    let mut updates = 0;
    while updates < 2 {
        updates += support::losses(&user.waits()).len();
    }
    let saved = support::file(&user.says(Command::SaveTraining));
    user.says(Command::Stop);
    let resume = Command::ContinueTraining { name: "saved.safetensors".into(), bytes: saved, updates: Some(3) };
    let events = user.works(resume);
    // Whatever becomes of the third update: at this rate, and not rolled back a second time.
    assert!(rollbacks(&events).is_empty(), "{events:?}");
    let rate = events.iter().find_map(|event| match event {
        Event::Update(update) => Some(update.learning_rate),
        _ => None,
    });
    assert!(rate.is_none_or(|rate| (rate / bad - 0.5).abs() < 1e-12), "{rate:?}");
}

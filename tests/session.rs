//! Commands to events: the session as every front end sees it, on the CPU backend.

use crate::support;
use crate::support::refusal;
use crate::support::user::{User, with_line};
use scimf::protocol::{
    Command, CommunicationQuery, DriftPart, Event, File, ModelKind, ModelSpace, Score, SimulationQuery, SpaceId,
    TrainSettings, TrainingState, VelocityQuery,
};

fn quick(updates: u32) -> TrainSettings {
    TrainSettings { updates, cells: 24, dt: 0.5, ..TrainSettings::default() }
}

#[test]
fn an_annotated_file_is_proposed_mapped_and_opened() {
    let mut user = User::new();
    let events = user.opens("gzip_csr.h5ad");
    let [Event::MappingProposed { file, mapping, .. }, Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!((file.cells, file.genes), (240, 60));
    assert_eq!(mapping.time_order, ["day 2", "day 4", "day 10"]);
    assert_eq!(mapping.model_space, ModelSpace::Stored("X_pca".into()));
    let events = user.prepares(mapping.clone());
    let [Event::DatasetOpened { dataset, cells, .. }, Event::Done] = &events[..] else { panic!("{events:?}") };
    let labels: Vec<_> = dataset.time_points.iter().map(|point| point.label.as_str()).collect();
    assert_eq!(labels, ["day 2", "day 4", "day 10"]);
    assert_eq!(cells.positions.len(), 480);
    assert_eq!(dataset.cell_types.iter().map(|kind| kind.cells).collect::<Vec<_>>(), [84, 90, 66]);
}

#[test]
fn a_bad_file_leaves_the_dataset_as_it_was() {
    let mut user = User::with_dataset();
    let bad: Vec<String> =
        serde_json::from_slice::<serde_json::Value>(&std::fs::read(support::path("h5ad/expected.json")).unwrap())
            .unwrap()["refused"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            // what zstd has packed is unpacked here
            .filter(|name| name != "bad_zstd.h5ad")
            .collect();
    assert_eq!(bad.len(), 5);
    for name in bad {
        let events = user.opens(&name);
        // some faults show only once the mapped arrays are read
        let events = match &events[..] {
            [Event::MappingProposed { mapping, .. }, Event::Done] => user.prepares(mapping.clone()),
            _ => events,
        };
        assert!(refusal(&events).contains(&name), "{name}: {events:?}");
    }
    let events = user.says(Command::Coordinates { space: SpaceId::Embedding(0) });
    let [Event::Coordinates { positions, .. }, Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!(positions.len(), 480);
}

#[test]
fn a_loss_from_some_of_the_observed_cells_tells_its_error() {
    let error = |targets: usize| {
        let events = with_line().trains(TrainSettings { targets, ..quick(1) });
        events.into_iter().find_map(|event| match event {
            Event::Update(update) => Some(update.loss.terms[0].error),
            _ => None,
        })
    };
    assert!(error(8).flatten().is_some_and(|error| error > 0.0 && error.is_finite()));
    assert_eq!([error(0), error(20)], [Some(None), Some(None)], "all cells of a time point were compared with");
}

#[test]
fn training_lowers_the_loss_and_ends_with_the_best_weights() {
    let mut user = User::with_dataset();
    let events = user.trains(quick(20));
    let losses: Vec<f32> = events
        .iter()
        .filter_map(|event| match event {
            Event::Update(update) => Some(update.loss.total),
            _ => None,
        })
        .collect();
    assert_eq!(losses.len(), 20);
    assert!(losses[19] < losses[0], "{losses:?}");
    let [.., Event::Training { state: TrainingState::Ended(end) }, Event::WeightsChanged { model }, Event::Done] =
        &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!((end.updates, end.stopped), (20, false));
    assert_eq!(model.updates, end.best_update);
}

#[test]
fn the_same_seed_gives_the_same_weights() {
    let weights = |seed| {
        let mut user = User::with_dataset();
        user.trains(TrainSettings { seed, ..quick(2) });
        match &user.says(Command::SaveWeights { model: ModelKind::ScImf })[..] {
            [Event::File { bytes, .. }, Event::Done] => bytes.0.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(weights(4), weights(4));
    assert_ne!(weights(4), weights(5));
}

#[test]
fn saved_weights_answer_as_the_trained_ones() {
    let mut user = User::with_dataset();
    user.trains(quick(2));
    let query = Command::Velocity(VelocityQuery {
        time: 1,
        space: SpaceId::default(),
        part: DriftPart::Total,
        model: ModelKind::ScImf,
        sample: None,
    });
    let before = user.says(query.clone());
    let saved = user.says(Command::SaveWeights { model: ModelKind::ScImf });
    let [Event::File { name, bytes }, Event::Done] = &saved[..] else { panic!("{saved:?}") };
    user.trains(TrainSettings { seed: 9, ..quick(1) });
    user.says(Command::LoadWeights { name: name.clone(), bytes: bytes.clone() });
    let after = user.says(query);
    let [Event::Velocity(before), Event::Done] = &before[..] else { panic!("{before:?}") };
    let [Event::Velocity(after), Event::Done] = &after[..] else { panic!("{after:?}") };
    assert_eq!(before, after);
    assert!(before.exact && before.mean_speed > 0.0);
}

#[test]
fn a_saved_bundle_opens_as_the_same_dataset_and_model() {
    let mut user = User::with_dataset();
    user.trains(quick(1));
    let query =
        Command::Communication(CommunicationQuery { time: 2, score: Score::Influence, minimum_cells: 5, sample: None });
    let before = user.says(query.clone());
    let saved = user.says(Command::SaveBundle { view: None });
    let [Event::File { bytes, .. }, Event::Done] = &saved[..] else { panic!("{saved:?}") };
    let mut other = User::new();
    let events =
        other.says(Command::Open { files: vec![File { name: "saved.zip".into(), bytes: bytes.clone().into() }] });
    assert!(
        matches!(&events[..], [Event::DatasetOpened { .. }, Event::WeightsChanged { .. }, Event::Done]),
        "{events:?}"
    );
    assert_eq!(format!("{:?}", other.says(query)), format!("{before:?}"));
}

#[test]
fn attention_of_types_adds_up_to_one_for_every_receiver() {
    let mut user = User::with_dataset();
    user.trains(quick(1));
    for time in 0..3 {
        let query = CommunicationQuery { time, score: Score::Attention, minimum_cells: 1, sample: None };
        let events = user.says(Command::Communication(query));
        let [Event::Communication(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        for receiver in 0..3 {
            let row = &found.mean[receiver * 3..receiver * 3 + 3];
            let heard: f32 = row.iter().zip(&found.cells).map(|(mean, &cells)| mean * cells as f32).sum();
            assert!((heard - 1.0).abs() < 1e-4, "receiver {receiver} at {time}: {heard}");
        }
    }
}

#[test]
fn simulated_cells_start_at_the_first_time_point_and_reach_the_last() {
    let mut user = User::with_dataset();
    user.trains(quick(1));
    for space in [SpaceId::Embedding(0), SpaceId::Components([3, 1])] {
        let query = SimulationQuery { space, cells: 40, seed: 1, frames_per_interval: 2, ..SimulationQuery::default() };
        let events = user.works(Command::Simulate(query));
        let [.., Event::Simulation(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        assert_eq!((found.times.len(), found.positions.len()), (5, 5 * 80));
        assert_eq!((found.times[0], found.times[4]), (0.0, 2.0));
        assert_eq!(found.exact, space.is_exact(), "the embedding is approximate, the components are not");
        assert!(found.positions.iter().all(|x| x.is_finite()));
    }
}

#[test]
fn training_pauses_resumes_and_stops_between_two_pieces_of_work() {
    let mut user = User::with_dataset();
    user.says(Command::Train { recipe: quick(1000).into() });
    user.waits();
    assert!(matches!(&user.says(Command::Pause)[..], [Event::Done]));
    assert!(!user.session.is_busy());
    assert!(user.waits().is_empty());
    assert!(refusal(&user.says(Command::Train { recipe: quick(1).into() })).contains("training runs"));
    user.says(Command::Resume);
    let first = loop {
        let update = user.waits().into_iter().find_map(|event| match event {
            Event::Update(update) => Some(update),
            _ => None,
        });
        if let Some(update) = update {
            break update;
        }
    };
    assert_eq!(first.update, 1);
    user.says(Command::Stop);
    let ended = user.heard.iter().find_map(|message| match &message.event {
        Event::Training { state: TrainingState::Ended(end) } => Some(end.clone()),
        _ => None,
    });
    assert_eq!(ended.map(|end| (end.updates, end.stopped)), Some((1, true)));
}

#[test]
fn questions_that_cannot_be_answered_say_why() {
    let mut user = User::new();
    let velocity = |time| {
        Command::Velocity(VelocityQuery {
            time,
            space: SpaceId::Embedding(0),
            part: DriftPart::Total,
            model: ModelKind::ScImf,
            sample: None,
        })
    };
    assert!(refusal(&user.says(velocity(0))).contains("No dataset"));
    let mut user = User::with_dataset();
    assert!(refusal(&user.says(velocity(0))).contains("no model"));
    user.trains(quick(1));
    assert!(refusal(&user.says(velocity(7))).contains("no time point 7"));
    let coordinates = |space| Command::Coordinates { space };
    assert!(refusal(&user.says(coordinates(SpaceId::Embedding(1)))).contains("no embedding 1"));
    assert!(refusal(&user.says(coordinates(SpaceId::Components([0, 99])))).contains("no PC 100"));
    assert!(refusal(&user.says(Command::Stop)).contains("No training"));
    let held_out = vec![0];
    assert!(
        refusal(&user.says(Command::Train { recipe: TrainSettings { held_out, ..quick(1) }.into() }))
            .contains("held out")
    );
    let dropped = Command::LoadWeights { name: "x.safetensors".into(), bytes: vec![1, 2, 3].into() };
    assert!(refusal(&user.says(dropped)).contains("x.safetensors"));
}

#[test]
fn held_out_time_points_are_not_trained_on() {
    let mut user = User::with_dataset();
    let events = user.trains(TrainSettings { held_out: vec![1], ..quick(1) });
    let [Event::Training { state: TrainingState::Running { training_times, .. } }, .., Event::Done] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!(training_times, &[2]);
}

//! Commands that ask for what is not there, too large or no number: each is answered, refused or ended, and the session lives on.

use crate::support::block_on;
use crate::support::user::User;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use scimf::data::{Dataset, Decoder, Embedding, Matrix, bundle};
use scimf::protocol::{
    CellMnnConfig, CellMnnSettings, CellType, Change, Command, Event, ExperimentQuery, File, PerturbationQuery, Recipe,
    SimulationQuery, SpaceId, Start, TimePoint, TrainSettings, ValuesQuery,
};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

const CELLS: usize = 18;

/// Six cells at each of three times, of two types, with four genes.
fn dataset() -> File {
    let point = |time: usize| TimePoint { label: format!("day {time}"), value: Some(time as f64), cells: 0 };
    let value = |at: usize| ((at * 37) % 17) as f32 / 4.0;
    let matrix = |rows: usize, cols: usize| Matrix::new(rows, cols, (0..rows * cols).map(value).collect()).unwrap();
    let dataset = Dataset {
        name: "small".into(),
        states: matrix(CELLS, 3),
        axis: "PC".into(),
        times: (0..CELLS).map(|cell| cell as u32 / 6).collect(),
        time_points: (0..3).map(point).collect(),
        cell_types: (0..CELLS).map(|cell| cell as u32 % 2).collect(),
        types: ["a", "b"].map(|name| CellType { name: name.into(), color: None, cells: 0 }).into(),
        embeddings: vec![Embedding::new("UMAP", matrix(CELLS, 2))],
        decoder: Some(Decoder {
            genes: ["A", "B", "C", "D"].map(String::from).into(),
            loadings: matrix(4, 3),
            mean: vec![1.0; 4],
        }),
        ..Dataset::default()
    };
    File { name: "small.zip".into(), bytes: bundle::write(&dataset, &[], None).unwrap().into() }
}

fn scimf() -> TrainSettings {
    TrainSettings { updates: 1, cells: 6, dt: 0.5, ..TrainSettings::default() }
}

fn cell_mnn() -> CellMnnSettings {
    let config = CellMnnConfig { dimensions: 3, hidden: 4, ..CellMnnConfig::default() };
    CellMnnSettings {
        config,
        epochs: 1,
        batch: 4,
        stop: scimf::protocol::StopRule::Never,
        ..CellMnnSettings::default()
    }
}

/// A session with the dataset and both models.
fn user() -> User {
    let mut user = User::new();
    let events = user.says(Command::Open { files: vec![dataset()] });
    assert!(matches!(&events[..], [Event::DatasetOpened { .. }, Event::Done]), "{events:?}");
    for recipe in [Recipe::from(scimf()), cell_mnn().into()] {
        let events = user.works(Command::Train { recipe });
        assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    }
    user
}

/// One command of every kind that takes numbers, each of which is right.
fn commands() -> Vec<Value> {
    let start = json!({ "time": 0, "types": [0], "cells": [], "alone": true });
    let simulation = json!({ "model": "ScImf", "space": { "Components": [0, 1] }, "cells": 4, "seed": 1,
        "frames_per_interval": 5, "start": start, "until": 1.0, "noise": 1.0, "fates": true, "genes": [1] });
    let mut linear = simulation.clone();
    linear["model"] = json!("CellMnn");
    let cells = json!({ "Cells": { "time": 1, "kind": 0 } });
    let changes = json!([{ "Remove": { "types": [1], "cells": [0, 0, 0, 0] } }, { "Mute": { "receiver": 0, "sender": 1 } },
        { "Scale": { "receiver": 1, "sender": 0, "factor": 2.0 } }, { "Shift": { "gene": 2, "by": 0.5 } }]);
    vec![
        json!({ "Simulate": simulation }),
        json!({ "Simulate": linear }),
        json!({ "SaveSimulation": { "query": simulation, "format": "H5ad" } }),
        json!({ "Experiment": { "simulation": simulation, "changes": changes, "seeds": 2 } }),
        json!({ "Velocity": { "time": 1, "space": { "Embedding": 0 }, "part": "Total", "model": "ScImf" } }),
        json!({ "Velocity": { "time": 1, "space": { "Components": [1, 2] }, "part": "Interaction", "model": "CellMnn" } }),
        json!({ "Communication": { "time": 1, "score": "Influence", "minimum_cells": 1 } }),
        json!({ "Recovery": { "score": "Attention", "minimum_cells": 1 } }),
        json!({ "CellAttention": { "cell": 3, "score": "Attention" } }),
        json!({ "CellMatrix": { "time": 2, "score": "Influence", "cells": 5 } }),
        json!({ "Receivers": { "time": 0, "sender": 1, "score": "Attention" } }),
        json!({ "Operator": { "of": { "Cell": 2 } } }),
        json!({ "Operator": { "of": cells } }),
        json!({ "Spectrum": { "time": 1 } }),
        json!({ "Linearisation": { "space": { "Components": [0, 2] }, "start": start, "cells": 3, "until": 2.0 } }),
        json!({ "GeneNetwork": { "of": cells, "links": 3 } }),
        json!({ "Why": { "gene": 1, "of": cells, "drivers": 2 } }),
        json!({ "Perturbation": { "gene": 0, "factor": 0.0, "space": { "Components": [0, 1] }, "start": start, "cells": 2,
            "until": null } }),
        json!({ "Path": { "model": "ScImf", "space": { "Components": [0, 1] }, "from": { "time": 0, "types": [0], "cells": [] },
            "to": { "time": 2, "types": [1], "cells": [13, 0, 0, 0, 15, 0, 0, 0] }, "points": 4, "duration": 1.5, "genes": 2 } }),
        json!({ "Path": { "model": "CellMnn", "space": { "Embedding": 0 }, "from": { "time": 0 }, "to": { "time": 1 }, "points": 5,
            "genes": 1 } }),
        json!({ "Retype": { "types": [{ "name": "all", "color": null, "cells": 1 }], "of": [0, 0, 0, 0] } }),
        json!({ "Values": { "Gene": 1 } }),
        json!({ "Values": { "Column": 0 } }),
        json!({ "Values": { "Measured": 0 } }),
        json!({ "Coordinates": { "space": { "Components": [0, 1] } } }),
        json!({ "Coordinates": { "space": { "Embedding": 0 } } }),
        json!({ "Train": { "recipe": { "model": "scimf", "held_out": [1], "seed": 3,
            "settings": { "updates": 1, "cells": 4, "dt": 0.5 } } } }),
        json!({ "Train": { "recipe": { "ScImf": { "held_out": [1], "updates": 1, "cells": 4, "dt": 0.5 } } } }),
        json!({ "Train": { "recipe": { "CellMnn": { "held_out": [1], "epochs": 1, "batch": 3, "validation": 0.2,
            "config": { "dimensions": 2, "hidden": 3, "bound": 1.0 }, "patience": 1, "gamma": 0.5, "speed_weight": 0.1 } } } }),
        json!({ "Evaluate": { "held_out": [1], "cells": 4, "seeds": 1, "first_seed": 0, "components": 2,
            "space": { "Components": [0, 1] } } }),
        json!({ "CancelSimulation": { "request": 1 } }),
    ]
}

/// Everything in a value that is a number, as paths to it.
fn numbers(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Number(_) => found.push(path.into()),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| numbers(item, &format!("{path}/{at}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, item)| numbers(item, &format!("{path}/{key}"), found)),
        _ => {}
    }
}

/// Works for so many pieces at most.
fn works(user: &mut User, pieces: usize) {
    for _ in 0..pieces {
        if !user.session.is_busy() {
            return;
        }
        let mut heard = Vec::new();
        block_on(user.session.tick(&mut |message| heard.push(message)));
        user.heard.extend(heard);
    }
}

/// Sends a command, lets it work for a few pieces and ends it. It has exactly one end, and the next command is answered too. True if it was
/// carried out.
#[track_caller]
fn survives(user: &mut User, command: Command) -> bool {
    let shown = format!("{command:?}");
    let before = user.heard.len();
    user.says(command);
    works(user, 12);
    if user.session.is_busy() {
        user.says(Command::Stop);
        user.says(Command::Cancel);
        works(user, usize::MAX);
    }
    let next = user.says(Command::Coordinates { space: SpaceId::default() });
    let whole = |positions: usize| positions == 2 * CELLS;
    assert!(
        matches!(&next[..], [Event::Coordinates { positions, .. }, Event::Done] if whole(positions.len())),
        "{shown}"
    );

    let heard = &user.heard[before..];
    let first = heard.first().and_then(|message| message.request);
    let ends: Vec<&Event> = heard
        .iter()
        .filter(|message| message.request == first)
        .map(|message| &message.event)
        .filter(|event| matches!(event, Event::Done | Event::Failed(_)))
        .collect();
    match ends[..] {
        [Event::Done] => true,
        [Event::Failed(failure)] => {
            assert!(!failure.fatal && !failure.message.is_empty(), "{shown}: {failure:?}");
            false
        }
        _ => panic!("{shown} has the ends {ends:?}"),
    }
}

#[test]
fn commands_with_absurd_numbers_are_refused_or_ended() {
    let commands = commands();
    let mut user = user();
    for command in &commands {
        // What is not there is refused, and the rest is right.
        survives(&mut user, serde_json::from_value(command.clone()).unwrap());
    }
    let extremes = prop_oneof![
        Just(json!(0)),
        Just(json!(-1)),
        Just(json!(1)),
        Just(json!(7)),
        Just(json!(1_000_000)),
        Just(json!(1u64 << 31)),
        Just(json!(u32::MAX)),
        Just(json!(1u64 << 53)),
        Just(json!(u64::MAX / 2 + 1)),
        Just(json!(u64::MAX)),
        Just(json!(1e-300)),
        Just(json!(-1e300)),
        Just(json!(1e39)),
        Just(json!(0.999_999_999_999)),
        Just(json!(1e6)),
        Just(Value::Null),
    ];
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), extremes), 1..3);
    let config = Config { cases: 6000, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..Config::default() };
    let user = RefCell::new(user);
    let (done, refused) = (Cell::new(0), Cell::new(0));
    TestRunner::new(config)
        .run(&(any::<proptest::sample::Index>(), changes), |(which, changes)| {
            let mut value = which.get(&commands).clone();
            let mut places = Vec::new();
            numbers(&value, "", &mut places);
            for (place, number) in changes {
                *value.pointer_mut(place.get(&places[..]).as_str()).unwrap() = number;
            }
            // What has no such form is refused before it is a command.
            if let Ok(command) = serde_json::from_value::<Command>(value) {
                let count = if survives(&mut user.borrow_mut(), command) { &done } else { &refused };
                count.set(count.get() + 1);
            }
            Ok(())
        })
        .unwrap();
    assert!(done.get() > 300 && refused.get() > 300, "{} were carried out, {} refused", done.get(), refused.get());
}

#[test]
fn positions_at_the_end_of_all_numbers_are_refused() {
    let mut user = user();
    for space in
        [SpaceId::Components([usize::MAX, 0]), SpaceId::Components([0, usize::MAX]), SpaceId::Embedding(usize::MAX)]
    {
        assert!(matches!(&user.says(Command::Coordinates { space })[..], [Event::Failed(_)]), "{space:?}");
    }
    for query in [ValuesQuery::Column(usize::MAX), ValuesQuery::Gene(usize::MAX), ValuesQuery::Measured(usize::MAX)] {
        assert!(matches!(&user.says(Command::Values(query))[..], [Event::Failed(_)]), "{query:?}");
    }
}

/// JSON cannot say them, JavaScript can.
#[test]
fn commands_with_what_is_no_number_are_refused() {
    let mut user = user();
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let single = odd as f32;
        let train = |settings: TrainSettings| Command::Train { recipe: settings.into() };
        let linear = |settings: CellMnnSettings| Command::Train { recipe: settings.into() };
        let changes = vec![Change::Shift { gene: 0, by: single }];
        let perturbation = PerturbationQuery {
            gene: 0,
            factor: single,
            space: SpaceId::default(),
            start: Start::default(),
            cells: 2,
            until: None,
        };
        let commands = [
            train(TrainSettings { dt: odd, ..scimf() }),
            train(TrainSettings { learning_rate: odd, ..scimf() }),
            train(TrainSettings { blur: odd, ..scimf() }),
            train(TrainSettings { scaling: odd, ..scimf() }),
            train(TrainSettings { action_weight: single, ..scimf() }),
            linear(CellMnnSettings { learning_rate: odd, ..cell_mnn() }),
            linear(CellMnnSettings { weight_decay: odd, ..cell_mnn() }),
            linear(CellMnnSettings { gamma: single, ..cell_mnn() }),
            linear(CellMnnSettings { speed_weight: single, ..cell_mnn() }),
            linear(CellMnnSettings { validation: single, ..cell_mnn() }),
            linear(CellMnnSettings { config: CellMnnConfig { bound: single, ..cell_mnn().config }, ..cell_mnn() }),
            Command::Simulate(SimulationQuery { noise: single, ..SimulationQuery::default() }),
            Command::Simulate(SimulationQuery { until: Some(odd), ..SimulationQuery::default() }),
            Command::Experiment(ExperimentQuery { changes, ..ExperimentQuery::default() }),
            Command::Perturbation(perturbation),
        ];
        for command in commands {
            let shown = format!("{command:?}");
            let events = user.says(command);
            assert!(matches!(&events[..], [Event::Failed(_)]), "{shown}: {events:?}");
        }
    }
}

//! scNODE on genes: parity with reference tensors of the published form, and its way through a dataset with measured genes.

use crate::scnode::{PHASES, follow, given, populations};
use crate::support::user::User;
use crate::support::{self, Fixture, block_on};
use scimf::data::{Dataset, Decoder, GeneSpace, Matrix, Measured, bundle};
use scimf::models::AnyWeights;
use scimf::models::fitted::{Fitted, Stored};
use scimf::models::scnode_genes::{ScNodeGenesTrainer, ScNodeGenesWeights};
use scimf::protocol::{
    CellGroup, CellType, Command, Event, File, ModelKind, PathQuery, Recipe, SimulationQuery, SpaceId, TimePoint,
    VelocityQuery,
};
use scimf::tensor::cpu;
use scimf::train::AddressedDraws;
use std::collections::HashMap;

const MODEL: ModelKind = ModelKind::ScNodeGenes;

#[test]
fn losses_gradients_and_weights_of_three_updates() {
    let fixture = Fixture::open("scnode_genes_g30");
    let weights = ScNodeGenesWeights::from_file(fixture.tensors("weights."), &HashMap::new()).unwrap();
    let genes: Vec<String> = (0..30).map(|gene| format!("g{gene}")).collect();
    for (phase, pretraining) in PHASES {
        let recipe = Recipe::new(MODEL).with("updates", 3.0).with("cells", 16.0).with("pretraining", pretraining);
        let fresh = || {
            let data = populations(&fixture);
            let trainer = ScNodeGenesTrainer::new(data, genes.clone(), &recipe, Some(&weights), &cpu()).unwrap();
            trainer.with_draws(AddressedDraws::Given(given(&fixture)))
        };
        follow(&fixture, phase, fresh, |trainer| block_on(trainer.model().to_weights(3, &[])).unwrap().tensors);
    }
}

/// A published checkpoint does not say which genes it knows; one of components has a linear decoder and few dimensions.
#[test]
fn published_checkpoints_are_told_apart() {
    for (name, genes) in [("scnode_genes_g30", true), ("scnode_pcs_d10", false)] {
        let tensors = Fixture::open(name).tensors("weights.");
        assert_eq!(ScNodeGenesWeights::recognises(&tensors, &HashMap::new()), genes, "{name}");
    }
}

const GENES: [&str; 4] = ["a", "b", "c", "d"];

/// Cells whose four genes rise with time, seen in two components.
fn dataset() -> Dataset {
    let cells = 60;
    let value = |cell: usize, gene: usize| ((cell % 20 * (gene + 2)) % 7) as f32 / 4.0 + (cell / 20) as f32 * 0.5;
    let axes = [[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5f32]];
    let mean: Vec<f32> =
        (0..4).map(|gene| (0..cells).map(|cell| value(cell, gene)).sum::<f32>() / cells as f32).collect();
    let along =
        |cell: usize, axis: [f32; 4]| (0..4).map(|gene| (value(cell, gene) - mean[gene]) * axis[gene]).sum::<f32>();
    let point = |time| TimePoint { label: format!("day {time}"), value: Some(f64::from(time)), cells: 0 };
    let entries: Vec<(u32, f32)> =
        (0..4).flat_map(|gene| (0..cells).map(move |cell| (cell as u32, value(cell, gene)))).collect();
    Dataset {
        name: "rise".into(),
        states: Matrix::new(cells, 2, (0..cells).flat_map(|cell| axes.map(|axis| along(cell, axis))).collect())
            .unwrap(),
        axis: "PC".into(),
        times: (0..cells as u32).map(|cell| cell / 20).collect(),
        time_points: (0..3).map(point).collect(),
        cell_types: vec![0; cells],
        types: vec![CellType { name: "all cells".into(), color: None, cells: 0 }],
        decoder: Some(Decoder {
            genes: GENES.map(str::to_owned).into(),
            loadings: Matrix::new(4, 2, (0..4).flat_map(|gene| axes.map(|axis| axis[gene])).collect()).unwrap(),
            mean,
        }),
        measured: Some(Measured {
            genes: GENES.map(str::to_owned).into(),
            unit: "log-normalised".into(),
            cells,
            starts: (0..5).map(|gene| gene * cells as u32).collect(),
            rows: entries.iter().map(|(cell, _)| *cell).collect(),
            values: entries.iter().map(|(_, value)| *value).collect(),
            ..Measured::default()
        }),
        ..Dataset::default()
    }
}

fn with(dataset: &Dataset) -> User {
    let mut user = User::new();
    let bytes = bundle::write(dataset, &[], None).unwrap().into();
    let events = user.says(Command::Open { files: vec![File { name: "rise.zip".into(), bytes }] });
    assert!(matches!(&events[..], [Event::DatasetOpened { .. }, Event::Done]), "{events:?}");
    user
}

fn recipe() -> Recipe {
    Recipe::new(MODEL).with("updates", 60.0).with("latent", 4.0).with("hidden", 8.0).with("learning-rate", 1e-2)
}

#[test]
fn it_learns_from_genes_and_is_seen_in_components() {
    let dataset = dataset();
    let mut user = with(&dataset);
    let losses = support::losses(&user.works(Command::Train { recipe: recipe() }));
    assert!(losses[59] < 0.9 * losses[10], "it learns: {losses:?}");
    let query = |noise| SimulationQuery { model: MODEL, cells: 20, noise, ..SimulationQuery::default() };
    let simulated = user.works(Command::Simulate(query(0.0)));
    let Some(Event::Simulation(simulation)) = simulated.iter().find(|it| matches!(it, Event::Simulation(_))) else {
        panic!("{simulated:?}")
    };
    assert_eq!(simulation.positions.len(), simulation.times.len() * 20 * 2, "two components");
    let events = user.says(Command::Velocity(VelocityQuery {
        model: MODEL,
        time: 0,
        space: SpaceId::default(),
        part: Default::default(),
        sample: None,
    }));
    assert!(events.iter().any(|event| matches!(event, Event::Velocity(_))), "{events:?}");
    let at = |time| CellGroup { time: Some(time), ..CellGroup::default() };
    let path = PathQuery { model: MODEL, from: at(0), to: at(2), points: 5, genes: 2, ..PathQuery::default() };
    let events = user.works(Command::Path(path));
    let [.., Event::Path(path), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert!(path.action <= path.straight_action && (2..=4).contains(&path.genes.len()), "{path:?}");
    let bytes = support::file(&user.says(Command::SaveWeights { model: MODEL }));
    let Ok(AnyWeights::ScNodeGenes(weights)) = AnyWeights::read("w", &bytes) else { panic!("they are of this model") };
    assert_eq!(weights.shape.genes, GENES);

    // Another dataset has other genes.
    let mut other = dataset.clone();
    other.decoder.as_mut().unwrap().genes[1] = "e".into();
    other.measured.as_mut().unwrap().genes[1] = "e".into();
    let load = || Command::LoadWeights { name: "w".into(), bytes: bytes.clone() };
    assert!(support::refusal(&with(&other).says(load())).contains("a gene “b” where the dataset has “e”"));
    let bare = Dataset { measured: None, ..dataset };
    let refused = with(&bare).says(Command::Train { recipe: recipe() });
    assert!(support::refusal(&refused).contains("no measured genes"), "{refused:?}");
}

#[test]
fn a_training_goes_on_as_if_nothing_had_happened() {
    let space = GeneSpace::new(&dataset()).unwrap();
    assert_eq!(space.genes, GENES);
    let recipe = recipe().with("updates", 6.0);
    let mut undisturbed = with(&dataset());
    let losses = support::losses(&undisturbed.works(Command::Train { recipe: recipe.clone() }));
    let mut interrupted = with(&dataset());
    interrupted.says(Command::Train { recipe });
    let state = loop {
        let kept = interrupted.waits().into_iter().find_map(|event| match event {
            Event::Checkpoint { update: 1, state } => Some(state),
            _ => None,
        });
        if let Some(state) = kept {
            break state;
        }
    };
    let mut next = with(&dataset());
    let events = next.works(Command::ContinueTraining { name: "kept".into(), bytes: state, updates: None });
    assert_eq!(support::losses(&events), losses[1..]);
    let whole = |user: &mut User| support::file(&user.says(Command::SaveWeights { model: MODEL }));
    assert_eq!(whole(&mut next), whole(&mut undisturbed), "bit by bit");
}

//! The state of a training as it is kept while it runs: it comes soon, and nothing is lost by going on from it.

use crate::potentials::quick;
use crate::support;
use crate::support::user::{User, with_line};
use scimf::protocol::{Array, CellMnnConfig, CellMnnSettings, Command, Event, ModelKind, Recipe, TrainSettings};

fn scimf() -> Recipe {
    TrainSettings { updates: 4, cells: 16, dt: 0.5, ..TrainSettings::default() }.into()
}

fn cell_mnn() -> Recipe {
    let config = CellMnnConfig { dimensions: 2, hidden: 8, ..CellMnnConfig::default() };
    CellMnnSettings { config, epochs: 4, batch: 8, ..CellMnnSettings::default() }.into()
}

/// The first state that is kept, and the update or epoch that it says.
fn first_kept(user: &mut User, recipe: Recipe) -> (u32, Array<u8>) {
    user.says(Command::Train { recipe });
    loop {
        for event in user.waits() {
            if let Event::Checkpoint { update, state } = event {
                return (update, state);
            }
        }
    }
}

#[test]
fn what_is_kept_goes_on_as_if_nothing_had_happened() {
    let others =
        ModelKind::ALL.into_iter().filter(|kind| !ModelKind::BEFORE_CARDS.contains(kind) && !kind.card().can.genes);
    let others = others.map(|kind| (quick(kind), 1));
    let drawn = scimf().with("targets", 8_usize);
    for (recipe, done) in [(scimf(), 1), (drawn, 1), (cell_mnn(), 0)].into_iter().chain(others) {
        let kind = recipe.model;
        let whole = |user: &mut User| support::file(&user.says(Command::SaveWeights { model: kind }));
        let mut undisturbed = with_line();
        let losses = support::losses(&undisturbed.works(Command::Train { recipe: recipe.clone() }));

        let mut interrupted = with_line();
        let (update, state) = first_kept(&mut interrupted, recipe);
        assert_eq!(update, done, "after the first update, the first step of Cell-MNN");
        let name = "kept.safetensors".to_owned();
        let mut next = with_line();
        let events = next.works(Command::ContinueTraining { name: name.clone(), bytes: state.clone(), updates: None });
        assert_eq!(support::losses(&events), losses[done as usize..], "{kind:?}");
        assert_eq!(whole(&mut next), whole(&mut undisturbed), "bit by bit");
        // It opens as weights, too.
        let events = next.says(Command::LoadWeights { name, bytes: state });
        assert!(matches!(&events[..], [Event::WeightsChanged { .. }, Event::Done]), "{events:?}");
    }
}

#[test]
fn what_is_damaged_or_meant_for_other_data_is_refused() {
    let (_, state) = first_kept(&mut with_line(), cell_mnn());
    let resume = |bytes: Vec<u8>| Command::ContinueTraining { name: "kept".into(), bytes: bytes.into(), updates: None };
    let mut user = with_line();
    for cut in [0, 7, 100, state.len() - 1] {
        assert!(support::refusal(&user.says(resume(state[..cut].to_vec()))).contains("kept"), "cut at {cut}");
    }
    let weights = {
        let events = user.works(Command::Train { recipe: cell_mnn() });
        assert!(matches!(events.last(), Some(Event::Done)));
        support::file(&user.says(Command::SaveWeights { model: ModelKind::CellMnn }))
    };
    assert!(support::refusal(&user.says(resume(weights.to_vec()))).contains("not the state of a training"));
    // As long as nothing ran, nothing has changed.
    assert!(!user.session.is_busy());
}

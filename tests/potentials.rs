//! Models whose drift is that of a potential, as every front end sees them.

use crate::support;
use crate::support::user::{User, with_line};
use scimf::protocol::{
    Command, EvaluationSettings, Event, FatesQuery, LandscapeQuery, ModelKind, Recipe, Simulation, SimulationQuery,
    SpaceId, ValuesQuery, VelocityField, VelocityQuery,
};

fn models() -> impl Iterator<Item = ModelKind> {
    ModelKind::ALL.into_iter().filter(|kind| kind.card().can.potential)
}

/// A training of few updates of a small network, for any of them.
pub fn quick(model: ModelKind) -> Recipe {
    let small = [
        ("updates", 6.0),
        ("hidden", 8.0),
        ("cells", 8.0),
        ("dt", 0.5),
        ("share", 0.5),
        ("contrast-cells", 8.0),
        ("contrast-steps", 4.0),
    ];
    let known = small.into_iter().filter(|(key, _)| model.card().field(key).is_some());
    known.fold(Recipe::new(model), |recipe, (key, value)| recipe.with(key, value))
}

fn trained(model: ModelKind) -> User {
    let mut user = with_line();
    let events = user.works(Command::Train { recipe: quick(model) });
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    assert_eq!(support::losses(&events).len(), 6);
    user
}

#[track_caller]
fn found<T>(events: &[Event], pick: impl Fn(&Event) -> Option<T>) -> T {
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    events.iter().find_map(pick).unwrap_or_else(|| panic!("{events:?}"))
}

fn values(user: &mut User, query: ValuesQuery) -> Vec<f32> {
    found(&user.says(Command::Values(query)), |event| match event {
        Event::Values(values) => Some(values.values.to_vec()),
        _ => None,
    })
}

fn velocity(user: &mut User, model: ModelKind) -> VelocityField {
    let query =
        VelocityQuery { time: 1, space: SpaceId::Components([0, 1]), part: Default::default(), model, sample: None };
    found(&user.says(Command::Velocity(query)), |event| match event {
        Event::Velocity(field) => Some(field.clone()),
        _ => None,
    })
}

fn simulation(user: &mut User, query: SimulationQuery) -> Simulation {
    found(&user.works(Command::Simulate(query)), |event| match event {
        Event::Simulation(simulation) => Some(simulation.clone()),
        _ => None,
    })
}

#[test]
fn cells_move_down_the_potential_that_is_shown() {
    for model in models() {
        let mut user = trained(model);
        let potential = values(&mut user, ValuesQuery::Potential(model));
        assert!(potential.len() == 60 && potential.iter().all(|value| value.is_finite()));
        let field = velocity(&mut user, model);
        assert!(field.exact && field.mean_speed > 0.0);
        // The landscape at the time of the cells: along a cell's velocity it falls.
        let query = LandscapeQuery { model, time: 1.0, resolution: 48, ..LandscapeQuery::default() };
        let landscape = found(&user.says(Command::Landscape(query)), |event| match event {
            Event::Landscape(landscape) => Some(landscape.clone()),
            _ => None,
        });
        assert_eq!(landscape.values.len(), 48 * 48);
        let known: Vec<f32> = landscape.values.iter().copied().filter(|value| value.is_finite()).collect();
        assert!(known.len() > 20, "{} points", known.len());
        // The cells' positions are theirs; their potentials lie among the landscape's when time does not matter or is the same.
        let [low, high] = known.iter().fold([f32::INFINITY, f32::NEG_INFINITY], |[l, h], v| [l.min(*v), h.max(*v)]);
        let margin = 0.5 * (high - low) + 1e-4;
        let at_time_one = &potential[20..40];
        assert!(
            at_time_one.iter().all(|value| (low - margin..=high + margin).contains(value)),
            "{model:?}: {at_time_one:?} between {low} and {high}"
        );
    }
}

#[test]
fn simulations_repeat_and_their_frames_do_not_change_the_way() {
    for model in models() {
        let mut user = trained(model);
        let query = |frames, seed| SimulationQuery {
            model,
            space: SpaceId::Components([0, 1]),
            cells: 12,
            seed,
            frames_per_interval: frames,
            fates: true,
            ..SimulationQuery::default()
        };
        let few = simulation(&mut user, query(1, 3));
        let many = simulation(&mut user, query(4, 3));
        assert_eq!((few.times.len(), many.times.len()), (3, 9));
        assert_eq!(few.positions[2 * 24..], many.positions[8 * 24..], "the same end");
        assert_eq!(few, simulation(&mut user, query(1, 3)));
        assert_ne!(few.positions[24..], simulation(&mut user, query(1, 4)).positions[24..], "another seed");
        let still = simulation(&mut user, SimulationQuery { noise: 0.0, ..query(1, 3) });
        assert_ne!(few.positions, still.positions, "{model:?} has noise");
    }
}

#[test]
fn numbers_of_cells_are_there_or_refused_with_a_remedy() {
    for model in ModelKind::ALL {
        let can = model.card().can;
        let mut user = if can.potential { trained(model) } else { with_line() };
        if can.residual {
            assert!(values(&mut user, ValuesQuery::Residual(model)).iter().all(|value| *value >= 0.0));
        } else if can.potential {
            let events = user.says(Command::Values(ValuesQuery::Residual(model)));
            assert!(support::refusal(&events).contains("has no residual"));
        }
        if can.growth {
            // No genes were named.
            let events = user.says(Command::Values(ValuesQuery::GrowthWeight(model)));
            assert!(support::refusal(&events).contains("Name genes"));
        }
        if !can.potential {
            let refused = |events: &[Event]| assert!(!support::refusal(events).is_empty());
            refused(&user.says(Command::Values(ValuesQuery::Potential(model))));
            refused(&user.says(Command::Landscape(LandscapeQuery { model, ..LandscapeQuery::default() })));
        }
    }
}

#[test]
fn copies_of_cells_are_followed_to_their_ends() {
    for model in models() {
        let mut user = trained(model);
        let query = FatesQuery { model, cells: vec![0, 25, 59].into(), copies: 20, ..FatesQuery::default() };
        let fates = found(&user.works(Command::Fates(query.clone())), |event| match event {
            Event::CellFates(fates) => Some(fates.clone()),
            _ => None,
        });
        assert_eq!(fates.types.to_vec(), [0; 3], "there is one type");
        assert!(fates.shares.len() == 3 && fates.shares.iter().all(|share| (share - 1.0).abs() < 1e-5), "{fates:?}");
        assert!(fates.neighbours > 0);
        let refused = |user: &mut User, query: FatesQuery, says: &str| {
            let events = user.says(Command::Fates(query));
            assert!(support::refusal(&events).contains(says), "{events:?}");
        };
        refused(&mut user, FatesQuery { cells: vec![60].into(), ..query.clone() }, "There is no cell 60");
        refused(&mut user, FatesQuery { cells: Vec::new().into(), ..query.clone() }, "no cell to follow");
        refused(&mut user, FatesQuery { copies: 1 << 30, ..query.clone() }, "too many");
        // It can be cancelled.
        user.says(Command::Fates(query));
        assert!(user.session.is_busy());
        assert!(matches!(user.says(Command::Cancel).last(), Some(Event::Done)));
        assert!(!user.session.is_busy());
    }
}

#[test]
fn they_are_evaluated_saved_and_opened_again() {
    let mut user = with_line();
    let train: Vec<Recipe> = models().map(quick).collect();
    let settings =
        EvaluationSettings { held_out: vec![1], cells: 10, seeds: 1, train, ..EvaluationSettings::default() };
    let events = user.works(Command::Evaluate(settings));
    let table = events.iter().rev().find_map(|event| match event {
        Event::Evaluation { evaluation, .. } => Some(evaluation.clone()),
        _ => None,
    });
    let table = table.unwrap_or_else(|| panic!("{events:?}"));
    for model in models() {
        let row = table.held_out[0].distances(model.card().key).unwrap();
        assert!(row.w1.is_finite() && row.w2 >= row.w1, "{row:?}");
        // The weights as a bundle, in another session.
        let mut user = trained(model);
        let before = velocity(&mut user, model);
        let bundle = support::file(&user.says(Command::SaveBundle { view: None }));
        let mut other = User::new();
        let file = scimf::protocol::File { name: "again.zip".into(), bytes: bundle.into() };
        let events = other.says(Command::Open { files: vec![file] });
        assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
        assert_eq!(velocity(&mut other, model), before, "{model:?}");
    }
}

/// A trained model at a given seed must not depend on which other models exist or were trained before it.
#[test]
fn a_training_does_not_depend_on_others_before_it() {
    for model in models() {
        let weights = |user: &mut User| support::file(&user.says(Command::SaveWeights { model }));
        let alone = weights(&mut trained(model));
        let mut user = with_line();
        for other in models().filter(|other| *other != model).chain([model]) {
            user.works(Command::Train { recipe: quick(other) });
        }
        assert_eq!(weights(&mut user), alone);
    }
}

#[test]
fn they_leave_as_anndata_with_what_is_read_off_them() {
    for model in models() {
        let mut user = trained(model);
        let space = SpaceId::Components([0, 1]);
        let events = user.works(Command::SaveAnnData { model, space, copies: Some(2) });
        let bytes = found(&events, |event| match event {
            Event::File { bytes, .. } => Some(bytes.to_vec()),
            _ => None,
        });
        let store = hdf5_pure::File::from_bytes(bytes).unwrap();
        let numbers = |name: &str| store.dataset(&format!("obs/{name}")).ok().map(|it| it.read_f32().unwrap());
        let same = |name: &str, shown: Vec<f32>| {
            let stored = numbers(name).unwrap_or_else(|| panic!("{model:?} has no {name}"));
            assert_eq!(stored.len(), shown.len());
            let alike = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-5 * b.abs().max(1.0) || a.is_nan() && b.is_nan();
            assert!(stored.iter().zip(&shown).all(alike), "{model:?}: {name}");
        };
        same("potential", values(&mut user, ValuesQuery::Potential(model)));
        if model.card().can.residual {
            same("potential_residual", values(&mut user, ValuesQuery::Residual(model)));
        }
        assert_eq!(numbers("growth_weight"), None, "no genes of birth or death were named");
        assert!(numbers("velocity_length").is_some_and(|lengths| lengths.iter().any(|length| *length > 0.0)));
    }
}

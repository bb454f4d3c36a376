//! Paths of least action, as a front end asks for them: for every model, beside their controls.

use crate::potentials::quick;
use crate::support::refusal;
use crate::support::user::{User, with_line};
use scimf::protocol::{
    CellGroup, Command, DriftPart, Event, LeastActionPath, ModelKind, PathQuery, Recipe, SpaceId, VelocityQuery,
};

fn models() -> impl Iterator<Item = ModelKind> {
    ModelKind::ALL.into_iter().filter(|kind| !kind.card().can.genes)
}

fn trained(model: ModelKind) -> User {
    let mut user = with_line();
    let recipe = match model.card().field("epochs") {
        Some(_) => Recipe::new(model).with("epochs", 1.0).with("hidden", 8.0),
        None => quick(model),
    };
    let events = user.works(Command::Train { recipe });
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    user
}

/// From the cells of the first time point to those of the last.
fn query(model: ModelKind) -> PathQuery {
    let at = |time| CellGroup { time: Some(time), ..CellGroup::default() };
    let space = SpaceId::Components([0, 1]);
    PathQuery { model, space, from: at(0), to: at(2), points: 7, ..PathQuery::default() }
}

#[track_caller]
fn found(user: &mut User, query: PathQuery) -> LeastActionPath {
    let events = user.works(Command::Path(query));
    let [progress @ .., Event::Path(found), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert!(progress.iter().all(|event| matches!(event, Event::Progress { .. })), "{progress:?}");
    (**found).clone()
}

#[test]
fn every_model_has_a_path_with_less_action_than_the_straight_line() {
    for model in models() {
        let mut user = trained(model);
        let path = found(&mut user, query(model));
        assert_eq!((path.cells, path.seen_at, path.dimensions), ([20, 20], [0.0, 2.0], 2), "{model:?}");
        // The cells of a time point lie along (x, x / 2) from 0 to 1.9, one further with each time point.
        let ends = [&path.positions[..2], &path.positions[12..]].concat();
        for (found, expected) in ends.iter().zip([0.95, 0.475, 2.95, 1.475]) {
            assert!((found - expected).abs() < 1e-5, "{model:?}: {ends:?}");
        }
        assert!(path.exact && path.types.len() == 7 && path.away.iter().all(|it| it.is_finite()), "{model:?}");
        let LeastActionPath { action, straight_action, undriven_action, duration, .. } = path;
        assert!((0.0..=straight_action * 1.00001).contains(&action), "{model:?}: {action} {straight_action}");
        assert!((undriven_action * 2.0 * duration / 5.0 - 1.0).abs() < 1e-4, "|b - a|^2 / (2 T): {undriven_action}");
        // In a time that is given, the least action is no less than at the best time.
        let held = found(&mut user, PathQuery { duration: Some(1.0), ..query(model) });
        assert!((held.duration - 1.0).abs() < 1e-5 && held.action >= action * 0.99, "{model:?}: {held:?}");
    }
}

/// What a path is made of is the velocity that is shown. In a short time from one of two close cells to the other, the straight line's action is less than
/// without drift by what the drift does along the way.
#[test]
fn the_drift_of_a_path_is_the_velocity_of_cells_alone() {
    for model in models() {
        let mut user = trained(model);
        let part = match model.card().can.parts.contains(&DriftPart::Intrinsic) {
            true => DriftPart::Intrinsic,
            false => DriftPart::Total,
        };
        let space = SpaceId::Components([0, 1]);
        let events = user.says(Command::Velocity(VelocityQuery { time: 1, space, part, model, sample: None }));
        let [Event::Velocity(field), Event::Done] = &events[..] else { panic!("{events:?}") };
        // Cells 29 and 30 are neighbours among those at time 1, 0.1 apart along the line.
        let drift = [0, 1].map(|axis| 0.5 * (field.vectors[2 * 9 + axis] + field.vectors[2 * 10 + axis]));
        let one = |cell: u32| CellGroup { cells: vec![cell].into(), ..CellGroup::default() };
        let time = 0.05;
        let ends = PathQuery { from: one(29), to: one(30), points: 3, duration: Some(time.into()), ..query(model) };
        let path = found(&mut user, ends);
        let velocity = [0.1 / time, 0.05 / time];
        let along: f32 = velocity.iter().zip(drift).map(|(v, f)| v * f - 0.5 * f * f).sum();
        let done = (path.undriven_action - path.straight_action) / time;
        let size: f32 = velocity.iter().zip(drift).map(|(v, f)| v * f.abs() + f * f).sum();
        assert!((done - along).abs() <= 0.05 * size + 1e-3, "{model:?}: {done} {along}");
    }
}

#[test]
fn what_cannot_be_a_path_is_refused_with_a_remedy() {
    let model = ModelKind::ALL[0];
    let mut user = trained(model);
    let query = query(model);
    for (wrong, what) in [
        (PathQuery { to: query.from.clone(), ..query.clone() }, "the same mean"),
        (PathQuery { points: 2, ..query.clone() }, "2 points"),
        (PathQuery { points: 1000, ..query.clone() }, "too many"),
        (PathQuery { duration: Some(1e6), ..query.clone() }, "1000000 sampling intervals"),
        (PathQuery { from: CellGroup { types: vec![3], ..CellGroup::default() }, ..query.clone() }, "no cell type 3"),
        (PathQuery { model: ModelKind::ALL[2], ..query.clone() }, "no model"),
    ] {
        let events = user.says(Command::Path(wrong));
        assert!(refusal(&events).contains(what), "{events:?}");
    }
    user.asks(Command::Path(query.clone()));
    assert!(refusal(&user.says(Command::Path(query))).contains("while the search for a path runs"));
    assert!(matches!(user.says(Command::Cancel)[..], [Event::Done]));
    assert!(!user.session.is_busy());
}

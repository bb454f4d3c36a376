//! Simulations, experiments and the attention of single cells, as a front end asks for them.

use crate::support::user::{User, with_line};
use crate::support::{file, refusal};
use scimf::data::bundle;
use scimf::protocol::{
    Array, CellMatrixQuery, CellQuery, Change, Command, EvaluationSettings, Event, Experiment, ExperimentQuery, File,
    ModelKind, ReceiverQuery, Score, Simulation, SimulationFormat, SimulationQuery, Start, TrainSettings,
    TypeAttention, ValuesQuery, limits,
};
use scimf::tissue::{TissueSettings, simulate};

const CELLS: usize = 400;

/// A small simulated tissue with a model that has seen one update.
fn tissue(interaction: bool) -> User {
    let settings = TissueSettings { cells: CELLS, genes: 60, components: 6, ..TissueSettings::default() };
    let tissue = simulate(&settings).unwrap();
    let bytes = bundle::write(&tissue.dataset, &[], None).unwrap().into();
    let mut user = User::new();
    user.says(Command::Open { files: vec![File { name: "tissue.zip".into(), bytes }] });
    user.trains(TrainSettings { updates: 1, cells: 24, interaction, ..TrainSettings::default() });
    user
}

fn simulated(user: &mut User, query: SimulationQuery) -> Simulation {
    let events = user.works(Command::Simulate(query));
    arrived(&events)
}

/// The simulation at the end of what was heard of one.
#[track_caller]
fn arrived(events: &[Event]) -> Simulation {
    let [progress @ .., Event::Simulation(found), Event::Done] = events else { panic!("{events:?}") };
    let shares = progress.iter().map(|event| match event {
        Event::Progress { done, .. } => *done,
        other => panic!("{other:?}"),
    });
    assert!(shares.chain([1.0]).is_sorted(), "{progress:?}");
    found.clone()
}

/// Works until nothing is left to do.
fn rest(user: &mut User) -> Vec<Event> {
    let mut events = Vec::new();
    while user.session.is_busy() {
        events.extend(user.waits());
    }
    events
}

fn found(user: &mut User, simulation: SimulationQuery, changes: Vec<Change>) -> Experiment {
    let events = user.works(Command::Experiment(ExperimentQuery { simulation, changes, seeds: 2 }));
    let found = events.iter().find_map(|event| match event {
        Event::Experiment(found) => Some((**found).clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{events:?}"))
}

fn values(user: &mut User, query: ValuesQuery) -> Vec<f32> {
    let events = user.says(Command::Values(query));
    let [Event::Values(found), Event::Done] = &events[..] else { panic!("{events:?}") };
    found.values.to_vec()
}

fn short(time: usize) -> SimulationQuery {
    let start = Start { time, ..Start::default() };
    SimulationQuery {
        cells: 20,
        frames_per_interval: 2,
        start,
        until: Some(time as f64 + 1.0),
        ..SimulationQuery::default()
    }
}

/// Types of the cells of a time point, by the number of its cells.
fn types_at(user: &User, time: u32) -> Vec<usize> {
    let opened = user.heard.iter().find_map(|message| match &message.event {
        Event::DatasetOpened { dataset, cells, .. } => Some((dataset.cell_types.len(), cells.clone())),
        _ => None,
    });
    let (kinds, cells) = opened.unwrap();
    let mut counts = vec![0; kinds];
    for (time_of, kind) in cells.times.iter().zip(cells.cell_types.iter()) {
        counts[*kind as usize] += usize::from(*time_of == time);
    }
    let mut order: Vec<usize> = (0..kinds).filter(|kind| counts[*kind] > 0).collect();
    order.sort_by_key(|kind| std::cmp::Reverse(counts[*kind]));
    order
}

#[test]
fn a_simulation_begins_and_ends_where_it_is_told_to() {
    let mut user = tissue(true);
    let found = simulated(&mut user, SimulationQuery { until: Some(8.5), ..short(6) });
    assert_eq!(found.times.to_vec(), [6.0, 6.5, 7.0, 7.5, 8.0, 8.5], "7 is the last time point");
    assert_eq!(found.positions.len(), 6 * 20 * 2);

    let still = SimulationQuery { noise: 0.0, ..short(2) };
    assert_eq!(simulated(&mut user, still.clone()), simulated(&mut user, still.clone()));
    let noisy = simulated(&mut user, SimulationQuery { noise: 2.0, ..still.clone() });
    let calm = simulated(&mut user, still);
    assert_eq!(noisy.positions[..40], calm.positions[..40], "the same cells");
    assert_ne!(noisy.positions[80..], calm.positions[80..]);
}

#[test]
fn other_questions_are_answered_while_cells_move() {
    let mut user = tissue(true);
    let query = SimulationQuery { fates: true, genes: vec![3], ..short(4) };
    let whole = simulated(&mut user, query.clone());
    assert!(user.says(Command::Simulate(query.clone())).is_empty());
    let mut events = user.waits();
    assert!(matches!(&events[..], [Event::Progress { .. }]), "{events:?}");
    let matrix = CellMatrixQuery { time: 4, score: Score::Attention, cells: 10, sample: None };
    assert!(matches!(&user.says(Command::CellMatrix(matrix))[..], [Event::CellMatrix(_), Event::Done]));
    events.extend(rest(&mut user));
    assert_eq!(arrived(&events), whole);
}

#[test]
fn simulations_follow_each_other_and_can_be_cancelled() {
    let mut user = tissue(true);
    let query = |seed| SimulationQuery { seed, ..short(4) };
    let expected = [1, 2].map(|seed| simulated(&mut user, query(seed)));
    let first = user.asks(Command::Simulate(query(1)));
    user.waits();
    let second = user.asks(Command::Simulate(query(2)));
    let found = rest(&mut user);
    let found = found.iter().filter_map(|event| match event {
        Event::Simulation(found) => Some(found),
        _ => None,
    });
    assert!(found.eq(&expected), "the first ends first");
    assert!(refusal(&user.says(Command::CancelSimulation { request: first })).contains("not running"));
    assert_ne!(first, second);

    let first = user.asks(Command::Simulate(query(1)));
    user.waits();
    user.asks(Command::Simulate(query(2)));
    assert!(!refusal(&user.says(Command::Simulate(SimulationQuery { cells: 0, ..short(4) }))).is_empty());
    let before = user.heard.len();
    assert!(matches!(&user.says(Command::CancelSimulation { request: first })[..], [Event::Done]));
    let ended = &user.heard[before];
    assert!(ended.request == Some(first) && matches!(ended.event, Event::Done), "{ended:?}");
    assert_eq!(arrived(&rest(&mut user)), expected[1], "only the second arrives");
}

#[test]
fn a_simulation_and_a_training_take_turns() {
    let mut user = tissue(true);
    let settings = TrainSettings { updates: 1000, cells: 24, ..TrainSettings::default() };
    user.says(Command::Train { recipe: settings.into() });
    user.says(Command::Simulate(short(4)));
    let (mut turns, mut found) = (Vec::new(), false);
    while !found {
        let events = user.waits();
        turns.push(events.iter().any(|event| matches!(event, Event::Progress { .. } | Event::Simulation(_))));
        found = events.iter().any(|event| matches!(event, Event::Simulation(_)));
    }
    assert!(turns.windows(2).all(|pair| pair[0] != pair[1]), "{turns:?}");
    assert!(user.session.is_busy(), "the training goes on");
    user.says(Command::Stop);
    assert!(!user.session.is_busy());
}

#[test]
fn chosen_cells_move_within_their_population_or_alone() {
    let mut user = tissue(true);
    let kind = types_at(&user, 5)[0];
    let of = |types: Vec<usize>, alone| {
        let start = Start { time: 5, types, alone, ..Start::default() };
        SimulationQuery { start, ..short(5) }
    };
    let within = simulated(&mut user, of(vec![kind], false));
    let alone = simulated(&mut user, of(vec![kind], true));
    assert_eq!(within.positions[..40], alone.positions[..40], "the same cells");
    assert_ne!(within.positions[80..], alone.positions[80..], "who is around makes a difference");
    let all = simulated(&mut user, of(vec![], false));
    assert_eq!(all.positions, simulated(&mut user, of(vec![], true)).positions, "all cells are never alone");

    let mut intra = tissue(false);
    let within = simulated(&mut intra, of(vec![kind], false));
    assert_eq!(within.positions, simulated(&mut intra, of(vec![kind], true)).positions, "nobody hears anybody");
}

#[test]
fn who_listens_to_whom_follows_the_cells() {
    let attention = Some(TypeAttention { score: Score::Attention, minimum_cells: 1 });
    let query = || SimulationQuery { fates: true, attention, cells: 56, ..short(4) };
    let mut user = tissue(true);
    let found = simulated(&mut user, query());
    let fates = found.fates.unwrap();
    assert_eq!(found.attention.iter().map(|it| it.query.time).collect::<Vec<_>>(), [4, 4, 5]);
    for (answer, kinds) in found.attention.iter().zip(fates.types.chunks(56)) {
        let count = |kind: usize| kinds.iter().filter(|&&it| usize::from(it) == kind).count();
        assert_eq!(answer.cells, (0..6).map(count).collect::<Vec<_>>(), "the types that the cells have become");
        for &receiver in &answer.types {
            let heard =
                answer.types.iter().map(|&sender| answer.mean[receiver * 6 + sender] * answer.cells[sender] as f32);
            assert!((heard.sum::<f32>() - 1.0).abs() < 1e-4, "a receiver's attention adds up to 1");
        }
    }
    assert!(found.attention[0].mean != found.attention[2].mean);

    let without = simulated(&mut user, SimulationQuery { attention: None, ..query() });
    assert!(without.attention.is_empty() && without.positions == found.positions && without.fates == Some(fates));
    let start = Start { time: 4, types: vec![0], ..Start::default() };
    let among = simulated(&mut user, SimulationQuery { start, ..query() });
    assert!(among.attention.is_empty(), "these cells hear others than each other");
    assert!(simulated(&mut tissue(false), query()).attention.is_empty(), "nobody listens to anybody");
}

#[test]
fn fates_and_genes_follow_the_cells() {
    let mut user = tissue(true);
    let genes = vec![3, 41];
    let cells = types_at(&user, 4).len();
    assert!(cells > 1);
    let query = SimulationQuery { fates: true, genes: genes.clone(), cells: 56, ..short(4) };
    let found = simulated(&mut user, query);
    let fates = found.fates.unwrap();
    assert_eq!(fates.times.to_vec(), [4.0, 4.5, 5.0]);
    for shares in fates.shares.chunks(6) {
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{shares:?}");
    }
    assert!(fates.confidence.iter().all(|share| *share > 0.0 && *share <= 1.0));
    assert_eq!(found.genes.iter().map(|course| course.gene).collect::<Vec<_>>(), genes);

    // 56 cells are all of the time point: their mean at the start is the observed one.
    let (times, observed) = (time_of_cells(&user), values(&mut user, ValuesQuery::Gene(3)));
    let at: Vec<f32> = times.iter().zip(&observed).filter(|(time, _)| **time == 4).map(|(_, value)| *value).collect();
    assert_eq!(at.len(), 56);
    let mean = at.iter().sum::<f32>() / 56.0;
    assert!((found.genes[0].mean[0] - mean).abs() < 1e-4 * mean.abs().max(1.0));
    for course in &found.genes {
        for frame in 0..3 {
            assert!(course.low[frame] <= course.mean[frame] && course.mean[frame] <= course.high[frame]);
        }
    }
}

fn time_of_cells(user: &User) -> Vec<u32> {
    let opened = user.heard.iter().find_map(|message| match &message.event {
        Event::DatasetOpened { cells, .. } => Some(cells.times.to_vec()),
        _ => None,
    });
    opened.unwrap()
}

#[test]
fn what_changes_nothing_makes_no_difference() {
    let unmoved = |found: &Experiment| {
        assert!(!found.moved.is_empty());
        for moved in &found.moved {
            assert_eq!((moved.each, moved.together), (0.0, 0.0));
        }
        assert_eq!(found.unchanged.positions, found.changed.positions);
        assert!(found.fates.iter().all(|fate| fate.unchanged == fate.changed));
        assert!(found.genes.iter().all(|gene| gene.difference == 0.0 && gene.noise > 0.0));
    };
    let mut user = tissue(true);
    unmoved(&found(&mut user, short(5), vec![Change::Shift { gene: 0, by: 0.0 }]));
    let kinds = types_at(&user, 5);
    unmoved(&found(&mut user, short(5), vec![Change::Scale { receiver: None, sender: kinds[0], factor: 1.0 }]));
    let mut intra = tissue(false);
    unmoved(&found(&mut intra, short(5), vec![Change::Mute { receiver: None, sender: kinds[0] }]));
    // Without interaction those who stay do not notice who is gone.
    unmoved(&found(&mut intra, short(5), vec![Change::Remove { types: vec![kinds[0]], cells: Array::default() }]));
}

#[test]
fn who_is_gone_or_not_heard_is_missed() {
    let mut user = tissue(true);
    let kinds = types_at(&user, 5);
    let gone = found(&mut user, short(5), vec![Change::Remove { types: vec![kinds[0]], cells: Array::default() }]);
    assert!(gone.moved.iter().all(|moved| moved.kind != kinds[0] && moved.each > 0.0), "{:?}", gone.moved);
    assert_eq!(gone.unchanged.positions.len(), gone.changed.positions.len());
    assert!(gone.changed.positions.len() < 3 * 20 * 2, "some are gone");
    let muted = found(&mut user, short(5), vec![Change::Mute { receiver: Some(kinds[1]), sender: kinds[0] }]);
    let each = |kind| muted.moved.iter().find(|moved| moved.kind == kind).map_or(0.0, |moved| moved.each);
    assert!(each(kinds[1]) > 0.0 && each(kinds[1]) > each(kinds[0]), "{:?}", muted.moved);
    assert!(muted.moved.iter().all(|moved| moved.noise > 0.0));
    let end = muted.unchanged.positions.len() / muted.unchanged.times.len();
    assert_eq!(
        muted.floor.positions.len(),
        (muted.query.seeds as usize - 1) * end,
        "the unchanged cells of all other seeds"
    );
    let strength = |factor| vec![Change::Scale { receiver: Some(kinds[1]), sender: kinds[0], factor }];
    let silent = found(&mut user, short(5), strength(0.0));
    assert_eq!((&silent.changed, &silent.moved), (&muted.changed, &muted.moved), "0 is the mute");
    // Half as much lies between nothing and all, and three times as much beyond all.
    let [half, thrice] = [0.5, 3.0].map(|factor| found(&mut user, short(5), strength(factor)));
    let of = |found: &Experiment| found.moved.iter().find(|moved| moved.kind == kinds[1]).map_or(0.0, |it| it.each);
    assert!(0.0 < of(&half) && of(&half) < of(&muted) && of(&thrice) > 0.0, "{:?} {:?}", half.moved, thrice.moved);
}

#[test]
fn a_shifted_gene_begins_as_shifted() {
    let mut user = tissue(true);
    let query = SimulationQuery { genes: vec![7], ..short(3) };
    let once = found(&mut user, query.clone(), vec![Change::Shift { gene: 7, by: 1.0 }]);
    let twice = found(&mut user, query, vec![Change::Shift { gene: 7, by: -2.0 }]);
    let start = |found: &Experiment| found.changed.genes[0].mean[0] - found.unchanged.genes[0].mean[0];
    // Decoded, a shift by 1 is the squared length of the gene's loadings.
    assert!(start(&once) > 0.0);
    assert!((start(&twice) / start(&once) + 2.0).abs() < 1e-2, "{} {}", start(&once), start(&twice));
    assert!(once.genes.windows(2).all(|pair| {
        let excess = pair.iter().map(|gene| gene.difference.abs() - gene.noise).collect::<Vec<_>>();
        excess[0] >= excess[1]
    }));
}

#[test]
fn an_experiment_can_be_cancelled_and_refuses_what_makes_no_sense() {
    let mut user = tissue(true);
    let experiment = |changes, seeds| Command::Experiment(ExperimentQuery { simulation: short(5), changes, seeds });
    let shift = vec![Change::Shift { gene: 0, by: 1.0 }];
    assert!(refusal(&user.says(experiment(vec![], 2))).contains("changes something"));
    assert!(refusal(&user.says(experiment(shift.clone(), 1))).contains("seeds"));
    let kinds = types_at(&user, 5);
    let all = vec![Change::Remove { types: kinds, cells: Array::default() }];
    assert!(refusal(&user.says(experiment(all, 2))).contains("taken out"));
    assert!(refusal(&user.says(experiment(vec![Change::Mute { receiver: None, sender: 99 }], 2))).contains("type 99"));
    assert!(refusal(&user.says(experiment(vec![Change::Shift { gene: 99, by: 1.0 }], 2))).contains("gene 99"));
    let simulate = |query| Command::Simulate(query);
    assert!(refusal(&user.says(simulate(SimulationQuery { until: Some(5.0), ..short(5) }))).contains("cannot end"));
    assert!(refusal(&user.says(simulate(SimulationQuery { cells: 0, ..short(5) }))).contains("at least one cell"));
    let nobody = Start { time: 5, cells: vec![0].into(), ..Start::default() };
    assert!(
        refusal(&user.says(simulate(SimulationQuery { start: nobody, ..short(5) }))).contains("None of the chosen")
    );

    assert!(user.says(experiment(shift, 2)).is_empty());
    user.waits();
    assert!(matches!(&user.says(Command::Cancel)[..], [Event::Done]));
    assert!(!user.session.is_busy());
}

#[test]
fn the_attention_of_cells_is_one_matrix_however_it_is_asked_for() {
    let mut user = tissue(true);
    let score = Score::Attention;
    let events = user.says(Command::CellMatrix(CellMatrixQuery { time: 4, score, cells: 2000, sample: None }));
    let [Event::CellMatrix(matrix), Event::Done] = &events[..] else { panic!("{events:?}") };
    let n = matrix.cells.len();
    assert_eq!((n, matrix.values.len()), (56, 56 * 56));
    for row in 0..n {
        assert_eq!(matrix.values[row * n + row], 0.0);
        assert!((matrix.values[row * n..(row + 1) * n].iter().sum::<f32>() - 1.0).abs() < 1e-4);
    }

    let (row, cell) = (17, matrix.cells[17]);
    let events = user.says(Command::CellAttention(CellQuery { cell, score }));
    let [Event::CellAttention(one), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!(one.cells.len(), n - 1);
    for (index, other) in one.cells.iter().enumerate() {
        let place = matrix.cells.iter().position(|cell| cell == other).unwrap();
        assert!((one.listens_to[index] - matrix.values[row * n + place]).abs() < 1e-6);
        assert!((one.heard_by[index] - matrix.values[place * n + row]).abs() < 1e-6);
    }

    let mut heard = vec![0.0; n];
    for sender in 0..6 {
        let events = user.says(Command::Receivers(ReceiverQuery { time: 4, sender, score, sample: None }));
        let [Event::Receivers(found), Event::Done] = &events[..] else { panic!("{events:?}") };
        heard.iter_mut().zip(found.values.iter()).for_each(|(sum, value)| *sum += value);
    }
    assert!(heard.iter().all(|sum| (sum - 1.0).abs() < 1e-4), "all senders together are all attention");
    assert!(refusal(&user.says(Command::CellAttention(CellQuery { cell: 9999, score }))).contains("no cell 9999"));
}

#[test]
fn simulated_cells_are_an_anndata_file_that_opens() {
    let mut user = tissue(true);
    let query = SimulationQuery { frames_per_interval: 1, ..short(4) };
    let bytes = file(&user.says(Command::SaveSimulation { query, format: SimulationFormat::H5ad }));
    let events = user.says(Command::Open { files: vec![File { name: "simulated.h5ad".into(), bytes: bytes.into() }] });
    let [Event::MappingProposed { file, .. }, Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!((file.cells, file.genes), (40, 60));
    assert_eq!(
        file.spaces.iter().map(|space| (space.name.as_str(), space.dimensions)).collect::<Vec<_>>(),
        [("X_pca", 6)]
    );
    let names: Vec<&str> = file.columns.iter().map(|column| column.name.as_str()).collect();
    assert!(
        ["time_index", "simulated_cell", "began_as", "type_confidence", "predicted_type"]
            .iter()
            .all(|n| names.contains(n)),
        "{names:?}"
    );
    assert!(file.notes.is_empty(), "{:?}", file.notes);
}

#[test]
fn the_step_of_the_training_is_that_of_every_simulation() {
    let settings = TrainSettings { updates: 1, cells: 16, dt: 0.5, ..TrainSettings::default() };
    let mut user = with_line();
    user.trains(settings);
    let every_step = SimulationQuery { cells: 5, until: Some(1.0), ..SimulationQuery::default() };
    let steps = |user: &mut User| simulated(user, every_step.clone()).times.to_vec();
    assert_eq!(steps(&mut user), [0.0, 0.5, 1.0]);
    // The step travels with the weights, as a file and in a bundle.
    let bytes = file(&user.says(Command::SaveWeights { model: ModelKind::ScImf }));
    let mut other = with_line();
    other.says(Command::LoadWeights { name: "w.safetensors".into(), bytes });
    assert_eq!(steps(&mut other), [0.0, 0.5, 1.0]);
    let bytes = file(&user.says(Command::SaveBundle { view: None }));
    let mut third = User::new();
    third.says(Command::Open { files: vec![File { name: "line.zip".into(), bytes: bytes.into() }] });
    assert_eq!(steps(&mut third), [0.0, 0.5, 1.0]);
}

#[test]
fn as_many_cells_as_the_limits_allow_are_moved() {
    let mut user = with_line();
    // One step in which all cells attend to all: the attention is streamed by rows.
    let settings = TrainSettings { updates: 1, cells: 16, dt: 1.0, ..TrainSettings::default() };
    user.trains(settings.clone());
    let cells = limits::MOST_SIMULATED;
    let query = SimulationQuery { cells, until: Some(1.0), frames_per_interval: 1, ..SimulationQuery::default() };
    assert_eq!(simulated(&mut user, query).positions.len(), 2 * 2 * cells);
    // What passes the check of a command is drawn too, after a training as before it.
    let settings = TrainSettings { interaction: false, ..settings };
    let settings = EvaluationSettings {
        held_out: vec![1],
        cells: 5000,
        seeds: 1,
        train: vec![settings.into()],
        ..EvaluationSettings::default()
    };
    let events = user.works(Command::Evaluate(settings));
    assert!(matches!(events.last(), Some(Event::Done)), "{:?}", events.last());
}

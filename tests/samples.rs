//! Models that are fitted to several samples: each is a population of its own.

use crate::support;
use crate::support::user::User;
use scimf::data::{Dataset, Matrix, bundle};
use scimf::protocol::{
    CellMatrixQuery, Command, DriftPart, EvaluationSettings, Event, Evidence, EvidenceQuery, File, ModelKind,
    OTHER_SAMPLES, Recipe, Sample, Score, SimulationQuery, SpaceId, Start, TrainSettings, VelocityQuery,
};
use scimf::tissue::{DesignSettings, simulate_design};

/// A control and a sample without each type, few cells.
fn tissue() -> Dataset {
    let settings = DesignSettings { cells: 30, genes: 30, components: 4, ..DesignSettings::default() };
    simulate_design(&settings).unwrap().dataset
}

fn with(dataset: &Dataset) -> User {
    let mut user = User::new();
    let bytes = bundle::write(dataset, &[], None).unwrap().into();
    let events = user.says(Command::Open { files: vec![File { name: "tissue.zip".into(), bytes }] });
    assert!(matches!(events.last(), Some(Event::Done)), "{events:?}");
    user
}

fn quick(updates: u32) -> Recipe {
    TrainSettings { updates, cells: 16, dt: 0.5, ..TrainSettings::default() }.into()
}

fn losses(dataset: &Dataset, recipe: Recipe) -> Vec<f32> {
    support::losses(&with(dataset).works(Command::Train { recipe }))
}

/// The same with one sample far away.
fn moved(dataset: &Dataset, sample: usize) -> Dataset {
    let mut moved = dataset.clone();
    for cell in (0..moved.states.rows).filter(|&cell| dataset.sample_of(cell) == sample) {
        moved.states.row_mut(cell).iter_mut().for_each(|value| *value += 50.0);
    }
    moved
}

#[test]
fn a_held_out_sample_is_not_seen_and_every_other_is() {
    let dataset = tissue();
    let held_out = Recipe { held_out_samples: vec![2], ..quick(2) };
    let without = losses(&dataset, held_out.clone());
    assert_eq!(without.len(), 2);
    assert_eq!(losses(&moved(&dataset, 2), held_out.clone()), without);
    assert_ne!(losses(&moved(&dataset, 3), held_out), without);
    assert_ne!(losses(&dataset, quick(2)), without);
    let unknown = Recipe { held_out_samples: vec![7], ..quick(2) };
    let events = with(&dataset).says(Command::Train { recipe: unknown });
    assert!(support::refusal(&events).contains("no sample 7"), "{events:?}");
}

#[test]
fn cells_of_different_samples_never_hear_each_other() {
    let dataset = tissue();
    let mut user = with(&dataset);
    user.works(Command::Train { recipe: quick(1) });
    let model = ModelKind::ScImf;
    let weights = support::file(&user.says(Command::SaveWeights { model }));
    let query = VelocityQuery { time: 1, space: SpaceId::default(), part: DriftPart::Interaction, model, sample: None };
    let matrix = CellMatrixQuery { time: 1, cells: 60, score: Score::Attention, sample: None };
    let answers = |dataset: &Dataset| {
        let mut user = with(dataset);
        user.says(Command::LoadWeights { name: "w.safetensors".into(), bytes: weights.clone() });
        let velocity = user.says(Command::Velocity(query)).into_iter().find_map(|event| match event {
            Event::Velocity(field) => Some(field),
            _ => None,
        });
        let heard = user.says(Command::CellMatrix(matrix)).into_iter().find_map(|event| match event {
            Event::CellMatrix(matrix) => Some(matrix),
            _ => None,
        });
        (velocity.unwrap(), heard.unwrap())
    };
    let ((before, heard), (after, _)) = (answers(&dataset), answers(&moved(&dataset, 2)));
    assert!(before.wind.is_some_and(|share| share > 0.0 && share <= 1.0));
    let mut others = 0;
    for (at, cell) in before.cells.iter().enumerate() {
        let same = before.speeds[at] == after.speeds[at];
        assert!(same || dataset.sample_of(*cell as usize) == 2, "cell {cell} hears another sample");
        others += usize::from(!same);
    }
    assert!(others > 0);
    let sample = |at: usize| dataset.sample_of(heard.cells[at] as usize);
    for (at, value) in heard.values.iter().enumerate() {
        let (receiver, sender) = (at / heard.cells.len(), at % heard.cells.len());
        let own = receiver != sender && sample(receiver) == sample(sender);
        assert_eq!(*value > 0.0, own, "{receiver} hears {sender}");
    }

    // Without the wind nothing is left of what a population shares.
    let query = VelocityQuery { part: DriftPart::Differing, ..query };
    let events = user.says(Command::Velocity(query));
    let [Event::Velocity(field), Event::Done] = &events[..] else { panic!("{events:?}") };
    assert_eq!(field.wind, before.wind);
    for sample in 0..dataset.sample_count() {
        let own = |at: &usize| dataset.sample_of(field.cells[*at] as usize) == sample;
        let at: Vec<usize> = (0..field.cells.len()).filter(own).collect();
        let mean = |axis: usize| at.iter().map(|at| field.vectors[2 * at + axis]).sum::<f32>() / at.len() as f32;
        assert!(mean(0).abs() < 1e-4 && mean(1).abs() < 1e-4, "sample {sample}");
    }
}

#[test]
fn one_sample_trains_as_none_does() {
    let mut dataset = tissue();
    (dataset.samples, dataset.cell_samples) = (Vec::new(), Vec::new());
    let mut one = dataset.clone();
    one.samples = vec![Sample { name: "all".into(), lacks: Vec::new(), proposed: false, cells: 0 }];
    one.cell_samples = vec![0; one.states.rows];
    let weights = |dataset: &Dataset| {
        let mut user = with(dataset);
        user.works(Command::Train { recipe: quick(2) });
        support::file(&user.says(Command::SaveWeights { model: ModelKind::ScImf }))
    };
    assert_eq!(weights(&dataset), weights(&one), "bit by bit");
}

#[test]
fn a_held_out_sample_is_predicted_from_its_first_population() {
    let dataset = tissue();
    let settings = EvaluationSettings {
        held_out_samples: vec![1],
        cells: 20,
        seeds: 1,
        train: vec![quick(1)],
        ..EvaluationSettings::default()
    };
    let mut user = with(&dataset);
    let events = user.works(Command::Evaluate(settings));
    let last = events.iter().rev().find_map(|event| match event {
        Event::Evaluation { evaluation, .. } => Some(evaluation.clone()),
        _ => None,
    });
    let table = last.unwrap_or_else(|| panic!("{events:?}"));
    assert_eq!(table.held_out.len(), dataset.time_points.len() - 1);
    for point in &table.held_out {
        assert_eq!((point.sample, point.observed), (Some(1), 30));
        assert!(point.label.starts_with(&dataset.samples[1].name), "{}", point.label);
        for key in ["floor", "stay-put", OTHER_SAMPLES, "one-point", "scimf", "scimf-alone"] {
            let found = point.distances(key).unwrap_or_else(|| panic!("{key} at {}", point.label));
            assert!(found.w1.is_finite() && found.debiased.is_some(), "{key}: {found:?}");
        }
        assert!(point.row("interpolation").is_none(), "its later time points are not known");
    }
    user.works(Command::Train { recipe: quick(1) });
    let start = Start { sample: Some(9), ..Start::default() };
    let events = user.says(Command::Simulate(SimulationQuery { start, ..SimulationQuery::default() }));
    assert!(support::refusal(&events).contains("no sample 9"), "{events:?}");
}

#[test]
fn without_interaction_nobody_has_an_effect() {
    // The pulls begin at nothing and are never trained.
    let recipe = Recipe::new(ModelKind::MeanField).with("linear-start", false).with("alone", 1.0).with("updates", 1u32);
    let recipe = recipe.with("hidden", 4u32).with("cells", 64u32).with("steps", 1u32);
    let query = EvidenceQuery { seeds: 1, twins: 0, train: Some(recipe), known: None };
    let events = with(&tissue()).works(Command::Evidence(query));
    let found = events.iter().rev().find_map(|event| match event {
        Event::Evidence(found) => Some(found),
        _ => None,
    });
    let links = &found.unwrap_or_else(|| panic!("{events:?}")).links;
    let effects: Vec<f64> = links.iter().filter_map(|link| Some(link.effect?.mean)).collect();
    assert!(effects.len() > 20 && effects.iter().all(|effect| *effect == 0.0), "{effects:?}");
}

#[test]
fn effects_of_a_model_stand_beside_those_of_twins() {
    let mut dataset = tissue();
    // Two samples and two times are enough for a look.
    let keep: Vec<usize> =
        (0..dataset.states.rows).filter(|&cell| dataset.sample_of(cell) < 2 && dataset.times[cell] < 2).collect();
    let pick = |values: &[u32]| keep.iter().map(|&cell| values[cell]).collect::<Vec<_>>();
    let values = keep.iter().flat_map(|&cell| dataset.states.row(cell)).copied().collect();
    dataset = Dataset {
        states: Matrix::new(keep.len(), dataset.states.cols, values).unwrap(),
        times: pick(&dataset.times),
        time_points: dataset.time_points[..2].to_vec(),
        cell_types: pick(&dataset.cell_types),
        cell_samples: pick(&dataset.cell_samples),
        samples: dataset.samples[..2].to_vec(),
        ..dataset.clone()
    };
    let query = EvidenceQuery { seeds: 2, twins: 1, train: Some(quick(1)), known: None };
    let mut user = with(&dataset.checked().unwrap());
    let events = user.works(Command::Evidence(query.clone()));
    let told = |events: &[Event]| -> Vec<Evidence> {
        let evidence = events.iter().filter_map(|event| match event {
            Event::Evidence(found) => Some((**found).clone()),
            _ => None,
        });
        evidence.collect()
    };
    let [data, first, _, models] = &told(&events)[..] else { panic!("{events:?}") };
    assert_eq!(models.model, Some(ModelKind::ScImf));
    assert!(data.links.iter().all(|link| link.effect.is_none()) && data.fits.as_ref().unwrap().is_unfinished());
    assert_eq!((first.fits.as_ref().unwrap().done(), models.fits.as_ref().unwrap().done()), ([1, 0], [2, 1]));
    let spreads = models.links.iter().filter_map(|link| link.effect);
    for spread in spreads {
        let [low, high] = spread.interval.unwrap();
        assert!(low <= spread.mean && spread.mean <= high && high > low, "{spread:?}");
    }
    // Whoever stopped after the first training goes on with the second, to the same end.
    let known = EvidenceQuery { known: first.fits.clone(), ..query.clone() };
    let rest = told(&user.works(Command::Evidence(known)));
    assert_eq!((rest.len(), rest.last()), (3, Some(models)));
    let both = models.links.iter().filter_map(|link| Some((link.effect?, link.twin?)));
    let both: Vec<_> = both.collect();
    assert!(both.len() > 5 && both.iter().all(|(effect, twin)| effect.mean > 0.0 && twin.mean > 0.0), "{both:?}");
    assert!(both.iter().any(|(effect, _)| effect.sd > 0.0), "seeds differ");
    let shares = events.iter().filter_map(|event| match event {
        Event::Progress { done, .. } => Some(*done),
        _ => None,
    });
    assert!(shares.clone().all(|share| (0.0..=1.0).contains(&share)) && shares.count() > 10);

    assert!(user.says(Command::Evidence(query)).is_empty(), "it goes on");
    for _ in 0..12 {
        user.waits();
    }
    assert!(matches!(&user.says(Command::Cancel)[..], [Event::Done]) && !user.session.is_busy());
    let lonely = EvidenceQuery { seeds: 1, twins: 0, train: Some(Recipe::new(ModelKind::PiSde)), known: None };
    assert!(support::refusal(&user.says(Command::Evidence(lonely))).contains("no interaction"));
}

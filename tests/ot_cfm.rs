//! OT-CFM: its gradient, what it learns of a simple flow, trainings that go on, and scIMF's start from it.

use crate::support::user::with_line;
use crate::support::{block_on, close, read};
use scimf::models::fitted::{Fitted, Progress, Stored};
use scimf::models::ot_cfm::{OtCfmTrainer, OtCfmWeights};
use scimf::protocol::{Command, DriftPart, Event, ModelKind, Recipe, SpaceId, VelocityQuery};
use scimf::tensor::{cpu, upload};
use scimf::train::Populations;

/// Cells that move by (2, -1) from position 0 to 1, and by (4, -2) from there to 3: position 2 is held out.
fn flow() -> Populations {
    let cells = |shift: f32| {
        let cell = move |k: u32| {
            let (x, y) = ((k % 8) as f32 / 4.0, (k / 8) as f32 / 4.0);
            [x + 2.0 * shift, y - shift]
        };
        (0..64).flat_map(cell).collect()
    };
    Populations {
        dimensions: 2,
        times: vec![0, 1, 3],
        labels: vec![0.0, 1.0, 3.0],
        cells: [0.0, 1.0, 3.0].map(cells).to_vec(),
    }
}

fn recipe() -> Recipe {
    Recipe::new(ModelKind::OtCfm).with("cells", 32.0).with("hidden", 16.0).with("learning-rate", 1e-2)
}

fn trained(mut trainer: OtCfmTrainer) -> (Vec<f32>, OtCfmWeights, OtCfmTrainer) {
    let mut losses = Vec::new();
    while !trainer.is_finished() {
        losses.extend(block_on(trainer.advance()).unwrap().map(|update| update.loss.total));
    }
    let weights = block_on(trainer.model().to_weights(0, &[])).unwrap();
    (losses, weights, trainer)
}

#[test]
fn a_constant_flow_is_learned_and_a_wider_gap_has_the_same_rate() {
    let recipe = recipe().with("updates", 250.0);
    let (losses, _, trainer) = trained(OtCfmTrainer::new(flow(), &recipe, None, &cpu()).unwrap());
    assert!(losses[249] < 0.05 * losses[0], "{} after {}", losses[249], losses[0]);
    assert_eq!(trainer.best().1, 250, "the last weights are kept");
    let model = trainer.model();
    for (time, shift) in [(0.5, 0.5), (1.5, 1.5), (2.5, 2.5)] {
        let x = upload(vec![1.0 + 2.0 * shift, 1.0 - shift], [1, 2], &cpu());
        close(&read(model.drift(time, x)), &[2.0, -1.0], 0.15, "velocity per sampling interval");
    }
}

#[test]
fn the_gradient_is_that_of_finite_differences() {
    let recipe = recipe().with("updates", 1.0);
    let weights = trained(OtCfmTrainer::new(flow(), &recipe, None, &cpu()).unwrap()).1;
    let at = |weights: &OtCfmWeights| OtCfmTrainer::new(flow(), &recipe, Some(weights), &cpu()).unwrap();
    let gradients = block_on(at(&weights).gradients()).unwrap();
    let loss = |weights: OtCfmWeights| f64::from(trained(at(&weights)).0[0]);
    for (name, place) in [("net.0.weight", 2), ("net.0.bias", 3), ("net.4.weight", 7), ("net.6.weight", 1)] {
        let moved = |by: f32| {
            let mut moved = weights.clone();
            moved.tensors.get_mut(name).unwrap().values[place] += by;
            loss(moved)
        };
        let (slope, found) = ((moved(5e-3) - moved(-5e-3)) / 1e-2, f64::from(gradients[name][place]));
        assert!((slope - found).abs() < 0.02 * (0.05 + slope.abs()), "{name}: {slope} is not {found}");
    }
}

#[test]
fn a_training_goes_on_as_if_nothing_had_happened() {
    let recipe = recipe().with("updates", 8.0);
    let fresh = || OtCfmTrainer::new(flow(), &recipe, None, &cpu()).unwrap();
    let mut interrupted = fresh();
    while interrupted.updates() < 3 {
        block_on(interrupted.advance()).unwrap();
    }
    let bytes = block_on(interrupted.progress()).unwrap().unwrap().write().unwrap();
    let (tensors, metadata) = scimf::data::weights::tensors(&bytes).unwrap();
    let progress = Progress::<OtCfmWeights>::from_file(tensors, &metadata).unwrap();
    let resumed = trained(OtCfmTrainer::resumed(flow(), &progress, &cpu()).unwrap());
    let whole = trained(fresh());
    assert_eq!((&resumed.0[..], &resumed.1), (&whole.0[3..], &whole.1), "bit by bit");
    assert!(whole.1.write().is_ok());
}

/// The drift that scIMF's warm start leaves knows no time, so it is held to the mean over all cells, whose flow is the same everywhere.
#[test]
fn scimf_begins_from_the_flow_of_pairs() {
    let velocity = |warm: u32| {
        let mut user = with_line();
        let recipe = Recipe::new(ModelKind::ScImf).with("updates", 1.0).with("cells", 16.0).with("dt", 1.0);
        let recipe = recipe.with("interaction", false).with("warm-start", warm);
        let events = user.works(Command::Train { recipe });
        let transport = |event: &Event| match event {
            Event::Update(update) => Some(update.loss.terms[0].value),
            _ => None,
        };
        let losses: Vec<f32> = events.iter().filter_map(transport).collect();
        assert_eq!(losses.len(), 1, "updates of the warm start are not counted");
        let (space, part, model) = (SpaceId::default(), DriftPart::Total, ModelKind::ScImf);
        let events = user.says(Command::Velocity(VelocityQuery { time: 1, space, part, model, sample: None }));
        let [Event::Velocity(field), Event::Done] = &events[..] else { panic!("{events:?}") };
        let mean = |axis: usize| field.vectors.iter().skip(axis).step_by(2).sum::<f32>() / field.cells.len() as f32;
        ([mean(0), mean(1)], losses[0])
    };
    let (warm, loss) = velocity(200);
    close(&warm, &[1.0, 0.5], 0.15, "the line moves by this in an interval");
    let (cold, without) = velocity(0);
    assert!(cold[0] < 0.5 && loss < 0.2 * without, "{cold:?}, {loss} beside {without}");
}

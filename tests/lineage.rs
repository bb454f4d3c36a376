//! Predicted steps between cell types beside the lineage that a simulated tissue has.

use crate::support::user::User;
use scimf::data::{bundle, lineage};
use scimf::protocol::{Command, Evaluation, EvaluationSettings, Event, File, LineageScore, ModelKind, Recipe};
use scimf::tissue::{TissueSettings, simulate};

/// What becomes what in the simulated tissue.
const KNOWN: &str = "from\tto\nProgenitor\tOrganizer\nProgenitor\tEpithelium\nProgenitor\tStroma\nEpithelium\tSecretory\nStroma\tMuscle\n";

fn evaluated(seeds: u32) -> Evaluation {
    let tissue = simulate(&TissueSettings { cells: 480, ..TissueSettings::default() }).unwrap();
    let steps = lineage::read("known.tsv", KNOWN.as_bytes(), &tissue.dataset.types).unwrap();
    let mut user = User::new();
    let bytes = bundle::write(&tissue.dataset, &[], None).unwrap().into();
    user.says(Command::Open { files: vec![File { name: "tissue.zip".into(), bytes }] });
    let recipe = Recipe::new(ModelKind::OtCfm).with_steps(2).with("cells", 32u32);
    let settings = EvaluationSettings {
        held_out: vec![3],
        cells: 40,
        seeds,
        train: vec![recipe],
        lineage: steps,
        ..EvaluationSettings::default()
    };
    let events = user.works(Command::Evaluate(settings));
    let last = events.into_iter().rev().find_map(|event| match event {
        Event::Evaluation { evaluation, .. } => Some(evaluation),
        _ => None,
    });
    last.unwrap()
}

#[test]
fn predicted_steps_stand_beside_those_that_need_no_model() {
    let table = evaluated(2);
    let control = table.lineage.unwrap();
    // Five of 36 pairs of types are steps; with each type itself there are 13 paths.
    assert_eq!(control.chance, LineageScore { steps: 5.0 / 36.0, paths: 13.0 / 36.0 });
    assert!(control.correlation.steps > 2.0 * control.chance.steps, "{control:?}");
    let row = table.held_out[0].row(ModelKind::OtCfm.card().key).unwrap();
    let found = row.lineage.unwrap();
    assert_eq!(found.values, 2);
    assert!((0.0..=1.0).contains(&found.mean.steps) && found.mean.steps > 0.0, "{found:?}");
    assert!(table.held_out[0].rows.iter().filter(|row| row.model.is_none()).all(|row| row.lineage.is_none()));
    let again = evaluated(2).held_out[0].row(ModelKind::OtCfm.card().key).unwrap().lineage;
    assert_eq!(again, row.lineage, "the same seeds give the same areas");
}

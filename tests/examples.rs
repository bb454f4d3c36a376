//! The programs in `examples/` run.

use crate::support::{block_on, line};
use scimf::protocol::{EvaluationSettings, TrainSettings};
use std::path::PathBuf;

#[path = "../examples/evaluate.rs"]
#[allow(dead_code)]
mod evaluate;
#[path = "../examples/inspect.rs"]
#[allow(dead_code)]
mod inspect;
#[path = "../examples/simulate_and_attend.rs"]
#[allow(dead_code)]
mod simulate_and_attend;
#[path = "../examples/train.rs"]
#[allow(dead_code)]
mod train;

fn demo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/demo_series.zip")
}

/// A few cells on a line, as a file.
fn small() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("examples.zip");
    std::fs::write(&path, &*line().bytes).unwrap();
    path
}

#[test]
fn studies_are_inspected() {
    block_on(inspect::inspect(&demo())).unwrap();
    block_on(inspect::inspect(&crate::support::path("h5ad/gzip_csr.h5ad"))).unwrap();
    assert!(block_on(inspect::inspect(&demo().with_extension("h5ad"))).is_err());
}

#[test]
fn a_model_is_trained_and_its_weights_written() {
    let weights = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("examples.safetensors");
    let settings = TrainSettings { updates: 2, cells: 16, ..TrainSettings::default() };
    block_on(train::train(&small(), settings, &weights)).unwrap();
    scimf::models::AnyWeights::read("examples.safetensors", &std::fs::read(weights).unwrap()).unwrap();
}

#[test]
fn cells_are_simulated_and_attended() {
    block_on(simulate_and_attend::simulate_and_attend(&demo(), 20)).unwrap();
}

#[test]
fn a_model_is_evaluated() {
    let train = vec![TrainSettings { updates: 1, cells: 16, ..TrainSettings::default() }.into()];
    let settings =
        EvaluationSettings { held_out: vec![1], cells: 20, seeds: 2, train, ..EvaluationSettings::default() };
    block_on(evaluate::evaluate(&small(), settings)).unwrap();
}

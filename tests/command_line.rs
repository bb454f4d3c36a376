//! The command line as its user meets it: results, messages and exit codes.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

fn scimf(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scimf")).args(arguments).output().unwrap()
}

fn fixture(name: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/h5ad").join(name).display().to_string()
}

/// A fresh path in cargo's folder for test files.
fn scratch(name: &str) -> String {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name).display().to_string()
}

#[track_caller]
fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn info_tells_what_is_in_a_file() {
    let found = json(&scimf(&["info", &fixture("gzip_csr.h5ad"), "--json"]));
    assert_eq!((found["cells"].as_u64(), found["dimensions"].as_u64()), (Some(240), Some(8)));
    assert_eq!(found["time_points"][2]["label"], "day 10");
}

#[test]
fn a_trained_model_answers_questions() {
    let (data, weights) = (fixture("gzip_csr.h5ad"), scratch("answers.safetensors"));
    let trained = scimf(&["train", &data, "--updates", "2", "--cells", "16", "--output", &weights]);
    assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    let question = [&data, "--weights", &weights, "--time", "1", "--json"];

    let attention = json(&scimf(&[&["attention"], &question[..]].concat()));
    let cells: Vec<f64> = attention["cells"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
    for receiver in attention["mean"].as_array().unwrap() {
        let row = receiver.as_array().unwrap().iter().map(|mean| mean.as_f64().unwrap());
        let heard: f64 = row.zip(&cells).map(|(mean, n)| mean * n).sum();
        assert!((heard - 1.0).abs() < 1e-4, "{heard}");
    }

    let velocity = json(&scimf(&[&["velocity"], &question[..]].concat()));
    let speeds: Vec<f64> = velocity["speeds"].as_array().unwrap().iter().map(|s| s.as_f64().unwrap()).collect();
    let mean = speeds.iter().sum::<f64>() / speeds.len() as f64;
    assert_eq!(speeds.len(), 80);
    assert!((velocity["mean_speed"].as_f64().unwrap() / mean - 1.0).abs() < 1e-4);
}

#[test]
fn a_simulated_tissue_is_a_bundle_that_opens() {
    let bundle = scratch("tissue.zip");
    assert!(scimf(&["simulate-tissue", "--output", &bundle, "--cells", "400"]).status.success());
    let found = json(&scimf(&["info", &bundle, "--json"]));
    assert_eq!((found["cells"].as_u64(), found["simulated"].as_bool()), (Some(400), Some(true)));
}

#[test]
fn what_cannot_be_done_says_why_and_ends_with_its_code() {
    let data = fixture("gzip_csr.h5ad");
    let cases: [(&[&str], i32, &str); 5] = [
        (&["info", "no such file.h5ad"], 3, "no such file.h5ad"),
        (&["info", &fixture("bad_zstd.h5ad")], 3, "zstd"),
        (&["info", &data, "--time-column", "nothing"], 2, "nothing"),
        (&["train", &data, "--updates", "1"], 2, "--output"),
        (&["velocity", &data, "--time", "1"], 2, "no model"),
    ];
    for (arguments, code, word) in cases {
        let output = scimf(arguments);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {message}");
        assert!(message.contains(word), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

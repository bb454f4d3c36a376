//! Weights in both file formats, against the reference tensors.
use safetensors::SafeTensors;
use scimf::data::weights::{self, Weights};
use std::path::Path;

const CHECKPOINT: &[u8] = include_bytes!("fixtures/scimf_d50_checkpoint.pt");
const REFERENCE: &[u8] = include_bytes!("fixtures/scimf_d50.safetensors");

#[test]
fn a_published_checkpoint_gives_the_reference_drift() {
    let weights = weights::read("model.pt", CHECKPOINT).unwrap();
    let config = weights.config;
    assert_eq!((config.dimensions, config.hidden, config.heads, config.blocks, config.sigma), (50, 256, 2, 1, 0.1));
    assert_eq!(weights.updates, 1);

    // The checkpoint holds the weights at which the reference drift was computed: its intrinsic part, written out by hand.
    let reference = SafeTensors::deserialize(REFERENCE).unwrap();
    let numbers = |name: &str| -> Vec<f32> {
        let bytes = reference.tensor(name).unwrap().data();
        bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    };
    let linear = |layer: &str, input: &[f32]| -> Vec<f32> {
        let tensor = |part: &str| &weights.tensors[&format!("drift_intra.net.net.{layer}.{part}")];
        let rows = tensor("weight").values.chunks(input.len()).zip(&tensor("bias").values);
        rows.map(|(row, bias)| bias + row.iter().zip(input).map(|(a, b)| a * b).sum::<f32>()).collect()
    };
    let leaky = |values: Vec<f32>| values.into_iter().map(|v| if v > 0.0 { v } else { 0.01 * v }).collect::<Vec<f32>>();
    for (state, expected) in numbers("x0").chunks(50).zip(numbers("drift_intra").chunks(50)) {
        let hidden = leaky(linear("linear2", &leaky(linear("linear1", state))));
        for (found, expected) in linear("linear", &hidden).iter().zip(expected) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }
}

#[test]
fn safetensors_keep_everything() {
    let weights = Weights { held_out: vec![2, 3], updates: 77, ..weights::read("model.pt", CHECKPOINT).unwrap() };
    let bytes = weights::write(&weights).unwrap();
    assert_eq!(weights::read("model.safetensors", &bytes).unwrap(), weights);
    assert_eq!(
        weights.parameters(),
        50 * 256 + 256 + 256 * 256 + 256 + 256 * 50 + 50 + 6 * 50 + 3 * 2500 + 2 * 200 * 50 + 250
    );
}

#[test]
fn safetensors_without_a_configuration_are_understood_by_their_shapes() {
    let weights = weights::read("model.pt", CHECKPOINT).unwrap();
    let bytes = weights::write(&weights).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let bare = safetensors::serialize(file.tensors(), None).unwrap();
    let read = weights::read("model.safetensors", &bare).unwrap();
    assert_eq!((read.config, read.updates, &read.tensors), (weights.config, 0, &weights.tensors));
}

#[test]
fn what_holds_no_weights_is_refused() {
    let refused = |bytes: &[u8], says: &str| {
        let error = weights::read("file", bytes).unwrap_err().to_string();
        assert!(error.starts_with("file: ") && error.contains(says), "{error}");
    };
    refused(b"", "neither a .safetensors file nor a PyTorch checkpoint");
    refused(&CHECKPOINT[..CHECKPOINT.len() / 2], "not a readable zip archive");
    refused(include_bytes!("fixtures/bundle_python.zip"), "no data.pkl");
    refused(REFERENCE, "“drift_intra.net.net.linear1.weight” is missing");
    refused(&REFERENCE[..2000], "cannot be read");
}

#[test]
fn trained_reference_checkpoints_are_read() {
    let folder = shared().join("data/reference");
    for (name, dimensions, updates) in [("mef_hold1_trained.pt", 50, 243), ("pbmc_hold2_5_trained.pt", 30, 0)] {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            eprintln!("SKIPPED: {} is not there", folder.join(name).display());
            continue;
        };
        let weights = weights::read(name, &bytes).unwrap();
        assert_eq!((weights.config.dimensions, weights.config.blocks), (dimensions, 1));
        assert!(updates == 0 || weights.updates == updates);
    }
}

/// Studies and references that are not part of the repository: `SCIMF_SHARED`, or the folder `shared` beside it.
fn shared() -> std::path::PathBuf {
    match std::env::var_os("SCIMF_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    }
}

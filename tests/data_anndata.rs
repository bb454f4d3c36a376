//! AnnData files in the variants that people have.
#![cfg(feature = "data")]

use scimf::Result;
use scimf::data::Dataset;
use scimf::data::anndata::AnnData;
use scimf::preprocess::Preparing;
use scimf::protocol::{ColumnKind, DisplaySpace, Mapping, ModelSpace, OrderSource};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/h5ad").join(name)).unwrap()
}

fn expected() -> Value {
    serde_json::from_slice(&fixture("expected.json")).unwrap()
}

fn open(name: &str) -> AnnData {
    AnnData::open(name, fixture(name)).unwrap()
}

fn apply(file: &AnnData, mapping: &Mapping) -> Result<Dataset> {
    let mut preparing = Preparing::new(file.apply(mapping)?)?;
    loop {
        if let Some(dataset) = preparing.advance()? {
            return Ok(dataset);
        }
    }
}

fn dataset(name: &str) -> Dataset {
    let file = open(name);
    apply(&file, &file.propose().unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

const GOOD: [&str; 9] = [
    "gzip_csr.h5ad",
    "gzip_csc.h5ad",
    "gzip_dense_f64.h5ad",
    "lzf_csr.h5ad",
    "plain_csr.h5ad",
    "ordered_day.h5ad",
    "nullable_strings.h5ad",
    "missing_types.h5ad",
    "legacy_0_7.h5ad",
];

#[test]
fn every_good_file_holds_what_is_expected() {
    let expected = expected();
    for name in GOOD {
        let file = open(name);
        let summary = file.summary();
        assert_eq!(summary.cells, expected["cells"].as_u64().unwrap() as usize, "{name}");
        let dataset = apply(&file, &file.propose().unwrap()).unwrap();
        assert_eq!(dataset.name, name.trim_end_matches(".h5ad"));
        assert_eq!(dataset.states.cols, expected["pcs"].as_u64().unwrap() as usize, "{name}");
        let values: Vec<f64> = dataset.time_points.iter().map(|point| point.value.unwrap()).collect();
        assert_eq!(values, numbers(&expected["times_in_order"]), "{name}");
        let cells: Vec<f64> = dataset.time_points.iter().map(|point| point.cells as f64).collect();
        assert_eq!(cells, numbers(&expected["cells_per_time"]), "{name}");
        for (found, expected) in dataset.states.row(0).iter().zip(numbers(&expected["first_cell_pca"])) {
            assert!((f64::from(*found) - expected).abs() < 1e-5, "{name}: {found} is not {expected}");
        }
        let names: Vec<&str> = dataset.types.iter().map(|cell_type| cell_type.name.as_str()).collect();
        let wanted: Vec<&str> = expected["cell_types"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(names[..3], wanted, "{name}");
        if name != "missing_types.h5ad" {
            let cells: Vec<f64> = dataset.types.iter().map(|cell_type| cell_type.cells as f64).collect();
            assert_eq!(cells, numbers(&expected["cells_per_type"]), "{name}");
        }
    }
}

#[test]
fn genes_come_back_from_the_components() {
    let expected = expected();
    for name in GOOD.iter().filter(|name| !name.starts_with("legacy")) {
        let dataset = dataset(name);
        assert!(!dataset.notes.iter().any(|note| note.contains("least-squares")), "{name}: {:?}", dataset.notes);
        let decoder = dataset.decoder.as_ref().unwrap();
        assert_eq!(decoder.genes[0], expected["first_gene"].as_str().unwrap());
        let genes = decoder.decode(dataset.states.row(0));
        let mean = genes.iter().map(|value| f64::from(*value)).sum::<f64>() / genes.len() as f64;
        let wanted = expected["first_cell_expression_mean_from_8_pcs"].as_f64().unwrap();
        assert!((mean - wanted).abs() < 1e-4, "{name}: {mean} is not {wanted}");
    }
}

#[test]
fn what_the_file_does_not_hold_is_fitted_and_said() {
    // This file has principal components and expression values but no loadings and no gene names. The fit must find the loadings of
    // the same cells in another file.
    let mut with = dataset("gzip_csr.h5ad").decoder.unwrap();
    let legacy = dataset("legacy_0_7.h5ad");
    assert!(legacy.notes.iter().any(|note| note.contains("least-squares fit")), "{:?}", legacy.notes);
    let fitted = legacy.decoder.unwrap();
    assert_eq!(fitted.genes.len(), with.genes.len());
    with.loadings.values.iter_mut().zip(&fitted.loadings.values).for_each(|(a, b)| *a -= b);
    assert!(with.loadings.values.iter().all(|difference| difference.abs() < 1e-4));
    assert!(with.mean.iter().zip(&fitted.mean).all(|(a, b)| (a - b).abs() < 1e-4));
}

#[test]
fn columns_are_described_and_a_mapping_is_proposed() {
    let file = open("nullable_strings.h5ad");
    let summary = file.summary();
    let names: Vec<_> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["day", "day_number", "cell_type", "n_counts", "doublet", "replicate"]);
    let column = |name: &str| summary.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!((column("day").kind, column("day").order), (ColumnKind::Text, OrderSource::Number));
    assert_eq!(column("doublet").kind, ColumnKind::Boolean);
    assert_eq!(column("replicate").kind, ColumnKind::Number);
    assert_eq!(column("replicate").distinct, 3);
    assert!(!column("doublet").levels.is_empty());
    let mapping = file.propose().unwrap();
    assert_eq!(mapping.time, "day");
    assert_eq!(mapping.time_order, ["day 2", "day 4", "day 10"]);
    assert_eq!(mapping.cell_type.as_deref(), Some("cell_type"));
    assert_eq!(mapping.model_space, ModelSpace::Stored("X_pca".into()));
    assert_eq!(mapping.display_space, DisplaySpace::Stored("X_umap".into()));
    let ordered = open("ordered_day.h5ad").summary();
    assert_eq!(ordered.columns[0].order, OrderSource::Declared);
    assert_eq!(open("legacy_0_7.h5ad").propose().unwrap().time, "day_number");
}

#[test]
fn colours_and_missing_types_are_kept() {
    let dataset = dataset("missing_types.h5ad");
    let last = dataset.types.last().unwrap();
    assert_eq!((last.name.as_str(), last.cells), ("unassigned", 7));
    assert!(
        dataset.notes.iter().any(|note| note.contains("7 cells") && note.contains("unassigned")),
        "{:?}",
        dataset.notes
    );
    let colors: Vec<_> = dataset.types.iter().map(|cell_type| cell_type.color.as_deref()).collect();
    assert_eq!(colors, [Some("#0072b2"), Some("#e69f00"), Some("#009e73"), None]);
    assert_eq!(dataset.spaces()[0].name, "UMAP");
}

#[test]
fn another_mapping_gives_another_dataset() {
    let file = open("gzip_csr.h5ad");
    let mut mapping = file.propose().unwrap();
    mapping.cell_type = None;
    mapping.display_space = DisplaySpace::Components;
    mapping.model_space = ModelSpace::Stored("X_umap".into());
    mapping.time_order.reverse();
    let dataset = apply(&file, &mapping).unwrap();
    assert_eq!(dataset.types[0].name, "all cells");
    assert_eq!((dataset.states.cols, dataset.axis.as_str()), (2, "UMAP"));
    assert_eq!(dataset.time_points[0].label, "day 10");
    assert_eq!(dataset.time_points[0].value, None, "an order against the numbers is not spaced by them");

    mapping.time_order.pop();
    assert!(apply(&file, &mapping).unwrap_err().to_string().contains("each value of “day” once"));
    mapping.time = "n_cells".into();
    assert!(apply(&file, &mapping).unwrap_err().to_string().contains("no column “n_cells”"));
}

#[test]
fn every_bad_file_is_refused_with_its_reason() {
    let reason = |name: &str| -> String {
        let error = AnnData::open(name, fixture(name)).and_then(|file| apply(&file, &file.propose()?)).unwrap_err();
        assert!(!error.remedy.is_empty(), "{error}");
        error.to_string()
    };
    let reasons: [(&str, &[&str]); 6] = [
        ("bad_nan_in_pca.h5ad", &["obsm/X_pca", "row 5, column 2", "NaN"]),
        ("bad_no_time.h5ad", &["“cell_type”, “n_counts”", "at which time"]),
        ("bad_not_hdf5.h5ad", &["not an HDF5 file"]),
        ("bad_one_time.h5ad", &["only one time point", "“day 2”"]),
        ("bad_truncated.h5ad", &["cut off", "Copy or download it again"]),
        ("bad_zstd.h5ad", &["compressed with zstd", "import anndata, hdf5plugin", "compression=\"gzip\""]),
    ];
    let refused: Vec<String> =
        expected()["refused"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    assert_eq!(refused, reasons.map(|(name, _)| name));
    for (name, says) in reasons {
        let reason = reason(name);
        assert!(reason.starts_with(name), "{reason}");
        assert!(says.iter().all(|part| reason.contains(part)), "{reason}");
    }
    assert!(reason("counts_only.h5ad").contains("no principal components (PCA)"));
    assert!(reason("counts_only.h5ad").contains("sc.pp.pca"));
}

#[test]
fn every_cut_and_many_damages_end_in_an_error_or_a_dataset() {
    let whole = fixture("gzip_csr.h5ad");
    let attempt = |bytes: Vec<u8>| AnnData::open("x", bytes).and_then(|file| apply(&file, &file.propose()?)).is_ok();
    for length in (0..whole.len()).step_by(9973) {
        assert!(!attempt(whole[..length].to_vec()));
    }
    for at in (0..whole.len()).step_by(1009) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        attempt(bytes);
    }
}

#[test]
fn a_study_without_components_says_what_to_do() {
    let Some(bytes) = study("mef_serum_1000_cells.h5ad") else { return };
    let file = AnnData::open("mef.h5ad", bytes).unwrap();
    let summary = file.summary();
    assert_eq!((summary.cells, summary.genes), (1000, 1479));
    let day = summary.columns.iter().find(|column| column.name == "day").unwrap();
    let labels: Vec<_> = day.levels.iter().map(|level| level.label.as_str()).collect();
    assert_eq!(labels, ["10", "10.5", "11"]);
    assert_eq!(summary.columns.iter().find(|column| column.name == "cell_type").unwrap().distinct, 6);
    let error = file.propose().unwrap_err().to_string();
    assert!(error.contains("no principal components (PCA)") && error.contains("sc.pp.pca"), "{error}");
}

#[test]
fn a_study_in_another_space_opens() {
    let Some(bytes) = study("pbmc_21_hours.h5ad") else { return };
    let file = AnnData::open("pbmc.h5ad", bytes).unwrap();
    let mapping = file.propose().unwrap();
    assert_eq!((mapping.time.as_str(), mapping.cell_type.as_deref()), ("hours", None));
    assert_eq!(mapping.model_space, ModelSpace::Stored("latent_rep".into()));
    assert_eq!(mapping.display_space, DisplaySpace::Components);
    let dataset = apply(&file, &mapping).unwrap();
    assert_eq!((dataset.states.rows, dataset.states.cols, dataset.time_points.len()), (10_500, 30, 21));
    assert_eq!(dataset.time_points[20].value, Some(20.0));
    assert_eq!(dataset.types.len(), 1);
    assert_eq!(dataset.spaces()[0].name, "latent_rep 1 and 2");
}

/// A study that is not part of the repository: in `data` of `SCIMF_SHARED`, or of the folder `shared` beside it.
fn study(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("SCIMF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = folder.join("data").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} is not there", path.display());
    }
    bytes
}

//! AnnData files in the variants that people have.
use scimf::Result;
use scimf::data::Dataset;
use scimf::data::study::Study;
use scimf::preprocess::Preparing;
use scimf::protocol::{
    ColumnKind, DisplaySpace, File, FileSummary, Flavour, Mapping, ModelSpace, OrderSource, Preprocessing, SpaceId,
    UmapSettings, ValueKind, ValuesQuery, VariableGenes,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/h5ad").join(name)).unwrap()
}

fn expected() -> Value {
    serde_json::from_slice(&fixture("expected.json")).unwrap()
}

fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Study> {
    Study::open(vec![File { name: name.into(), bytes: bytes.into() }])
}

fn open(name: &str) -> Study {
    from_bytes(name, fixture(name)).unwrap()
}

fn apply(file: &Study, mapping: &Mapping) -> Result<Dataset> {
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
fn measured_expression_is_kept_with_a_stored_model_space() {
    let sparse = dataset("gzip_csr.h5ad").measured.unwrap();
    assert_eq!((sparse.genes.len(), sparse.unit.as_str()), (60, "log-normalised"));
    assert_eq!(sparse, dataset("gzip_csc.h5ad").measured.unwrap());
    let values = sparse.gene(0).unwrap();
    assert_eq!(values.len(), 240);
    assert!(values.iter().all(|value| *value >= 0.0) && values.iter().any(|value| *value > 0.0));
    let dense = dataset("gzip_dense_f64.h5ad").measured.unwrap();
    assert_eq!((dense.gene(0).unwrap(), &dense.genes), (values, &sparse.genes));
}

#[test]
fn measured_expression_of_counts_is_shown_as_the_preparation_takes_it() {
    let file = open("counts_only.h5ad");
    let mut mapping = file.propose().unwrap();
    let ModelSpace::Computed(steps) = &mut mapping.model_space else { panic!("{mapping:?}") };
    steps.variable_genes = Some(VariableGenes { count: 40, flavour: Flavour::Seurat });
    steps.components = 8;
    mapping.display_space = DisplaySpace::Components;
    let dataset = apply(&file, &mapping).unwrap();
    let (measured, decoder) = (dataset.measured.as_ref().unwrap(), dataset.decoder.as_ref().unwrap());
    assert_eq!((measured.genes.len(), decoder.genes.len()), (60, 40), "also of genes that the model does not see");
    assert_eq!(measured.unit, "log-normalised");
    let mut sums = vec![0.0; 240];
    for gene in &decoder.genes {
        let place = measured.genes.iter().position(|other| other == gene).unwrap();
        sums.iter_mut().zip(measured.gene(place).unwrap()).for_each(|(sum, value)| *sum += value.exp_m1());
    }
    assert!(sums.iter().all(|sum| (sum - 1e4).abs() < 1.0), "the kept genes of a cell sum to 10,000: {:?}", &sums[..5]);
    let query = ValuesQuery::Measured(59);
    assert_eq!(dataset.values(query).unwrap().values.0, measured.gene(59).unwrap());
    assert!(dataset.values(ValuesQuery::Measured(60)).unwrap_err().to_string().contains("no measured gene 60"));
}

#[test]
fn all_embeddings_of_a_file_are_kept() {
    let file = open("embeddings.h5ad");
    let mut mapping = file.propose().unwrap();
    assert_eq!(mapping.display_space, DisplaySpace::Stored("X_umap".into()));
    let names = |mapping: &Mapping| {
        let dataset = apply(&file, mapping).unwrap();
        let names: Vec<_> = dataset.embeddings.iter().map(|embedding| embedding.name.clone()).collect();
        (dataset, names)
    };
    let (dataset, found) = names(&mapping);
    assert_eq!(found, ["UMAP", "t-SNE", "spatial"], "velocities are no positions, latent spaces are no planes");
    let turned = dataset.embeddings[1].positions.row(7);
    let umap = dataset.embeddings[0].positions.row(7);
    assert_eq!(turned, [-2.0 * umap[1], 2.0 * umap[0]]);
    let told = |says: &str| assert!(dataset.notes.iter().any(|note| note.contains(says)), "{:?}", dataset.notes);
    told("Of the 3 columns of “spatial” the first two are drawn.");
    told("“X_broken” was left out. obsm/X_broken: the value in row 3, column 1");
    assert_eq!(dataset.spaces()[0].id, SpaceId::Embedding(0));

    mapping.display_space = DisplaySpace::Stored("X_tsne".into());
    assert_eq!(names(&mapping).1, ["t-SNE", "UMAP", "spatial"], "the chosen one comes first");
    mapping.display_space = DisplaySpace::Stored("X_scVI".into());
    assert_eq!(names(&mapping).1[0], "scVI", "who chooses it gets it");
    mapping.display_space = DisplaySpace::Components;
    assert_eq!(names(&mapping).0.spaces()[0].id, SpaceId::default());
    mapping.model_space = ModelSpace::Stored("X_umap".into());
    assert_eq!(names(&mapping).1, ["t-SNE", "spatial"]);
    mapping.model_space = ModelSpace::Stored("X_pca".into());
    mapping.display_space = DisplaySpace::Umap(UmapSettings::default());
    assert_eq!(names(&mapping).1, ["UMAP", "t-SNE", "UMAP of the file", "spatial"]);
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
    let fewer = apply(&file, &mapping).unwrap();
    assert_eq!((fewer.states.rows, fewer.time_points.len()), (160, 2), "cells of other times are left out");
    mapping.time_order.push("day 3".into());
    assert!(apply(&file, &mapping).unwrap_err().to_string().contains("must name values of “day”, each once"));
    mapping.time = "n_cells".into();
    assert!(apply(&file, &mapping).unwrap_err().to_string().contains("no column “n_cells”"));
}

#[test]
fn every_bad_file_is_refused_with_its_reason() {
    let reason = |name: &str| -> String {
        let error = from_bytes(name, fixture(name)).and_then(|file| apply(&file, &file.propose()?)).unwrap_err();
        assert!(!error.remedy.is_empty(), "{error}");
        error.to_string()
    };
    let reasons: [(&str, &[&str]); 5] = [
        ("bad_nan_in_pca.h5ad", &["obsm/X_pca", "row 5, column 2", "NaN"]),
        ("bad_no_time.h5ad", &["“cell_type”, “n_counts”", "at which time"]),
        ("bad_not_hdf5.h5ad", &["not an HDF5 file"]),
        ("bad_one_time.h5ad", &["only one time point", "“day 2”"]),
        ("bad_truncated.h5ad", &["cut off", "Copy or download it again"]),
    ];
    let refused = expected()["refused"].as_array().unwrap().clone();
    let refused = refused.iter().map(|name| name.as_str().unwrap().to_owned()).filter(|name| name != "bad_zstd.h5ad");
    assert_eq!(refused.collect::<Vec<_>>(), reasons.map(|(name, _)| name));
    // What zstd has packed is unpacked here.
    assert_eq!(dataset("bad_zstd.h5ad").states, dataset("gzip_csr.h5ad").states);
    for (name, says) in reasons {
        let reason = reason(name);
        assert!(reason.starts_with(name), "{reason}");
        assert!(says.iter().all(|part| reason.contains(part)), "{reason}");
    }
}

#[test]
fn every_cut_and_many_damages_end_in_an_error_or_a_dataset() {
    let whole = fixture("gzip_csr.h5ad");
    let attempt = |bytes: Vec<u8>| from_bytes("x.h5ad", bytes).and_then(|file| apply(&file, &file.propose()?)).is_ok();
    for length in (0..whole.len()).step_by(9973) {
        assert!(!attempt(whole[..length].to_vec()));
    }
    for at in (0..whole.len()).step_by(1009) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        attempt(bytes);
    }
}

/// Name, genes and kind of each matrix.
fn matrices(summary: &FileSummary) -> Vec<(&str, usize, ValueKind)> {
    summary.matrices.iter().map(|matrix| (matrix.name.as_str(), matrix.genes, matrix.values)).collect()
}

#[test]
fn matrices_are_recognised_and_components_are_proposed() {
    let file = open("counts_only.h5ad");
    let summary = file.summary();
    assert_eq!(matrices(&summary), [("X", 60, ValueKind::Counts)]);
    let evidence = "Whole numbers from 0 to 7 in all 240 cells.";
    assert_eq!(summary.matrices[0].evidence, evidence);
    let mut mapping = file.propose().unwrap();
    let ModelSpace::Computed(steps) = &mut mapping.model_space else { panic!("{mapping:?}") };
    let all_genes = Preprocessing { variable_genes: None, ..Preprocessing::of("X", ValueKind::Counts) };
    assert_eq!(*steps, all_genes, "60 genes are fewer than are asked for");
    steps.held_out = vec![2, 1, 2];
    assert_eq!(mapping.display_space, DisplaySpace::Umap(UmapSettings::default()));

    let unprepared = file.apply(&mapping).unwrap();
    assert_eq!((unprepared.dataset.axis.as_str(), unprepared.dataset.held_out.as_slice()), ("PC", &[1, 2][..]));
    assert_eq!((unprepared.dataset.times.len(), unprepared.dataset.states.rows), (240, 0));
    assert_eq!(unprepared.umap, Some(UmapSettings::default()));
    let counts = unprepared.counts.unwrap();
    assert_eq!((counts.expression.cells, counts.expression.genes, counts.evidence.as_str()), (240, 60, evidence));
    assert_eq!((counts.steps.held_out, counts.genes[0].as_str()), (vec![1, 2], "β-actin"));
    let mut sum = 0.0;
    (0..240).for_each(|cell| counts.expression.visit(cell, |_, value| sum += value));
    assert_eq!(sum, expected()["sum_of_counts"].as_f64().unwrap());
}

#[test]
fn every_matrix_of_a_file_is_listed() {
    for name in ["gzip_csr.h5ad", "gzip_csc.h5ad", "gzip_dense_f64.h5ad", "lzf_csr.h5ad"] {
        let summary = open(name).summary();
        let found = matrices(&summary);
        assert_eq!(found, [("X", 60, ValueKind::LogNormalised), ("layers/counts", 60, ValueKind::Counts)], "{name}");
    }
    let summary = open("raw.h5ad").summary();
    let found = matrices(&summary);
    assert_eq!(
        found,
        [("X", 3, ValueKind::Scaled), ("raw/X", 5, ValueKind::LogNormalised), ("layers/tpm", 3, ValueKind::Normalised)]
    );
    assert!(summary.matrices[1].evidence.ends_with("and exp(x) - 1 sums to 10,000 in each cell."), "{summary:?}");
    assert!(summary.matrices[2].evidence.ends_with("too large for logarithms."), "{summary:?}");
}

#[test]
fn a_computed_model_space_keeps_the_stored_embedding() {
    let file = open("gzip_csr.h5ad");
    let mut mapping = file.propose().unwrap();
    mapping.model_space = ModelSpace::Computed(Preprocessing::of("layers/counts", ValueKind::Counts));
    let unprepared = file.apply(&mapping).unwrap();
    assert_eq!((unprepared.umap, unprepared.dataset.embeddings[0].name.as_str()), (None, "UMAP"));
    assert!(unprepared.dataset.decoder.is_none() && unprepared.counts.is_some());

    mapping.model_space = ModelSpace::Computed(Preprocessing::of("raw/X", ValueKind::Counts));
    assert!(file.apply(&mapping).unwrap_err().to_string().contains("no expression matrix “raw/X”"));
    let mut held_out = |times: &[usize], says: &str| {
        let steps = Preprocessing { held_out: times.to_vec(), ..Preprocessing::of("X", ValueKind::LogNormalised) };
        mapping.model_space = ModelSpace::Computed(steps);
        let error = file.apply(&mapping).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    held_out(&[1, 0], "the first time point cannot be held out");
    held_out(&[3], "time point 3 cannot be held out; they are counted from 0 to 2");
}

#[test]
fn a_user_may_know_better_what_values_are() {
    let file = open("counts_only.h5ad");
    let mut mapping = file.propose().unwrap();
    mapping.model_space = ModelSpace::Computed(Preprocessing::of("X", ValueKind::LogNormalised));
    let evidence = file.apply(&mapping).unwrap().counts.unwrap().evidence;
    assert_eq!(evidence, "Chosen by the user; the values look otherwise. Whole numbers from 0 to 7 in all 240 cells.");
}

#[test]
fn a_value_that_is_not_finite_is_named_when_it_is_used() {
    let file = open("nan_in_x.h5ad");
    assert!(file.summary().matrices[0].evidence.ends_with("1 value is not finite."));
    let error = file.apply(&file.propose().unwrap()).unwrap_err().to_string();
    assert!(
        error.starts_with("nan_in_x.h5ad: X: the value of “g2” in row 5, column 2 (counted from 0) is NaN"),
        "{error}"
    );
}

#[test]
fn a_damaged_matrix_matters_only_if_nothing_else_is_there() {
    let file = open("damaged_x.h5ad");
    assert_eq!(file.summary().matrices, []);
    assert!(
        file.summary().notes[0].contains("matrix “X” cannot be used. X: the indices"),
        "{:?}",
        file.summary().notes
    );
    let dataset = apply(&file, &file.propose().unwrap()).unwrap();
    assert!(dataset.notes.iter().any(|note| note.starts_with("Nothing can be shown in genes")), "{:?}", dataset.notes);
    let refused = |name: &str, says: &str| {
        let error = from_bytes(name, fixture(name)).and_then(|file| file.propose()).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    refused("damaged_x_alone.h5ad", "X: the indices of this sparse matrix do not fit its shape");
    refused("only_umap.h5ad", "neither expression values nor principal components (PCA)");
}

#[test]
fn a_study_without_components_has_them_computed() {
    let Some(bytes) = study("mef_serum_1000_cells.h5ad") else { return };
    let file = from_bytes("mef.h5ad", bytes).unwrap();
    let summary = file.summary();
    assert_eq!((summary.cells, summary.genes), (1000, 1479));
    assert_eq!(matrices(&summary), [("X", 1479, ValueKind::LogNormalised)]);
    let day = summary.columns.iter().find(|column| column.name == "day").unwrap();
    let labels: Vec<_> = day.levels.iter().map(|level| level.label.as_str()).collect();
    assert_eq!(labels, ["10", "10.5", "11"]);
    assert_eq!(summary.columns.iter().find(|column| column.name == "cell_type").unwrap().distinct, 6);
    let mapping = file.propose().unwrap();
    let steps = Preprocessing { variable_genes: None, ..Preprocessing::of("X", ValueKind::LogNormalised) };
    assert_eq!(mapping.model_space, ModelSpace::Computed(steps));
    let counts = file.apply(&mapping).unwrap().counts.unwrap();
    assert_eq!((counts.expression.cells, counts.expression.stored()), (1000, 164_059));
}

#[test]
fn a_study_in_another_space_opens() {
    let Some(bytes) = study("pbmc_21_hours.h5ad") else { return };
    let file = from_bytes("pbmc.h5ad", bytes).unwrap();
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

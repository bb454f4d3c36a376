//! Dataset bundles, as Python and as this crate write them.
use scimf::data::{Column, Embedding, Matrix, Measured, bundle};
use scimf::protocol::{ModelKind, Preparation, Preprocessing, ValueKind};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// Written by the Python in `docs/BUNDLE.md`, with states in Fortran order and double precision.
const PYTHON: &[u8] = include_bytes!("fixtures/bundle_python.zip");

#[test]
fn a_bundle_from_python_is_read() {
    let bundle::Bundle { dataset, weights, .. } = bundle::read(PYTHON).unwrap();
    assert!(weights.is_empty());
    assert_eq!(dataset.name, "My study");
    assert_eq!((dataset.states.rows, dataset.states.cols), (12, 3));
    assert_eq!(dataset.states.row(1), [0.75, 1.0, 1.25]);
    let points: Vec<_> =
        dataset.time_points.iter().map(|point| (point.label.as_str(), point.value, point.cells)).collect();
    assert_eq!(points, [("day 2", Some(2.0), 4), ("day 4", Some(4.0), 4), ("day 10", Some(10.0), 4)]);
    let types: Vec<_> = dataset.types.iter().map(|cell_type| (cell_type.name.as_str(), cell_type.cells)).collect();
    assert_eq!(types, [("Fibroblast", 6), ("Müller glia", 6)]);
    assert_eq!(dataset.spaces().len(), 3);
    assert!(!dataset.simulated);
}

#[test]
fn what_is_written_is_read() {
    let mut dataset = bundle::read(PYTHON).unwrap().dataset;
    let plane = |from: u8| Matrix::new(12, 2, (from..from + 24).map(f32::from).collect()).unwrap();
    dataset.embeddings = vec![Embedding::new("t-SNE", plane(0)), Embedding::new("UMAP", plane(1))];
    dataset.components_first = true;
    dataset.columns = vec![
        Column { name: "batch".into(), levels: vec!["a".into(), "b".into()], values: vec![1.0; 12] },
        Column { name: "pseudotime".into(), levels: vec![], values: (0..12u8).map(f32::from).collect() },
    ];
    dataset.types[1].color = Some("#0072b2".into());
    dataset.simulated = true;
    dataset.planted_interactions = Some(Matrix::new(2, 2, vec![0.0, 0.5, 0.25, 0.0]).unwrap());
    dataset.notes = vec!["A note.".into()];
    dataset.held_out = vec![1];
    dataset.measured = Some(Measured {
        genes: vec!["Actb".into(), "Sox2".into()],
        unit: "log-normalised".into(),
        cells: 12,
        starts: vec![0, 2, 3],
        rows: vec![0, 11, 4],
        values: vec![3.0, 1.0, 2.5],
        factors: vec![1.5; 12],
        log1p: true,
    });
    dataset.preparation = Some(Preparation {
        steps: Preprocessing { held_out: vec![1], ..Preprocessing::of("layers/counts", ValueKind::Counts) },
        evidence: "Whole numbers from 0 to 89 in all 12 cells.".into(),
        fitted_cells: 8,
        genes: 2000,
        explained_variance: vec![3.5, 1.25, 0.1],
        total_variance: 5.75,
    });
    let weights = [(ModelKind::ScImf, b"weights".to_vec()), (ModelKind::CellMnn, b"others".to_vec())];
    let bytes = bundle::write(&dataset, &weights, Some("{}")).unwrap();
    let read = bundle::read(&bytes).unwrap();
    assert_eq!(read.dataset, dataset);
    let entries = ["weights/scimf.safetensors", "weights/cell-mnn.safetensors"];
    assert_eq!(
        read.weights,
        entries
            .into_iter()
            .zip(weights.clone())
            .map(|(entry, (_, bytes))| (entry.to_owned(), bytes))
            .collect::<Vec<_>>()
    );
    assert_eq!(read.view.as_deref(), Some("{}"));
    assert_eq!(bundle::write(&dataset, &weights, Some("{}")).unwrap(), bytes, "the same bytes each time");
}

#[test]
fn held_out_time_points_are_put_in_order_and_checked() {
    let mut dataset = bundle::read(PYTHON).unwrap().dataset;
    dataset.held_out = vec![2, 1, 2];
    assert_eq!(bundle::read(&bundle::write(&dataset, &[], None).unwrap()).unwrap().dataset.held_out, [1, 2]);
    for time in [0, 3] {
        dataset.held_out = vec![time];
        refused(
            &bundle::write(&dataset, &[], None).unwrap(),
            &format!("held out: time point {time} cannot be held out"),
        );
    }
}

/// A zip archive of the given entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn refused(bytes: &[u8], says: &str) {
    let error = bundle::read(bytes).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn what_is_no_bundle_is_refused() {
    refused(b"cell,day\nA,1\n", "not a readable zip archive");
    refused(&PYTHON[..PYTHON.len() / 2], "not a readable zip archive");
    refused(&archive(&[("other.json", b"{}")]), "no manifest.json");
    refused(&archive(&[("manifest.json", b"{")]), "manifest.json: the manifest cannot be used");
    let newer = br#"{"format": "scimf-bundle", "version": 2, "time_points": []}"#;
    refused(&archive(&[("manifest.json", newer)]), "version 2 is not known");
    let empty = br#"{"format": "scimf-bundle", "version": 1, "time_points": []}"#;
    refused(&archive(&[("manifest.json", empty)]), "no states.npy");
    refused(&archive(&[("manifest.json", empty), ("states.npy", b"no")]), "states.npy: this is not a .npy array");
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let manifest = br#"{"format": "scimf-bundle", "version": 1, "time_points": ["0", "1"]}"#;
    refused(&archive(&[("manifest.json", manifest), ("states.npy", &vec![0; 64 << 20])]), "64 times its size");
}

/// Weights lie under the keys of their models. Older versions had a name for each of the two models that there were.
#[test]
fn weights_are_found_where_older_versions_put_them() {
    let dataset = bundle::read(PYTHON).unwrap().dataset;
    let weights = [(ModelKind::ScImf, b"one".to_vec()), (ModelKind::CellMnn, b"other".to_vec())];
    let bytes = bundle::write(&dataset, &weights, None).unwrap();
    let mut now = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut older = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..now.len() {
        let mut entry = now.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let name = match name.as_str() {
            "weights/scimf.safetensors" => "weights.safetensors",
            "weights/cell-mnn.safetensors" => "cell_mnn.safetensors",
            other => other,
        };
        older.start_file(name, SimpleFileOptions::default()).unwrap();
        std::io::copy(&mut entry, &mut older).unwrap();
    }
    let read = bundle::read(&older.finish().unwrap().into_inner()).unwrap();
    let entries = ["weights.safetensors", "cell_mnn.safetensors"].map(str::to_owned);
    assert_eq!(read.weights, entries.into_iter().zip(weights.map(|(_, bytes)| bytes)).collect::<Vec<_>>());
}

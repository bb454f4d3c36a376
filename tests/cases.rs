//! Files that people have, and what is expected of each: what anndata, scipy and pandas read of them stands in `cases/expected.json`.
use scimf::Result;
use scimf::data::Dataset;
use scimf::data::open::{Opened, open};
use scimf::data::study::Study;
use scimf::preprocess::Preparing;
use scimf::protocol::{DisplaySpace, File, Mapping, ModelSpace, OrderSource, Preprocessing, UmapSettings};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases").join(name)
}

fn expected() -> Value {
    serde_json::from_slice(&std::fs::read(path("expected.json")).unwrap()).unwrap()
}

/// A file, or the files of a folder.
fn files(name: &str) -> Vec<File> {
    let path = path(name);
    let mut paths = vec![path.clone()];
    if path.is_dir() {
        paths = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
    }
    let file = |path: &PathBuf| File {
        name: path.file_name().unwrap().to_str().unwrap().into(),
        bytes: std::fs::read(path).unwrap().into(),
    };
    paths.iter().map(file).collect()
}

fn try_study(name: &str) -> Result<Study> {
    open(files(name)).map(|opened| match opened {
        Opened::Study(study) => study,
        Opened::Dataset { .. } => panic!("{name} is a dataset"),
    })
}

#[track_caller]
fn study(name: &str) -> Study {
    try_study(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn proposed(name: &str) -> Mapping {
    study(name).propose().unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[track_caller]
fn prepared(study: &Study, mapping: &Mapping) -> Dataset {
    let quick = match &mapping.display_space {
        DisplaySpace::Umap(UmapSettings { .. }) => DisplaySpace::Components,
        other => other.clone(),
    };
    let mapping = Mapping { display_space: quick, ..mapping.clone() };
    let mut preparing = Preparing::new(study.apply(&mapping).unwrap()).unwrap();
    loop {
        if let Some(dataset) = preparing.advance().unwrap() {
            return dataset;
        }
    }
}

#[track_caller]
fn dataset(name: &str) -> Dataset {
    let study = study(name);
    prepared(&study, &study.propose().unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn labels(dataset: &Dataset) -> Vec<&str> {
    dataset.time_points.iter().map(|point| point.label.as_str()).collect()
}

/// The values of X, whatever the model space: of components computed of all genes as they are.
fn sum_of_x(study: &Study) -> f64 {
    let mut mapping = study.ask().unwrap().mapping;
    let file = study.summary();
    if mapping.time.is_empty() {
        let column = file.columns.iter().find(|column| column.can_be_time).unwrap();
        mapping.time.clone_from(&column.name);
        mapping.time_order = column.levels.iter().map(|level| level.label.clone()).collect();
    }
    let matrix = &file.matrices[0];
    mapping.model_space = ModelSpace::Computed(Preprocessing::of(&matrix.name, matrix.values));
    let all = file.columns.iter().find(|column| column.name == mapping.time).unwrap();
    mapping.time_order = all.levels.iter().map(|level| level.label.clone()).collect();
    let counts = study.apply(&mapping).unwrap().counts.unwrap();
    (0..counts.expression.cells)
        .map(|cell| {
            let mut sum = 0.0;
            counts.expression.visit(cell, |_, value| sum += value);
            sum
        })
        .sum()
}

/// Every AnnData file holds what anndata reads of it.
#[test]
fn anndata_reads_the_same() {
    for (name, expected) in expected().as_object().unwrap().iter().filter(|(name, _)| name.ends_with(".h5ad")) {
        let Ok(study) = try_study(name) else {
            assert!(
                REFUSED.iter().any(|(refused, _)| refused == name),
                "{name} is refused: {:?}",
                try_study(name).err()
            );
            continue;
        };
        let file = study.summary();
        assert_eq!(
            [file.cells, file.genes],
            [0, 1].map(|at| expected["shape"][at].as_u64().unwrap() as usize),
            "{name}"
        );
        for (column, counts) in expected["columns"].as_object().unwrap() {
            let found = file.columns.iter().find(|it| it.name == *column).unwrap_or_else(|| panic!("{name}: {column}"));
            if column == "in_tissue" {
                continue;
            }
            for level in &found.levels {
                assert_eq!(counts[&level.label].as_u64(), Some(level.cells as u64), "{name}: {column} {}", level.label);
            }
            assert_eq!(found.levels.len(), counts.as_object().unwrap().len(), "{name}: {column}");
        }
        for space in expected["spaces"].as_object().unwrap().keys() {
            assert!(file.spaces.iter().any(|it| it.name == *space), "{name}: {space}");
        }
        let whole = file.columns.iter().all(|column| column.missing == 0);
        if whole && !file.columns.is_empty() {
            let (found, wanted) = (sum_of_x(&study), expected["sum"].as_f64().unwrap());
            assert!((found - wanted).abs() <= 1e-4 * wanted.abs(), "{name}: {found} is not {wanted}");
        }
    }
}

/// What is refused, with the beginning of its remedy.
const REFUSED: [(&str, &str); 2] = [
    ("several-files/wot/ExprMatrix.h5ad", "Add one named"),
    ("unsigned-integer-mtx/dense", "Make the matrix sparse first"),
];

#[test]
fn what_is_refused_says_what_to_do() {
    for (name, remedy) in REFUSED {
        let error = try_study(name).and_then(|study| study.propose()).expect_err(name);
        assert!(error.remedy.starts_with(remedy), "{name}: {error}");
    }
}

#[test]
fn times_come_in_their_order() {
    let check = |name: &str, expected: &[&str], source: OrderSource| {
        let study = study(name);
        let mapping = study.propose().unwrap();
        assert_eq!(mapping.time_order, expected, "{name}");
        let file = study.summary();
        let column = file.columns.iter().find(|column| column.name == mapping.time).unwrap();
        assert_eq!(column.order, source, "{name}");
    };
    use OrderSource::{Convention, Guessed, Number};
    check("order-of-time/hours-and-days.h5ad", &["0h", "6h", "12h", "1d", "3d"], Convention);
    check("order-of-time/embryonic-and-postnatal.h5ad", &["E9.5", "E14.5", "E18.5", "P0", "P7", "P21"], Convention);
    check("order-of-time/control-first.h5ad", &["Ctrl", "D3", "D7", "D10"], Convention);
    let bins = ["< 100", "100-130", "130-170", "170-210", "210-270", "> 650"];
    check("order-of-time/packer-bins.h5ad", &bins, Convention);
    check("order-of-time/minutes-and-hours.h5ad", &["0min", "30min", "1h", "4h", "24h"], Convention);
    check("order-of-time/uninjured-dpi.h5ad", &["uninjured", "1dpi", "3dpi", "7dpi", "14dpi"], Convention);
    check("order-of-time/negative-days.h5ad", &["D-2", "D0", "D3", "D10"], Convention);
    check("float32-labels/float32.h5ad", &["0.1", "0.7", "6.7"], Number);
    check("float32-labels/float32-categories.h5ad", &["0.1", "0.7", "6.7"], Number);
    check(
        "plane-or-wrong-array-as-model-space/zebrafish.h5ad",
        &["03.3-HIGH", "03.8-OBLONG", "04.3-DOME", "05.3-SHIELD", "12.0-6-SOMITE"],
        Guessed,
    );
    let values: Vec<Option<f64>> =
        dataset("order-of-time/negative-days.h5ad").time_points.iter().map(|point| point.value).collect();
    assert_eq!(values, [Some(-2.0), Some(0.0), Some(3.0), Some(10.0)]);
    let values: Vec<Option<f64>> =
        dataset("order-of-time/hours-and-days.h5ad").time_points.iter().map(|point| point.value).collect();
    assert_eq!(values, [0.0, 6.0, 12.0, 24.0, 72.0].map(Some));
}

#[test]
fn the_column_of_time_is_no_other() {
    assert_eq!(proposed("another-column-taken-as-time/donor-age-and-dpi.h5ad").time, "dpi");
    assert_eq!(proposed("another-column-taken-as-time/donor-p1.h5ad").time, "treatment");
    // Nothing says that a harvest is a time: it is asked for, with the columns there are.
    let study = study("another-column-taken-as-time/cell-cycle-stage.h5ad");
    let asked = study.ask().unwrap();
    assert_eq!(asked.mapping.time, "");
    assert!(asked.questions[0].to_string().contains("“harvest”"), "{:?}", asked.questions);
}

#[test]
fn any_column_can_be_time() {
    for name in ["condition.h5ad", "condition.csv"] {
        let study = study(&format!("time-column-cannot-be-chosen/{name}"));
        let mut mapping = study.ask().unwrap().mapping;
        assert_eq!(mapping.time, "", "{name}");
        mapping.time = "condition".into();
        mapping.time_order = ["mock", "early", "late"].map(String::from).to_vec();
        assert_eq!(labels(&prepared(&study, &mapping)), ["mock", "early", "late"]);
    }
    assert_eq!(proposed("time-column-cannot-be-chosen/slash-in-name.h5ad").time, "Day/Stage");
    assert_eq!(proposed("time-column-cannot-be-chosen/categorical-index.h5ad").time, "day");
}

#[test]
fn cells_without_a_time_are_left_out() {
    let check = |name: &str, cells: usize, times: &[&str], note: &str| {
        let dataset = dataset(name);
        assert_eq!((dataset.states.rows, labels(&dataset)), (cells, times.to_vec()), "{name}");
        assert!(dataset.notes.iter().any(|it| it.contains(note)), "{name}: {:?}", dataset.notes);
    };
    check("cells-without-time/nan-in-float.h5ad", 176, &["day 0", "day 2", "day 7"], "4 cells without a value");
    check("cells-without-time/nan-in-category.h5ad", 176, &["day 0", "day 2", "day 10"], "4 cells without a value");
    check("cells-without-time/subset", 162, &["day 0", "day 2", "day 7"], "18 cells without a value");
    check(
        "cells-without-time/mixed-gastrulation.h5ad",
        144,
        &["E6.5", "E7.0", "E7.5", "E8.5"],
        "36 cells with “mixed_gastrulation”",
    );
}

#[test]
fn the_model_space_is_no_layout() {
    let check = |name: &str, space: Option<&str>, drawn: &DisplaySpace| {
        let mapping = proposed(&format!("plane-or-wrong-array-as-model-space/{name}"));
        match (&mapping.model_space, space) {
            (ModelSpace::Stored(found), Some(space)) => assert_eq!(found, space, "{name}"),
            (ModelSpace::Computed(_), None) => {}
            (found, _) => panic!("{name}: {found:?}"),
        }
        assert_eq!(&mapping.display_space, drawn, "{name}");
    };
    let stored = |name: &str| DisplaySpace::Stored(name.into());
    check("zebrafish.h5ad", None, &stored("X_force_directed"));
    check("zebrafish-without-nan.h5ad", None, &stored("X_force_directed"));
    check("fle.h5ad", None, &stored("X_fle"));
    check("zellkonverter-names.h5ad", Some("PCA"), &stored("UMAP"));
    check("frames.h5ad", Some("X_PCA"), &stored("X_UMAP"));
    let zebrafish = dataset("plane-or-wrong-array-as-model-space/zebrafish.h5ad");
    assert!(zebrafish.notes.iter().any(|note| note.contains("3 cells have no position")), "{:?}", zebrafish.notes);
    let frames = dataset("plane-or-wrong-array-as-model-space/frames.h5ad");
    let first = &expected()["plane-or-wrong-array-as-model-space/frames.h5ad"]["spaces"]["X_PCA"];
    assert!((f64::from(frames.states.row(0)[1]) - first[1].as_f64().unwrap()).abs() < 1e-5);
}

#[test]
fn components_are_as_many_as_there_can_be() {
    let check = |name: &str, held_out: &[usize], components: usize| {
        let study = study(&format!("default-components-refused/{name}"));
        let mut mapping = study.propose().unwrap();
        let ModelSpace::Computed(steps) = &mut mapping.model_space else { panic!("computed") };
        steps.held_out = held_out.to_vec();
        let dataset = prepared(&study, &mapping);
        assert_eq!(dataset.states.cols, components, "{name}");
        assert!(dataset.notes.iter().any(|note| note.contains("instead of")), "{:?}", dataset.notes);
    };
    check("panel.csv", &[], 45);
    check("sixty-cells.h5ad", &[2], 39);
}

#[test]
fn types_are_proposed() {
    let check = |name: &str, column: &str, types: usize| {
        let name = format!("no-types-proposed/{name}");
        assert_eq!(proposed(&name).cell_type.as_deref(), Some(column), "{name}");
        let dataset = dataset(&name);
        assert_eq!(dataset.types.len(), types, "{name}");
        assert!(dataset.types.iter().all(|it| !it.name.is_empty()), "{name}");
    };
    check("seurat-clusters.h5ad", "seurat_clusters", 3);
    check("leiden-resolution.h5ad", "leiden_0.5", 3);
    check("free-text-annotation.h5ad", "leiden", 3);
    check("empty-text.h5ad", "cell_type", 4);
}

/// Names of the genes that components are computed from.
fn genes(dataset: &Dataset) -> Vec<String> {
    dataset.decoder.as_ref().unwrap().genes.clone()
}

#[test]
fn genes_have_symbols_each_once() {
    let first = |name: &str| genes(&dataset(name))[..3].to_vec();
    assert_eq!(first("gene-symbols/ensembl-index.h5ad"), ["Sox2", "Pou5f1", "Nanog"]);
    let twice = genes(&dataset("gene-symbols/duplicate-names.h5ad"));
    let sox2 = twice.iter().filter(|name| name.starts_with("Sox2")).collect::<Vec<_>>();
    assert_eq!(sox2, ["Sox2", "Sox2-1", "Sox2-2"]);
    for folder in ["blank-in-features", "header-in-features", "header-in-barcodes", "quoted-barcodes"] {
        let dataset = dataset(&format!("tenx-text-files/{folder}"));
        let genes = genes(&dataset);
        assert!(genes.iter().any(|gene| gene == "Sox2"), "{folder}: {genes:?}");
        assert!(!genes.iter().any(|gene| gene.starts_with("ENSMUSG")), "{folder}: {genes:?}");
        assert_eq!(labels(&dataset), ["day 0", "day 2", "day 7"], "{folder}");
    }
}

#[test]
fn logicals_are_read_by_their_names() {
    let column = |name: &str| {
        let study = study(&format!("logical-na/{name}"));
        study.summary().columns.into_iter().find(|column| column.name == "in_tissue").unwrap()
    };
    let found = column("logical-na.h5ad");
    let levels: Vec<(&str, usize)> = found.levels.iter().map(|level| (level.label.as_str(), level.cells)).collect();
    assert_eq!((levels, found.missing), (vec![("False", 60), ("True", 60)], 60));
    let found = column("julia-bitfield.h5ad");
    let levels: Vec<(&str, usize)> = found.levels.iter().map(|level| (level.label.as_str(), level.cells)).collect();
    assert_eq!(levels, [("0", 120), ("1", 60)]);
}

#[test]
fn spreadsheets_open() {
    for name in ["comment-lines", "bd-rhapsody", "excel-sep-line"] {
        let found = dataset(&format!("spreadsheets/{name}.csv"));
        assert_eq!((found.states.rows, labels(&found)), (180, vec!["D0", "D2", "D10"]), "{name}");
    }
    let study = study("spreadsheets/german-excel.csv");
    assert_eq!((study.summary().cells, study.summary().genes), (180, 40));
    let slip = |name: &str| try_study(&format!("spreadsheets/{name}.csv")).err().unwrap().to_string();
    assert!(slip("slip-lf").contains("line 41") && slip("slip-crlf").contains("line 41"), "{}", slip("slip-crlf"));
}

#[test]
fn a_table_is_a_table_whatever_its_name() {
    for name in ["cells_by_genes", "study", "top_features"] {
        assert_eq!(study(&format!("tables-named-genes/{name}.csv")).summary().genes, 40, "{name}");
    }
}

#[test]
fn annotations_are_no_genes() {
    let file = study("annotations-taken-as-genes/seurat-fetchdata.csv").summary();
    let plain = study("annotations-taken-as-genes/plain.csv").summary();
    assert_eq!((file.genes, &file.matrices), (40, &plain.matrices));
    assert!(
        ["S.Score", "G2M.Score", "RNA_snn_res.0.8"].iter().all(|name| file.columns.iter().any(|it| it.name == *name))
    );
}

/// A table as text, of thirty cells in three days: `row` makes the fields behind the cell and the day.
fn table(header: &str, row: impl Fn(usize) -> String) -> Study {
    let rows: String = (0..30).map(|cell| format!("{},{}\n", [0, 2, 4][cell / 10], row(cell))).collect();
    let bytes = format!("day,{header}\n{rows}").into_bytes();
    Study::open(vec![File { name: "t.csv".into(), bytes: bytes.into() }]).unwrap()
}

#[test]
fn what_tells_cells_apart_is_no_gene() {
    let counts = |cell: usize| format!("{},{},{}", cell % 7, cell % 4, cell % 5);
    for header in ["cell_id", "row"] {
        let study = table(&format!("{header},Actb,Sox2,Kit"), |cell| format!("{},{}", 1000 + cell, counts(cell)));
        let file = study.summary();
        assert_eq!(file.genes, 3, "{header}");
        assert!(file.columns.iter().any(|column| column.name == header), "{header}");
    }
    // A gene of its own number in a cell stays one.
    assert_eq!(table("Tal1,Actb,Sox2,Kit", |cell| format!("{},{}", 3 * cell % 31, counts(cell))).summary().genes, 4);
}

#[test]
fn components_without_a_mark_in_their_names_are_a_space() {
    let study = table("PC1,PC2,PC3,PC4", |cell| format!("{},-{},0.5,{}.25", cell % 7, cell % 4, cell % 5));
    assert_eq!((study.summary().genes, study.propose().unwrap().model_space), (0, ModelSpace::Stored("PCA".into())));
}

/// Snapshots have several cells: a time that differs from cell to cell was computed.
#[test]
fn a_time_of_each_cell_is_not_that_of_the_snapshots() {
    let study =
        table("time,Actb,Sox2,Kit", |cell| format!("{}.5,{},{},{}", 7 * cell % 30, cell % 7, cell % 4, cell % 5));
    assert_eq!(study.propose().unwrap().time, "day");
}

#[test]
fn a_first_column_of_numbers_that_repeat_is_named() {
    let rows: String = (0..30).map(|cell| format!("{},{},{},{}\n", cell % 4, cell / 10, cell % 7, cell % 5)).collect();
    let bytes = format!("Actb,day,Sox2,Kit\n{rows}").into_bytes();
    let study = Study::open(vec![File { name: "t.csv".into(), bytes: bytes.into() }]).unwrap();
    assert!(study.summary().notes.iter().any(|note| note.contains("“Actb”")), "{:?}", study.summary().notes);
}

#[test]
fn files_packed_otherwise_say_how_they_are_unpacked() {
    let file = |name: &str, start: &[u8]| File { name: name.into(), bytes: start.to_vec().into() };
    for (name, start, program) in [
        ("t.csv.xz", &b"\xfd7zXZ\0rest"[..], "unxz"),
        ("t.h5ad.bz2", b"BZh91AY&SY", "bunzip2"),
        ("t.csv.zst", b"\x28\xb5\x2f\xfd rest", "unzstd"),
    ] {
        let error = open(vec![file(name, start)]).err().unwrap();
        assert!(error.remedy.contains(program), "{name}: {error}");
    }
}

/// A column that was taken for a gene can be chosen as time; it is no gene then.
#[test]
fn a_column_among_the_genes_can_be_the_time() {
    let row = |cell: usize| {
        let harvest = [1, 3, 8][cell % 3];
        format!("c{cell},{harvest},{},{},{},{},{}\n", cell % 7, cell % 4, cell % 5, 2 * (cell % 2), cell % 6)
    };
    let text = format!("cell,Harvest,Actb,Sox2,Gata4,Tal1,Kit\n{}", (0..30).map(row).collect::<String>());
    let study = Study::open(vec![File { name: "t.csv".into(), bytes: text.into_bytes().into() }]).unwrap();
    let asked = study.ask().unwrap();
    assert!(asked.mapping.time.is_empty() && !asked.questions.is_empty());
    let column = study.summary().columns.into_iter().find(|column| column.name == "Harvest").unwrap();
    assert!(column.can_be_time);
    let time_order = column.levels.iter().map(|level| level.label.clone()).collect();
    let mapping = Mapping { time: "Harvest".into(), time_order, ..asked.mapping };
    let found = prepared(&study, &mapping);
    assert_eq!(labels(&found), ["1", "3", "8"]);
    assert!(!genes(&found).contains(&"Harvest".to_owned()), "{:?}", genes(&found));
}

/// Stores of both versions hold what the same study holds as .h5ad.
#[test]
fn zarr_stores_open() {
    let same = study("no-types-proposed/seurat-clusters.h5ad");
    for (name, types) in [("containers/study.zarr.zip", "cell_type"), ("../study_v3.zarr.zip", "seurat_clusters")] {
        let found = study(name);
        assert!((sum_of_x(&found) / sum_of_x(&same) - 1.0).abs() < 1e-6, "{name}");
        let columns = found.summary().columns;
        let levels = |name: &str| columns.iter().find(|column| column.name == name).map(|it| it.levels.clone());
        let expected = same.summary().columns.into_iter().find(|column| column.name == "seurat_clusters").unwrap();
        assert_eq!(levels(types).unwrap(), expected.levels, "{name}");
        let [found, same] = [&found, &same].map(|study| prepared(study, &study.propose().unwrap()));
        assert!(found.states == same.states && labels(&found) == labels(&same), "{name}");
    }
}

#[test]
fn containers_open() {
    assert_eq!(labels(&dataset("containers/GSE1_study.h5ad.gz")), ["day 0", "day 2", "day 7"]);
    assert_eq!(labels(&dataset("containers/study.loom")), ["day 0", "day 2", "day 7"]);
    // 10x files hold no time, and all these cells are of one sample.
    let error = try_study("containers/filtered_feature_bc_matrix.tar.gz").unwrap().propose().unwrap_err();
    assert!(error.remedy.contains("barcodes in its first column"), "{error}");
}

#[test]
fn matrices_that_scipy_writes_open() {
    let counts = expected()["unsigned-integer-mtx/unsigned/matrix.mtx.gz"]["sum"].as_f64().unwrap();
    assert_eq!(sum_of_x(&study("unsigned-integer-mtx/unsigned")), counts);
}

#[test]
fn of_two_genomes_one_is_taken_and_said() {
    let notes = study("two-genomes").summary().notes;
    assert!(
        notes.iter().any(|note| note.contains("“another_genome” was taken") && note.contains("“mm10”")),
        "{notes:?}"
    );
}

#[test]
fn several_files_are_one_study() {
    let check = |name: &str, cells: usize, genes: usize, times: &[&str]| {
        let name = format!("several-files/{name}");
        let study = study(&name);
        assert_eq!((study.summary().cells, study.summary().genes), (cells, genes), "{name}");
        let found = prepared(&study, &study.propose().unwrap());
        assert_eq!(labels(&found), times, "{name}");
        assert!(self::genes(&found).iter().any(|gene| gene == "Sox2"), "{name}: {:?}", self::genes(&found));
    };
    check("wot", 180, 80, &["day 0", "day 2", "day 7"]);
    check("two-tables", 180, 30, &["D0", "D2", "D7"]);
    check("parse", 60, 80, &["day0", "day2", "day7"]);
    check("kb", 60, 80, &["D0", "D2", "D7"]);
}

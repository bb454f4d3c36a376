//! One file for each time point or sample: their cells are one study.
use crate::support::path;
use flate2::read::GzDecoder;
use scimf::Result;
use scimf::data::Dataset;
use scimf::data::expression::Expression;
use scimf::data::open::open_watched;
use scimf::data::study::Study;
use scimf::preprocess::Preparing;
use scimf::protocol::{DisplaySpace, File, GENES_OF_ANY_FILE, Mapping, ModelSpace};
use std::io::Read;

fn fixture(folder: &str, name: &str, called: &str) -> File {
    File { name: called.into(), bytes: std::fs::read(path(folder).join(name)).unwrap().into() }
}

fn text_file(name: &str, content: &str) -> File {
    File { name: name.into(), bytes: content.as_bytes().to_vec().into() }
}

/// A table of so many cells and ten genes, of which the last is called `last`; every value is `value`.
fn table(name: &str, cells: usize, value: usize, last: &str) -> File {
    let genes: Vec<String> = (0..9).map(|gene| format!("Gene{gene}")).chain([last.into()]).collect();
    let row = |cell: usize| {
        format!("c{cell},{}", (0..10).map(|gene| (value + gene).to_string()).collect::<Vec<_>>().join(","))
    };
    text_file(name, &format!("cell,{}\n{}\n", genes.join(","), (0..cells).map(row).collect::<Vec<_>>().join("\n")))
}

#[track_caller]
fn study(files: Vec<File>) -> Study {
    Study::open(files).unwrap_or_else(|error| panic!("{error}"))
}

fn values(study: &Study, mapping: &Mapping) -> (Expression, Vec<String>) {
    let counts = study.apply(mapping).unwrap().counts.unwrap();
    (counts.expression, counts.genes)
}

fn prepared(study: &Study) -> Result<Dataset> {
    let mapping = Mapping { display_space: DisplaySpace::Components, ..study.propose()? };
    let mut preparing = Preparing::new(study.apply(&mapping)?)?;
    loop {
        if let Some(dataset) = preparing.advance()? {
            return Ok(dataset);
        }
    }
}

#[test]
fn tables_of_time_points_are_one_study_with_the_genes_of_all() {
    let files = ["rep1_day2", "rep1_day10", "rep2_day2", "rep2_day10"];
    let cells = [3, 4, 5, 6];
    let made =
        files.iter().zip(cells).enumerate().map(|(at, (name, cells))| {
            table(&format!("{name}.csv"), cells, at, if at == 2 { "Other" } else { "Gene9" })
        });
    let study = study(made.collect());
    let summary = study.summary();
    assert_eq!((summary.cells, summary.genes), (18, 9));
    assert_eq!(summary.notes[0], "4 files are one study of 18 cells and the 9 genes that all of them have.");
    assert!(
        summary.notes[1].starts_with("Genes that are not in all files: 2. “X” leaves them out"),
        "{:?}",
        summary.notes
    );
    let mapping = study.propose().unwrap();
    assert_eq!(mapping.time, "time of file");
    assert_eq!(mapping.time_order, ["day2", "day10"]);
    assert_eq!(mapping.sample.as_deref(), Some("sample"), "rep1 and rep2 are told apart");
    let (expression, genes) = values(&study, &mapping);
    assert_eq!((expression.cells, genes.len(), genes[8].as_str()), (18, 9, "Gene8"));
    let sum = |cell: usize| {
        let mut sum = 0.0;
        expression.visit(cell, |_, value| sum += value);
        sum
    };
    // Nine genes of value, value + 1, … each.
    let of = |file: usize| (9 * file + 36) as f64;
    assert_eq!([sum(0), sum(3), sum(7), sum(17)], [of(0), of(1), of(2), of(3)]);
}

#[test]
fn genes_of_any_file_are_taken_in_as_zeros() {
    let files =
        || vec![table("day0.csv", 3, 1, "Only0"), table("day2.csv", 4, 1, "Only2"), table("day4.csv", 2, 1, "Only0")];
    let study = study(files());
    let offered: Vec<_> = study.summary().matrices.iter().map(|matrix| (matrix.name.clone(), matrix.genes)).collect();
    assert_eq!(offered, [("X".into(), 9), (GENES_OF_ANY_FILE.into(), 11)]);
    let mut mapping = study.propose().unwrap();
    assert!(study.apply(&mapping).unwrap().dataset.notes[1].ends_with("They were left out."));
    let ModelSpace::Computed(steps) = &mut mapping.model_space else { panic!("{mapping:?}") };
    assert_eq!(steps.matrix, "X");
    steps.matrix = GENES_OF_ANY_FILE.into();
    let (expression, genes) = values(&study, &mapping);
    // As `pandas.concat(tables).fillna(0)` has them.
    assert_eq!((expression.cells, &genes[8..]), (9, &["Gene8", "Only0", "Only2"].map(String::from)[..]));
    let last = |cell: usize| {
        let mut row = vec![0.0; genes.len()];
        expression.visit(cell, |gene, value| row[gene] = value);
        [row[9], row[10]]
    };
    assert_eq!([last(0), last(3), last(7)], [[10.0, 0.0], [0.0, 10.0], [10.0, 0.0]]);
    let notes = study.apply(&mapping).unwrap().dataset.notes;
    assert!(notes[1].ends_with("They were taken in, as zeros in the cells of files without them."), "{notes:?}");
}

/// A table with a gene in each row and cells of such names, of which each gene has its own value.
fn across(name: &str, cells: &[&str]) -> File {
    let genes = ["Actb", "Gapdh", "Malat1", "Rpl13a", "mt-Co1", "Sox2", "Kit", "T", "Tal1"];
    let row = |(at, gene): (usize, &&str)| format!("{gene}{}\n", format!(",{at}").repeat(cells.len()));
    let rows: String = genes.iter().enumerate().map(row).collect();
    text_file(name, &format!("gene,{}\n{rows}", cells.join(",")))
}

#[test]
fn genes_in_rows_are_known_by_their_names() {
    let cells = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"];
    let study = study(vec![across("GSM1_0h.csv", &cells), across("GSM2_12h.csv", &cells)]);
    assert_eq!((study.summary().cells, study.summary().genes), (16, 9));
    let mapping = study.propose().unwrap();
    assert_eq!(mapping.time_order, ["0h", "12h"]);
    let (expression, genes) = values(&study, &mapping);
    let mut row = [0.0; 9];
    expression.visit(3, |gene, value| row[gene] = value);
    assert_eq!((row[2], genes[2].as_str()), (2.0, "Malat1"));
    let error = Study::open(vec![across("counts.csv", &cells)]).err().unwrap().to_string();
    assert!(error.contains("a gene in each row"), "{error}");
}

/// R's `make.names` puts dots for marks and an X before a digit.
#[test]
fn names_that_r_changed_are_found() {
    let cells = ["X1_AAAC.1", "X1_AAAG.1", "X2_AAAC.1", "X2_AAAT.1"];
    let beside = "cell,day\n1_AAAC-1,0\n1_AAAG-1,0\n2_AAAC-1,7\n2_AAAT-1,7\n";
    let study = study(vec![across("counts.csv", &cells), text_file("cells.csv", beside)]);
    assert_eq!(study.propose().unwrap().time_order, ["0", "7"]);
    assert!(study.summary().notes.iter().any(|note| note.contains("which R changes")), "{:?}", study.summary().notes);
}

#[test]
fn cells_are_named_by_the_column_that_has_their_names() {
    let beside = "day,number,cell\n0,1,X1_a\n0,2,X1_b\n7,3,X2_a\n7,4,X2_b\n";
    let cells = ["X1_a", "X1_b", "X2_a", "X2_b"];
    let study = study(vec![across("counts.csv", &cells), text_file("cells.csv", beside)]);
    assert_eq!(study.propose().unwrap().time, "day");
    assert!(study.summary().notes.iter().any(|note| note.contains("its column “cell”")), "{:?}", study.summary().notes);
}

#[test]
fn many_files_say_how_far_they_are() {
    let mut stages = Vec::new();
    let files = (0..3).map(|day| table(&format!("day{day}.csv"), 3, day, "Gene9")).collect();
    open_watched(files, &mut |stage, done| stages.push(format!("{stage} {done:.2}"))).map(|_| ()).unwrap();
    assert_eq!(stages, ["file 1 of 3, day0 0.00", "file 2 of 3, day1 0.33", "file 3 of 3, day2 0.67"]);
}

#[test]
fn files_of_10x_and_anndata_are_joined() {
    let check = |files: Vec<File>, times: &[&str], cells: usize| {
        let study = study(files);
        assert_eq!(study.propose().unwrap().time_order, times);
        assert_eq!(study.summary().cells, cells);
        study
    };
    let one = |name: &str| self::study(vec![fixture("tenx", name, name)]).summary().cells;
    let cells = 2 * one("v3.h5");
    check(
        vec![fixture("tenx", "v3.h5", "GSM1_E9.5.h5"), fixture("tenx", "v3.h5", "GSM2_E8.5.h5")],
        &["e8.5", "e9.5"],
        cells,
    );
    let folder = |before: &str| {
        ["matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"]
            .map(|name| fixture("tenx", name, &format!("{before}{name}")))
    };
    check([folder("GSM1_D0_"), folder("GSM2_D2_")].concat(), &["d0", "d2"], cells);
    check([folder("run/D0/"), folder("run/D2/")].concat(), &["d0", "d2"], cells);
    let outs = |day: &str| folder(&format!("run/{day}/outs/filtered_feature_bc_matrix/"));
    check([outs("0h"), outs("12h")].concat(), &["0h", "12h"], cells);
    // Times that the files have themselves go before those in their names; their spaces do not hold all cells alike.
    let h5ad = ["D0.h5ad", "D2.h5ad"].map(|name| fixture("h5ad", "gzip_csr.h5ad", name));
    let study = check(h5ad.to_vec(), &["day 2", "day 4", "day 10"], 480);
    assert!(study.summary().spaces.is_empty() && study.summary().notes.iter().any(|note| note.contains("X_pca")));
    let dataset = prepared(&study).unwrap();
    assert_eq!(dataset.types.iter().map(|it| it.cells).collect::<Vec<_>>(), [168, 180, 132]);
    assert_eq!(dataset.cell_names[0], "D0:cell-000", "names that several files have are told apart");
}

#[test]
fn a_table_of_the_files_says_their_times() {
    let beside = text_file("samples.csv", "file,time,genotype\nwt_a.h5,0,wt\nwt_b.h5,7,wt\n");
    let files = vec![fixture("tenx", "v3.h5", "wt_a.h5"), fixture("tenx", "v3.h5", "wt_b.h5"), beside];
    let mapping = study(files).propose().unwrap();
    assert_eq!((mapping.time.as_str(), mapping.time_order), ("time", vec!["0".to_owned(), "7".to_owned()]));
}

#[test]
fn what_cannot_be_joined_says_why() {
    let refused = |files: Vec<File>, says: &str| {
        let error = Study::open(files).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    let mut logged = table("D2.csv", 4, 1, "Gene9");
    let text = String::from_utf8(logged.bytes.to_vec()).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    // A fraction in every field but the cell's name.
    let fractions = |row: &str| {
        row.split(',').map(|it| if it.starts_with('c') { it.into() } else { format!("{it}.5") }).collect::<Vec<_>>()
    };
    let rows: Vec<String> = rows.lines().map(|row| fractions(row).join(",")).collect();
    logged.bytes = format!("{header}\n{}\n", rows.join("\n")).into_bytes().into();
    refused(vec![table("D0.csv", 4, 1, "Gene9"), logged], "which cannot be put together");
    let mut files: Vec<File> = ["D0_", "D2_"]
        .iter()
        .flat_map(|before| {
            ["matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"]
                .map(|it| fixture("tenx", it, &format!("{before}{it}")))
        })
        .collect();
    let barcodes = files.remove(4);
    refused(files.clone(), "there is no barcodes of this matrix");
    // Another species.
    let mut features = String::new();
    GzDecoder::new(&files[4].bytes[..]).read_to_string(&mut features).unwrap();
    let alien: Vec<String> =
        (0..features.lines().count()).map(|at| format!("A{at}\tAlien{at}\tGene Expression")).collect();
    files[4] = text_file("D2_features.tsv", &alien.join("\n"));
    refused([files, vec![barcodes]].concat(), "0 are in all others");
}

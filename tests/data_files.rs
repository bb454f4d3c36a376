//! What people drop besides AnnData: text tables, 10x files and folders, arrays of NumPy, archives of all these.
use flate2::{Compression, write::GzEncoder};
use scimf::Result;
use scimf::data::Dataset;
use scimf::data::open::{Opened, open};
use scimf::data::study::Study;
use scimf::data::unprepared::Counts;
use scimf::protocol::{
    Column, Content, DisplaySpace, File, ModelSpace, Preprocessing, Slices, UmapSettings, ValueKind,
};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> File {
    File { name: name.into(), bytes: bytes.into().into() }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[track_caller]
fn study(files: Vec<File>) -> Study {
    match open(files) {
        Ok(Opened::Study(study)) => study,
        Ok(Opened::Dataset { .. }) => panic!("a dataset"),
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn dataset(file: File) -> Dataset {
    match open(vec![file]) {
        Ok(Opened::Dataset { dataset, weights, .. }) if weights.is_empty() => dataset,
        Ok(_) => panic!("no dataset"),
        Err(error) => panic!("{error}"),
    }
}

/// Opens the files, proposes a mapping and applies it.
fn attempt(files: Vec<File>) -> Result<()> {
    match open(files)? {
        Opened::Study(study) => study.apply(&study.propose()?).map(|_| ()),
        Opened::Dataset { .. } => Ok(()),
    }
}

/// Opening the files, proposing and applying a mapping fails, at this place, for this reason, with a remedy.
#[track_caller]
fn refused(files: Vec<File>, place: &str, says: &[&str]) {
    let error = attempt(files).expect_err("refused");
    let text = error.to_string();
    assert!(text.starts_with(place), "{text}");
    assert!(says.iter().all(|part| text.contains(part)), "{text}");
    assert!(!error.remedy.is_empty(), "{text}");
}

fn column(study: &Study, name: &str) -> Column {
    study.summary().columns.into_iter().find(|column| column.name == name).unwrap_or_else(|| panic!("no column {name}"))
}

fn labels(column: &Column) -> Vec<(&str, usize)> {
    column.levels.iter().map(|level| (level.label.as_str(), level.cells)).collect()
}

/// What the proposed mapping makes of a study whose components have to be computed.
fn counts(study: &Study) -> (Dataset, Counts) {
    let unprepared = study.apply(&study.propose().unwrap()).unwrap();
    (unprepared.dataset, unprepared.counts.unwrap())
}

/// A cell as a dense row.
fn row(counts: &Counts, cell: usize) -> Vec<f64> {
    let mut row = vec![0.0; counts.expression.genes];
    counts.expression.visit(cell, |gene, value| row[gene] += value);
    row
}

const TABLE: &str = "id,day,type,Actb,Gapdh,Timeless,n_counts\n\
                     c1,day 2,a,1,0,3,4\n\
                     c2,day 10,,0,0,2,2\n\
                     c3,day 10,b,5,1,0,6\n";

#[test]
fn a_table_becomes_a_study() {
    let study = study(vec![file("My table.csv", TABLE)]);
    let summary = study.summary();
    assert_eq!((summary.cells, summary.genes, summary.notes.len()), (3, 3, 0));
    let names: Vec<_> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["day", "type", "n_counts"]);
    assert_eq!(labels(&column(&study, "day")), [("day 2", 1), ("day 10", 2)]);
    assert_eq!(column(&study, "type").missing, 1);
    assert_eq!(summary.matrices[0].values, ValueKind::Counts);
    assert_eq!(summary.matrices[0].evidence, "Whole numbers from 0 to 5 in all 3 cells.");

    let mapping = study.propose().unwrap();
    assert_eq!((mapping.time.as_str(), mapping.cell_type), ("day", None));
    assert_eq!(mapping.display_space, DisplaySpace::Umap(UmapSettings::default()));
    let steps = Preprocessing { variable_genes: None, components: 2, ..Preprocessing::of("X", ValueKind::Counts) };
    assert_eq!(mapping.model_space, ModelSpace::Computed(steps), "three cells span two components");
    let (dataset, counts) = counts(&study);
    assert_eq!((dataset.name.as_str(), dataset.times.as_slice()), ("My table", &[0, 1, 1][..]));
    assert_eq!(counts.genes, ["Actb", "Gapdh", "Timeless"]);
    assert_eq!((row(&counts, 0), row(&counts, 2)), (vec![1.0, 0.0, 3.0], vec![5.0, 1.0, 0.0]));
}

#[test]
fn tables_come_in_many_forms() {
    let check = |name: &str, bytes: Vec<u8>| {
        let (dataset, counts) = counts(&study(vec![file(name, bytes)]));
        assert_eq!(dataset.time_points.iter().map(|point| point.cells).sum::<usize>(), 0, "counted later");
        assert_eq!((dataset.name.as_str(), dataset.times.as_slice()), ("t", &[0, 1][..]), "{name}");
        assert_eq!(counts.genes, ["A", "B"]);
        assert_eq!((row(&counts, 0), row(&counts, 1)), (vec![1.5, 0.0], vec![0.0, 2000.0]));
    };
    check("t.csv", b"id,A,B,day\nx,1.5,0,1\ny,0,2e3,2\n".to_vec());
    check("t.CSV.gz", gzip(b"id,A,B,day\nx,1.5,0,1\ny,0,2e3,2\n"));
    check("t.tsv", b"id\tA\tB\tday\r\nx\t1.5\t0\t1\r\n\r\ny\t0\t2000\t2".to_vec());
    check("t.txt", b"id;A;B;day\nx;1.5;0;1\ny;0;2000;2\n".to_vec());
    check("t.csv", b"\xef\xbb\xbf\"id\",\"A\",\"B\",\"day\"\n\"x, y\",1.5,0,1\n\"y\",0,2000,2\n".to_vec());
    // R leaves out the name of the first column.
    check("t.csv", b"A,B,day\nx,1.5,0,1\ny,0,2000,2\n".to_vec());
    // No names of cells.
    check("t.csv", b"day,A,B\n1,1.5,0\n2,0,2000\n".to_vec());
}

#[test]
fn tables_that_cannot_be_used_say_why() {
    let check = |text: &str, says: &[&str]| refused(vec![file("t.csv", text)], "t.csv: ", says);
    check("id,day,A\nx,1,2\ny,2\n", &["line 3: this row has 2 fields, but the header has 3"]);
    check("id,day,A\nx,1,2\ny,2,3\nz,2,3b\n", &["line 4, column “A”: “3b” is not a number", "decimal point"]);
    check("id,day,A\nx,1,2\ny,2,NA\n", &["X: the value of “A” in row 1, column 0 (counted from 0) is NaN"]);
    check("id,day,A\nx,1,2\ny,2,inf\n", &["X: the value of “A” in row 1, column 0 (counted from 0) is inf"]);
    check(
        "id,A,B\nx,1,2\ny,2,3\n",
        &["no column says at which time", "if the rows of this table are genes, transpose it"],
    );
    check("id,day\nx,1\ny,2\n", &["no column of numbers that could be a gene"]);
    check("id,day,A\n", &["no row below its header"]);
    check("", &["single column"]);
    check("text\nmore text\n", &["single column"]);
    check(
        "gene,AAACCTGAGAAACCAT-1,AAACCTGAGAAACCGC-1\nActb,1,2\nGapdh,0,1\n",
        &["a gene in each row and a cell in each column", "Transpose it", ".T"],
    );
    check("gene,cell_1,cell_2,cell_3\nActb,1,2,4\nGapdh,0,1,1\n", &["Transpose it"]);
    refused(vec![file("t.csv", b"\xff\xfei\0d\0")], "t.csv: ", &["not a text table in UTF-8"]);
    let packed = gzip(TABLE.repeat(100).as_bytes());
    refused(
        vec![file("t.csv.gz", &packed[..packed.len() / 2])],
        "t.csv.gz: ",
        &["cannot be read to its end", "cut off"],
    );
    let bomb = [b"id,day,A\n".as_slice(), &b"x,1,0\n".repeat(12 << 20)].concat();
    refused(vec![file("t.csv.gz", gzip(&bomb))], "t.csv.gz: ", &["256 times its size"]);
    let wide = format!("day{}\n1{}\n", ",A".repeat(1 << 20), ",1".repeat(1 << 20));
    refused(vec![file("t.csv", wide)], "t.csv: ", &["more than a million"]);
    refused(vec![file("t.csv", ",".repeat(33 << 20))], "t.csv: ", &["a line is longer than 32 MiB"]);
}

/// The value of a feature in a cell in the files that `tests/fixtures/make_tenx.py` writes.
fn planted(cell: usize, feature: usize) -> f64 {
    if (cell + feature).is_multiple_of(2) { (10 * cell + feature + 1) as f64 } else { 0.0 }
}

fn tenx(name: &str) -> File {
    file(name, fixture(&format!("tenx/{name}")))
}

fn folder() -> Vec<File> {
    ["matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"].map(tenx).to_vec()
}

/// Days of five of the six barcodes, in another order.
const DAYS: &str = "barcode\tday\ttype\n\
                    AAACCTGAGAAACCTA-2\t7\ta\n\
                    AAACCTGAGAAACCGC-2\t7\ta\n\
                    AAACCTGAGAAACCAT-2\t7\tb\n\
                    AAACCTGAGAAACCAT-1\t0\tb\n\
                    AAACCTGAGAAACCGC-1\t0\t\n\
                    AAACCTGAGAAACCTA-1\t0\ta\n";

#[test]
fn files_of_10x_open_in_every_form() {
    let entries: Vec<(String, Vec<u8>)> =
        folder().into_iter().map(|file| (format!("sample/{}", file.name), file.bytes.to_vec())).collect();
    let mut entries: Vec<(&str, &[u8])> =
        entries.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    entries.extend([("sample/", &b""[..]), ("__MACOSX/sample/._matrix.mtx", b"x"), ("sample/summary.html", b"<p>")]);
    let zipped = file("sample.zip", zip(&entries));
    let forms =
        [("v3", vec![tenx("v3.h5")]), ("v2", vec![tenx("v2.h5")]), ("matrix", folder()), ("sample", vec![zipped])];
    for (name, files) in forms {
        let study = study(files);
        let summary = study.summary();
        assert_eq!((summary.cells, summary.genes), (6, 5), "{name}");
        assert_eq!(
            summary.notes.iter().any(|note| note.contains("2 features are no genes (Antibody Capture)")),
            name != "v2"
        );
        // Without a table, the samples serve as time.
        assert_eq!(study.propose().unwrap().time, "sample");
        assert_eq!(labels(&column(&study, "sample")), [("1", 3), ("2", 3)]);
        let (dataset, counts) = counts(&study);
        assert_eq!((dataset.name.as_str(), dataset.times.as_slice()), (name, &[0, 0, 0, 1, 1, 1][..]));
        assert_eq!(counts.genes, ["Actb", "Gapdh", "Sox2", "Nanog", "Pou5f1"]);
        for cell in 0..6 {
            let expected: Vec<f64> = (0..5).map(|feature| planted(cell, feature)).collect();
            assert_eq!(row(&counts, cell), expected, "{name}, cell {cell}");
        }
    }
}

#[test]
fn a_table_beside_10x_files_annotates_the_cells() {
    let with = |mut files: Vec<File>, table: File| {
        files.insert(0, table);
        study(files)
    };
    for files in [vec![tenx("v3.h5")], folder()] {
        let study = with(files, file("days.tsv", DAYS));
        let mapping = study.propose().unwrap();
        assert_eq!((mapping.time.as_str(), mapping.time_order), ("day", vec!["0".to_owned(), "7".to_owned()]));
        assert_eq!(labels(&column(&study, "type")), [("b", 2), ("a", 3)]);
        assert_eq!(column(&study, "type").missing, 1);
        assert_eq!(counts(&study).0.times, [0, 0, 0, 1, 1, 1]);
    }
    let empty = "%%MatrixMarket matrix coordinate integer general\n7 6 1\n1 1 4\n";
    let files = vec![tenx("barcodes.tsv.gz"), tenx("features.tsv.gz"), file("matrix.mtx", empty)];
    assert!(study(files).summary().notes.iter().any(|note| note.starts_with("5 of 6 barcodes have no counts")));
    let partly: String = DAYS.lines().take(6).map(|line| format!("{line}\n")).collect();
    let study = with(folder(), file("days.tsv", partly));
    assert!(study.summary().notes.contains(&"1 of 6 barcodes are not in days.tsv and have no values there.".into()));
    assert_eq!(column(&study, "day").missing, 1);
}

#[test]
fn files_of_10x_that_do_not_fit_say_why() {
    let replaced = |name: &str, text: &str| {
        let mut files = folder();
        let other = files.iter_mut().find(|file| file.name.starts_with(name)).unwrap();
        other.bytes = text.as_bytes().to_vec().into();
        files
    };
    let one_sample = "A-1\nB-1\nC-1\nD-1\nE-1\nF-1\n";
    refused(replaced("barcodes", one_sample), "matrix.mtx.gz: ", &["10x files hold no time", "drop it together"]);
    refused(replaced("barcodes", "A-1\n"), "matrix.mtx.gz: the matrix is 7 x 6", &["7 features and 1 barcodes"]);
    refused(replaced("features", ""), "matrix.mtx.gz: ", &["0 features and 6 barcodes"]);
    refused(
        replaced("features", &"id\tname\tPeaks\n".repeat(7)),
        "matrix.mtx.gz: ",
        &["holds no gene expression, only Peaks"],
    );
    let matrix = |text: &str, says: &[&str]| refused(replaced("matrix", text), "matrix.mtx.gz: ", says);
    let head = "%%MatrixMarket matrix coordinate integer general\n";
    matrix("day,A\n1,2\n", &["not a sparse Matrix Market file"]);
    matrix("%%MatrixMarket matrix array real general\n7 6\n", &["is dense", "scipy.sparse.csr_matrix"]);
    matrix(head, &["cut off"]);
    matrix(&format!("{head}7 6\n"), &["line of sizes"]);
    matrix(&format!("{head}18446744073709551615 6 1\n"), &["18446744073709551615 x 6"]);
    matrix(&format!("{head}7 6 18446744073709551615\n1 1 1\n"), &["declares 18446744073709551615 entries and has 1"]);
    matrix(&format!("{head}7 6 1\n8 1 1\n"), &["line 3: “8 1 1” is not an entry of this matrix of 7 x 6"]);
    matrix(&format!("{head}7 6 1\n0 1 1\n"), &["line 3: “0 1 1”"]);
    matrix(&format!("{head}7 6 1\n1 1 one\n"), &["line 3: “1 1 one”"]);

    let tables = |text: &str, says: &[&str]| refused(vec![tenx("v3.h5"), file("d.csv", text)], "v3.h5: d.csv: ", says);
    tables("barcode,day\nx,1\ny,2\n", &["no barcode of the matrix", "“x”", "“AAACCTGAGAAACCAT-1”", "exactly as"]);
    tables("barcode,day\nx,1\nx,2\n", &["“x” is in the first column twice"]);
    refused(vec![tenx("other.h5")], "other.h5: ", &["neither an AnnData file", "nor a 10x file"]);
    let whole = fixture("tenx/v3.h5");
    refused(vec![file("v3.h5", &whole[..whole.len() / 2])], "v3.h5: ", &["cut off"]);
    refused(vec![file("v3.h5", "no")], "v3.h5: ", &["not an HDF5 file"]);
}

#[test]
fn entries_may_be_in_any_order_and_the_matrix_may_lie_either_way() {
    let open = |matrix: &str| {
        let files = vec![
            file("barcodes.tsv", "A-1\nB-2\n"),
            file("genes.tsv", "ID1\tx\nID2\ty\nID3\tz\n"),
            file("matrix.mtx", matrix),
        ];
        let (_, counts) = counts(&study(files));
        assert_eq!(counts.genes, ["x", "y", "z"]);
        (row(&counts, 0), row(&counts, 1))
    };
    let expected = (vec![1.0, 0.0, 3.0], vec![0.0, 5.0, 0.0]);
    assert_eq!(open("%%MatrixMarket matrix coordinate integer general\n3 2 3\n2 2 5\n3 1 3\n1 1 1\n"), expected);
    assert_eq!(open("%%MatrixMarket matrix coordinate real general\n%\n2 3 3\n1 1 1.0\n2 2 5e0\n1 3 3\n"), expected);
}

#[test]
fn files_that_do_not_belong_together_say_so() {
    let known =
        ["AnnData file (.h5ad)", "matrix.mtx, barcodes.tsv and features.tsv", ".csv or .tsv", ".npz", "bundle (.zip)"];
    refused(vec![file("counts.xlsx", "PK")], "counts.xlsx: ", &["spreadsheet", "CSV UTF-8"]);
    refused(vec![file("s.rds", "x")], "s.rds: ", &["a file of R", "write.csv"]);
    refused(vec![file("counts", "1,2")], "counts: ", &known);
    refused(vec![], "No file", &[]);
    refused(vec![file("a.zip", zip(&[("readme.html", b"x")]))], "a.zip: ", &["neither a dataset bundle", ".h5ad"]);
    refused(vec![tenx("v3.h5"), file("image.png", "x")], "image.png: ", &["not known"]);
    refused(vec![tenx("matrix.mtx.gz")], "matrix.mtx.gz: ", &["there is no barcodes.tsv and no features.tsv"]);
    let mut files = folder();
    files.remove(0);
    refused(files, "barcodes.tsv.gz, features.tsv.gz: ", &["there is no matrix.mtx", "together"]);
    refused([folder(), vec![tenx("v3.h5")]].concat(), "v3.h5, matrix.mtx.gz", &["several studies or samples"]);
    refused([folder(), folder()].concat(), "barcodes.tsv.gz", &["two of these files have the same name"]);
    refused(vec![file("a.csv", TABLE), file("b.csv", TABLE)], "a.csv, b.csv: ", &["several tables"]);
    let h5ad = file("a.h5ad", fixture("h5ad/gzip_csr.h5ad"));
    refused(vec![h5ad.clone(), file("b.csv", TABLE)], "a.h5ad: b.csv: ", &["no barcode of the matrix"]);

    assert_eq!(study(vec![file("study.h5", h5ad.bytes.to_vec())]).summary().spaces.len(), 2, "the content counts");
    let zipped = zip(&[("folder/a.h5ad", &h5ad.bytes[..])]);
    assert_eq!(study(vec![file("b.zip", zipped)]).summary().name, "b.zip");
}

#[test]
fn arrays_of_numpy_open_at_once() {
    let dataset = dataset(file("mef_hold1.npz", fixture("mef_hold1.npz")));
    assert_eq!((dataset.name.as_str(), dataset.axis.as_str()), ("mef_hold1", "PC"));
    assert_eq!((dataset.states.rows, dataset.states.cols, dataset.held_out.as_slice()), (1000, 50, &[1][..]));
    assert_eq!(dataset.states.row(0)[..3], [-4.529_873, -2.047_484_9, -3.271_807]);
    let points: Vec<_> = dataset.time_points.iter().map(|point| (point.label.as_str(), point.value)).collect();
    assert_eq!(points, [("time 0", Some(0.0)), ("time 1", Some(1.0)), ("time 2", Some(2.0))]);
    assert_eq!((dataset.types.len(), dataset.types[0].name.as_str()), (1, "all cells"));
}

/// Written by the Python in `docs/FILES.md`.
#[test]
fn arrays_of_numpy_may_be_named() {
    let dataset = dataset(file("a.npz", fixture("arrays_python.npz")));
    assert_eq!((dataset.states.row(1), dataset.held_out.as_slice()), (&[3.0, 4.0, 5.0][..], &[2][..]));
    let points: Vec<_> =
        dataset.time_points.iter().map(|point| (point.label.as_str(), point.value, point.cells)).collect();
    assert_eq!(points, [("day 2", Some(2.0), 3), ("day 4", Some(4.0), 2), ("day 10", Some(10.0), 3)]);
    let types: Vec<_> = dataset.types.iter().map(|cell_type| (cell_type.name.as_str(), cell_type.cells)).collect();
    assert_eq!(types, [("Fibroblast", 4), ("T cell", 4)]);
}

fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn texts(texts: &[&str]) -> Vec<u8> {
    let letters = texts.iter().flat_map(|text| text.chars().chain(std::iter::repeat('\0')).take(8));
    let data: Vec<u8> = letters.flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    npy("<U8", &format!("({},)", texts.len()), &data)
}

#[test]
fn arrays_of_numpy_must_fit() {
    let states = npy("|i1", "(4, 2)", &[1, 2, 3, 4, 5, 6, 7, 8]);
    let bytes = |name: &str, values: &[u8]| (name.to_owned(), npy("|u1", &format!("({},)", values.len()), values));
    let open = |others: Vec<(String, Vec<u8>)>| {
        let mut entries = vec![("X.npy", states.as_slice())];
        entries.extend(others.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
        file("a.npz", zip(&entries))
    };
    let plain = dataset(open(vec![bytes("t.npy", &[0, 0, 1, 1]), ("hold.npy".into(), npy("|i1", "()", &[1]))]));
    assert_eq!((plain.states.row(3), plain.held_out.as_slice()), (&[7.0, 8.0][..], &[1][..]));

    refused(vec![open(vec![])], "a.npz: ", &["no array t", "numpy.savez"]);
    refused(vec![file("a.npz", zip(&[("t.npy", b"x")]))], "a.npz: ", &["no array X"]);
    let broken = |others: Vec<(String, Vec<u8>)>, says: &str| {
        let error = scimf::data::open::open(vec![open(others)]).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("a.npz: ") && error.contains(says), "{error}");
    };
    broken(vec![bytes("t.npy", &[0, 0, 1, 200])], "t: index 200 is out of range for 4 cells");
    broken(vec![bytes("t.npy", &[0, 0, 2, 2])], "the time point “time 1” has no cells");
    broken(vec![bytes("t.npy", &[0, 1])], "2 entries for 4 cells");
    broken(vec![bytes("t.npy", &[0, 0, 1, 1]), bytes("hold.npy", &[0])], "held out: time point 0 cannot be held out");
    broken(vec![bytes("t.npy", &[0, 0, 1, 1]), bytes("hold.npy", &[1, 9])], "time point 9 cannot be held out");
    broken(
        vec![bytes("t.npy", &[0, 0, 1, 1]), ("time_labels.npy".into(), texts(&["one"]))],
        "index 1 has no label; there are 1",
    );
    broken(vec![("t.npy".into(), npy("|u1", "(9,)", &[0, 1]))], "t.npy: shape [9] of “|u1” does not fit 2 bytes");
}

#[test]
fn every_cut_and_many_damages_end_in_an_error_or_a_study() {
    for name in ["v3.h5", "v2.h5", "matrix.mtx.gz"] {
        let whole = fixture(&format!("tenx/{name}"));
        for at in (0..whole.len()).step_by(if name.ends_with("h5") { 31 } else { 1 }) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xff;
            for bytes in [damaged, whole[..at].to_vec()] {
                let mut files = vec![file(name, bytes)];
                if name.starts_with("matrix") {
                    files.extend(folder().split_off(1));
                }
                let _ = attempt(files);
            }
        }
    }
    for at in 0..TABLE.len() {
        let mut damaged = TABLE.as_bytes().to_vec();
        damaged[at] ^= 0xff;
        for bytes in [&damaged, &TABLE.as_bytes()[..at]] {
            let _ = attempt(vec![file("t.csv", bytes)]);
        }
    }
}

#[test]
fn a_real_table_opens() {
    let Some(bytes) = shared("data/klein_mesc_counts.csv.gz") else { return };
    let study = study(vec![file("klein_mesc_counts.csv.gz", bytes)]);
    let summary = study.summary();
    assert_eq!((summary.cells, summary.genes, summary.columns.len()), (1000, 900, 1));
    let matrix = &summary.matrices[0];
    assert_eq!((matrix.name.as_str(), matrix.genes, matrix.values), ("X", 900, ValueKind::Counts));
    let mapping = study.propose().unwrap();
    assert_eq!((mapping.time.as_str(), mapping.time_order.join(" ")), ("day", "0 2 4 7".to_owned()));
    let steps = Preprocessing { variable_genes: None, ..Preprocessing::of("X", ValueKind::Counts) };
    assert_eq!(mapping.model_space, ModelSpace::Computed(steps));
    let (dataset, counts) = counts(&study);
    assert_eq!((dataset.name.as_str(), dataset.times.len()), ("klein_mesc_counts", 1000));
    assert_eq!(row(&counts, 0)[..5], [34.0, 89.0, 32.0, 2.0, 0.0]);
}

#[test]
fn real_arrays_open() {
    for (name, shape, held_out) in [
        ("klein_hold2", [1000, 50], vec![2]),
        ("pbmc_hold2_5", [3000, 30], vec![2, 5]),
        ("mef_hold1", [1000, 50], vec![1]),
    ] {
        let Some(bytes) = shared(&format!("data/reference/{name}.npz")) else { return };
        let dataset = dataset(file(&format!("{name}.npz"), bytes));
        assert_eq!(([dataset.states.rows, dataset.states.cols], dataset.held_out), (shape, held_out), "{name}");
    }
}

/// A file that is not part of the repository: in `SCIMF_SHARED`, or in the folder `shared` beside it.
fn shared(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("SCIMF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = folder.join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED: {} is not there", path.display());
    }
    bytes
}

/// A file that is not in memory, as a browser's.
struct Outside(Vec<u8>);

impl Slices for Outside {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::result::Result<(), String> {
        let start = offset as usize;
        buffer.copy_from_slice(self.0.get(start..start + buffer.len()).ok_or("it is shorter than it was")?);
        Ok(())
    }
}

#[test]
fn a_file_in_slices_is_the_same_study() {
    for name in [
        "h5ad/gzip_csr.h5ad",
        "h5ad/legacy_0_7.h5ad",
        "cases/containers/study.loom",
        "cases/tables-named-genes/study.csv",
    ] {
        let name_of_file = name.rsplit('/').next().unwrap();
        let slices = Content::Slices(Arc::new(Outside(fixture(name))));
        let Ok(Opened::Study(sliced)) = open(vec![File { name: name_of_file.into(), bytes: slices }]) else {
            panic!("{name}")
        };
        let whole = study(vec![file(name_of_file, fixture(name))]);
        assert_eq!(sliced.summary(), whole.summary(), "{name}");
        let mapping = whole.propose().unwrap();
        assert!(sliced.apply(&mapping).unwrap() == whole.apply(&mapping).unwrap(), "{name}");
    }
    let cut = fixture("h5ad/gzip_csr.h5ad")[..4].to_vec();
    let file = File { name: "a.h5ad".into(), bytes: Content::Slices(Arc::new(Outside(cut))) };
    assert!(open(vec![file]).err().unwrap().to_string().starts_with("a.h5ad: this is not an HDF5 file"));
}

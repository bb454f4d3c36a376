//! Named bad inputs: each gives the right dataset, or an error that says what is wrong, where and what to do.
use flate2::{Compression, write::GzEncoder};
use hdf5_pure::{AttrValue, FileBuilder};
use scimf::data::open::{Opened, open};
use scimf::data::{Dataset, bundle};
use scimf::error::{Error, Kind, Result};
use scimf::models::AnyWeights;
use scimf::preprocess::Preparing;
use scimf::protocol::{DisplaySpace, File, Mapping};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> File {
    File { name: name.into(), bytes: bytes.into().into() }
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

fn singles(shape: &str, values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    npy("<f4", shape, &values.into_iter().flat_map(f32::to_le_bytes).collect::<Vec<_>>())
}

/// The three parts of an error are there, and it says this.
#[track_caller]
fn explained(error: &Error, says: &[&str]) {
    assert!(!error.what.is_empty(), "what is wrong? {error:?}");
    assert!(error.kind == Kind::Request || !error.place.is_empty(), "where? {error:?}");
    assert!(!error.remedy.is_empty(), "what to do? {error:?}");
    let text = error.to_string();
    assert!(says.iter().all(|part| text.contains(part)), "{text}\nshould say {says:?}");
    assert!(text.len() < 10_000, "{} bytes", text.len());
}

/// What becomes of a file: the dataset, through the proposed mapping and the preparation.
fn dataset(files: Vec<File>) -> Result<Dataset> {
    dataset_by(files, |mapping| mapping.display_space = DisplaySpace::Components)
}

fn dataset_by(files: Vec<File>, change: impl Fn(&mut Mapping)) -> Result<Dataset> {
    let study = match open(files)? {
        Opened::Dataset { dataset, .. } => return Ok(dataset),
        Opened::Study(study) => study,
    };
    let mut mapping = study.propose()?;
    change(&mut mapping);
    let mut preparing = Preparing::new(study.apply(&mapping)?)?;
    loop {
        if let Some(dataset) = preparing.advance()? {
            return Ok(dataset);
        }
    }
}

#[track_caller]
fn refused(files: Vec<File>, says: &[&str]) {
    match dataset(files) {
        Ok(dataset) => panic!("{} cells were read", dataset.states.rows),
        Err(error) => explained(&error, says),
    }
}

/// Three genes, of which the third is as in `rows`: cell, day, type, value.
fn table(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut text = "cell,day,cell_type,A,B,C\n".to_owned();
    for (at, (cell, day, kind, value)) in rows.iter().enumerate() {
        text += &format!("{cell},{day},{kind},{},{},{value}\n", at * at % 7 + 1, (at * 5) % 3);
    }
    text
}

const CELLS: [(&str, &str, &str, &str); 6] = [
    ("a", "0", "x", "1"),
    ("b", "0", "y", "4"),
    ("c", "1", "x", "2"),
    ("d", "1", "y", "8"),
    ("e", "2", "x", "5"),
    ("f", "2", "y", "7"),
];

#[test]
fn archives_do_not_unpack_without_bound() {
    let zeros = vec![0; 24 << 20];
    refused(vec![file("bomb.zip", zip(&[("manifest.json", &zeros)]))], &["bomb.zip", "64 times its size"]);
    let states = npy("<f4", "1572864, 4", &zeros);
    refused(vec![file("bomb.npz", zip(&[("X.npy", &states)]))], &["bomb.npz: X.npy", "64 times its size"]);
    let parts: Vec<(String, &[u8])> = (0..3).map(|part| (format!("{part}.csv"), &zeros[..8 << 20])).collect();
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, zeros)| (name.as_str(), *zeros)).collect();
    refused(vec![file("many.zip", zip(&parts))], &["many.zip", "64 times its size"]);
    // An archive in an archive is not opened.
    let inner = zip(&[("manifest.json", b"{}")]);
    refused(vec![file("nested.zip", zip(&[("inner.zip", &inner)]))], &["nested.zip", "neither a dataset bundle"]);
}

#[test]
fn paths_in_archives_lead_nowhere() {
    let table = table(&CELLS);
    for name in ["../../etc/t.csv", "/etc/t.csv", "C:\\t.csv", "..\\..\\t.csv", "a/./b/../t.csv"] {
        let found = dataset(vec![file("study.zip", zip(&[(name, table.as_bytes())]))]).unwrap();
        assert_eq!((found.name.as_str(), found.states.rows), ("study", 6), "{name}");
    }
    let tricky = zip(&[("../manifest.json", b"{}"), ("./manifest.json", b"{}")]);
    refused(vec![file("study.zip", tricky)], &["study.zip", "neither a dataset bundle"]);
    // Two entries of one name: the writer refuses, so the second name is made the first's by hand.
    let mut twice = zip(&[("t1.csv", table.as_bytes()), ("t2.csv", b"cell,day,A\nx,0,1\n")]);
    while let Some(at) = twice.windows(6).position(|window| window == b"t2.csv") {
        twice[at + 1] = b'1';
    }
    match dataset(vec![file("study.zip", twice)]) {
        Ok(found) => assert_eq!(found.states.rows, 6),
        Err(error) => explained(&error, &["study.zip"]),
    }
}

#[test]
fn headers_that_lie_are_found_out() {
    let times = npy("|u1", "4,", &[0, 0, 1, 1]);
    let lying = |shape: &str| {
        let states = npy("<f4", shape, &[0; 32]);
        file("study.npz", zip(&[("X.npy", &states), ("t.npy", &times)]))
    };
    for shape in ["4, 99999999999", "18446744073709551615, 2", "-4, 2", "4, 2, 1", "1e9, 2", "4294967296, 4294967296"] {
        refused(vec![lying(shape)], &["study.npz: X"]);
    }
    for length in [u64::MAX, 1 << 40, 100 << 20, 9, 0] {
        let mut bytes = length.to_le_bytes().to_vec();
        bytes.extend(b"{\"a\":{}}");
        explained(&AnyWeights::read("w.safetensors", &bytes).unwrap_err(), &["w.safetensors"]);
    }
    let beyond = br#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}"#;
    let bytes = [&(beyond.len() as u64).to_le_bytes()[..], beyond, &[0; 16]].concat();
    explained(&AnyWeights::read("w.safetensors", &bytes).unwrap_err(), &["w.safetensors"]);
}

/// An AnnData file without `var`, whose `X` is what `shape` says.
fn anndata(shape: &[u64]) -> Vec<u8> {
    let mut file = FileBuilder::new();
    let mut obs = file.create_group("obs");
    obs.set_attr("_index", AttrValue::String("_index".into()));
    obs.create_dataset("_index").with_vlen_strings(&[]);
    file.add_group(obs.finish());
    file.create_dataset("X").with_f32_data(&[]).with_shape(shape);
    file.finish().unwrap()
}

#[test]
fn dimensions_of_hdf5_that_lie_are_found_out() {
    for genes in [1 << 33, 1 << 50, u64::MAX / 8] {
        refused(vec![file("study.h5ad", anndata(&[0, genes]))], &["study.h5ad", "more than this file can hold"]);
    }
}

#[test]
fn columns_with_more_entries_than_cells_are_refused() {
    let write = |entries: u16| {
        let names: Vec<String> = (0..2000).map(|cell| format!("c{cell}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut builder = FileBuilder::new();
        let mut obs = builder.create_group("obs");
        obs.set_attr("_index", AttrValue::String("_index".into()));
        obs.create_dataset("_index").with_vlen_strings(&names);
        // So many different numbers are a measurement, not levels.
        obs.create_dataset("score").with_f64_data(&(0..entries).map(f64::from).collect::<Vec<_>>());
        builder.add_group(obs.finish());
        vec![file("study.h5ad", builder.finish().unwrap())]
    };
    refused(write(2500), &["study.h5ad: obs/score", "2000 rows"]);
    refused(write(2000), &["neither expression values nor principal components"]);
}

/// A column of texts whose references all point to the first, long one.
#[test]
fn texts_that_many_cells_share_do_not_multiply() {
    const CELLS: usize = 4000;
    let long = "x".repeat(1 << 18);
    let names: Vec<String> = (0..CELLS).map(|cell| format!("c{cell}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts: Vec<&str> = std::iter::once(long.as_str()).chain(std::iter::repeat_n("y", CELLS - 1)).collect();
    let mut builder = FileBuilder::new();
    let mut obs = builder.create_group("obs");
    obs.set_attr("_index", AttrValue::String("_index".into()));
    obs.create_dataset("_index").with_vlen_strings(&names);
    obs.create_dataset("day").with_vlen_strings(&texts);
    builder.add_group(obs.finish());
    let mut bytes = builder.finish().unwrap();
    // A reference is the length, where it is and which it is there: 16 bytes.
    let length = (long.len() as u32).to_le_bytes();
    let at = bytes.windows(20).position(|window| window[..4] == length && window[16..] == [1, 0, 0, 0]).unwrap();
    let reference = bytes[at..at + 16].to_vec();
    (1..CELLS).for_each(|cell| bytes[at + 16 * cell..][..16].copy_from_slice(&reference));
    refused(vec![file("study.h5ad", bytes)], &["study.h5ad: obs/day", "limit"]);
}

/// What a checkpoint's program may not do, it does not.
#[test]
fn programs_in_checkpoints_are_never_carried_out() {
    let check = |pickle: &[u8], says: &str| {
        let bytes = zip(&[("model/data.pkl", pickle)]);
        explained(&AnyWeights::read("w.pt", &bytes).unwrap_err(), &["w.pt", says]);
    };
    check(b"cos\nsystem\n(S'rm -rf ~'\ntR.", "os.system");
    check(b"\x80\x02cposix\nsystem\nq\x00X\x02\x00\x00\x00id\x85R.", "posix.system");
    check(b"\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.", "builtins.eval");
    check(b"\x80\x02c__builtin__\nexec\nX\x01\x00\x00\x00x\x85R.", "__builtin__.exec");
    check(b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n.", "numpy.core.multiarray._reconstruct");
    // INST, OBJ, NEWOBJ, NEWOBJ_EX, PERSID, EXT1, and protocol 0's texts.
    for operation in [
        &b"(icos\nsystem\n."[..],
        b"(cos\nsystem\no.",
        b"\x80\x02)\x81.",
        b"\x80\x04)}\x92.",
        b"Pid\n.",
        b"\x82\x01.",
        b"S'x'\n.",
    ] {
        check(operation, "");
    }
    // BUILD and REDUCE on what is known.
    check(b"\x80\x02ccollections\nOrderedDict\n(K\x01K\x02tR.", "");
    check(b"\x80\x02}K\x01R.", "");
    check(b"\x80\x02ctorch\nFloatStorage\n)R.", "");
}

/// A dictionary of `count` tensors that share one storage of `length` numbers and one name of `sides` sizes.
fn shared(count: usize, length: u32, sides: usize) -> Vec<u8> {
    let mut pickle = b"\x80\x02}(".to_vec();
    let mut put = |bytes: &[u8]| pickle.extend(bytes);
    let text = |text: &str| [b"X".as_slice(), &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
    for tensor in 0..count {
        put(&text(&format!("t{tensor}")));
        if tensor == 0 {
            put(b"ctorch._utils\n_rebuild_tensor_v2\nq\x00(");
            put(b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuJ");
            put(&length.to_le_bytes());
            put(b"tQq\x01K\x00(J");
            put(&length.to_le_bytes());
            (1..sides).for_each(|_| put(b"K\x01"));
            put(b"tq\x02(");
            (0..sides).for_each(|_| put(b"K\x01"));
            put(b"tq\x03tR");
        } else {
            put(b"h\x00(h\x01K\x00h\x02h\x03tR");
        }
    }
    put(b"u.");
    let storage = vec![0; 4 * length as usize];
    zip(&[("model/data.pkl", &pickle), ("model/data/0", &storage)])
}

#[test]
fn numbers_that_many_tensors_share_do_not_multiply() {
    let refused = |bytes: &[u8], says: &str| explained(&AnyWeights::read("w.pt", bytes).unwrap_err(), &["w.pt", says]);
    refused(&shared(2000, 1 << 16, 1), "share their numbers");
    refused(&shared(1000, 4, 1000), "damaged");
    // Without excess it is a model with other names than ours.
    refused(&shared(2, 4, 1), "published checkpoints");
}

#[test]
fn values_that_are_no_numbers_are_located() {
    for value in ["NaN", "inf", "-inf", "1e39"] {
        let mut cells = CELLS;
        cells[3].3 = value;
        refused(vec![file("study.csv", table(&cells))], &["study.csv", "“C” in row 3, column 2"]);
    }
    let cells = |value: f32| singles("4, 2", [1.0, 2.0, 3.0, value, 5.0, 6.0, 7.0, 8.0]);
    let times = npy("|u1", "4,", &[0, 0, 1, 1]);
    for value in [f32::NAN, f32::INFINITY] {
        let arrays = zip(&[("X.npy", &cells(value)), ("t.npy", &times)]);
        refused(vec![file("study.npz", arrays)], &["study.npz: X", "row 1, column 1"]);
    }
    for odd in ["inf", "nan", "1e400", "-0.5"] {
        let times = singles("4,", [0.0, 0.0, 1.0, odd.parse().unwrap()]);
        refused(vec![file("study.npz", zip(&[("X.npy", &cells(1.0)), ("t.npy", &times)]))], &["study.npz: t"]);
    }
}

#[test]
fn few_cells_are_enough_or_too_few() {
    refused(vec![file("study.csv", table(&CELLS[..1]))], &["study.csv", "only one time point"]);
    let at_once = CELLS.map(|(cell, _, kind, value)| (cell, "3", kind, value));
    refused(vec![file("study.csv", table(&at_once))], &["only one time point", "“3”"]);
    refused(vec![file("study.csv", table(&[]))], &["study.csv", "no row below its header"]);
    let one_type = CELLS.map(|(cell, day, _, value)| (cell, day, "x", value));
    let found = dataset(vec![file("study.csv", table(&one_type))]).unwrap();
    assert_eq!((found.types.len(), found.types[0].cells), (1, 6));
    // Two cells at two times span no plane.
    refused(vec![file("study.csv", table(&[CELLS[0], CELLS[2]]))], &["study", "2 principal components of 2 cells"]);
    let one = zip(&[("X.npy", &singles("1, 2", [1.0, 2.0])), ("t.npy", &npy("|u1", "1,", &[0]))]);
    refused(vec![file("one.npz", one)], &["one.npz", "1 time point"]);
    let none = zip(&[("X.npy", &singles("0, 2", [])), ("t.npy", &npy("|u1", "0,", &[]))]);
    refused(vec![file("none.npz", none)], &["none.npz"]);
}

#[test]
fn cells_may_share_a_name() {
    let same = CELLS.map(|(_, day, kind, value)| ("same", day, kind, value));
    assert_eq!(dataset(vec![file("study.csv", table(&same))]).unwrap().states.rows, 6);
}

#[test]
fn ten_thousand_types_are_too_many() {
    let rows: Vec<(String, String)> = (0..10_000).map(|cell| (format!("c{cell}"), format!("type {cell}"))).collect();
    let rows: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(cell, (name, kind))| (name.as_str(), ["0", "1"][cell % 2], kind.as_str(), "1"))
        .collect();
    let text = table(&rows);
    let found = dataset(vec![file("study.csv", text.as_str())]).unwrap();
    assert_eq!(found.types.len(), 1, "such a column is not proposed");
    let chosen = |mapping: &mut Mapping| mapping.cell_type = Some("cell_type".into());
    let error = dataset_by(vec![file("study.csv", text.as_str())], chosen).unwrap_err();
    explained(&error, &["“cell_type” has 10000 different values", "coarser"]);

    let manifest = serde_json::json!({ "format": "scimf-bundle", "version": 1, "time_points": ["0", "1"],
        "cell_types": (0..10_000).map(|kind| format!("type {kind}")).collect::<Vec<_>>() });
    let whole = |kinds: &[u8]| {
        zip(&[
            ("manifest.json", manifest.to_string().as_bytes()),
            ("states.npy", &singles("4, 2", (0..8u8).map(f32::from))),
            ("times.npy", &npy("|u1", "4,", &[0, 0, 1, 1])),
            ("cell_types.npy", &npy("|u1", "4,", kinds)),
        ])
    };
    refused(vec![file("study.zip", whole(&[0, 1, 2, 3]))], &["study.zip", "10000 cell types", "coarser"]);
}

#[test]
fn columns_without_values_are_left_out() {
    let text = "cell,day,empty,A,B,C\na,0,,1,2,4\nb,0,,3,1,5\nc,1,,2,2,9\nd,1,,7,0,1\n";
    let found = dataset(vec![file("study.csv", text)]).unwrap();
    assert!(found.notes.iter().any(|note| note.contains("“empty”")), "{:?}", found.notes);
    refused(vec![file("study.csv", "cell,day,A\na,,1\nb,,2\n")], &["study.csv"]);
    refused(vec![file("study.csv", ",,,,\n,,,,\n")], &["study.csv"]);
}

#[test]
fn times_are_put_in_order_whatever_their_order_in_the_file() {
    let days = ["10", "-2", "3.5", "-2", "3.5", "10"];
    let mut cells = CELLS;
    cells.iter_mut().zip(days).for_each(|(cell, day)| cell.1 = day);
    let found = dataset(vec![file("study.csv", table(&cells))]).unwrap();
    let labels: Vec<_> = found.time_points.iter().map(|time| (time.label.as_str(), time.value)).collect();
    assert_eq!(labels, [("day -2", Some(-2.0)), ("day 3.5", Some(3.5)), ("day 10", Some(10.0))]);
    assert_eq!(found.times, [2, 0, 1, 0, 1, 2]);
    // A number of four hundred digits is none.
    let long = "9".repeat(400);
    let cells = CELLS.map(|(cell, day, kind, value)| (cell, if day == "0" { long.as_str() } else { day }, kind, value));
    if let Ok(found) = dataset(vec![file("study.csv", table(&cells))]) {
        assert!(found.time_points.iter().all(|time| time.value.is_none_or(f64::is_finite)));
    }
}

#[test]
fn texts_that_are_not_utf8_are_read_or_refused() {
    let mut bytes = table(&CELLS).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'x').unwrap();
    bytes[at] = 0xff;
    let found = dataset(vec![file("study.csv", bytes)]).unwrap();
    assert!(found.types.iter().any(|kind| kind.name == "\u{fffd}"), "{:?}", found.types);
    let utf16: Vec<u8> = table(&CELLS).encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(vec![file("study.csv", [&b"\xff\xfe"[..], &utf16].concat())], &["study.csv", "not a text table in UTF-8"]);
    refused(vec![file("study.csv", utf16)], &["study.csv", "not a text table in UTF-8"]);
    let broken = zip(&[("manifest.json", b"{\"format\": \"\xff\xfe\"}")]);
    refused(vec![file("study.zip", broken)], &["study.zip: manifest.json"]);
}

/// What a page writes must not be a way in: a manifest nests, repeats or exaggerates.
#[test]
fn manifests_do_not_exhaust_the_reader() {
    let check = |manifest: &str, says: &[&str]| {
        let states = singles("2, 2", [1.0, 2.0, 3.0, 4.0]);
        let times = npy("|u1", "2,", &[0, 1]);
        let entries = [("manifest.json", manifest.as_bytes()), ("states.npy", &states[..]), ("times.npy", &times[..])];
        refused(vec![file("study.zip", zip(&entries))], &[&["study.zip"], says].concat());
    };
    let with = |rest: &str| format!(r#"{{"format":"scimf-bundle","version":1,"time_points":["0","1"],{rest}}}"#);
    let nested = [r#"{"format":"scimf-bundle","version":1,"time_points":"#, &"[".repeat(100_000), "]}"].concat();
    check(&nested, &["recursion limit"]);
    check(&with(r#""planted_interactions":[[1,2],[3]]"#), &["manifest.json"]);
    check(&with(r#""planted_interactions":[[1e60]]"#), &[]);
    check(&with(r#""held_out":[18446744073709551615]"#), &["cannot be held out"]);
    check(&with(r#""held_out":[-1]"#), &["manifest.json"]);
    check(&with(r#""columns":[{"name":"a","levels":[]}]"#), &["columns.npy"]);
    check(&with(r#""measured":{"genes":["a"],"unit":"u"}"#), &["measured_starts.npy"]);
    check(&with(r#""version":2"#), &["duplicate field"]);
    check("[]", &["manifest.json"]);
    check("", &["manifest.json"]);
}

#[test]
fn names_from_files_stay_texts_and_errors_stay_short() {
    let gene = "<script>alert(1)</script>";
    let text = table(&CELLS).replace(",C\n", &format!(",{gene}\n"));
    assert_eq!(dataset(vec![file("study.csv", text)]).unwrap().measured.unwrap().genes[2], gene);
    let long = "y".repeat(1 << 20);
    let mut cells = CELLS;
    cells[5].3 = &long;
    refused(vec![file("study.csv", table(&cells))], &["is not a number"]);
    let many: String = (0..20_000).map(|column| format!(",label {column}")).collect();
    let values = ",x".repeat(20_000);
    refused(vec![file("study.csv", format!("cell{many},A\nc{values},1\nd{values},2\n"))], &["19960 more"]);
}

#[test]
fn tables_that_unpack_without_bound_are_refused() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(b"cell,day,A\n").unwrap();
    let rows = b"x,1,0\n".repeat(1 << 20);
    (0..8).for_each(|_| gzip.write_all(&rows).unwrap());
    refused(vec![file("study.csv.gz", gzip.finish().unwrap())], &["study.csv.gz", "256 times its size"]);
}

#[test]
fn a_bundle_without_excess_is_read() {
    let found = dataset(vec![file("study.csv", table(&CELLS))]).unwrap();
    let bytes = bundle::write(&found, &[], Some("{}")).unwrap();
    assert_eq!(dataset(vec![file("study.zip", bytes)]).unwrap().states, found.states);
}

//! Files that were right once, with bytes turned, cut out, doubled or put elsewhere: they open or say what is wrong, where and what to do.
use crate::potentials::quick;
use crate::support;
use crate::support::user::with_line;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use scimf::data::open::{Opened, open};
use scimf::data::weights::progress;
use scimf::data::{Dataset, known_signs};
use scimf::error::{Kind, Result};
use scimf::models::AnyWeights;
use scimf::protocol::{Command, File, Message, ModelKind, Request};
use std::cell::Cell;
use std::path::Path;

/// What happens to a file. Places and lengths are shares of it.
#[derive(Clone, Debug)]
enum Harm {
    Turn(f64, u8),
    Set(f64, u8),
    Number(f64, u64),
    Cut(f64),
    Remove(f64, usize),
    Double(f64, usize),
    Move(f64, f64, usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let (place, length) = (0.0..1.0f64, 1..64usize);
    prop_oneof![
        4 => (place.clone(), 0..8u8).prop_map(|(at, bit)| Harm::Turn(at, 1 << bit)),
        4 => (place.clone(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        2 => (place.clone(), prop_oneof![Just(u64::MAX), Just(0), Just(1 << 31), Just(1 << 40), any::<u64>()])
            .prop_map(|(at, number)| Harm::Number(at, number)),
        1 => place.clone().prop_map(Harm::Cut),
        1 => (place.clone(), length.clone()).prop_map(|(at, length)| Harm::Remove(at, length)),
        1 => (place.clone(), length.clone()).prop_map(|(at, length)| Harm::Double(at, length)),
        2 => (place.clone(), place, length).prop_map(|(from, to, length)| Harm::Move(from, to, length)),
    ]
}

fn harmed(bytes: &[u8], harms: &[Harm]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for harm in harms {
        let length = bytes.len();
        if length < 16 {
            break;
        }
        let at = |share: f64| (share * (length - 8) as f64) as usize;
        let span = |share: f64, wanted: usize| at(share)..(at(share) + wanted).min(length);
        match *harm {
            Harm::Turn(share, bits) => bytes[at(share)] ^= bits,
            Harm::Set(share, byte) => bytes[at(share)] = byte,
            Harm::Number(share, number) => bytes[at(share)..at(share) + 8].copy_from_slice(&number.to_le_bytes()),
            Harm::Cut(share) => bytes.truncate(at(share)),
            Harm::Remove(share, wanted) => drop(bytes.drain(span(share, wanted))),
            Harm::Double(share, wanted) => {
                let part = bytes[span(share, wanted)].to_vec();
                bytes.splice(at(share)..at(share), part);
            }
            Harm::Move(from, to, wanted) => {
                let part = bytes[span(from, wanted)].to_vec();
                let end = (at(to) + part.len()).min(length);
                bytes[at(to)..end].copy_from_slice(&part[..end - at(to)]);
            }
        }
    }
    bytes
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// Does `read` to a file harmed in so many ways. It must not panic, and an error must say what is wrong, where and what to do.
#[track_caller]
fn check<T>(bytes: &[u8], ways: u32, read: impl Fn(Vec<u8>) -> Result<T>) {
    let config = Config {
        cases: ways,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(bytes.len() as u64),
        max_shrink_iters: 200,
        ..Config::default()
    };
    let refused = Cell::new(0);
    TestRunner::new(config)
        .run(&proptest::collection::vec(harm(), 1..8), |harms| {
            if let Err(error) = read(harmed(bytes, &harms)) {
                refused.set(refused.get() + 1);
                prop_assert!(!error.what.is_empty(), "what is wrong?");
                prop_assert!(error.kind == Kind::Request || !error.place.is_empty(), "where? {error}");
                prop_assert!(!error.remedy.is_empty(), "what to do? {error}");
                prop_assert!(error.kind != Kind::Internal, "{error}");
            }
            Ok(())
        })
        .unwrap();
    assert!(refused.get() > 0, "nothing was harmed");
}

fn attempt(name: &str, bytes: Vec<u8>) -> Result<()> {
    attempt_all(vec![File { name: name.into(), bytes: bytes.into() }])
}

/// Opens files as the engine does.
fn attempt_all(files: Vec<File>) -> Result<()> {
    let whole = |dataset: Dataset| {
        assert_eq!((dataset.times.len(), dataset.cell_types.len()), (dataset.states.rows, dataset.states.rows));
        assert!(dataset.states.values.iter().all(|value| value.is_finite()));
        dataset.summary();
        dataset.cells();
    };
    match open(files)? {
        Opened::Dataset { dataset, .. } => whole(dataset),
        Opened::Study(study) => {
            let unprepared = study.apply(&study.propose()?)?;
            if unprepared.counts.is_none() {
                whole(unprepared.dataset.checked().map_err(|error| error.at("study").or_remedy("repair it"))?);
            }
        }
    }
    Ok(())
}

#[test]
fn anndata_files() {
    for (name, ways) in
        [("raw", 800), ("only_umap", 800), ("gzip_csr", 150), ("legacy_0_7", 150), ("nullable_strings", 150)]
    {
        check(&fixture(&format!("h5ad/{name}.h5ad")), ways, |bytes| attempt("study.h5ad", bytes));
    }
}

#[test]
fn files_of_old_and_other_programs() {
    check(&fixture("cases/anndata-0.6/old.h5ad"), 300, |bytes| attempt("study.h5ad", bytes));
    check(&fixture("cases/containers/study.loom"), 100, |bytes| attempt("study.loom", bytes));
    for name in ["cases/containers/study.zarr.zip", "study_v3.zarr.zip"] {
        check(&fixture(name), 150, |bytes| attempt("study.zarr.zip", bytes));
    }
}

#[test]
fn files_of_several_time_points() {
    let header = "cell,A,B,C,D,E,F,G,H,I\n";
    let rows = |of: char| (0..6).map(|cell| format!("{of}{cell},1,2,0,4,{cell},0,3,0,5\n")).collect::<String>();
    let [first, second] = ['x', 'y'].map(|of| format!("{header}{}", rows(of)).into_bytes());
    check(&first, 1000, |bytes| {
        let file = |name: &str, bytes: Vec<u8>| File { name: name.into(), bytes: bytes.into() };
        attempt_all(vec![file("day0.csv", bytes), file("day2.csv", second.clone())])
    });
}

#[test]
fn files_of_10x() {
    for name in ["v2", "v3"] {
        check(&fixture(&format!("tenx/{name}.h5")), 800, |bytes| attempt("study.h5", bytes));
    }
    let names = ["matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"];
    let files = names.map(|name| File { name: name.into(), bytes: fixture(&format!("tenx/{name}")).into() });
    for (at, file) in files.iter().enumerate() {
        check(&file.bytes, 100, |bytes| {
            let mut files = files.to_vec();
            files[at].bytes = bytes.into();
            attempt_all(files)
        });
    }
}

#[test]
fn archives() {
    check(&fixture("bundle_python.zip"), 3000, |bytes| attempt("study.zip", bytes));
    check(&fixture("arrays_python.npz"), 3000, |bytes| attempt("study.npz", bytes));
}

#[test]
fn tables() {
    let table = b"id,day,type,Actb,Gata4\nx,1,a,1.5,0\ny,2,b,0,2e3\nz,2,a,3,-1\n".repeat(4);
    check(&table, 3000, |bytes| attempt("study.csv", bytes));
    let signs = b"AATF\tBAX\tRepression\t22909821\nABL1\tBAX\tActivation\t11753601\n";
    check(signs, 3000, |bytes| known_signs::read("signs.tsv", &bytes));
}

#[test]
fn weights_of_every_kind() {
    check(&fixture("scimf_d10_initial.safetensors"), 300, |bytes| AnyWeights::read("w.safetensors", &bytes));
    check(&fixture("scimf_d50_checkpoint.pt"), 200, |bytes| AnyWeights::read("w.pt", &bytes));
    for kind in
        ModelKind::ALL.into_iter().filter(|kind| !ModelKind::BEFORE_CARDS.contains(kind) && !kind.card().can.genes)
    {
        let mut user = with_line();
        user.works(Command::Train { recipe: quick(kind).with_steps(1) });
        let bytes = support::file(&user.says(Command::SaveWeights { model: kind }));
        check(&bytes, 200, |bytes| AnyWeights::read("w.safetensors", &bytes));
    }
    check(&fixture("scimf_d10_initial.safetensors"), 20, |bytes| progress::read("t.safetensors", &bytes));
}

/// Messages are read by the same derived code from JSON here and from JavaScript's values in the page.
#[test]
fn messages() {
    let request = br#"{"id":1,"command":{"Simulate":{"model":"CellMnn","space":{"Components":[0,1]},"cells":5,"until":1.5,"noise":0.5,
        "start":{"time":0,"types":[0],"cells":[0,0,0,0],"alone":false},"genes":[1]}}}"#;
    let config = Config { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..Config::default() };
    TestRunner::new(config)
        .run(&proptest::collection::vec(harm(), 0..4), |harms| {
            let bytes = harmed(request, &harms);
            serde_json::from_slice::<Request>(&bytes).ok();
            serde_json::from_slice::<Message>(&bytes).ok();
            Ok(())
        })
        .unwrap();
    serde_json::from_slice::<Request>(request).unwrap();
}

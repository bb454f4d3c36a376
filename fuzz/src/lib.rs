//! What all fuzz targets share: how much memory an input may ask for, and the containers around what is fuzzed.

pub mod build;
pub mod meter;
pub mod patched;

use scimf::data::open::{Opened, open};
use scimf::data::unprepared::Unprepared;
use scimf::error::{Error, Kind};
use scimf::preprocess::Preparing;
use scimf::protocol::File;

/// A file under a name.
pub fn file(name: &str, bytes: &[u8]) -> File {
    File { name: name.into(), bytes: bytes.to_vec().into() }
}

/// An error must say what is wrong, where and what to do. A request has its place in what is asked for.
pub fn explained(error: &Error) {
    assert!(!error.what.trim().is_empty(), "an error without a reason");
    assert!(error.kind == Kind::Request || !error.place.is_empty(), "where? {error}");
    assert!(!error.remedy.is_empty(), "what to do? {error}");
    assert!(error.kind != Kind::Internal, "a fault of the program: {error}");
}

/// Opens files as the engine does: reads them, proposes a mapping and applies it.
pub fn attempt(files: Vec<File>) {
    let result = open(files).and_then(|opened| match opened {
        Opened::Dataset { dataset, .. } => {
            assert_eq!(dataset.times.len(), dataset.states.rows);
            Ok(())
        }
        Opened::Study(study) => {
            let mapping = study.propose()?;
            let unprepared = study.apply(&mapping)?;
            // Principal components are for the target `mapping`.
            if unprepared.counts.is_none() {
                Preparing::new(Unprepared { umap: None, ..unprepared })?.advance()?;
            }
            Ok(())
        }
    });
    if let Err(error) = result {
        explained(&error);
    }
}

//! Opening what a user dropped.

use crate::data::archive::Archive;
use crate::data::study::{KNOWN, Part, Study, Watch, in_memory};
use crate::data::{Dataset, bundle, npz, tar, zarr};
use crate::protocol::File;
use crate::{Error, Result};

/// What a user's files turned out to be.
#[expect(clippy::large_enum_variant, reason = "there is one of them, for a moment")]
pub enum Opened {
    /// A dataset that needs no mapping, perhaps with weights.
    Dataset {
        /// The dataset.
        dataset: Dataset,
        /// The weights beside it, of one model of each kind at most: name of the entry and the file.
        weights: Vec<(String, Vec<u8>)>,
        /// What a page showed when it wrote the file.
        view: Option<String>,
    },
    /// A study that needs a mapping.
    Study(Study),
}

/// What to do where nothing more particular is known.
const WRITE_AGAIN: &str =
    "The file is damaged or was written in another way than docs/FILES.md describes; write it again.";

/// Opens files by their names: one file, or several that belong together.
///
/// ```
/// use scimf::data::open::{Opened, open};
/// use scimf::protocol::File;
///
/// let table = "cell,day,Actb,Sox2\na,0,5,0\nb,0,4,1\nc,2,1,6\nd,2,0,7\n";
/// let file = File { name: "study.csv".into(), bytes: table.as_bytes().to_vec().into() };
/// let Opened::Study(study) = open(vec![file])? else { panic!("a table needs a mapping") };
/// let mapping = study.propose()?;
/// assert_eq!((mapping.time.as_str(), mapping.time_order.join(", ").as_str()), ("day", "0, 2"));
/// # scimf::Result::Ok(())
/// ```
///
/// # Errors
///
/// If they are of no kind that is known, or damaged; names the file.
pub fn open(files: Vec<File>) -> Result<Opened> {
    open_watched(files, &mut |_, _| {})
}

/// As [`open()`]; of files that are one study `watch` is told which is being read, and which share of all is done.
///
/// # Errors
///
/// As [`open()`].
pub fn open_watched(files: Vec<File>, watch: &mut dyn FnMut(&str, f32)) -> Result<Opened> {
    open_any(files, watch).map_err(|error| error.or_remedy(WRITE_AGAIN))
}

fn open_any(files: Vec<File>, watch: Watch<'_>) -> Result<Opened> {
    let files = files.into_iter().map(in_memory).collect::<Result<Vec<_>>>()?;
    if let [file] = files.as_slice() {
        let (stem, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
        match extension.to_ascii_lowercase().as_str() {
            "zip" => return zip(file, stem, watch).map_err(|error| error.at(&file.name)),
            "npz" => {
                let dataset = npz::read(&file.bytes).map_err(|error| error.at(&file.name))?;
                return Ok(Opened::Dataset {
                    dataset: Dataset { name: stem.into(), ..dataset },
                    weights: Vec::new(),
                    view: None,
                });
            }
            _ => {}
        }
        if let Some(files) = tar::files(file).map_err(|error| error.at(&file.name))? {
            return Study::open_watched(files, watch).map(|study| Opened::Study(study.named(&file.name)));
        }
    }
    if files.iter().any(|file| zarr::is_part(&file.name)) {
        return zarr_store(files).map(Opened::Study);
    }
    Study::open_watched(files, watch).map(Opened::Study)
}

/// The zarr store among files.
fn zarr_store(files: Vec<File>) -> Result<Study> {
    let Some((file, notes)) = zarr::anndata(files)? else { return Study::open(Vec::new()) };
    Study::open(vec![file]).map(|study| study.noting(notes))
}

/// A bundle, or the files of a study.
fn zip(file: &File, stem: &str, watch: Watch<'_>) -> Result<Opened> {
    let mut archive = Archive::open(&file.bytes)?;
    let names = archive.names();
    let is_part = |name: &&String| {
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        !name.starts_with("__MACOSX/") && !last.starts_with('.') && Part::of(last).is_some()
    };
    let parts: Vec<&String> = names.iter().filter(is_part).collect();
    if names.iter().any(|name| name == "manifest.json") {
        let bundle = bundle::read(&file.bytes)?;
        let mut dataset = bundle.dataset;
        if dataset.name.is_empty() {
            dataset.name = stem.into();
        }
        return Ok(Opened::Dataset { dataset, weights: bundle.weights, view: bundle.view });
    }
    if parts.is_empty() && names.iter().any(|name| zarr::is_part(name)) {
        let mut files = Vec::new();
        for name in names.iter().filter(|name| !name.ends_with('/')) {
            files.push(File { name: name.clone(), bytes: archive.read(name)?.unwrap_or_default().into() });
        }
        return zarr_store(files).map(|study| Opened::Study(study.named(&file.name)));
    }
    if parts.is_empty() {
        let what = "this zip archive holds neither a dataset bundle (it has no manifest.json) nor the files of a study";
        return Err(Error::input(what).remedy(KNOWN));
    }
    let mut files = Vec::new();
    for name in parts {
        files.push(File { name: name.clone(), bytes: archive.read(name)?.unwrap_or_default().into() });
    }
    Study::open_watched(files, watch).map(|study| Opened::Study(study.named(&file.name)))
}

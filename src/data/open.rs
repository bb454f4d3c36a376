//! Opening what a user dropped.

use crate::data::bundle;
use crate::data::study::Study;
use crate::data::{Dataset, weights};
use crate::protocol::File;
use crate::{Error, Result};

/// What a user's files turned out to be.
#[expect(clippy::large_enum_variant, reason = "there is one of them, for a moment")]
pub enum Opened {
    /// A dataset that needs no mapping, perhaps with weights.
    Dataset {
        /// The dataset.
        dataset: Dataset,
        /// The weights beside it.
        weights: Option<weights::Weights>,
    },
    /// A study that needs a mapping.
    Study(Study),
}

/// Opens files by their names: one file, or several that belong together.
///
/// # Errors
///
/// If they are of no kind that is known, or damaged; names the file.
pub fn open(files: Vec<File>) -> Result<Opened> {
    let [file] = files.as_slice() else { return Study::open(files).map(Opened::Study) };
    let extension = file.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("zip") => {
            let mut bundle = bundle::read(&file.bytes).map_err(|error| error.at(&file.name))?;
            if bundle.dataset.name.is_empty() {
                bundle.dataset.name = file.name[..file.name.len() - ".zip".len()].into();
            }
            let weights = bundle.weights.map(|bytes| weights::read("weights.safetensors", &bytes)).transpose();
            Ok(Opened::Dataset { dataset: bundle.dataset, weights: weights.map_err(|error| error.at(&file.name))? })
        }
        Some("h5ad") => Study::open(files).map(Opened::Study),
        _ => Err(Error::input("This kind of file is not known")
            .at(&file.name)
            .remedy("Open an AnnData file (.h5ad) or a dataset bundle (.zip).")),
    }
}

//! Reading HDF5, with errors that say what to do.

use crate::data::room;
use crate::{Error, Result};
use hdf5_pure::{AttrValue, DType, Dataset, File, FormatError, Group};

/// HDF5 filters that common writers use and this reader does not have, with the name people know.
const FOREIGN_FILTERS: [(u16, &str); 8] = [
    (4, "szip"),
    (307, "bzip2"),
    (32001, "blosc"),
    (32004, "lz4"),
    (32008, "bitshuffle"),
    (32013, "zfp"),
    (32015, "zstd"),
    (32026, "blosc2"),
];
/// No filter expands a byte of the file to more than about a thousand; what declares more is not data.
const MOST_EXPANSION: u64 = 1100;

/// An HDF5 file in memory.
pub(crate) struct Store {
    file: File,
    size: u64,
}

impl Store {
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self> {
        if !hdf5_pure::is_hdf5_bytes(&bytes) {
            return Err(Error::input("this is not an HDF5 file, so it is no .h5ad or .h5 file either").remedy(
                "Write one in Python with `anndata.AnnData(…).write_h5ad(\"study.h5ad\", compression=\"gzip\")`.",
            ));
        }
        let size = bytes.len() as u64;
        let file = File::from_bytes(bytes).map_err(|error| unreadable(&error))?;
        let expected = file.superblock().eof_address;
        if expected > size {
            return Err(Error::input(format!("the file is cut off: it should have {expected} bytes and has {size}"))
                .remedy("Copy or download it again."));
        }
        Ok(Self { file, size })
    }

    /// Bytes of the file.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// A group; none if there is nothing of this name or it is a dataset.
    pub(crate) fn group(&self, path: &str) -> Option<Group> {
        self.file.group(path).ok()
    }

    /// There is a dataset of this name.
    pub(crate) fn has_dataset(&self, path: &str) -> bool {
        self.file.dataset(path).is_ok()
    }

    /// Names of the groups and datasets in a group.
    pub(crate) fn children(&self, path: &str) -> Result<Vec<String>> {
        let Some(group) = self.group(path) else { return Ok(Vec::new()) };
        let mut names = group.groups().map_err(|error| unreadable(&error).at(path))?;
        names.extend(group.datasets().map_err(|error| unreadable(&error).at(path))?);
        Ok(names)
    }

    /// An attribute of a group or dataset.
    pub(crate) fn attribute(&self, path: &str, name: &str) -> Option<AttrValue> {
        let attributes = match self.group(path) {
            Some(group) => group.attrs().ok()?,
            None => self.file.dataset(path).ok()?.attrs().ok()?,
        };
        attributes.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Shape of a dataset; none if there is no such dataset.
    pub(crate) fn shape(&self, path: &str) -> Result<Option<Vec<usize>>> {
        if !self.has_dataset(path) {
            return Ok(None);
        }
        let shape = self.dataset(path)?.shape().map_err(|error| unreadable(&error).at(path))?;
        shape
            .into_iter()
            .map(|side| usize::try_from(side).map_err(|_| Error::input("the array is too large").at(path)))
            .collect::<Result<_>>()
            .map(Some)
    }

    /// What a dataset holds.
    pub(crate) fn kind(&self, path: &str) -> Result<DType> {
        self.dataset(path)?.dtype().map_err(|error| unreadable(&error).at(path))
    }

    pub(crate) fn numbers(&self, path: &str) -> Result<Vec<f64>> {
        self.reserved::<f64>(path)?.read_f64().map_err(|error| unreadable(&error).at(path))
    }

    pub(crate) fn singles(&self, path: &str) -> Result<Vec<f32>> {
        self.reserved::<f32>(path)?.read_f32().map_err(|error| unreadable(&error).at(path))
    }

    pub(crate) fn integers(&self, path: &str) -> Result<Vec<i64>> {
        self.reserved::<i64>(path)?.read_i64().map_err(|error| unreadable(&error).at(path))
    }

    pub(crate) fn strings(&self, path: &str) -> Result<Vec<String>> {
        self.dataset(path)?.read_string().map_err(|error| unreadable(&error).at(path))
    }

    /// A dataset that there is room for: for its bytes and for its elements as `T`, which are there together for a moment.
    fn reserved<T>(&self, path: &str) -> Result<Dataset> {
        let dataset = self.dataset(path)?;
        let elements: u64 = dataset.shape().map_err(|error| unreadable(&error).at(path))?.into_iter().product();
        let element = dataset.element_size().map_err(|error| unreadable(&error).at(path))?;
        // The sizes were found to be possible when the dataset was opened.
        room::reserve(elements.saturating_mul(element.saturating_add(size_of::<T>() as u64)))
            .map_err(|error| error.at(path))?;
        Ok(dataset)
    }

    /// A dataset whose filters can be undone and whose declared size is possible.
    fn dataset(&self, path: &str) -> Result<Dataset> {
        let dataset = self.file.dataset(path).map_err(|error| unreadable(&error).at(path))?;
        let filters = dataset.filters();
        if let Some((_, name)) = FOREIGN_FILTERS.iter().find(|(id, _)| filters.contains(id)) {
            return Err(foreign(name).at(path));
        }
        let elements = dataset.shape().map_err(|error| unreadable(&error).at(path))?;
        let element = dataset.element_size().map_err(|error| unreadable(&error).at(path))?;
        let bytes = elements.iter().try_fold(element, |product, side| product.checked_mul(*side));
        if bytes.is_none_or(|bytes| bytes > self.size.saturating_mul(MOST_EXPANSION)) {
            return Err(Error::input(format!(
                "the array declares a shape of {elements:?}, more than this file can hold"
            ))
            .remedy("The file is damaged; write it again.")
            .at(path));
        }
        Ok(dataset)
    }
}

/// The line of Python that makes a file readable.
const REWRITE: &str = "Write it again with gzip, in Python: `import anndata, hdf5plugin; \
    anndata.read_h5ad(\"in.h5ad\").write_h5ad(\"out.h5ad\", compression=\"gzip\")`.";

fn foreign(filter: &str) -> Error {
    Error::input(format!("the file is compressed with {filter}, which cannot be read here")).remedy(REWRITE)
}

fn unreadable(error: &hdf5_pure::Error) -> Error {
    match error {
        hdf5_pure::Error::Format(FormatError::UnsupportedFilter(id)) => foreign(&format!("HDF5 filter {id}")),
        hdf5_pure::Error::Format(FormatError::UnexpectedEof { .. }) => {
            Error::input("the file is damaged or cut off").remedy("Copy or download it again.")
        }
        other => Error::input(format!("this part of the HDF5 file cannot be read ({other})")).remedy(REWRITE),
    }
}

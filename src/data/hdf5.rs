//! Reading HDF5, with errors that say what to do.

mod blocks;
mod heap;
mod layout;
mod metered;
mod numbers;
mod pieces;
mod records;

use crate::data::room;
use crate::protocol::Content;
use crate::{Error, Result};
use hdf5_pure::{AttrValue, DType, Dataset, Datatype, File, FormatError, Group, VlenStringReadOptions};
use metered::{CIRCLES, Meter, Metered};
pub(crate) use numbers::number;
pub(crate) use pieces::place;
pub(crate) use records::Records;
use std::cell::Cell;

/// HDF5 filters that common writers use and this reader does not have, with the name people know.
const FOREIGN_FILTERS: [(u16, &str); 5] =
    [(4, "szip"), (307, "bzip2"), (32008, "bitshuffle"), (32013, "zfp"), (32026, "blosc2")];
/// An array may take so many times the file in memory, plus [`SLACK`]: compressed counts shrink to a hundredth at best.
pub(crate) const MOST_EXPANSION: u64 = 256;
/// Bytes that any array may take.
const SLACK: u64 = 64 << 20;
/// So many such arrays may be read while a file is opened or a mapping is applied: names can lead to the same array again and again.
const MOST_ARRAYS: u64 = 8;
/// Bytes in memory that a text takes besides its own.
const TEXT: u64 = 40;
/// Bound on decoded text, as a multiple of the file size: several cells may share a text.
const MOST_TEXT: u64 = 4;

/// Bytes by which HDF5 is known.
const SIGNATURE: usize = 8;

/// An HDF5 file, in memory or in slices.
pub(crate) struct Store {
    file: File,
    source: Metered,
    size: u64,
    /// Bytes of the file that are in memory.
    held: u64,
    meter: Meter,
    /// Bytes of arrays that may still be read.
    left: Cell<u64>,
}

impl Store {
    pub(crate) fn open(content: impl Into<Content>) -> Result<Self> {
        let content = content.into();
        let start = content.start(SIGNATURE).map_err(|why| moved(&why))?;
        if start != b"\x89HDF\r\n\x1a\n" {
            return Err(Error::input("this is not an HDF5 file, so it is no .h5ad or .h5 file either").remedy(
                "Write one in Python with `anndata.AnnData(…).write_h5ad(\"study.h5ad\", compression=\"gzip\")`.",
            ));
        }
        let (size, held) = (content.size(), content.len() as u64);
        let (source, meter) = Metered::new(content);
        let file = File::from_source(source.clone()).map_err(|error| unreadable(&error))?;
        let expected = file.superblock().eof_address;
        if expected > size {
            return Err(Error::input(format!("the file is cut off: it should have {expected} bytes and has {size}"))
                .remedy("Copy or download it again."));
        }
        let store = Self { file, source, size, held, meter, left: Cell::new(0) };
        store.renew();
        Ok(store)
    }

    /// Allows as much to be read again as at first.
    pub(crate) fn renew(&self) {
        self.meter.renew();
        self.left.set(self.most().saturating_mul(MOST_ARRAYS));
    }

    /// Bytes that one array may take in memory.
    fn most(&self) -> u64 {
        self.size.saturating_mul(MOST_EXPANSION).saturating_add(SLACK)
    }

    /// Bytes of the file that are in memory: all, or none.
    pub(crate) fn held(&self) -> u64 {
        self.held
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
        // What is passed over silently elsewhere must not be taken for a file that has less in it.
        if self.meter.is_empty() {
            return Err(damaged().at(path));
        }
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

    /// What a dataset holds, in full.
    pub(crate) fn datatype(&self, path: &str) -> Result<Datatype> {
        self.dataset(path)?.datatype().map_err(|error| unreadable(&error).at(path))
    }

    pub(crate) fn strings(&self, path: &str) -> Result<Vec<String>> {
        let dataset = self.array(path, TEXT)?;
        let most = usize::try_from(self.size.saturating_mul(MOST_TEXT)).unwrap_or(usize::MAX);
        let foreign = is_foreign(&dataset);
        let strings = match self.kind(path)? {
            DType::VariableLengthString if foreign => {
                let references = self.elements(path, &dataset)?;
                heap::texts(&self.source, &references, most).map_err(hdf5_pure::Error::Format)
            }
            DType::VariableLengthString => {
                dataset.read_vlen_strings(VlenStringReadOptions::new().with_max_payload_bytes(most))
            }
            _ if foreign => {
                let size = dataset.element_size().map_err(|error| unreadable(&error).at(path))? as usize;
                let bytes = self.elements(path, &dataset)?;
                let text = |bytes: &[u8]| {
                    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                    String::from_utf8_lossy(&bytes[..end]).trim_end().to_owned()
                };
                Ok(bytes.chunks_exact(size.max(1)).map(text).collect())
            }
            _ => dataset.read_string(),
        };
        strings.map_err(|error| unreadable(&error).at(path))
    }

    fn elements(&self, path: &str, dataset: &Dataset) -> Result<Vec<u8>> {
        let found = match is_foreign(dataset) {
            false => dataset.read_raw().map_err(pieces::Failure::from),
            true => dataset
                .element_size()
                .map_err(pieces::Failure::from)
                .and_then(|size| pieces::read(&self.source, dataset, size as usize)),
        };
        found.map_err(|failure| match failure {
            pieces::Failure::Library(error) => unreadable(&error).at(path),
            pieces::Failure::Here(error) => error.at(path),
        })
    }

    /// A dataset whose filters can be undone.
    fn dataset(&self, path: &str) -> Result<Dataset> {
        let dataset = self.file.dataset(path).map_err(|error| unreadable(&error).at(path))?;
        let filters = dataset.filters();
        if let Some((_, name)) = FOREIGN_FILTERS.iter().find(|(id, _)| filters.contains(id)) {
            return Err(foreign(name).at(path));
        }
        let shape = dataset.shape().map_err(|error| unreadable(&error).at(path))?;
        // Counts of rows and columns are believed before any of them is read, also where another side is 0.
        if shape.iter().any(|side| *side > self.most()) {
            return Err(too_large(&shape).at(path));
        }
        Ok(dataset)
    }

    /// A dataset to be read, whose elements take so many bytes each besides their own. Its declared size is possible.
    fn array(&self, path: &str, each: u64) -> Result<Dataset> {
        let dataset = self.dataset(path)?;
        // For its bytes and for its elements, which are there together for a moment.
        room::reserve(self.checked(path, &dataset, each)?).map_err(|error| error.at(path))?;
        Ok(dataset)
    }

    /// Bytes that a dataset takes whose elements take so many bytes each besides their own, if its declared size is possible.
    fn checked(&self, path: &str, dataset: &Dataset, each: u64) -> Result<u64> {
        let shape = dataset.shape().map_err(|error| unreadable(&error).at(path))?;
        let element = dataset.element_size().map_err(|error| unreadable(&error).at(path))?;
        let bytes = shape.iter().try_fold(element.saturating_add(each), |product, side| product.checked_mul(*side));
        let bytes = bytes.filter(|bytes| *bytes <= self.most()).ok_or_else(|| too_large(&shape).at(path))?;
        // A piece is unpacked as a whole, whatever of it lies in the array.
        if let Some(piece) = dataset.chunk_shape().map_err(|error| unreadable(&error).at(path))? {
            let bytes = piece.iter().try_fold(element, |product, side| product.checked_mul(*side));
            if bytes.is_none_or(|bytes| bytes > self.most()) {
                return Err(too_large(&piece).at(path));
            }
            // Neighbouring pieces are read together, into room of the size that the index declares. An index that cannot be listed cannot be read
            // either, as its reader says then.
            let pieces = dataset.chunks().unwrap_or_default();
            if pieces.iter().any(|piece| piece.storage_size > self.size) {
                return Err(Error::input("a piece of the array is declared larger than the file")
                    .remedy("The file is damaged; write it again.")
                    .at(path));
            }
        }
        self.left.set(self.left.get().checked_sub(bytes).ok_or_else(|| damaged().at(path))?);
        Ok(bytes)
    }
}

/// A filter of the dataset is undone here.
fn is_foreign(dataset: &Dataset) -> bool {
    dataset.filters().iter().any(|filter| pieces::KNOWN.contains(filter))
}

fn too_large(shape: &[u64]) -> Error {
    Error::input(format!("the array declares a shape of {shape:?}, more than this file can hold"))
        .remedy("The file is damaged; write it again.")
}

/// The file is not where it was.
fn moved(why: &str) -> Error {
    Error::input(format!("this file cannot be read ({why})")).remedy("If it was moved or changed, choose it again.")
}

fn damaged() -> Error {
    Error::input("the directory of this HDF5 file leads in circles").remedy("The file is damaged; write it again.")
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
        hdf5_pure::Error::Format(FormatError::Source(why)) if why == CIRCLES => damaged(),
        hdf5_pure::Error::Format(FormatError::Source(why)) => moved(why),
        other => Error::input(format!("this part of the HDF5 file cannot be read ({other})")).remedy(REWRITE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of an array that lie beside each other are read together, into room of the size that they declare.
    #[test]
    fn pieces_that_lie_about_their_size_are_found_out() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/h5ad/gzip_csr.h5ad");
        let mut bytes = std::fs::read(path).unwrap();
        let read = |bytes: &[u8]| Store::open(bytes.to_vec()).unwrap().integers("X/indices");
        assert!(read(&bytes).is_ok());
        // Leaves of indices with several pieces; the stored size of the first stands behind signature, kind, count and neighbours.
        let is_leaf = |at: &[u8]| at.starts_with(b"TREE\x01\x00") && at[6] > 1;
        let leaves: Vec<usize> = (0..bytes.len() - 28).filter(|at| is_leaf(&bytes[*at..])).collect();
        for leaf in leaves {
            bytes[leaf + 24..leaf + 28].copy_from_slice(&0x7fff_fff0_u32.to_le_bytes());
        }
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.contains("X/indices") && error.contains("declared larger than the file"), "{error}");
    }
}

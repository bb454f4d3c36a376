//! Which files belong together, by their names.

use super::{Study, Watch, joined, layouts, unknown};
use crate::data::hdf5::Store;
use crate::data::{anndata, delimited, gzip, loom, tenx};
use crate::protocol::formats::{Holds, PACKED, endings};
use crate::protocol::{Content, File};
use crate::{Error, Result};

/// What can be opened, for messages.
pub(crate) const KNOWN: &str = "Open an AnnData file (.h5ad), a 10x file (.h5) or folder (matrix.mtx, barcodes.tsv and features.tsv \
    together, or as .zip), a loom file, a table of cells x genes (.csv or .tsv, also .gz), arrays for a model (.npz), or a dataset bundle (.zip).";

/// What a file is, as its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// `.h5ad`, `.loom`, or a 10x `.h5`: the content tells.
    Hdf5,
    /// The counts of a 10x folder.
    Counts,
    /// The barcodes of a 10x folder.
    Barcodes,
    /// The features of a 10x folder.
    Features,
    /// A text table.
    Table,
}

impl Part {
    /// What a file of this name is; none if that is not known.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let plain = name.strip_suffix(PACKED).unwrap_or(&name);
        if endings(Holds::Hdf5).any(|ending| plain.ends_with(ending)) {
            return Some(Self::Hdf5);
        }
        if endings(Holds::Counts).any(|ending| plain.ends_with(ending)) {
            return Some(Self::Counts);
        }
        let stem = endings(Holds::Table).find_map(|ending| plain.strip_suffix(ending))?;
        Some(match stem {
            _ if stem.ends_with("barcodes") => Self::Barcodes,
            _ if stem.ends_with("features") || stem.ends_with("genes") || stem.ends_with("genes.names") => {
                Self::Features
            }
            _ => Self::Table,
        })
    }

    /// What a file is: HDF5 by its content, everything else by its name.
    fn of_file(file: &File) -> Option<Self> {
        // Of all files only HDF5 is read in slices.
        let sliced = matches!(file.bytes, Content::Slices(_));
        if sliced || is_hdf5(&file.bytes) { Some(Self::Hdf5) } else { Self::of(&file.name) }
    }
}

fn is_hdf5(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89HDF\r\n\x1a\n")
}

/// A file whose bytes are in memory, but for HDF5 that is read in slices.
///
/// # Errors
///
/// If the file cannot be read.
pub(crate) fn in_memory(file: File) -> Result<File> {
    let unreadable = |why: String| {
        Error::input(format!("this file cannot be read ({why})"))
            .remedy("If it was moved or changed, choose it again.")
            .at(&file.name)
    };
    if matches!(file.bytes, Content::Bytes(_)) || is_hdf5(&file.bytes.start(8).map_err(unreadable)?) {
        return Ok(file);
    }
    let bytes = file.bytes.clone().into_bytes().map_err(unreadable)?;
    Ok(File { bytes: bytes.into(), ..file })
}

/// A file that is packed as a whole, unpacked: HDF5 cannot be read as a stream.
fn unpacked(file: File) -> Result<File> {
    if !gzip::is_packed(&file.bytes) || !is_hdf5(&gzip::start(&file.bytes, 8)) {
        return Ok(file);
    }
    let bytes = gzip::unpack(&file.bytes).map_err(|error| error.at(&file.name))?;
    let shorter = file.name.len() - if file.name.to_lowercase().ends_with(".gz") { 3 } else { 0 };
    Ok(File { name: file.name[..shorter].into(), bytes: bytes.into() })
}

/// The name of a file without its folders and endings.
pub(super) fn stem(name: &str) -> &str {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let shorter = |name: &str, endings: &[&str]| -> usize {
        let cut = endings.iter().find(|ending| name.to_ascii_lowercase().ends_with(**ending));
        name.len() - cut.map_or(0, |ending| ending.len())
    };
    let name = &name[..shorter(name, &[PACKED, ".zip"])];
    let plain: Vec<&str> = [Holds::Hdf5, Holds::Counts, Holds::Table].into_iter().flat_map(endings).collect();
    &name[..shorter(name, &plain)]
}

/// Most names in a message.
const SHOWN: usize = 6;

impl Study {
    /// The study with more that the user should know.
    pub(crate) fn noting(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }
}

/// Opens files that belong together; `watch` is told how far it is where there are many.
pub(super) fn open(files: Vec<File>, watch: Watch<'_>) -> Result<Study> {
    let (mut hdf5, mut counts, mut barcodes, mut features, mut tables) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let file = unpacked(file)?;
        match Part::of_file(&file) {
            Some(Part::Hdf5) => hdf5.push(file),
            Some(Part::Counts) => counts.push(file),
            Some(Part::Barcodes) => barcodes.push(file),
            Some(Part::Features) => features.push(file),
            Some(Part::Table) => tables.push(file),
            None => return Err(unknown::refuse(&file)),
        }
    }
    if counts.is_empty() && hdf5.is_empty() && tables.is_empty() && barcodes.len() + features.len() == 1 {
        // A table whose name ends as that of a part of a folder does.
        let file = barcodes.first().or(features.first()).cloned();
        if let Some(Ok(study)) = file.as_ref().map(|file| named(file.name.clone(), delimited::study(file))) {
            return Ok(study);
        }
    } else if counts.is_empty() {
        if !(hdf5.is_empty() && tables.is_empty()) {
            tables.append(&mut barcodes);
            tables.append(&mut features);
        }
    } else {
        layouts::complete(&counts, &mut barcodes, &mut features, &mut tables)?;
    }
    let folder = (counts.len(), barcodes.len(), features.len());
    match (hdf5.len(), folder, tables.len()) {
        (1, (0, 0, 0), _) => {
            let file = hdf5.remove(0);
            named(file.name.clone(), from_hdf5(file, &tables))
        }
        (0, (1, 1, 1), _) => {
            let [counts, barcodes, features] = [&counts[0], &barcodes[0], &features[0]];
            match tenx::folder(counts, barcodes, features, &tables) {
                Ok(study) => Ok(study.named(&counts.name)),
                Err(error) if error.place.is_empty() => Err(error.at(&counts.name)),
                Err(error) => Err(error),
            }
        }
        (0, (0, 0, 0), 1) => named(tables[0].name.clone(), delimited::study(&tables[0])),
        (0, (0, 0, 0), 0) => Err(Error::request("No file was given").remedy(KNOWN)),
        (0, (0, 0, 0), _) => match joined::alike(tables) {
            (counts, others) if counts.len() > 1 && delimited::is_transposed(&counts[0]).unwrap_or(false) => {
                joined::turned(&counts, &others)
            }
            (counts, others) if counts.len() > 1 => joined::open(joined::single(counts), &others, watch),
            (counts, others) => {
                let tables = [counts, others].concat();
                layouts::counts_and_labels(&tables).or_else(|error| joined::turned(&tables, &[]).map_err(|_| error))
            }
        },
        (2.., (0, 0, 0), _) => joined::open(joined::single(hdf5), &tables, watch),
        (0, (2.., 1.., 1..), _) => joined::open(joined::folders(counts, barcodes, features)?, &tables, watch),
        (0, (0 | 1, 0 | 1, 0 | 1), _) => {
            let parts =
                [(&counts, "matrix.mtx"), (&barcodes, "barcodes.tsv"), (&features, "features.tsv (or genes.tsv)")];
            let missing: Vec<&str> =
                parts.iter().filter(|(files, _)| files.is_empty()).map(|(_, name)| *name).collect();
            let there = parts.iter().flat_map(|(files, _)| files.iter());
            Err(Error::input(format!("of a 10x folder there is no {}", missing.join(" and no ")))
                .at(names(there))
                .remedy("Drop matrix.mtx, barcodes.tsv and features.tsv together (also as .gz or in one .zip)."))
        }
        _ => {
            let all: Vec<&File> = hdf5.iter().chain(&counts).chain(&barcodes).chain(&features).chain(&tables).collect();
            Err(Error::input(format!("these {} files are of several studies or samples", all.len()))
                .at(names(all))
                .remedy(
                    "Put them into one file first: `cellranger aggr`, or `anndata.concat` in Python; then open that.",
                ))
        }
    }
}

fn named(name: String, study: Result<Study>) -> Result<Study> {
    match study {
        Ok(study) => Ok(study.named(&name)),
        Err(error) => Err(error.at(name)),
    }
}

/// The names of files, of many the first.
pub(super) fn names<'a>(files: impl IntoIterator<Item = &'a File>) -> String {
    let names: Vec<&str> = files.into_iter().map(|file| file.name.as_str()).collect();
    match names.len() {
        0..=SHOWN => names.join(", "),
        all => format!("{} and {} more", names[..SHOWN].join(", "), all - SHOWN),
    }
}

fn from_hdf5(file: File, tables: &[File]) -> Result<Study> {
    let store = Store::open(file.bytes)?;
    let name = file.name.to_ascii_lowercase();
    if loom::is_loom(&store) {
        return loom::open(&store, tables);
    }
    if store.group("mod").is_some() && !anndata::is_anndata(&store) {
        return Err(unknown::multimodal());
    }
    if name.ends_with(".h5seurat") {
        return Err(unknown::seurat());
    }
    if !name.ends_with(".h5ad") && !anndata::is_anndata(&store) {
        return tenx::hdf5(&store, tables);
    }
    anndata::open(store, tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        let check = |name: &str, part: Option<Part>| assert_eq!(Part::of(name), part, "{name}");
        check("study.H5AD", Some(Part::Hdf5));
        check("filtered_feature_bc_matrix.h5", Some(Part::Hdf5));
        check("GSM123_matrix.mtx.gz", Some(Part::Counts));
        check("GSM123_barcodes.tsv.gz", Some(Part::Barcodes));
        check("genes.tsv", Some(Part::Features));
        check("barcodes_and_days.csv", Some(Part::Table));
        check("cells_x_genes.genes.names.txt", Some(Part::Features));
        check("GSE1_study.h5ad.gz", Some(Part::Hdf5));
        check("counts.txt.gz", Some(Part::Table));
        check("counts.xlsx", None);
        check("counts.gz", None);
    }

    #[test]
    fn names_lose_their_endings() {
        let check = |name: &str, expected: &str| assert_eq!(stem(name), expected);
        check("Study.H5AD", "Study");
        check("klein.counts.csv.gz", "klein.counts");
        check("sample/matrix.mtx", "matrix");
        check("sample.zip", "sample");
        check("é.h5", "é");
        check("plain", "plain");
    }
}

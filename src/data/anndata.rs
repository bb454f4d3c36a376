//! AnnData files (`.h5ad`).
//!
//! The annotations are read at first, and each expression matrix once, to recognise its values; arrays are read again when a mapping
//! asks for them.

mod columns;
mod decoder;
mod expression;
mod old;
// Only simulated cells are written.
#[cfg(feature = "engine")]
pub(crate) mod write;

use crate::data::annotation::Annotation;
use crate::data::delimited;
use crate::data::expression::Expression;
use crate::data::hdf5::Store;
use crate::data::join::join;
use crate::data::kept::Kept;
use crate::data::mapping::{self, Guide, plain};
use crate::data::names;
use crate::data::room;
use crate::data::study::{Source, Study, matrix_summary};
use crate::data::{Decoder, Matrix};
use crate::protocol::{File, SpaceSummary};
use crate::{Error, Result};

const GUIDE: Guide = Guide {
    fallback: None,
    add_time: "Add one named “time” or “day” to obs, with one value per snapshot, and write the file again.",
};

/// An open AnnData file.
pub(crate) struct AnnData {
    store: Store,
}

/// The HDF5 file is an AnnData file, of any age.
pub(crate) fn is_anndata(store: &Store) -> bool {
    store.group("obs").is_some() || store.has_dataset("obs")
}

/// Reads the annotations and recognises the matrices.
///
/// # Errors
///
/// If the file has no `obs`, or is compressed in a way that cannot be undone. A damaged matrix is one only if
/// there is nothing else that a model could work in; else the user is told in a note.
pub(crate) fn open(store: Store, tables: &[File]) -> Result<Study> {
    if store.group("obs").is_none() && !store.has_records("obs") {
        return Err(Error::input("this HDF5 file has no table obs, so it is not an AnnData file")
            .remedy("Read it with the program that wrote it and save it with `AnnData.write_h5ad`."));
    }
    let cells = columns::rows(&store, "obs")?;
    let genes = match store.group("var").is_some() || store.has_records("var") {
        true => columns::rows(&store, "var")?,
        false => store.shape("X")?.and_then(|shape| shape.get(1).copied()).unwrap_or(0),
    };
    let mut notes = Vec::new();
    let mut annotations = Vec::new();
    for column in columns::names(&store, "obs")? {
        match columns::read(&store, "obs", &column, cells)? {
            Some(annotation) => annotations.push((column, annotation)),
            None => notes.push(format!("The column “{column}” is of a kind that cannot be shown and was left out.")),
        }
    }
    if !tables.is_empty() {
        let cells = columns::index(&store, "obs")?;
        for table in tables {
            let labels = delimited::labels(table).and_then(|labels| join(labels, &cells, &table.name, &mut notes));
            for (name, annotation) in labels.map_err(|error| error.at(&table.name))? {
                match annotations.iter_mut().find(|(known, _)| *known == name) {
                    // What is dropped beside a file is meant.
                    Some((_, known)) => *known = annotation,
                    None => annotations.push((name, annotation)),
                }
            }
        }
    }
    let mut spaces = old::spaces(&store, cells)?;
    for space in store.children("obsm")? {
        let path = format!("obsm/{space}");
        let frame = store.group(&path).is_some() && columns::rows(&store, &path).is_ok_and(|rows| rows == cells);
        let frame = if frame { columns::array(&store, &path, cells)? } else { None };
        match (store.shape(&path)?.as_deref(), frame) {
            (Some(&[rows, dimensions]), _) if rows == cells => spaces.push(SpaceSummary { name: space, dimensions }),
            (None, Some(Matrix { cols: dimensions, .. })) => spaces.push(SpaceSummary { name: space, dimensions }),
            _ => notes.push(format!("“{space}” in obsm is not an array with a row per cell and was left out.")),
        }
    }
    spaces.sort_by(|a, b| a.name.cmp(&b.name));
    // One array is read at a time: its bytes and the numbers made of them.
    let widest = spaces.iter().map(|space| space.dimensions).max().unwrap_or(0);
    notes.extend(room::note(store.held(), cells.saturating_mul(widest).saturating_mul(2 * size_of::<f32>()) as u64));

    let file = AnnData { store };
    let mut matrices = Vec::new();
    let mut damage = None;
    for path in file.matrix_paths()? {
        match file.matrix(&path, cells) {
            Ok((expression, _)) => matrices.push(matrix_summary(&path, &expression)),
            Err(error) => {
                notes.push(format!("The expression matrix “{path}” cannot be used. {error}"));
                damage = damage.or(Some(error));
            }
        }
    }
    if let (true, None, Some(error)) = (matrices.is_empty(), mapping::stored_space(&spaces), damage) {
        return Err(error);
    }
    let (name, source) = (String::new(), Source::File(file));
    let (cell_names, candidates) = (Vec::new(), Vec::new());
    let columns = annotations;
    Ok(Study { name, cells, genes, cell_names, columns, candidates, spaces, matrices, notes, source, guide: GUIDE })
}

/// A dataset with one value a row, as an annotation; none if it is of a kind that is no annotation.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn plain_column(store: &Store, path: &str) -> Result<Option<Annotation>> {
    columns::plain(store, path, |_| false)
}

impl AnnData {
    /// Allows as much to be read as when the file was opened.
    pub(crate) fn renew(&self) {
        self.store.renew();
    }

    /// Paths of the expression matrices that there are.
    fn matrix_paths(&self) -> Result<Vec<String>> {
        let mut layers = self.store.children("layers")?;
        layers.sort();
        let paths = ["X".into(), "raw/X".into(), old::RAW.into()]
            .into_iter()
            .chain(layers.iter().map(|name| format!("layers/{name}")));
        Ok(paths.filter(|path| self.store.group(path).is_some() || self.store.has_dataset(path)).collect())
    }

    /// An expression matrix with the names of its genes.
    pub(crate) fn matrix(&self, path: &str, cells: usize) -> Result<(Expression, Vec<String>)> {
        let genes = self.genes(path)?;
        let missing = || Error::input("the file has no such matrix").at(path);
        let expression = expression::read(&self.store, path, cells, genes.len())?.ok_or_else(missing)?;
        Ok((expression, genes))
    }

    /// Names of the genes of a matrix.
    fn genes(&self, path: &str) -> Result<Vec<String>> {
        let frame = match path {
            "raw/X" => "raw/var",
            old::RAW => old::RAW_GENES,
            _ => "var",
        };
        let there = self.store.group(frame).is_some() || self.store.has_records(frame);
        match (there, self.store.shape(path)?.as_deref()) {
            (false, Some(&[_, genes])) => Ok((1..=genes).map(|gene| format!("gene {gene}")).collect()),
            _ => names::genes(columns::index(&self.store, frame)?, |column| self.texts(frame, column)),
        }
    }

    /// A column of texts, one for each row, where a table has it.
    fn texts(&self, frame: &str, column: &str) -> Option<Vec<Option<String>>> {
        let rows = columns::rows(&self.store, frame).ok()?;
        let there = columns::names(&self.store, frame).ok()?;
        let name = there.iter().find(|name| plain(name) == column)?;
        let annotation = columns::read(&self.store, frame, name, rows).ok()??;
        let text = |code: &Option<u32>| code.and_then(|code| annotation.levels.get(code as usize).cloned());
        Some(annotation.codes.iter().map(text).collect())
    }

    /// An array of `obsm`: cells x dimensions.
    pub(crate) fn space(&self, name: &str, cells: usize, dimensions: usize) -> Result<Matrix> {
        if self.store.has_records("obsm") {
            return self.store.records("obsm")?.matrix(name);
        }
        let path = format!("obsm/{name}");
        if let Some(frame) = self.store.group(&path).map(|_| columns::array(&self.store, &path, cells)).transpose()? {
            let no_numbers = || Error::input("this table has columns that are not numbers").at(path.as_str());
            return frame.ok_or_else(no_numbers);
        }
        let matrix = Matrix::new(cells, dimensions, self.store.singles(&path)?);
        matrix.map_err(|error| error.at(path))
    }

    /// Names of the cells; none if they cannot be read, since nothing is computed from them.
    pub(crate) fn cell_names(&self, cells: usize) -> Vec<String> {
        columns::index(&self.store, "obs").ok().filter(|names| names.len() == cells).unwrap_or_default()
    }

    /// Colours of the categories of a column, in their order.
    pub(crate) fn colors(&self, column: &str) -> Vec<String> {
        self.store.strings(&format!("uns/{column}_colors")).unwrap_or_default()
    }

    /// The way from a model space back to genes, and what the user should know about it. `known` is a matrix that has been read already, of the kept cells.
    pub(crate) fn decoder(
        &self,
        space: &str,
        states: &Matrix,
        kept: &Kept,
        known: Option<(&str, &Expression)>,
    ) -> (Option<Decoder>, Option<String>) {
        decoder::find(self, space, states, kept, known)
    }
}

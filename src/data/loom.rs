//! Loom files: genes x cells, with attributes of both (linnarssonlab.org/loompy/format).

use crate::data::annotation::Annotation;
use crate::data::delimited::{self, Counted};
use crate::data::expression::{Expression, Layout};
use crate::data::hdf5::Store;
use crate::data::join::join;
use crate::data::mapping::{Guide, plain};
use crate::data::names;
use crate::data::study::Study;
use crate::data::{Matrix, anndata};
use crate::protocol::File;
use crate::{Error, Result};

const GUIDE: Guide = Guide {
    fallback: None,
    add_time: "Add one named “time” or “day” to the column attributes, in Python: `with loompy.connect(\"in.loom\") as ds: ds.ca.day = …`.",
};
/// Attributes that name cells, and that name genes, the surest first, without punctuation.
const CELLS: [&str; 5] = ["cellid", "obsnames", "barcode", "barcodes", "cellname"];
const GENES: [&str; 5] = ["gene", "genename", "varnames", "symbol", "accession"];

/// The HDF5 file is a loom file.
pub(crate) fn is_loom(store: &Store) -> bool {
    store.has_dataset("matrix") && store.group("row_attrs").is_some() && store.group("col_attrs").is_some()
}

/// Opens a loom file, perhaps with tables that annotate its cells.
///
/// # Errors
///
/// If its arrays do not fit together or cannot be read, or a table does not fit its cells.
pub(crate) fn open(store: &Store, tables: &[File]) -> Result<Study> {
    let Some([genes, cells]) = store.shape("matrix")?.and_then(|shape| <[usize; 2]>::try_from(shape).ok()) else {
        return Err(Error::input("the matrix is no table of genes x cells").at("matrix"));
    };
    let attributes = |group: &str| -> Result<Vec<String>> {
        let mut names = store.children(group)?;
        names.sort();
        Ok(names)
    };
    let named = |group: &str, there: &[String], wanted: &[&str], count: usize| -> Result<Option<Vec<String>>> {
        let found = wanted.iter().find_map(|wanted| there.iter().find(|name| plain(name) == *wanted));
        let path = found.map(|name| format!("{group}/{name}"));
        Ok(path.map(|path| store.strings(&path)).transpose()?.filter(|names| names.len() == count))
    };
    let of_cells = attributes("col_attrs")?;
    let of_genes = attributes("row_attrs")?;
    let barcodes = named("col_attrs", &of_cells, &CELLS, cells)?;
    let barcodes = barcodes.unwrap_or_else(|| (0..cells).map(|cell| cell.to_string()).collect());
    let index = named("row_attrs", &of_genes, &GENES, genes)?;
    let index = index.unwrap_or_else(|| (1..=genes).map(|gene| format!("gene {gene}")).collect());
    let mut notes = Vec::new();
    let mut columns: Vec<(String, Annotation)> = Vec::new();
    let mut spaces: Vec<(String, Matrix)> = Vec::new();
    for name in of_cells.into_iter().filter(|name| !CELLS.contains(&plain(name).as_str())) {
        let path = format!("col_attrs/{name}");
        match store.shape(&path)?.as_deref() {
            Some(&[rows]) if rows == cells => match anndata::plain_column(store, &path)? {
                Some(annotation) => columns.push((name, annotation)),
                None => notes.push(format!("The column “{name}” is of a kind that cannot be shown and was left out.")),
            },
            Some(&[rows, dimensions]) if rows == cells => {
                spaces.push((name, Matrix::new(cells, dimensions, store.singles(&path)?)?));
            }
            _ => notes.push(format!("“{name}” is not an array with a row per cell and was left out.")),
        }
    }
    let values = store.singles("matrix")?;
    let (mut starts, mut cells_of, mut stored) = (vec![0i64], Vec::new(), Vec::new());
    for row in values.chunks(cells.max(1)) {
        for (cell, value) in row.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            cells_of.push(cell as u32);
            stored.push(*value);
        }
        starts.push(stored.len() as i64);
    }
    drop(values);
    let expression = Expression::sparse([cells, genes], Layout::ByGene, &starts, cells_of, stored)?;
    for table in tables {
        let labels = delimited::labels(table).and_then(|labels| join(labels, &barcodes, &table.name, &mut notes));
        columns.extend(labels.map_err(|error| error.at(&table.name))?);
    }
    let counted = Counted {
        cells: barcodes,
        genes: names::genes(index, |_| None)?,
        columns,
        candidates: Vec::new(),
        spaces,
        expression,
        notes,
    };
    Ok(counted.study(GUIDE))
}

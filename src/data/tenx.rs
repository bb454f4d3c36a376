//! What 10x Genomics' programs write: `.h5` files of both generations, and folders with `matrix.mtx`.
//!
//! Neither says when a cell was taken: a table with the barcodes in its first column does, dropped together with them.

mod market;
mod texts;

use crate::data::annotation::Annotation;
use crate::data::delimited::{self, Counted, Labels};
use crate::data::expression::{Expression, Layout};
use crate::data::hdf5::Store;
use crate::data::join::join;
use crate::data::mapping::Guide;
use crate::data::names::is_accession;
use crate::data::sample::names_of;
use crate::data::study::Study;
use crate::protocol::File;
use crate::{Error, Result};
use std::collections::BTreeSet;

/// Name of the annotation that is made of the numbers behind the barcodes.
const SAMPLE: &str = "sample";
const GUIDE: Guide = Guide {
    fallback: Some(SAMPLE),
    add_time: "10x files hold no time. Add a table (CSV or TSV) with the barcodes in its first column and a column named “time” or \
        “day”, and drop it together with the other files.",
};
/// Names of columns of symbols, without punctuation.
const SYMBOLS: [&str; 5] = ["symbol", "genename", "genesymbol", "name", "gene"];
/// Kinds of features that are not genes.
const OTHER_FEATURES: [&str; 6] =
    ["Antibody Capture", "CRISPR Guide Capture", "Multiplexing Capture", "Custom", "Peaks", "Antigen Capture"];

/// The names in a file or folder beside its counts.
struct Names {
    barcodes: Vec<String>,
    features: Vec<String>,
    /// Kind of each feature; empty in the older generation, which has genes only.
    kinds: Vec<String>,
}

/// Opens a `.h5` file: `matrix` of Cell Ranger 3 and later, or one group per genome as before.
///
/// # Errors
///
/// If it is neither, its arrays do not fit together, it holds no gene expression, or a table does not fit its barcodes.
pub(crate) fn hdf5(store: &Store, tables: &[File]) -> Result<Study> {
    let mut groups = store.children("/")?;
    groups.sort();
    let is_old = |group: &String| store.has_dataset(&format!("{group}/gene_names"));
    let (group, features) = if store.has_dataset("matrix/features/name") {
        ("matrix".to_owned(), "features/name")
    } else if let Some(group) = groups.iter().find(|group| is_old(group)) {
        (group.clone(), "gene_names")
    } else {
        return Err(Error::input("this HDF5 file is neither an AnnData file (it has no table obs) nor a 10x file (it has no matrix with \
            features)")
        .remedy("Write it as .h5ad in Python: `import scanpy as sc; …; a.write_h5ad(\"study.h5ad\", compression=\"gzip\")`."));
    };
    let others: Vec<String> = groups.into_iter().filter(|it| *it != group && is_old(it)).collect();
    let note = (!others.is_empty() && group != "matrix").then(|| {
        let others = names_of(others.iter());
        format!("The file has several genomes. “{group}” was taken; {others} was left out: to take it, write it to a file of its own.")
    });
    let path = |name: &str| format!("{group}/{name}");
    let kinds = match store.has_dataset(&path("features/feature_type")) {
        true => store.strings(&path("features/feature_type"))?,
        false => Vec::new(),
    };
    let names = Names { barcodes: store.strings(&path("barcodes"))?, features: store.strings(&path(features))?, kinds };
    let shape = store.integers(&path("shape"))?;
    let expected = [names.features.len(), names.barcodes.len()];
    if !shape.iter().copied().eq(expected.map(|side| side as i64)) {
        return Err(Error::input(format!(
            "the matrix is {shape:?}, but there are {} features and {} barcodes",
            expected[0], expected[1]
        ))
        .at(group));
    }
    let read = |name: &str| store.integers(&path(name));
    let (starts, indices) = (read("indptr")?, store.places(&path("indices"), expected[0])?);
    let values = store.values(&path("data"))?;
    let expression = Expression::sparse([expected[1], expected[0]], Layout::ByCell, &starts, indices, values);
    study(names, expression.map_err(|error| error.at(group))?, tables, None).map(|mut counted| {
        counted.notes.extend(note);
        counted.study(GUIDE)
    })
}

/// Opens the three files of a folder. Their texts may have quotes, headers and columns of annotations.
///
/// # Errors
///
/// If one cannot be read, they do not fit together, there is no gene expression, or a table does not fit the barcodes.
pub(crate) fn folder(counts: &File, barcodes: &File, features: &File, tables: &[File]) -> Result<Study> {
    counted(counts, barcodes, features, tables).map(|counted| counted.study(GUIDE))
}

/// The sides that a Matrix Market file declares; none if it is no such file.
pub(crate) fn sides(counts: &[u8]) -> Option<[usize; 2]> {
    market::sides(counts)
}

/// As [`folder`], with the names of the cells.
///
/// # Errors
///
/// As [`folder`].
pub(crate) fn counted(counts: &File, barcodes: &File, features: &File, tables: &[File]) -> Result<Counted> {
    let mut cells = texts::rows(barcodes).map_err(|error| error.at(&barcodes.name))?;
    let mut genes = texts::rows(features).map_err(|error| error.at(&features.name))?;
    let (mut head_of_cells, mut head_of_genes) = (None, None);
    // A header is a line more than the matrix has sides.
    if let Some(sides) = market::sides(&counts.bytes) {
        let fits = |genes: usize, cells: usize| sides == [genes, cells] || sides == [cells, genes];
        let (g, c) = (genes.len(), cells.len());
        if !fits(g, c) {
            let (of_genes, of_cells) = (g > 0 && fits(g - 1, c), c > 0 && fits(g, c - 1));
            let both = g > 0 && c > 0 && fits(g - 1, c - 1);
            if of_cells || both {
                head_of_cells = Some(cells.remove(0));
            }
            if (of_genes && !of_cells) || both {
                head_of_genes = Some(genes.remove(0));
            }
        }
    }
    let symbols = head_of_genes.as_ref().and_then(|head| texts::column(head, &SYMBOLS));
    let symbol = |row: &Vec<String>| match symbols {
        Some(column) => row.get(column).or_else(|| row.first()).cloned().unwrap_or_default(),
        None => {
            // Accession numbers come first, unless a hand has turned them round.
            let turned = |name: &&String| is_accession(name) && row.first().is_some_and(|first| !is_accession(first));
            row.get(1).filter(|name| !turned(name)).or_else(|| row.first()).cloned().unwrap_or_default()
        }
    };
    let kinds = |row: &Vec<String>| row.get(2).cloned();
    let names = Names {
        barcodes: cells.iter().map(|row| row.first().cloned().unwrap_or_default()).collect(),
        features: genes.iter().map(symbol).collect(),
        kinds: match head_of_genes {
            Some(_) => Vec::new(),
            None => genes.iter().map(kinds).collect::<Option<_>>().unwrap_or_default(),
        },
    };
    let expression = market::read(&counts.bytes, names.barcodes.len(), names.features.len());
    let expression = expression.map_err(|error| error.at(&counts.name))?;
    let beside = head_of_cells.map(|head| texts::labels(&head, &cells));
    study(names, expression, tables, beside.map(|labels| (labels, barcodes.name.as_str())))
}

fn study(names: Names, expression: Expression, tables: &[File], beside: Option<(Labels, &str)>) -> Result<Counted> {
    let Names { barcodes, features, kinds } = names;
    let mut notes = Vec::new();
    let (genes, expression) = genes_only(features, &kinds, expression, &mut notes)?;
    let empty = expression.empty_cells();
    if empty > 0 {
        let cells = barcodes.len();
        notes.push(format!(
            "{empty} of {cells} barcodes have no counts; the “filtered” matrix of a sample leaves them out."
        ));
    }
    let mut columns = Vec::new();
    let mut names = BTreeSet::new();
    let mut seconds = Vec::new();
    let tables = tables.iter().map(|table| (delimited::labels(table), table.name.as_str()));
    for (labels, table) in beside.into_iter().map(|(labels, name)| (Ok(labels), name)).chain(tables) {
        let labels = labels.and_then(|labels| join(labels, &barcodes, table, &mut notes));
        for (name, annotation) in labels.map_err(|error| error.at(table))? {
            match names.insert(name.clone()) {
                true => columns.push((name, annotation)),
                false => seconds.push(name),
            }
        }
    }
    if !seconds.is_empty() {
        notes.push(format!("Columns of a name that was there before were left out: {}.", names_of(seconds.iter())));
    }
    if let Some(samples) = samples(&barcodes)
        && !names.contains(SAMPLE)
    {
        columns.push((SAMPLE.into(), Annotation::numbers(&samples, |_| false)?));
        notes.push(format!("The column “{SAMPLE}” is the number behind each barcode, such as 2 of …-2."));
    }
    let (candidates, spaces) = (Vec::new(), Vec::new());
    Ok(Counted { cells: barcodes, genes, columns, candidates, spaces, expression, notes })
}

/// The features that are genes.
fn genes_only(
    features: Vec<String>,
    kinds: &[String],
    expression: Expression,
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Expression)> {
    let others: BTreeSet<&str> =
        kinds.iter().map(String::as_str).filter(|kind| OTHER_FEATURES.contains(kind)).collect();
    if others.is_empty() || kinds.len() != features.len() {
        return Ok((features, expression));
    }
    let keep: Vec<bool> = kinds.iter().map(|kind| !others.contains(kind.as_str())).collect();
    let others = others.into_iter().collect::<Vec<_>>().join(", ");
    let left_out = keep.iter().filter(|keep| !**keep).count();
    if left_out == keep.len() {
        return Err(Error::input(format!("this file holds no gene expression, only {others}"))
            .remedy("Open the gene expression matrix of the same sample."));
    }
    notes.push(format!("{left_out} features are no genes ({others}) and were left out."));
    let genes = features.into_iter().zip(&keep).filter(|(_, keep)| **keep).map(|(name, _)| name).collect();
    Ok((genes, expression.keep_genes(&keep)))
}

/// The sample of each barcode: the number behind its dash, where every barcode has one and they differ.
fn samples(barcodes: &[String]) -> Option<Vec<f64>> {
    let number = |barcode: &String| barcode.rsplit_once('-')?.1.parse::<u32>().ok().map(f64::from);
    let numbers: Vec<f64> = barcodes.iter().map(number).collect::<Option<_>>()?;
    numbers.windows(2).any(|pair| pair[0] != pair[1]).then_some(numbers)
}

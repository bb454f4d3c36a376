//! What belongs together though it is not named as 10x names it: kb-python, Parse, counts beside a table of their cells.

use super::parts::names;
use super::{Study, parts};
use crate::data::delimited::{self, Counted};
use crate::data::join::join;
use crate::data::mapping::Guide;
use crate::data::tenx;
use crate::protocol::File;
use crate::{Error, Result};

const GUIDE: Guide = Guide {
    fallback: Some("sample"),
    add_time: "Add one named “time” or “day” to the table of the cells, with one value per snapshot.",
};

/// Finds the barcodes and features of a matrix among what there is: of two lists of features the one with symbols, and a table with as many rows as
/// there are cells for barcodes.
///
/// # Errors
///
/// If a table cannot be read.
pub(super) fn complete(
    counts: &[File],
    barcodes: &mut Vec<File>,
    features: &mut Vec<File>,
    tables: &mut Vec<File>,
) -> Result<()> {
    let [matrix] = counts else { return Ok(()) };
    let stem = |file: &File| parts::stem(&file.name).to_lowercase();
    if features.len() > 1 {
        // kb-python writes symbols beside accession numbers.
        let named = features.iter().position(|file| stem(file).ends_with("genes.names"));
        let exact = features.iter().position(|file| matches!(stem(file).as_str(), "features" | "genes" | "all_genes"));
        if let Some(at) = named.or(exact) {
            let kept = features.remove(at);
            let others = std::mem::replace(features, vec![kept]);
            tables.extend(others.into_iter().filter(|file| !stem(file).ends_with("genes")));
        }
    }
    if barcodes.is_empty() && features.len() == 1 {
        let sides = tenx::sides(&matrix.bytes).unwrap_or_default();
        let mut found = None;
        for (at, table) in tables.iter().enumerate() {
            let rows = delimited::labels(table).map(|labels| labels.cells.len()).unwrap_or_default();
            if rows > 0 && sides.contains(&rows) {
                found = Some(at);
                break;
            }
        }
        // The same table names the cells and annotates them.
        barcodes.extend(found.map(|at| tables[at].clone()));
        if let Some(at) = found {
            let labels = delimited::labels(&tables[at]).map_err(|error| error.at(&tables[at].name))?;
            barcodes[0] = File { name: "barcodes.tsv".into(), bytes: labels.cells.join("\n").into_bytes().into() };
        }
    }
    Ok(())
}

/// A table of counts, cells x genes or genes x cells, and tables that annotate its cells.
///
/// # Errors
///
/// If no table has counts of the cells that the others name.
pub(super) fn counts_and_labels(tables: &[File]) -> Result<Study> {
    let mut first = None;
    // The counts are the larger of the tables.
    let mut order: Vec<usize> = (0..tables.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(tables[*at].bytes.len()));
    for counts in order {
        let others: Vec<&File> = (0..tables.len()).filter(|at| *at != counts).map(|at| &tables[at]).collect();
        for read in [delimited::counted, delimited::transposed] {
            let joined = read(&tables[counts]).and_then(|counted| with(counted, &others));
            match joined {
                Ok(counted) => return Ok(counted.study(GUIDE).named(&tables[counts].name)),
                Err(error) => first = first.or(Some(error)),
            }
        }
    }
    let why = first.map_or_else(String::new, |error| format!(" ({})", error.what));
    Err(Error::input(format!("of these several tables none holds expression values of the cells that the others name{why}"))
        .at(names(tables))
        .remedy(
            "Name the cells alike: in the header or in the first column of the counts, and in the first column of the table that annotates them. Or \
             put everything into one table of cells x genes with a column for time.",
        ))
}

/// Counts with the columns of tables that name their cells.
fn with(mut counted: Counted, tables: &[&File]) -> Result<Counted> {
    for table in tables {
        let labels = delimited::labels(table)?;
        if labels.columns.iter().any(|(name, _)| counted.genes.contains(name)) {
            return Err(Error::input("these are several tables of counts"));
        }
        let joined =
            join(labels, &counted.cells, &table.name, &mut counted.notes).map_err(|error| error.at(&table.name))?;
        for (name, annotation) in joined {
            if !counted.columns.iter().any(|(known, _)| *known == name) {
                counted.columns.push((name, annotation));
            }
        }
    }
    Ok(counted)
}

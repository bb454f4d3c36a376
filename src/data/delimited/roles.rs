//! What the columns of a table are: genes, annotations, coordinates.

use super::{Counted, Survey};
use crate::data::Matrix;
use crate::data::annotation::Annotation;
use crate::data::mapping::{self, TIME_POINTS, is_time_name, plain};
use crate::data::sample::names_of;
use crate::{Error, Result};

/// Columns of numbers that common programs write beside the genes.
const MEASUREMENTS: [&str; 28] = [
    "batch",
    "replicate",
    "sample",
    "samples",
    "plate",
    "donor",
    "library",
    "ncounts",
    "ngenes",
    "numi",
    "totalcounts",
    "ncountrna",
    "nfeaturerna",
    "ngenesbycounts",
    "percentmt",
    "percentmito",
    "pctcountsmt",
    "seuratclusters",
    "pseudotime",
    "latenttime",
    "nfeatures",
    "obstime",
    "capture",
    "captureid",
    "origident",
    "condition",
    "doubletscore",
    "librarysize",
];
/// Columns that tell cells apart, be it by numbers.
const CELLS: [&str; 8] = ["cell", "cellid", "cellname", "barcode", "barcodes", "cellbarcode", "id", "rownames"];
/// Genes beside which others can stand out.
const LEAST_GENES: usize = 5;
/// Rows in which numbers that rise by one are those of the rows, and no gene.
const LEAST_ROWS: usize = 10;
/// Share of columns that may stand out: more are no exception.
const FEW: usize = 5;

/// Columns at each end of a table that people add to the genes.
const ENDS: usize = 3;

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The names of the cells.
    Name,
    Label,
    Gene(u32),
    /// A coordinate.
    Axis,
    Empty,
}

/// The roles of all columns, with what a user should know of them.
///
/// # Errors
///
/// If a gene has a value that is not a number.
pub(super) fn roles(header: &[String], surveys: &[Survey]) -> Result<(Vec<Role>, Vec<String>)> {
    let mut roles = Vec::with_capacity(header.len());
    for (column, (name, survey)) in header.iter().zip(surveys).enumerate() {
        let Survey { numbers, texts, counting, first_text, .. } = survey;
        roles.push(match (numbers, texts, first_text) {
            _ if column == 0 && !is_label(name) => Role::Name,
            (0, 0, _) => Role::Empty,
            _ if is_label(name) || CELLS.contains(&plain(name).as_str()) => Role::Label,
            (_, 0, _) if is_axis(name, header) => Role::Axis,
            // The rows are numbered.
            (numbers, 0, _) if *numbers >= LEAST_ROWS && counting + 1 == *numbers => Role::Label,
            (numbers, 0, _) if *numbers > 0 => Role::Gene(0),
            // A gene with a slip, not a column of labels.
            (numbers, texts, Some((line, text))) if numbers > texts => {
                return Err(Error::input(format!("“{text}” is not a number"))
                    .at(format!("line {line}, column “{name}”"))
                    .remedy("Write a number with a decimal point there, or leave the column out."));
            }
            _ => Role::Label,
        });
    }
    let mut notes = Vec::new();
    for breaks in [|it: &Survey| it.negative, |it: &Survey| it.fractions] {
        let genes = |roles: &[Role]| roles.iter().filter(|role| matches!(role, Role::Gene(_))).count();
        let stands_out = |(role, survey): (&Role, &Survey)| matches!(role, Role::Gene(_)) && breaks(survey);
        let out: Vec<usize> = (0..roles.len()).filter(|at| stands_out((&roles[*at], &surveys[*at]))).collect();
        let all = genes(&roles);
        if !out.is_empty() && all >= LEAST_GENES + out.len() && out.len() * FEW <= all {
            let names: Vec<String> = out.iter().map(|at| header[*at].clone()).collect();
            notes.push(format!(
                "Taken for annotations, as their values are of another kind than all others: {}.",
                names_of(names.iter())
            ));
            out.into_iter().for_each(|at| roles[at] = Role::Label);
        }
    }
    let mut genes = 0;
    for role in &mut roles {
        if matches!(role, Role::Gene(_)) {
            *role = Role::Gene(genes);
            genes += 1;
        }
    }
    Ok((roles, notes))
}

/// A column of this name is an annotation, whatever is in it.
fn is_label(name: &str) -> bool {
    let lower = name.to_lowercase();
    let plain = plain(name);
    is_time_name(name)
        || mapping::is_type_name(name)
        || MEASUREMENTS.contains(&plain.as_str())
        || ["percent", "pct_", "ncount_", "nfeature_", "n_counts", "n_genes", "total_counts", "log1p_"]
            .iter()
            .any(|start| lower.starts_with(start))
        || lower.ends_with("score")
        || lower.contains("_res.")
}

/// A column is a coordinate. `PC1` could be a gene, but not beside `PC2`.
fn is_axis(name: &str, header: &[String]) -> bool {
    let marked = name.contains(['_', '.', '-', ' ']);
    match axis(name) {
        Some((space @ ("PCA" | "harmony"), number)) if !marked => {
            header.iter().filter_map(|other| axis(other)).any(|it| it.0 == space && it.1.abs_diff(number) == 1)
        }
        Some(("layout", _)) if !marked => false,
        found => found.is_some(),
    }
}

/// The plane or space that a coordinate belongs to, by its name: `UMAP_1`, `tSNE2`, `PC_10`.
fn axis(name: &str) -> Option<(&'static str, usize)> {
    let lower = name.to_lowercase().replace(['_', '.', '-', ' '], "");
    let at = lower.find(|c: char| c.is_ascii_digit())?;
    let number = lower[at..].parse().ok()?;
    let word = lower[..at].trim_start_matches('x');
    Some(match word {
        "umap" | "wnnumap" | "refumap" => ("UMAP", number),
        "tsne" | "fitsne" | "opttsne" => ("t-SNE", number),
        "pc" | "pca" => ("PCA", number),
        "harmony" => ("harmony", number),
        "fdl" | "forceatlas" | "draw" | "phate" => ("layout", number),
        _ => return None,
    })
}

/// The coordinates by what they belong to.
pub(super) fn spaces(axes: &[String], places: &[f32], cells: usize) -> Vec<(String, Matrix)> {
    let mut spaces: Vec<(String, Vec<(usize, usize)>)> = Vec::new();
    for (column, name) in axes.iter().enumerate() {
        let Some((space, number)) = axis(name) else { continue };
        match spaces.iter_mut().find(|(name, _)| name == space) {
            Some((_, columns)) => columns.push((number, column)),
            None => spaces.push((space.into(), vec![(number, column)])),
        }
    }
    let matrix = |mut columns: Vec<(usize, usize)>| {
        columns.sort_unstable();
        let row = |cell: usize| columns.iter().map(move |(_, column)| places[cell * axes.len() + column]);
        Matrix { rows: cells, cols: columns.len(), values: (0..cells).flat_map(row).collect() }
    };
    spaces.into_iter().map(|(name, columns)| (name, matrix(columns))).collect()
}

/// Genes that are constant within every time are annotations: they become columns.
///
/// # Errors
///
/// None in practice: the values were read before.
pub(super) fn constant_within_times(counted: &mut Counted) -> Result<()> {
    let times = counted.columns.iter().find(|(name, column)| is_time_name(name) && column.levels.len() > 1);
    let Some((_, times)) = times else { return Ok(()) };
    let (levels, genes, cells) = (times.levels.len(), counted.genes.len(), counted.expression.cells);
    // With few cells at a time a gene may be so by chance.
    if cells < 10 * levels || times.codes.len() != cells || levels * genes > 50_000_000 {
        return Ok(());
    }
    let mut sizes = vec![0u32; levels];
    times.codes.iter().flatten().for_each(|time| sizes[*time as usize] += 1);
    let mut stored = vec![0u32; levels * genes];
    let mut first = vec![0.0f64; levels * genes];
    let mut constant = vec![true; genes];
    for (cell, time) in times.codes.iter().enumerate() {
        let Some(time) = time.map(|time| time as usize) else { continue };
        counted.expression.visit(cell, |gene, value| {
            let at = time * genes + gene;
            if stored[at] == 0 {
                first[at] = value;
            }
            stored[at] += 1;
            constant[gene] &= first[at] == value;
        });
    }
    let is_annotation = |gene: &usize| {
        let at = |time: usize| time * genes + gene;
        let whole = (0..levels).all(|time| stored[at(time)] == 0 || stored[at(time)] == sizes[time]);
        constant[*gene] && whole && (1..levels).any(|time| first[at(time)] != first[at(0)])
    };
    let found: Vec<usize> = (0..genes).filter(is_annotation).collect();
    // A gene that only some time has, in every cell the same, is rare; many are another kind of table.
    if found.is_empty() || found.len() * FEW > genes {
        return Ok(());
    }
    let mut values = vec![vec![0.0; cells]; found.len()];
    (0..cells).for_each(|cell| {
        counted.expression.visit(cell, |gene, value| {
            if let Ok(at) = found.binary_search(&gene) {
                values[at][cell] = value;
            }
        });
    });
    for (gene, values) in found.iter().zip(values) {
        let written = |value: f64| (value as f32).to_string();
        counted.columns.push((counted.genes[*gene].clone(), Annotation::numbers_as(&values, |_| false, written)?));
    }
    let names: Vec<String> = found.iter().map(|gene| counted.genes[*gene].clone()).collect();
    counted.notes.push(format!(
        "Taken for annotations, as they are the same in all cells of a time: {}.",
        names_of(names.iter())
    ));
    let keep: Vec<bool> = (0..genes).map(|gene| !found.contains(&gene)).collect();
    counted.expression = counted.expression.keep_genes(&keep);
    let mut keep = keep.iter();
    counted.genes.retain(|_| keep.next() == Some(&true));
    Ok(())
}

/// Where no column is called as time is, the first and last columns of numbers can be chosen as time, though they are taken for genes.
///
/// # Errors
///
/// None in practice: the values were read before.
pub(super) fn offer_ends(counted: &mut Counted) -> Result<()> {
    let (genes, cells) = (counted.genes.len(), counted.expression.cells);
    if counted.columns.iter().any(|(name, column)| is_time_name(name) && column.levels.len() > 1) {
        return Ok(());
    }
    let ends: Vec<usize> = (0..genes).filter(|gene| *gene < ENDS || gene + ENDS >= genes).collect();
    let mut values = vec![vec![0.0; cells]; ends.len()];
    (0..cells).for_each(|cell| {
        counted.expression.visit(cell, |gene, value| {
            if let Ok(at) = ends.binary_search(&gene) {
                values[at][cell] = value;
            }
        });
    });
    for (gene, values) in ends.iter().zip(values) {
        let annotation = Annotation::numbers_as(&values, |_| false, |value| (value as f32).to_string())?;
        if TIME_POINTS.contains(&annotation.levels.len()) && 2 * annotation.levels.len() <= cells {
            counted.candidates.push((counted.genes[*gene].clone(), annotation));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_known_by_their_names() {
        for name in ["S.Score", "RNA_snn_res.0.8", "percent.mt", "nCount_RNA", "obstime", "capture", "pct_counts_mt"] {
            assert!(is_label(name), "{name}");
        }
        for name in ["Sox2", "Scor", "PCX", "Restin", "Capza1"] {
            assert!(!is_label(name), "{name}");
        }
        let check = |name: &str, found: Option<(&str, usize)>| assert_eq!(axis(name), found, "{name}");
        check("UMAP_1", Some(("UMAP", 1)));
        check("tSNE2", Some(("t-SNE", 2)));
        check("X_umap1", Some(("UMAP", 1)));
        check("PC_10", Some(("PCA", 10)));
        check("PC1", Some(("PCA", 1)));
        check("Umap", None);
        let header = ["PC1", "PC2", "PCX", "Phate1"].map(String::from);
        assert_eq!(header.each_ref().map(|name| is_axis(name, &header)), [true, true, false, false]);
        assert!(!is_axis("PC1", &header[..1]) && is_axis("PHATE_1", &header));
    }
}

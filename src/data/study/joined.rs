//! Files of several time points or samples as one study: the cells of all, with the genes that all have, or that any has.

use super::memory::Memory;
use super::parts::{names, stem};
use super::{Source, Study, Watch, parts};
use crate::data::annotation::Annotation;
use crate::data::delimited;
use crate::data::expression::Expression;
use crate::data::join::join;
use crate::data::mapping::{self, Guide};
use crate::data::names::unique;
use crate::protocol::{File, ValueKind};
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The column with the name of each cell's file.
const FILE: &str = "file";
/// The column of what is left of that name without its time.
const SAMPLE: &str = "sample";
const GUIDE: Guide = Guide {
    fallback: Some(FILE),
    add_time: "Put the time into the names of the files (`day2_rep1.h5ad`), or add a table with these names in its first column and a column \
        named “time”.",
};
/// Of the genes of the smallest file, this share must be in all others.
const SHARED: f64 = 0.3;

/// What one file, or one folder, gives.
struct Piece {
    label: String,
    cells: Vec<String>,
    columns: Vec<(String, Annotation)>,
    genes: Vec<String>,
    expression: Expression,
    values: ValueKind,
}

/// Opens each group of files as a study of its own and puts their cells one after the other. `tables` annotate files or cells; `watch` is told
/// which group is next.
///
/// # Errors
///
/// If a group cannot be opened, the values are not of one kind, or the files have too few genes in common.
pub(super) fn open(groups: Vec<(String, Vec<File>)>, tables: &[File], watch: Watch<'_>) -> Result<Study> {
    let all = groups.len();
    let opened = groups.into_iter().enumerate().map(|(at, (label, files))| {
        watch(&format!("file {} of {all}, {label}", at + 1), at as f32 / all as f32);
        Ok((label, parts::open(files, &mut |_, _| {})?))
    });
    join_all(opened, tables)
}

/// As [`open`], of tables with a gene in each row, and those that annotate files or cells.
///
/// # Errors
///
/// As [`open`].
pub(super) fn turned(tables: &[File], beside: &[File]) -> Result<Study> {
    let study = |table: &File| {
        let read = delimited::transposed(table).map(|counted| counted.study(GUIDE));
        Ok((stem(&table.name).to_owned(), read.map_err(|error| error.at(&table.name))?))
    };
    join_all(tables.iter().map(study), beside)
}

fn join_all(studies: impl Iterator<Item = Result<(String, Study)>>, tables: &[File]) -> Result<Study> {
    let (mut pieces, mut notes) = (Vec::new(), Vec::new());
    for study in studies {
        let (label, study) = study?;
        pieces.push(piece(label, study, &mut notes)?);
    }
    let Genes { mut names, mut shared } = genes(&pieces)?;
    let common = shared.iter().filter(|shared| **shared).count();
    // A zero says nothing among scaled values.
    if pieces.iter().any(|piece| piece.values == ValueKind::Scaled) && common < names.len() {
        notes.push(format!("{} genes that are not in all files were left out.", names.len() - common));
        let mut keep = shared.iter();
        names.retain(|_| keep.next() == Some(&true));
        shared.clear();
    }
    let cells = cell_names(&pieces);
    let mut columns = joined_columns(&pieces)?;
    of_files(&pieces, &mut columns)?;
    for table in tables {
        beside(table, &pieces, &cells, &mut columns, &mut notes).map_err(|error| error.at(&table.name))?;
    }
    let files = pieces.len();
    let said =
        format!("{files} files are one study of {} cells and the {common} genes that all of them have.", cells.len());
    notes.insert(0, said);
    let at: HashMap<&String, u32> = names.iter().zip(0..).collect();
    // Each piece is let go when its values are taken over.
    let placed = pieces.into_iter().map(|piece| {
        let places = piece.genes.iter().map(|gene| at.get(gene).copied()).collect();
        (piece.expression, places)
    });
    let expression = Expression::stacked(placed, names.len());
    if common == names.len() {
        shared.clear();
    }
    let memory = Memory::new(expression, names, shared);
    Ok(Study::holding(memory, cells.len(), columns, notes, GUIDE).with_cell_names(cells))
}

/// The best matrix of a study, with what is known of its cells.
fn piece(label: String, study: Study, notes: &mut Vec<String>) -> Result<Piece> {
    let summary = study.summary();
    let missing = || Error::input("this file has no expression values").at(label.as_str());
    let matrix = mapping::best_matrix(&summary).ok_or_else(missing)?;
    let (expression, genes, cells) = match &study.source {
        Source::Memory(memory) => {
            let (expression, genes) = memory.best();
            (expression, genes, study.cell_names.clone())
        }
        Source::File(file) => {
            let (expression, genes) = file.matrix(&matrix.name, study.cells).map_err(|error| error.at(&label))?;
            if !study.spaces.is_empty() {
                let what =
                    "The spaces of single files, such as X_pca, were left out: they are not one space of all cells.";
                if !notes.iter().any(|note| note == what) {
                    notes.push(what.into());
                }
            }
            (expression, genes, file.cell_names(study.cells))
        }
    };
    let cells =
        if cells.len() == study.cells { cells } else { (1..=study.cells).map(|cell| format!("cell {cell}")).collect() };
    Ok(Piece { label, cells, values: matrix.values, columns: study.columns, genes: unique(genes), expression })
}

/// The genes of several files.
struct Genes {
    /// Those that any file has: the first file's, then what the next ones add.
    names: Vec<String>,
    /// Which of them all files have.
    shared: Vec<bool>,
}

fn genes(pieces: &[Piece]) -> Result<Genes> {
    let Some(first) = pieces.first() else { return Err(Error::request("No file was given")) };
    if let Some(other) = pieces.iter().find(|piece| piece.values != first.values) {
        return Err(Error::input(format!(
            "“{}” holds {} and “{}” {}, which cannot be put together",
            first.label,
            kind(first.values),
            other.label,
            kind(other.values)
        ))
        .at(first.label.as_str())
        .remedy("Open files with counts, or with values that went through the same steps."));
    }
    let (mut names, mut files, mut at) = (Vec::new(), Vec::new(), HashMap::new());
    // The genes of a piece have unique names.
    for gene in pieces.iter().flat_map(|piece| &piece.genes) {
        let place = *at.entry(gene).or_insert(names.len());
        if place == names.len() {
            names.push(gene.clone());
            files.push(0);
        }
        files[place] += 1;
    }
    let shared: Vec<bool> = files.into_iter().map(|files| files == pieces.len()).collect();
    let common = shared.iter().filter(|shared| **shared).count();
    let least = pieces.iter().map(|piece| piece.genes.len()).min().unwrap_or(0);
    if common == 0 || (common as f64) < SHARED * least as f64 {
        return Err(Error::input(format!("of the {least} genes of the smallest file {common} are in all others"))
            .at(pieces.iter().map(|piece| piece.label.as_str()).take(3).collect::<Vec<_>>().join(", "))
            .remedy("Name the genes alike in all files: all by symbols, or all by accession numbers of one species."));
    }
    Ok(Genes { names, shared })
}

fn kind(values: ValueKind) -> &'static str {
    match values {
        ValueKind::Counts => "counts",
        ValueKind::Normalised => "normalised values",
        ValueKind::LogNormalised => "logarithms",
        ValueKind::Scaled => "scaled values",
    }
}

/// The names of all cells: as in the files where no two are alike, else behind the name of the file.
fn cell_names(pieces: &[Piece]) -> Vec<String> {
    let all = || pieces.iter().flat_map(|piece| &piece.cells);
    if all().collect::<BTreeSet<_>>().len() == all().count() {
        return all().cloned().collect();
    }
    let named = |piece: &Piece| piece.cells.iter().map(|cell| format!("{}:{cell}", piece.label)).collect::<Vec<_>>();
    pieces.iter().flat_map(named).collect()
}

/// The columns of all files by name; cells of a file without a column have no value there.
fn joined_columns(pieces: &[Piece]) -> Result<Vec<(String, Annotation)>> {
    let mut order: Vec<&String> = Vec::new();
    for (name, _) in pieces.iter().flat_map(|piece| &piece.columns) {
        if !order.contains(&name) {
            order.push(name);
        }
    }
    let joined = |name: &String| {
        let find = |piece: &Piece| -> (Option<Annotation>, usize) {
            let found = piece.columns.iter().find(|(own, _)| own == name).map(|(_, annotation)| annotation.clone());
            (found, piece.cells.len())
        };
        let parts: Vec<(Option<Annotation>, usize)> = pieces.iter().map(find).collect();
        Ok((name.clone(), Annotation::joined(&parts)?))
    };
    order.into_iter().map(joined).collect()
}

/// Adds the name of each cell's file, the time in it and what else it says.
fn of_files(pieces: &[Piece], columns: &mut Vec<(String, Annotation)>) -> Result<()> {
    let labels: Vec<String> = pieces.iter().map(|piece| piece.label.clone()).collect();
    let mut add = |name: &str, values: &[String]| -> Result<()> {
        let different: BTreeSet<&String> = values.iter().collect();
        if different.len() > 1 && !columns.iter().any(|(known, _)| known == name) {
            let of = |(piece, value): (&Piece, &String)| vec![value.clone(); piece.cells.len()];
            let fields = pieces.iter().zip(values).flat_map(of).collect();
            columns.push((name.into(), Annotation::texts(fields, |_| false)?));
        }
        Ok(())
    };
    add(FILE, &labels)?;
    if let Some(times) = mapping::time_of_each(&labels) {
        add(&format!("time of {FILE}"), &times)?;
        let rests: Vec<String> = labels.iter().map(|label| without_time(label)).collect();
        add(SAMPLE, &rests)?;
    }
    Ok(())
}

/// The words of a name but for a time and an accession number of GEO.
fn without_time(label: &str) -> String {
    let counts = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let said = |word: &&str| {
        !word.is_empty()
            && !word.strip_prefix("GSM").is_some_and(counts)
            && mapping::time_of_each(&[(*word).to_owned()]).is_none()
    };
    let words: Vec<&str> = label.split(|c: char| c.is_whitespace() || "_-/".contains(c)).filter(said).collect();
    words.join(" ")
}

/// Takes in a table whose first column names files or cells.
fn beside(
    table: &File,
    pieces: &[Piece],
    cells: &[String],
    columns: &mut Vec<(String, Annotation)>,
    notes: &mut Vec<String>,
) -> Result<()> {
    let labels = delimited::labels(table)?;
    let row = |piece: &Piece| labels.cells.iter().position(|name| *name == piece.label || stem(name) == piece.label);
    let rows: Vec<Option<usize>> = pieces.iter().map(row).collect();
    let found = if rows.iter().any(Option::is_some) {
        let mut found = Vec::new();
        for (name, fields) in &labels.columns {
            let of = |(piece, row): (&Piece, &Option<usize>)| {
                vec![row.and_then(|row| fields[row].clone()); piece.cells.len()]
            };
            found.push((name.clone(), Annotation::fields(pieces.iter().zip(&rows).flat_map(of).collect())?));
        }
        found
    } else {
        join(labels, cells, &table.name, notes)?
    };
    for (name, annotation) in found {
        columns.retain(|(known, _)| *known != name);
        columns.push((name, annotation));
    }
    Ok(())
}

/// The three files of each folder, by what their names have in common: a folder, or what stands before `matrix`, `barcodes` and `features`.
///
/// # Errors
///
/// If a matrix has no barcodes or features of its own, or two have the same name.
pub(super) fn folders(counts: Vec<File>, barcodes: Vec<File>, features: Vec<File>) -> Result<Vec<(String, Vec<File>)>> {
    let mut others: [BTreeMap<String, File>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let only = if features.len() == 1 { features.first().cloned() } else { None };
    for (found, files) in others.iter_mut().zip([barcodes, features]) {
        for file in files {
            let name = file.name.clone();
            if found.insert(common(&name), file).is_some() {
                return Err(Error::input("two of these files have the same name").at(name).remedy(
                    "Put the name of the sample in front (`day2_matrix.mtx`), or drop all folders in one .zip.",
                ));
            }
        }
    }
    let [mut barcodes, mut features] = others;
    let (mut paths, mut groups) = (Vec::new(), Vec::new());
    for matrix in counts {
        let key = common(&matrix.name);
        let missing = |what: &str| {
            Error::input(format!("there is no {what} of this matrix"))
                .at(matrix.name.as_str())
                .remedy(format!("Name it alike: {key}_{what}.tsv beside {}.", names([&matrix])))
        };
        let barcodes = barcodes.remove(&key).ok_or_else(|| missing("barcodes"))?;
        let features = features.remove(&key).or_else(|| only.clone()).ok_or_else(|| missing("features"))?;
        paths.push(key);
        groups.push(vec![matrix, barcodes, features]);
    }
    Ok(labels(&paths).into_iter().zip(groups).collect())
}

/// What paths are called: the last part of each in which they differ. Folders of Cell Ranger end alike: `D0/outs/filtered_feature_bc_matrix`.
fn labels(paths: &[String]) -> Vec<String> {
    let mut parts: Vec<Vec<&str>> = paths.iter().map(|path| path.split(['/', '\\']).collect()).collect();
    while parts.len() > 1 && parts.iter().all(|own| own.len() > 1 && own.last() == parts[0].last()) {
        parts.iter_mut().for_each(|own| _ = own.pop());
    }
    parts.iter().map(|own| own.last().copied().unwrap_or_default().to_owned()).collect()
}

/// What the names of the files of one folder have in common.
fn common(name: &str) -> String {
    let folder = name.rfind(['/', '\\']).map_or("", |at| &name[..=at]);
    let own = stem(name);
    let lower = own.to_ascii_lowercase();
    let role = ["count_matrix", "matrix", "counts", "barcodes", "features", "genes"]
        .into_iter()
        .find(|role| lower.ends_with(role));
    let own = &own[..own.len() - role.map_or(0, str::len)];
    format!("{folder}{own}").trim_end_matches(['_', '-', '.', ' ', '/', '\\']).to_owned()
}

/// Each file as a group of its own, under its name without ending, or that of its folder where all files are called alike.
pub(super) fn single(files: Vec<File>) -> Vec<(String, Vec<File>)> {
    let folder = |name: &str| name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let path = |file: &File| format!("{}{}", &file.name[..folder(&file.name)], stem(&file.name));
    let paths: Vec<String> = files.iter().map(path).collect();
    labels(&paths).into_iter().zip(files.into_iter().map(|file| vec![file])).collect()
}

/// Tables whose headers have most of their names in common, which are counts of the same genes in different cells, and the other tables.
pub(super) fn alike(tables: Vec<File>) -> (Vec<File>, Vec<File>) {
    const LEAST: usize = 8;
    let header = |table: &File| delimited::header(table).map(BTreeSet::from_iter).unwrap_or_default();
    let headers: Vec<BTreeSet<String>> = tables.iter().map(header).collect();
    let Some(longest) = headers.iter().max_by_key(|header| header.len()) else { return (Vec::new(), tables) };
    let counts: Vec<bool> = headers
        .iter()
        .map(|header| {
            let shared = header.intersection(longest).count();
            shared >= LEAST && 2 * shared > longest.len()
        })
        .collect();
    let (counts, others): (Vec<_>, Vec<_>) = tables.into_iter().zip(counts).partition(|(_, counts)| *counts);
    let files = |found: Vec<(File, bool)>| found.into_iter().map(|(file, _)| file).collect();
    (files(counts), files(others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_taken_apart() {
        assert_eq!(common("GSM1_D0_matrix.mtx.gz"), "GSM1_D0");
        assert_eq!(common("run/D0/barcodes.tsv.gz"), "run/D0");
        assert_eq!(common("D2.genes.tsv"), "D2");
        let check = |paths: [&str; 2], called: [&str; 2]| assert_eq!(labels(&paths.map(String::from)), called);
        check(["run/D0/outs/filtered", "run/D2/outs/filtered"], ["D0", "D2"]);
        check(["run/D0", "D0/D2"], ["D0", "D2"]);
        check(["counts", "counts"], ["counts", "counts"]);
        assert_eq!(without_time("GSM12_rep1_day3"), "rep1");
        assert_eq!(without_time("GSM12_2h"), "");
    }
}

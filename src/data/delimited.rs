//! Text tables: cells x genes with columns of labels, and tables that annotate cells.

mod roles;
mod table;

use crate::data::Matrix;
use crate::data::annotation::Annotation;
use crate::data::expression::{Expression, Layout};
use crate::data::mapping::{Guide, TIME_POINTS};
use crate::data::names::{is_accession, unique};
use crate::data::sample::names_of;
use crate::data::study::Study;
use crate::protocol::{ColumnKind, File};
use crate::{Error, Result};
use roles::Role;
use table::{Table, is_missing, text};

const GUIDE: Guide = Guide {
    fallback: None,
    add_time: "Add a column named “time” or “day” with one value per snapshot. Cells are rows here: if the rows of this table are \
        genes, transpose it first.",
};
/// Names of cells that are looked at to see which way the table lies.
const SHOWN_CELLS: usize = 1000;

/// Genes that nearly every study has.
const COMMON_GENES: [&str; 12] =
    ["ACTB", "GAPDH", "MALAT1", "B2M", "EEF1A1", "TMSB4X", "TUBA1B", "VIM", "UBC", "HSP90AB1", "TPT1", "FTL"];
/// So many of them are no names of cells.
const SOME_GENES: usize = 3;

/// Letters that are shown of a field.
const SHOWN_LETTERS: usize = 60;

/// What the fields of a column look like.
#[derive(Clone, Default)]
struct Survey {
    numbers: usize,
    texts: usize,
    /// Some numbers have a fraction, some are below zero.
    fractions: bool,
    negative: bool,
    /// Rows whose number is one more than that above, and the last number.
    counting: usize,
    last: Option<f32>,
    /// Line and content of the first field that is not a number.
    first_text: Option<(u64, String)>,
}

/// A table as it was read.
pub(crate) struct Counted {
    /// Names of the cells; empty if there are none.
    pub(crate) cells: Vec<String>,
    pub(crate) genes: Vec<String>,
    pub(crate) columns: Vec<(String, Annotation)>,
    /// Columns that could be chosen though they are not among the annotations.
    pub(crate) candidates: Vec<(String, Annotation)>,
    pub(crate) spaces: Vec<(String, Matrix)>,
    pub(crate) expression: Expression,
    pub(crate) notes: Vec<String>,
}

/// Opens a table of cells x genes. The first column names the cells; columns that are not numbers, and those that are named as time,
/// types or measurements are, are annotations; all others are genes.
///
/// # Errors
///
/// If a row has another number of fields than the header, a gene has a value that is not a number, there are no genes, or the table has
/// genes in its rows.
pub(crate) fn study(file: &File) -> Result<Study> {
    counted(file).map(|counted| counted.study(GUIDE))
}

impl Counted {
    /// The study that it is.
    pub(crate) fn study(self, guide: Guide) -> Study {
        let Self { cells, genes, columns, candidates, spaces, expression, notes } = self;
        let study = Study::of(expression, unique(genes), columns, notes, guide).with_cell_names(cells);
        study.with_spaces(spaces).with_candidates(candidates)
    }
}

/// Reads a table of cells x genes.
///
/// # Errors
///
/// As [`study`].
pub(crate) fn counted(file: &File) -> Result<Counted> {
    let table = Table::open(&file.bytes)?;
    if is_headerless(&table.header) {
        return Err(Error::input(
            "the first line of this table holds numbers where the names of its columns should be",
        )
        .remedy("Write a header above it: a name for each column, such as cell, day and the genes."));
    }
    let (surveys, names) = survey(&table)?;
    if looks_transposed(&table.header, &surveys, &names) {
        return Err(Error::input("this table has a gene in each row and a cell in each column").remedy(
            "Transpose it, so that each row is a cell, and add a column named “time” or “day”. In Python: \
             `import pandas as pd; t = pd.read_csv(\"in.csv\", index_col=0).T; t.insert(0, \"day\", …); t.to_csv(\"out.csv.gz\")`. \
             Or drop it together with a table that has the names of its cells in the first column and such a column.",
        ));
    }
    let (roles, mut notes) = roles::roles(&table.header, &surveys)?;
    let genes: Vec<String> = named(&table.header, &roles, |role| matches!(role, Role::Gene(_)));
    if genes.is_empty() && !roles.iter().any(|role| matches!(role, Role::Axis)) {
        return Err(Error::input("this table has no column of numbers that could be a gene")
            .remedy("Each row must be a cell, with one column per gene and a column for time."));
    }
    let empty = named(&table.header, &roles, |role| role == Role::Empty);
    if !empty.is_empty() {
        notes.push(format!("Columns without any value were left out: {}.", names_of(empty.iter())));
    }
    let mut counted = content(&table, &roles, genes, notes)?;
    roles::constant_within_times(&mut counted)?;
    roles::offer_ends(&mut counted)?;
    Ok(counted)
}

/// A table with a gene in each row, read as cells x genes.
///
/// # Errors
///
/// If a field is not a number, or the table cannot be read.
pub(crate) fn transposed(file: &File) -> Result<Counted> {
    let table = Table::open(&file.bytes)?;
    let cells: Vec<String> = table.header[1..].to_vec();
    let mut genes = Vec::new();
    let (mut starts, mut cells_of, mut values) = (vec![0i64], Vec::new(), Vec::new());
    table.rows(|line, record| {
        genes.push(record.get(0).map(text).unwrap_or_default());
        for (cell, field) in record.iter().skip(1).enumerate() {
            let value = table.number(field).ok_or_else(|| {
                Error::input(format!(
                    "“{}” is not a number",
                    text(field).chars().take(SHOWN_LETTERS).collect::<String>()
                ))
                .at(format!("line {line}, column “{}”", table.header[cell + 1]))
                .remedy("Write a number with a decimal point there, or leave the column out.")
            })?;
            if value != 0.0 {
                cells_of.push(cell as u32);
                values.push(value);
            }
        }
        starts.push(values.len() as i64);
        Ok(())
    })?;
    let expression = Expression::sparse([cells.len(), genes.len()], Layout::ByGene, &starts, cells_of, values)?;
    Ok(Counted {
        cells,
        genes,
        columns: Vec::new(),
        candidates: Vec::new(),
        spaces: Vec::new(),
        expression,
        notes: Vec::new(),
    })
}

/// Most names of columns are numbers, and not those that count the columns.
fn is_headerless(header: &[String]) -> bool {
    let numbers: Vec<f64> = header.iter().filter_map(|name| name.parse().ok()).collect();
    let counts = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    header.len() > 2 && 2 * numbers.len() > header.len() && !counts
}

/// What is in each column, and the names of the first cells.
fn survey(table: &Table) -> Result<(Vec<Survey>, Vec<String>)> {
    let mut surveys = vec![Survey::default(); table.header.len()];
    let mut names = Vec::new();
    table.rows(|line, record| {
        for (survey, field) in surveys.iter_mut().zip(record) {
            match table.number(field) {
                Some(value) => {
                    survey.numbers += usize::from(!value.is_nan());
                    survey.fractions |= value.is_finite() && value.fract() != 0.0;
                    survey.negative |= value < 0.0;
                    survey.counting += usize::from(survey.last.is_some_and(|last| value == last + 1.0));
                    survey.last = Some(value);
                }
                None => {
                    survey.texts += 1;
                    survey.first_text.get_or_insert_with(|| (line, text(field).chars().take(SHOWN_LETTERS).collect()));
                }
            }
        }
        if names.len() < SHOWN_CELLS {
            names.push(record.get(0).map(text).unwrap_or_default());
        }
        Ok(())
    })?;
    Ok((surveys, names))
}

/// The names of columns in a role.
fn named(header: &[String], roles: &[Role], wanted: impl Fn(Role) -> bool) -> Vec<String> {
    header.iter().zip(roles).filter(|(_, role)| wanted(**role)).map(|(name, _)| name.clone()).collect()
}

/// The table has a gene in each row.
///
/// # Errors
///
/// If it cannot be read.
pub(crate) fn is_transposed(file: &File) -> Result<bool> {
    let table = Table::open(&file.bytes)?;
    let (surveys, names) = survey(&table)?;
    Ok(looks_transposed(&table.header, &surveys, &names))
}

/// Most columns are named as cells are, and most rows are not; or rows are named as genes are, and columns are not.
fn looks_transposed(header: &[String], surveys: &[Survey], names: &[String]) -> bool {
    let columns = header.get(1..).unwrap_or_default();
    let most = |names: &[String]| 2 * names.iter().filter(|name| is_cell_name(name)).count() > names.len();
    let genes = |names: &[String]| names.iter().filter(|name| is_gene_name(name)).count();
    let across = most(columns) && !most(names) || genes(names) >= SOME_GENES && genes(columns) == 0;
    across && !surveys.iter().skip(1).any(|it| it.texts > it.numbers)
}

/// The name of a gene that nearly every study has, or an accession number of Ensembl.
fn is_gene_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let numbered = |rest: &str| rest.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    let ensembl = name.starts_with("ENS") && is_accession(&name);
    let ribosomal = ["RPL", "RPS", "NDUFA", "NDUFB"].iter().any(|start| name.strip_prefix(start).is_some_and(numbered));
    ensembl || ribosomal || name.starts_with("MT-") || COMMON_GENES.contains(&name.as_str())
}

/// A barcode (at least eight bases in a row), or `cell 12`.
fn is_cell_name(name: &str) -> bool {
    let bases = |part: &str| part.len() >= 8 && part.bytes().all(|byte| b"ACGTN".contains(&byte));
    let counted = |prefix: &str| {
        let rest =
            name.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).map(|_| &name[prefix.len()..]);
        rest.is_some_and(|rest| rest.bytes().last().is_some_and(|byte| byte.is_ascii_digit()))
    };
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(bases) || counted("cell") || counted("barcode")
}

fn content(table: &Table, roles: &[Role], genes: Vec<String>, mut notes: Vec<String>) -> Result<Counted> {
    let labels = named(&table.header, roles, |role| role == Role::Label);
    let axes = named(&table.header, roles, |role| role == Role::Axis);
    let mut fields: Vec<Vec<Option<String>>> = vec![Vec::new(); labels.len()];
    let (mut starts, mut genes_of, mut values) = (vec![0], Vec::new(), Vec::new());
    let mut places: Vec<f32> = Vec::new();
    let mut cells = Vec::new();
    table.rows(|_, record| {
        let mut label = 0;
        for (role, field) in roles.iter().zip(record) {
            match role {
                Role::Name => cells.push(text(field)),
                Role::Empty => {}
                Role::Label => {
                    fields[label].push((!is_missing(field)).then(|| table.label(field)));
                    label += 1;
                }
                Role::Axis => places.push(table.number(field).unwrap_or(f32::NAN)),
                Role::Gene(gene) => {
                    let value = table.number(field).unwrap_or(f32::NAN);
                    if value != 0.0 {
                        genes_of.push(*gene);
                        values.push(value);
                    }
                }
            }
        }
        starts.push(values.len());
        Ok(())
    })?;
    let columns = labels.into_iter().zip(fields);
    let columns = columns.map(|(name, fields)| Ok((name, Annotation::fields(fields)?))).collect::<Result<_>>()?;
    let mut candidates = Vec::new();
    // What names the cells, but not each of them once, is a label that could be chosen.
    if roles.first() == Some(&Role::Name) {
        let annotation = Annotation::fields(cells.iter().map(|name| Some(name.clone())).collect())?;
        let repeats = !annotation.levels.is_empty() && annotation.levels.len() < cells.len();
        if annotation.kind == ColumnKind::Number && repeats && !table.header[0].is_empty() {
            notes.push(format!(
                "The first column, “{}”, is read as the names of the cells, though its numbers repeat. If it is a gene, put a column with the names of the cells before it.",
                table.header[0]
            ));
        }
        if annotation.levels.len() < cells.len() && TIME_POINTS.contains(&annotation.levels.len()) {
            let name = if table.header[0].is_empty() { "first column" } else { &table.header[0] };
            candidates.push((name.to_owned(), annotation));
        }
    }
    let expression = Expression::by_cell(genes.len(), starts, genes_of, values);
    let spaces = roles::spaces(&axes, &places, expression.cells);
    Ok(Counted { cells, genes, columns, candidates, spaces, expression, notes })
}

/// A table that annotates cells: the name of each cell, and the fields of the other columns.
pub(crate) struct Labels {
    /// What the column with the names of the cells is called.
    pub(crate) index: String,
    pub(crate) cells: Vec<String>,
    pub(crate) columns: Vec<(String, Vec<Option<String>>)>,
}

/// The names of a table's columns.
///
/// # Errors
///
/// If it is no table.
pub(crate) fn header(file: &File) -> Result<Vec<String>> {
    Table::open(&file.bytes).map(|table| table.header)
}

/// Reads a table that annotates cells.
///
/// # Errors
///
/// If it cannot be read, or a row has another number of fields than the header.
pub(crate) fn labels(file: &File) -> Result<Labels> {
    let table = Table::open(&file.bytes)?;
    let mut cells = Vec::new();
    let mut columns: Vec<_> = table.header[1..].iter().map(|name| (name.clone(), Vec::new())).collect();
    table.rows(|_, record| {
        let mut record = record.iter();
        cells.push(record.next().map(text).unwrap_or_default());
        for ((_, fields), field) in columns.iter_mut().zip(record) {
            fields.push((!is_missing(field)).then(|| table.label(field)));
        }
        Ok(())
    })?;
    Ok(Labels { index: table.header[0].clone(), cells, columns })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_known_by_their_names() {
        let check = |name: &str, cell: bool| assert_eq!(is_cell_name(name), cell, "{name}");
        check("AAACCTGAGAAACCAT-1", true);
        check("day2_AAACCTGAGAAACCAT", true);
        check("cell-0", true);
        check("Cell 12", true);
        check("Actb", false);
        check("GATA4", false);
        check("Cells", false);
        check("Çell", false);
    }

    #[test]
    fn genes_are_known_by_their_names() {
        let check = |name: &str, gene: bool| assert_eq!(is_gene_name(name), gene, "{name}");
        check("ENSMUSG00000051951", true);
        check("ENSG00000141510.17", true);
        check("Rpl13a", true);
        check("mt-Co1", true);
        check("Actb", true);
        check("Ensemble_G01", false);
        check("RPL", false);
        check("cell_1", false);
        check("MT1", false);
    }
}

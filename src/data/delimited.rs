//! Text tables: cells x genes with columns of labels, and tables that annotate cells.

mod table;

use crate::data::annotation::Annotation;
use crate::data::expression::Expression;
use crate::data::mapping::{self, Guide, plain};
use crate::data::sample::names_of;
use crate::data::study::Study;
use crate::protocol::File;
use crate::{Error, Result};
use table::{Table, is_missing, number, text};

const GUIDE: Guide = Guide {
    fallback: None,
    add_time: "Add a column named “time” or “day” with one value per snapshot. Cells are rows here: if the rows of this table are \
        genes, transpose it first.",
};
/// Columns of numbers that common programs write beside the genes.
const MEASUREMENTS: [&str; 20] = [
    "batch",
    "replicate",
    "sample",
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
];
/// Names of cells that are looked at to see which way the table lies.
const SHOWN_CELLS: usize = 1000;

/// Letters that are shown of a field.
const SHOWN_LETTERS: usize = 60;

/// What the fields of a column look like.
#[derive(Clone, Default)]
struct Survey {
    numbers: usize,
    texts: usize,
    /// Line and content of the first field that is not a number.
    first_text: Option<(u64, String)>,
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Name,
    Label,
    Gene(u32),
    Empty,
}

/// Opens a table of cells x genes. The first column names the cells; columns that are not numbers, and those that are named as time,
/// types or measurements are, are annotations; all others are genes.
///
/// # Errors
///
/// If a row has another number of fields than the header, a gene has a value that is not a number, there are no genes, or the table has
/// genes in its rows.
pub(crate) fn study(file: &File) -> Result<Study> {
    let table = Table::open(&file.bytes)?;
    let (surveys, names) = survey(&table)?;
    let roles = roles(&table.header, &surveys)?;
    let labelled = roles.contains(&Role::Label);
    if !labelled && looks_transposed(&table.header, &names) {
        return Err(Error::input("this table has a gene in each row and a cell in each column").remedy(
            "Transpose it, so that each row is a cell, and add a column named “time” or “day”. In Python: \
             `import pandas as pd; t = pd.read_csv(\"in.csv\", index_col=0).T; t.insert(0, \"day\", …); t.to_csv(\"out.csv.gz\")`.",
        ));
    }
    let genes: Vec<String> = named(&table.header, &roles, |role| matches!(role, Role::Gene(_)));
    if genes.is_empty() {
        return Err(Error::input("this table has no column of numbers that could be a gene")
            .remedy("Each row must be a cell, with one column per gene and a column for time."));
    }
    let mut notes = Vec::new();
    let empty = named(&table.header, &roles, |role| role == Role::Empty);
    if !empty.is_empty() {
        notes.push(format!("Columns without any value were left out: {}.", names_of(empty.iter())));
    }
    let (names, columns, expression) = content(&table, &roles, genes.len())?;
    Ok(Study::of(expression, genes, columns, notes, GUIDE).with_cell_names(names))
}

/// What is in each column, and the names of the first cells.
fn survey(table: &Table) -> Result<(Vec<Survey>, Vec<String>)> {
    let mut surveys = vec![Survey::default(); table.header.len()];
    let mut names = Vec::new();
    table.rows(|line, record| {
        for (survey, field) in surveys.iter_mut().zip(record) {
            match number(field) {
                Some(value) => survey.numbers += usize::from(!value.is_nan()),
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

fn roles(header: &[String], surveys: &[Survey]) -> Result<Vec<Role>> {
    let is_label = |name: &str| {
        mapping::is_time_name(name) || mapping::is_type_name(name) || MEASUREMENTS.contains(&plain(name).as_str())
    };
    let mut genes = 0;
    let role = |(column, (name, survey)): (usize, (&String, &Survey))| {
        let Survey { numbers, texts, first_text } = survey;
        Ok(match (numbers, texts, first_text) {
            _ if column == 0 && !is_label(name) => Role::Name,
            (0, 0, _) => Role::Empty,
            _ if is_label(name) => Role::Label,
            (numbers, 0, _) if *numbers > 0 => {
                genes += 1;
                Role::Gene(genes - 1)
            }
            // A gene with a slip, not a column of labels.
            (numbers, texts, Some((line, text))) if numbers > texts => {
                return Err(Error::input(format!("“{text}” is not a number"))
                    .at(format!("line {line}, column “{name}”"))
                    .remedy("Write a number with a decimal point there, or leave the column out."));
            }
            _ => Role::Label,
        })
    };
    header.iter().zip(surveys).enumerate().map(role).collect()
}

/// The names of columns in a role.
fn named(header: &[String], roles: &[Role], wanted: impl Fn(Role) -> bool) -> Vec<String> {
    header.iter().zip(roles).filter(|(_, role)| wanted(**role)).map(|(name, _)| name.clone()).collect()
}

/// Most columns are named as cells are, and most rows are not.
fn looks_transposed(header: &[String], names: &[String]) -> bool {
    let most = |names: &[String]| 2 * names.iter().filter(|name| is_cell_name(name)).count() > names.len();
    most(header.get(1..).unwrap_or_default()) && !most(names)
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

type Columns = Vec<(String, Annotation)>;

/// Names of the cells, if there is a column of them, annotations and values.
fn content(table: &Table, roles: &[Role], genes: usize) -> Result<(Vec<String>, Columns, Expression)> {
    let labels = named(&table.header, roles, |role| role == Role::Label);
    let mut names = Vec::new();
    let mut fields: Vec<Vec<Option<String>>> = vec![Vec::new(); labels.len()];
    let (mut starts, mut genes_of, mut values) = (vec![0], Vec::new(), Vec::new());
    table.rows(|_, record| {
        let mut label = 0;
        for (role, field) in roles.iter().zip(record) {
            match role {
                Role::Name => names.push(text(field)),
                Role::Empty => {}
                Role::Label => {
                    fields[label].push((!is_missing(field)).then(|| text(field)));
                    label += 1;
                }
                Role::Gene(gene) => {
                    let value = number(field).unwrap_or(f32::NAN);
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
    Ok((names, columns, Expression::by_cell(genes, starts, genes_of, values)))
}

/// A table that annotates cells: the name of each cell, and the fields of the other columns.
pub(crate) struct Labels {
    pub(crate) cells: Vec<String>,
    pub(crate) columns: Vec<(String, Vec<Option<String>>)>,
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
            fields.push((!is_missing(field)).then(|| text(field)));
        }
        Ok(())
    })?;
    Ok(Labels { cells, columns })
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
}

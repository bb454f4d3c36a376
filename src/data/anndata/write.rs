//! Writing AnnData files, in the encoding of AnnData 0.8 and later.

use crate::data::{Matrix, Measured};
use crate::{Error, Result};
use hdf5_pure::{AttrValue, DatasetBuilder, FileBuilder, GroupBuilder};

/// A table of observations to write.
#[derive(Default)]
pub(crate) struct Observations<'a> {
    /// Names of the rows.
    pub(crate) names: Vec<String>,
    /// Numeric columns of `obs`.
    pub(crate) numbers: Vec<(String, Vec<f32>)>,
    /// Categorical columns of `obs`.
    pub(crate) categories: Vec<Category>,
    /// Names of the variables.
    pub(crate) variables: Vec<String>,
    /// rows x variables.
    pub(crate) x: Values,
    /// Arrays of `layers`: rows x variables.
    pub(crate) layers: Vec<(&'a str, Matrix)>,
    /// Arrays of `obsm`: rows x any.
    pub(crate) spaces: Vec<(String, &'a Matrix)>,
    /// Arrays of `varm`: variables x any.
    pub(crate) loadings: Vec<(&'a str, &'a Matrix)>,
    /// Names of the variables of `raw`, and its values: rows x those variables.
    pub(crate) raw: Option<(Vec<String>, Sparse)>,
    /// What stands in `uns`.
    pub(crate) notes: Vec<(String, Note)>,
}

/// Values of rows x variables.
pub(crate) enum Values {
    /// All of them.
    Dense(Matrix),
    /// Those that are not zero.
    Sparse(Sparse),
}

impl Default for Values {
    fn default() -> Self {
        Self::Dense(Matrix::default())
    }
}

/// A sparse matrix by columns (CSC).
pub(crate) struct Sparse {
    rows: usize,
    /// Beginning of each column's entries, and the end of the last one's.
    starts: Vec<i32>,
    /// Row of each entry.
    indices: Vec<i32>,
    values: Vec<f32>,
}

impl Sparse {
    /// Measured values as they are shown, of some genes or of all.
    ///
    /// # Errors
    ///
    /// If there are too many of them for the indices of the format.
    pub(crate) fn of(measured: &Measured, genes: Option<&[usize]>) -> Result<Self> {
        let mut sparse = Self { rows: measured.cells, starts: vec![0], indices: Vec::new(), values: Vec::new() };
        let all: Vec<usize> = (0..measured.genes.len()).collect();
        for &gene in genes.unwrap_or(&all) {
            measured.visit(gene, |cell, value| {
                sparse.indices.push(cell as i32);
                sparse.values.push(value);
            })?;
            let end = i32::try_from(sparse.values.len());
            sparse
                .starts
                .push(end.map_err(|_| Error::input("there are more than 2^31 values").at("measured expression"))?);
        }
        Ok(sparse)
    }
}

/// A categorical column.
pub(crate) struct Category {
    /// Name of the column.
    pub(crate) name: String,
    /// The categories stand in their order.
    pub(crate) ordered: bool,
    /// The categories.
    pub(crate) levels: Vec<String>,
    /// Category of each row; -1 where there is none.
    pub(crate) codes: Vec<i16>,
}

/// An entry of `uns`.
pub(crate) enum Note {
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A number.
    Number(f64),
    /// Numbers of some shape, row-major.
    Array(Vec<usize>, Vec<f32>),
    /// Entries under names.
    Group(Vec<(String, Note)>),
}

/// Writes the file.
///
/// # Errors
///
/// If it cannot be put together.
pub(crate) fn write(table: &Observations<'_>) -> Result<Vec<u8>> {
    let mut file = FileBuilder::new();
    encoding("anndata", "0.1.0").into_iter().for_each(|(name, value)| file.set_attr(name, value));
    match &table.x {
        Values::Dense(x) => array(file.create_dataset("X"), &[x.rows, x.cols], &x.values),
        Values::Sparse(x) => {
            let mut group = file.create_group("X");
            sparse(&mut group, x);
            file.add_group(group.finish());
        }
    }

    let mut obs = file.create_group("obs");
    let numbers = table.numbers.iter().map(|it| it.0.as_str());
    frame(&mut obs, &table.names, numbers.chain(table.categories.iter().map(|it| it.name.as_str())));
    for (name, values) in &table.numbers {
        array(obs.create_dataset(name), &[values.len()], values);
    }
    for column in &table.categories {
        let mut group = obs.create_group(&column.name);
        kind(&mut group, "categorical", "0.2.0");
        group.set_attr("ordered", AttrValue::U8(column.ordered.into()));
        texts(&mut group, "categories", &column.levels);
        let codes = group.create_dataset("codes");
        codes.with_i16_data(&column.codes);
        label(codes, "array", "0.2.0");
        obs.add_group(group.finish());
    }
    file.add_group(obs.finish());

    let mut var = file.create_group("var");
    frame(&mut var, &table.variables, std::iter::empty());
    file.add_group(var.finish());
    if let Some((variables, x)) = &table.raw {
        let mut raw = file.create_group("raw");
        kind(&mut raw, "raw", "0.1.0");
        let mut group = raw.create_group("X");
        sparse(&mut group, x);
        raw.add_group(group.finish());
        let mut var = raw.create_group("var");
        frame(&mut var, variables, std::iter::empty());
        raw.add_group(var.finish());
        let mut varm = raw.create_group("varm");
        kind(&mut varm, "dict", "0.1.0");
        raw.add_group(varm.finish());
        file.add_group(raw.finish());
    }

    let layers: Vec<_> = table.layers.iter().map(|(name, matrix)| (*name, matrix)).collect();
    let spaces: Vec<_> = table.spaces.iter().map(|(name, matrix)| (name.as_str(), *matrix)).collect();
    // Readers expect the empty ones too.
    let folders =
        [("layers", layers), ("obsm", spaces), ("varm", table.loadings.clone()), ("obsp", vec![]), ("varp", vec![])];
    for (name, arrays) in folders {
        let mut group = file.create_group(name);
        kind(&mut group, "dict", "0.1.0");
        for (name, matrix) in arrays {
            array(group.create_dataset(name), &[matrix.rows, matrix.cols], &matrix.values);
        }
        file.add_group(group.finish());
    }
    let mut uns = file.create_group("uns");
    notes(&mut uns, &table.notes);
    file.add_group(uns.finish());
    file.finish().map_err(|error| Error::internal(format!("the AnnData file cannot be written ({error})")))
}

fn encoding(kind: &str, version: &str) -> [(&'static str, AttrValue); 2] {
    [("encoding-type", kind), ("encoding-version", version)]
        .map(|(name, value)| (name, AttrValue::VarLenString(value.into())))
}

fn kind(group: &mut GroupBuilder, kind: &str, version: &str) {
    encoding(kind, version).into_iter().for_each(|(name, value)| group.set_attr(name, value));
}

fn label(dataset: &mut DatasetBuilder, kind: &str, version: &str) {
    encoding(kind, version).into_iter().for_each(|(name, value)| _ = dataset.set_attr(name, value));
}

fn array(dataset: &mut DatasetBuilder, shape: &[usize], values: &[f32]) {
    let shape: Vec<u64> = shape.iter().map(|side| *side as u64).collect();
    dataset.with_f32_data(values).with_shape(&shape);
    label(dataset, "array", "0.2.0");
}

fn sparse(group: &mut GroupBuilder, matrix: &Sparse) {
    kind(group, "csc_matrix", "0.1.0");
    group.set_attr("shape", AttrValue::I64Array(vec![matrix.rows as i64, matrix.starts.len() as i64 - 1]));
    for (name, indices) in [("indices", &matrix.indices), ("indptr", &matrix.starts)] {
        let dataset = group.create_dataset(name);
        dataset.with_i32_data(indices);
        label(dataset, "array", "0.2.0");
    }
    array(group.create_dataset("data"), &[matrix.values.len()], &matrix.values);
}

fn texts(group: &mut GroupBuilder, name: &str, values: &[String]) {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let dataset = group.create_dataset(name);
    dataset.with_vlen_strings(&values);
    label(dataset, "string-array", "0.2.0");
}

fn notes(group: &mut GroupBuilder, entries: &[(String, Note)]) {
    kind(group, "dict", "0.1.0");
    for (name, note) in entries {
        match note {
            Note::Text(text) => {
                let dataset = group.create_dataset(name);
                dataset.with_vlen_strings(&[text]).with_shape(&[]);
                label(dataset, "string", "0.2.0");
            }
            Note::Texts(values) => texts(group, name, values),
            Note::Number(number) => {
                let dataset = group.create_dataset(name);
                dataset.with_f64_data(&[*number]).with_shape(&[]);
                label(dataset, "numeric-scalar", "0.2.0");
            }
            Note::Array(shape, values) => array(group.create_dataset(name), shape, values),
            Note::Group(entries) => {
                let mut inner = group.create_group(name);
                notes(&mut inner, entries);
                group.add_group(inner.finish());
            }
        }
    }
}

/// What makes a group a data frame, and its index.
fn frame<'a>(group: &mut GroupBuilder, index: &[String], columns: impl Iterator<Item = &'a str>) {
    kind(group, "dataframe", "0.2.0");
    group.set_attr("_index", AttrValue::VarLenString("_index".into()));
    group.set_attr("column-order", AttrValue::VarLenStringArray(columns.map(String::from).collect()));
    texts(group, "_index", index);
}

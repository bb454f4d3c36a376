//! Writing AnnData files, in the encoding of AnnData 0.8 and later.

use crate::data::Matrix;
use crate::{Error, Result};
use hdf5_pure::{AttrValue, DatasetBuilder, FileBuilder, GroupBuilder};

/// A table of observations to write.
pub(crate) struct Observations<'a> {
    /// Names of the rows.
    pub(crate) names: Vec<String>,
    /// Numeric columns of `obs`.
    pub(crate) numbers: Vec<(&'a str, Vec<f32>)>,
    /// Categorical columns of `obs`: name, categories, code of each row.
    pub(crate) categories: Vec<(&'a str, Vec<String>, Vec<u16>)>,
    /// Names of the variables.
    pub(crate) variables: Vec<String>,
    /// rows x variables.
    pub(crate) x: Matrix,
    /// Arrays of `obsm`.
    pub(crate) spaces: Vec<(&'a str, &'a Matrix)>,
}

/// Writes the file.
///
/// # Errors
///
/// If it cannot be put together.
pub(crate) fn write(table: &Observations<'_>) -> Result<Vec<u8>> {
    let mut file = FileBuilder::new();
    encoding("anndata", "0.1.0").into_iter().for_each(|(name, value)| file.set_attr(name, value));
    matrix(file.create_dataset("X"), &table.x);

    let mut obs = file.create_group("obs");
    frame(&mut obs, &table.names, table.numbers.iter().map(|it| it.0).chain(table.categories.iter().map(|it| it.0)));
    for (name, values) in &table.numbers {
        let dataset = obs.create_dataset(name);
        dataset.with_f32_data(values);
        encoding("array", "0.2.0").into_iter().for_each(|(name, value)| _ = dataset.set_attr(name, value));
    }
    for (name, categories, codes) in &table.categories {
        let mut group = obs.create_group(name);
        encoding("categorical", "0.2.0").into_iter().for_each(|(name, value)| group.set_attr(name, value));
        group.set_attr("ordered", AttrValue::U8(0));
        texts(&mut group, "categories", categories);
        let codes: Vec<i16> = codes.iter().map(|code| *code as i16).collect();
        let dataset = group.create_dataset("codes");
        dataset.with_i16_data(&codes);
        encoding("array", "0.2.0").into_iter().for_each(|(name, value)| _ = dataset.set_attr(name, value));
        obs.add_group(group.finish());
    }
    file.add_group(obs.finish());

    let mut var = file.create_group("var");
    frame(&mut var, &table.variables, std::iter::empty());
    file.add_group(var.finish());

    let mut obsm = file.create_group("obsm");
    dictionary(&mut obsm);
    for (name, values) in &table.spaces {
        matrix(obsm.create_dataset(name), values);
    }
    file.add_group(obsm.finish());
    // Readers expect the empty ones too.
    for name in ["layers", "obsp", "uns", "varm", "varp"] {
        let mut group = file.create_group(name);
        dictionary(&mut group);
        file.add_group(group.finish());
    }
    file.finish().map_err(|error| Error::internal(format!("the AnnData file cannot be written ({error})")))
}

fn encoding(kind: &str, version: &str) -> [(&'static str, AttrValue); 2] {
    [("encoding-type", kind), ("encoding-version", version)]
        .map(|(name, value)| (name, AttrValue::VarLenString(value.into())))
}

fn dictionary(group: &mut GroupBuilder) {
    encoding("dict", "0.1.0").into_iter().for_each(|(name, value)| group.set_attr(name, value));
}

fn matrix(dataset: &mut DatasetBuilder, values: &Matrix) {
    dataset.with_f32_data(&values.values).with_shape(&[values.rows as u64, values.cols as u64]);
    encoding("array", "0.2.0").into_iter().for_each(|(name, value)| _ = dataset.set_attr(name, value));
}

fn texts(group: &mut GroupBuilder, name: &str, values: &[String]) {
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let dataset = group.create_dataset(name);
    dataset.with_vlen_strings(&values);
    encoding("string-array", "0.2.0").into_iter().for_each(|(name, value)| _ = dataset.set_attr(name, value));
}

/// What makes a group a data frame, and its index.
fn frame<'a>(group: &mut GroupBuilder, index: &[String], columns: impl Iterator<Item = &'a str>) {
    encoding("dataframe", "0.2.0").into_iter().for_each(|(name, value)| group.set_attr(name, value));
    group.set_attr("_index", AttrValue::VarLenString("_index".into()));
    group.set_attr("column-order", AttrValue::VarLenStringArray(columns.map(String::from).collect()));
    texts(group, "_index", index);
}

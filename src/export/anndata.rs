//! The file: where each number stands, and under which name other programs look for it.

use super::about::about;
use super::fates::Fates;
use super::learned::Learned;
use crate::data::anndata::write::{self, Category, Note, Observations, Sparse, Values};
use crate::data::{Column, Dataset, Decoder, Matrix};
use crate::error::Result;
use std::collections::BTreeSet;

/// Most values of the dense layers, 200 MB of each; beyond, they are left out.
const MOST_VALUES: usize = 50_000_000;

/// Writes the file.
///
/// # Errors
/// It cannot be put together.
pub(super) fn write(dataset: &Dataset, learned: &Learned) -> Result<Vec<u8>> {
    let cells = dataset.states.rows;
    let mut columns = Columns::default();
    dataset.columns.iter().for_each(|column| columns.study(column));
    let labels = dataset.time_points.iter().map(|point| point.label.clone()).collect();
    let time_key = columns.category("time", true, labels, &dataset.times);
    let names: Vec<String> = dataset.types.iter().map(|kind| kind.name.clone()).collect();
    let type_key = columns.category("cell_type", false, names.clone(), &dataset.cell_types);
    let values: Option<Vec<f32>> = dataset.time_points.iter().map(|point| point.value.map(|v| v as f32)).collect();
    if let Some(values) = values {
        columns.number("time_value", dataset.times.iter().map(|time| values[*time as usize]).collect());
    }
    let lengths = (0..cells).map(|cell| learned.velocities.row(cell).iter().map(|v| v * v).sum::<f32>().sqrt());
    columns.number("velocity_length", lengths.collect());
    learned.numbers.iter().for_each(|(name, values)| _ = columns.number(name, values.clone()));
    if let Some(Fates { shares, .. }) = &learned.fates {
        for (kind, name) in names.iter().enumerate() {
            columns.number(&format!("fate_{name}"), (0..cells).map(|cell| shares.row(cell)[kind]).collect());
        }
    }

    let Variables { names: variables, x, layers, raw, what } = Variables::of(dataset, learned)?;
    let model_space = if dataset.axis == "PC" { "pca".into() } else { plain(&dataset.axis) };
    let loadings = match &dataset.decoder {
        Some(decoder) if decoder.genes == variables => vec![("PCs", &decoder.loadings)],
        _ => Vec::new(),
    };
    let mut spaces =
        vec![(format!("X_{model_space}"), &dataset.states), (format!("velocity_{model_space}"), &learned.velocities)];
    for (index, embedding) in dataset.embeddings.iter().enumerate() {
        let name = basis(&embedding.name);
        let free = |key: &str| spaces.iter().all(|(other, _)| other != key);
        if !free(&format!("X_{name}")) {
            continue;
        }
        spaces.push((format!("X_{name}"), &embedding.positions));
        if let Some((_, vectors)) = learned.plane.as_ref().filter(|(plane, _)| *plane == index) {
            spaces.push((format!("velocity_{name}"), vectors));
        }
    }
    let mut ours = about(dataset, learned, &names);
    for (name, value) in [("time_key", time_key), ("cell_type_key", type_key.clone()), ("x", what.into())] {
        ours.push((name.into(), Note::Text(value)));
    }
    let mut notes = vec![(env!("CARGO_PKG_NAME").into(), Note::Group(ours))];
    let colors: Option<Vec<String>> = dataset.types.iter().map(|kind| kind.color.clone()).collect();
    notes.extend(colors.map(|colors| (format!("{type_key}_colors"), Note::Texts(colors))));

    let names = match dataset.cell_names.len() == cells {
        true => dataset.cell_names.clone(),
        false => (0..cells).map(|cell| format!("cell{cell}")).collect(),
    };
    let Columns { numbers, categories, .. } = columns;
    write::write(&Observations { names, numbers, categories, variables, x, layers, spaces, loadings, raw, notes })
}

/// The columns of `obs`, each under a name of its own.
#[derive(Default)]
struct Columns {
    numbers: Vec<(String, Vec<f32>)>,
    categories: Vec<Category>,
    taken: BTreeSet<String>,
}

impl Columns {
    /// The name, changed if it cannot be one or another column has it.
    fn free(&mut self, name: &str) -> String {
        let mut name = plain(name);
        while !self.taken.insert(name.clone()) {
            name = format!("scimf_{name}");
        }
        name
    }

    fn number(&mut self, name: &str, values: Vec<f32>) -> String {
        let name = self.free(name);
        self.numbers.push((name.clone(), values));
        name
    }

    fn category(&mut self, name: &str, ordered: bool, levels: Vec<String>, codes: &[u32]) -> String {
        let name = self.free(name);
        let codes = codes.iter().map(|code| i16::try_from(*code).unwrap_or(-1)).collect();
        self.categories.push(Category { name: name.clone(), ordered, levels, codes });
        name
    }

    /// A column of the study.
    fn study(&mut self, column: &Column) {
        if column.levels.is_empty() {
            self.number(&column.name, column.values.clone());
            return;
        }
        let name = self.free(&column.name);
        let codes = column.values.iter().map(|value| if value.is_nan() { -1 } else { *value as i16 }).collect();
        self.categories.push(Category { name, ordered: false, levels: column.levels.clone(), codes });
    }
}

/// The name of an embedding in `obsm`, without its `X_`.
fn basis(name: &str) -> String {
    match name {
        "UMAP" => "umap".into(),
        "t-SNE" => "tsne".into(),
        other => plain(other.strip_prefix("X_").unwrap_or(other)),
    }
}

/// The name without what would be a path in the file.
fn plain(name: &str) -> String {
    match name.trim() {
        "" | "." => "_".into(),
        name => name.replace('/', "_"),
    }
}

/// The variables with their values.
struct Variables {
    names: Vec<String>,
    x: Values,
    layers: Vec<(&'static str, Matrix)>,
    raw: Option<(Vec<String>, Sparse)>,
    /// What `x` is.
    what: &'static str,
}

impl Variables {
    /// The genes of the loadings with decoded expression and velocity, if they are not too many; else the measured genes; else the axes of the model
    /// space.
    fn of(dataset: &Dataset, learned: &Learned) -> Result<Self> {
        let (cells, measured) = (dataset.states.rows, dataset.measured.as_ref());
        let decoder = dataset.decoder.as_ref();
        if let Some(decoder) = decoder.filter(|decoder| decoder.genes.len().saturating_mul(cells) <= MOST_VALUES) {
            let (decoded, velocity) = decoded(decoder, &dataset.states, &learned.velocities);
            let of_all = measured.map(|measured| Sparse::of(measured, None)).transpose()?;
            let of_these = measured.and_then(|measured| {
                let genes = decoder.genes.iter().map(|gene| measured.genes.iter().position(|other| other == gene));
                genes.collect::<Option<Vec<usize>>>().map(|genes| Sparse::of(measured, Some(&genes)))
            });
            let (x, what) = match of_these.transpose()? {
                Some(values) => (Values::Sparse(values), "expression as it was measured"),
                None => (Values::Dense(decoded.clone()), "expression decoded from the model space"),
            };
            let raw = measured.map(|measured| measured.genes.clone()).zip(of_all);
            let layers = vec![("decoded", decoded), ("velocity", velocity)];
            return Ok(Self { names: decoder.genes.clone(), x, layers, raw, what });
        }
        let (names, x, what) = match measured {
            Some(measured) => {
                let values = Values::Sparse(Sparse::of(measured, None)?);
                (measured.genes.clone(), values, "expression as it was measured")
            }
            None => {
                let names = (1..=dataset.states.cols).map(|axis| format!("{} {axis}", dataset.axis)).collect();
                (names, Values::Dense(dataset.states.clone()), "the model space")
            }
        };
        Ok(Self { names, x, layers: Vec::new(), raw: None, what })
    }
}

/// Expression and its velocity, both cells x genes.
fn decoded(decoder: &Decoder, states: &Matrix, velocities: &Matrix) -> (Matrix, Matrix) {
    let (rows, cols) = (states.rows, decoder.genes.len());
    let values = (0..rows).flat_map(|cell| decoder.decode(states.row(cell))).collect();
    let product = |gene: usize, v: &[f32]| decoder.loadings.row(gene).iter().zip(v).map(|(a, b)| a * b).sum::<f32>();
    let changes = (0..rows).flat_map(|cell| (0..cols).map(move |gene| product(gene, velocities.row(cell)))).collect();
    (Matrix { rows, cols, values }, Matrix { rows, cols, values: changes })
}

//! Dataset bundles: a zip archive with `manifest.json`, `.npy` arrays and, if there are any, `weights/<key of the model>.safetensors` and
//! `view.json`.
//!
//! The format is described in `docs/BUNDLE.md`, with the Python that writes one.

use crate::data::archive::{self, Archive};
use crate::data::mapping::number_in;
use crate::data::npy;
use crate::data::samples::SamplePart;
use crate::data::{Column, Dataset, Decoder, Embedding, Matrix, Measured};
use crate::protocol::{CellColumn, CellType, ModelKind, Preparation, TimePoint};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Name of the format in the manifest.
const FORMAT: &str = "scimf-bundle";
/// Newest version of the format that is understood, and the one that is written.
const VERSION: u32 = 1;

/// Entry with the names of the cells.
const CELL_NAMES: &str = "cell_names.json";
/// Entries of the measured values: beginnings of the genes' runs, cells, values, factors of the cells.
const MEASURED: [&str; 4] =
    ["measured_starts.npy", "measured_cells.npy", "measured_values.npy", "measured_factors.npy"];

/// A dataset with the weights that were stored beside it.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The dataset. Its name is empty if the manifest has none.
    pub dataset: Dataset,
    /// Weights of a model of each kind at most: entry of the archive and safetensors file.
    pub weights: Vec<(String, Vec<u8>)>,
    /// What a page showed, in its own words.
    pub view: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    #[serde(default)]
    name: String,
    time_points: Vec<Time>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cell_types: Vec<Type>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    samples: Vec<SamplePart>,
    #[serde(default = "principal_component")]
    axis: String,
    /// The first embedding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    embedding: Option<Plane>,
    /// All others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more_embeddings: Vec<Plane>,
    #[serde(default, skip_serializing_if = "is_false")]
    components_first: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    columns: Vec<CellColumn>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    genes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    measured: Option<MeasuredPart>,
    #[serde(default)]
    simulated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    planted_interactions: Option<Vec<Vec<f32>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    held_out: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    preparation: Option<Preparation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn principal_component() -> String {
    "PC".into()
}

/// A time point: its label alone or with its value.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Time {
    Label(String),
    Full {
        label: String,
        #[serde(default)]
        value: Option<f64>,
    },
}

/// A cell type: its name alone or with its colour.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Type {
    Name(String),
    Full {
        name: String,
        #[serde(default)]
        color: Option<String>,
    },
}

#[derive(Serialize, Deserialize)]
struct Plane {
    name: String,
    #[serde(default)]
    axes: Option<[String; 2]>,
}

impl Plane {
    fn of(embedding: &Embedding) -> Self {
        Self { name: embedding.name.clone(), axes: Some(embedding.axes.clone()) }
    }

    fn with(self, positions: Matrix) -> Embedding {
        let axes = self.axes.unwrap_or_else(|| [1, 2].map(|axis| format!("{} {axis}", self.name)));
        Embedding { name: self.name, axes, positions }
    }
}

/// Entry with the positions of an embedding, by its position.
fn embedding_entry(index: usize) -> String {
    if index == 0 { "embedding.npy".into() } else { format!("embedding_{}.npy", index + 1) }
}

/// Names beside the arrays of the measured values.
#[derive(Serialize, Deserialize)]
struct MeasuredPart {
    genes: Vec<String>,
    unit: String,
    #[serde(default)]
    log1p: bool,
}

/// Reads a bundle.
///
/// # Errors
///
/// If it is not a zip archive, has no manifest of this format, lacks an array or has arrays that do not fit together; names the entry.
pub fn read(bytes: &[u8]) -> Result<Bundle> {
    let mut archive = Archive::open(bytes)?;
    let manifest = archive.read("manifest.json")?.ok_or_else(|| {
        Error::input("this zip archive has no manifest.json, so it is not a dataset bundle")
            .remedy("docs/BUNDLE.md of this project has the ten lines of Python that write one.")
    })?;
    let manifest: Manifest = serde_json::from_slice(&manifest)
        .map_err(|error| Error::input(format!("the manifest cannot be used ({error})")).at("manifest.json"))?;
    if manifest.format != FORMAT || manifest.version > VERSION {
        return Err(Error::input(format!(
            "“{}” version {} is not known, only “{FORMAT}” up to version {VERSION}",
            manifest.format, manifest.version
        ))
        .at("manifest.json"));
    }

    let states = archive.matrix("states.npy")?.ok_or_else(|| missing("states.npy"))?;
    let times = archive.indices("times.npy")?.ok_or_else(|| missing("times.npy"))?;
    let (cell_types, types) = match archive.indices("cell_types.npy")? {
        Some(cell_types) => (cell_types, manifest.cell_types.into_iter().map(Type::into).collect()),
        None => (vec![0; states.rows], vec![CellType { name: "all cells".into(), color: None, cells: 0 }]),
    };
    let samples = manifest.samples.into_iter().map(|sample| sample.with(&types)).collect::<Result<Vec<_>>>()?;
    let cell_samples = match archive.indices("samples.npy")? {
        None if !samples.is_empty() => return Err(missing("samples.npy")),
        found => found.unwrap_or_default(),
    };
    let mut embeddings = match (archive.matrix(&embedding_entry(0))?, manifest.embedding) {
        (None, None) => Vec::new(),
        (None, Some(_)) => return Err(missing(&embedding_entry(0))),
        (Some(positions), plane) => {
            vec![plane.unwrap_or(Plane { name: "Embedding".into(), axes: None }).with(positions)]
        }
    };
    for (index, plane) in (1..).zip(manifest.more_embeddings) {
        let entry = embedding_entry(index);
        embeddings.push(plane.with(archive.matrix(&entry)?.ok_or_else(|| missing(&entry))?));
    }
    let decoder = match (archive.matrix("loadings.npy")?, archive.vector("gene_means.npy")?) {
        (None, None) => None,
        (None, Some(_)) => return Err(missing("loadings.npy")),
        (Some(_), None) => return Err(missing("gene_means.npy")),
        (Some(loadings), Some(mean)) => {
            let mean = mean.into_iter().map(|value| value as f32).collect();
            Some(Decoder { genes: manifest.genes, loadings, mean })
        }
    };
    let measured = match manifest.measured {
        None => None,
        Some(MeasuredPart { genes, unit, log1p }) => {
            let singles = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect::<Vec<_>>();
            let [starts, rows, values, factors] = MEASURED;
            Some(Measured {
                genes,
                unit,
                cells: states.rows,
                starts: archive.indices(starts)?.ok_or_else(|| missing(starts))?,
                rows: archive.indices(rows)?.ok_or_else(|| missing(rows))?,
                values: singles(archive.vector(values)?.ok_or_else(|| missing(values))?),
                factors: singles(archive.vector(factors)?.unwrap_or_default()),
                log1p,
            })
        }
    };
    let columns = match (archive.matrix("columns.npy")?, manifest.columns) {
        (None, columns) if columns.is_empty() => Vec::new(),
        (None, _) => return Err(missing("columns.npy")),
        (Some(values), columns) if values.rows != columns.len() => {
            let what = format!("{} rows for {} columns of the manifest", values.rows, columns.len());
            return Err(Error::input(what).at("columns.npy"));
        }
        (Some(values), columns) => columns
            .into_iter()
            .enumerate()
            .map(|(row, column)| Column { name: column.name, levels: column.levels, values: values.row(row).to_vec() })
            .collect(),
    };
    let planted_interactions = match manifest.planted_interactions {
        None => None,
        Some(rows) => {
            let matrix = Matrix::new(rows.len(), rows.first().map_or(0, Vec::len), rows.concat());
            Some(matrix.map_err(|error| error.at("planted_interactions").at("manifest.json"))?)
        }
    };
    let cell_names = match archive.read(CELL_NAMES)? {
        None => Vec::new(),
        Some(bytes) => serde_json::from_slice(&bytes)
            .map_err(|error| Error::input(format!("the names cannot be used ({error})")).at(CELL_NAMES))?,
    };
    let dataset = Dataset {
        name: manifest.name,
        states,
        axis: manifest.axis,
        cell_names,
        times,
        time_points: manifest.time_points.into_iter().map(Time::into).collect(),
        cell_types,
        types,
        cell_samples,
        samples,
        embeddings,
        components_first: manifest.components_first,
        columns,
        decoder,
        measured,
        simulated: manifest.simulated,
        planted_interactions,
        held_out: manifest.held_out,
        preparation: manifest.preparation,
        notes: manifest.notes,
    };
    // A view that cannot be read is no reason to withhold a dataset.
    let view = archive.read("view.json")?.and_then(|bytes| String::from_utf8(bytes).ok());
    let mut weights = Vec::new();
    for kind in ModelKind::ALL {
        let name = weights_entry(kind);
        let older = BEFORE_KEYS.iter().find(|(key, _)| *key == kind.card().key).map(|(_, entry)| (*entry).to_owned());
        for name in [Some(name), older].into_iter().flatten() {
            if let Some(bytes) = archive.read(&name)? {
                weights.push((name, bytes));
                break;
            }
        }
    }
    Ok(Bundle { dataset: dataset.checked()?, weights, view })
}

/// Writes a bundle, deflated.
///
/// # Errors
///
/// If it grows beyond what a zip archive can hold.
pub fn write(dataset: &Dataset, weights: &[(ModelKind, Vec<u8>)], view: Option<&str>) -> Result<Vec<u8>> {
    let manifest = Manifest {
        format: FORMAT.into(),
        version: VERSION,
        name: dataset.name.clone(),
        time_points: dataset
            .time_points
            .iter()
            .map(|point| Time::Full { label: point.label.clone(), value: point.value })
            .collect(),
        cell_types: dataset
            .types
            .iter()
            .map(|cell_type| Type::Full { name: cell_type.name.clone(), color: cell_type.color.clone() })
            .collect(),
        samples: dataset.samples.iter().map(|sample| SamplePart::of(sample, &dataset.types)).collect(),
        axis: dataset.axis.clone(),
        embedding: dataset.embeddings.first().map(Plane::of),
        more_embeddings: dataset.embeddings.iter().skip(1).map(Plane::of).collect(),
        components_first: dataset.components_first,
        columns: dataset.summary().columns,
        genes: dataset.decoder.as_ref().map_or_else(Vec::new, |decoder| decoder.genes.clone()),
        measured: dataset.measured.as_ref().map(|measured| MeasuredPart {
            genes: measured.genes.clone(),
            unit: measured.unit.clone(),
            log1p: measured.log1p,
        }),
        simulated: dataset.simulated,
        planted_interactions: dataset
            .planted_interactions
            .as_ref()
            .map(|planted| (0..planted.rows).map(|row| planted.row(row).to_vec()).collect()),
        held_out: dataset.held_out.clone(),
        preparation: dataset.preparation.clone(),
        notes: dataset.notes.clone(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(|error| Error::internal(error.to_string()))?;
    let table = |matrix: &Matrix| npy::write_f32(&[matrix.rows, matrix.cols], &matrix.values);

    let names: Vec<String> = (0..dataset.embeddings.len()).map(embedding_entry).collect();
    let mut entries = vec![
        ("manifest.json", manifest),
        ("states.npy", table(&dataset.states)),
        ("times.npy", npy::write_indices(&dataset.times)),
        ("cell_types.npy", npy::write_indices(&dataset.cell_types)),
    ];
    if !dataset.samples.is_empty() {
        entries.push(("samples.npy", npy::write_indices(&dataset.cell_samples)));
    }
    entries.extend(names.iter().zip(&dataset.embeddings).map(|(name, it)| (name.as_str(), table(&it.positions))));
    if !dataset.cell_names.is_empty() {
        let names = serde_json::to_vec(&dataset.cell_names).map_err(|error| Error::internal(error.to_string()))?;
        entries.push((CELL_NAMES, names));
    }
    if !dataset.columns.is_empty() {
        let values: Vec<f32> = dataset.columns.iter().flat_map(|column| &column.values).copied().collect();
        entries.push(("columns.npy", npy::write_f32(&[dataset.columns.len(), dataset.states.rows], &values)));
    }
    if let Some(decoder) = &dataset.decoder {
        entries.push(("loadings.npy", table(&decoder.loadings)));
        entries.push(("gene_means.npy", npy::write_f32(&[decoder.mean.len()], &decoder.mean)));
    }
    if let Some(measured) = &dataset.measured {
        let [starts, rows, values, factors] = MEASURED;
        entries.push((starts, npy::write_indices(&measured.starts)));
        entries.push((rows, npy::write_indices(&measured.rows)));
        entries.push((values, npy::write_numbers(&measured.values)));
        if !measured.factors.is_empty() {
            entries.push((factors, npy::write_f32(&[measured.factors.len()], &measured.factors)));
        }
    }
    let models: Vec<String> = weights.iter().map(|(kind, _)| weights_entry(*kind)).collect();
    entries.extend(models.iter().zip(weights).map(|(name, (_, weights))| (name.as_str(), weights.clone())));
    if let Some(view) = view {
        entries.push(("view.json", view.as_bytes().to_vec()));
    }
    archive::pack(entries)
}

/// Where a model's weights are in the archive.
fn weights_entry(kind: ModelKind) -> String {
    format!("weights/{}.safetensors", kind.card().key)
}

/// Where the weights of two models lay before weights lay under the keys of their cards.
const BEFORE_KEYS: [(&str, &str); 2] = [("scimf", "weights.safetensors"), ("cell-mnn", "cell_mnn.safetensors")];

impl From<Time> for TimePoint {
    fn from(time: Time) -> Self {
        let (label, value) = match time {
            Time::Label(label) => (label, None),
            Time::Full { label, value } => (label, value),
        };
        Self { value: value.or_else(|| number_in(&label)), label, cells: 0 }
    }
}

impl From<Type> for CellType {
    fn from(cell_type: Type) -> Self {
        let (name, color) = match cell_type {
            Type::Name(name) => (name, None),
            Type::Full { name, color } => (name, color),
        };
        Self { name, color: color.as_deref().and_then(crate::data::mapping::hex_color), cells: 0 }
    }
}

fn missing(entry: &str) -> Error {
    Error::input(format!("the bundle has no {entry}"))
        .remedy("docs/BUNDLE.md of this project lists what a bundle holds.")
}

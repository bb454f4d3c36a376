//! Guessing what the columns and arrays of a file mean.

mod labels;
mod numbers;
mod time;
mod vocabulary;

pub(crate) use labels::{order, time_of_each, times_in, values};
pub(crate) use numbers::{comparable_numbers, number_in};
pub(crate) use time::is_name as is_time_name;
pub(crate) use vocabulary::names_no_time;

use crate::protocol::limits::MOST_TYPES;
use crate::protocol::{
    Column, DisplaySpace, FileSummary, Mapping, MatrixSummary, ModelSpace, Preprocessing, SpaceSummary, UmapSettings,
    ValueKind,
};
use crate::{Error, Result};

/// Fewest and most different values of a column that can be time.
pub(crate) const TIME_POINTS: std::ops::RangeInclusive<usize> = 2..=60;

const TYPE_NAMES: [&str; 11] = [
    "celltype",
    "celltypes",
    "annotation",
    "cellontologyclass",
    "cluster",
    "clusters",
    "leiden",
    "louvain",
    "stateinfo",
    "celltypeannotation",
    "celllabel",
];
/// Names of columns that hold the population in which a cell lived, the likeliest first.
const SAMPLE_NAMES: [&str; 15] = [
    "sample",
    "sampleid",
    "replicate",
    "rep",
    "batch",
    "donor",
    "donorid",
    "patient",
    "mouse",
    "embryo",
    "condition",
    "treatment",
    "genotype",
    "arm",
    "origident",
];
/// Parts of names of columns that hold types or clusters, the surest first.
const TYPE_PARTS: [&str; 17] = [
    "celltype",
    "annotation",
    "cellclass",
    "cellidentity",
    "cellstate",
    "subtype",
    "singler",
    "celltypist",
    "majorityvoting",
    "predictedid",
    "predictedlabel",
    "seuratclusters",
    "leiden",
    "louvain",
    "snnres",
    "cluster",
    "lineage",
];
const MODEL_SPACES: [&str; 5] = ["xpca", "xpcaharmony", "xharmony", "xscvi", "latentrep"];
/// Parts of names of spaces to model in, the surest first.
const MODEL_PARTS: [&str; 22] = [
    "pca",
    "harmony",
    "scvi",
    "scanvi",
    "totalvi",
    "multivi",
    "latent",
    "scanorama",
    "mnn",
    "corrected",
    "lsi",
    "cca",
    "peakvi",
    "liger",
    "nmf",
    "mofa",
    "scgpt",
    "geneformer",
    "reduced",
    "glue",
    "integrated",
    "embedding",
];
const DISPLAY_SPACES: [&str; 5] = ["xumap", "xtsne", "xdrawgraph", "xemb", "xspring"];
/// Parts of names of planes, the best known first.
const DISPLAY_PARTS: [&str; 6] = ["umap", "tsne", "drawgraph", "forcedirected", "fle", "spring"];
/// Layers in which counts are kept.
const COUNT_LAYERS: [&str; 4] = ["counts", "rawcounts", "umi", "spliced"];
/// Planes and coordinates that are not spaces to model in, besides [`DISPLAY_SPACES`].
const NOT_MODEL: [&str; 7] = ["umap", "tsne", "drawgraph", "forcedirected", "spatial", "phate", "velocity"];
/// Of so many cells at most a UMAP is proposed: every cell's neighbours are sought among thousands.
const MOST_IN_UMAP: usize = 250_000;
/// Columns of a space to model in that is proposed: fewer are a layout.
const MODEL_COLUMNS: std::ops::RangeInclusive<usize> = 4..=200;

/// What is particular to the kind of file when the columns are guessed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guide {
    /// A column that is time if no other can be.
    pub(crate) fallback: Option<&'static str>,
    /// How a user adds a column for time, in one sentence.
    pub(crate) add_time: &'static str,
}

/// The mapping that fits best, and what has to be asked for: what is open is empty in the mapping.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The mapping.
    pub mapping: Mapping,
    /// Why something is open.
    pub questions: Vec<Error>,
}

/// Proposes how to read a file: which column is time and cell type, in which space to model and in which to draw. What is not known is a question.
///
/// # Errors
///
/// If there is neither a reduced space nor an expression matrix, or no column that could be chosen as time; says what was found and what to do.
pub(crate) fn propose(file: &FileSummary, guide: Guide) -> Result<Proposal> {
    let mut questions = Vec::new();
    let model_space = stored_space(&file.spaces).map(|space| ModelSpace::Stored(space.name.clone()));
    let model_space = match model_space.or_else(|| computed_space(file)) {
        Some(space) => space,
        None if file.spaces.iter().any(|space| space.dimensions >= 2) => {
            questions.push(no_space());
            ModelSpace::Stored(String::new())
        }
        None => return Err(no_space()),
    };
    let (time, time_order) = match time::guess(file, guide) {
        Ok(column) => (column.name.clone(), times(column)),
        Err(error) if file.columns.iter().any(|column| column.can_be_time) => {
            questions.push(error);
            (String::new(), Vec::new())
        }
        Err(error) => return Err(error),
    };
    let stored = DISPLAY_SPACES.iter().find_map(|name| {
        file.spaces.iter().find(|space| plain(&space.name).starts_with(name) && space.dimensions >= 2)
    });
    let stored = stored.or_else(|| {
        DISPLAY_PARTS
            .iter()
            .find_map(|part| file.spaces.iter().find(|space| is_plane(space) && plain(&space.name).contains(part)))
    });
    let mapping = Mapping {
        sample: None,
        clusters: None,
        cell_type: cell_type(file, &time).map(|column| column.name.clone()),
        time,
        time_order,
        display_space: match (stored, &model_space) {
            (Some(space), _) => DisplaySpace::Stored(space.name.clone()),
            (None, ModelSpace::Computed(_)) if file.cells <= MOST_IN_UMAP => {
                DisplaySpace::Umap(UmapSettings::default())
            }
            (None, ModelSpace::Computed(_)) => DisplaySpace::Components,
            (None, ModelSpace::Stored(_)) => DisplaySpace::Components,
        },
        model_space,
    };
    Ok(Proposal { mapping, questions })
}

/// The labels of a column that are proposed as time points, in order.
fn times(column: &Column) -> Vec<String> {
    let named = column.levels.iter().filter(|level| !level.no_time).map(|level| level.label.clone());
    let named: Vec<String> = named.collect();
    match named.len() {
        0 | 1 => column.levels.iter().map(|level| level.label.clone()).collect(),
        _ => named,
    }
}

/// The column that probably holds cell types or clusters.
fn cell_type<'a>(file: &'a FileSummary, time: &str) -> Option<&'a Column> {
    let usable = |column: &&Column| column.name != time && (1..=MOST_TYPES).contains(&column.levels.len());
    let columns = || file.columns.iter().filter(usable);
    let named = TYPE_NAMES.iter().find_map(|name| columns().find(|column| plain(&column.name) == *name));
    named.or_else(|| {
        TYPE_PARTS.iter().find_map(|part| {
            columns().find(|column| plain(&column.name).contains(part) && !plain(&column.name).contains("ontologyterm"))
        })
    })
}

/// The array that is the best model space, if one is usable.
pub(crate) fn stored_space(spaces: &[SpaceSummary]) -> Option<&SpaceSummary> {
    let usable = || spaces.iter().filter(|space| MODEL_COLUMNS.contains(&space.dimensions));
    let drawn = |space: &&SpaceSummary| {
        let name = plain(&space.name);
        DISPLAY_SPACES.iter().chain(&NOT_MODEL).any(|part| name.contains(part))
    };
    let by_name = MODEL_SPACES.iter().find_map(|name| usable().find(|space| plain(&space.name) == *name));
    let others = || usable().filter(|space| !drawn(space));
    let by_part = || MODEL_PARTS.iter().find_map(|part| others().find(|space| plain(&space.name).contains(part)));
    by_name.or_else(by_part).or_else(|| others().next())
}

/// The array is a plane to draw in, or its first two columns are: it has two or three, or the name of an embedding.
pub(crate) fn is_plane(space: &SpaceSummary) -> bool {
    let name = plain(&space.name);
    let drawn = DISPLAY_SPACES.iter().chain(&NOT_MODEL).any(|part| name.contains(part));
    // Velocities lie beside the embedding that they belong to and are no positions.
    space.dimensions >= 2 && (space.dimensions <= 3 || drawn) && !name.contains("velocity")
}

/// Principal components of the best matrix.
fn computed_space(file: &FileSummary) -> Option<ModelSpace> {
    best_matrix(file).map(|matrix| ModelSpace::Computed(Preprocessing::proposed(matrix, file.cells)))
}

/// The matrix to compute from: counts before logarithms before others, `X` before layers before `raw/X`.
pub(crate) fn best_matrix(file: &FileSummary) -> Option<&MatrixSummary> {
    let rank = |matrix: &&MatrixSummary| {
        let values = match matrix.values {
            ValueKind::Counts => 0,
            ValueKind::LogNormalised => 1,
            ValueKind::Normalised => 2,
            ValueKind::Scaled => 3,
        };
        let place = match matrix.name.strip_prefix("layers/").map(plain) {
            None if matrix.name == "X" => 0,
            Some(layer) if COUNT_LAYERS.contains(&layer.as_str()) => 1,
            None => 2,
            Some(_) => 3,
        };
        (values, place)
    };
    file.matrices.iter().min_by_key(rank)
}

fn no_space() -> Error {
    Error::input("this file has neither expression values nor principal components (PCA) or another reduced space").remedy(
        "Put them into it in Python and write it again: `import scanpy as sc; a = sc.read_h5ad(\"in.h5ad\"); sc.pp.pca(a); \
         a.write_h5ad(\"out.h5ad\", compression=\"gzip\")`.",
    )
}

/// A column of this name holds cell types.
pub(crate) fn is_type_name(name: &str) -> bool {
    let name = plain(name);
    let clusters = ["leiden", "louvain", "snnres", "seuratclusters", "predictedid"];
    TYPE_NAMES.contains(&name.as_str())
        || name.starts_with("celltype")
        || clusters.iter().any(|part| name.contains(part))
}

/// A column of this name holds samples, and how likely: a smaller number is likelier.
pub(crate) fn sample_rank(name: &str) -> Option<usize> {
    let name = plain(name);
    SAMPLE_NAMES.iter().position(|known| *known == name)
}

/// A name in lower case without spaces and punctuation.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A colour as `#rrggbb`, from `#rrggbb` or `#rrggbbaa`; none for anything else.
pub(crate) fn hex_color(color: &str) -> Option<String> {
    let digits = color.strip_prefix('#')?;
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && matches!(digits.len(), 6 | 8);
    hex.then(|| format!("#{}", digits[..6].to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::annotation::Annotation;

    #[test]
    fn planes_are_known_by_their_columns_and_names() {
        let check = |name: &str, dimensions: usize, plane: bool| {
            assert_eq!(is_plane(&SpaceSummary { name: name.into(), dimensions }), plane, "{name} {dimensions}");
        };
        check("X_umap", 2, true);
        check("X_umap", 1, false);
        check("X_tsne", 10, true);
        check("spatial", 2, true);
        check("own plane", 3, true);
        check("X_scVI", 10, false);
        check("velocity_umap", 2, false);
    }

    #[test]
    fn so_many_cells_are_drawn_in_their_components() {
        let days = Annotation::texts(vec!["0".into(), "2".into()], |_| false).unwrap().summary("day");
        let counts =
            MatrixSummary { name: "X".into(), genes: 3000, values: ValueKind::Counts, evidence: String::new() };
        let guide = Guide { fallback: None, add_time: "" };
        let drawn = |cells: usize| {
            let file = FileSummary {
                name: String::new(),
                cells,
                genes: 3000,
                columns: vec![days.clone()],
                spaces: Vec::new(),
                matrices: vec![counts.clone()],
                notes: Vec::new(),
            };
            propose(&file, guide).unwrap().mapping.display_space
        };
        assert!(matches!(drawn(250_000), DisplaySpace::Umap(_)) && drawn(250_001) == DisplaySpace::Components);
    }

    #[test]
    fn the_best_matrix_is_proposed() {
        let check = |cells: usize, matrices: &[(&str, ValueKind)], name: &str, components: usize| {
            let summary = |(name, values): &(&str, ValueKind)| MatrixSummary {
                name: (*name).into(),
                genes: 3000,
                values: *values,
                evidence: String::new(),
            };
            let file = FileSummary {
                name: String::new(),
                cells,
                genes: 3000,
                columns: Vec::new(),
                spaces: Vec::new(),
                matrices: matrices.iter().map(summary).collect(),
                notes: Vec::new(),
            };
            let Some(ModelSpace::Computed(steps)) = computed_space(&file) else { panic!("nothing proposed") };
            assert_eq!((steps.matrix.as_str(), steps.components), (name, components));
        };
        use ValueKind::{Counts, LogNormalised, Normalised, Scaled};
        check(100, &[("X", Counts), ("layers/counts", Counts)], "X", 50);
        check(100, &[("X", Scaled), ("layers/ambient", Counts), ("raw/X", Counts)], "raw/X", 50);
        check(100, &[("X", LogNormalised), ("raw/X", Counts), ("layers/Raw_counts", Counts)], "layers/Raw_counts", 50);
        check(20, &[("X", Scaled), ("raw/X", LogNormalised), ("layers/tpm", Normalised)], "raw/X", 19);
        check(100, &[("X", Scaled)], "X", 50);
    }

    #[test]
    fn colours_become_six_digits() {
        assert_eq!(hex_color("#0072B2").as_deref(), Some("#0072b2"));
        assert_eq!(hex_color("#0072b2ff").as_deref(), Some("#0072b2"));
        assert_eq!(hex_color("red"), None);
        assert_eq!(hex_color("#ßßß"), None);
    }
}

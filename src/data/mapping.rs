//! Guessing what the columns and arrays of a file mean.

use crate::data::sample::names_of;
use crate::protocol::{
    Column, DisplaySpace, FileSummary, Mapping, MatrixSummary, ModelSpace, OrderSource, Preprocessing, SpaceSummary,
    UmapSettings, ValueKind,
};
use crate::{Error, Result};

/// Fewest and most different values of a column that can be time.
pub(crate) const TIME_POINTS: std::ops::RangeInclusive<usize> = 2..=60;

const TIME_NAMES: [&str; 16] = [
    "time",
    "day",
    "days",
    "timepoint",
    "tp",
    "stage",
    "developmentstage",
    "age",
    "hpf",
    "hour",
    "hours",
    "week",
    "weeks",
    "timepoints",
    "collectiontime",
    "dpf",
];
/// Parts of a name that speak for time, and those that speak against it.
const TIME_PARTS: [&str; 6] = ["time", "day", "stage", "hpf", "hour", "week"];
const NOT_TIME: [&str; 3] = ["pseudotime", "latenttime", "dpt"];
/// What stands before or after the number in time labels such as `E7.5` or `24h`.
const TIME_UNITS: [&str; 24] = [
    "e", "p", "d", "day", "days", "h", "hr", "hrs", "hour", "hours", "hpf", "dpf", "hpi", "dpi", "w", "wk", "week",
    "weeks", "t", "tp", "stage", "min", "month", "months",
];
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
const MODEL_SPACES: [&str; 5] = ["xpca", "xpcaharmony", "xharmony", "xscvi", "latentrep"];
const DISPLAY_SPACES: [&str; 5] = ["xumap", "xtsne", "xdrawgraph", "xemb", "xspring"];
/// Layers in which counts are kept.
const COUNT_LAYERS: [&str; 4] = ["counts", "rawcounts", "umi", "spliced"];
/// Planes and coordinates that are not spaces to model in, besides [`DISPLAY_SPACES`].
const NOT_MODEL: [&str; 6] = ["umap", "tsne", "drawgraph", "spatial", "phate", "velocity"];

/// What is particular to the kind of file when the columns are guessed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guide {
    /// A column that is time if no other can be.
    pub(crate) fallback: Option<&'static str>,
    /// How a user adds a column for time, in one sentence.
    pub(crate) add_time: &'static str,
}

/// Proposes how to read a file: which column is time and cell type, in which space to model and in which to draw.
///
/// # Errors
///
/// If there is neither a reduced space nor an expression matrix, or no column that can be time; says what was found and what to do.
pub(crate) fn propose(file: &FileSummary, guide: Guide) -> Result<Mapping> {
    let model_space = stored_space(&file.spaces).map(|space| ModelSpace::Stored(space.name.clone()));
    let model_space = model_space.or_else(|| computed_space(file)).ok_or_else(no_space)?;
    let time = time(file, guide)?;
    let cell_type = TYPE_NAMES
        .iter()
        .find_map(|name| file.columns.iter().find(|column| plain(&column.name) == *name))
        .or_else(|| {
            file.columns
                .iter()
                .find(|column| ["celltype", "annotation"].iter().any(|part| plain(&column.name).contains(part)))
        });
    let stored = DISPLAY_SPACES.iter().find_map(|name| {
        file.spaces.iter().find(|space| plain(&space.name).starts_with(name) && space.dimensions >= 2)
    });
    Ok(Mapping {
        time: time.name.clone(),
        time_order: time.levels.iter().map(|level| level.label.clone()).collect(),
        cell_type: cell_type
            .filter(|column| column.name != time.name && !column.levels.is_empty())
            .map(|column| column.name.clone()),
        sample: None,
        display_space: match (stored, &model_space) {
            (Some(space), _) => DisplaySpace::Stored(space.name.clone()),
            (None, ModelSpace::Computed(_)) => DisplaySpace::Umap(UmapSettings::default()),
            (None, ModelSpace::Stored(_)) => DisplaySpace::Components,
        },
        model_space,
    })
}

/// The array that is the best model space, if one is usable.
pub(crate) fn stored_space(spaces: &[SpaceSummary]) -> Option<&SpaceSummary> {
    let usable = |dimensions: usize| (2..=200).contains(&dimensions);
    let by_name = MODEL_SPACES
        .iter()
        .find_map(|name| spaces.iter().find(|space| plain(&space.name) == *name && usable(space.dimensions)));
    let other = || {
        spaces.iter().find(|space| {
            let name = plain(&space.name);
            usable(space.dimensions) && !DISPLAY_SPACES.iter().chain(&NOT_MODEL).any(|part| name.contains(part))
        })
    };
    by_name.or_else(other)
}

/// The array is a plane to draw in, or its first two columns are: it has two or three, or the name of an embedding.
pub(crate) fn is_plane(space: &SpaceSummary) -> bool {
    let name = plain(&space.name);
    let drawn = DISPLAY_SPACES.iter().chain(&NOT_MODEL).any(|part| name.contains(part));
    // Velocities lie beside the embedding that they belong to and are no positions.
    space.dimensions >= 2 && (space.dimensions <= 3 || drawn) && !name.contains("velocity")
}

/// Principal components of the best matrix: counts before logarithms before others, `X` before layers before `raw/X`.
fn computed_space(file: &FileSummary) -> Option<ModelSpace> {
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
    let matrix = file.matrices.iter().min_by_key(rank)?;
    Some(ModelSpace::Computed(Preprocessing::proposed(matrix, file.cells)))
}

fn no_space() -> Error {
    Error::input("this file has neither expression values nor principal components (PCA) or another reduced space").remedy(
        "Put them into it in Python and write it again: `import scanpy as sc; a = sc.read_h5ad(\"in.h5ad\"); sc.pp.pca(a); \
         a.write_h5ad(\"out.h5ad\", compression=\"gzip\")`.",
    )
}

/// A column of this name is time, whatever else is in the file: one of the words that are used for time stands alone in it.
pub(crate) fn is_time_name(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric()).map(plain);
    TIME_NAMES.contains(&plain(name).as_str()) || words.into_iter().any(|word| TIME_PARTS.contains(&word.as_str()))
}

/// A column of this name holds cell types.
pub(crate) fn is_type_name(name: &str) -> bool {
    let name = plain(name);
    TYPE_NAMES.contains(&name.as_str()) || name.starts_with("celltype")
}

/// A column of this name holds samples, and how likely: a smaller number is likelier.
pub(crate) fn sample_rank(name: &str) -> Option<usize> {
    let name = plain(name);
    SAMPLE_NAMES.iter().position(|known| *known == name)
}

fn time(file: &FileSummary, guide: Guide) -> Result<&Column> {
    let columns = || file.columns.iter();
    let exact = TIME_NAMES.iter().filter_map(|name| columns().find(|column| plain(&column.name) == *name));
    let part = columns().filter(|column| {
        let name = plain(&column.name);
        TIME_PARTS.iter().any(|part| name.contains(part)) && !NOT_TIME.iter().any(|part| name.contains(part))
    });
    let labels = columns().filter(|column| {
        let unit = |label: &str| time_unit(label).is_some_and(|unit| TIME_UNITS.contains(&unit.as_str()));
        !column.levels.is_empty() && column.levels.iter().all(|level| unit(&level.label))
    });
    let fallback = columns().filter(|column| guide.fallback == Some(&column.name));
    let candidates: Vec<&Column> = exact.chain(part).chain(labels).chain(fallback).collect();
    if let Some(column) = candidates.iter().find(|column| column.can_be_time) {
        return Ok(column);
    }
    let (fewest, most) = TIME_POINTS.into_inner();
    Err(match candidates.first() {
        Some(Column { name, distinct: 1, levels, .. }) => Error::input(format!(
            "there is only one time point: the column “{name}” has the single value “{}”",
            levels.first().map_or("", |level| &level.label)
        ))
        .remedy("Snapshots of at least two times are needed to learn how cells change; put all of them into one file."),
        Some(Column { name, missing, .. }) if *missing > 0 => {
            Error::input(format!("{missing} cells have no value in the time column “{name}”"))
                .remedy("Remove these cells or fill the column in, and write the file again.")
        }
        Some(Column { name, distinct, .. }) => Error::input(format!(
            "the column “{name}” has {distinct} different values; time needs {fewest} to {most} time points"
        )),
        None => {
            let names = names_of(file.columns.iter().map(|column| &column.name));
            let found = if names.is_empty() { "none".into() } else { names };
            Error::input(format!("no column says at which time a cell was taken; the columns are: {found}"))
                .remedy(guide.add_time)
        }
    })
}

/// A name in lower case without spaces and punctuation.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Bytes of the first number in a label. A minus counts only at the start of a word: `day -1`, but not `day-1`.
fn number_span(label: &str) -> Option<std::ops::Range<usize>> {
    let bytes = label.as_bytes();
    let digit = bytes.iter().position(u8::is_ascii_digit)?;
    let mut end = digit;
    let mut point = false;
    while let Some(byte) = bytes.get(end) {
        let fraction = *byte == b'.' && !point && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !fraction {
            break;
        }
        point |= fraction;
        end += 1;
    }
    let negative = digit > 0 && bytes[digit - 1] == b'-' && (digit == 1 || bytes[digit - 2] == b' ');
    Some(digit - usize::from(negative)..end)
}

/// The number in a label such as `E7.5`, `day 3` or `24h`.
pub(crate) fn number_in(label: &str) -> Option<f64> {
    // Hundreds of digits in a row are beyond any number.
    label[number_span(label)?].parse().ok().filter(|number: &f64| number.is_finite())
}

/// What a label holds besides its number, in lower case; none without a number.
fn time_unit(label: &str) -> Option<String> {
    let span = number_span(label)?;
    Some(plain(&format!("{}{}", &label[..span.start], &label[span.end..])))
}

/// The numbers of labels that differ in nothing else; none if they do, as their numbers then count different things.
pub(crate) fn comparable_numbers(labels: &[impl AsRef<str>]) -> Option<Vec<f64>> {
    let unit = |label: &str| {
        let unit = time_unit(label)?;
        Some(match unit.as_str() {
            "day" | "hour" | "week" | "month" => unit + "s",
            _ => unit,
        })
    };
    let first = unit(labels.first()?.as_ref())?;
    labels
        .iter()
        .map(|label| number_in(label.as_ref()).filter(|_| unit(label.as_ref()).as_ref() == Some(&first)))
        .collect()
}

/// The order in which labels follow each other as time points, and where it comes from.
pub(crate) fn order(labels: &[String], declared: bool) -> (Vec<usize>, OrderSource) {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    if declared {
        return (order, OrderSource::Declared);
    }
    let Some(numbers) = comparable_numbers(labels) else { return (order, OrderSource::Unknown) };
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    (order, OrderSource::Number)
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

    #[test]
    fn numbers_are_found_in_labels() {
        let check = |label: &str, number: Option<f64>| assert_eq!(number_in(label), number, "{label}");
        check("E7.5", Some(7.5));
        check("day 3", Some(3.0));
        check("D14", Some(14.0));
        check("24h", Some(24.0));
        check("3hpf", Some(3.0));
        check("wk2", Some(2.0));
        check("day -1", Some(-1.0));
        check("day-1", Some(1.0));
        check("-2", Some(-2.0));
        check("10.5", Some(10.5));
        check("v1.2.3", Some(1.2));
        check("3.", Some(3.0));
        check("früh", None);
        check(&"9".repeat(400), None);
        check("5′-β", Some(5.0));
    }

    #[test]
    fn labels_are_ordered_by_number_only_if_they_count_the_same() {
        let check = |labels: &[&str], declared: bool, expected: &[usize], source: OrderSource| {
            let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
            assert_eq!(order(&labels, declared), (expected.to_vec(), source), "{labels:?}");
        };
        check(&["day 10", "day 2", "day 4"], false, &[1, 2, 0], OrderSource::Number);
        check(&["day 10", "day 2", "day 4"], true, &[0, 1, 2], OrderSource::Declared);
        check(&["days 2", "1 day"], false, &[1, 0], OrderSource::Number);
        check(&["P0", "E18.5"], false, &[0, 1], OrderSource::Unknown);
        check(&["late", "early"], false, &[0, 1], OrderSource::Unknown);
    }

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
    fn names_of_genes_are_not_names_of_time() {
        let check = |name: &str, time: bool, cell_type: bool| {
            assert_eq!((is_time_name(name), is_type_name(name)), (time, cell_type), "{name}");
        };
        check("day", true, false);
        check("Time point", true, false);
        check("sampling_day", true, false);
        check("Timeless", false, false);
        check("Hpf1", false, false);
        check("Cell Type", false, true);
        check("cell_type_original", false, true);
        check("Leiden", false, true);
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

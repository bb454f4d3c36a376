//! Guessing what the columns and arrays of a file mean.

use crate::protocol::{Column, DisplaySpace, FileSummary, Mapping, ModelSpace, OrderSource};
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
const MODEL_SPACES: [&str; 5] = ["xpca", "xpcaharmony", "xharmony", "xscvi", "latentrep"];
const DISPLAY_SPACES: [&str; 5] = ["xumap", "xtsne", "xdrawgraph", "xemb", "xspring"];
/// Planes and coordinates that are not spaces to model in, besides [`DISPLAY_SPACES`].
const NOT_MODEL: [&str; 6] = ["umap", "tsne", "drawgraph", "spatial", "phate", "velocity"];

/// Proposes how to read a file: which column is time and cell type, in which array to model and in which to draw.
///
/// # Errors
///
/// If there is no reduced space or no column that can be time; says what was found and what to do.
pub fn propose(file: &FileSummary) -> Result<Mapping> {
    let model_space = model_space(file)?;
    let time = time(file)?;
    let cell_type = TYPE_NAMES
        .iter()
        .find_map(|name| file.columns.iter().find(|column| plain(&column.name) == *name))
        .or_else(|| {
            file.columns
                .iter()
                .find(|column| ["celltype", "annotation"].iter().any(|part| plain(&column.name).contains(part)))
        });
    let display_space = DISPLAY_SPACES.iter().find_map(|name| {
        file.spaces.iter().find(|space| plain(&space.name).starts_with(name) && space.dimensions >= 2)
    });
    Ok(Mapping {
        time: time.name.clone(),
        time_order: time.levels.iter().map(|level| level.label.clone()).collect(),
        cell_type: cell_type
            .filter(|column| column.name != time.name && !column.levels.is_empty())
            .map(|column| column.name.clone()),
        model_space: ModelSpace::Stored(model_space),
        display_space: display_space.map_or(DisplaySpace::Components, |space| DisplaySpace::Stored(space.name.clone())),
    })
}

fn model_space(file: &FileSummary) -> Result<String> {
    let usable = |dimensions: usize| (2..=200).contains(&dimensions);
    let by_name = MODEL_SPACES
        .iter()
        .find_map(|name| file.spaces.iter().find(|space| plain(&space.name) == *name && usable(space.dimensions)));
    let other = || {
        file.spaces.iter().find(|space| {
            let name = plain(&space.name);
            usable(space.dimensions) && !DISPLAY_SPACES.iter().chain(&NOT_MODEL).any(|part| name.contains(part))
        })
    };
    by_name.or_else(other).map(|space| space.name.clone()).ok_or_else(|| {
        Error::input("this file has no principal components (PCA) or other reduced space in obsm yet").remedy(
            "Compute it in Python and write the file again: `import scanpy as sc; a = sc.read_h5ad(\"in.h5ad\"); \
             sc.pp.normalize_total(a); sc.pp.log1p(a); sc.pp.pca(a); a.write_h5ad(\"out.h5ad\", compression=\"gzip\")` \
             (leave out the first two steps if the values are log-normalised already).",
        )
    })
}

fn time(file: &FileSummary) -> Result<&Column> {
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
    let candidates: Vec<&Column> = exact.chain(part).chain(labels).collect();
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
            let names: Vec<_> = columns().map(|column| format!("“{}”", column.name)).collect();
            let found = if names.is_empty() { "none".into() } else { names.join(", ") };
            Error::input(format!("no column of obs says at which time a cell was taken; the columns are: {found}"))
                .remedy("Add one named “time” or “day”, with one value per snapshot, and write the file again.")
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
    label[number_span(label)?].parse().ok()
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
    fn colours_become_six_digits() {
        assert_eq!(hex_color("#0072B2").as_deref(), Some("#0072b2"));
        assert_eq!(hex_color("#0072b2ff").as_deref(), Some("#0072b2"));
        assert_eq!(hex_color("red"), None);
        assert_eq!(hex_color("#ßßß"), None);
    }
}

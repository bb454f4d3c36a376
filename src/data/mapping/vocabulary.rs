//! Words in labels of time.

use super::plain;

/// Labels of cells that were taken before everything, or were left alone.
const CONTROLS: [&str; 28] = [
    "ctrl",
    "ctl",
    "control",
    "controls",
    "untreated",
    "uninjured",
    "unstimulated",
    "unstim",
    "uninfected",
    "undamaged",
    "uncut",
    "unwounded",
    "unperturbed",
    "intact",
    "naive",
    "naïve",
    "mock",
    "sham",
    "baseline",
    "homeostasis",
    "steadystate",
    "none",
    "nottreated",
    "noninjured",
    "pre",
    "before",
    "vehicle",
    "nt",
];
/// Labels of what is behind all days.
const ADULTS: [&str; 4] = ["adult", "ad", "mature", "aged"];
/// Parts of labels that name no time.
const NO_TIME: [&str; 17] = [
    "mixed",
    "unassigned",
    "unknown",
    "undefined",
    "undetermined",
    "unclassified",
    "unspecified",
    "doublet",
    "multiplet",
    "ambiguous",
    "negative",
    "notassigned",
    "notavailable",
    "notapplicable",
    "lowquality",
    "missing",
    "filteredout",
];
/// Whole labels that name no time.
const NO_TIME_ALONE: [&str; 5] = ["", "na", "nan", "null", "nd"];

/// The label of a control, perhaps with a number.
pub(super) fn is_control(label: &str) -> bool {
    let name = plain(label);
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    CONTROLS.contains(&name)
}

/// A label that says of itself that it is no time.
pub(crate) fn names_no_time(label: &str) -> bool {
    let name = plain(label);
    NO_TIME_ALONE.contains(&name.as_str()) || NO_TIME.iter().any(|part| name.contains(part))
}

/// The label of grown animals.
pub(super) fn is_adult(label: &str) -> bool {
    ADULTS.contains(&plain(label).as_str())
}

//! Time points by their position or their label.

use scimf::error::{Error, Result};

use scimf::protocol::NO_TIMES;

/// What stands before a label that could be taken for a position.
const LABEL: &str = "label:";

/// A time point by its position, counted from 0, or by its label. A number that is both is a position; `label:2` is the label 2.
///
/// # Errors
/// There is no such time point; names those there are.
pub fn position(name: &str, labels: &[String]) -> Result<usize> {
    // The unit that a column's name gives to its numbers may stand in the label or not.
    let number = |label: &str| label.split(' ').find(|word| word.parse::<f64>().is_ok()).map(str::to_owned);
    let same = |a: &str, b: &str| {
        number(a).is_some()
            && number(a) == number(b)
            && (a == number(a).unwrap_or_default() || b == number(b).unwrap_or_default())
    };
    let exactly = |label: &str| labels.iter().position(|it| it == label);
    let labelled = |label: &str| exactly(label).or_else(|| labels.iter().position(|it| same(it, label)));
    let found = match name.strip_prefix(LABEL) {
        Some(label) => labelled(label),
        None => name.parse().ok().filter(|at| *at < labels.len()).or_else(|| labelled(name)),
    };
    found.ok_or_else(|| {
        let names: Vec<String> = labels.iter().enumerate().map(|(at, label)| format!("{at} “{label}”")).collect();
        Error::request(format!("There is no time point “{name}”"))
            .remedy(format!("Name one by its position or its label: {}.", names.join(", ")))
    })
}

/// As [`position`], of several; the word `none` alone names none.
///
/// # Errors
/// There is no such time point.
pub fn positions(names: &[String], labels: &[String]) -> Result<Vec<usize>> {
    if names == [NO_TIMES] {
        return Ok(Vec::new());
    }
    names.iter().map(|name| position(name, labels)).collect()
}

/// What was understood, in one line, with a hint where another label is named as the position is.
pub fn echo(what: &str, names: &[String], labels: &[String]) -> String {
    if names == [NO_TIMES] {
        return format!("{what}: none");
    }
    let one = |name: &String| {
        let at = position(name, labels).unwrap_or_default();
        let label = labels.get(at).map_or("", String::as_str);
        let other = position(&format!("{LABEL}{name}"), labels).ok().filter(|other| *other != at);
        let hint =
            other.map(|other| format!("; for time point {other}, “{name}”, write {LABEL}{name}")).unwrap_or_default();
        format!("time point {at} (counted from 0), “{label}”{hint}")
    };
    format!("{what}: {}", names.iter().map(one).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_labels_name_time_points() {
        let labels = ["2", "4", "6"].map(String::from);
        let check = |name: &str, at: usize| assert_eq!(position(name, &labels).unwrap(), at, "{name}");
        check("2", 2);
        check("label:2", 0);
        check("6", 2);
        assert_eq!(position("day 4", &labels).unwrap(), 1);
        assert_eq!(position("label:4", &["day 2".into(), "day 4".into()]).unwrap(), 1);
        let error = position("7", &labels).unwrap_err().to_string();
        assert!(error.contains("“7”") && error.contains("1 “4”"), "{error}");
        let said = echo("held out", &["2".into()], &labels);
        assert_eq!(positions(&["none".into()], &labels).unwrap(), [0; 0]);
        assert_eq!(said, "held out: time point 2 (counted from 0), “6”; for time point 0, “2”, write label:2");
    }
}

//! Numbers in labels.

use super::plain;
use std::borrow::Cow;

/// A label in which every minus is a hyphen: texts that were set in type have U+2212.
pub(super) fn hyphened(label: &str) -> Cow<'_, str> {
    if label.contains('\u{2212}') { label.replace('\u{2212}', "-").into() } else { label.into() }
}

/// Bytes of the first number in a label. A minus counts only at the start of a word: `day -1` and `day_-1`, but not `day-1`.
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
    let negative = digit > 0 && bytes[digit - 1] == b'-' && (digit == 1 || matches!(bytes[digit - 2], b' ' | b'_'));
    Some(digit - usize::from(negative)..end)
}

/// The number in a label such as `E7.5`, `day 3` or `24h`.
pub(crate) fn number_in(label: &str) -> Option<f64> {
    let label = hyphened(label);
    // Hundreds of digits in a row are beyond any number.
    label[number_span(&label)?].parse().ok().filter(|number: &f64| number.is_finite())
}

/// What a label holds besides its number, in lower case; none without a number.
pub(crate) fn time_unit(label: &str) -> Option<String> {
    let label = hyphened(label);
    let span = number_span(&label)?;
    Some(plain(&format!("{}{}", &label[..span.start], &label[span.end..])))
}

/// The numbers of labels that differ in nothing else; none if they do, as their numbers then count different things.
pub(crate) fn comparable_numbers(labels: &[impl AsRef<str>]) -> Option<Vec<f64>> {
    let unit = |label: &str| {
        // A bound is not a number.
        if label.contains(['<', '>', '≤', '≥']) {
            return None;
        }
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
        check("day_-1", Some(-1.0));
        check("day-1", Some(1.0));
        check("-2", Some(-2.0));
        check("\u{2212}2", Some(-2.0));
        check("10.5", Some(10.5));
        check("v1.2.3", Some(1.2));
        check("3.", Some(3.0));
        check("früh", None);
        check(&"9".repeat(400), None);
        check("5′-β", Some(5.0));
    }
}

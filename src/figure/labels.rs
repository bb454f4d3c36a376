//! Labels that do not overlap and are not too long.

/// Moves labels along one axis, as little as needed, so that neighbours are at least `spacing` apart and all lie between `low` and `high`;
/// their order stays. Where there is no room for that, they are spaced evenly.
#[must_use]
pub fn spread(wanted: &[f64], spacing: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let gaps = wanted.len().saturating_sub(1).max(1) as f64;
    let spacing = spacing.min((high - low) / gaps);
    let mut placed = vec![0.0; wanted.len()];
    let mut at = low;
    for &i in &order {
        at = wanted[i].max(at);
        placed[i] = at;
        at += spacing;
    }
    let mut at = high;
    for &i in order.iter().rev() {
        at = placed[i].min(at);
        placed[i] = at;
        at -= spacing;
    }
    placed
}

/// The text, or its beginning and an ellipsis if it has more than `length` characters.
#[must_use]
pub fn shorten(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A type with the number that it has in every view.
#[must_use]
pub fn numbered(kind: usize, name: &str) -> String {
    format!("{} {name}", kind + 1)
}

/// About how wide a text is in a common sans-serif font of this size; the unit is that of `size`. Rather too wide than too narrow.
#[must_use]
pub fn width(text: &str, size: f64) -> f64 {
    let em = |c: char| match c {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '(' | ')' | '['
        | ']' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '→' | '±' => 0.9,
        'A'..='Z' => 0.68,
        '\u{1100}'.. => 1.0,
        _ => 0.58,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// The text in lines that are at most `room` wide, in the unit of `size`; a word that is wider has its own line.
#[must_use]
pub fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(word, size) + 0.36 * size <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The number with about four significant digits, as short as it can be read.
#[must_use]
pub fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "–".to_owned()
    } else if size == 0.0 {
        "0".to_owned()
    } else if !(1e-4..1e6).contains(&size) {
        format!("{value:.3e}")
    } else {
        let digits = (3 - size.log10().floor() as i32).max(0) as usize;
        format!("{value:.digits$}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_labels_keep_distance_and_order() {
        let placed = spread(&[5.0, 4.9, 5.1, 40.0, 99.9], 10.0, 0.0, 100.0);
        let expected = [14.9, 4.9, 24.9, 40.0, 99.9];
        assert!(placed.iter().zip(expected).all(|(a, b): (&f64, f64)| (a - b).abs() < 1e-9), "{placed:?}");
        let crowded = spread(&[95.0, 96.0, 97.0], 10.0, 0.0, 100.0);
        assert_eq!(crowded, [80.0, 90.0, 100.0]);
        let full = spread(&[1.0; 11], 50.0, 0.0, 100.0);
        assert!(full.windows(2).all(|w| (w[1] - w[0] - 10.0).abs() < 1e-9), "{full:?}");
        assert_eq!(spread(&[], 1.0, 0.0, 1.0), [] as [f64; 0]);
    }

    #[test]
    fn long_names_are_cut_at_characters() {
        assert_eq!(shorten("Zellen", 6), "Zellen");
        assert_eq!(shorten("Füllzellen", 4), "Fül…");
    }

    #[test]
    fn wide_texts_are_wrapped() {
        assert!(width("WWW", 10.0) > width("iii", 10.0));
        assert!((width("scIMF", 24.0) - 2.0 * width("scIMF", 12.0)).abs() < 1e-9);
        let text = "dots are means over seeds and whiskers one standard deviation";
        let lines = wrap(text, 12.0, 120.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 12.0) <= 120.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap("incompressible", 12.0, 5.0), ["incompressible"]);
        assert!(wrap("  ", 12.0, 5.0).is_empty());
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.012_341, "0.01234"),
            (1.0, "1.000"),
            (123.456, "123.5"),
            (0.000_002_5, "2.500e-6"),
            (-54_321.9, "-54322"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}

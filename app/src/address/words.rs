//! The words of an address: names, numbers and lists of positions. Whoever made the address, what comes out is within its limits.

/// A number within limits, both included; none if the text says another or is none.
pub fn number(text: &str, [low, high]: [f64; 2], whole: bool) -> Option<f64> {
    let number = text.parse::<f64>().ok()?;
    ((low..=high).contains(&number) && (!whole || number.fract() == 0.0)).then_some(number)
}

/// A position below `count`.
pub fn position(text: &str, count: usize) -> Option<usize> {
    text.parse().ok().filter(|position| *position < count)
}

/// A word with a position behind a hyphen: `gene-3`. `count` says how many of its kind there are, if there are such things.
pub fn counted(text: &str, count: impl FnOnce(&str) -> Option<usize>) -> Option<(&str, usize)> {
    let (word, behind) = text.split_once('-')?;
    Some((word, position(behind, count(word)?)?))
}

/// Positions as one word: `2-5`.
pub fn list(positions: &[usize]) -> String {
    positions.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}

/// The inverse of [`list`]: different positions within `known`; anything else is passed over.
pub fn positions(text: &str, known: std::ops::Range<usize>) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for position in text.split('-').filter_map(|word| word.parse().ok()) {
        if found.len() == known.len() {
            break;
        }
        if known.contains(&position) && !found.contains(&position) {
            found.push(position);
        }
    }
    found
}

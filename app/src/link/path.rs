//! The path of a study in an address, without the page.

/// A path of folders and a file below the page's own folder; none for anything that could lead elsewhere.
pub fn study(text: &str) -> Option<&str> {
    let usable = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    (text.len() <= 200 && text.split('/').all(usable)).then_some(text)
}

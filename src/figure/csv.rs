//! Tables as comma-separated values (RFC 4180).

/// A field that reads as text whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A field that stands in quotes only where it must.
pub fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { quoted(text) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_quotes_are_text() {
        assert_eq!(quoted("a, \"b\"\n"), "\"a, \"\"b\"\"\n\"");
        assert_eq!([field("a, b"), field("a b")], ["\"a, b\"", "a b"]);
    }
}

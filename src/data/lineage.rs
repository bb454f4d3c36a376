//! Tables of a known lineage: which type becomes which.

use crate::protocol::CellType;
use crate::{Error, Result};

/// Reads a table whose first two columns, separated by tabs or commas, are a type and one that it becomes in one step. The first row is a
/// header if it names no type. The second value of each pair is what the first becomes; both are positions in `types`.
///
/// # Errors
/// It is not text, a row names a type that is not there, or no row has two types; names the file.
pub fn read(name: &str, bytes: &[u8], types: &[CellType]) -> Result<Vec<[u32; 2]>> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Error::input("This file is not text")
            .at(name)
            .remedy("Save the table as text in UTF-8, separated by tabs or commas.")
    })?;
    let place = |word: &str| types.iter().position(|kind| kind.name == word).map(|at| at as u32);
    let mut steps = Vec::new();
    for (line, text) in
        text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, text)| !text.trim().is_empty())
    {
        let pair = fields(text);
        match pair.map(place) {
            [Some(from), Some(to)] if from != to => steps.push([from, to]),
            [Some(_), Some(_)] => {}
            [None, None] if line == 0 => {}
            places => {
                let unknown = pair.iter().zip(places).find(|(_, place)| place.is_none());
                let word = unknown.map_or("", |(word, _)| word);
                let names: Vec<&str> = types.iter().map(|kind| kind.name.as_str()).collect();
                return Err(Error::input(format!("There is no cell type “{word}”"))
                    .at(format!("{name}, line {}", line + 1))
                    .remedy(format!("The types are {}.", names.join(", "))));
            }
        }
    }
    steps.sort_unstable();
    steps.dedup();
    if steps.is_empty() {
        return Err(Error::input("No row says which type becomes which")
            .at(name)
            .remedy("The first two columns must hold a type and one that it becomes, separated by a tab or a comma."));
    }
    Ok(steps)
}

/// The first two fields of a row: at tabs if it has any, else at commas.
fn fields(row: &str) -> [&str; 2] {
    let mark = if row.contains('\t') { '\t' } else { ',' };
    let mut fields = row.split(mark).map(|field| field.trim_matches(|c: char| c == '"' || c.is_whitespace()));
    [fields.next().unwrap_or(""), fields.next().unwrap_or("")]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types() -> Vec<CellType> {
        let kind = |name: &str| CellType { name: name.into(), color: None, cells: 1 };
        vec![kind("stem"), kind("T, naive"), kind("B")]
    }

    #[test]
    fn tabs_commas_headers_and_repetitions_are_read() {
        let steps = |text: &str| read("l.csv", text.as_bytes(), &types()).unwrap();
        assert_eq!(steps("from,to\nstem,B\nstem,B\n\n"), [[0, 2]]);
        assert_eq!(steps("\u{feff}stem\tT, naive\nstem\t\"B\"\r\nB\tB\n"), [[0, 1], [0, 2]]);
    }

    #[test]
    fn a_type_that_is_not_there_is_named_with_those_that_are() {
        let error = read("l.csv", b"stem,B\nstem,Treg\n", &types()).unwrap_err().to_string();
        assert!(error.contains("“Treg”") && error.contains("line 2") && error.contains("stem, T, naive, B"), "{error}");
        assert!(read("l.csv", b"from,to\n", &types()).is_err());
        assert!(read("l.csv", &[255, 254], &types()).is_err());
    }
}

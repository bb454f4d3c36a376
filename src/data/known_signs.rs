//! Tables of known regulations with a sign, such as TRRUST's.

use crate::{Error, Result};

/// A known regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSign {
    /// The gene that regulates.
    pub regulator: String,
    /// The gene that is regulated.
    pub target: String,
    /// It activates; else it represses.
    pub activates: bool,
}

/// Reads a table whose first three columns, separated by tabs or commas, are regulator, target and `Activation` or `Repression`; rows with
/// another sign (TRRUST: `Unknown`) are left out, as is a regulation that is known with both signs.
///
/// # Errors
/// It is not text, or no row has a sign; names the file.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<KnownSign>> {
    let text = std::str::from_utf8(bytes).map_err(|_| {
        Error::input("This file is not text")
            .at(name)
            .remedy("Save the table as text in UTF-8, separated by tabs or commas.")
    })?;
    let mut known: Vec<KnownSign> = text.lines().filter_map(row).collect();
    if known.is_empty() {
        return Err(Error::input("No row has a regulator, a target and the word Activation or Repression")
            .at(name)
            .remedy(
                "The first three columns must hold them, separated by tabs or commas, as in TRRUST's rawdata files.",
            ));
    }
    known.sort_by(|a, b| (&a.regulator, &a.target, a.activates).cmp(&(&b.regulator, &b.target, b.activates)));
    known.dedup();
    let same = |a: &KnownSign, b: &KnownSign| (&a.regulator, &a.target) == (&b.regulator, &b.target);
    let alone = |at: usize| {
        let near = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        near.filter_map(|other| known.get(other)).all(|other| !same(other, &known[at]))
    };
    Ok((0..known.len()).filter(|at| alone(*at)).map(|at| known[at].clone()).collect())
}

/// Writes such a table, separated by tabs.
pub fn write(known: &[KnownSign]) -> String {
    let row = |KnownSign { regulator, target, activates }: &KnownSign| {
        format!("{regulator}\t{target}\t{}\n", if *activates { "Activation" } else { "Repression" })
    };
    known.iter().map(row).collect()
}

fn row(line: &str) -> Option<KnownSign> {
    // Blanks within quotes are no name either.
    let mut fields = line.split(['\t', ',']).map(|field| field.trim_matches(|c: char| c == '"' || c.is_whitespace()));
    let [regulator, target, sign] = [fields.next()?, fields.next()?, fields.next()?];
    let activates = match sign.to_ascii_lowercase().as_str() {
        "activation" | "+" | "1" => true,
        "repression" | "-" | "-1" => false,
        _ => return None,
    };
    let named = !regulator.is_empty() && !target.is_empty();
    named.then(|| KnownSign { regulator: regulator.into(), target: target.into(), activates })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_read_and_contradictions_are_left_out() {
        let table = "AATF\tBAX\tRepression\t22909821\nABL1\tBAX\tActivation\t11753601\nSOX2\tNANOG\tUnknown\t1\n\
                     JUN\tFOS\tActivation\t1\nJUN\tFOS\tRepression\t2\nAATF\tBAX\tRepression\t3\n\"a\",\"b\",\"activation\"\n";
        let known = read("trrust.tsv", table.as_bytes()).unwrap();
        let rows: Vec<_> = known.iter().map(|k| (k.regulator.as_str(), k.target.as_str(), k.activates)).collect();
        assert_eq!(rows, [("AATF", "BAX", false), ("ABL1", "BAX", true), ("a", "b", true)]);
        assert_eq!(read("again.tsv", write(&known).as_bytes()).unwrap(), known);
        for bad in [&b"\xff\xfe"[..], b"", b"gene\tvalue\n", b"\" \r\"\",b,+\n"] {
            assert!(read("signs.tsv", bad).unwrap_err().to_string().contains("signs.tsv"));
        }
    }
}

//! Names of genes: symbols where there are some, each once.

use crate::Result;
use std::collections::HashMap;

/// Columns that hold symbols beside an index of accession numbers, the surest first, without punctuation.
const SYMBOLS: [&str; 14] = [
    "featurename",
    "genesymbols",
    "genesymbol",
    "geneshortname",
    "symbol",
    "symbols",
    "genename",
    "genenames",
    "hgncsymbol",
    "mgisymbol",
    "externalgenename",
    "gene",
    "genes",
    "name",
];
/// Share of names that must be accession numbers for the index to be one of them.
const MOST: f64 = 0.8;

/// Names for genes: those of the index or, where it holds accession numbers or counts, the symbols that `column` finds beside it. Every name is there once.
///
/// # Errors
///
/// None; it is a result because its callers read the index on the way.
pub(crate) fn genes(
    mut index: Vec<String>,
    column: impl Fn(&str) -> Option<Vec<Option<String>>>,
) -> Result<Vec<String>> {
    let accessions = index.iter().filter(|name| is_accession(name)).count();
    if accessions as f64 > MOST * index.len() as f64 {
        let fits = |symbols: &Vec<Option<String>>| {
            let named = symbols.iter().flatten().filter(|name| !name.trim().is_empty() && !is_accession(name)).count();
            symbols.len() == index.len() && 2 * named > symbols.len()
        };
        if let Some(symbols) = SYMBOLS.iter().find_map(|name| column(name).filter(fits)) {
            for (name, symbol) in index.iter_mut().zip(symbols) {
                if let Some(symbol) = symbol.filter(|symbol| !symbol.trim().is_empty()) {
                    *name = symbol.trim().to_owned();
                }
            }
        }
    }
    Ok(unique(index))
}

/// Ensembl, FlyBase, WormBase or Entrez numbers, and counts.
pub(crate) fn is_accession(name: &str) -> bool {
    let digits = |rest: &str, least: usize| {
        let rest = rest.split('.').next().unwrap_or_default();
        rest.len() >= least && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    let name = name.trim();
    let ensembl = name.strip_prefix("ENS").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_uppercase()));
    ensembl.is_some_and(|rest| digits(rest, 6))
        || ["FBgn", "WBGene", "YOR", "AT1G"].iter().any(|it| name.strip_prefix(it).is_some_and(|rest| digits(rest, 5)))
        || digits(name, 1)
}

/// Every name once: the second of a name becomes `name-1`, the third `name-2`, as anndata does.
pub(crate) fn unique(names: Vec<String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::with_capacity(names.len());
    names.iter().for_each(|name| *counts.entry(name.clone()).or_default() += 1);
    if counts.len() == names.len() {
        return names;
    }
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut taken: std::collections::HashSet<String> = counts.keys().cloned().collect();
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
    let name = |name: String| {
        if seen.insert(name.clone()) {
            return name;
        }
        let next = next.entry(name.clone()).or_insert(1);
        loop {
            let other = format!("{name}-{next}");
            *next += 1;
            if taken.insert(other.clone()) {
                return other;
            }
        }
    };
    names.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn symbols_take_the_place_of_accessions() {
        let symbols = |column: &str| {
            (column == "featurename").then(|| vec![Some("Sox2".to_owned()), None, Some("Sox2".to_owned())])
        };
        let index = texts(&["ENSMUSG00000000001", "ENSMUSG00000000002.3", "ENSG00000000003"]);
        assert_eq!(genes(index, symbols).unwrap(), ["Sox2", "ENSMUSG00000000002.3", "Sox2-1"]);
        let index = texts(&["Actb", "Sox2", "T"]);
        assert_eq!(genes(index.clone(), symbols).unwrap(), index);
        assert!(is_accession("FBgn0000003") && is_accession("17") && !is_accession("ENSA") && !is_accession("Gata4"));
    }

    #[test]
    fn every_name_is_there_once() {
        assert_eq!(unique(texts(&["a", "b", "a", "a", "a-1"])), ["a", "b", "a-2", "a-3", "a-1"]);
    }
}

//! The numbers of an experiment, to be taken along.

use super::{beyond, beyond_of};
use crate::figure::csv::quoted;
use crate::protocol::Experiment;

/// Shares of each type at the end.
#[must_use]
pub fn fates_csv(experiment: &Experiment, kinds: &[String]) -> String {
    let mut out = "type,unchanged,changed,difference,noise,beyond_noise\n".to_owned();
    for it in &experiment.fates {
        let difference = it.changed - it.unchanged;
        let beyond = beyond(difference, it.noise);
        out +=
            &format!("{},{},{},{difference},{},{beyond}\n", named(kinds, it.kind), it.unchanged, it.changed, it.noise);
    }
    out
}

/// Displacement by the type at the start.
#[must_use]
pub fn moved_csv(experiment: &Experiment, kinds: &[String]) -> String {
    let mut out = "starting_type,cells,each,together,noise,beyond_noise\n".to_owned();
    for it in &experiment.moved {
        let beyond = beyond(it.together, it.noise);
        out += &format!("{},{},{},{},{},{beyond}\n", named(kinds, it.kind), it.cells, it.each, it.together, it.noise);
    }
    out
}

/// Genes, the largest excess over the noise first; `genes` are all that were looked at.
#[must_use]
pub fn genes_csv(experiment: &Experiment, genes: &[String]) -> String {
    let mut out = "gene,difference,noise,beyond_noise\n".to_owned();
    for it in &experiment.genes {
        let beyond = beyond_of(it.difference, it.noise, genes.len());
        out += &format!("{},{},{},{beyond}\n", named(genes, it.gene), it.difference, it.noise);
    }
    out
}

fn named(names: &[String], i: usize) -> String {
    quoted(names.get(i).map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{experiment, names};
    use super::*;

    #[test]
    fn tables_have_all_digits_and_names_stay_text() {
        let fates = fates_csv(&experiment(), &names());
        assert_eq!(fates.lines().count(), 4);
        assert!(fates.lines().nth(2).is_some_and(|line| line.starts_with("\"Neural, dorsal\",0.02,0.03,")), "{fates}");
        assert!(fates.lines().nth(2).is_some_and(|line| line.ends_with(",0.03,false")), "{fates}");
        assert_eq!(moved_csv(&experiment(), &names()).lines().nth(1), Some("\"Axial\",40.5,1.5,0.8,0.2,true"));
        assert_eq!(genes_csv(&experiment(), &["a\"b".into()]).lines().nth(2), Some("\"a\"\"b\",0.05,0.1,false"));
    }
}

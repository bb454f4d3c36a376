//! What an experiment found, in words.

use super::{beyond, beyond_of};
use crate::figure::labels::number;
use crate::protocol::Experiment;

/// A number with its sign: `+0.1200`, `−0.0040`.
#[must_use]
pub fn signed(value: f32) -> String {
    let sign = if value < 0.0 { "−" } else { "+" };
    format!("{sign}{}", number(value.abs().into()))
}

/// A difference of shares in percentage points: `+4.2 points`.
#[must_use]
pub fn points(difference: f32) -> String {
    let rounded = (1000.0 * difference).round() / 10.0;
    let sign = if rounded < 0.0 { "−" } else { "+" };
    format!("{sign}{:.1} points", rounded.abs())
}

/// The text; where the change is not beyond the noise, it says so, in short without the text.
pub(super) fn marked(text: String, beyond: bool, short: bool) -> String {
    match (beyond, short) {
        (true, _) => text,
        (false, false) => format!("{text}, within noise"),
        (false, true) => "within noise".to_owned(),
    }
}

/// The greatest changes beyond the noise in fates, position and genes, one sentence each; one sentence where there are none.
#[must_use]
pub fn findings(experiment: &Experiment, kinds: &[String], genes: &[String]) -> Vec<String> {
    let name = |names: &[String], i: usize| names.get(i).cloned().unwrap_or_else(|| format!("number {}", i + 1));
    let mut found = Vec::new();
    let change = |it: &crate::protocol::FateChange| it.changed - it.unchanged;
    let fates = experiment.fates.iter().filter(|it| beyond(change(it), it.noise));
    if let Some(it) = fates.max_by(|a, b| change(a).abs().total_cmp(&change(b).abs())) {
        found.push(format!(
            "{} {} from {:.1} % to {:.1} % of the cells at the end; seeds alone make {:.1} points.",
            name(kinds, it.kind),
            if it.changed > it.unchanged { "rises" } else { "falls" },
            100.0 * it.unchanged,
            100.0 * it.changed,
            100.0 * it.noise
        ));
    }
    let moved = experiment.moved.iter().filter(|it| beyond(it.together, it.noise));
    if let Some(it) = moved.max_by(|a, b| a.together.total_cmp(&b.together)) {
        found.push(format!(
            "Cells that began as {} are displaced furthest: together by {}; seeds alone make {}.",
            name(kinds, it.kind),
            number(it.together.into()),
            number(it.noise.into())
        ));
    }
    let tested = genes.len().max(experiment.genes.len());
    if let Some(it) = experiment.genes.iter().find(|it| beyond_of(it.difference, it.noise, tested)) {
        found.push(format!(
            "{} changes most beyond the noise, corrected for {tested} genes: {}; seeds alone make {}.",
            name(genes, it.gene),
            signed(it.difference),
            number(it.noise.into())
        ));
    }
    if found.is_empty() {
        found.push("Nothing changes beyond what another seed alone would make.".into());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::{experiment, names};
    use super::*;

    #[test]
    fn the_greatest_changes_are_told() {
        let found = findings(&experiment(), &names(), &["Shh".into(), "Wnt1".into()]);
        assert_eq!(
            found,
            [
                "Axial falls from 30.0 % to 10.0 % of the cells at the end; seeds alone make 4.0 points.",
                "Cells that began as Axial are displaced furthest: together by 0.8000; seeds alone make 0.2000.",
                "Wnt1 changes most beyond the noise, corrected for 2 genes: −0.4000; seeds alone make 0.1000.",
            ]
        );
        assert_eq!(findings(&Experiment::default(), &[], &[]).len(), 1);
    }

    #[test]
    fn signs_are_written_out() {
        assert_eq!((signed(0.5), signed(-0.5)), ("+0.5000".into(), "−0.5000".into()));
        assert_eq!((points(0.0421), points(-0.0001)), ("+4.2 points".into(), "+0.0 points".into()));
    }
}

//! What evidence says, in whole sentences that follow from its numbers.

use super::number::Number;
use crate::protocol::{DatasetSummary, Evidence, Link, NextSample, Spread, Verdict};

/// What can be known, and what is known, in one sentence or a few.
#[must_use]
pub fn headline(evidence: &Evidence, dataset: &DatasetSummary) -> Vec<String> {
    let all = evidence.links.len();
    if all == 0 {
        return vec!["With a single cell type there is nobody to act on another.".into()];
    }
    let count = |verdict: Verdict| evidence.links.iter().filter(|link| link.verdict == verdict).count();
    let (open, supported, not, untested) = (
        count(Verdict::Undetermined),
        count(Verdict::Supported),
        count(Verdict::NotSupported),
        count(Verdict::Untested),
    );
    let mut found = Vec::new();
    if dataset.samples.len() < 2 {
        found.push(
            "One series does not determine who acts on whom: whatever a sender does to receivers that all meet it in the same way, they could do \
             of themselves."
                .into(),
        );
    } else if open == all {
        found
            .push("These samples do not determine who acts on whom: none differs in its composition by enough.".into());
    }
    found.push(match all - open {
        known if known > 0 && dataset.samples.len() < 2 => format!(
            "No link is tested by these data. {open} of {all} leave no trace of their own at all; for the other {known} a sample without the sender \
             would tell."
        ),
        0 => format!("None of {all} links can be known from these data."),
        known => format!("Of {all} links, {known} can be known from these data and {open} cannot."),
    });
    if supported + not > 0 {
        found.push(format!(
            "{supported} {} supported, {not} {} no difference beyond sampling{}.",
            if supported == 1 { "is" } else { "are" },
            if not == 1 { "shows" } else { "show" },
            if untested > 0 { format!(", {untested} could not be tested") } else { String::new() },
        ));
    }
    let strongest = evidence.links.iter().filter(|link| link.verdict == Verdict::Supported);
    let size = |link: &Link| link.contrast.map_or(f64::NEG_INFINITY, |it| it.f);
    if let Some(link) = strongest.max_by(|a, b| size(a).total_cmp(&size(b))) {
        let by = link.contrast.map_or_else(String::new, |it| format!(" (contrast F {:.1}; 1 is sampling alone)", it.f));
        found.push(format!("Strongest: {} acts on {}{by}.", name(dataset, link.sender), name(dataset, link.receiver)));
    }
    found
}

/// What one more sample would tell, the best first; a sentence where there is nothing to propose.
#[must_use]
pub fn next(evidence: &Evidence, dataset: &DatasetSummary) -> Vec<String> {
    let one = |it: &NextSample| {
        let receivers: Vec<&str> = it.receivers.iter().map(|&kind| name(dataset, kind)).collect();
        let links = if receivers.len() == 1 { "1 link".into() } else { format!("{} links", receivers.len()) };
        let others = dataset.cell_types.len().saturating_sub(1);
        let whom = if receivers.len() == others { "every other type".into() } else { list(&receivers) };
        format!("A sample without {} would tell whether it acts on {whom} ({links} more).", name(dataset, it.lacks))
    };
    let open = evidence.links.iter().any(|link| link.verdict == Verdict::Undetermined);
    match (evidence.experiments.is_empty(), open) {
        (false, _) => evidence.experiments.iter().map(one).collect(),
        (true, true) => vec!["No sample that lacks a single type would determine a link that is open now.".into()],
        (true, false) => vec!["Every link can be known from these data: no further sample is needed for that.".into()],
    }
}

/// A share of the displacement in per cent with its spread: `12 ± 1 %`.
#[must_use]
pub fn spread(it: Spread) -> String {
    let decimals = usize::from(100.0 * it.mean.abs() < 9.95);
    format!("{:.decimals$} ± {:.decimals$} %", 100.0 * it.mean, 100.0 * it.sd)
}

/// The interval of a share in per cent, `11.0–14.2`; its standard deviation where there is none, `± 1.2`.
#[must_use]
pub fn interval(it: Spread) -> String {
    match it.interval {
        Some([low, high]) => format!("{:.1}–{:.1}", 100.0 * low, 100.0 * high),
        None => format!("± {:.1}", 100.0 * it.sd),
    }
}

/// What is known of a link, for a tooltip: `effect 12 ± 1 % (95 %: 11.0–14.2), twin 5.1 ± 0.4 %, 6.9 % beyond it, contrast F 4.2, linear t −5.5`.
#[must_use]
pub fn link_words(link: &Link) -> String {
    let effect = link.effect.map(|it| match it.interval {
        Some(_) => format!("effect {} (95 %: {})", spread(it), interval(it)),
        None => format!("effect {}", spread(it)),
    });
    let twin = link.twin.map(|it| {
        let beyond = match link.effect.map(|effect| 100.0 * (effect.mean - it.mean)) {
            Some(beyond) if beyond > 0.0 => format!(", {} beyond it", Number::Effect.words(beyond)),
            Some(_) => ", not beyond it".into(),
            None => String::new(),
        };
        format!("twin {}{beyond}", spread(it))
    });
    let contrast = link.contrast.map(|it| format!("contrast F {:.1}", it.f));
    let linear = link.linear.map(|it| format!("linear t {:.1}", it.t).replace('-', "−"));
    [effect, twin, contrast, linear].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Where a number comes from, in a sentence.
#[must_use]
pub fn source(evidence: &Evidence, number: Number) -> String {
    let count = |n: u32, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    match (number, evidence.model, &evidence.fits) {
        (Number::Effect, Some(model), Some(fits)) => {
            let [seeds, twins] = fits.done();
            let beside = if twins > 0 { format!(" beside {}", count(twins, "twin")) } else { String::new() };
            format!("Effects in {} of {}{beside}.", count(seeds, "training"), model.name())
        }
        (Number::Effect, Some(model), None) => format!("Effects in trainings of {}.", model.name()),
        (Number::Effect, None, _) => "Effects of a linear drift fitted to resampled cells.".into(),
        (Number::Contrast, ..) => "Told by the data alone: samples without the sender beside those with it.".into(),
        (Number::Linear, ..) => "Told by the data alone: a linear fit of displacements to pulls.".into(),
        (Number::Determinability, ..) => {
            "Told by the data alone: whether they can tell at all, not whether anything acts.".into()
        }
    }
}

fn name(dataset: &DatasetSummary, kind: usize) -> &str {
    dataset.cell_types.get(kind).map_or("", |kind| kind.name.as_str())
}

/// Names in a sentence.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dataset, evidence};
    use super::*;

    #[test]
    fn one_series_is_told_that_it_cannot_tell() {
        let mut alone = evidence();
        alone.links.iter_mut().for_each(|link| link.verdict = Verdict::Undetermined);
        let words = headline(&alone, &dataset(false));
        assert!(words[0].starts_with("One series does not determine who acts on whom"), "{words:?}");
        assert_eq!(words[1], "None of 6 links can be known from these data.");
        assert!(headline(&alone, &dataset(true))[0].starts_with("These samples do not determine"));
        assert!(headline(&Evidence::default(), &dataset(false))[0].contains("single cell type"));
    }

    #[test]
    fn samples_are_told_what_they_tell() {
        let words = headline(&evidence(), &dataset(true)).join(" ");
        assert!(words.starts_with("Of 6 links, 2 can be known from these data and 4 cannot."), "{words}");
        assert!(words.contains("1 is supported, 1 shows no difference beyond sampling."), "{words}");
        assert!(words.contains("Strongest: Axial acts on Neural, dorsal (contrast F 4.2"), "{words}");
    }

    #[test]
    fn the_next_sample_is_named_with_what_it_tells() {
        let words = next(&evidence(), &dataset(true));
        assert_eq!(
            words[0],
            "A sample without Neural, dorsal would tell whether it acts on every other type (2 links more)."
        );
        assert!(words[1].ends_with("acts on Neural, dorsal (1 link more)."), "{words:?}");
        let mut known = Evidence { experiments: Vec::new(), ..evidence() };
        assert!(next(&known, &dataset(true))[0].starts_with("No sample"));
        known.links.retain(|link| link.verdict != Verdict::Undetermined);
        assert!(next(&known, &dataset(true))[0].starts_with("Every link"));
    }

    #[test]
    fn a_link_is_told_with_all_that_is_known() {
        let found = evidence();
        assert_eq!(
            link_words(&found.links[2]),
            "effect 20 ± 1 % (95 %: 18.0–23.0), twin 5.0 ± 2.0 %, 15 % beyond it, contrast F 4.2, linear t 5.5"
        );
        assert_eq!(link_words(&found.links[0]), "");
        assert!(source(&found, Number::Effect).contains("linear drift"));
    }

    #[test]
    fn shares_are_written_in_per_cent() {
        assert_eq!(spread(Spread { mean: 0.2, sd: 0.012, interval: None }), "20 ± 1 %");
        assert_eq!(spread(Spread { mean: 0.0512, sd: 0.004, interval: None }), "5.1 ± 0.4 %");
    }
}

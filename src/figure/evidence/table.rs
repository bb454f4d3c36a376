//! The links as rows that can be sorted, and as a file.

use crate::figure::csv::quoted;
use crate::protocol::{DatasetSummary, Evidence, Link, Verdict};
use std::cmp::Ordering;

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    /// Name of the receiver.
    Receiver,
    /// Name of the sender.
    Sender,
    /// Share of the pull that the receiver's own state does not explain.
    Determinability,
    /// Share of the displacement in fitted models.
    Effect,
    /// The same in twins.
    Twin,
    /// Difference between samples.
    #[default]
    Contrast,
    /// Significance of the linear estimate, whatever its sign.
    Linear,
    /// Supported first.
    Verdict,
}

impl Column {
    /// Rows are sorted by a text, from its beginning to its end.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Receiver | Self::Sender | Self::Verdict)
    }

    fn number(self, link: &Link) -> Option<f64> {
        match self {
            Self::Determinability => link.determinability.map(f64::from),
            Self::Effect => link.effect.map(|it| it.mean),
            Self::Twin => link.twin.map(|it| it.mean),
            Self::Contrast => link.contrast.map(|it| it.f),
            Self::Linear => link.linear.map(|it| it.t.abs()),
            Self::Receiver | Self::Sender | Self::Verdict => None,
        }
    }
}

/// The links sorted by a column: texts rising, numbers falling, `reverse` turns that round; links without a number come last. Equal ones are
/// in the order of their contrasts, then of their determinability.
#[must_use]
pub fn sorted<'a>(evidence: &'a Evidence, by: Column, reverse: bool, dataset: &DatasetSummary) -> Vec<&'a Link> {
    let name = |kind: usize| dataset.cell_types.get(kind).map_or("", |kind| kind.name.as_str());
    let turned = |order: Ordering| if reverse { order.reverse() } else { order };
    let by_number = |column: Column, a: &Link, b: &Link, reverse: bool| match (column.number(a), column.number(b)) {
        (Some(a), Some(b)) => {
            if reverse {
                a.total_cmp(&b)
            } else {
                b.total_cmp(&a)
            }
        }
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (None, None) => Ordering::Equal,
    };
    let mut links: Vec<&Link> = evidence.links.iter().collect();
    links.sort_by(|a, b| {
        let first = match by {
            Column::Receiver => turned(name(a.receiver).cmp(name(b.receiver))),
            Column::Sender => turned(name(a.sender).cmp(name(b.sender))),
            Column::Verdict => turned(rank(a.verdict).cmp(&rank(b.verdict))),
            number => by_number(number, a, b, reverse),
        };
        let then = || by_number(Column::Contrast, a, b, false);
        first.then_with(then).then_with(|| by_number(Column::Determinability, a, b, false))
    });
    links
}

/// Place of a verdict in the table.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Supported => 0,
        Verdict::NotSupported => 1,
        Verdict::Untested => 2,
        Verdict::Undetermined => 3,
    }
}

/// All numbers of all links, a field without a number empty.
#[must_use]
pub fn to_csv(evidence: &Evidence, dataset: &DatasetSummary) -> String {
    let name = |kind: usize| quoted(dataset.cell_types.get(kind).map_or("", |kind| kind.name.as_str()));
    let mut out = "receiver,sender,determinability,contrast_f,contrast_times,contrast_threshold,linear_coefficient,linear_t,effect_mean,\
                   effect_sd,twin_mean,twin_sd,verdict,effect_low,effect_high\n"
        .to_owned();
    let field = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for link in sorted(evidence, Column::default(), false, dataset) {
        let numbers = [
            link.determinability.map(f64::from),
            link.contrast.map(|it| it.f),
            link.contrast.map(|it| it.times as f64),
            link.contrast.map(|it| it.threshold),
            link.linear.map(|it| it.coefficient),
            link.linear.map(|it| it.t),
            link.effect.map(|it| it.mean),
            link.effect.map(|it| it.sd),
            link.twin.map(|it| it.mean),
            link.twin.map(|it| it.sd),
        ];
        let numbers = numbers.map(field).join(",");
        let interval = link.effect.and_then(|it| it.interval);
        let interval = [0, 1].map(|end| field(interval.map(|it| it[end]))).join(",");
        let verdict = quoted(link.verdict.words());
        out += &format!("{},{},{numbers},{verdict},{interval}\n", name(link.receiver), name(link.sender));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dataset, evidence};
    use super::*;

    fn pairs(by: Column, reverse: bool) -> Vec<(usize, usize)> {
        sorted(&evidence(), by, reverse, &dataset(true)).iter().map(|link| (link.receiver, link.sender)).collect()
    }

    #[test]
    fn links_without_a_number_come_last_either_way() {
        assert_eq!(pairs(Column::Contrast, false)[..3], [(1, 0), (2, 0), (0, 2)]);
        assert_eq!(pairs(Column::Contrast, true)[..3], [(2, 0), (1, 0), (0, 2)]);
        assert_eq!(pairs(Column::Determinability, true)[0], (1, 2));
        assert_eq!(pairs(Column::Sender, false)[0].1, 0);
        assert_eq!(pairs(Column::Receiver, true)[0].0, 1, "Neural is the last in the alphabet");
        assert_eq!(pairs(Column::Verdict, false)[..2], [(1, 0), (2, 0)]);
    }

    #[test]
    fn the_file_has_all_digits_and_names_stay_text() {
        let csv = to_csv(&evidence(), &dataset(true));
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(lines[1].starts_with("\"Neural, dorsal\",\"Axial\",0.31"), "{}", lines[1]);
        assert!(lines[1].contains(",4.25,6,1.5,0.4,5.5,0.2,0.01,0.05,0.02,\"supported"), "{}", lines[1]);
        assert!(lines[1].ends_with(",0.18,0.23") && lines[2].ends_with(",,"), "intervals stand at the end: {lines:?}");
        assert!(lines.iter().all(|line| line.replace("\"Neural, dorsal\"", "").matches(',').count() >= 12), "{csv}");
    }
}

//! The numbers of a link that a chord or a matrix can show, one for all links.

use crate::protocol::{Communication, CommunicationQuery, DatasetSummary, Evidence, Link, Score};

/// Which number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Share of the receivers' drift that goes without the sender, in per cent.
    Effect,
    /// Contrast F between samples.
    Contrast,
    /// Size of the linear estimate in standard errors.
    Linear,
    /// Determinability.
    Determinability,
}

impl Number {
    /// All of them, the one that says most first.
    pub const ALL: [Self; 4] = [Self::Effect, Self::Contrast, Self::Linear, Self::Determinability];

    /// The first that the evidence has.
    #[must_use]
    pub fn best(evidence: &Evidence) -> Self {
        Self::ALL.into_iter().find(|number| number.is_in(evidence)).unwrap_or(Self::Determinability)
    }

    /// Some link has this number.
    #[must_use]
    pub fn is_in(self, evidence: &Evidence) -> bool {
        evidence.links.iter().any(|link| self.value(link).is_finite())
    }

    /// What it is called on a button.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Effect => "Effect",
            Self::Contrast => "Contrast",
            Self::Linear => "Linear",
            Self::Determinability => "Determinability",
        }
    }

    /// Its name with its unit.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Effect => "effect (% of the drift)",
            Self::Contrast => "contrast F",
            Self::Linear => "linear estimate, size of t",
            Self::Determinability => "determinability",
        }
    }

    /// What it means, in whole sentences.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Effect => {
                "Share of the receivers' drift that goes when all cells of the sender are taken out, mean over populations and fits."
            }
            Self::Contrast => {
                "Receivers in samples without the sender beside those in samples with it, in units of sampling error: 1 is sampling alone."
            }
            Self::Linear => {
                "Regression of the receivers' displacement on the sender's pull, in units of its standard error, without its sign."
            }
            Self::Determinability => {
                "Share of the sender's pull on the receivers that is neither a function of their own state nor common to all samples."
            }
        }
    }

    /// The number of a link; NaN where there is none.
    #[must_use]
    pub fn value(self, link: &Link) -> f64 {
        let value = match self {
            Self::Effect => link.effect.map(|it| 100.0 * it.mean),
            Self::Contrast => link.contrast.map(|it| it.f),
            Self::Linear => link.linear.map(|it| it.t.abs()),
            Self::Determinability => link.determinability.map(f64::from),
        };
        value.unwrap_or(f64::NAN)
    }

    /// The number with its unit, short enough to stand beside a name.
    #[must_use]
    pub fn words(self, value: f64) -> String {
        match self {
            _ if !value.is_finite() => "–".to_owned(),
            Self::Effect => format!("{value:.decimals$} %", decimals = usize::from(value < 9.95)),
            Self::Contrast => format!("F {value:.1}"),
            Self::Linear => format!("t {value:.1}"),
            Self::Determinability => format!("{value:.3}"),
        }
    }

    /// The sum of numbers that fills a circle of so many pairs of types. Effects and determinability have a scale of their own: a mean of 50 %
    /// and of 0.5 fills it. The greatest sum of the others fills two thirds.
    #[must_use]
    pub fn circle(self, pairs: f64, greatest: f64) -> f64 {
        match self {
            Self::Effect => 50.0 * pairs,
            Self::Determinability => 0.5 * pairs,
            Self::Contrast | Self::Linear => 1.5 * greatest,
        }
    }

    /// A matrix of this number as chord and matrix take it, the diagonal empty. It is of all times.
    #[must_use]
    pub fn as_answer(self, evidence: &Evidence, dataset: &DatasetSummary) -> Communication {
        let kinds = dataset.cell_types.len();
        let mut mean = vec![f32::NAN; kinds * kinds];
        for link in evidence.links.iter().filter(|link| link.receiver.max(link.sender) < kinds) {
            mean[link.receiver * kinds + link.sender] = self.value(link) as f32;
        }
        Communication {
            query: CommunicationQuery { time: 0, score: Score::Attention, minimum_cells: 1, sample: None },
            cells: dataset.cell_types.iter().map(|kind| kind.cells).collect(),
            types: (0..kinds).collect(),
            mean: mean.into(),
            enrichment: vec![f32::NAN; kinds * kinds].into(),
            non_reciprocity: f32::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{dataset, evidence};
    use super::*;

    #[test]
    fn the_best_number_is_an_effect_where_there_is_one() {
        let mut found = evidence();
        assert_eq!(Number::best(&found), Number::Effect);
        found.links.iter_mut().for_each(|link| link.effect = None);
        assert_eq!(Number::best(&found), Number::Contrast);
        found.links.iter_mut().for_each(|link| (link.contrast, link.linear) = (None, None));
        assert_eq!(Number::best(&found), Number::Determinability);
    }

    #[test]
    fn a_number_becomes_a_matrix_without_a_diagonal() {
        let answer = Number::Effect.as_answer(&evidence(), &dataset(true));
        assert_eq!(answer.cells.len(), 3);
        assert!((answer.mean[3] - 20.0).abs() < 1e-4 && answer.mean[0].is_nan() && answer.mean[1].is_nan());
        assert_eq!((Number::Effect.words(20.0), Number::Effect.words(4.04)), ("20 %".into(), "4.0 %".into()));
    }
}

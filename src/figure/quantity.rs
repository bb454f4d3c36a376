//! Which number of an answer about communication is shown, and what it means.

use super::evidence::Number;
use super::labels::number;
use crate::protocol::{Communication, Score};
use std::borrow::Cow;

/// Which number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// The mean score that was asked for, as a multiple of equal listening: see [`equal_listening`].
    #[default]
    Mean,
    /// log2 of observed over expected attention.
    Enrichment,
    /// A number of the evidence: its answers are those of [`Number::as_answer`].
    Told(Number),
}

impl Quantity {
    /// The number of the evidence that it is, if it is one.
    #[must_use]
    pub const fn told(self) -> Option<Number> {
        match self {
            Self::Told(number) => Some(number),
            Self::Mean | Self::Enrichment => None,
        }
    }

    /// The number that answers of a model are drawn with where this one is of the evidence.
    #[must_use]
    pub const fn heard(self) -> Self {
        match self {
            Self::Told(_) => Self::Mean,
            other => other,
        }
    }

    /// The matrix: row = receiver, column = sender.
    #[must_use]
    pub fn values(self, communication: &Communication) -> Cow<'_, [f32]> {
        match self {
            Self::Mean => Cow::Owned(equal_listening(communication)),
            Self::Enrichment => Cow::Borrowed(&communication.enrichment),
            Self::Told(_) => Cow::Borrowed(&communication.mean),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self, communication: &Communication) -> &'static str {
        match (self, communication.query.score) {
            (Self::Mean, Score::Attention) => "attention (× equal listening)",
            (Self::Mean, Score::Influence) => "influence × other cells",
            (Self::Enrichment, _) => "enrichment (log2)",
            (Self::Told(number), _) => number.name(),
        }
    }

    /// What it means, in a whole sentence.
    #[must_use]
    pub fn meaning(self, communication: &Communication) -> &'static str {
        match (self, communication.query.score) {
            (Self::Mean, Score::Attention) => {
                "The attention weight that a cell of the receiver gives to a cell of the sender, mean over cells and heads, as a multiple of equal \
                 listening: 1 is what every cell would get if the receiver listened to all other cells alike."
            }
            (Self::Mean, Score::Influence) => {
                "Attention weight times length of the sender's value vector (how much a cell is moved), mean over cells and heads, times the number \
                 of other cells, so that it does not count cells."
            }
            (Self::Enrichment, Score::Attention) => {
                "log2 of the sender's share of the receiver's attention over its share of the cells: + is more than by numbers alone."
            }
            (Self::Enrichment, Score::Influence) => {
                "log2 of the sender's share of the influence on the receiver over its share of the cells: + is more than by numbers alone."
            }
            (Self::Told(number), _) => number.meaning(),
        }
    }

    /// A number of it with its unit, short enough to stand beside a name: `1.16 ×`, `log2 +0.21`.
    #[must_use]
    pub fn words(self, score: Score, value: f64) -> String {
        match (self, score) {
            _ if !value.is_finite() => number(value),
            (Self::Told(number), _) => number.words(value),
            (Self::Mean, Score::Attention) => times(value),
            (Self::Mean, Score::Influence) => number(value),
            (Self::Enrichment, _) => format!("log2 {value:+.2}").replace('-', "−"),
        }
    }

    /// The sum of weights that fills a circle of `types` cell types: one scale for all time points, which no data stretches. `greatest` is the
    /// greatest sum of all diagrams that share the scale; only a sum beyond the scale widens it.
    ///
    /// Equal listening of all pairs fills two thirds of a circle; a doubling of all pairs fills one. Influence has no unit of its own: its
    /// greatest sum fills two thirds.
    #[must_use]
    pub fn circle(self, score: Score, types: usize, hide_self: bool, greatest: f64) -> f64 {
        let pairs = (types * if hide_self { types.saturating_sub(1) } else { types }) as f64;
        let scale = match (self, score) {
            (Self::Mean, Score::Attention) => 1.5 * pairs,
            (Self::Mean, Score::Influence) => 1.5 * greatest,
            (Self::Enrichment, _) => pairs,
            (Self::Told(number), _) => number.circle(pairs, greatest),
        };
        scale.max(greatest)
    }
}

impl Quantity {
    /// The least number that a scale bar should stand for: the one that means something, where there is one.
    #[must_use]
    pub const fn unit(self, score: Score) -> f64 {
        match (self, score) {
            (Self::Mean, Score::Attention) | (Self::Enrichment, _) => 1.0,
            (Self::Mean, Score::Influence) | (Self::Told(_), _) => 0.0,
        }
    }

    /// What stands beside a scale bar of this value.
    #[must_use]
    pub fn scale_words(self, score: Score, value: f64) -> String {
        let short = super::ticks::label(value);
        match (self, score) {
            (Self::Mean, Score::Attention) if value == 1.0 => "1 × = equal listening".to_owned(),
            (Self::Mean, Score::Attention) => format!("{short} × equal listening"),
            (Self::Mean, Score::Influence) => format!("influence {short}"),
            (Self::Enrichment, _) if value == 1.0 => "log2 +1 = twice as much as by numbers alone".to_owned(),
            (Self::Enrichment, _) => format!("log2 +{short}"),
            (Self::Told(Number::Effect), _) => format!("{short} % of the drift"),
            (Self::Told(number), _) => format!("{} {short}", number.name()),
        }
    }
}

/// A multiple of equal listening: `1.16 ×`, `0.083 ×`.
fn times(value: f64) -> String {
    match value.abs() {
        0.0 => "0 ×".to_owned(),
        ..0.1 => format!("{value:.3} ×"),
        ..10.0 => format!("{value:.2} ×"),
        _ => format!("{value:.1} ×"),
    }
}

/// The mean score times the number of other cells, n - 1: a row of attention sums to 1 over n - 1 cells, so that 1 is equal listening however
/// many cells there are. The mean of a type to itself counts the zeros of its diagonal; they are counted out here.
#[must_use]
pub fn equal_listening(communication: &Communication) -> Vec<f32> {
    let kinds = communication.cells.len();
    let others = communication.cells.iter().sum::<usize>().saturating_sub(1) as f32;
    let scaled = |(at, &mean): (usize, &f32)| {
        let (receiver, sender) = (at / kinds, at % kinds);
        let cells = communication.cells[sender] as f32;
        let own = if receiver == sender && cells > 1.0 { cells / (cells - 1.0) } else { 1.0 };
        mean * others * own
    };
    communication.mean.iter().enumerate().map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CommunicationQuery;

    /// Every cell listens to all others alike.
    fn alike(cells: Vec<usize>) -> Communication {
        let kinds = cells.len();
        let n = cells.iter().sum::<usize>() as f32;
        let mean = |at: usize| {
            let own = cells[at % kinds] as f32;
            let heard = if at / kinds == at % kinds { (own - 1.0) / own } else { 1.0 };
            heard / (n - 1.0)
        };
        let mean: Vec<f32> = (0..kinds * kinds).map(mean).collect();
        Communication {
            query: CommunicationQuery { time: 0, score: Score::Attention, minimum_cells: 1, sample: None },
            types: (0..kinds).collect(),
            enrichment: vec![0.0; kinds * kinds].into(),
            mean: mean.into(),
            non_reciprocity: 0.0,
            cells,
        }
    }

    #[test]
    fn equal_listening_is_one_however_many_cells_there_are() {
        for cells in [vec![12, 80, 30], vec![1200, 8000, 30]] {
            let found = Quantity::Mean.values(&alike(cells)).into_owned();
            assert!(found.iter().all(|value| (value - 1.0).abs() < 1e-4), "{found:?}");
        }
    }

    #[test]
    fn no_data_stretches_a_scale() {
        let circle = |quantity: Quantity, greatest| quantity.circle(Score::Attention, 6, false, greatest);
        assert_eq!(circle(Quantity::Mean, 36.0), 54.0);
        assert_eq!(circle(Quantity::Mean, 41.0), 54.0, "the same for whatever stays within it");
        assert_eq!(circle(Quantity::Mean, 80.0), 80.0);
        // One pair at 1.16 times chance is a sliver of the circle.
        let enriched = 1.16_f64.log2();
        assert!(enriched / circle(Quantity::Enrichment, enriched) < 0.01);
        assert_eq!(Quantity::Mean.circle(Score::Attention, 6, true, 0.0), 45.0);
    }

    #[test]
    fn numbers_have_their_units() {
        assert_eq!(Quantity::Mean.words(Score::Attention, 1.1634), "1.16 ×");
        assert_eq!(Quantity::Mean.words(Score::Attention, 0.0834), "0.083 ×");
        assert_eq!(Quantity::Enrichment.words(Score::Attention, -0.214), "log2 −0.21");
        assert_eq!(Quantity::Mean.words(Score::Attention, f64::NAN), "–");
    }
}

//! The interactions that were planted in a simulated tissue: what a read-out can be held against.

use crate::protocol::DatasetSummary;

/// Strengths between all types.
#[derive(Clone, Debug, PartialEq)]
pub struct Planted {
    kinds: usize,
    /// Receiver x sender.
    strengths: Vec<f32>,
}

impl Planted {
    /// Those of a dataset; none where none are known.
    #[must_use]
    pub fn of(dataset: &DatasetSummary) -> Option<Self> {
        let kinds = dataset.cell_types.len();
        let known = kinds > 0 && dataset.planted.len() == kinds * kinds;
        known.then(|| Self { kinds, strengths: dataset.planted.clone() })
    }

    /// The strength of one: 0 where nothing was planted, negative away from the sender.
    #[must_use]
    pub fn strength(&self, receiver: usize, sender: usize) -> f32 {
        let within = receiver.max(sender) < self.kinds;
        if within { self.strengths.get(receiver * self.kinds + sender).copied().unwrap_or(0.0) } else { 0.0 }
    }

    /// Whether something was planted there.
    #[must_use]
    pub fn is_planted(&self, receiver: usize, sender: usize) -> bool {
        self.strength(receiver, sender) != 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::dataset;
    use super::*;

    #[test]
    fn strengths_are_by_receiver_and_sender() {
        let mut dataset = dataset(true);
        assert_eq!(Planted::of(&dataset), None);
        dataset.planted = vec![0.0, 0.7, 0.0, 0.0, 0.0, 0.0, -0.5, 0.0, 0.0];
        let planted = Planted::of(&dataset).unwrap();
        assert!(planted.is_planted(0, 1) && !planted.is_planted(1, 0) && !planted.is_planted(0, 9));
        assert!((planted.strength(2, 0) + 0.5).abs() < 1e-6);
        dataset.planted.pop();
        assert_eq!(Planted::of(&dataset), None, "a matrix of another size is of no use");
    }
}

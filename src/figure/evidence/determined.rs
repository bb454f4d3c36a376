//! Which links the data determine, pair by pair: views draw the others as such.

use crate::protocol::{DETERMINED, Evidence, Verdict};

/// What hatching means, for a legend.
pub const LEGEND: &str = "hatched: not known";

/// What is known of every ordered pair of types, own cells included.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Determined {
    kinds: usize,
    /// Determinability, and whether the data tell: receiver x sender.
    pairs: Vec<(Option<f32>, bool)>,
}

impl Determined {
    /// What evidence says. A link with a verdict counts as determined, whatever its share.
    #[must_use]
    pub fn of(evidence: &Evidence) -> Self {
        let kinds = evidence.own.len();
        let mut pairs = vec![(None, false); kinds * kinds];
        for (kind, share) in evidence.own.iter().enumerate() {
            pairs[kind * kinds + kind] = (*share, share.is_some_and(|share| share >= DETERMINED));
        }
        for link in evidence.links.iter().filter(|link| link.receiver.max(link.sender) < kinds) {
            pairs[link.receiver * kinds + link.sender] = (link.determinability, link.verdict != Verdict::Undetermined);
        }
        Self { kinds, pairs }
    }

    fn pair(&self, receiver: usize, sender: usize) -> Option<(Option<f32>, bool)> {
        if receiver.max(sender) >= self.kinds {
            return None;
        }
        self.pairs.get(receiver * self.kinds + sender).copied()
    }

    /// The data cannot tell whether the sender acts on the receiver.
    #[must_use]
    pub fn is_open(&self, receiver: usize, sender: usize) -> bool {
        self.pair(receiver, sender).is_some_and(|(_, determined)| !determined)
    }

    /// Of the links between different types among these, how many the data cannot tell, and how many there are.
    #[must_use]
    pub fn open_among(&self, types: &[usize]) -> [usize; 2] {
        let pairs = || types.iter().flat_map(|a| types.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b);
        [pairs().filter(|&(receiver, sender)| self.is_open(receiver, sender)).count(), pairs().count()]
    }

    /// Whether a link can be known, for a tooltip: `these data cannot tell (determinability 0.003)`. None for types that are not known.
    #[must_use]
    pub fn words(&self, receiver: usize, sender: usize) -> Option<String> {
        let (share, determined) = self.pair(receiver, sender)?;
        let share = share.map_or_else(|| "never seen together".into(), |share| format!("determinability {share:.3}"));
        Some(if determined {
            format!("these data can tell ({share})")
        } else {
            format!("these data cannot tell ({share})")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::evidence;
    use super::*;

    #[test]
    fn links_without_a_verdict_are_open() {
        let determined = Determined::of(&evidence());
        assert!(!determined.is_open(1, 0) && !determined.is_open(2, 0) && determined.is_open(0, 1));
        assert!(!determined.is_open(0, 0) && determined.is_open(1, 1) && determined.is_open(2, 2));
        assert!(!determined.is_open(0, 7), "nothing is known of a type that is not there");
        assert_eq!(determined.open_among(&[0, 1, 2]), [4, 6]);
        assert_eq!(determined.open_among(&[1, 2]), [2, 2]);
        assert_eq!(determined.words(0, 1).as_deref(), Some("these data cannot tell (determinability 0.003)"));
        assert_eq!(determined.words(2, 2).as_deref(), Some("these data cannot tell (never seen together)"));
        assert_eq!(determined.words(1, 0).as_deref(), Some("these data can tell (determinability 0.310)"));
    }
}

//! What of an effect lies beyond its twin's: views draw the rest pale.

use super::number::Number;
use crate::protocol::Evidence;

/// What paleness means, for a legend.
pub const PALE: &str = "pale: in twins too";

/// Of the effects of all ordered pairs of types, the share that exceeds what twins give, in which nothing interacts.
#[derive(Clone, Debug, PartialEq)]
pub struct Beyond {
    kinds: usize,
    /// Receiver x sender; none where there is no effect, or no twin.
    shares: Vec<Option<f64>>,
}

impl Beyond {
    /// Where this number is an effect, and twins are there.
    #[must_use]
    pub fn of(evidence: &Evidence, number: Number) -> Option<Self> {
        let kinds = evidence.own.len();
        let mut shares = vec![None; kinds * kinds];
        for link in evidence.links.iter().filter(|link| link.receiver.max(link.sender) < kinds) {
            let both = link.effect.zip(link.twin).filter(|(effect, _)| effect.mean > 0.0);
            shares[link.receiver * kinds + link.sender] =
                both.map(|(effect, twin)| (1.0 - twin.mean / effect.mean).clamp(0.0, 1.0));
        }
        (number == Number::Effect && shares.iter().any(Option::is_some)).then_some(Self { kinds, shares })
    }

    /// The share of a link's effect that lies beyond its twin's, 0 to 1; none where that is not known.
    #[must_use]
    pub fn share(&self, receiver: usize, sender: usize) -> Option<f64> {
        let within = receiver.max(sender) < self.kinds;
        if within { self.shares.get(receiver * self.kinds + sender).copied().flatten() } else { None }
    }

    /// The effect is not beyond its twin's.
    #[must_use]
    pub fn is_within(&self, receiver: usize, sender: usize) -> bool {
        self.share(receiver, sender) == Some(0.0)
    }

    /// Of the links between different types among these that have a twin, how many are not beyond it, and how many there are.
    #[must_use]
    pub fn within_among(&self, types: &[usize]) -> [usize; 2] {
        let pairs = || types.iter().flat_map(|a| types.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b);
        let known = pairs().filter_map(|(receiver, sender)| self.share(receiver, sender));
        [pairs().filter(|&(receiver, sender)| self.is_within(receiver, sender)).count(), known.count()]
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::evidence;
    use super::*;

    #[test]
    fn an_effect_is_split_at_its_twin() {
        let mut found = evidence();
        let beyond = Beyond::of(&found, Number::Effect).unwrap();
        // An effect of 20 % beside a twin's 5 %.
        assert!((beyond.share(1, 0).unwrap() - 0.75).abs() < 1e-12 && !beyond.is_within(1, 0));
        assert_eq!((beyond.share(0, 1), beyond.share(9, 0)), (None, None));
        assert_eq!(Beyond::of(&found, Number::Contrast), None);
        found.links[2].twin = found.links[2].effect;
        let beyond = Beyond::of(&found, Number::Effect).unwrap();
        assert!(beyond.is_within(1, 0));
        assert_eq!((beyond.within_among(&[0, 1, 2]), beyond.within_among(&[0, 2])), ([1, 1], [0, 0]));
        found.links[2].twin = None;
        assert_eq!(Beyond::of(&found, Number::Effect), None, "without twins nothing is pale");
    }
}

//! W1 and W2 between two clouds.

use crate::Result;
use crate::protocol::Distances;
use crate::transport::exact::{Cost, Exact, Weighted};

/// Both distances on their way.
pub(super) struct Comparison {
    w1: Exact,
    w2: Exact,
}

impl Comparison {
    pub(super) fn new(one: Weighted, other: Weighted, dimensions: usize) -> Result<Self> {
        Ok(Self {
            w1: Exact::new(one.clone(), other.clone(), dimensions, Cost::Euclidean)?,
            w2: Exact::new(one, other, dimensions, Cost::SquaredEuclidean)?,
        })
    }

    /// Does one bounded piece of work; W1 and W2 at the end.
    pub(super) fn advance(&mut self) -> Option<[f64; 2]> {
        let next = if self.w1.is_finished() { &mut self.w2 } else { &mut self.w1 };
        next.advance();
        self.w2.is_finished().then(|| [self.w1.value(), self.w2.value().max(0.0).sqrt()])
    }
}

/// Mean and standard deviation (divided by n - 1) of W1 and W2; none without values.
pub(super) fn summarised(values: &[[f64; 2]]) -> Option<Distances> {
    let count = values.len() as f64;
    let of = |k: usize| {
        let mean = values.iter().map(|value| value[k]).sum::<f64>() / count;
        let square = values.iter().map(|value| (value[k] - mean).powi(2)).sum::<f64>();
        (mean, if values.len() > 1 { (square / (count - 1.0)).sqrt() } else { 0.0 })
    };
    let ((w1, w1_sd), (w2, w2_sd)) = (of(0), of(1));
    (!values.is_empty()).then_some(Distances { w1, w2, w1_sd, w2_sd, values: values.len() as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_value_has_no_deviation() {
        assert_eq!(summarised(&[]), None);
        let one = summarised(&[[3.0, 4.0]]).unwrap();
        assert_eq!((one.w1, one.w2, one.w1_sd, one.values), (3.0, 4.0, 0.0, 1));
        let three = summarised(&[[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]]).unwrap();
        assert_eq!((three.w1, three.w1_sd, three.w2_sd), (2.0, 1.0, 0.0));
    }
}

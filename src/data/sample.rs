//! A few that stand for all.

/// `wanted` positions evenly spread over `count`, or all of them if there are no more. The same ones each time, in rising order.
pub fn evenly(count: usize, wanted: usize) -> impl ExactSizeIterator<Item = usize> + Clone {
    let wanted = wanted.min(count);
    // A product of two counts does not fit the 32 bits of a browser's `usize`.
    (0..wanted).map(move |k| (k as u64 * count as u64 / wanted as u64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_all() {
        assert_eq!(evenly(10, 3).collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(evenly(3, 10).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(evenly(0, 10).count(), 0);
        assert_eq!(evenly(1_000_000, 10_000).last(), Some(999_900));
    }
}

//! A few that stand for all.

/// `wanted` positions evenly spread over `count`, or all of them if there are no more. The same ones each time, in rising order.
pub fn evenly(count: usize, wanted: usize) -> impl ExactSizeIterator<Item = usize> + Clone {
    let wanted = wanted.min(count);
    // A product of two counts does not fit the 32 bits of a browser's `usize`.
    (0..wanted).map(move |k| (k as u64 * count as u64 / wanted as u64) as usize)
}

/// Names in one line: all of them, or the first and how many more there are.
pub(crate) fn names_of<'a>(names: impl ExactSizeIterator<Item = &'a String>) -> String {
    const MOST: usize = 40;
    let more = names.len().saturating_sub(MOST);
    let shown = names.take(MOST).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_names_the_first_are_shown() {
        let names: Vec<String> = (0..1000).map(|name| name.to_string()).collect();
        assert_eq!(names_of(names[..2].iter()), "“0”, “1”");
        assert!(names_of(names.iter()).ends_with("“39” and 960 more"));
    }

    #[test]
    fn a_sample_is_spread_over_all() {
        assert_eq!(evenly(10, 3).collect::<Vec<_>>(), [0, 3, 6]);
        assert_eq!(evenly(3, 10).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(evenly(0, 10).count(), 0);
        assert_eq!(evenly(1_000_000, 10_000).last(), Some(999_900));
    }
}

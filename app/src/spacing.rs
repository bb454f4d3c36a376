//! Where the time points stand on the strip.

/// Positions from 0 to 1: gaps in proportion to the values' differences where every value is there and they rise, else even. No gap is smaller
/// than 0.6 of an even one (0.85 where there are more than eight), so that labels stay apart; the others shrink for it in proportion.
pub fn positions(values: &[Option<f64>]) -> Vec<f64> {
    let count = values.len().saturating_sub(1);
    if count == 0 {
        return vec![0.5; values.len()];
    }
    let least = if count > 8 { 0.85 } else { 0.6 } / count as f64;
    let known: Option<Vec<f64>> = values.iter().copied().collect();
    let differences: Vec<f64> =
        known.map(|known| known.windows(2).map(|pair| pair[1] - pair[0]).collect()).unwrap_or_default();
    let gaps = if differences.is_empty() || differences.iter().any(|gap| !gap.is_finite() || *gap <= 0.0) {
        vec![1.0 / count as f64; count]
    } else {
        widen(&differences, least)
    };
    let mut at = 0.0;
    let mut out = vec![0.0];
    out.extend(gaps.iter().map(|gap| {
        at += gap;
        at
    }));
    out
}

/// The smallest gap between neighbours; 1 where there are none.
pub fn least_gap(positions: &[f64]) -> f64 {
    positions.windows(2).map(|pair| pair[1] - pair[0]).fold(1.0, f64::min).max(1e-3)
}

/// Index units (1.5 = half way between time points 1 and 2) of a place on the strip.
pub fn index_at(positions: &[f64], place: f64) -> f64 {
    let after = positions.partition_point(|position| *position <= place);
    match after {
        0 => 0.0,
        after if after == positions.len() => (positions.len() - 1) as f64,
        after => {
            let (from, to) = (positions[after - 1], positions[after]);
            (after - 1) as f64 + (place - from) / (to - from)
        }
    }
}

/// Place on the strip of a time in index units.
pub fn place_of(positions: &[f64], index: f64) -> f64 {
    let Some(last) = positions.len().checked_sub(1) else { return 0.0 };
    let from = (index.max(0.0) as usize).min(last);
    let to = (from + 1).min(last);
    positions[from] + (positions[to] - positions[from]) * (index - from as f64).clamp(0.0, 1.0)
}

/// Gaps in proportion to `differences`, none below `least`, their sum 1.
fn widen(differences: &[f64], least: f64) -> Vec<f64> {
    let mut fixed = vec![false; differences.len()];
    loop {
        let free: f64 = differences.iter().zip(&fixed).filter(|(_, fixed)| !**fixed).map(|(gap, _)| gap).sum();
        let room = 1.0 - least * fixed.iter().filter(|fixed| **fixed).count() as f64;
        let mut changed = false;
        for (gap, fixed) in differences.iter().zip(&mut fixed) {
            if !*fixed && gap / free * room < least {
                *fixed = true;
                changed = true;
            }
        }
        if !changed {
            return differences
                .iter()
                .zip(&fixed)
                .map(|(gap, fixed)| if *fixed { least } else { gap / free * room })
                .collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], wanted: &[f64]) {
        assert_eq!(found.len(), wanted.len());
        for (a, b) in found.iter().zip(wanted) {
            assert!((a - b).abs() < 1e-12, "{found:?} is not {wanted:?}");
        }
    }

    #[test]
    fn real_time_is_kept_where_labels_fit() {
        close(&positions(&[Some(0.0), Some(2.0), Some(6.0)]), &[0.0, 1.0 / 3.0, 1.0]);
    }

    #[test]
    fn close_time_points_are_kept_apart() {
        close(&positions(&[Some(0.0), Some(1.0), Some(100.0)]), &[0.0, 0.3, 1.0]);
        let crowded = positions(&[Some(0.0), Some(1.0), Some(2.0), Some(3.0), Some(1000.0)]);
        close(&crowded, &[0.0, 0.15, 0.3, 0.45, 1.0]);
    }

    #[test]
    fn unknown_or_unordered_times_are_even() {
        close(&positions(&[Some(0.0), None, Some(6.0)]), &[0.0, 0.5, 1.0]);
        close(&positions(&[Some(3.0), Some(1.0), Some(6.0)]), &[0.0, 0.5, 1.0]);
        close(&positions(&[None]), &[0.5]);
    }

    #[test]
    fn places_and_times_are_each_others_inverse() {
        let positions = positions(&[Some(0.0), Some(2.0), Some(6.0)]);
        for time in [0.0, 0.4, 1.0, 1.9, 2.0] {
            assert!((index_at(&positions, place_of(&positions, time)) - time).abs() < 1e-12);
        }
    }
}

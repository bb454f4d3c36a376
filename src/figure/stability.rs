//! Links over seeds: what several trainings of one model agree on, and what only one of them says.

use super::labels::numbered;

/// A link over several trainings, as multiples of equal listening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeededLink {
    /// Type that is listened to.
    pub sender: usize,
    /// Type that listens.
    pub receiver: usize,
    /// Mean over the trainings.
    pub mean: f64,
    /// Standard deviation over the trainings.
    pub deviation: f64,
    /// All trainings are on one side of equal listening, and the mean is further from it than twice the standard deviation.
    pub stable: bool,
}

/// Every link between different types that all trainings know, the strongest mean first. `matrices` are n x n, row = receiver, in multiples of
/// equal listening, one for each training.
#[must_use]
pub fn over_seeds(matrices: &[Vec<f32>]) -> Vec<SeededLink> {
    let n = matrices.first().map_or(0, |matrix| matrix.len().isqrt());
    let link = |at: usize| {
        let (receiver, sender) = (at / n, at % n);
        let values: Vec<f64> = matrices.iter().filter_map(|matrix| matrix.get(at).copied().map(f64::from)).collect();
        if receiver == sender || values.len() < matrices.len() || values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let deviation = if values.len() > 1 { (squares / (count - 1.0)).sqrt() } else { f64::NAN };
        let one_side = values.iter().all(|value| *value > 1.0) || values.iter().all(|value| *value < 1.0);
        let stable = one_side && (mean - 1.0).abs() > 2.0 * deviation;
        Some(SeededLink { sender, receiver, mean, deviation, stable })
    };
    let mut links: Vec<SeededLink> = (0..n * n).filter_map(link).collect();
    links.sort_by(|a, b| b.mean.total_cmp(&a.mean));
    links
}

/// What the trainings agree on, in a sentence or two; `types` are names.
#[must_use]
pub fn sentence(links: &[SeededLink], seeds: usize, types: &[String], time: &str) -> String {
    if seeds < 2 || links.is_empty() {
        return format!("Which links are stable at {time} needs at least two trainings with different seeds.");
    }
    let name = |kind: usize| numbered(kind, types.get(kind).map_or("", String::as_str));
    let stable: Vec<&SeededLink> = links.iter().filter(|link| link.stable).collect();
    let above = stable.iter().filter(|link| link.mean > 1.0);
    let strongest: Vec<String> = above
        .take(3)
        .map(|it| format!("{} → {} {:.2} ± {:.2} ×", name(it.sender), name(it.receiver), it.mean, it.deviation))
        .collect();
    let named = if strongest.is_empty() { String::new() } else { format!(" Strongest: {}.", strongest.join("; ")) };
    format!(
        "At {time}, {} of {} links between types lie on one side of equal listening in all {seeds} trainings, by more than twice their spread.{named} \
         Attention that is stable is still a read-out of the model, not yet an interaction of cells.",
        stable.len(),
        links.len(),
    )
}

/// How alike two matrices of multiples of equal listening are between different types: Pearson's correlation; none for fewer than three links.
#[must_use]
pub fn correlation(a: &[f32], b: &[f32]) -> Option<f64> {
    let n = a.len().isqrt();
    let pairs: Vec<[f64; 2]> = a
        .iter()
        .zip(b)
        .enumerate()
        .filter(|(at, (a, b))| at / n.max(1) != at % n.max(1) && a.is_finite() && b.is_finite())
        .map(|(_, (a, b))| [f64::from(*a), f64::from(*b)])
        .collect();
    if pairs.len() < 3 {
        return None;
    }
    let mean = [0, 1].map(|side| pairs.iter().map(|pair| pair[side]).sum::<f64>() / pairs.len() as f64);
    let sum = |i: usize, k: usize| pairs.iter().map(|pair| (pair[i] - mean[i]) * (pair[k] - mean[k])).sum::<f64>();
    let size = (sum(0, 0) * sum(1, 1)).sqrt();
    (size > 0.0).then(|| sum(0, 1) / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f32 = f32::NAN;

    fn names() -> Vec<String> {
        ["Axial", "Neural"].map(str::to_owned).to_vec()
    }

    #[test]
    fn only_what_all_trainings_say_is_stable() {
        // Axial -> Neural is above in all three, Neural -> Axial changes sides.
        let matrices = [vec![1.0, 1.2, 1.50, 1.0], vec![1.0, 0.9, 1.52, 1.0], vec![1.0, 1.1, 1.49, 1.0]];
        let links = over_seeds(&matrices);
        assert_eq!(links.len(), 2);
        assert_eq!((links[0].sender, links[0].receiver, links[0].stable), (0, 1, true));
        assert!((links[0].mean - 1.5033).abs() < 1e-3 && links[0].deviation < 0.02);
        assert!(!links[1].stable);
        let words = sentence(&links, 3, &names(), "day 6");
        assert!(words.starts_with("At day 6, 1 of 2 links"), "{words}");
        assert!(words.contains("1 Axial → 2 Neural 1.50 ± 0.02 ×"), "{words}");
    }

    #[test]
    fn one_training_says_nothing_of_stability() {
        let links = over_seeds(&[vec![1.0, 1.9, 2.0, 1.0]]);
        assert!(links.iter().all(|link| !link.stable));
        assert!(sentence(&links, 1, &names(), "day 6").contains("at least two"));
        assert!(over_seeds(&[]).is_empty());
        assert!(
            over_seeds(&[vec![1.0, NAN, 2.0, 1.0], vec![1.0, 1.0, 2.0, 1.0]]).len() == 1,
            "an unknown link is none"
        );
    }

    #[test]
    fn alike_matrices_correlate() {
        let a = [9.0, 1.2, 0.8, 1.1, 9.0, 0.9, 1.0, 1.3, 9.0];
        assert!((correlation(&a, &a).unwrap() - 1.0).abs() < 1e-9);
        let other: Vec<f32> = a.iter().map(|value| 2.0 - value).collect();
        assert!((correlation(&a, &other).unwrap() + 1.0).abs() < 1e-6);
        assert_eq!(correlation(&[1.0; 4], &[1.0; 4]), None);
    }
}

//! Dispersion of each gene among genes of like mean: scanpy's `flavor="seurat"` (Satija et al. 2015).

/// Bins of the mean.
const BINS: usize = 20;

/// Normalised dispersion of each gene, from mean and variance (divided by cells - 1) of its values off the log scale; NaN where a
/// gene does not vary.
pub(super) fn normalised_dispersion(means: &[f64], variances: &[f64]) -> Vec<f64> {
    let means: Vec<f64> = means.iter().map(|mean| if *mean == 0.0 { 1e-12 } else { *mean }).collect();
    let dispersions: Vec<f64> = means
        .iter()
        .zip(variances)
        .map(|(mean, variance)| if *variance > 0.0 { (variance / mean).ln() } else { f64::NAN })
        .collect();
    let bins = cut(&means.iter().map(|mean| mean.ln_1p()).collect::<Vec<_>>());
    let mut members = vec![Vec::new(); BINS];
    for (bin, dispersion) in bins.iter().zip(&dispersions).filter(|(_, dispersion)| !dispersion.is_nan()) {
        members[*bin].push(*dispersion);
    }
    let centres: Vec<[f64; 2]> = members.iter().map(|members| centre_and_spread(members)).collect();
    bins.iter().zip(&dispersions).map(|(bin, dispersion)| (dispersion - centres[*bin][0]) / centres[*bin][1]).collect()
}

/// Mean and standard deviation; a gene that is alone in its bin gets a normalised dispersion of 1.
fn centre_and_spread(values: &[f64]) -> [f64; 2] {
    if let [only] = values {
        return [0.0, *only];
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    [mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt()]
}

/// The bin of each value among bins of equal width that are open to the left, as `pandas.cut` makes them.
fn cut(values: &[f64]) -> Vec<usize> {
    let (low, high) =
        values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    let width = (high - low) / BINS as f64;
    let edges: Vec<f64> = (1..BINS).map(|edge| edge as f64 * width + low).collect();
    values.iter().map(|value| edges.partition_point(|edge| edge < value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_open_to_the_left() {
        let values: Vec<f64> = (0..=20u8).map(f64::from).collect();
        let bins = cut(&values);
        assert_eq!((bins[0], bins[1], bins[2], bins[20]), (0, 0, 1, 19));
        assert_eq!(cut(&[3.0; 4]), [0; 4]);
    }

    #[test]
    fn a_gene_alone_in_its_bin_gets_one_and_a_constant_gene_nothing() {
        let found = normalised_dispersion(&[1.0, 1.0, 1.0, 50.0, 0.0], &[1.0, 2.0, 4.0, 3.0, 0.0]);
        assert_eq!(found[3], 1.0);
        assert!(found[4].is_nan());
        assert!((found[0] + 1.0).abs() < 1e-12 && found[1].abs() < 1e-12 && (found[2] - 1.0).abs() < 1e-12);
    }
}

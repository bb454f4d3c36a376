//! The numbers of an evaluation, to be read and to be taken along.

mod documents;

pub use documents::{Line, escaped, latex, lines, markdown, seconds};

use super::comparison::Metric;
use super::csv::quoted;
use super::labels::number;
use crate::protocol::{Distances, Evaluation, FLOOR, HeldOut, Row};

/// Key of the prediction with the smallest mean distance; the floor is no prediction. None while there is none, or only one, which is then no
/// choice.
#[must_use]
pub fn lowest(held_out: &HeldOut, metric: Metric) -> Option<&str> {
    let mean = |row: &Row| row.distances.map(|it| metric.of(&it)[0]).filter(|mean| mean.is_finite());
    let found = held_out.rows.iter().filter(|row| row.key != FLOOR).filter_map(|row| Some((row, mean(row)?)));
    let found: Vec<_> = found.collect();
    if found.len() < 2 {
        return None;
    }
    found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(row, _)| row.key.as_str())
}

/// The numbers that any row of any time point has, in the order of columns.
#[must_use]
pub fn columns(evaluation: &Evaluation) -> Vec<Metric> {
    let rows = || evaluation.held_out.iter().flat_map(|held_out| &held_out.rows);
    let known = |metric: &Metric| rows().filter_map(|row| row.distances).any(|it| metric.of(&it)[0].is_finite());
    let found: Vec<Metric> = Metric::ALL.into_iter().filter(known).collect();
    if found.is_empty() { vec![Metric::Energy, Metric::W1] } else { found }
}

/// Key of the best row of a column: [`lowest`] where the column marks one.
#[must_use]
pub fn best(held_out: &HeldOut, metric: Metric) -> Option<&str> {
    lowest(held_out, metric).filter(|_| metric.marks(held_out))
}

/// A distance with two decimals, so that a column can be read; small ones with as many digits as matter.
#[must_use]
pub fn distance(value: f64) -> String {
    if (1.0..1e4).contains(&value) { format!("{value:.2}") } else { number(value) }
}

/// Mean ± standard deviation with as many decimals as the mean; a single value, or one that is the same for all seeds, stands alone, and a dash
/// where it is not known.
#[must_use]
pub fn mean_and_deviation(distances: &Distances, metric: Metric) -> String {
    let [value, deviation] = metric.of(distances);
    if !value.is_finite() {
        return "–".into();
    }
    let mean = distance(value);
    let decimals = mean.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    // What is the same for every seed, but for the order of sums, has none.
    let varies = deviation > 1e-9 * value.abs();
    if distances.values > 1 && varies { format!("{mean} ± {deviation:.decimals$}") } else { mean }
}

/// One line for each held-out time point and row, all digits; rows that are not there have empty numbers.
#[must_use]
pub fn csv(evaluation: &Evaluation) -> String {
    let mut out = "time,label,observed_cells,row,w1_mean,w1_sd,w2_mean,w2_sd,values,energy_mean,energy_sd,sinkhorn_mean,sinkhorn_sd,\
                   spread_mean,spread_sd,types_mean,types_sd,parameters,seconds_per_step\n"
        .to_owned();
    for held_out in &evaluation.held_out {
        for row in &held_out.rows {
            let numbers = row.distances.map_or_else(
                || ",,,,".to_owned(),
                |it| format!("{},{},{},{},{}", it.w1, it.w1_sd, it.w2, it.w2_sd, it.values),
            );
            let debiased = Metric::ALL[..4]
                .iter()
                .flat_map(|metric| row.distances.map_or([f64::NAN; 2], |distances| metric.of(&distances)));
            let debiased = debiased.map(|value| if value.is_finite() { format!(",{value}") } else { ",".into() });
            let debiased: String = debiased.collect();
            let training = row.training.map_or_else(|| ",,".into(), |it| format!(",{},{}", it.parameters, it.seconds));
            let (time, label, name) = (held_out.time, quoted(&held_out.label), quoted(&row.name));
            out += &format!("{time},{label},{},{name},{numbers}{debiased}{training}\n", held_out.observed);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Debiased, INTERPOLATION, ModelKind, ONE_POINT, STAY_PUT};

    fn distances(w1: f64, values: u32) -> Option<Distances> {
        Some(Distances { w1, w2: 30.0 - w1, w1_sd: 0.25, w2_sd: 0.5, values, debiased: None, per_gene: None })
    }

    const MODEL: ModelKind = ModelKind::ALL[0];

    fn held_out() -> HeldOut {
        let rows = Row::baselines().into_iter().chain([Row::of(MODEL)]);
        let found = [distances(5.0, 1), distances(14.0, 1), None, distances(13.0, 1), distances(12.5, 5)];
        let rows = rows.zip(found).map(|(row, distances)| row.with(distances)).collect();
        HeldOut { time: 3, label: "day \"4\", late".into(), observed: 120, rows, ..HeldOut::default() }
    }

    #[test]
    fn the_floor_is_no_prediction() {
        assert_eq!(lowest(&held_out(), Metric::W1), Some(MODEL.card().key));
        assert_eq!(lowest(&held_out(), Metric::W2), Some(STAY_PUT));
        let mut alone = held_out();
        alone.rows.truncate(2);
        assert_eq!(lowest(&alone, Metric::W1), None);
    }

    #[test]
    fn deviations_have_the_decimals_of_their_mean() {
        assert_eq!(mean_and_deviation(&distances(12.5, 5).unwrap(), Metric::W1), "12.50 ± 0.25");
        assert_eq!(mean_and_deviation(&distances(5.0, 1).unwrap(), Metric::W1), "5.00");
    }

    #[test]
    fn the_file_has_every_row_and_reads_as_fields() {
        let evaluation = Evaluation { held_out: vec![held_out()], ..Evaluation::default() };
        let text = csv(&evaluation);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 6);
        assert_eq!(lines[5], "3,\"day \"\"4\"\", late\",120,\"scIMF\",12.5,0.25,17.5,0.5,5,,,,,,,,,,");
        assert!(lines[3].ends_with("interpolation\",,,,,,,,,,,,,,,"), "{}", lines[3]);
        assert!(lines[1..].iter().all(|line| line.matches(',').count() == 19), "the label's comma is quoted");
    }

    #[test]
    fn debiased_distances_mark_the_best_row_where_there_are_any() {
        let mut held_out = held_out();
        assert_eq!(best(&held_out, Metric::W1), Some(MODEL.card().key));
        for row in &mut held_out.rows {
            let energy = if row.key == ONE_POINT { 4.0 } else { 0.5 };
            row.distances.iter_mut().for_each(|it| it.debiased = Some(Debiased { energy, ..Debiased::default() }));
            if row.key == INTERPOLATION {
                let debiased = Some(Debiased { energy: 0.1, ..Debiased::default() });
                row.distances = Some(Distances { w1: 20.0, debiased, ..Distances::default() });
            }
        }
        assert_eq!((best(&held_out, Metric::Energy), best(&held_out, Metric::W1)), (Some(INTERPOLATION), None));
        let evaluation = Evaluation { held_out: vec![held_out], ..Evaluation::default() };
        assert_eq!(columns(&evaluation), [Metric::Energy, Metric::Sinkhorn, Metric::Spread, Metric::W1, Metric::W2]);
    }
}

//! Evaluations of single seeds as one evaluation over all of them.

use crate::protocol::{Distances, Evaluation, HeldOut, Row};

/// The evaluations of several seeds as one: means and standard deviations over their means. None without one, or where they are about
/// different time points.
#[must_use]
pub fn pooled(evaluations: &[Evaluation]) -> Option<Evaluation> {
    let first = evaluations.first()?;
    let times = |it: &Evaluation| it.held_out.iter().map(|held_out| held_out.time).collect::<Vec<_>>();
    if evaluations.iter().any(|it| times(it) != times(first)) {
        return None;
    }
    let held_out = (0..first.held_out.len()).map(|at| {
        let row = |row: &Row| {
            let found: Option<Vec<Distances>> =
                evaluations.iter().map(|it| it.held_out[at].distances(&row.key)).collect();
            let values = |found: &Vec<Distances>| found.iter().map(|it| it.values).sum();
            let pooled = found.and_then(|found| Some(Distances { values: values(&found), ..Distances::over(&found)? }));
            let rows: Vec<&Row> = evaluations.iter().filter_map(|it| it.held_out[at].row(&row.key)).collect();
            let (spread, types) = (mean(&rows, |row| &row.spread), mean(&rows, |row| &row.types));
            Row { distances: pooled, spread, types, ..row.clone() }
        };
        HeldOut { rows: first.held_out[at].rows.iter().map(row).collect(), ..first.held_out[at].clone() }
    });
    let seeds = evaluations.iter().map(|it| it.seeds).sum();
    Some(Evaluation { held_out: held_out.collect(), seeds, ..first.clone() })
}

/// Mean of each value over rows that all have as many.
fn mean(rows: &[&Row], values: fn(&Row) -> &Vec<f32>) -> Vec<f32> {
    let count = rows.iter().map(|row| values(row).len()).min().unwrap_or(0);
    (0..count).map(|at| rows.iter().map(|row| values(row)[at]).sum::<f32>() / rows.len() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ModelKind, STAY_PUT};

    fn one(scimf: f64, intra: Option<f64>) -> Evaluation {
        let distances = |w1: f64| Distances { w1, w2: 2.0 * w1, values: 1, ..Distances::default() };
        let rows = vec![
            Row::baselines().remove(1).with(Some(distances(9.0))),
            Row::of_twin(ModelKind::ScImf).unwrap().with(intra.map(distances)),
            Row::of(ModelKind::ScImf).with(Some(distances(scimf))),
        ];
        let held_out = HeldOut { time: 3, label: "day 4".into(), observed: 90, rows, ..HeldOut::default() };
        Evaluation { held_out: vec![held_out], seeds: 1, updates: Some(200), cells: 500, lineage: None }
    }

    #[test]
    fn seeds_become_a_mean_and_a_spread() {
        let all = pooled(&[one(10.0, Some(11.0)), one(12.0, Some(11.0)), one(14.0, None)]).unwrap();
        let held_out = &all.held_out[0];
        let scimf = held_out.rows[2].distances.unwrap();
        assert_eq!((scimf.w1, scimf.w2, scimf.w1_sd, scimf.values, all.seeds), (12.0, 24.0, 2.0, 3, 3));
        assert_eq!(held_out.rows[1].distances, None, "a row that one seed lacks is not there");
        assert_eq!((held_out.distances(STAY_PUT).unwrap().w1_sd, held_out.label.as_str()), (0.0, "day 4"));
    }

    #[test]
    fn what_does_not_belong_together_is_not_pooled() {
        assert_eq!(pooled(&[]), None);
        let mut other = one(1.0, None);
        other.held_out[0].time = 1;
        assert_eq!(pooled(&[one(1.0, None), other]), None);
    }
}

//! Who listens to whom among simulated cells at any moment of their way.

use crate::protocol::{Communication, Simulation};

/// The attention of a simulation at a time in index units: between the times at which it is known the numbers go over into each other. A number
/// that is known on one side only, since a type has too few cells on the other, stands for the nearer half. None without attention.
#[must_use]
pub fn at(simulation: &Simulation, time: f64) -> Option<Communication> {
    let known = &simulation.attention;
    let times = &simulation.fates.as_ref()?.times;
    let after = times.iter().take(known.len()).filter(|&&at| f64::from(at) <= time).count();
    let (Some(from), Some(to)) = (known.get(after.saturating_sub(1)), known.get(after)) else {
        return known.last().cloned();
    };
    if after == 0 {
        return Some(from.clone());
    }
    let [start, end] = [after - 1, after].map(|index| f64::from(times[index]));
    let share = ((time - start) / (end - start)) as f32;
    let near = if share < 0.5 { from } else { to };
    let mix = |from: &[f32], to: &[f32], near: &[f32]| -> Vec<f32> {
        let one = |((&a, &b), &near): ((&f32, &f32), &f32)| {
            let between = a + (b - a) * share;
            if between.is_finite() { between } else { near }
        };
        from.iter().zip(to).zip(near).map(one).collect()
    };
    Some(Communication {
        query: from.query,
        cells: near.cells.clone(),
        types: near.types.clone(),
        mean: mix(&from.mean, &to.mean, &near.mean).into(),
        enrichment: mix(&from.enrichment, &to.enrichment, &near.enrichment).into(),
        non_reciprocity: from.non_reciprocity + (to.non_reciprocity - from.non_reciprocity) * share,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{CommunicationQuery, Fates, Score};

    fn known(time: usize, mean: [f32; 4]) -> Communication {
        Communication {
            query: CommunicationQuery { time, score: Score::Attention, minimum_cells: 1, sample: None },
            cells: vec![10 + time, 5],
            types: vec![0, 1],
            mean: mean.to_vec().into(),
            enrichment: vec![0.0; 4].into(),
            non_reciprocity: time as f32,
        }
    }

    #[test]
    fn numbers_go_over_into_each_other() {
        let simulation = Simulation {
            fates: Some(Fates { times: vec![1.0, 1.5, 2.0].into(), ..Fates::default() }),
            attention: vec![known(1, [0.0, 1.0, 2.0, f32::NAN]), known(1, [1.0, 1.0, 2.0, 3.0]), known(2, [2.0; 4])],
            ..Simulation::default()
        };
        let mean = |time: f64| at(&simulation, time).unwrap().mean.to_vec();
        assert_eq!(mean(1.5), [1.0, 1.0, 2.0, 3.0]);
        assert_eq!(mean(1.75), [1.5, 1.5, 2.0, 2.5]);
        assert_eq!(mean(9.0), [2.0; 4]);
        assert_eq!(mean(0.0)[..3], [0.0, 1.0, 2.0]);
        assert!(
            mean(1.2)[3].is_nan() && mean(1.4)[3] == 3.0,
            "a type with too few cells is not there until the middle"
        );
        assert_eq!(at(&simulation, 1.9).unwrap().cells, [12, 5]);
        assert!(at(&Simulation::default(), 1.0).is_none());
    }
}

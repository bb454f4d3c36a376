//! Standardised components.

use super::{Dataset, Matrix, Space};

/// Most dimensions that are each divided by their own standard deviation; beyond, noise components would be blown up, so one scale serves all.
pub const MOST_OWN_SCALES: usize = 5;

/// z = (x - centre) / scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// Mean of each component over all cells.
    pub centre: Vec<f32>,
    /// Standard deviation of each component or, above [`MOST_OWN_SCALES`] components, their root mean square everywhere.
    pub scale: Vec<f32>,
}

impl Standard {
    /// Of the first `dimensions` components of some cells.
    pub fn of(states: &Matrix, dimensions: usize) -> Self {
        let count = states.rows as f64;
        let mean = |axis: usize, value: &dyn Fn(f64) -> f64| {
            (0..states.rows).map(|cell| value(f64::from(states.row(cell)[axis]))).sum::<f64>() / count
        };
        let centre: Vec<f64> = (0..dimensions).map(|axis| mean(axis, &|x| x)).collect();
        let variance: Vec<f64> = (0..dimensions).map(|axis| mean(axis, &|x| (x - centre[axis]).powi(2))).collect();
        let common = variance.iter().sum::<f64>() / dimensions as f64;
        // A component without any variance stays as it is.
        let root = |variance: f64| if variance > 0.0 { variance.sqrt() as f32 } else { 1.0 };
        let own = dimensions <= MOST_OWN_SCALES;
        let scale = variance.into_iter().map(|variance| root(if own { variance } else { common })).collect();
        Self { centre: centre.into_iter().map(|x| x as f32).collect(), scale }
    }

    fn stretch(&self, rows: &[f32], then: impl Fn(f32, usize) -> f32) -> Vec<f32> {
        let d = self.dimensions();
        rows.iter().enumerate().map(|(index, value)| then(value * self.scale[index % d], index % d)).collect()
    }
}

impl Space for Standard {
    fn dimensions(&self) -> usize {
        self.centre.len()
    }

    fn encode(&self, states: &[f32], columns: usize) -> Vec<f32> {
        let each = |row: &[f32], axis: usize| (row[axis] - self.centre[axis]) / self.scale[axis];
        states.chunks_exact(columns).flat_map(|row| (0..self.dimensions()).map(move |axis| each(row, axis))).collect()
    }

    fn decode(&self, z: &[f32]) -> Vec<f32> {
        self.stretch(z, |value, axis| value + self.centre[axis])
    }

    fn push(&self, vectors: &[f32]) -> Vec<f32> {
        self.stretch(vectors, |value, _| value)
    }
}

impl Dataset {
    /// The same cells with only the first `dimensions` components of the model space; the loadings follow. Names,
    /// annotations and measured values are left out.
    pub fn first_components(&self, dimensions: usize) -> Self {
        let cut = |matrix: &Matrix| Matrix {
            rows: matrix.rows,
            cols: dimensions,
            values: (0..matrix.rows).flat_map(|row| &matrix.row(row)[..dimensions]).copied().collect(),
        };
        let decoder = self.decoder.as_ref().map(|decoder| super::Decoder {
            genes: decoder.genes.clone(),
            loadings: cut(&decoder.loadings),
            mean: decoder.mean.clone(),
        });
        Self {
            name: self.name.clone(),
            states: cut(&self.states),
            axis: self.axis.clone(),
            cell_names: Vec::new(),
            times: self.times.clone(),
            time_points: self.time_points.clone(),
            cell_types: self.cell_types.clone(),
            types: self.types.clone(),
            cell_samples: self.cell_samples.clone(),
            samples: self.samples.clone(),
            embeddings: self.embeddings.clone(),
            components_first: self.components_first,
            columns: Vec::new(),
            decoder,
            measured: None,
            simulated: self.simulated,
            planted_interactions: self.planted_interactions.clone(),
            held_out: self.held_out.clone(),
            preparation: self.preparation.clone(),
            notes: self.notes.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_components_have_scales_of_their_own_and_many_share_one() {
        let states = Matrix::new(4, 3, vec![1.0, 10.0, 5.0, 3.0, 10.0, 5.0, 1.0, 30.0, 5.0, 3.0, 30.0, 5.0]).unwrap();
        let standard = Standard::of(&states, 2);
        assert_eq!(standard, Standard { centre: vec![2.0, 20.0], scale: vec![1.0, 10.0] });
        let z = standard.encode(&states.values, 3);
        assert_eq!(z, [-1.0, -1.0, 1.0, -1.0, -1.0, 1.0, 1.0, 1.0]);
        assert_eq!(standard.decode(&z), [1.0, 10.0, 3.0, 10.0, 1.0, 30.0, 3.0, 30.0]);
        assert_eq!(standard.push(&[1.0, 1.0]), [1.0, 10.0]);
        assert_eq!(Standard::of(&states, 3).scale[2], 1.0, "a component without variance is left as it is");

        let wide = Matrix::new(2, 6, [vec![0.0; 6], vec![2.0, 0.0, 0.0, 0.0, 0.0, 0.0]].concat()).unwrap();
        let scale = Standard::of(&wide, 6).scale;
        assert!(scale.iter().all(|s| (s - (1.0f32 / 6.0).sqrt()).abs() < 1e-6), "{scale:?}");
    }
}

//! The space in which a model moves cells, or in which cells are compared.

/// Coordinates for the components of the model space; as they stand here, the components themselves.
///
/// A space has three maps: `encode` gives the coordinates of cells, `decode` the cells of coordinates, and `push` the velocity of decoded cells
/// from that of their coordinates, which is the derivative of `decode` times it. Loadings belong to components, so genes follow from decoded cells
/// and pushed velocities. A space that is learned, an autoencoder, has maps of the same names in the network of its model, on tensors: its
/// coordinates are drawn, and how it pushes a vector depends on where the vector stands.
pub trait Space {
    /// Number of coordinates.
    fn dimensions(&self) -> usize;

    /// Coordinates of row-major states with `columns` components, of which the first count.
    fn encode(&self, states: &[f32], columns: usize) -> Vec<f32> {
        states.chunks_exact(columns).flat_map(|row| &row[..self.dimensions()]).copied().collect()
    }

    /// Components of row-major coordinates.
    fn decode(&self, coordinates: &[f32]) -> Vec<f32> {
        coordinates.to_vec()
    }

    /// Vectors of components from row-major vectors of coordinates.
    fn push(&self, vectors: &[f32]) -> Vec<f32> {
        vectors.to_vec()
    }
}

/// The first so many components as they are.
pub struct Components(pub usize);

impl Space for Components {
    fn dimensions(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Standard;

    #[test]
    fn a_space_gives_back_what_it_took_and_pushes_differences() {
        let standard = Standard { centre: vec![1.0, 2.0], scale: vec![0.5, 4.0] };
        let states = [2.0, 6.0, 9.0, 0.0, -2.0, 9.0];
        let spaces: [Box<dyn Space>; 2] = [Box::new(Components(2)), Box::new(standard)];
        for (index, space) in spaces.iter().enumerate() {
            let coordinates = space.encode(&states, 3);
            assert_eq!(space.decode(&coordinates), [2.0, 6.0, 0.0, -2.0], "space {index}");
            let difference: Vec<f32> = (0..2).map(|axis| coordinates[axis] - coordinates[2 + axis]).collect();
            assert_eq!(space.push(&difference), [2.0, 8.0], "space {index}");
        }
    }
}

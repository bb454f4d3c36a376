//! A scalar potential as a small network, and its gradient in closed form.

use crate::models::linear::Linear;
use crate::product::product;
use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, softplus};

/// Psi(u) = w . softplus(W_l ... softplus(W_1 u + b_1) ... + b_l).
///
/// The gradient is written as ordinary operations, grad Psi = W_1' (sig(a_1) * ... W_l' (sig(a_l) * w)), so that training it takes
/// first-order differentiation only.
#[derive(Module, Debug)]
pub struct Potential {
    /// inputs -> hidden, then hidden -> hidden.
    pub hidden: Vec<Linear>,
    /// hidden -> 1, without bias.
    pub last: Linear,
}

impl Potential {
    /// Psi of each row.
    ///
    /// # Shapes
    /// - `u`: `[n, inputs]`
    /// - output: `[n, 1]`
    pub fn value(&self, u: Tensor<2>) -> Tensor<2> {
        let hidden = self.hidden.iter().fold(u, |u, layer| softplus(layer.forward(u), 1.0));
        self.last.forward(hidden)
    }

    /// grad Psi of each row.
    ///
    /// # Shapes
    /// - `u`, output: `[n, inputs]`
    pub fn gradient(&self, u: Tensor<2>) -> Tensor<2> {
        let mut before: Vec<Tensor<2>> = Vec::with_capacity(self.hidden.len());
        for layer in &self.hidden {
            let input = before.last().map_or_else(|| u.clone(), |before| softplus(before.clone(), 1.0));
            before.push(layer.forward(input));
        }
        // [hidden, 1] -> [1, hidden], the same for all rows
        let slope = self.last.weight.val().transpose();
        self.hidden
            .iter()
            .zip(before)
            .rev()
            .fold(slope, |slope, (layer, before)| product(slope * sigmoid(before), layer.weight.val().transpose()))
    }
}

/// Name and shape of each tensor of a potential in PyTorch's layout, under `prefix`: `linear1.weight` and `.bias` of each hidden layer in
/// turn, then `linear.weight`.
pub fn potential_shapes(prefix: &str, inputs: usize, hidden: usize, layers: usize) -> Vec<(String, Vec<usize>)> {
    let layer = |index: usize| {
        let into = if index == 1 { inputs } else { hidden };
        let name = format!("{prefix}linear{index}");
        [(format!("{name}.weight"), vec![hidden, into]), (format!("{name}.bias"), vec![hidden])]
    };
    let last = (format!("{prefix}linear.weight"), vec![1, hidden]);
    (1..=layers).flat_map(layer).chain([last]).collect()
}

/// Hidden layers of a potential whose tensors are under `prefix` among `names`.
pub fn layers_of<'a>(prefix: &str, names: impl Iterator<Item = &'a String>) -> usize {
    let first = format!("{prefix}linear");
    let numbered = |name: &&String| name.strip_prefix(&first).is_some_and(|rest| rest.ends_with(".bias"));
    names.filter(numbered).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sde::Brownian;
    use crate::tensor::{cpu, read_now, upload};
    use burn::module::Param;

    fn layer(seed: u64, inputs: usize, outputs: usize, bias: bool) -> Linear {
        let normals = |stream, shape: [usize; 2]| {
            let count = shape[0] * shape[1];
            Brownian::new(seed).normals(stream, count)
        };
        Linear {
            weight: Param::from_tensor(upload(normals(0, [inputs, outputs]), [inputs, outputs], &cpu())),
            bias: bias.then(|| Param::from_tensor(upload(normals(1, [1, outputs]), [outputs], &cpu()))),
        }
    }

    fn potential(layers: usize) -> Potential {
        let hidden = (0..layers).map(|index| layer(index as u64, if index == 0 { 3 } else { 6 }, 6, true)).collect();
        Potential { hidden, last: layer(9, 6, 1, false) }
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        for layers in 1..=3 {
            let potential = potential(layers);
            let at = Brownian::new(5).normals(0, 4 * 3);
            let value = |points: Vec<f32>| read_now(potential.value(upload(points, [4, 3], &cpu())));
            let gradient = read_now(potential.gradient(upload(at.clone(), [4, 3], &cpu())));
            for axis in 0..3 {
                let moved = |by: f32| {
                    let mut points = at.clone();
                    points.iter_mut().skip(axis).step_by(3).for_each(|x| *x += by);
                    value(points)
                };
                let (up, down) = (moved(5e-3), moved(-5e-3));
                for cell in 0..4 {
                    let (found, expected) = (gradient[cell * 3 + axis], (up[cell] - down[cell]) / 1e-2);
                    let close = (found - expected).abs() <= 2e-3 * (1.0 + expected.abs());
                    assert!(close, "{layers} layers, cell {cell}, axis {axis}: {found} is not {expected}");
                }
            }
        }
    }

    #[test]
    fn the_gradient_has_no_curl() {
        let potential = potential(2);
        let at = [0.3f32, -0.7, 1.1];
        let slope = |axis: usize, by: f32| {
            let mut point = at.to_vec();
            point[axis] += by;
            read_now(potential.gradient(upload(point, [1, 3], &cpu())))
        };
        let derivative = |of: usize, along: usize| (slope(along, 5e-3)[of] - slope(along, -5e-3)[of]) / 1e-2;
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            let (one, other) = (derivative(i, j), derivative(j, i));
            assert!(one.abs() > 1e-2, "the potential bends");
            assert!((one - other).abs() < 5e-3 * (1.0 + one.abs()), "{i}, {j}: {one} is not {other}");
        }
    }

    #[test]
    fn tensors_have_the_published_names() {
        let shapes = potential_shapes("net.", 5, 7, 2);
        let names: Vec<&str> = shapes.iter().map(|(name, _)| name.as_str()).collect();
        let expected =
            ["net.linear1.weight", "net.linear1.bias", "net.linear2.weight", "net.linear2.bias", "net.linear.weight"];
        assert_eq!(names, expected);
        assert_eq!((&shapes[0].1, &shapes[4].1), (&vec![7, 5], &vec![1, 7]));
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        assert_eq!(layers_of("net.", names.iter()), 2);
    }
}

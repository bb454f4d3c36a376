//! Step methods and the walk over a time grid.

use super::Sde;
use burn::tensor::Tensor;

/// Equidistant steps from `start`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeGrid {
    /// Time before the first step, in index units.
    pub start: f64,
    /// Length of a step, in index units.
    pub dt: f64,
    /// Number of steps.
    pub steps: usize,
}

impl TimeGrid {
    /// The grid from `start` to `end` whose step divides one unit of time into `round(1 / dt)` parts.
    pub fn over(start: usize, end: usize, dt: f64) -> Self {
        let per_unit = Self::steps_per_unit(dt);
        Self { start: start as f64, dt: 1.0 / per_unit as f64, steps: (end - start) * per_unit }
    }

    /// Steps in one unit of time: `round(1 / dt)`, at least one.
    pub fn steps_per_unit(dt: f64) -> usize {
        (1.0 / dt).round().max(1.0) as usize
    }

    /// Time before step `step`.
    pub fn time(&self, step: usize) -> f64 {
        self.start + step as f64 * self.dt
    }
}

/// One Euler-Maruyama step: x + f dt + sigma sqrt(dt) z. Strong order 1 here, because the noise is additive.
///
/// # Shapes
/// - `state`, `noise` (standard normal z; none for the deterministic part alone), output: `[n, d]`
pub fn euler_maruyama(sde: &impl Sde, time: f64, dt: f64, state: Tensor<2>, noise: Option<Tensor<2>>) -> Tensor<2> {
    let drift = sde.drift(time, state.clone());
    let moved = state + drift.mul_scalar(dt);
    match noise {
        Some(z) => moved + z * sde.diffusion().mul_scalar(dt.sqrt()),
        None => moved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sde::{Brownian, WithAction};
    use crate::tensor::{cpu, read_now, upload};
    use burn::tensor::Device;

    /// dx = -theta x dt + sigma dW, whose solution along a path is known.
    struct OrnsteinUhlenbeck {
        theta: f64,
        sigma: f64,
        device: Device,
    }

    impl Sde for OrnsteinUhlenbeck {
        fn drift(&self, _time: f64, state: Tensor<2>) -> Tensor<2> {
            state.mul_scalar(-self.theta)
        }
        fn diffusion(&self) -> Tensor<2> {
            Tensor::full([1, 1], self.sigma, &self.device)
        }
    }

    fn walked(
        sde: &impl Sde,
        grid: TimeGrid,
        state: Tensor<2>,
        noise: impl Fn(usize) -> Option<Tensor<2>>,
    ) -> Tensor<2> {
        (0..grid.steps).fold(state, |state, step| euler_maruyama(sde, grid.time(step), grid.dt, state, noise(step)))
    }

    fn end_state(steps: usize, fine: &[Vec<f32>], start: f32) -> Vec<f32> {
        let device = cpu();
        let equation = OrnsteinUhlenbeck { theta: 1.5, sigma: 0.8, device: device.clone() };
        let paths = fine[0].len();
        let merge = fine.len() / steps;
        let grid = TimeGrid { start: 0.0, dt: 1.0 / steps as f64, steps };
        let state = Tensor::full([paths, 1], start, &device);
        let noise = |step: usize| {
            // the increment of a coarse step is the scaled sum of the fine increments of the same path
            let mut z = vec![0.0f32; paths];
            for increments in &fine[step * merge..(step + 1) * merge] {
                z.iter_mut().zip(increments).for_each(|(sum, dz)| *sum += dz / (merge as f32).sqrt());
            }
            Some(upload(z, [paths, 1], &device))
        };
        read_now(walked(&equation, grid, state, noise))
    }

    #[test]
    fn euler_maruyama_converges_with_strong_order_one_under_additive_noise() {
        let path = Brownian::new(3);
        let fine: Vec<_> = (0..512).map(|step| path.normals(step, 400)).collect();
        let exact = end_state(512, &fine, 1.0);
        let error = |steps| {
            let end = end_state(steps, &fine, 1.0);
            end.iter().zip(&exact).map(|(a, b)| (a - b).abs()).sum::<f32>() / end.len() as f32
        };
        let order = (error(8) / error(32)).log2() / 2.0;
        assert!((0.8..1.3).contains(&order), "strong order {order}");
    }

    #[test]
    fn action_adds_up_the_squared_drift_without_noise() {
        let device = cpu();
        let equation = WithAction(OrnsteinUhlenbeck { theta: 0.0, sigma: 1.0, device: device.clone() });
        let start = upload(vec![2.0f32, 0.0], [1, 2], &device);
        let grid = TimeGrid::over(0, 1, 0.1);
        let noise = |step| Some(upload(Brownian::new(0).normals(step, 2), [1, 2], &device));
        let end = read_now(walked(&equation, grid, start.clone(), noise));
        assert_eq!(end[1], 0.0, "no drift, no action");

        let moving = WithAction(OrnsteinUhlenbeck { theta: -1.0, sigma: 0.0, device });
        let end = read_now(walked(&moving, TimeGrid { start: 0.0, dt: 0.5, steps: 1 }, start, |_| None));
        assert_eq!(end, [3.0, 2.0], "x = 2 moves by f dt = 1, e by |f|^2 dt = 2");
    }

    #[test]
    fn a_grid_hits_every_whole_time() {
        let grid = TimeGrid::over(1, 4, 0.3);
        assert_eq!((grid.steps, TimeGrid::steps_per_unit(0.3)), (9, 3));
        assert!((grid.time(9) - 4.0).abs() < 1e-12);
    }
}

//! A Runge-Kutta step of fourth order.

use burn::tensor::Tensor;

/// The times of the stages of a step, as shares of it.
pub const STAGES: [f64; 4] = [0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0];

/// One step of `dt` (backwards if it is negative) by the 3/8 form of the fourth-order method. `rate` is the derivative at a stage, counted from
/// 0 to 3, a time and a state.
///
/// # Shapes
/// - `state`, every rate, output: `[n, d]`
pub fn three_eighths(
    mut rate: impl FnMut(usize, f64, Tensor<2>) -> Tensor<2>,
    time: f64,
    dt: f64,
    state: Tensor<2>,
) -> Tensor<2> {
    let first = rate(0, time, state.clone());
    let second = rate(1, time + dt / 3.0, state.clone() + first.clone().mul_scalar(dt / 3.0));
    let ahead = second.clone() - first.clone().div_scalar(3.0);
    let third = rate(2, time + dt * 2.0 / 3.0, state.clone() + ahead.mul_scalar(dt));
    let ahead = first.clone() - second.clone() + third.clone();
    let fourth = rate(3, time + dt, state.clone() + ahead.mul_scalar(dt));
    let sum = first + second.mul_scalar(3.0) + third.mul_scalar(3.0) + fourth;
    state + sum.mul_scalar(dt / 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::{cpu, read_now, upload};

    #[test]
    fn it_is_of_fourth_order_forwards_and_backwards() {
        // dx = -x (1 + t), whose solution is known.
        let end = |steps: usize, from: f64, to: f64| {
            let dt = (to - from) / steps as f64;
            let start = upload(vec![1.0, -2.0], [2, 1], &cpu());
            let walked = (0..steps).fold(start, |state, step| {
                let rate = |_: usize, time: f64, state: Tensor<2>| state.mul_scalar(-(1.0 + time));
                three_eighths(rate, from + step as f64 * dt, dt, state)
            });
            f64::from(read_now(walked)[0])
        };
        for (from, to) in [(0.0f64, 2.0f64), (2.0, 0.0)] {
            let exact = (from + from * from / 2.0 - to - to * to / 2.0).exp();
            let error = |steps| ((end(steps, from, to) - exact) / exact).abs();
            let order = (error(8) / error(16)).log2();
            assert!((3.3..5.5).contains(&order), "order {order} from {from} to {to}");
        }
    }
}

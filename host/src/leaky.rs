//! LeakyReLU.

/// In place: v if it is above 0, else `slope` * v.
pub fn leak(values: &mut [f32], slope: f32) {
    values.iter_mut().for_each(|v| *v = if *v > 0.0 { *v } else { slope * *v });
}

/// Takes a gradient back through a LeakyReLU whose results are `leaked`, in place.
pub fn leak_adjoint(leaked: &[f32], on_leaked: &mut [f32], slope: f32) {
    for (gradient, v) in on_leaked.iter_mut().zip(leaked) {
        *gradient = if *v > 0.0 { *gradient } else { slope * *gradient };
    }
}

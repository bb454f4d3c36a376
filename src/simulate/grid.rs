//! The steps of a simulation, and which of them are saved.

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::protocol::SimulationQuery;
use crate::protocol::limits::{MOST_FRAMES, MOST_SPANS};
use crate::sde::TimeGrid;

/// Steps of the length `dt` between two saved frames of a query; one where it asks for more frames than there are steps.
///
/// # Errors
/// It asks for no frames or for more than could be told apart.
pub fn stride(query: &SimulationQuery, dt: f64) -> Result<usize> {
    if !(1..=MOST_FRAMES).contains(&query.frames_per_interval) {
        return Err(Error::request(format!("A simulation saves 1 to {MOST_FRAMES} frames per interval")));
    }
    Ok((TimeGrid::steps_per_unit(dt) / query.frames_per_interval).max(1))
}

/// The steps of a query, of the length `dt`.
///
/// # Errors
/// It ends before it begins, or too far beyond the observed times.
pub fn grid(dataset: &Dataset, query: &SimulationQuery, dt: f64) -> Result<TimeGrid> {
    let last = (dataset.time_points.len() - 1) as f64;
    let (start, end) = (query.start.time as f64, query.until.unwrap_or(last));
    let per_unit = TimeGrid::steps_per_unit(dt) as f64;
    let steps = ((end - start) * per_unit).round();
    if !(steps >= 1.0 && end <= last * MOST_SPANS) {
        let what = format!("A simulation that begins at {start} cannot end at {end} (times are counted from 0)");
        return Err(
            Error::request(what).remedy(format!("It ends after its start, at {} at the latest.", last * MOST_SPANS))
        );
    }
    Ok(TimeGrid { start, dt: 1.0 / per_unit, steps: steps as usize })
}

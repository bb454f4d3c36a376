//! The search as a front end asks for it.

use super::Drifts;
use super::action::{Times, Way};
use super::ends::End;
use super::genes::moving;
use super::search::{Bounds, Found, Search};
use crate::data::{Dataset, evenly};
use crate::error::{Error, Result};
use crate::projection::Plane;
use crate::protocol::limits::{MOST_PATH_DIMENSIONS, MOST_PATH_POINTS, MOST_SPANS, SMALLEST_STEP};
use crate::protocol::{LeastActionPath, PathQuery};
use crate::simulate::Neighbourhood;
use burn::tensor::Device;
use std::sync::Arc;

/// Share of a component's standard deviation by which the drift is differentiated along it.
const WIDTH: f64 = 0.01;
/// Observed cells whose distances to those around them are a measure for the path's.
const COMPARED: usize = 256;

/// A search for the path of least action between two groups of cells.
pub struct PathFinder<M> {
    query: PathQuery,
    model: M,
    /// The dataset with the model's components, if it has others than the open one.
    seen: Option<Arc<Dataset>>,
    ends: [End; 2],
    search: Search,
}

impl<M: Drifts> PathFinder<M> {
    /// Begins with the straight line. `seen` is the dataset in which the model's cells are seen, if it is another than the open one.
    ///
    /// # Errors
    /// A group has no cells, both have the same mean, or the points or the duration are out of range.
    pub fn new(dataset: &Dataset, model: M, seen: Option<Arc<Dataset>>, query: PathQuery) -> Result<Self> {
        let dataset = seen.as_deref().unwrap_or(dataset);
        Plane::new(dataset, query.space)?;
        if !(3..=MOST_PATH_POINTS).contains(&query.points) {
            let what = format!("A path of {} points cannot be looked for", query.points);
            return Err(Error::request(what).at("points").remedy(format!("Give 3 to {MOST_PATH_POINTS}.")));
        }
        if dataset.states.cols > MOST_PATH_DIMENSIONS {
            let what = format!("A path is looked for in at most {MOST_PATH_DIMENSIONS} dimensions");
            return Err(Error::request(what).remedy("Prepare the study with fewer components."));
        }
        let end = |group, which| End::new(dataset, group, query.sample, which);
        let ends = [end(&query.from, "the start of the path")?, end(&query.to, "the end of the path")?];
        if ends[0].place == ends[1].place {
            let error = Error::request("Both groups have the same mean, so there is no way between them");
            return Err(error.remedy("Choose two different groups of cells."));
        }
        let steps = (query.points - 1) as f64;
        let last = (dataset.time_points.len() - 1) as f64;
        let longest = MOST_SPANS * last;
        let between = match query.duration {
            None => [SMALLEST_STEP, longest],
            Some(duration) if (SMALLEST_STEP..=longest).contains(&duration) => [duration; 2],
            Some(duration) => {
                let error = Error::request(format!("A path cannot take {duration} sampling intervals"));
                return Err(error
                    .at("duration")
                    .remedy(format!("Give {SMALLEST_STEP} to {longest}, or leave it out.")));
            }
        };
        let times = Times { begin: ends[0].time, last };
        let bounds = Bounds { times, step: between.map(|duration| duration / steps), widths: widths(dataset) };
        let straight = Way::straight([&ends[0].place, &ends[1].place], query.points, bounds.step[0]);
        Ok(Self { query, model, seen, ends, search: Search::new(straight, bounds) })
    }

    /// Share that is done, 0 to 1, should it take as long as it may.
    pub fn progress(&self) -> f32 {
        self.search.progress()
    }

    /// Does one bounded piece of work; the path at the end.
    ///
    /// # Errors
    /// The drift is not finite somewhere on the straight line, or the device failed.
    pub async fn advance(&mut self, open: &Dataset, device: &Device) -> Result<Option<LeastActionPath>> {
        let dataset = self.seen.as_deref().unwrap_or(open);
        let model = &self.model;
        let drift = async |states: Vec<f64>, times: Vec<f64>| {
            let states = states.into_iter().map(|x| x as f32).collect();
            let found = model.drifts(dataset, states, &times, device).await?;
            Ok(found.into_iter().map(f64::from).collect())
        };
        let found = self.search.advance(&drift).await?;
        found.map(|found| self.told(dataset, found)).transpose()
    }

    /// What was found, in the words of the protocol.
    fn told(&self, dataset: &Dataset, found: Found) -> Result<LeastActionPath> {
        let single = |way: &Way| way.points.iter().map(|x| *x as f32).collect::<Vec<f32>>();
        let (states, straight) = (single(&found.way), single(&found.straight));
        let plane = Plane::new(dataset, self.query.space)?;
        let neighbourhood = Neighbourhood::new(dataset);
        let labels = neighbourhood.label(&states);
        let among: Vec<u32> = evenly(dataset.states.rows, COMPARED).map(|cell| cell as u32).collect();
        let usual = median(neighbourhood.distances(&dataset.states_of(&among)));
        let away = neighbourhood.distances(&states).into_iter().map(|it| it / usual.max(f32::MIN_POSITIVE));
        let genes = dataset.decoder.as_ref().map_or_else(Vec::new, |it| moving(it, &states, self.query.genes));
        Ok(LeastActionPath {
            cells: [0, 1].map(|end| self.ends[end].cells),
            seen_at: [0, 1].map(|end| self.ends[end].time as f32),
            dimensions: dataset.states.cols,
            positions: plane.points(&states).into(),
            straight: plane.points(&straight).into(),
            exact: plane.is_exact(),
            action: found.way.action() as f32,
            duration: found.way.duration() as f32,
            longest: self.search.bounds.is_longest(&found.way),
            straight_action: found.straight.action() as f32,
            straight_duration: found.straight.duration() as f32,
            undriven_action: Way { step: found.way.step, ..found.straight }.undriven() as f32,
            steps: self.search.steps,
            settled: found.settled,
            types: labels.types.into(),
            confidence: labels.confidence.into(),
            away: away.collect::<Vec<f32>>().into(),
            genes,
            states: states.into(),
            query: self.query.clone(),
        })
    }
}

/// How far along each component the drift is read to differentiate it: a share of the component's standard deviation over all cells, and at least a
/// tenth of that share of the root mean square of all components'.
fn widths(dataset: &Dataset) -> Vec<f64> {
    let (count, d) = (dataset.states.rows as f64, dataset.states.cols);
    let mut moments = vec![[0.0; 2]; d];
    for row in dataset.states.values.chunks_exact(d) {
        for ([sum, square], x) in moments.iter_mut().zip(row) {
            *sum += f64::from(*x) / count;
            *square += f64::from(*x).powi(2) / count;
        }
    }
    let variances: Vec<f64> = moments.iter().map(|[mean, square]| (square - mean * mean).max(0.0)).collect();
    let least = (variances.iter().sum::<f64>() / d as f64).sqrt() * WIDTH;
    let least = if least > 0.0 { least } else { WIDTH };
    variances.iter().map(|variance| (WIDTH * variance.sqrt()).max(0.1 * least)).collect()
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

//! A twin of the data in which nothing interacts: cells of the same first populations, moved by a model without interaction.
//!
//! The model's noise is scaled so that the simulated cells spread as the observed ones do: the total variance of a population grows with the
//! square of the noise, so that two simulations, without noise and with much of it, tell how much fits best.

use super::debiased::variances;
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::models::{AnyJourney, AnyModel};
use crate::protocol::limits::{MOST_NOISE, MOST_SIMULATED};
use crate::protocol::{SimulationQuery, Start};
use crate::simulate::{Journey, Moves, Neighbourhood};
use crate::tensor::read;
use crate::transport::exact::Weighted;
use burn::tensor::Device;

/// Noise of the second probe, as a multiple of the model's.
const MUCH: f32 = 10.0;
/// Cells of a probe.
const PROBED: usize = 300;

/// A twin on its way.
pub(super) struct Twinning {
    alone: AnyModel,
    seed: u32,
    /// Samples with cells at more than one time point.
    samples: Vec<usize>,
    /// What comes next: all samples without noise, all with much of it, then all as they are kept.
    next: usize,
    journey: Option<AnyJourney>,
    /// Row-major states of the present journey at each whole time.
    states: Vec<(usize, Vec<f32>)>,
    /// Total variance of each population that a probe reached, for both probes.
    probes: [Vec<f64>; 2],
    observed: Vec<f64>,
    twin: Dataset,
    neighbourhood: Neighbourhood,
}

impl Twinning {
    /// # Errors
    /// None is expected: the twin is the dataset with other cells.
    pub(super) fn new(dataset: &Dataset, alone: AnyModel, seed: u32) -> Result<Self> {
        let several = |sample: &usize| {
            let has = |time: &usize| !dataset.sample_cells(*sample, *time).is_empty();
            (0..dataset.time_points.len()).filter(has).count() > 1
        };
        Ok(Self {
            alone,
            seed,
            samples: (0..dataset.sample_count()).filter(several).collect(),
            next: 0,
            journey: None,
            states: Vec::new(),
            probes: [Vec::new(), Vec::new()],
            observed: Vec::new(),
            twin: dataset.without_samples(&[])?,
            neighbourhood: Neighbourhood::new(dataset),
        })
    }

    /// Which probe comes next; none when the twin itself does.
    fn probe(&self) -> Option<usize> {
        Some(self.next / self.samples.len().max(1)).filter(|probe| *probe < 2)
    }

    /// The noise at which simulated cells spread as observed ones.
    fn noise(&self) -> f32 {
        let (mut product, mut square) = (0.0, 0.0);
        for ((still, moved), observed) in self.probes[0].iter().zip(&self.probes[1]).zip(&self.observed) {
            let grown = moved - still;
            product += grown * (observed - still);
            square += grown * grown;
        }
        let share = (product / square.max(f64::MIN_POSITIVE)).max(0.0);
        (share.sqrt() as f32 * MUCH).min(MOST_NOISE)
    }

    /// Does one bounded piece of work: a step of a simulation. The twin at the end.
    ///
    /// # Errors
    /// The device failed, or the simulation left the numbers.
    pub(super) async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Dataset>> {
        let Some(&sample) = self.samples.get(self.next % self.samples.len().max(1)) else {
            return Err(Error::request("No sample has cells at two time points"));
        };
        let times = dataset.time_points.len();
        let mut journey = match self.journey.take() {
            Some(journey) => journey,
            None => self.begin(dataset, sample, device)?,
        };
        journey.step(dataset).await?;
        let time = journey.time();
        if (time - time.round()).abs() < 1e-6 {
            let states = read(journey.state()).await?;
            if states.iter().any(|value| !value.is_finite()) {
                return Err(Error::request("The simulation of a twin left the numbers")
                    .remedy("Train with a lower learning rate, or for longer."));
            }
            self.states.push((time.round() as usize, states));
        }
        if !journey.is_finished() {
            self.journey = Some(journey);
            return Ok(None);
        }
        for (time, states) in std::mem::take(&mut self.states) {
            self.take(dataset, sample, time, states);
        }
        self.next += 1;
        let is_last = self.next == 3 * self.samples.len() || times < 2;
        Ok(is_last.then(|| std::mem::take(&mut self.twin)))
    }

    fn begin(&self, dataset: &Dataset, sample: usize, device: &Device) -> Result<AnyJourney> {
        let first = dataset.first_time(sample).unwrap_or(0);
        let later = (first + 1..dataset.time_points.len()).map(|time| dataset.sample_cells(sample, time).len());
        let most = later.max().unwrap_or(1).clamp(1, MOST_SIMULATED);
        let last =
            (first..dataset.time_points.len()).rev().find(|&time| !dataset.sample_cells(sample, time).is_empty());
        let (cells, noise) = match self.probe() {
            Some(0) => (most.min(PROBED), 0.0),
            Some(_) => (most.min(PROBED), MUCH),
            None => (most, self.noise()),
        };
        let query = SimulationQuery {
            model: self.alone.kind(),
            cells,
            seed: self.seed.wrapping_mul(1000).wrapping_add(sample as u32),
            start: Start { time: first, sample: (!dataset.samples.is_empty()).then_some(sample), ..Start::default() },
            until: last.map(|last| last as f64),
            noise,
            ..SimulationQuery::default()
        };
        self.alone.journey(dataset, &query, &[], device)
    }

    /// Keeps the simulated cells of a population, or how far those of a probe spread.
    fn take(&mut self, dataset: &Dataset, sample: usize, time: usize, states: Vec<f32>) {
        let cells = dataset.sample_cells(sample, time);
        let dimensions = dataset.states.cols;
        if cells.is_empty() {
            return;
        }
        let total =
            |points: Vec<f32>| variances(&Weighted::uniform(points, dimensions), dimensions).iter().sum::<f64>();
        if let Some(probe) = self.probe() {
            self.probes[probe].push(total(states));
            if probe == 0 {
                self.observed.push(total(dataset.states_of(&cells)));
            }
            return;
        }
        let labels = self.neighbourhood.label(&states).types;
        let rows = states.chunks_exact(dimensions);
        for (cell, (row, kind)) in cells.iter().zip(rows.zip(labels).collect::<Vec<_>>().iter().cycle()) {
            self.twin.states.row_mut(*cell as usize).copy_from_slice(row);
            self.twin.cell_types[*cell as usize] = u32::from(*kind);
        }
    }
}

//! What a change does: the same cells under the same noise, with and without it.

use super::fates::Neighbourhood;
use super::frames::FrameRecorder;
use super::{Journey, Moves, rows};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::projection::Plane;
use crate::protocol::limits::MOST_PAIRS;
use crate::protocol::{Experiment, ExperimentQuery, FateChange, GeneChange, Moved, Simulation, SimulationQuery};
use crate::tensor::read;
use burn::tensor::Device;
use std::sync::Arc;

/// Genes in the answer: those that change most.
const MOST_GENES: usize = 50;

/// An experiment in progress, one bounded piece at a time.
pub struct Experimenter<M: Moves> {
    query: ExperimentQuery,
    model: M,
    neighbourhood: Arc<Neighbourhood>,
    /// Runs that have ended: unchanged, changed, unchanged, …
    ended: Vec<Run>,
    running: Option<Running<M::Journey>>,
    shown: Vec<Simulation>,
    /// Positions of unchanged cells at the end, under all seeds but the first.
    floor: Vec<f32>,
}

struct Running<J> {
    journey: J,
    /// For the first seed, which is shown.
    recorder: Option<FrameRecorder>,
    /// Positions of the cells that are in the run with the change too; none if they are all.
    shared: Option<Vec<usize>>,
}

/// The end of a simulation.
struct Run {
    /// States of the cells, row-major.
    states: Vec<f32>,
    /// Their types by their neighbours.
    types: Vec<u16>,
    /// Their types at the start.
    began: Vec<u32>,
}

impl<M: Moves> Experimenter<M> {
    /// An experiment with a copy of `model`.
    ///
    /// # Errors
    /// Nothing is changed, there are too few or too many seeds, or a query or change cannot be followed.
    pub fn new(dataset: &Dataset, model: &M, query: ExperimentQuery, device: &Device) -> Result<Self> {
        if query.changes.is_empty() {
            return Err(Error::request("An experiment changes something").remedy("Add a change."));
        }
        if !(2..=MOST_PAIRS).contains(&query.seeds) {
            return Err(Error::request(format!("An experiment needs 2 to {MOST_PAIRS} seeds")));
        }
        Plane::new(dataset, query.simulation.space)?;
        query.simulation.genes.iter().try_for_each(|gene| dataset.gene(*gene).map(|_| ()))?;
        let seen = model.journey(dataset, &query.simulation, &query.changes, device)?.seen_in();
        let neighbourhood = Arc::new(Neighbourhood::new(seen.as_deref().unwrap_or(dataset)));
        Ok(Self {
            query,
            model: model.clone(),
            neighbourhood,
            ended: Vec::new(),
            running: None,
            shown: Vec::new(),
            floor: Vec::new(),
        })
    }

    /// What is being done, and the share of the whole that is done, 0 to 1.
    pub fn progress(&self) -> (String, f32) {
        let runs = 2.0 * self.query.seeds as f32;
        let part = self.running.as_ref().map_or(0.0, |it| it.journey.progress());
        let changed = if self.ended.len().is_multiple_of(2) { "unchanged" } else { "changed" };
        let seed = self.ended.len() / 2 + 1;
        (format!("seed {seed} of {}, {changed}", self.query.seeds), (self.ended.len() as f32 + part) / runs)
    }

    /// Does one bounded piece of work; the answer when all is done.
    ///
    /// # Errors
    /// The device failed.
    pub async fn advance(&mut self, dataset: &Dataset, device: &Device) -> Result<Option<Experiment>> {
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.begin(dataset, device)?,
        };
        running.journey.step(dataset).await?;
        if let Some(recorder) = &mut running.recorder {
            recorder.record(&running.journey);
        }
        if !running.journey.is_finished() {
            self.running = Some(running);
            return Ok(None);
        }
        self.end(dataset, running).await?;
        Ok((self.ended.len() == 2 * self.query.seeds as usize).then(|| self.answer(dataset)))
    }

    fn begin(&self, dataset: &Dataset, device: &Device) -> Result<Running<M::Journey>> {
        let seed = self.query.simulation.seed.wrapping_add(self.ended.len() as u32 / 2);
        let simulation = SimulationQuery { seed, ..self.query.simulation.clone() };
        let changed = self.model.journey(dataset, &simulation, &self.query.changes, device)?;
        let (journey, shared) = if self.ended.len().is_multiple_of(2) {
            let shared = changed.asked_positions();
            (self.model.journey(dataset, &simulation, &[], device)?, Some(shared))
        } else {
            (changed, None)
        };
        let mut recorder = (self.ended.len() < 2).then(|| FrameRecorder::new(&simulation));
        if let Some(recorder) = &mut recorder {
            recorder.record(&journey);
        }
        Ok(Running { journey, recorder, shared })
    }

    async fn end(
        &mut self,
        dataset: &Dataset,
        Running { journey, recorder, shared }: Running<M::Journey>,
    ) -> Result<()> {
        let mut states = read(journey.state()).await?;
        let mut began = journey.began_as();
        if let Some(shared) = &shared {
            states = rows(&states, dataset.states.cols, shared);
            began = shared.iter().map(|position| began[*position]).collect();
        }
        if let Some(recorder) = recorder {
            let neighbourhood = self.query.simulation.fates.then(|| self.neighbourhood.clone());
            let mut developing = recorder.develop(dataset.states.cols, neighbourhood, shared.as_deref()).await?;
            let shown = loop {
                if let Some(shown) = developing.advance(dataset)? {
                    break shown;
                }
            };
            self.shown.push(shown);
        }
        if self.ended.len() > 1 && shared.is_some() {
            self.floor.extend(Plane::new(dataset, self.query.simulation.space)?.points(&states));
        }
        let types = self.neighbourhood.label(&states).types;
        let began = began.into_iter().map(|cell| dataset.cell_types[cell as usize]).collect();
        self.ended.push(Run { states, types, began });
        Ok(())
    }

    fn answer(&mut self, dataset: &Dataset) -> Experiment {
        let changed = self.shown.pop().unwrap_or_default();
        let unchanged = self.shown.pop().unwrap_or_default();
        let floor = Simulation {
            query: self.query.simulation.clone(),
            times: unchanged.times.last().copied().into_iter().collect::<Vec<_>>().into(),
            positions: std::mem::take(&mut self.floor).into(),
            exact: unchanged.exact,
            ..Simulation::default()
        };
        let pairs: Vec<[&Run; 2]> = self.ended.as_chunks::<2>().0.iter().map(|[a, b]| [a, b]).collect();
        Experiment {
            fates: fates(&pairs, &self.neighbourhood),
            moved: (0..dataset.types.len()).filter_map(|kind| moved(&pairs, kind, dataset.states.cols)).collect(),
            genes: genes(&pairs, dataset),
            floor,
            query: self.query.clone(),
            unchanged,
            changed,
        }
    }
}

impl Run {
    /// Mean state of the cells that `belongs` holds for; none without such cells.
    fn mean(&self, cols: usize, belongs: impl Fn(usize) -> bool) -> Option<Vec<f64>> {
        let mut mean = vec![0.0; cols];
        let mut count = 0.0;
        for (_, state) in self.states.chunks_exact(cols).enumerate().filter(|(cell, _)| belongs(*cell)) {
            mean.iter_mut().zip(state).for_each(|(mean, x)| *mean += f64::from(*x));
            count += 1.0;
        }
        (count > 0.0).then(|| mean.into_iter().map(|sum| sum / count).collect())
    }
}

/// Mean over all pairs of unchanged runs.
fn noise(pairs: &[[&Run; 2]], difference: impl Fn(&Run, &Run) -> Option<f64>) -> f64 {
    let mut values = Vec::new();
    for (index, [one, _]) in pairs.iter().enumerate() {
        values.extend(pairs[index + 1..].iter().filter_map(|[other, _]| difference(one, other)));
    }
    if values.is_empty() { f64::NAN } else { values.iter().sum::<f64>() / values.len() as f64 }
}

fn fates(pairs: &[[&Run; 2]], neighbourhood: &Neighbourhood) -> Vec<FateChange> {
    let shares: Vec<[Vec<f32>; 2]> =
        pairs.iter().map(|pair| pair.map(|run| neighbourhood.shares(&run.types))).collect();
    let kinds = shares.first().map_or(0, |[unchanged, _]| unchanged.len());
    let seeds = shares.len() as f32;
    (0..kinds)
        .map(|kind| {
            let mean = |side: usize| shares.iter().map(|pair| pair[side][kind]).sum::<f32>() / seeds;
            let share = |run: &Run| f64::from(neighbourhood.shares(&run.types)[kind]);
            let noise = noise(pairs, |one, other| Some((share(one) - share(other)).abs())) as f32;
            FateChange { kind, unchanged: mean(0), changed: mean(1), noise }
        })
        .collect()
}

fn moved(pairs: &[[&Run; 2]], kind: usize, cols: usize) -> Option<Moved> {
    let of_kind = |run: &Run, cell: usize| run.began[cell] as usize == kind;
    let mean = |run: &Run| run.mean(cols, |cell| of_kind(run, cell));
    let (mut cells, mut each, mut together) = (0.0, 0.0, Vec::new());
    for [unchanged, changed] in pairs {
        let states = unchanged.states.chunks_exact(cols).zip(changed.states.chunks_exact(cols)).enumerate();
        for (_, (a, b)) in states.filter(|(cell, _)| of_kind(unchanged, *cell)) {
            each += a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt();
            cells += 1.0;
        }
        together.extend(mean(unchanged).zip(mean(changed)).map(|(a, b)| distance(&a, &b)));
    }
    (cells > 0.0).then(|| Moved {
        kind,
        cells: (cells / pairs.len() as f64) as f32,
        each: (each / cells) as f32,
        together: (together.iter().sum::<f64>() / together.len() as f64) as f32,
        noise: noise(pairs, |one, other| Some(distance(&mean(one)?, &mean(other)?))) as f32,
    })
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// The genes that change most beyond the noise.
fn genes(pairs: &[[&Run; 2]], dataset: &Dataset) -> Vec<GeneChange> {
    let Some(decoder) = &dataset.decoder else { return Vec::new() };
    let cols = dataset.states.cols;
    // Decoding is linear: the mean of the decoded is the decoded mean.
    let means: Vec<[Vec<f64>; 2]> =
        pairs.iter().filter_map(|[a, b]| Some([a.mean(cols, |_| true)?, b.mean(cols, |_| true)?])).collect();
    let mut changes: Vec<GeneChange> = (0..decoder.genes.len())
        .map(|gene| {
            let along = |from: &[f64], to: &[f64]| -> f64 {
                let steps = from.iter().zip(to).map(|(from, to)| to - from);
                steps.zip(decoder.loadings.row(gene)).map(|(step, loading)| step * f64::from(*loading)).sum()
            };
            let difference = means.iter().map(|[a, b]| along(a, b)).sum::<f64>() / means.len() as f64;
            let mut floor = Vec::new();
            for (index, [one, _]) in means.iter().enumerate() {
                floor.extend(means[index + 1..].iter().map(|[other, _]| along(one, other).abs()));
            }
            let noise = (floor.iter().sum::<f64>() / floor.len() as f64) as f32;
            GeneChange { gene, difference: difference as f32, noise }
        })
        .collect();
    let excess = |change: &GeneChange| change.difference.abs() - change.noise;
    changes.sort_by(|a, b| excess(b).total_cmp(&excess(a)));
    changes.truncate(MOST_GENES);
    changes
}

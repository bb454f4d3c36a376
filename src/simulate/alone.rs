//! Cells that move each on its own under a stochastic equation whose time is that of the data's labels.

use super::Journey;
use super::grid::grid;
use super::start::Members;
use crate::data::{Clock, Dataset};
use crate::error::{Error, Result};
use crate::protocol::{Change, SimulationQuery};
use crate::sde::{SavedTimes, Sde, euler_maruyama};
use crate::tensor::upload;
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Most frames that are saved for each unit of time.
const MOST_FRAMES: usize = 100;
/// Most steps of a simulation.
const MOST_STEPS: usize = 100_000;

/// Cells on their way from the start to the end of a query. Steps have the equation's own length, whatever frames are asked for; frames
/// between two steps are interpolated.
pub struct Alone<E> {
    equation: E,
    steps: SavedTimes,
    /// Times of the frames, in index units.
    times: Vec<f64>,
    draws: Draws,
    noise: f32,
    /// The observed cells that were drawn.
    drawn: Vec<u32>,
    /// Dimensions of the model space; states may have further columns, which begin at 0 and have no noise.
    dimensions: usize,
    device: Device,
    /// Steps taken.
    step: usize,
    /// The frame that the cells are at.
    frame: usize,
    /// The state before the last step, and after it.
    states: [Tensor<2>; 2],
}

impl<E: Sde> Alone<E> {
    /// Draws the cells of a query for an equation with steps of `dt`, in the units of the data's time labels, and shifts genes.
    ///
    /// # Errors
    /// The query or a change cannot be followed. Cells that move alone do not notice that others are missing or mute.
    pub fn new(
        equation: E,
        dt: f64,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self> {
        if !(1..=MOST_FRAMES).contains(&query.frames_per_interval) {
            return Err(Error::request(format!("A simulation saves 1 to {MOST_FRAMES} frames per interval")));
        }
        if !(0.0..=100.0).contains(&query.noise) {
            return Err(Error::request("The noise must be a multiple of the model's diffusion from 0 to 100"));
        }
        let frames = grid(dataset, query, 1.0 / query.frames_per_interval as f64)?;
        let times: Vec<f64> = (0..=frames.steps).map(|frame| frames.time(frame)).collect();
        let clock = Clock::of_labels(dataset);
        let labels: Vec<f64> = times.iter().map(|time| clock.at(*time)).collect();
        let steps = SavedTimes::new(&labels, dt);
        if steps.steps() > MOST_STEPS {
            let what = format!("The model's step of {dt} would be taken {} times", steps.steps());
            return Err(Error::request(what).remedy("End earlier, or train with a larger step."));
        }
        let draws = Draws::Seeded(query.seed);
        // Cells do not influence each other, so no population is needed around them.
        let mut alone = query.clone();
        alone.start.alone = true;
        let drawn = Members::draw(dataset, &alone, &draws)?.cells;
        let dimensions = dataset.states.cols;
        let mut start: Vec<f32> = drawn.iter().flat_map(|&cell| dataset.states.row(cell as usize)).copied().collect();
        for change in changes {
            let Change::Shift { gene, by } = change else {
                let what = "The cells of this model move each alone, so that taking out or muting others does nothing";
                return Err(
                    Error::request(what).remedy("Shift a gene, or choose a model whose cells influence each other.")
                );
            };
            super::shift(dataset, &mut start, dimensions, *gene, *by)?;
        }
        let start = upload(start, [drawn.len(), dimensions], device);
        let further = equation.diffusion().dims()[1] - dimensions;
        let state = if further > 0 {
            Tensor::cat(vec![start, Tensor::zeros([drawn.len(), further], device)], 1)
        } else {
            start
        };
        Ok(Self {
            equation,
            steps,
            times,
            draws,
            noise: query.noise,
            drawn,
            dimensions,
            device: device.clone(),
            step: 0,
            frame: 0,
            states: [state.clone(), state],
        })
    }

    fn take_step(&mut self) {
        let [cells, columns] = self.states[1].dims();
        let noise = (self.noise > 0.0).then(|| {
            let mut noise = self.draws.noise(0, self.step, cells * self.dimensions);
            noise.iter_mut().for_each(|z| *z *= self.noise);
            let noise = upload(noise, [cells, self.dimensions], &self.device);
            let still = columns - self.dimensions;
            if still > 0 { Tensor::cat(vec![noise, Tensor::zeros([cells, still], &self.device)], 1) } else { noise }
        });
        let (time, dt) = self.steps.step(self.step);
        let after = euler_maruyama(&self.equation, time, dt, self.states[1].clone(), noise);
        self.states = [self.states[1].clone(), after];
        self.step += 1;
    }
}

impl<E: Sde> Journey for Alone<E> {
    /// Goes on to the next frame.
    async fn advance(&mut self, _: &Dataset) -> Result<()> {
        self.frame += 1;
        while self.step < self.steps.complete_at(self.frame) {
            self.take_step();
        }
        Ok(())
    }

    fn is_finished(&self) -> bool {
        self.frame + 1 == self.times.len()
    }

    fn progress(&self) -> f32 {
        self.frame as f32 / (self.times.len() - 1).max(1) as f32
    }

    fn time(&self) -> f64 {
        self.times[self.frame]
    }

    fn is_frame(&self) -> bool {
        true
    }

    fn state(&self) -> Tensor<2> {
        let parts = self.steps.parts(self.frame).into_iter();
        // The states are those after the last step and the one before it.
        let part = |(at, share): (usize, f64)| {
            let state = &self.states[usize::from(at == self.step)];
            if share < 1.0 { state.clone().mul_scalar(share) } else { state.clone() }
        };
        let state = parts.map(part).reduce(|a, b| a + b).unwrap_or_else(|| self.states[1].clone());
        state.narrow(1, 0, self.dimensions)
    }

    fn began_as(&self) -> Vec<u32> {
        self.drawn.clone()
    }

    fn asked_positions(&self) -> Vec<usize> {
        (0..self.drawn.len()).collect()
    }
}

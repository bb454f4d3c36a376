//! Cells that move each on its own, as a stepper takes them.

use super::Journey;
use super::grid::grid;
use super::start::{Members, check_noise};
use crate::data::{Clock, Dataset};
use crate::error::{Error, Result};
use crate::protocol::limits::{MOST_FRAMES, MOST_STEPS};
use crate::protocol::{Change, SimulationQuery};
use crate::sde::{SavedTimes, Sde, euler_maruyama};
use crate::tensor::upload;
use crate::train::Draws;
use burn::tensor::{Device, Tensor};

/// Takes the steps of cells that do not notice each other.
///
/// Every stochastic equation is one, under Euler-Maruyama steps in the time of the data's labels.
pub trait CellStepper {
    /// Time as the steps count it.
    fn clock(&self, dataset: &Dataset) -> Clock {
        Clock::of_labels(dataset)
    }

    /// The state in which cells are moved.
    ///
    /// # Shapes
    /// - `cells`: `[n, d]`, in the model space
    /// - output: `[n, columns]`
    fn enter(&self, cells: Tensor<2>, noise: &mut Noise) -> Tensor<2>;

    /// The state after a step of `dt` from `time`.
    ///
    /// # Shapes
    /// - `state`, output: `[n, columns]`
    fn step(&self, time: f64, dt: f64, state: Tensor<2>, noise: &mut Noise) -> Tensor<2>;

    /// The cells of a state in the model space, `[n, d]`.
    fn leave(&self, state: Tensor<2>, dimensions: usize) -> Tensor<2>;
}

impl<E: Sde> CellStepper for E {
    /// Further columns of the equation begin at 0 and have no noise.
    fn enter(&self, cells: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let further = self.diffusion().dims()[1] - noise.dimensions;
        if further == 0 {
            return cells;
        }
        let zeros = Tensor::zeros([noise.cells, further], &noise.device);
        Tensor::cat(vec![cells, zeros], 1)
    }

    fn step(&self, time: f64, dt: f64, state: Tensor<2>, noise: &mut Noise) -> Tensor<2> {
        let still = state.dims()[1] - noise.dimensions;
        let drawn = noise.next(noise.dimensions).map(|drawn| match still {
            0 => drawn,
            _ => Tensor::cat(vec![drawn, Tensor::zeros([noise.cells, still], &noise.device)], 1),
        });
        euler_maruyama(self, time, dt, state, drawn)
    }

    fn leave(&self, state: Tensor<2>, dimensions: usize) -> Tensor<2> {
        state.narrow(1, 0, dimensions)
    }
}

/// The noise of a simulation, in the order in which it is asked for.
pub struct Noise {
    draws: Draws,
    /// Multiple of the model's own noise.
    factor: f32,
    cells: usize,
    dimensions: usize,
    device: Device,
    /// Draws made.
    made: usize,
}

impl Noise {
    /// Normal numbers times the asked multiple, `[cells, columns]`; none if there shall be no noise.
    pub fn next(&mut self, columns: usize) -> Option<Tensor<2>> {
        (self.factor > 0.0).then(|| {
            let mut noise = self.draws.noise(0, self.made, self.cells * columns);
            self.made += 1;
            noise.iter_mut().for_each(|z| *z *= self.factor);
            upload(noise, [self.cells, columns], &self.device)
        })
    }
}

/// Cells on their way from the start to the end of a query. Steps have the model's own length, whatever frames are asked for; frames
/// between two steps are interpolated.
pub struct Alone<E> {
    stepper: E,
    steps: SavedTimes,
    /// Times of the frames, in index units.
    times: Vec<f64>,
    noise: Noise,
    /// The observed cells that were drawn.
    drawn: Vec<u32>,
    /// Steps taken.
    step: usize,
    /// The frame that the cells are at.
    frame: usize,
    /// The state before the last step, and after it.
    states: [Tensor<2>; 2],
}

impl<E: CellStepper> Alone<E> {
    /// Draws the cells of a query for a stepper with steps of `dt` on its clock, and shifts genes.
    ///
    /// # Errors
    /// The query or a change cannot be followed. Cells that move alone do not notice that others are missing or mute.
    pub fn new(
        stepper: E,
        dt: f64,
        dataset: &Dataset,
        query: &SimulationQuery,
        changes: &[Change],
        device: &Device,
    ) -> Result<Self> {
        if !(1..=MOST_FRAMES).contains(&query.frames_per_interval) {
            return Err(Error::request(format!("A simulation saves 1 to {MOST_FRAMES} frames per interval")));
        }
        let factor = check_noise(query)?;
        let frames = grid(dataset, query, 1.0 / query.frames_per_interval as f64)?;
        let times: Vec<f64> = (0..=frames.steps).map(|frame| frames.time(frame)).collect();
        let clock = stepper.clock(dataset);
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
        let cells = drawn.len();
        let mut noise = Noise { draws, factor, cells, dimensions, device: device.clone(), made: 0 };
        let state = stepper.enter(upload(start, [cells, dimensions], device), &mut noise);
        let states = [state.clone(), state];
        Ok(Self { stepper, steps, times, noise, drawn, step: 0, frame: 0, states })
    }

    fn take_step(&mut self) {
        let (time, dt) = self.steps.step(self.step);
        let after = self.stepper.step(time, dt, self.states[1].clone(), &mut self.noise);
        self.states = [self.states[1].clone(), after];
        self.step += 1;
    }
}

impl<E: CellStepper> Journey for Alone<E> {
    /// Goes on to the next frame.
    async fn step(&mut self, _: &Dataset) -> Result<()> {
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
        self.stepper.leave(state, self.noise.dimensions)
    }

    fn began_as(&self) -> Vec<u32> {
        self.drawn.clone()
    }

    fn asked_positions(&self) -> Vec<usize> {
        (0..self.drawn.len()).collect()
    }
}

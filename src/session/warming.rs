//! A GPU made ready while the user still reads.
//!
//! A browser compiles the program of an operation when it is first asked for, which takes longer than the operation. The smallest training that
//! there is asks for those of a whole update.

use super::Session;
use crate::data::{Dataset, evenly};
use crate::error::Result;
use crate::protocol::{ScImfConfig, TrainSettings};
use crate::tensor::is_cpu;
use crate::train::{Trainer, TrainingData};
use crate::transport::Cloud;
use crate::velocity::states_of;
use burn::tensor::Device;

/// Observed cells of a time point that are enough.
const CELLS: usize = 512;

/// How far the device is.
#[derive(Default)]
pub(super) enum Warmth {
    /// Nothing was computed yet.
    #[default]
    Cold,
    /// This update is on its way.
    Warming(Box<Trainer>),
    /// Nothing is left to do.
    Warm,
}

impl Session {
    /// The device is hardware that compiles what it is asked for, was not asked for an update yet, and has nothing else to do: [`Session::warm`] is worth while.
    pub fn is_cold(&self) -> bool {
        // software computes for longer than the user reads
        let hardware = self.adapter.as_ref().is_ok_and(|adapter| !adapter.software);
        let compiles = hardware && self.device.as_ref().is_some_and(|device| !is_cpu(device));
        let idle = !self.is_busy() && self.training.is_none() && self.dataset.is_some();
        compiles && idle && !matches!(self.warmth, Warmth::Warm)
    }

    /// Does one bounded piece of an update that nobody sees.
    pub async fn warm(&mut self) {
        let trainer = match (std::mem::take(&mut self.warmth), &self.dataset, &self.device) {
            (Warmth::Warming(trainer), _, _) => Some(trainer),
            (Warmth::Cold, Some(dataset), Some(device)) => smallest(dataset, device).ok().map(Box::new),
            _ => None,
        };
        // What fails here fails again, in words, when the user asks for it.
        self.warmth = match trainer {
            Some(mut trainer) => match trainer.advance().await {
                Ok(None) => Warmth::Warming(trainer),
                _ => Warmth::Warm,
            },
            None => Warmth::Warm,
        };
    }
}

/// A training of one update with one step, of a few cells of the first two time points, with the settings that are usual.
fn smallest(dataset: &Dataset, device: &Device) -> Result<Trainer> {
    let dimensions = dataset.states.cols;
    let states = |time| {
        let cells = dataset.cells_at(time);
        states_of(dataset, &evenly(cells.len(), CELLS).map(|k| cells[k]).collect::<Vec<_>>())
    };
    let clouds = vec![Cloud::new(states(1), dimensions, device)];
    let data = TrainingData { start: states(0), dimensions, times: vec![1], clouds };
    let settings = TrainSettings { updates: 1, dt: 1.0, ..TrainSettings::default() };
    let config = ScImfConfig { heads: crate::data::weights::usual_heads(dimensions), ..ScImfConfig::default() };
    Trainer::new(data, settings, config, None, device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::bundle;
    use crate::tensor::cpu;

    fn demo() -> Dataset {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("public/demo.zip");
        bundle::read(&std::fs::read(file).unwrap()).unwrap().dataset
    }

    #[test]
    fn an_update_is_computed_in_few_pieces() {
        let mut trainer = smallest(&demo(), &cpu()).unwrap();
        let mut pieces = 1;
        while pollster::block_on(trainer.advance()).unwrap().is_none() {
            pieces += 1;
        }
        assert!(trainer.is_finished() && pieces <= 4, "{pieces} pieces");
    }

    #[test]
    fn a_cpu_needs_no_warming() {
        let mut session = Session::new(Err("none".into()));
        session.device = Some(cpu());
        session.dataset = Some(demo());
        assert!(!session.is_cold(), "nothing is compiled on a CPU");
        pollster::block_on(session.warm());
        assert!(matches!(session.warmth, Warmth::Warming(_)), "one piece of several was done");
    }
}

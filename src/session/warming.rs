//! A GPU made ready while the user still reads.
//!
//! A browser compiles the program of an operation when it is first asked for, which takes longer than the operation. The smallest training that
//! there is asks for those of a whole update.

use super::Session;
use super::rehearsal::{Rehearsal, Rehearsed};
use crate::models::AnyTraining;
use crate::tensor::is_cpu;

/// Observed cells of a time point that are enough.
const CELLS: usize = 512;

/// How far the device is.
#[derive(Default)]
pub(super) enum WarmUp {
    /// Nothing was computed yet.
    #[default]
    Cold,
    /// This update is on its way.
    Warming(Rehearsal),
    /// Nothing is left to do.
    Warm,
}

impl Session {
    /// The device is hardware that compiles what it is asked for, was not asked for an update yet, and has nothing else to do: [`Session::warm`] is worth while.
    pub fn is_cold(&self) -> bool {
        // software computes for longer than the user reads
        let hardware = self.adapter.as_ref().is_ok_and(|adapter| !adapter.software);
        let compiles = hardware && self.device.as_ref().is_some_and(|device| !is_cpu(device));
        let idle = !self.is_busy() && !self.trainings.is_there() && self.datasets.open().is_some();
        compiles && idle && !matches!(self.warm_up, WarmUp::Warm)
    }

    /// Does one bounded piece of an update that nobody sees. Whoever has something better to do need not wait for its end.
    pub async fn warm(&mut self) {
        if let (WarmUp::Cold, Some(dataset), Some(device)) = (&self.warm_up, self.datasets.open(), &self.device) {
            let smallest = AnyTraining::smallest(dataset, CELLS, device);
            self.warm_up = smallest.map_or(WarmUp::Warm, |training| WarmUp::Warming(Rehearsal::of(training)));
        }
        // What fails here fails again, in words, when the user asks for it.
        if let WarmUp::Warming(rehearsal) = &mut self.warm_up
            && !matches!(rehearsal.wait().await, Rehearsed::More)
        {
            self.warm_up = WarmUp::Warm;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, bundle};
    use crate::tensor::cpu;

    fn demo() -> Dataset {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/demo_series.zip");
        bundle::read(&std::fs::read(file).unwrap()).unwrap().dataset
    }

    #[test]
    fn an_update_is_computed_in_few_pieces() {
        let mut rehearsal = Rehearsal::of(AnyTraining::smallest(&demo(), CELLS, &cpu()).unwrap());
        let mut pieces = 1;
        while let Rehearsed::More = pollster::block_on(rehearsal.wait()) {
            pieces += 1;
        }
        assert!(pieces <= 4, "{pieces} pieces");
    }

    #[test]
    fn a_cpu_needs_no_warming() {
        let mut session = Session::new(Err("none".into()));
        session.device = Some(cpu());
        session.datasets.replace(demo());
        assert!(!session.is_cold(), "nothing is compiled on a CPU");
        pollster::block_on(session.warm());
        assert!(matches!(session.warm_up, WarmUp::Warming(_)), "one piece of several was done");
        (0..4).for_each(|_| pollster::block_on(session.warm()));
        assert!(matches!(session.warm_up, WarmUp::Warm), "an update was computed");
    }
}

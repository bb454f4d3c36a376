//! What a helper does: parts of an update of another engine.

use super::scimf::host::HostPart;
use crate::protocol::{Array, Computed, Part};
use crate::transport::{Schedule, streaming};

/// A helper between two parts. It has no dataset: what a part needs comes with it.
#[derive(Default)]
pub struct Helper {
    /// The cells that it moves.
    cells: Option<HostPart>,
}

impl Helper {
    /// Computes a part.
    pub fn compute(&mut self, part: Part) -> Computed {
        let missing = || Computed::Refused("a helper moves no cells yet".into());
        match part {
            Part::Compare { dimensions, simulated, observed, self_term, epsilons } => {
                let schedule = Schedule::of(epsilons.0);
                let found = streaming::divergence(&simulated, &observed, dimensions, self_term, &schedule);
                Computed::Divergence { value: found.value, gradient: found.gradient.into() }
            }
            Part::Enter { config, weights, cells, blocks: [first, end], dropout } => {
                let dropout = dropout.map(|[high, low]| u64::from(high) << 32 | u64::from(low));
                self.cells = Some(HostPart::new(self.cells.take(), &weights, config, cells, first..end, dropout));
                Computed::Ready
            }
            part => self.cells.as_mut().and_then(|cells| moved(cells, part)).map_or_else(missing, Computed::Numbers),
        }
    }
}

/// What moves some cells, or takes them back.
fn moved(cells: &mut HostPart, part: Part) -> Option<Array<f32>> {
    let numbers = match part {
        Part::Listen { state } => cells.listen(state.0),
        Part::Step { time: [time, dt], sent, noise } => cells.step(time, dt, sent.0, &noise),
        Part::Back { time: [time, dt], adjoint } => cells.back(time, dt, adjoint.0),
        Part::Before { on_sent } => cells.before(&on_sent),
        Part::Gradients => cells.gradients(),
        Part::Compare { .. } | Part::Enter { .. } => return None,
    };
    Some(numbers.into())
}

//! Who helps with trainings.

use crate::train::Helpers;
use std::rc::Rc;

/// Seconds of training below which helpers do not pay: each of them loads the engine's program first.
const WORTH: f64 = 10.0;

/// The helpers that an engine has.
#[derive(Clone, Default)]
pub(super) struct Help {
    helpers: Option<Rc<dyn Helpers>>,
    /// Workers that compute at most, the engine among them.
    workers: Option<usize>,
}

impl Help {
    /// That of `helpers`.
    pub(super) fn of(helpers: Rc<dyn Helpers>) -> Self {
        Self { helpers: Some(helpers), workers: None }
    }

    /// Workers that compute at most, the engine among them; without, as many as the helpers see fit.
    pub(super) fn limit(&mut self, workers: Option<usize>) {
        self.workers = workers;
    }

    /// For one training.
    pub(super) fn calling(&self) -> Option<Calling> {
        let most = self.workers.map_or(usize::MAX, |workers| workers.saturating_sub(1));
        let helpers = self.helpers.clone().filter(|_| most > 0)?;
        Some(Calling { helpers, most })
    }
}

/// The helpers of a training, who are let go when it ends.
pub(super) struct Calling {
    helpers: Rc<dyn Helpers>,
    most: usize,
}

impl Calling {
    /// The helpers.
    pub(super) fn helpers(&self) -> Rc<dyn Helpers> {
        Rc::clone(&self.helpers)
    }

    /// Sends for them, if there is so much left to do that they pay.
    pub(super) fn call(&self, seconds_left: f64) {
        if seconds_left > WORTH {
            self.helpers.call(self.most);
        }
    }
}

impl Drop for Calling {
    fn drop(&mut self) {
        self.helpers.dismiss();
    }
}

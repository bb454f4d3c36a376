//! Further engines that help with an evaluation, each in a worker of its own: on the CPU an engine has one thread.
//!
//! The page's engine computes the evaluation as if it were alone. Helpers take its units from the other end; what they find is handed to it, and it
//! does not compute that again. Units do not depend on each other, so the table is the same however many helpers there are, and a helper that is
//! lost costs its time alone. No memory is shared: each helper opens the dataset once. They end with the evaluation, or when no unit is left.

use super::worker::{Sign, Worker};
use super::{Engine, Purpose, content};
use crate::prelude::*;
use crate::{files::Body, page, state::EngineState, state::UnitStanding, wire};
use js_sys::Uint8Array;
use leptos::task::spawn_local;
use scimf::protocol::{
    Backend, Command, Content, DevicePreference, EvaluationSettings, Event, File, Message, Request, Unit, VERSION,
};

/// Engines at most, the page's own among them.
const MOST: usize = 4;
/// Bytes of a dataset at most: each helper holds it once more.
const LARGEST: u32 = 128 << 20;
/// Seconds of training below which starting a helper does not pay.
const WORTH: f64 = 20.0;

/// The helpers of the running evaluation.
#[derive(Default)]
pub struct Pool {
    settings: EvaluationSettings,
    /// Fingerprint of the dataset.
    dataset: String,
    /// The dataset, for helpers that have not opened it yet.
    bundle: Option<Uint8Array>,
    helpers: Vec<Helper>,
    /// Counts helpers, so that signs of those that are gone mean nothing. The page's engine is number 0.
    last: u32,
}

struct Helper {
    number: u32,
    worker: Worker,
    /// It has the dataset.
    open: bool,
    /// What it computes.
    unit: Option<Unit>,
    asked: u32,
}

impl Pool {
    fn helper(&mut self, number: u32) -> Option<&mut Helper> {
        self.helpers.iter_mut().find(|helper| helper.number == number)
    }
}

impl Helper {
    fn ask(&mut self, command: Command, contents: Vec<Body>) -> Result<(), wasm_bindgen::JsValue> {
        self.asked += 1;
        let parcel = wire::pack(&Request { id: self.asked, command })?;
        self.worker.post(&content::enclose(parcel, contents)?)
    }
}

impl Engine {
    /// Asks for the dataset to lend it to helpers, if there is work for any.
    pub(super) fn call_helpers(&self, settings: &EvaluationSettings) {
        if untrack(|| self.helpers_for(settings)) == 0 {
            return;
        }
        let dataset = self.state.dataset.with_untracked(|it| it.as_ref().map(|it| it.summary.fingerprint.clone()));
        self.inner.update_value(|inner| {
            let pool = &mut inner.pool;
            pool.settings = settings.clone();
            pool.dataset = dataset.unwrap_or_default();
        });
        self.order(Purpose::Lend, Command::SaveBundle { view: None });
    }

    /// How many helpers pay for an evaluation.
    fn helpers_for(&self, settings: &EvaluationSettings) -> usize {
        let small = self
            .state
            .dataset
            .with(|it| it.as_ref().is_some_and(|it| it.summary.cells * it.summary.dimensions * 4 <= LARGEST as usize));
        let on_cpu =
            self.state.engine.with(|it| matches!(it, EngineState::Ready(device) if device.backend == Backend::Cpu));
        let trainings: Vec<_> = self.state.missing(settings).into_iter().filter_map(|unit| unit.recipe).collect();
        let seconds: f64 = trainings.iter().map(|recipe| self.state.seconds_of(recipe).unwrap_or(0.0)).sum();
        let engines = match page::wanted_workers() {
            Some(wanted) => wanted.min(MOST),
            None if seconds < WORTH => 1,
            // One core is left for the page, unless there are only two.
            None => match page::cores() {
                few @ 0..=2 => few,
                cores => (cores - 1).min(MOST),
            },
        };
        if on_cpu && small { engines.min(trainings.len()).saturating_sub(1) } else { 0 }
    }

    /// The dataset is there: starts the helpers.
    pub(super) fn lend(&self, bundle: Uint8Array) {
        let running = self.state.evaluating.with_untracked(Option::is_some);
        if !running || bundle.length() > LARGEST {
            return;
        }
        let settings = self.inner.with_value(|inner| inner.pool.settings.clone());
        let count = untrack(|| self.helpers_for(&settings));
        self.inner.update_value(|inner| inner.pool.bundle = Some(bundle));
        for _ in 0..count {
            self.start_helper();
        }
    }

    fn start_helper(&self) {
        let engine = *self;
        self.inner.update_value(|inner| {
            let pool = &mut inner.pool;
            pool.last += 1;
            let number = pool.last;
            let name = format!("helper-{number}-{}", (js_sys::Math::random() * 1e15) as u64);
            let hear = move |sign| spawn_local(async move { engine.hear_helper(number, sign) });
            // Without it the evaluation takes longer, and that is all.
            if let Ok(worker) = Worker::start(name, hear) {
                pool.helpers.push(Helper { number, worker, open: false, unit: None, asked: 0 });
            }
        });
        self.count_helpers();
    }

    /// Ends all helpers.
    pub(super) fn dismiss_helpers(&self) {
        self.inner.update_value(|inner| {
            let last = inner.pool.last;
            inner.pool = Pool { last, ..Pool::default() };
        });
        self.count_helpers();
    }

    fn dismiss_helper(&self, number: u32) {
        self.inner.update_value(|inner| inner.pool.helpers.retain(|helper| helper.number != number));
        self.state.units.rests(number);
        self.count_helpers();
    }

    fn count_helpers(&self) {
        let count = self.inner.with_value(|inner| inner.pool.helpers.len());
        if self.state.units.helpers.get_untracked() != count {
            self.state.units.helpers.set(count);
        }
    }

    fn hear_helper(&self, number: u32, sign: Sign) {
        let known = self.inner.try_update_value(|inner| inner.pool.helper(number).is_some());
        if known != Some(true) {
            return;
        }
        let Sign::Said(message, _) = sign else { return self.dismiss_helper(number) };
        let Message { event, .. } = *message;
        let well = match event {
            Event::Hello { version } => {
                let start = Command::Start { device: DevicePreference::Cpu, workers: Some(1) };
                version == VERSION && self.ask_helper(number, start, false)
            }
            Event::Ready { .. } => {
                let files = vec![File { name: "helper.zip".into(), bytes: Content::default() }];
                self.ask_helper(number, Command::Open { files }, true)
            }
            Event::DatasetOpened { dataset, .. } => self
                .inner
                .try_update_value(|inner| {
                    let same = inner.pool.dataset == dataset.fingerprint;
                    inner.pool.helper(number).is_some_and(|helper| {
                        helper.open = same;
                        same
                    })
                })
                .unwrap_or(false),
            Event::UnitProgress(unit, done) => {
                self.state.units.goes_on(number, unit, done);
                true
            }
            Event::Found(finding) => {
                self.state.apply(Event::Found(finding.clone()));
                self.keep_training();
                self.order(Purpose::Lend, Command::AlreadyFound(finding));
                true
            }
            Event::Evaluation { predictions, .. } => {
                self.state.predicted(predictions);
                true
            }
            Event::Done => self.hand_out(number),
            Event::Failed(_) => false,
            _ => true,
        };
        if !well {
            self.dismiss_helper(number);
        }
    }

    /// Sends a command, and with it the dataset where that is asked for; false if it does not arrive.
    fn ask_helper(&self, number: u32, command: Command, dataset: bool) -> bool {
        let asked = self.inner.try_update_value(|inner| {
            let pool = &mut inner.pool;
            let contents = match (&pool.bundle, dataset) {
                // What is sent is gone from here.
                (Some(bundle), true) => vec![Body::Bytes(bundle.slice(0, bundle.length()))],
                _ => Vec::new(),
            };
            pool.helper(number).is_some_and(|helper| helper.ask(command, contents).is_ok())
        });
        asked == Some(true)
    }

    /// Gives a helper that has nothing to do the last unit that nobody has begun; false if there is none.
    fn hand_out(&self, number: u32) -> bool {
        let (settings, taken, open) = self
            .inner
            .try_update_value(|inner| {
                let pool = &mut inner.pool;
                let taken: Vec<Unit> = pool.helpers.iter().filter_map(|helper| helper.unit.clone()).collect();
                let open = pool.helper(number).map(|helper| helper.open);
                (pool.settings.clone(), taken, open)
            })
            .unwrap_or_default();
        match open {
            // It has only just been started.
            Some(false) => return true,
            Some(true) => {}
            None => return false,
        }
        let free = |unit: &Unit| {
            unit.recipe.is_some()
                && !taken.contains(unit)
                && untrack(|| self.state.standing_of(unit)) == UnitStanding::Waiting
        };
        let mut units = untrack(|| self.state.parts_of(&settings)).into_iter().flatten();
        let Some(unit) = units.rfind(free) else { return false };
        self.inner.update_value(|inner| {
            if let Some(helper) = inner.pool.helper(number) {
                helper.unit = Some(unit.clone());
            }
        });
        let only = Some(vec![unit.key]);
        self.ask_helper(number, Command::Evaluate(EvaluationSettings { only, ..settings }), false)
    }
}

//! What happens when the engine dies: a new worker, the same dataset, the last weights, and words about it.

use super::{Engine, Inner, Purpose, Source, Weights, Worker};
use crate::{page, state::EngineState, words};
use leptos::{prelude::*, task::spawn_local};
use scimf::protocol::{DevicePreference, ModelKind};

/// More deaths than this within a minute, and the engine is not started again.
const RESTARTS_A_MINUTE: usize = 3;

/// What is remembered from one death to the next.
#[derive(Default)]
pub struct Recovery {
    /// When the engine died, in milliseconds since the page was opened.
    deaths: Vec<f64>,
    /// What to tell once everything is back.
    words: Option<String>,
    /// Weights that are still on their way to the new engine.
    awaited: usize,
}

impl Engine {
    /// Starts the engine anew on another device; dataset and weights come along.
    pub fn use_device(&self, device: DevicePreference) {
        self.device.set(device);
        self.retire();
        self.state.engine.set(EngineState::Loading);
        self.state.status.set("The engine is being started on the chosen device.".into());
        self.revive();
    }

    pub(super) fn start_worker(&self) {
        let generation = self.inner.try_update_value(|inner| {
            inner.generation += 1;
            inner.generation
        });
        let Some(generation) = generation else { return };
        let engine = *self;
        // Locks are shared by all tabs of a site, so the name must be too large a number to come twice.
        let name = format!("{generation}-{}", (js_sys::Math::random() * 1e15) as u64);
        let hear = move |sign| {
            // Later, since hearing may end the very worker that is calling.
            spawn_local(async move {
                if engine.is_current(generation) {
                    engine.hear(sign);
                }
            });
        };
        match Worker::start(name, hear) {
            Ok(worker) => self.inner.update_value(|inner| inner.worker = Some(worker)),
            Err(problem) => self.give_up(problem),
        }
    }

    /// Notices the death of the present worker.
    pub(super) fn watch(&self) {
        let engine = *self;
        self.inner.with_value(|inner| {
            let generation = inner.generation;
            if let Some(worker) = &inner.worker {
                worker.watch(move || {
                    spawn_local(async move {
                        if engine.is_current(generation) {
                            engine.lost("");
                        }
                    });
                });
            }
        });
    }

    /// The engine is gone: starts another, or says that it is of no use.
    pub(super) fn lost(&self, why: &str) {
        let opening = self.inner.with_value(|inner| {
            inner.asked.values().find_map(|purpose| match purpose {
                Purpose::Open(source) => Some(source.clone()),
                _ => None,
            })
        });
        let words = self.lost_words(why, opening.as_ref());
        self.retire();
        let now = page::now();
        let deaths = self.inner.try_update_value(|inner| {
            if matches!(opening, Some(Source::Demo)) && inner.source.is_none() {
                inner.source = opening;
            }
            let recovery = &mut inner.recovery;
            recovery.deaths.retain(|death| now - death < 60_000.0);
            recovery.deaths.push(now);
            recovery.words = Some(words.clone());
            recovery.deaths.len()
        });
        if deaths.unwrap_or(0) > RESTARTS_A_MINUTE {
            return self.give_up(format!(
                "The engine stopped {} times within a minute and is not started again.{} Reload the page, or open it with ?device=cpu.",
                RESTARTS_A_MINUTE + 1,
                reason(why)
            ));
        }
        self.state.engine.set(EngineState::Restarting);
        self.state.status.set(words);
        self.revive();
    }

    /// The dataset is back: the weights follow.
    pub(super) fn reopened(&self) {
        let all = self.inner.with_value(|inner| inner.weights.all());
        self.inner.update_value(|inner| inner.recovery.awaited = all.len());
        if all.is_empty() {
            self.tell_recovery();
        }
        all.into_iter().for_each(|weights| self.send_weights(weights, Purpose::Restore));
    }

    /// Weights of one model are back.
    pub(super) fn restored(&self) {
        let left = self.inner.try_update_value(|inner| {
            inner.recovery.awaited = inner.recovery.awaited.saturating_sub(1);
            inner.recovery.awaited
        });
        if left == Some(0) {
            self.tell_recovery();
        }
    }

    /// Remembers weights of a model.
    pub(super) fn keep(&self, kind: ModelKind, weights: Weights) {
        self.inner.update_value(|inner| *inner.weights.of(kind) = Some(weights));
    }

    /// Everything is back: says what happened, after all the steps have said theirs.
    pub(super) fn tell_recovery(&self) {
        if let Some(words) = self.inner.try_update_value(|inner| inner.recovery.words.take()).flatten() {
            self.state.status.set(words);
        }
    }

    fn is_current(&self, generation: u32) -> bool {
        self.inner.try_with_value(|inner| inner.generation == generation && inner.worker.is_some()).unwrap_or(false)
    }

    /// Ends the worker; orders that it never got still wait for the next.
    fn retire(&self) {
        let worker = self.inner.try_update_value(|inner| {
            inner.ready = false;
            inner.asked.clear();
            inner.unmapped = None;
            inner.waiting.retain(|order| !matches!(order.purpose, Purpose::Ask(_) | Purpose::Reopen(_)));
            inner.worker.take()
        });
        drop(worker);
        self.pending.update(Vec::clear);
        self.state.end_preparation();
        self.state.interrupt_evaluation();
        self.state.end_experiment(false);
        self.state.simulate.running.set(None);
        self.state.proposal.set(None);
        self.state.forget_weights();
    }

    fn revive(&self) {
        self.start_worker();
        if let Some(source) = self.inner.with_value(|inner: &Inner| inner.source.clone()) {
            self.state.opening.set(Some(format!("Opening {} again", source.name())));
            self.open_source(source, true);
        }
    }

    fn give_up(&self, words: String) {
        self.state.engine.set(EngineState::Failed(words.clone()));
        self.state.status.set(words);
    }

    fn lost_words(&self, why: &str, opening: Option<&Source>) -> String {
        let mut words = format!("The engine stopped unexpectedly and was restarted.{}", reason(why));
        if let Some(source) = opening {
            words += &format!(
                " It was opening {}, which may need more memory than the browser gives; nothing else has changed.",
                source.name()
            );
        }
        if untrack(|| self.state.in_training()) {
            let kind = untrack(|| self.state.models.trained());
            let updates = self.state.models.of(kind).updates;
            let update = updates.with_untracked(|all| all.last().map_or(0, |last| last.update));
            let kept = self.inner.try_update_value(|inner| match inner.weights.of(kind) {
                Some(Weights::Written { update, .. }) => Some(*update),
                _ => None,
            });
            let kept = kept.flatten();
            let step = words::step(kind);
            words += &format!(" Training was interrupted at {step} {}; ", words::count(update as usize));
            words += &match kept {
                Some(kept) => {
                    format!(
                        "its last weights, of {step} {}, are back. Start training again, from these weights if you like.",
                        words::count(kept as usize)
                    )
                }
                None => "no weights of it had been kept yet. Start training again.".into(),
            };
        }
        if self.state.evaluating.with_untracked(Option::is_some) {
            words += " The evaluation was interrupted; the rows that were there are kept.";
        }
        if self.state.experiments.running.with_untracked(Option::is_some) {
            words += " The experiment was interrupted.";
        }
        words
    }
}

/// What is known of the reason, as a sentence to append.
fn reason(why: &str) -> String {
    match why.trim().trim_end_matches('.') {
        "" => String::new(),
        why => format!(" The browser says: {why}."),
    }
}

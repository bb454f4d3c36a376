//! What happens when the engine dies: a new worker, the same dataset, the last weights, the training where it was, and words about it.

use super::{Engine, Inner, Order, Purpose, Source, Weights, Worker};
use crate::prelude::*;
use crate::{files, page, state::EngineState, words};
use leptos::task::spawn_local;
use scimf::protocol::{Array, Backend, Command, DevicePreference, ModelKind, TrainingState, Update};

/// A training that died so often without a step forward in between is not taken up again by itself.
const TRIES: u32 = 2;
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
    /// The training to be taken up, and whether it was paused.
    pursuit: Option<(ModelKind, bool)>,
    /// The course of that training until then.
    course: Option<(ModelKind, Vec<Update>)>,
    /// Where a training was taken up last, and how often there.
    tries: (u32, u32),
}

impl Engine {
    /// Gives the engine weights that it wrote itself, or those of a file.
    pub(super) fn send_weights(&self, weights: Weights, purpose: Purpose) {
        let engine = *self;
        spawn_local(async move {
            let (name, content) = match &weights {
                // What is sent is gone from here.
                Weights::Written { bytes, .. } => ("training.safetensors".into(), bytes.slice(0, bytes.length())),
                Weights::File(file) => match files::read(file).await {
                    Ok(content) => (file.name(), content),
                    Err(problem) => return engine.could_not_open(problem),
                },
            };
            let command = Command::LoadWeights { name, bytes: Array::default() };
            engine.send(Order { purpose, command, contents: vec![files::Body::Bytes(content)] });
        });
    }

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
        let pursuit = self.interrupted();
        let words = self.lost_words(why, opening.as_ref(), pursuit);
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
            recovery.pursuit = pursuit.and_then(|pursuit| pursuit.taken_up.then_some((pursuit.kind, pursuit.paused)));
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
        if let Some(found) = self.inner.try_update_value(|inner| inner.returning.take()).flatten() {
            self.returned(found);
        }
        // Before a training goes on: while it runs, types stay as they are.
        if let Some(typing) = untrack(|| self.state.missing_typing()) {
            self.retype((*typing).clone());
        }
        let all = self.inner.with_value(|inner| inner.weights.all());
        self.inner.update_value(|inner| inner.recovery.awaited = all.len());
        if all.is_empty() {
            self.take_up();
        }
        all.into_iter().for_each(|(_, weights)| self.send_weights(weights, Purpose::Restore));
    }

    /// Weights of one model are back.
    pub(super) fn restored(&self) {
        let left = self.inner.try_update_value(|inner| {
            inner.recovery.awaited = inner.recovery.awaited.saturating_sub(1);
            inner.recovery.awaited
        });
        if left == Some(0) {
            self.take_up();
        }
    }

    /// What is to happen once everything is back: a training is taken up, words are said.
    pub(super) fn pursue(&self, training: Option<ModelKind>, paused: bool, words: String) {
        self.inner.update_value(|inner| {
            inner.recovery.pursuit = training.map(|kind| (kind, paused));
            inner.recovery.words = Some(words);
        });
    }

    /// Goes on with the training that was interrupted, from its last state that was kept.
    fn take_up(&self) {
        let found = self.inner.try_update_value(|inner| {
            let (kind, paused) = inner.recovery.pursuit.take()?;
            match inner.weights.of(kind) {
                Some(Weights::Written { update, state: true, bytes }) => {
                    Some((kind, paused, *update, bytes.slice(0, bytes.length())))
                }
                _ => None,
            }
        });
        let Some((kind, paused, update, state)) = found.flatten() else { return self.tell_recovery() };
        let updates = self.state.models.of(kind).updates;
        let course = updates.with_untracked(|all| all.iter().filter(|it| it.update <= update).cloned().collect());
        self.inner.update_value(|inner| inner.recovery.course = Some((kind, course)));
        let (name, bytes) = ("training.safetensors".into(), Array::default());
        let command = Command::ContinueTraining { name, bytes, updates: None };
        self.send(Order { purpose: Purpose::Train, command, contents: vec![files::Body::Bytes(state)] });
        if paused {
            self.order(Purpose::Control, Command::Pause);
        }
    }

    /// A training has begun, or begun to pause: one that was taken up has its course back.
    pub(super) fn taken_up(&self) {
        if let Some((kind, course)) = self.inner.try_update_value(|inner| inner.recovery.course.take()).flatten() {
            self.state.models.of(kind).updates.set(course);
        }
        self.tell_recovery();
        self.keep_on_disk();
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
            inner.returning = None;
            inner.asked.clear();
            inner.unmapped = None;
            inner.waiting.retain(|order| !matches!(order.purpose, Purpose::Ask(_) | Purpose::Reopen(_)));
            inner.worker.take()
        });
        drop(worker);
        self.dismiss_helpers();
        self.ask_again();
        self.pending.update(Vec::clear);
        self.state.end_preparation();
        self.state.interrupt_evaluation();
        self.state.end_experiment(false);
        self.state.evidence.glancing.set(false);
        self.state.end_evidence(false, false);
        self.state.simulate.running.set(None);
        self.state.landscape.following.set(None);
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

    /// The training that runs, and whether it is to be taken up. One that dies again where it died before goes on on the CPU, if it was on
    /// a GPU, and is given up after that.
    fn interrupted(&self) -> Option<Interrupted> {
        if !untrack(|| self.state.in_training()) {
            return None;
        }
        let kind = untrack(|| self.state.models.trained());
        let paused = self.state.training.with_untracked(|it| matches!(it, Some(TrainingState::Paused)));
        let on_gpu = self
            .state
            .engine
            .with_untracked(|engine| matches!(engine, EngineState::Ready(device) if device.backend == Backend::Gpu));
        let found = self.inner.try_update_value(|inner| {
            let kept = match inner.weights.of(kind) {
                Some(Weights::Written { update, state: true, .. }) => Some(*update),
                _ => None,
            };
            let tries = &mut inner.recovery.tries;
            if let Some(kept) = kept {
                *tries = (kept, if tries.0 == kept { tries.1 + 1 } else { 1 });
            }
            (kept, tries.1)
        });
        let (kept, tries) = found?;
        let to_cpu = on_gpu && tries == TRIES && kept.is_some();
        if to_cpu {
            self.device.set(DevicePreference::Cpu);
        }
        let taken_up = kept.is_some() && (tries < TRIES || to_cpu);
        Some(Interrupted { kind, paused, kept, taken_up, to_cpu })
    }

    fn lost_words(&self, why: &str, opening: Option<&Source>, interrupted: Option<Interrupted>) -> String {
        let mut words = format!("The engine stopped unexpectedly and was restarted.{}", reason(why));
        if let Some(source) = opening {
            words += &format!(
                " It was opening {}, which may need more memory than the browser gives; nothing else has changed.",
                source.name()
            );
        }
        if let Some(Interrupted { kind, kept, taken_up, to_cpu, .. }) = interrupted {
            let updates = self.state.models.of(kind).updates;
            let update = updates.with_untracked(|all| all.last().map_or(0, |last| last.update));
            let (step, count) = (kind.card().step, |n: u32| words::count(n as usize));
            words += &format!(" Training was interrupted at {step} {}", count(update));
            words += &match kept {
                Some(kept) if taken_up => {
                    let device = if to_cpu { ", now on the CPU" } else { "" };
                    format!(" and goes on from {step} {}{device}.", count(kept))
                }
                Some(kept) => format!(
                    ", as before. Its last weights, of {step} {}, are back; it is not started again by itself.",
                    count(kept)
                ),
                None => "; nothing of it had been kept yet. Start training again.".into(),
            };
        }
        if self.state.evaluating.with_untracked(Option::is_some) {
            words += " The evaluation was interrupted; the rows that were there are kept.";
        }
        if self.state.experiments.running.with_untracked(Option::is_some) {
            words += " The experiment was interrupted.";
        }
        if self.state.evidence.running.with_untracked(Option::is_some) {
            words += " The search for evidence was interrupted.";
        }
        words
    }
}

/// A training whose engine died.
#[derive(Clone, Copy)]
struct Interrupted {
    kind: ModelKind,
    paused: bool,
    /// Updates behind its last state that was kept.
    kept: Option<u32>,
    taken_up: bool,
    to_cpu: bool,
}

/// What is known of the reason, as a sentence to append.
fn reason(why: &str) -> String {
    match why.trim().trim_end_matches('.') {
        "" => String::new(),
        why => format!(" The browser says: {why}."),
    }
}

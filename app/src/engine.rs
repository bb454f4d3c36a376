//! The engine's handle: the worker that holds it, what it was asked, and how it comes back when it dies.

mod content;
mod keeping;
mod opening;
mod pool;
mod purpose;
mod questions;
mod received;
mod recovery;
mod signs;
mod types;
mod views;
mod work;
mod worker;

use purpose::{Kept, Order, Purpose, Source, Weights};
pub use questions::*;
use worker::{Sign, Worker};

use crate::prelude::*;
use crate::{files, files::Body, page, state::EngineState, state::State, view_state, wire};
use js_sys::Uint8Array;
use leptos::task::spawn_local;
use scimf::protocol::{
    Command, Content, DevicePreference, Event, File, Mapping, Message, Request, RequestId, TrainingState, VERSION,
};
use std::{collections::HashMap, sync::Arc};

/// The engine, as the views know it; cheap to copy.
#[derive(Clone, Copy)]
pub struct Engine {
    inner: StoredValue<Inner, LocalStorage>,
    pending: RwSignal<Vec<Question>>,
    device: RwSignal<DevicePreference>,
    state: State,
}

#[derive(Default)]
struct Inner {
    worker: Option<Worker>,
    /// Counts the workers; signs of earlier ones mean nothing.
    generation: u32,
    ready: bool,
    /// Orders that wait for the device.
    waiting: Vec<Order>,
    next_id: RequestId,
    asked: HashMap<RequestId, Purpose>,
    /// The files that wait for their mapping.
    unmapped: Option<Vec<web_sys::File>>,
    source: Option<Source>,
    weights: Kept,
    pool: pool::Pool,
    recovery: recovery::Recovery,
    keeper: keeping::Keeper,
    /// Files that wait for the user's word, as opening them ends what is running.
    leaving: Vec<web_sys::File>,
    /// The save that is being opened.
    returning: Option<keeping::Return>,
}

impl Engine {
    /// Starts a worker with the engine and opens the study of the address in it, or the demo.
    pub fn start(state: State) -> Self {
        let engine = Self {
            inner: StoredValue::new_local(Inner::default()),
            pending: RwSignal::default(),
            device: RwSignal::new(page::wanted_device()),
            state,
        };
        engine.start_worker();
        engine.open_first();
        engine.look_for_saves();
        engine
    }

    /// Uses the weights in a file.
    pub fn load_weights(&self, file: web_sys::File) {
        let weights = Weights::File(file);
        self.send_weights(weights.clone(), Purpose::Load(weights));
    }

    /// Prepares the study that waits with the chosen mapping.
    pub fn apply_mapping(&self, mapping: Mapping) {
        if let Some(files) = self.inner.try_update_value(|inner| inner.unmapped.clone()).flatten() {
            let source = Source::Files { files, mapping: Some(mapping.clone()) };
            self.state.begin_preparation(&source.name());
            self.order(Purpose::Open(source), Command::ApplyMapping { mapping });
        }
    }

    /// Forgets the study that waits.
    pub fn discard_study(&self) {
        self.state.proposal.set(None);
        self.state.status.set("The file was put away; nothing has changed.".into());
        self.inner.update_value(|inner| inner.unmapped = None);
        self.order(Purpose::Control, Command::Discard);
    }

    /// Hands weights or bundle to the user.
    pub fn save(&self, command: Command) {
        self.order(Purpose::Save, command);
    }

    /// No question is being answered but simulations, which let others through.
    pub fn idle(&self) -> bool {
        let simulates = |question: &Question| matches!(question, Question::Simulation | Question::Beside(_));
        self.pending.with(|pending| pending.iter().all(simulates))
    }

    /// A question of this kind is being answered.
    pub fn pending(&self, question: Question) -> bool {
        self.pending.with(|pending| pending.contains(&question))
    }

    /// The device that the user wants.
    pub fn device(&self) -> DevicePreference {
        self.device.get()
    }

    fn end_simulation(&self, request: RequestId) {
        self.order(Purpose::Cancel, Command::CancelSimulation { request });
    }

    /// The requests of a purpose that are not answered yet.
    fn asked(&self, same: impl Fn(&Purpose) -> bool) -> Vec<RequestId> {
        self.inner
            .with_value(|inner| inner.asked.iter().filter(|(_, purpose)| same(purpose)).map(|(id, _)| *id).collect())
    }

    /// Asks a question; the answer to an older one of its kind is no longer wanted.
    pub fn ask<Q>(&self, row: &Row<Q>, query: Q) {
        let question = row.question;
        let same = |purpose: &Purpose| matches!(purpose, Purpose::Ask(other) if *other == question);
        self.begin_answer(question);
        let command = (row.command)(query);
        // Without its end nobody would read the result of this long work.
        if matches!(command, Command::Simulate(_)) {
            self.asked(same).into_iter().for_each(|request| self.end_simulation(request));
        }
        self.inner.update_value(|inner| {
            inner.asked.retain(|_, purpose| !same(purpose));
            inner.waiting.retain(|order| !same(&order.purpose));
        });
        self.pending.update(|pending| {
            pending.retain(|other| *other != question);
            pending.push(question);
        });
        self.order(Purpose::Ask(question), command);
    }

    fn order(&self, purpose: Purpose, command: Command) {
        self.send(Order { purpose, command, contents: Vec::new() });
    }

    /// Sends an order, or keeps it until the device is ready.
    fn send(&self, order: Order) {
        self.make_way(&order);
        self.inner.update_value(|inner| {
            if !inner.ready && !matches!(order.purpose, Purpose::Start) {
                inner.waiting.push(order);
                return;
            }
            inner.next_id += 1;
            let id = inner.next_id;
            inner.asked.insert(id, order.purpose);
            let sent = wire::pack(&Request { id, command: order.command })
                .map_err(wasm_bindgen::JsValue::from)
                .and_then(|parcel| content::enclose(parcel, order.contents))
                .and_then(|parcel| inner.worker.as_ref().map_or(Ok(()), |worker| worker.post(&parcel)));
            if let Err(error) = sent {
                inner.asked.remove(&id);
                self.state.opening.set(None);
                self.state.problem.set(Some(format!("The engine could not be asked: {}.", page::message(&error))));
            }
        });
    }

    fn open_source(&self, source: Source, again: bool) {
        let engine = *self;
        spawn_local(async move {
            let contents = match &source {
                Source::Demo => files::fetch_demo().await.map(|content| vec![Body::Bytes(content)]),
                Source::Files { files, .. } => {
                    let opening = engine.state.opening.get_untracked();
                    let tell = |read| {
                        if files.len() > 1 {
                            let all = files.len();
                            engine.state.opening.set(Some(format!("Reading {}: {read} of {all} files", source.name())));
                        }
                    };
                    let contents = files::read_all(files, tell).await;
                    engine.state.opening.set(opening);
                    contents
                }
            };
            match contents {
                Ok(contents) => {
                    let files = source.file_names().into_iter().map(|name| File { name, bytes: Content::default() });
                    engine.send(Order {
                        command: Command::Open { files: files.collect() },
                        purpose: if again { Purpose::Reopen(source) } else { Purpose::Open(source) },
                        contents,
                    });
                }
                Err(problem) => engine.could_not_open(problem),
            }
        });
    }

    fn could_not_open(&self, problem: String) {
        self.state.opening.set(None);
        self.state.problem.set(Some(problem));
    }

    fn hear(&self, sign: Sign) {
        let (Message { request, event }, content) = match sign {
            Sign::Gone(why) => return self.lost(&why),
            Sign::Said(message, content) => (*message, content),
        };
        let Some(id) = request else {
            return match event {
                Event::Hello { version } => self.greet(version),
                Event::Failed(failure) if failure.fatal => self.lost(&failure.message),
                _ => {}
            };
        };
        let purpose = self.inner.try_update_value(|inner| inner.asked.get(&id).cloned()).flatten();
        if let Some(purpose) = purpose {
            if matches!(event, Event::Done | Event::Failed(_)) {
                self.answered(id, &purpose, matches!(event, Event::Done));
            }
            self.take(purpose, event, content);
        }
    }

    fn greet(&self, version: u32) {
        if version != VERSION {
            self.inner.update_value(|inner| inner.worker = None);
            let words = "This page and its engine are of different versions. Reload the page to get both anew.";
            self.state.engine.set(EngineState::Failed(words.into()));
            self.state.status.set(words.into());
            return;
        }
        self.watch();
        let (device, workers) = (self.device.get_untracked(), page::wanted_workers());
        self.order(Purpose::Start, Command::Start { device, workers });
    }

    fn answered(&self, id: RequestId, purpose: &Purpose, well: bool) {
        self.inner.update_value(|inner| {
            inner.asked.remove(&id);
        });
        match purpose {
            Purpose::Ask(question) => {
                self.end_answer(*question);
                self.pending.update(|pending| pending.retain(|other| other != question));
            }
            Purpose::Open(_) | Purpose::Reopen(_) => {
                self.state.end_preparation();
                // The demo's model is chosen by the address, and that of a reopened dataset by the user.
                if matches!(purpose, Purpose::Open(Source::Files { .. })) {
                    self.state.show_what_is_there();
                }
            }
            // One model less comes back; the rest goes on.
            Purpose::Restore if !well => self.restored(),
            Purpose::Train if !well => self.state.verdict_fails(),
            Purpose::Retype if !well => self.state.typing_refused(),
            Purpose::Evaluate => {
                self.dismiss_helpers();
                self.state.end_evaluation(well);
                self.keep_training();
            }
            Purpose::Experiment => {
                self.state.end_experiment(well);
                self.keep_training();
            }
            Purpose::Evidence { unasked } => self.state.end_evidence(*unasked, well),
            _ => {}
        }
    }

    /// Takes in one event of a request that still counts.
    fn take(&self, purpose: Purpose, event: Event, content: Option<Uint8Array>) {
        match (&purpose, &event) {
            (_, Event::Failed(failure)) if failure.fatal => return self.lost(&failure.message),
            (Purpose::Start, Event::Failed(failure)) => {
                self.state.engine.set(EngineState::Failed(failure.message.clone()));
                return self.state.apply(event);
            }
            (Purpose::Ask(Question::OtherCommunication), Event::Communication(answer)) => {
                return self.state.hear_communication(answer.clone(), false);
            }
            (Purpose::Ask(Question::BesideCommunication), Event::Communication(answer)) => {
                return self.state.samples.beside.set(Some(Arc::new(answer.clone())));
            }
            (Purpose::Ask(question), Event::Progress { stage, done }) => {
                return self.answer_goes_on(*question, stage, *done);
            }
            (Purpose::Ask(Question::Beside(_)), Event::Simulation(it)) => {
                return self.state.keep_beside(it.clone());
            }
            // Do not report failed background requests, or cancelling finished work.
            (_, Event::Failed(_)) if purpose.fails_silently() => return,
            (Purpose::Evaluate, Event::Progress { stage, done }) => return self.state.evaluation_goes_on(stage, *done),
            (Purpose::Evidence { .. }, Event::Progress { stage, done }) => {
                return self.state.evidence_goes_on(stage, *done);
            }
            (Purpose::Experiment, Event::Progress { stage, done }) => {
                return self.state.experiment_goes_on(stage, *done);
            }
            (Purpose::Open(source), Event::Progress { stage, .. })
                if self.state.preparing.with_untracked(Option::is_none) =>
            {
                return self.state.opening.set(Some(format!("Opening {}: {stage}", source.name())));
            }
            (Purpose::Open(_) | Purpose::Reopen(_), Event::Progress { stage, done }) => {
                return self.state.preparation_goes_on(stage, *done);
            }
            (Purpose::Start, Event::Ready { .. }) => {
                self.state.apply(event);
                let waiting = self.inner.try_update_value(|inner| {
                    inner.ready = true;
                    std::mem::take(&mut inner.waiting)
                });
                return waiting.into_iter().flatten().for_each(|order| self.send(order));
            }
            (Purpose::Reopen(Source::Files { mapping: Some(mapping), .. }), Event::MappingProposed { .. }) => {
                return self.order(purpose.clone(), Command::ApplyMapping { mapping: mapping.clone() });
            }
            (Purpose::Open(Source::Files { files, .. }), Event::MappingProposed { .. }) => {
                self.inner.update_value(|inner| inner.unmapped = Some(files.clone()));
            }
            (Purpose::Open(source), Event::DatasetOpened { .. }) => {
                self.forget_questions();
                self.inner.update_value(|inner| {
                    inner.source = Some(source.clone());
                    inner.unmapped = None;
                    inner.weights = Kept::default();
                });
                self.keep_anew();
                self.state.dialogs.clustered.set(source.clustered());
                self.state.dialogs.naming.set(source.clustered());
            }
            (Purpose::Load(weights), Event::WeightsChanged { model }) => {
                let kind = model.model;
                self.keep(kind, weights.clone());
                self.state.choose_model(kind);
                self.order(Purpose::Keep(kind), Command::SaveWeights { model: kind });
            }
            (Purpose::Train, Event::WeightsChanged { model }) => {
                let model = model.model;
                self.order(Purpose::Keep(model), Command::SaveWeights { model });
            }
            (Purpose::Retype, Event::Retyped { .. }) => {
                self.state.apply(event);
                return self.keep_on_disk();
            }
            (Purpose::Archive, Event::Failed(failure)) => return self.archive_refused(&failure.message),
            (purpose, found) if purpose.is_learned(found) => {
                self.state.apply(event);
                return self.keep_training();
            }
            (_, Event::Checkpoint { .. } | Event::File { .. }) => {
                return content.into_iter().for_each(|content| self.take_file(&purpose, &event, content));
            }
            _ => {}
        }
        let opened = matches!((&purpose, &event), (Purpose::Reopen(_), Event::DatasetOpened { .. }));
        let restored = matches!((&purpose, &event), (Purpose::Restore, Event::WeightsChanged { .. }));
        let view = match (&purpose, &event) {
            (Purpose::Open(_), Event::DatasetOpened { view, .. }) => view.clone(),
            _ => None,
        };
        let begins = matches!(&event, Event::Training { state: TrainingState::Running { .. } | TrainingState::Paused });
        self.state.apply(event);
        if let Some(view) = view {
            view_state::restore(self.state, self.ask_for_plane(), &view);
        }
        if opened {
            self.reopened();
        } else if restored {
            self.restored();
        } else if begins {
            self.taken_up();
        }
    }
}

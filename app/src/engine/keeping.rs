//! When something is kept on this computer, and how work goes on from there.

use super::{Engine, Purpose, Source, Weights};
use crate::prelude::*;
use crate::{
    autosave::{self, Head, Lock, Offer, Part, Store},
    state::State,
    view_state, words,
};
use js_sys::Uint8Array;
use leptos::{ev, task::spawn_local};
use scimf::protocol::{Command, TrainingState};
use std::time::Duration;

/// How long the tab before this one has to give its save up, as when a page is reloaded.
const RELOADED: Duration = Duration::from_secs(3);

/// What is kept of the open dataset.
#[derive(Default)]
pub struct Keeper {
    /// Counts datasets and changes of the user's wish: what was begun before is not ended.
    serial: u32,
    /// Somebody has trained on this dataset here.
    worth: bool,
    dataset: KeptDataset,
    save: Option<Save>,
    writing: bool,
    /// There was news while something was being written.
    again: bool,
}

/// How far the dataset is on its way into its save.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum KeptDataset {
    #[default]
    Nowhere,
    Asked,
    There,
    /// It cannot be kept.
    Refused,
}

/// A save that is this tab's own.
struct Save {
    id: String,
    /// The number of the next generation.
    generation: u32,
    _lock: Lock,
}

/// A save that is being opened.
pub struct Return {
    source: Source,
    save: Save,
    head: Head,
    parts: Vec<Uint8Array>,
    older: bool,
}

/// What is written next.
struct Draft {
    serial: u32,
    id: String,
    generation: u32,
    head: Head,
    parts: Vec<Uint8Array>,
}

impl Engine {
    /// Looks for saves of tabs that are gone.
    pub(super) fn look_for_saves(&self) {
        let offers = self.state.autosave.offers;
        spawn_local(async move {
            if look(offers).await {
                set_timeout(
                    move || {
                        spawn_local(async move {
                            look(offers).await;
                        })
                    },
                    RELOADED,
                );
            }
        });
        let engine = *self;
        // The last look of the page belongs to what is kept.
        window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                engine.keep_on_disk();
            }
        });
    }

    /// Another dataset is open: its save will be another one. The former stays, to be offered when the page is opened again.
    pub(super) fn keep_anew(&self) {
        self.inner.update_value(|inner| {
            inner.keeper = Keeper { serial: inner.keeper.serial + 1, ..Keeper::default() };
        });
        self.state.autosave.written.set(None);
    }

    /// Somebody trains here: that is worth a save.
    pub(super) fn keep_training(&self) {
        self.inner.update_value(|inner| inner.keeper.worth = true);
        self.keep_on_disk();
    }

    /// Something is new: keeps it, if the user wants that and if it is worth it.
    pub fn keep_on_disk(&self) {
        if !self.state.autosave.wanted.get_untracked() {
            return;
        }
        enum Next {
            Nothing,
            Ask,
            Write,
        }
        let next = self.inner.try_update_value(|inner| {
            let keeper = &mut inner.keeper;
            match keeper.dataset {
                KeptDataset::Nowhere if keeper.worth => {
                    keeper.dataset = KeptDataset::Asked;
                    Next::Ask
                }
                KeptDataset::There if !keeper.writing => {
                    keeper.writing = true;
                    Next::Write
                }
                _ => {
                    keeper.again = keeper.writing;
                    Next::Nothing
                }
            }
        });
        match next.unwrap_or(Next::Nothing) {
            Next::Nothing => {}
            Next::Ask => self.order(Purpose::Archive, Command::SaveBundle { view: None }),
            Next::Write => {
                let engine = *self;
                spawn_local(async move { engine.write_generations().await });
            }
        }
    }

    /// The dataset is here, as a session file: writes it, and then what was learned on it.
    pub(super) fn archive(&self, content: Uint8Array) {
        let engine = *self;
        let serial = self.inner.with_value(|inner| inner.keeper.serial);
        spawn_local(async move {
            let written = engine.write_dataset(&content).await;
            if !engine.is_still(serial) {
                // Another dataset is open, or it is not wanted any more; there is nothing beside it to go on from.
                if let Ok(save) = written {
                    forget(&save.id).await.ok();
                }
                return;
            }
            let trouble = written.as_ref().err().cloned();
            engine.inner.update_value(|inner| {
                let keeper = &mut inner.keeper;
                keeper.dataset = if written.is_ok() { KeptDataset::There } else { KeptDataset::Refused };
                keeper.save = written.ok();
            });
            match trouble {
                Some(why) => engine.state.cannot_keep(&why),
                None => engine.keep_on_disk(),
            }
        });
    }

    /// The engine cannot give the dataset.
    pub(super) fn archive_refused(&self, why: &str) {
        self.inner.update_value(|inner| inner.keeper.dataset = KeptDataset::Refused);
        self.state.cannot_keep(why.trim_end_matches('.'));
    }

    /// The engine is gone: its successor can be asked for the dataset.
    pub(super) fn ask_again(&self) {
        self.inner.update_value(|inner| {
            if inner.keeper.dataset == KeptDataset::Asked {
                inner.keeper.dataset = KeptDataset::Nowhere;
            }
        });
    }

    async fn write_dataset(&self, content: &Uint8Array) -> Result<Save, String> {
        let id = format!("{:x}-{:x}", js_sys::Date::now() as u64, (js_sys::Math::random() * 1e15) as u64);
        let lock = Lock::of(&id).await.ok_or("this browser has no locks for pages of this address")?;
        let name = self.state.dataset.with_untracked(|it| it.as_ref().map(|it| it.summary.name.clone()));
        Store::open().await?.put_dataset(&id, &name.unwrap_or_default(), content).await?;
        Ok(Save { id, generation: 0, _lock: lock })
    }

    async fn write_generations(&self) {
        while let Some(Draft { serial, id, generation, head, parts }) = self.draft() {
            let written = match Store::open().await {
                Ok(store) => store.put_generation(&id, generation, &head, &parts).await,
                Err(why) => Err(why),
            };
            if !self.is_still(serial) {
                if !self.state.autosave.wanted.get_untracked() {
                    forget(&id).await.ok();
                }
                return;
            }
            let again = self.inner.try_update_value(|inner| {
                let keeper = &mut inner.keeper;
                if let Some(save) = keeper.save.as_mut().filter(|_| written.is_ok()) {
                    save.generation += 1;
                }
                keeper.writing = keeper.again;
                std::mem::take(&mut keeper.again)
            });
            match written {
                Ok(()) => {
                    self.state.autosave.trouble.set(None);
                    self.state.autosave.written.set(head.main().map(|part| (part.kind, part.update)));
                }
                Err(why) => self.state.cannot_keep(&why),
            }
            if again != Some(true) {
                return;
            }
        }
        self.inner.update_value(|inner| inner.keeper.writing = false);
    }

    /// What there is to be kept now; none if there is nothing.
    fn draft(&self) -> Option<Draft> {
        let (summary, state) = (self.state.dataset.get_untracked()?.summary.clone(), self.state);
        let paused = state.training.with_untracked(|it| matches!(it, Some(TrainingState::Paused)));
        let view = view_state::write(state);
        self.inner.with_value(|inner| {
            let save = inner.keeper.save.as_ref()?;
            let (mut heads, mut parts) = (Vec::new(), Vec::new());
            for (kind, weights) in inner.weights.all() {
                let Weights::Written { update, state: whole, bytes } = weights else { continue };
                let course = state.models.of(kind);
                let updates = course.updates.get_untracked();
                heads.push(Part {
                    kind,
                    update,
                    of: updates.last().map_or(update, |last| last.of),
                    state: whole,
                    updates,
                    training_times: course.training_times.get_untracked(),
                });
                parts.push(bytes);
            }
            // Its end leaves weights alone; while a dead engine is replaced, nothing trains, and it goes on all the same.
            let training = heads.iter().find(|part| part.state).map(|part| part.kind);
            let mut head = Head::new(summary.name.clone(), words::extent(&summary), training, paused, heads);
            head.view = view;
            let (serial, id, generation) = (inner.keeper.serial, save.id.clone(), save.generation);
            let fitted = state.evidence.found.with_untracked(|it| it.as_ref().is_some_and(|it| it.fits.is_some()));
            let evaluated = state.units.found.with_untracked(|all| !all.is_empty());
            let worth =
                !parts.is_empty() || fitted || evaluated || state.runs.all.with_untracked(|all| !all.is_empty());
            worth.then_some(Draft { serial, id, generation, head, parts })
        })
    }

    fn is_still(&self, serial: u32) -> bool {
        self.inner.try_with_value(|inner| inner.keeper.serial == serial).unwrap_or(false)
    }

    /// Follows the user's wish: without it nothing of this tab stays on the computer.
    pub fn want_autosave(&self, wanted: bool) {
        self.state.autosave.want(wanted);
        if wanted {
            return self.keep_on_disk();
        }
        let save = self.inner.try_update_value(|inner| {
            let keeper = std::mem::take(&mut inner.keeper);
            inner.keeper = Keeper { serial: keeper.serial + 1, worth: keeper.worth, ..Keeper::default() };
            keeper.save
        });
        let state = self.state;
        state.autosave.written.set(None);
        spawn_local(async move {
            if let Some(save) = save.flatten() {
                state.told_forgotten(forget(&save.id).await);
            }
        });
    }

    /// Deletes a save of a tab that is gone.
    pub fn forget_save(&self, id: String) {
        let state = self.state;
        spawn_local(async move {
            let outcome = match Lock::of(&id).await {
                Some(_lock) => forget(&id).await,
                None => Err("it is open in another tab".into()),
            };
            if outcome.is_ok() {
                state.autosave.withdraw(&id);
            }
            state.told_forgotten(outcome);
        });
    }

    /// Goes on from a save of a tab that is gone.
    pub fn go_on(&self, id: String) {
        let engine = *self;
        // One that could not be opened is still held.
        self.inner.update_value(|inner| inner.returning = None);
        self.state.opening.set(Some("Reading what was kept".into()));
        spawn_local(async move {
            match open(&id).await {
                Ok(found) => {
                    let source = found.source.clone();
                    engine.inner.update_value(|inner| inner.returning = Some(found));
                    engine.open_source(source, true);
                }
                Err(problem) => engine.could_not_open(format!("{}.", words::sentence(&problem))),
            }
        });
    }

    /// The dataset of a save is open: what was learned on it follows.
    pub(super) fn returned(&self, found: Return) {
        let Return { source, save, head, parts, older } = found;
        self.state.autosave.withdraw(&save.id);
        let main = head.main().cloned();
        let view = head.view;
        self.inner.update_value(|inner| {
            inner.source = Some(source);
            for (part, bytes) in head.parts.iter().zip(parts) {
                let weights = Weights::Written { update: part.update, state: part.state, bytes };
                *inner.weights.of(part.kind) = Some(weights);
            }
            let serial = inner.keeper.serial + 1;
            let (dataset, save) = (KeptDataset::There, Some(save));
            inner.keeper = Keeper { serial, worth: true, dataset, save, ..Keeper::default() };
        });
        for Part { kind, updates, training_times, .. } in head.parts {
            let model = self.state.models.of(kind);
            model.updates.set(updates);
            model.training_times.set(training_times);
        }
        if let Some(view) = view {
            view_state::restore(self.state, self.ask_for_plane(), &view);
        }
        let damaged = if older { " The last seconds of it were damaged and are left out." } else { "" };
        let said = main.map_or_else(String::new, |part| {
            let (model, step) = (part.kind.name(), part.kind.card().step);
            format!("{model} is back as of {step} {}.", words::count(part.update as usize))
        });
        self.pursue(head.training, head.paused, format!("{said}{damaged}"));
    }
}

impl State {
    fn cannot_keep(&self, why: &str) {
        // Once, however often it fails.
        if self.autosave.trouble.with_untracked(Option::is_none) {
            self.status.set("What is learned cannot be kept on this computer; training goes on.".into());
        }
        self.autosave.trouble.set(Some(words::sentence(why)));
    }

    fn told_forgotten(&self, outcome: Result<(), String>) {
        self.status.set(match outcome {
            Ok(()) => "It is forgotten: nothing of it is on this computer any more.".into(),
            Err(why) => format!("It could not be deleted: {why}."),
        });
    }
}

/// Offers the saves of tabs that are gone; tells whether some belong to tabs that are not, or are just going.
async fn look(offers: RwSignal<Vec<Offer>>) -> bool {
    match autosave::abandoned().await {
        Ok((found, living)) => {
            offers.set(found);
            living
        }
        // Whoever cannot keep anything has nothing to go on from; it is said when something is to be kept.
        Err(_) => false,
    }
}

async fn forget(id: &str) -> Result<(), String> {
    Store::open().await?.forget(id).await
}

async fn open(id: &str) -> Result<Return, String> {
    let lock = Lock::of(id).await.ok_or("it is open in another tab")?;
    let saved = Store::open().await?.read(id).await?;
    let source = Source::Files { files: vec![saved.dataset], mapping: None };
    let save = Save { id: id.into(), generation: saved.generation + 1, _lock: lock };
    Ok(Return { source, save, head: saved.head, parts: saved.parts, older: saved.older })
}

//! The training of a session.

mod handover;

pub(super) use handover::Handover;

use super::helping::{Calling, Help};
use super::models::Loaded;
use super::warming::WarmUp;
use super::{Emit, Session, answer, failure};
use crate::error::{Error, Kind, Result};
use crate::models::{AnyModel, AnyTraining, Best, Completed};
use crate::protocol::{Event, ModelKind, Pace, Recipe, RequestId, TrainingEnd, TrainingState};
use crate::tensor::is_cpu;
use burn::tensor::Device;
use handover::{Beginning, Successor};
use web_time::{Duration, Instant};

/// How long a step may take to be measured: meanwhile nothing else is answered.
const MEASURED_FOR: Duration = Duration::from_secs(3);
/// Time between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// A training with the request that started it.
pub(super) struct Training {
    id: RequestId,
    trainer: AnyTraining,
    /// What computes it.
    device: Device,
    /// What goes on with it.
    successor: Option<Successor>,
    paused: bool,
    /// The last checkpoint: the stage of the training, and when it was.
    saved: Option<(u64, Instant)>,
    helpers: Option<Calling>,
}

impl Training {
    /// Which model is trained, and how.
    pub(super) fn recipe(&self) -> Recipe {
        self.trainer.recipe()
    }

    /// Which model is trained.
    pub(super) fn kind(&self) -> ModelKind {
        self.trainer.recipe().model
    }

    /// The model after the last step.
    pub(super) fn model(&self) -> AnyModel {
        self.trainer.model()
    }

    /// Updates or epochs done.
    pub(super) fn updates(&self) -> u32 {
        self.trainer.steps()
    }

    /// What computes it.
    pub(super) fn device(&self) -> &Device {
        &self.device
    }

    /// Time points that it does not see.
    pub(super) fn held_out(&self) -> Vec<usize> {
        self.trainer.recipe().held_out
    }

    fn running(&self) -> Event {
        let (recipe, training_times) = (self.trainer.recipe(), self.trainer.training_times());
        Event::Training { state: TrainingState::Running { recipe, training_times } }
    }
}

/// The training that there is, if any, and who helps with it. It is written here and nowhere else.
#[derive(Default)]
pub(super) struct Trainings {
    running: Option<Training>,
    help: Help,
}

impl Trainings {
    /// No training, with this help for those that come.
    pub(super) fn with(help: Help) -> Self {
        Self { running: None, help }
    }

    /// Lets so many workers compute at most.
    pub(super) fn limit(&mut self, workers: Option<usize>) {
        self.help.limit(workers);
    }

    /// There is one, perhaps paused.
    pub(super) fn is_there(&self) -> bool {
        self.running.is_some()
    }

    /// It has something to do.
    pub(super) fn is_running(&self) -> bool {
        self.running.as_ref().is_some_and(|training| !training.paused)
    }

    /// The one of a model.
    pub(super) fn of(&self, kind: ModelKind) -> Option<&Training> {
        self.running.as_ref().filter(|training| training.kind() == kind)
    }
}

impl Session {
    pub(super) async fn train(&mut self, recipe: Recipe, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_busy("start a training")?;
        let current = match (self.models.get(recipe.model), recipe.from_current) {
            (Some(Loaded { model, summary, .. }), true) => {
                Some(model.weights(summary.updates, &summary.held_out).await?)
            }
            (None, true) => {
                let what = "There are no weights to go on from";
                return Err(Error::request(what).remedy("Start from fresh ones."));
            }
            (_, false) => None,
        };
        let beginning = self.beginning(|data| AnyTraining::new(data, &recipe, current.as_ref()))?;
        self.begin(beginning, id, emit);
        Ok(())
    }

    /// Computes one update or epoch that nobody sees, and says how long it took.
    pub(super) async fn measure(&self, recipe: Recipe) -> Result<Pace> {
        let device = self.first_device(recipe.model)?;
        let mut trainer = AnyTraining::new(&self.training_data(&device)?, &recipe, None)?;
        let begun = Instant::now();
        while begun.elapsed() < MEASURED_FOR {
            if trainer.advance().await?.is_some() {
                return Ok(Pace::of(&recipe, begun.elapsed().as_secs_f64()));
            }
        }
        let what = format!("A step of {} takes longer than {} s here", recipe.model.name(), MEASURED_FOR.as_secs());
        Err(Error::request(what).remedy("Start the training: it says how long its steps take."))
    }

    fn begin(&mut self, beginning: Beginning, id: RequestId, emit: Emit<'_>) {
        let Beginning { mut trainer, device, successor } = beginning;
        // One that goes on has nothing new yet.
        let saved = Some(trainer.stage()).filter(|stage| *stage > 0).map(|stage| (stage, Instant::now()));
        // a GPU computes alone, and what it will take over soon is not worth help
        let helpers = self.trainings.help.calling().filter(|_| self.device.as_ref().is_some_and(is_cpu));
        let helpers = helpers.filter(|calling| trainer.share(calling.helpers()));
        let waits_for_gpu = successor.is_some();
        let training = Training { id, trainer, device, successor, paused: false, saved, helpers };
        emit(answer(id, training.running()));
        self.trainings.running = Some(training);
        if waits_for_gpu {
            self.tell_of_the_cpu(emit);
        } else {
            self.warm_up = WarmUp::Warm;
        }
    }

    /// The whole state of the running training, as a file.
    pub(super) async fn save_training(&self) -> Result<Event> {
        let missing = || Error::request("No training is running, or it has made no update yet");
        let state = self.trainings.running.as_ref().ok_or_else(missing)?.trainer.state().await?.ok_or_else(missing)?;
        Ok(Event::File { name: format!("{}-training.safetensors", self.dataset()?.name), bytes: state.into() })
    }

    /// Goes on with a training that was saved.
    pub(super) fn continue_training(
        &mut self,
        name: &str,
        bytes: &[u8],
        updates: Option<u32>,
        id: RequestId,
        emit: Emit<'_>,
    ) -> Result<()> {
        self.refuse_while_busy("start a training")?;
        let beginning = self.beginning(|data| AnyTraining::resume(data, name, bytes, updates))?;
        self.begin(beginning, id, emit);
        Ok(())
    }

    /// Does one bounded piece of the running training; nothing if there is none.
    pub(super) async fn advance_training(&mut self, emit: Emit<'_>) {
        if !self.trainings.is_running() {
            return;
        }
        let handed_over = self.hand_over(emit).await;
        let Some(training) = self.trainings.running.as_mut() else { return };
        let id = training.id;
        let found = match handed_over {
            Some(completed) => Ok(completed),
            None => training.trainer.advance().await,
        };
        match found {
            Ok(Some(Completed::Rollback(rollback))) => emit(answer(id, Event::Rollback(rollback))),
            Ok(completed) => {
                if let Some(Completed::Update(update)) = completed {
                    training.helpers.iter().for_each(|calling| calling.call(update.seconds_left));
                    emit(answer(id, Event::Update(update)));
                }
                if training.trainer.is_finished() {
                    self.end_training(false, emit).await;
                } else if let Err(error) = self.checkpoint(emit).await {
                    self.trainings.running = None;
                    emit(answer(id, Event::Failed(failure(&error))));
                }
            }
            Err(error) => {
                // A device that failed takes its weights with it: whoever holds the last checkpoint goes on from there.
                let lost = error.kind == Kind::Device;
                if let Some(training) = self.trainings.running.take().filter(|_| !lost) {
                    // What ended the training is told.
                    self.keep_best(training, true, emit).await.ok();
                }
                emit(answer(id, Event::Failed(failure(&error))));
            }
        }
    }

    /// Sends the state of the training if there is something new and it is time; the first after the first step.
    async fn checkpoint(&mut self, emit: Emit<'_>) -> Result<()> {
        let Some(training) = self.trainings.running.as_mut() else { return Ok(()) };
        let (id, stage, update) = (training.id, training.trainer.stage(), training.updates());
        let due = |(saved, at): (u64, Instant)| stage != saved && at.elapsed() >= CHECKPOINT_EVERY;
        if stage == 0 || !training.saved.is_none_or(due) {
            return Ok(());
        }
        training.saved = Some((stage, Instant::now()));
        if let Some(state) = training.trainer.state().await? {
            emit(answer(id, Event::Checkpoint { update, state: state.into() }));
        }
        Ok(())
    }

    pub(super) fn pause(&mut self, paused: bool, emit: Emit<'_>) -> Result<()> {
        let missing = || Error::request("No training is running");
        let training = self.trainings.running.as_mut().ok_or_else(missing)?;
        training.paused = paused;
        let state = if paused { Event::Training { state: TrainingState::Paused } } else { training.running() };
        emit(answer(training.id, state));
        Ok(())
    }

    pub(super) async fn stop(&mut self, emit: Emit<'_>) -> Result<()> {
        match self.trainings.running {
            Some(_) => self.end_training(true, emit).await,
            None => return Err(Error::request("No training is running")),
        }
        Ok(())
    }

    /// Ends the training, if there is one, and keeps its best weights.
    pub(super) async fn end_training(&mut self, stopped: bool, emit: Emit<'_>) {
        if let Some(training) = self.trainings.running.take() {
            let id = training.id;
            let end = match self.keep_best(training, stopped, emit).await {
                Ok(()) => Event::Done,
                Err(error) => Event::Failed(failure(&error)),
            };
            emit(answer(id, end));
        }
    }

    /// Puts the best weights to use, if there was an update at all.
    async fn keep_best(&mut self, training: Training, stopped: bool, emit: Emit<'_>) -> Result<()> {
        let (id, updates, recipe) = (training.id, training.updates(), training.recipe());
        let Best { model, step, loss } = training.trainer.best();
        let end = TrainingEnd { updates, best_update: step, best_loss: loss, stopped };
        emit(answer(id, Event::Training { state: TrainingState::Ended(end) }));
        if step > 0 {
            let model = self.moved(model, &training.device, step, &recipe.held_out).await?;
            let loaded = Loaded::new(model, step, recipe);
            emit(answer(id, Event::WeightsChanged { model: loaded.summary.clone() }));
            self.models.put(loaded);
        }
        Ok(())
    }
}

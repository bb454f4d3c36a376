//! The training of a session.

use super::{Emit, Model, Session, answer, failure};
use crate::data::weights::{self, progress};
use crate::error::{Error, Result};
use crate::model::ScImf;
use crate::protocol::{Event, ModelSummary, RequestId, ScImfConfig, TrainSettings, TrainingEnd, TrainingState};
use crate::train::{Trainer, TrainingData};
use web_time::{Duration, Instant};

/// Time between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// A training with the request that started it.
pub(super) struct Training {
    id: RequestId,
    trainer: Trainer,
    pub(super) paused: bool,
    saved: Instant,
}

impl Training {
    /// The weights after the last update.
    pub(super) fn model(&self) -> &ScImf {
        self.trainer.model()
    }

    /// Updates done.
    pub(super) fn updates(&self) -> u32 {
        self.trainer.updates()
    }

    /// Time points that it does not see.
    pub(super) fn held_out(&self) -> &[usize] {
        &self.trainer.settings().held_out
    }

    fn running(&self) -> Event {
        let settings = self.trainer.settings().clone();
        let training_times = self.trainer.training_times().to_vec();
        Event::Training { state: TrainingState::Running { settings, training_times } }
    }
}

impl Session {
    pub(super) async fn train(&mut self, settings: TrainSettings, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_busy("start a training")?;
        let device = self.device()?;
        let data = TrainingData::new(self.dataset()?, &settings.held_out, device)?;
        let config = ScImfConfig {
            blocks: usize::from(settings.interaction),
            heads: weights::usual_heads(data.dimensions),
            ..ScImfConfig::default()
        };
        let current = match (&self.model, settings.from_current) {
            (Some(model), true) => Some(model.scimf.to_weights(model.summary.updates, &model.summary.held_out).await?),
            (None, true) => {
                return Err(Error::request("There are no weights to go on from").remedy("Start from fresh ones."));
            }
            (_, false) => None,
        };
        let trainer = Trainer::new(data, settings, config, current.as_ref(), device)?;
        self.begin(trainer, id, emit);
        Ok(())
    }

    fn begin(&mut self, trainer: Trainer, id: RequestId, emit: Emit<'_>) {
        let training = Training { id, trainer, paused: false, saved: Instant::now() };
        emit(answer(id, training.running()));
        self.training = Some(training);
    }

    /// The whole state of the running training, as a file.
    pub(super) async fn save_training(&self) -> Result<Event> {
        let missing = || Error::request("No training is running, or it has made no update yet");
        let training = self.training.as_ref().ok_or_else(missing)?;
        let progress = training.trainer.progress().await?.ok_or_else(missing)?;
        let name = format!("{}-training.safetensors", self.dataset()?.name);
        Ok(Event::File { name, bytes: progress::write(&progress)?.into() })
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
        let mut progress = progress::read(name, bytes)?;
        progress.settings.updates = updates.unwrap_or(progress.settings.updates);
        if progress.settings.updates <= progress.weights.updates {
            let what = format!("This training has all of its {} updates", progress.weights.updates);
            return Err(Error::request(what).at(name).remedy("Ask for more updates."));
        }
        let data = TrainingData::new(self.dataset()?, &progress.settings.held_out, self.device()?)?;
        let trainer = Trainer::resumed(data, &progress, self.device()?).map_err(|error| error.at(name))?;
        self.begin(trainer, id, emit);
        Ok(())
    }

    /// Does one bounded piece of the running training; nothing if there is none.
    pub(super) async fn advance_training(&mut self, emit: Emit<'_>) {
        let Some(training) = self.training.as_mut().filter(|training| !training.paused) else { return };
        let id = training.id;
        match training.trainer.advance().await {
            Ok(None) => {}
            Ok(Some(update)) => {
                emit(answer(id, Event::Update(update)));
                if training.trainer.is_finished() {
                    self.end_training(false, emit);
                } else if let Err(error) = self.checkpoint(emit).await {
                    self.training = None;
                    emit(answer(id, Event::Failed(failure(&error))));
                }
            }
            Err(error) => {
                if let Some(training) = self.training.take() {
                    self.keep_best(training, true, emit);
                }
                emit(answer(id, Event::Failed(failure(&error))));
            }
        }
    }

    async fn checkpoint(&mut self, emit: Emit<'_>) -> Result<()> {
        let Some(training) = self.training.as_mut() else { return Ok(()) };
        if training.saved.elapsed() < CHECKPOINT_EVERY {
            return Ok(());
        }
        training.saved = Instant::now();
        let weights = training.model().to_weights(training.updates(), training.held_out()).await?;
        let weights = weights::write(&weights)?.into();
        emit(answer(training.id, Event::Checkpoint { update: training.updates(), weights }));
        Ok(())
    }

    pub(super) fn pause(&mut self, paused: bool, emit: Emit<'_>) -> Result<()> {
        let missing = || Error::request("No training is running");
        let training = self.training.as_mut().ok_or_else(missing)?;
        training.paused = paused;
        let state = if paused { Event::Training { state: TrainingState::Paused } } else { training.running() };
        emit(answer(training.id, state));
        Ok(())
    }

    pub(super) fn stop(&mut self, emit: Emit<'_>) -> Result<()> {
        match self.training {
            Some(_) => self.end_training(true, emit),
            None => return Err(Error::request("No training is running")),
        }
        Ok(())
    }

    /// Ends the training, if there is one, and keeps its best weights.
    pub(super) fn end_training(&mut self, stopped: bool, emit: Emit<'_>) {
        if let Some(training) = self.training.take() {
            let id = training.id;
            self.keep_best(training, stopped, emit);
            emit(answer(id, Event::Done));
        }
    }

    /// Puts the best weights to use, if there was an update at all.
    fn keep_best(&mut self, training: Training, stopped: bool, emit: Emit<'_>) {
        let Training { id, trainer, .. } = training;
        let (best_update, best_transport) = trainer.best().map_or((0, f32::NAN), |best| (best.update, best.transport));
        let end = TrainingEnd { updates: trainer.updates(), best_update, best_transport, stopped };
        emit(answer(id, Event::Training { state: TrainingState::Ended(end) }));
        if trainer.best().is_none() {
            return;
        }
        let scimf = trainer.best_model();
        let summary = ModelSummary {
            config: scimf.config,
            updates: best_update,
            held_out: trainer.settings().held_out.clone(),
            parameters: scimf.parameters(),
            source: "training".into(),
        };
        emit(answer(id, Event::WeightsChanged { model: summary.clone() }));
        self.model = Some(Model { scimf, summary });
    }
}

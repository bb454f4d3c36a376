//! The training of a session.

use super::models::{Loaded, Placed};
use super::warming::Warmth;
use super::{Emit, Session, answer, failure};
use crate::data::weights::progress::{self, AnyProgress};
use crate::data::weights::{self, operator_progress};
use crate::error::{Error, Kind, Result};
use crate::model::ScImf;
use crate::operators::OperatorField;
use crate::protocol::{
    CellMnnSettings, Event, ModelKind, Recipe, RequestId, ScImfConfig, SetBack, TrainSettings, TrainingEnd,
    TrainingState, Update,
};
use crate::train::{OperatorTrainer, Snapshots, Trainer, TrainingData, forgive};
use web_time::{Duration, Instant};

/// Time between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(5);

/// A training with the request that started it.
pub(super) struct Training {
    id: RequestId,
    trainer: AnyTrainer,
    pub(super) paused: bool,
    /// The last checkpoint: its [`Training::stage`], and when it was.
    saved: Option<(u64, Instant)>,
}

enum AnyTrainer {
    ScImf(Box<Trainer>),
    /// With the dataset in the model's components, for the views.
    CellMnn(Box<OperatorTrainer>, Box<OperatorField>),
}

impl Training {
    /// Which model is trained.
    pub(super) fn kind(&self) -> ModelKind {
        match &self.trainer {
            AnyTrainer::ScImf(_) => ModelKind::ScImf,
            AnyTrainer::CellMnn(..) => ModelKind::CellMnn,
        }
    }

    /// scIMF after the last update, if it is what is trained.
    pub(super) fn scimf(&self) -> Option<&ScImf> {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => Some(trainer.model()),
            AnyTrainer::CellMnn(..) => None,
        }
    }

    /// Cell-MNN after the last step, if it is what is trained.
    pub(super) fn operators(&self) -> Option<OperatorField> {
        match &self.trainer {
            AnyTrainer::ScImf(_) => None,
            AnyTrainer::CellMnn(trainer, field) => Some(field.with(trainer.model())),
        }
    }

    /// Updates or epochs done.
    pub(super) fn updates(&self) -> u32 {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => trainer.updates(),
            AnyTrainer::CellMnn(trainer, _) => trainer.epochs(),
        }
    }

    /// Time points that it does not see.
    pub(super) fn held_out(&self) -> &[usize] {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => &trainer.settings().held_out,
            AnyTrainer::CellMnn(trainer, _) => &trainer.settings().held_out,
        }
    }

    fn running(&self) -> Event {
        let (recipe, training_times) = match &self.trainer {
            AnyTrainer::ScImf(trainer) => (trainer.settings().clone().into(), trainer.training_times().to_vec()),
            AnyTrainer::CellMnn(trainer, _) => (trainer.settings().clone().into(), trainer.training_times()),
        };
        Event::Training { state: TrainingState::Running { recipe, training_times } }
    }

    /// Counts what a checkpoint would save: updates, or steps of Cell-MNN.
    fn stage(&self) -> u64 {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => trainer.updates().into(),
            AnyTrainer::CellMnn(trainer, _) => trainer.steps(),
        }
    }

    async fn advance(&mut self) -> Result<std::result::Result<Option<Update>, SetBack>> {
        match &mut self.trainer {
            AnyTrainer::ScImf(trainer) => forgive(trainer.advance().await, &mut **trainer),
            AnyTrainer::CellMnn(trainer, _) => forgive(trainer.advance().await, &mut **trainer),
        }
    }

    /// Its whole state as a file; none before there is anything to go on from.
    async fn state(&self) -> Result<Option<Vec<u8>>> {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => trainer.progress().await?.as_ref().map(progress::write).transpose(),
            AnyTrainer::CellMnn(trainer, _) => {
                trainer.progress().await?.as_ref().map(operator_progress::write).transpose()
            }
        }
    }

    fn is_finished(&self) -> bool {
        match &self.trainer {
            AnyTrainer::ScImf(trainer) => trainer.is_finished(),
            AnyTrainer::CellMnn(trainer, _) => trainer.is_finished(),
        }
    }

    /// The weights that are kept, if there was an update at all, with the update that chose them and its loss.
    fn best(self) -> (u32, f32, Option<Placed>) {
        let held_out = self.held_out().to_vec();
        match self.trainer {
            AnyTrainer::ScImf(trainer) => {
                let (update, loss) = trainer.best().map_or((0, f32::NAN), |best| (best.update, best.transport));
                let placed =
                    || Placed::scimf(Loaded::<ScImf>::new(trainer.best_model(), update, &held_out, "training"));
                (update, loss, (update > 0).then(placed))
            }
            AnyTrainer::CellMnn(trainer, field) => {
                let (model, epoch, loss) = trainer.best();
                let field = field.with(model);
                let placed = || Placed::cell_mnn(Loaded::<OperatorField>::new(field, epoch, &held_out, "training"));
                (epoch, loss, (epoch > 0).then(placed))
            }
        }
    }
}

impl Session {
    pub(super) async fn train(&mut self, recipe: Recipe, id: RequestId, emit: Emit<'_>) -> Result<()> {
        self.refuse_while_busy("start a training")?;
        let trainer = match recipe.model {
            ModelKind::ScImf => AnyTrainer::ScImf(Box::new(self.scimf_trainer((&recipe).into()).await?)),
            ModelKind::CellMnn => self.operator_trainer((&recipe).into()).await?,
        };
        self.begin(trainer, id, emit);
        Ok(())
    }

    async fn scimf_trainer(&self, settings: TrainSettings) -> Result<Trainer> {
        let device = self.device()?;
        let data = TrainingData::new(self.dataset()?, &settings.held_out, device)?;
        let config = ScImfConfig {
            blocks: usize::from(settings.interaction),
            heads: weights::usual_heads(data.dimensions),
            ..ScImfConfig::default()
        };
        let current = match (&self.scimf, settings.from_current) {
            (Some(Loaded { model, summary }), true) => {
                Some(model.to_weights(summary.updates, &summary.held_out).await?)
            }
            (None, true) => return Err(nothing_to_go_on_from()),
            (_, false) => None,
        };
        Trainer::new(data, settings, config, current.as_ref(), device)
    }

    async fn operator_trainer(&self, settings: CellMnnSettings) -> Result<AnyTrainer> {
        let current = match (&self.cell_mnn, settings.from_current) {
            (Some(Loaded { model, summary }), true) => {
                Some(model.model.to_weights(summary.updates, &summary.held_out).await?)
            }
            (None, true) => return Err(nothing_to_go_on_from()),
            (_, false) => None,
        };
        let data = self.snapshots(&settings)?;
        self.with_field(OperatorTrainer::new(data, settings, current.as_ref(), self.device()?)?)
    }

    /// The open dataset and those that accompany it, as Cell-MNN is trained on them.
    fn snapshots(&self, settings: &CellMnnSettings) -> Result<Vec<Snapshots>> {
        let mut data = vec![Snapshots::new(self.dataset()?, settings)?];
        for companion in &self.companions {
            let whole = CellMnnSettings { held_out: Vec::new(), ..settings.clone() };
            data.push(Snapshots::new(companion, &whole).map_err(|error| error.at(companion.name.as_str()))?);
        }
        Ok(data)
    }

    fn with_field(&self, trainer: OperatorTrainer) -> Result<AnyTrainer> {
        let field = OperatorField::new(trainer.model(), self.dataset()?);
        Ok(AnyTrainer::CellMnn(Box::new(trainer), Box::new(field)))
    }

    fn begin(&mut self, trainer: AnyTrainer, id: RequestId, emit: Emit<'_>) {
        let mut training = Training { id, trainer, paused: false, saved: None };
        // One that goes on has nothing new yet.
        training.saved = Some(training.stage()).filter(|stage| *stage > 0).map(|stage| (stage, Instant::now()));
        emit(answer(id, training.running()));
        self.training = Some(training);
        self.warmth = Warmth::Warm;
    }

    /// The whole state of the running training, as a file.
    pub(super) async fn save_training(&self) -> Result<Event> {
        let missing = || Error::request("No training is running, or it has made no update yet");
        let state = self.training.as_ref().ok_or_else(missing)?.state().await?.ok_or_else(missing)?;
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
        let trainer = match progress::read(name, bytes)? {
            AnyProgress::ScImf(mut progress) => {
                progress.settings.updates = updates.unwrap_or(progress.settings.updates);
                refuse_a_whole_one(progress.weights.updates, progress.settings.updates, name)?;
                let data = TrainingData::new(self.dataset()?, &progress.settings.held_out, self.device()?)?;
                let trainer = Trainer::resumed(data, &progress, self.device()?).map_err(|error| error.at(name))?;
                AnyTrainer::ScImf(Box::new(trainer))
            }
            AnyProgress::CellMnn(mut progress) => {
                progress.settings.epochs = updates.unwrap_or(progress.settings.epochs);
                refuse_a_whole_one(progress.weights.updates, progress.settings.epochs, name)?;
                let data = self.snapshots(&progress.settings)?;
                let trainer = OperatorTrainer::resumed(data, &progress, self.device()?);
                self.with_field(trainer.map_err(|error| error.at(name))?)?
            }
        };
        self.begin(trainer, id, emit);
        Ok(())
    }

    /// Does one bounded piece of the running training; nothing if there is none.
    pub(super) async fn advance_training(&mut self, emit: Emit<'_>) {
        let Some(training) = self.training.as_mut().filter(|training| !training.paused) else { return };
        let id = training.id;
        match training.advance().await {
            Ok(Err(set_back)) => emit(answer(id, Event::SetBack(set_back))),
            Ok(Ok(update)) => {
                update.into_iter().for_each(|update| emit(answer(id, Event::Update(update))));
                if training.is_finished() {
                    self.end_training(false, emit);
                } else if let Err(error) = self.checkpoint(emit).await {
                    self.training = None;
                    emit(answer(id, Event::Failed(failure(&error))));
                }
            }
            Err(error) => {
                // A device that failed takes its weights with it: whoever holds the last checkpoint goes on from there.
                let lost = error.kind == Kind::Device;
                if let Some(training) = self.training.take().filter(|_| !lost) {
                    self.keep_best(training, true, emit);
                }
                emit(answer(id, Event::Failed(failure(&error))));
            }
        }
    }

    /// Sends the state of the training if there is something new and it is time; the first after the first step.
    async fn checkpoint(&mut self, emit: Emit<'_>) -> Result<()> {
        let Some(training) = self.training.as_mut() else { return Ok(()) };
        let (id, stage, update) = (training.id, training.stage(), training.updates());
        let due = |(saved, at): (u64, Instant)| stage != saved && at.elapsed() >= CHECKPOINT_EVERY;
        if stage == 0 || !training.saved.is_none_or(due) {
            return Ok(());
        }
        training.saved = Some((stage, Instant::now()));
        if let Some(state) = training.state().await? {
            emit(answer(id, Event::Checkpoint { update, state: state.into() }));
        }
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
        let (id, updates) = (training.id, training.updates());
        let (best_update, best_loss, placed) = training.best();
        let end = TrainingEnd { updates, best_update, best_loss, stopped };
        emit(answer(id, Event::Training { state: TrainingState::Ended(end) }));
        if let Some(placed) = placed {
            emit(answer(id, Event::WeightsChanged { model: placed.summary().clone() }));
            self.put_to_use(placed);
        }
    }
}

fn refuse_a_whole_one(done: u32, of: u32, name: &str) -> Result<()> {
    if of > done {
        return Ok(());
    }
    let what = format!("This training has all of its {done} updates");
    Err(Error::request(what).at(name).remedy("Ask for more updates."))
}

fn nothing_to_go_on_from() -> Error {
    Error::request("There are no weights to go on from").remedy("Start from fresh ones.")
}

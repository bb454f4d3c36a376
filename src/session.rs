//! One user at work: commands in, events out.
//!
//! The same session runs in the worker, in the command line and in tests. [`Session::handle`] answers a command; [`Session::tick`] does one
//! bounded piece of the long work that runs, so that the caller can look for the next command in between. Of a training, a preparation, an
//! evaluation and an experiment one runs at a time; simulations run beside it, and take turns with it piece by piece.

mod attention;
mod client;
mod datasets;
mod ends;
mod evaluation;
mod evidence;
mod experiment;
mod export;
mod files;
mod helping;
mod job;
mod models;
mod operators;
mod preparation;
mod rehearsal;
mod simulation;
mod training;
mod types;
mod warming;

pub use client::Client;

use crate::device::{self, Adapter};
use crate::error::{Error, Kind, Result};
use crate::models::Reading;
use crate::protocol::{
    Command, DeviceInfo, DevicePreference, Event, Failure, FailureKind, Message, Request, RequestId, ValuesQuery,
};
use crate::train::Helpers;
use burn::tensor::Device;
use datasets::Datasets;
use helping::Help;
use job::Jobs;
use models::Models;
use simulation::Simulations;
use std::rc::Rc;
use training::{Handover, Trainings};
use warming::WarmUp;

/// Where answers go.
pub type Emit<'a> = &'a mut dyn FnMut(Message);

/// The state of an engine: a device, a dataset, a model of each kind, perhaps long work and a study that waits for its mapping.
///
/// Each part is written by the file that defines it.
pub struct Session {
    adapter: std::result::Result<Adapter, String>,
    device: Option<Device>,
    datasets: Datasets,
    models: Models,
    trainings: Trainings,
    jobs: Jobs,
    simulations: Simulations,
    warm_up: WarmUp,
    handover: Handover,
    /// The last piece of work was one of a simulation.
    simulated: bool,
}

impl Session {
    /// A session without device or dataset. `adapter` is the GPU adapter that the front end found, or why there is none.
    pub fn new(adapter: std::result::Result<Adapter, String>) -> Self {
        Self {
            adapter,
            device: None,
            datasets: Datasets::default(),
            models: Models::default(),
            trainings: Trainings::default(),
            jobs: Jobs::default(),
            simulations: Simulations::default(),
            warm_up: WarmUp::default(),
            handover: Handover::default(),
            simulated: false,
        }
    }

    /// The same session, whose trainings on the CPU `helpers` compute parts of.
    #[must_use]
    pub fn with_helpers(mut self, helpers: Rc<dyn Helpers>) -> Self {
        self.trainings = Trainings::with(Help::of(helpers));
        self
    }

    /// The same session, whose trainings begin on the CPU while a GPU that was chosen for the user ([`DevicePreference::Auto`]) is made ready for
    /// them, and go on there afterwards. How many updates the CPU computes depends on the machine.
    #[must_use]
    pub fn beginning_on_the_cpu(self) -> Self {
        Self { handover: Handover::wanted(), ..self }
    }

    /// Long work is running and [`Session::tick`] has something to do.
    pub fn is_busy(&self) -> bool {
        !self.simulations.is_empty() || self.works()
    }

    /// Work besides simulations is running.
    fn works(&self) -> bool {
        self.jobs.running().is_some() || self.trainings.is_running()
    }

    /// Does one bounded piece of the running work; nothing if there is none. Pieces of simulations and of other work alternate, so that neither
    /// waits for the end of the other.
    pub async fn tick(&mut self, emit: Emit<'_>) {
        self.simulated = !(self.simulations.is_empty() || self.simulated && self.works());
        if self.simulated {
            self.advance_simulation(emit).await;
        } else if self.jobs.running().is_some() {
            self.advance_job(emit).await;
        } else {
            self.advance_training(emit).await;
        }
    }

    /// Answers a command; ends with exactly one [`Event::Done`] or [`Event::Failed`], except that the one of long work comes when it ends.
    pub async fn handle(&mut self, request: Request, emit: Emit<'_>) {
        let id = request.id;
        let deferred = matches!(
            request.command,
            Command::Train { .. }
                | Command::ContinueTraining { .. }
                | Command::ApplyMapping { .. }
                | Command::Evaluate { .. }
                | Command::Evidence(_)
                | Command::Experiment { .. }
                | Command::Fates { .. }
                | Command::Path(_)
                | Command::Markers(_)
                | Command::Simulate { .. }
                | Command::SaveAnnData { .. }
        );
        match self.answer(request, emit).await {
            Ok(()) if deferred => {}
            Ok(()) => emit(answer(id, Event::Done)),
            Err(error) => emit(answer(id, Event::Failed(failure(&error)))),
        }
    }

    async fn answer(&mut self, request: Request, emit: Emit<'_>) -> Result<()> {
        request.command.check()?;
        let id = request.id;
        let mut say = |event| emit(answer(id, event));
        match request.command {
            Command::Start { device, workers } => {
                self.trainings.limit(workers);
                say(Event::Ready { device: self.start(device).await? });
            }
            Command::Open { files } => self.open(files, id, emit).await?,
            Command::ApplyMapping { mapping } => self.prepare(&mapping, id, emit)?,
            Command::Discard => drop(self.datasets.take_waiting()),
            Command::Cancel => self.cancel(emit)?,
            Command::CancelSimulation { request } => self.cancel_simulation(request, emit)?,
            Command::Evaluate(settings) => self.evaluate(settings, id)?,
            Command::AlreadyFound(finding) => self.jobs.already_found(&finding),
            Command::Evidence(query) => self.evidence(query, id)?,
            Command::LoadWeights { name, bytes } => {
                self.refuse_while_busy("load weights")?;
                let model = self.load_weights(&name, &bytes)?;
                say(Event::WeightsChanged { model });
            }
            Command::SaveWeights { model } => say(self.save_weights(model).await?),
            Command::SaveBundle { view } => say(self.save_bundle(view.as_deref()).await?),
            Command::SaveAnnData { model, space, copies } => self.export(model, space, copies, id)?,
            Command::Train { recipe } => self.train(recipe, id, emit).await?,
            Command::Measure { recipe } => say(Event::Measured(self.measure(recipe).await?)),
            Command::Accompany { file } => self.accompany(file)?,
            Command::SaveTraining => say(self.save_training().await?),
            Command::ContinueTraining { name, bytes, updates } => {
                self.continue_training(&name, &bytes, updates, id, emit)?;
            }
            Command::Pause => self.pause(true, emit)?,
            Command::Resume => self.pause(false, emit)?,
            Command::Stop => self.stop(emit).await?,
            Command::Velocity(query) => {
                let (dataset, model, device) = self.question(query.model, Some(query.time))?;
                say(Event::Velocity(model.velocity(dataset, query, device).await?));
            }
            command @ (Command::Communication(_)
            | Command::Recovery(_)
            | Command::CellAttention(_)
            | Command::CellMatrix(_)
            | Command::Receivers(_)) => say(self.attention(command).await?),
            Command::Simulate(query) => self.simulate(&query, id)?,
            Command::SaveSimulation { query, format } => say(self.save_simulation(&query, format).await?),
            Command::Experiment(query) => self.experiment(query, id)?,
            Command::Fates(query) => self.follow(query, id)?,
            Command::Path(query) => self.find_path(query, id)?,
            Command::Markers(genes) => self.mark(genes, id)?,
            Command::Retype(typing) => say(self.retype(typing)?),
            Command::Landscape(query) => say(self.landscape(query).await?),
            Command::Noise(model) => say(self.interval_noise(model).await?),
            Command::Genes => {
                let decoder = self.dataset()?.decoder.as_ref();
                let measured = self.dataset()?.measured.as_ref();
                say(Event::Genes(decoder.map_or_else(Vec::new, |decoder| decoder.genes.clone())));
                if let Some(measured) = measured {
                    say(Event::MeasuredGenes(measured.genes.clone()));
                }
            }
            Command::Values(ValuesQuery::Growth) => say(Event::Values(self.growth().await?)),
            Command::Values(query) => say(Event::Values(match Reading::of(query) {
                Some((model, reading)) => self.readings(query, model, reading).await?,
                None => self.dataset()?.values(query)?,
            })),
            command @ (Command::Operator { .. }
            | Command::Spectrum { .. }
            | Command::MeanOperators
            | Command::Linearisation(_)
            | Command::GeneNetwork(_)
            | Command::Why(_)
            | Command::Perturbation(_)
            | Command::SignAgreement { .. }) => say(self.read_off(command).await?),
            Command::Coordinates { space } => {
                let positions = self.dataset()?.coordinates(space)?.into();
                say(Event::Coordinates { space, positions });
            }
        }
        Ok(())
    }

    async fn start(&mut self, preference: DevicePreference) -> Result<DeviceInfo> {
        if self.device.is_some() {
            return Err(Error::request("The engine is already started"));
        }
        let (device, info) = device::choose(preference, self.adapter.clone()).await;
        self.device = Some(device);
        self.handover.chosen(preference, &info);
        Ok(info)
    }

    fn device(&self) -> Result<&Device> {
        self.device.as_ref().ok_or_else(|| Error::request("The engine is not started yet"))
    }

    fn refuse_while_busy(&self, what: &str) -> Result<()> {
        let running = match (self.trainings.is_there(), self.jobs.running()) {
            (true, _) => "a training",
            (false, Some(job)) => job.name(),
            (false, None) => return Ok(()),
        };
        Err(Error::request(format!("Cannot {what} while {running} runs")).remedy("Stop it first."))
    }
}

fn answer(request: RequestId, event: Event) -> Message {
    Message { request: Some(request), event }
}

fn failure(error: &Error) -> Failure {
    let kind = match error.kind {
        Kind::Input => FailureKind::Input,
        Kind::Request => FailureKind::Request,
        Kind::Device => FailureKind::Device,
        Kind::Diverged => FailureKind::Diverged,
        Kind::Internal => FailureKind::Internal,
    };
    Failure { kind, message: error.to_string(), fatal: kind == FailureKind::Device }
}

//! A training that begins on the CPU while a GPU is made ready for it, and goes on there.
//!
//! A GPU compiles what it is asked for at the first time, which takes seconds. The training is therefore rehearsed there: the same training from the
//! same start, up to its first update or step, while the CPU trains. Then the training is built anew on the GPU from its own state after the last
//! update. If the CPU has nothing to hand over yet, the rehearsal itself is the training from now on.

use super::Session;
use crate::device;
use crate::error::{Error, Result};
use crate::models::{AnyTraining, Completed, Data};
use crate::protocol::{Backend, DeviceInfo, DevicePreference, Event, ModelKind};
use crate::session::rehearsal::{Rehearsal, Rehearsed};
use crate::session::warming::WarmUp;
use crate::session::{Emit, answer};
use crate::tensor::cpu;
use burn::tensor::Device;

/// Which trainings begin on the CPU.
#[derive(Default)]
pub(in crate::session) struct Handover {
    /// Those of a session whose device is a GPU that was chosen for the user.
    wanted: bool,
    /// That GPU.
    gpu: Option<DeviceInfo>,
    /// Models for whose trainings on the open dataset it is ready.
    ready: Vec<ModelKind>,
}

impl Handover {
    /// Trainings begin on the CPU where that is of use.
    pub(in crate::session) fn wanted() -> Self {
        Self { wanted: true, ..Self::default() }
    }

    /// The device of the session is chosen.
    pub(in crate::session) fn chosen(&mut self, preference: DevicePreference, info: &DeviceInfo) {
        let awaited = self.wanted && preference == DevicePreference::Auto && info.backend == Backend::Gpu;
        self.gpu = awaited.then(|| info.clone());
    }

    /// Another dataset is open, whose sizes ask for other programs.
    pub(in crate::session) fn begin_anew(&mut self) {
        self.ready.clear();
    }

    /// A training of this model begins on the CPU.
    fn begins_on_cpu(&self, kind: ModelKind) -> bool {
        self.gpu.is_some() && !self.ready.contains(&kind)
    }
}

/// A training that has just been made.
pub(super) struct Beginning {
    pub(super) trainer: AnyTraining,
    /// Where it begins.
    pub(super) device: Device,
    pub(super) successor: Option<Successor>,
}

/// What goes on with a training on the GPU.
pub(super) enum Successor {
    /// The same training, up to its first update or step.
    Rehearsing(Rehearsal),
    /// The GPU is ready; the training has no state to hand over just now.
    Ready,
}

impl Session {
    /// What computes the first updates of a training.
    pub(super) fn first_device(&self, kind: ModelKind) -> Result<Device> {
        if self.handover.begins_on_cpu(kind) { Ok(cpu()) } else { self.device().cloned() }
    }

    /// A training where it begins, and its rehearsal where it is to go on.
    pub(super) fn beginning(&self, make: impl Fn(&Data<'_>) -> Result<AnyTraining>) -> Result<Beginning> {
        let on = |device: &Device| make(&self.training_data(device)?);
        let trainer = on(self.device()?)?;
        let kind = trainer.recipe().model;
        let device = self.first_device(kind)?;
        if !self.handover.begins_on_cpu(kind) {
            return Ok(Beginning { trainer, device, successor: None });
        }
        let successor = Some(Successor::Rehearsing(Rehearsal::of(trainer)));
        Ok(Beginning { trainer: on(&device)?, device, successor })
    }

    /// Says that the CPU computes until the GPU is ready.
    pub(super) fn tell_of_the_cpu(&self, emit: Emit<'_>) {
        if let (Some(training), Some(gpu)) = (&self.trainings.running, &self.handover.gpu) {
            let (device, after) = (device::until_ready(gpu), training.updates());
            emit(answer(training.id, Event::TrainingDevice { device, after }));
        }
    }

    /// Lets the GPU get ready, and go on with the training once it is. None if it is waited for, or nothing goes on there: the training may do a
    /// piece of its own. Else the piece is done; what it completed.
    pub(super) async fn hand_over(&mut self, emit: Emit<'_>) -> Option<Option<Completed>> {
        let training = self.trainings.running.as_mut()?;
        if let Successor::Rehearsing(rehearsal) = training.successor.as_mut()? {
            let begun = rehearsal.begun();
            match rehearsal.look()? {
                Rehearsed::More => return Some(None),
                Rehearsed::Failed(error) => {
                    self.stay(&error, emit);
                    return Some(None);
                }
                Rehearsed::Whole(rehearsed, completed) => {
                    training.successor = Some(Successor::Ready);
                    self.handover.ready.push(training.kind());
                    if training.trainer.stage() == begun {
                        self.go_on_with(*rehearsed, emit);
                        return Some(completed);
                    }
                }
            }
        }
        match self.rebuilt().await {
            Ok(trainer) => self.go_on_with(trainer?, emit),
            Err(error) => self.stay(&error, emit),
        }
        Some(None)
    }

    /// The training with its state after the last update, on the GPU; none if there is no such state now.
    async fn rebuilt(&self) -> Result<Option<AnyTraining>> {
        let Some(training) = &self.trainings.running else { return Ok(None) };
        let Some(state) = training.trainer.state().await? else { return Ok(None) };
        AnyTraining::resume(&self.training_data(self.device()?)?, "the training", &state, None).map(Some)
    }

    /// The GPU computes the training from now on.
    fn go_on_with(&mut self, trainer: AnyTraining, emit: Emit<'_>) {
        let (Some(training), Some(device), Some(gpu)) = (&mut self.trainings.running, &self.device, &self.handover.gpu)
        else {
            return;
        };
        let after = training.updates();
        (training.trainer, training.device, training.successor) = (trainer, device.clone(), None);
        self.warm_up = WarmUp::Warm;
        emit(answer(training.id, Event::TrainingDevice { device: gpu.clone(), after }));
    }

    /// The CPU computes the training to its end.
    fn stay(&mut self, error: &Error, emit: Emit<'_>) {
        let (Some(training), Some(gpu)) = (&mut self.trainings.running, &self.handover.gpu) else { return };
        training.successor = None;
        let (device, after) = (device::in_place_of(gpu, error), training.updates());
        emit(answer(training.id, Event::TrainingDevice { device, after }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Matrix};
    use crate::protocol::{
        CellMnnConfig, CellMnnSettings, CellType, Command, Recipe, Request, TimePoint, TrainSettings, TrainingState,
    };
    use pollster::block_on;

    /// Cells on a line that move along it.
    fn line() -> Dataset {
        let times: Vec<u32> = (0..60).map(|cell| cell / 20).collect();
        let states = (0..60).map(|cell| (cell % 20) as f32 / 10.0 + (cell / 20) as f32).flat_map(|x| [x, 0.5 * x]);
        let point = |time| TimePoint { label: format!("day {time}"), value: Some(f64::from(time)), cells: 20 };
        Dataset {
            states: Matrix::new(60, 2, states.collect()).unwrap(),
            time_points: (0..3).map(point).collect(),
            cell_types: vec![0; times.len()],
            types: vec![CellType { name: "all cells".into(), color: None, cells: 60 }],
            times,
            ..Dataset::default()
        }
    }

    fn recipes() -> [Recipe; 2] {
        let scimf = TrainSettings { updates: 6, cells: 16, dt: 0.5, ..TrainSettings::default() };
        let config = CellMnnConfig { dimensions: 2, hidden: 8, ..CellMnnConfig::default() };
        let cell_mnn = CellMnnSettings { config, epochs: 6, batch: 8, ..CellMnnSettings::default() };
        [scimf.into(), cell_mnn.into()]
    }

    /// A session whose GPU is the CPU once more.
    fn session() -> Session {
        let mut session = Session::new(Err("none".into())).beginning_on_the_cpu();
        session.device = Some(cpu());
        let gpu = DeviceInfo { backend: Backend::Gpu, name: "a GPU".into(), reason: None };
        session.handover.chosen(DevicePreference::Auto, &gpu);
        session.datasets.replace(line());
        session
    }

    /// What a training says, shortened, and its weights. The GPU is not done at the first `looks` at it, and then fails if there is a `fault`.
    fn trained(session: &mut Session, recipe: &Recipe, looks: usize, fault: Option<Error>) -> (Vec<String>, Vec<u8>) {
        let mut said = Vec::new();
        let mut file = Vec::new();
        let mut hear = |message: crate::protocol::Message| match message.event {
            Event::Training { state: TrainingState::Running { .. } } => said.push("runs".into()),
            Event::Training { .. } => said.push("ended".into()),
            Event::TrainingDevice { device, after } => said.push(format!("{:?} after {after}", device.backend)),
            Event::Update(update) => said.push(format!("{} {:?}", update.update, update.loss.total.to_bits())),
            Event::Failed(failure) => said.push(failure.message),
            Event::File { bytes, .. } => file = bytes.to_vec(),
            _ => {}
        };
        let command = Command::Train { recipe: recipe.clone() };
        block_on(session.handle(Request { id: 1, command }, &mut hear));
        let training = session.trainings.running.as_mut().expect("a training");
        if let Some(Successor::Rehearsing(rehearsal)) = training.successor.take() {
            training.successor = Some(Successor::Rehearsing(rehearsal.slowed(looks, fault)));
        }
        while session.is_busy() {
            block_on(session.tick(&mut hear));
        }
        block_on(session.handle(Request { id: 2, command: Command::SaveWeights { model: recipe.model } }, &mut hear));
        (said, file)
    }

    /// What it says of devices.
    fn devices(said: &[String]) -> Vec<&str> {
        said.iter().filter(|it| it.contains("after")).map(String::as_str).collect()
    }

    fn of_updates(said: &[String]) -> Vec<&String> {
        said.iter().filter(|it| it.starts_with(|first: char| first.is_ascii_digit())).collect()
    }

    #[test]
    fn a_training_that_moves_computes_what_it_would_have_computed() {
        for recipe in recipes() {
            let mut undisturbed = session();
            undisturbed.handover = Handover::default();
            let (expected, weights) = trained(&mut undisturbed, &recipe, 0, None);
            assert_eq!(devices(&expected), [""; 0]);
            assert_eq!(of_updates(&expected).len(), 6);
            // At once, while the CPU trains, and not before its end.
            for (looks, moves) in [(0, Some("0")), (20, None), (10_000, Some(""))] {
                let (said, file) = trained(&mut session(), &recipe, looks, None);
                assert_eq!(of_updates(&said), of_updates(&expected), "{looks} looks");
                assert_eq!(file, weights, "{looks} looks");
                let told = devices(&said);
                assert_eq!((said[0].as_str(), told[0]), ("runs", "Cpu after 0"));
                match moves {
                    Some("") => assert_eq!(told.len(), 1, "{told:?}"),
                    Some(_) => assert_eq!(told[1..], ["Gpu after 0"]),
                    None => {
                        let [_, moved] = told[..] else { panic!("{told:?}") };
                        let at = said.iter().position(|it| it == moved).unwrap();
                        let after = of_updates(&said[..at]).len();
                        assert_eq!(moved, format!("Gpu after {after}"));
                        assert!(0 < after && after < 6, "{moved}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_gpu_that_was_ready_once_is_not_waited_for_until_another_dataset_is_open() {
        let [recipe, other] = recipes();
        let mut session = session();
        trained(&mut session, &recipe, 0, None);
        assert_eq!(devices(&trained(&mut session, &recipe, 0, None).0), [""; 0]);
        assert_eq!(
            devices(&trained(&mut session, &other, 0, None).0).len(),
            2,
            "another model asks for other programs"
        );
        block_on(session.replace(line(), Vec::new(), None, 3, &mut |_| ()));
        assert_eq!(devices(&trained(&mut session, &recipe, 0, None).0).len(), 2);
    }

    #[test]
    fn the_cpu_trains_to_the_end_if_the_gpu_fails() {
        let [recipe, _] = recipes();
        let (said, _) = trained(&mut session(), &recipe, 20, Some(Error::device("it is gone")));
        assert_eq!(of_updates(&said).len(), 6);
        let [_, told] = devices(&said)[..] else { panic!("{said:?}") };
        assert!(told.starts_with("Cpu after "), "{told}");
        assert_eq!(said.last().map(String::as_str), Some("ended"));
    }

    #[test]
    fn a_gpu_that_was_asked_for_computes_everything() {
        let [recipe, _] = recipes();
        let mut session = session();
        let gpu = DeviceInfo { backend: Backend::Gpu, name: "a GPU".into(), reason: None };
        session.handover.chosen(DevicePreference::Gpu, &gpu);
        assert_eq!(devices(&trained(&mut session, &recipe, 0, None).0), [""; 0]);
    }
}

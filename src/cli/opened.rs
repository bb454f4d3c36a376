//! A session with its dataset open, and its long work.

use super::files::{file_name, read_file, write_file};
use super::{interrupt, quiet, times};
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use scimf::device::Adapter;
use scimf::error::{Error, Result};
use scimf::protocol::{
    Cells, Command, DatasetSummary, DeviceInfo, DevicePreference, Event, Failure, Message, ModelKind, ModelSummary,
    Request,
};
use scimf::session::Session;
use std::path::Path;

/// A session with its dataset open.
pub struct Opened {
    session: Session,
    /// What computes.
    pub device: Option<DeviceInfo>,
    /// What is in the dataset.
    pub dataset: DatasetSummary,
    /// Its cells, as they are drawn.
    pub cells: Cells,
    /// What a page showed when it wrote the dataset, as a JSON object; none if no page did.
    pub view: Option<String>,
    /// The models in use: one of each kind at most.
    pub models: Vec<ModelSummary>,
    /// Time points to hold out: those asked for, else those that the dataset names.
    pub held_out: Vec<usize>,
    next: u32,
}

impl Opened {
    /// A session on a device; its dataset is still to be opened.
    ///
    /// # Errors
    /// The device asked for is not there.
    pub fn start(device: DevicePreference, dataset: DatasetSummary) -> Result<Self> {
        let adapter = Adapter::default();
        let session = Session::new(Ok(adapter));
        let mut opened = Self {
            session,
            device: None,
            dataset,
            cells: Cells::default(),
            view: None,
            models: Vec::new(),
            held_out: Vec::new(),
            next: 0,
        };
        for event in opened.ask(Command::Start { device, workers: None })? {
            let Event::Ready { device: info } = event else { continue };
            if let (false, Some(reason)) = (device == DevicePreference::Cpu, &info.reason) {
                return Err(Error::device(format!("No GPU: {reason}")).remedy("Use --device cpu."));
            }
            opened.device = Some(info);
        }
        Ok(opened)
    }

    /// Labels of the time points, in order.
    pub fn time_labels(&self) -> Vec<String> {
        self.dataset.time_points.iter().map(|point| point.label.clone()).collect()
    }

    /// A time point by its position or its label.
    ///
    /// # Errors
    /// There is no such time point.
    pub fn time(&self, name: &str) -> Result<usize> {
        times::position(name, &self.time_labels())
    }

    /// Notes which time points are to be held out, by position or label.
    ///
    /// # Errors
    /// There is no such time point.
    pub fn hold_out(&mut self, names: &[String]) -> Result<()> {
        self.held_out = match names {
            [] => self.dataset.held_out.clone(),
            names => times::positions(names, &self.time_labels())?,
        };
        Ok(())
    }

    /// Sends a command, works until it has ended, and returns its events.
    ///
    /// # Errors
    /// The command failed, or the user pressed Ctrl-C.
    pub fn ask(&mut self, command: Command) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        self.begin(command, &mut |event| events.push(event))?;
        while self.session.is_busy() {
            self.refuse_if_interrupted()?;
            self.proceed(&mut |event| events.push(event))?;
        }
        Ok(events)
    }

    /// As [`Self::ask`], with a progress bar on standard error for what the command reports of itself.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub fn ask_long(&mut self, command: Command) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        self.follow(command, &mut |event| {
            events.push(event);
            Ok(())
        })?;
        Ok(events)
    }

    /// As [`Self::ask_long`]; each event is seen when it happens.
    ///
    /// # Errors
    /// As [`Self::ask`], or what whoever sees the events says.
    pub fn follow(&mut self, command: Command, hear: &mut dyn FnMut(Event) -> Result<()>) -> Result<()> {
        let bar = if quiet() { ProgressBar::hidden() } else { ProgressBar::new(1000) };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg}") {
            bar.set_style(style);
        }
        let mut heard = Ok(());
        let mut see = |event| match event {
            Event::Progress { stage, done } => {
                bar.set_position((done * 1000.0) as u64);
                bar.set_message(stage);
            }
            event if heard.is_ok() => heard = hear(event),
            _ => {}
        };
        self.begin(command, &mut see)?;
        while self.session.is_busy() {
            self.refuse_if_interrupted()?;
            self.proceed(&mut see)?;
        }
        bar.finish_and_clear();
        heard
    }

    fn refuse_if_interrupted(&mut self) -> Result<()> {
        match interrupt::asked() {
            true => Err(Error::request("Stopped by Ctrl-C")),
            false => Ok(()),
        }
    }

    /// Sends a command and returns when it is answered, or when what it started has begun.
    ///
    /// # Errors
    /// The command failed.
    pub fn begin(&mut self, command: Command, see: &mut dyn FnMut(Event)) -> Result<()> {
        self.next += 1;
        let request = Request { id: self.next, command };
        let mut ear = Ear { failure: None, models: &mut self.models, see };
        block_on(self.session.handle(request, &mut |message| ear.hear(message)));
        ear.failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// Does one piece of the work that runs.
    ///
    /// # Errors
    /// The work failed.
    pub fn proceed(&mut self, see: &mut dyn FnMut(Event)) -> Result<()> {
        let mut ear = Ear { failure: None, models: &mut self.models, see };
        block_on(self.session.tick(&mut |message| ear.hear(message)));
        ear.failure.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// Work that was begun is not at its end.
    pub fn is_busy(&self) -> bool {
        self.session.is_busy()
    }

    /// The model of a kind that is in use, if there are weights.
    pub fn model(&self, kind: ModelKind) -> Option<&ModelSummary> {
        self.models.iter().find(|model| model.model == kind)
    }

    /// Loads a weights file.
    ///
    /// # Errors
    /// The file cannot be read, or does not fit the dataset.
    pub fn load_weights(&mut self, path: &Path) -> Result<()> {
        let bytes = read_file(path)?.into();
        self.ask(Command::LoadWeights { name: file_name(path), bytes }).map(|_| ())
    }

    /// Asks for a file, also of work that runs, and writes it.
    ///
    /// # Errors
    /// The command failed, or the file cannot be written.
    pub fn save(&mut self, command: Command, path: &Path) -> Result<()> {
        let mut file = None;
        self.begin(command, &mut |event| {
            if let Event::File { bytes, .. } = event {
                file = Some(bytes);
            }
        })?;
        write_file(path, &file.ok_or_else(|| Error::internal("The engine gave no file"))?)
    }

    /// Names of the genes that the loadings cover; none without loadings.
    ///
    /// # Errors
    /// The command failed.
    pub fn genes(&mut self) -> Result<Vec<String>> {
        self.answer(Command::Genes, |event| match event {
            Event::Genes(names) => Some(names),
            _ => None,
        })
    }

    /// Asks a question with a single answer.
    ///
    /// # Errors
    /// The command failed.
    pub fn answer<T>(&mut self, command: Command, pick: impl FnMut(Event) -> Option<T>) -> Result<T> {
        let answer = self.ask(command)?.into_iter().find_map(pick);
        answer.ok_or_else(|| Error::internal("The engine gave no answer"))
    }
}

/// What is taken out of the messages on their way.
struct Ear<'a> {
    failure: Option<Failure>,
    models: &'a mut Vec<ModelSummary>,
    see: &'a mut dyn FnMut(Event),
}

impl Ear<'_> {
    fn hear(&mut self, message: Message) {
        match message.event {
            Event::Failed(reason) => self.failure = Some(reason),
            Event::Done => {}
            event => {
                if let Event::WeightsChanged { model } = &event {
                    self.models.retain(|other| other.model != model.model);
                    self.models.push(model.clone());
                }
                (self.see)(event);
            }
        }
    }
}

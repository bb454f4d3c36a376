//! Opening datasets and weights, the device and the session behind every command.

use clap::{Args, ValueEnum};
use pollster::block_on;
use scimf::device::Adapter;
use scimf::error::{Error, Result};
use scimf::protocol::{
    Cells, Command, DatasetSummary, DevicePreference, Event, Failure, FailureKind, File, Mapping, Message, ModelSpace,
    ModelSummary, Request,
};
use scimf::session::Session;
use std::path::{Path, PathBuf};

/// The dataset a command works on.
#[derive(Args)]
pub struct Data {
    /// Dataset bundle (.zip) or AnnData file (.h5ad).
    #[arg(long)]
    data: PathBuf,
    /// Column of obs that holds the time of each cell [default: proposed from the names].
    #[arg(long)]
    time_column: Option<String>,
    /// Column of obs that holds the cell type; `none` for no types [default: proposed from the names].
    #[arg(long)]
    cell_type: Option<String>,
    /// Array of obsm in which the model works [default: proposed from the names].
    #[arg(long)]
    space: Option<String>,
    /// What computes.
    #[arg(long, value_enum, default_value_t = Device::Cpu)]
    device: Device,
}

/// What computes.
#[derive(Clone, Copy, ValueEnum)]
pub enum Device {
    /// The CPU.
    Cpu,
    /// The GPU, through wgpu.
    Gpu,
}

/// A session with its dataset open.
pub struct Opened {
    session: Session,
    /// What is in the dataset.
    pub dataset: DatasetSummary,
    /// Its cells, as they are drawn.
    pub cells: Cells,
    /// The model, if there are weights.
    pub model: Option<ModelSummary>,
    next: u32,
}

impl Data {
    /// Starts a session and opens the dataset.
    ///
    /// # Errors
    /// The file cannot be read or used, or an option names something that is not in it.
    pub fn open(&self) -> Result<Opened> {
        let adapter = Adapter { name: "GPU".into(), software: false };
        let mut opened = Opened {
            session: Session::new(Ok(adapter)),
            dataset: empty(),
            cells: Cells::default(),
            model: None,
            next: 0,
        };
        let device = match self.device {
            Device::Cpu => DevicePreference::Cpu,
            Device::Gpu => DevicePreference::Gpu,
        };
        for event in opened.ask(Command::Start { device })? {
            if let (Event::Ready { device: info }, Device::Gpu) = (&event, self.device)
                && let Some(reason) = &info.reason
            {
                return Err(Error::device(format!("No GPU: {reason}")).remedy("Use --device cpu."));
            }
        }
        let file = File { name: file_name(&self.data), bytes: read_file(&self.data)?.into() };
        let events = opened.ask(Command::Open { files: vec![file] })?;
        let mut events = events.into_iter().peekable();
        let events = match events.next_if(|event| matches!(event, Event::MappingProposed { .. })) {
            Some(Event::MappingProposed { file, mapping }) => {
                let mapping = self.mapping(&file, mapping)?;
                opened.ask(Command::ApplyMapping { mapping })?
            }
            _ => events.collect(),
        };
        for event in events {
            if let Event::DatasetOpened { dataset, cells } = event {
                (opened.dataset, opened.cells) = (dataset, cells);
            }
        }
        Ok(opened)
    }

    fn mapping(&self, file: &scimf::protocol::FileSummary, mut mapping: Mapping) -> Result<Mapping> {
        if let Some(name) = &self.time_column {
            let column = file.columns.iter().find(|column| column.name == *name);
            let missing = || Error::request("There is no such column in obs").at(name.as_str());
            mapping.time.clone_from(name);
            mapping.time_order = column.ok_or_else(missing)?.levels.iter().map(|level| level.label.clone()).collect();
        }
        match self.cell_type.as_deref() {
            Some("none") => mapping.cell_type = None,
            Some(name) => mapping.cell_type = Some(name.into()),
            None => {}
        }
        if let Some(space) = &self.space {
            mapping.model_space = ModelSpace::Stored(space.clone());
        }
        Ok(mapping)
    }
}

impl Opened {
    /// Sends a command and returns its events.
    ///
    /// # Errors
    /// The command failed.
    pub fn ask(&mut self, command: Command) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        self.send(command, &mut |event| events.push(event))?;
        Ok(events)
    }

    /// Sends a command and, if it starts a training, works until the training has ended.
    ///
    /// # Errors
    /// The command failed.
    pub fn send(&mut self, command: Command, see: &mut dyn FnMut(Event)) -> Result<()> {
        self.next += 1;
        let (mut failure, mut model) = (None, None);
        let mut emit = |message: Message| match message.event {
            Event::Failed(reason) => failure = Some(reason),
            Event::Done => {}
            event => {
                if let Event::WeightsChanged { model: changed } = &event {
                    model = Some(changed.clone());
                }
                see(event);
            }
        };
        block_on(async {
            self.session.handle(Request { id: self.next, command }, &mut emit).await;
            while self.session.is_busy() {
                self.session.tick(&mut emit).await;
            }
        });
        self.model = model.or(self.model.take());
        match failure {
            Some(failure) => Err(error_of(failure)),
            None => Ok(()),
        }
    }

    /// Loads a weights file.
    ///
    /// # Errors
    /// The file cannot be read, or does not fit the dataset.
    pub fn load_weights(&mut self, path: &Path) -> Result<()> {
        let bytes = read_file(path)?.into();
        self.ask(Command::LoadWeights { name: file_name(path), bytes }).map(|_| ())
    }

    /// Asks for a file and writes it.
    ///
    /// # Errors
    /// The command failed, or the file cannot be written.
    pub fn save(&mut self, command: Command, path: &Path) -> Result<()> {
        for event in self.ask(command)? {
            if let Event::File { bytes, .. } = event {
                write_file(path, &bytes)?;
            }
        }
        Ok(())
    }
}

/// Reads a file.
///
/// # Errors
/// It cannot be read.
pub fn read_file(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path)
        .map_err(|error| Error::input(format!("Cannot read this file: {error}")).at(path.display().to_string()))
}

/// Writes a file.
///
/// # Errors
/// It cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes)
        .map_err(|error| Error::request(format!("Cannot write this file: {error}")).at(path.display().to_string()))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The session's sentences, already complete with place and remedy.
fn error_of(failure: Failure) -> Error {
    let kind = match failure.kind {
        FailureKind::Input => scimf::error::Kind::Input,
        FailureKind::Request => scimf::error::Kind::Request,
        FailureKind::Device => scimf::error::Kind::Device,
        FailureKind::Diverged => scimf::error::Kind::Diverged,
        FailureKind::Internal => scimf::error::Kind::Internal,
    };
    Error::new(kind, failure.message.trim_end_matches('.'))
}

fn empty() -> DatasetSummary {
    DatasetSummary {
        name: String::new(),
        cells: 0,
        dimensions: 0,
        genes: 0,
        time_points: Vec::new(),
        cell_types: Vec::new(),
        spaces: Vec::new(),
        simulated: false,
        held_out: Vec::new(),
        preparation: None,
        notes: Vec::new(),
    }
}

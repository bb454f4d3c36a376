//! Opening the dataset that a command works on.

use super::columns::{Columns, Proposed};
use super::files::read_study;
use super::opened::Opened;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use scimf::error::{Error, Result};
use scimf::protocol::{Command, DatasetSummary, DevicePreference, Event, Mapping, ModelKind};
use std::path::PathBuf;
use std::sync::LazyLock;

/// The dataset a command works on.
#[derive(Args)]
pub struct Data {
    /// The dataset: a bundle (.zip), AnnData (.h5ad), .npz, a table of cells x genes (.csv, .tsv), 10x (.h5), or matrix.mtx with its two
    /// tables or their folder.
    #[arg(value_name = "DATA")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    columns: Columns,
    /// What computes.
    #[arg(long, value_enum, default_value_t = Device::Cpu)]
    device: Device,
}

/// What computes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Device {
    /// The CPU.
    Cpu,
    /// The GPU, through wgpu.
    Gpu,
    /// An NVIDIA GPU, through CUDA.
    Cuda,
}

/// A model by the key of its card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Model(ModelKind);

impl From<Model> for ModelKind {
    fn from(model: Model) -> Self {
        model.0
    }
}

impl ValueEnum for Model {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<Model>> = LazyLock::new(|| ModelKind::ALL.into_iter().map(Model).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let card = self.0.card();
        Some(PossibleValue::new(card.key).help(format!("{}: {}", card.name, card.about)))
    }
}

impl From<Device> for DevicePreference {
    fn from(device: Device) -> Self {
        match device {
            Device::Cpu => Self::Cpu,
            Device::Gpu => Self::Gpu,
            Device::Cuda => Self::Cuda,
        }
    }
}

impl Data {
    /// A dataset named by its files, on a device.
    pub fn of(files: Vec<PathBuf>, device: Device) -> Self {
        Self { files, columns: Columns::default(), device }
    }

    /// Files are named.
    pub fn is_named(&self) -> bool {
        !self.files.is_empty()
    }

    /// A column for samples is named.
    pub fn asks_for_samples(&self) -> bool {
        self.columns.sample_column.as_ref().is_some_and(|column| column != "none")
    }

    /// Starts a session and opens the dataset. Where principal components have to be computed, nothing is fitted on the `held_out` time
    /// points, named by position or label.
    ///
    /// # Errors
    /// The files cannot be read or used, or an option names something that is not in them.
    pub fn open(&self, held_out: &[String]) -> Result<Opened> {
        self.open_saying(held_out, |_| {})
    }

    /// As [`Self::open`]; `say` is told every guess that was used.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_saying(&self, held_out: &[String], mut say: impl FnMut(&str)) -> Result<Opened> {
        let mut opened = open(&self.files, self.device.into(), |proposed| {
            let mapping = self.columns.choose(proposed, held_out)?;
            self.columns.guesses(&proposed.file, &mapping).iter().for_each(|line| say(line));
            Ok(mapping)
        })?;
        opened.hold_out(held_out)?;
        Ok(opened)
    }
}

/// Starts a session and opens files; `choose` makes the mapping of a study out of the proposed one.
///
/// # Errors
/// The files cannot be read or used, or `choose` refuses.
pub fn open(
    files: &[PathBuf],
    device: DevicePreference,
    choose: impl FnOnce(&Proposed) -> Result<Mapping>,
) -> Result<Opened> {
    if files.is_empty() {
        return Err(Error::request("No dataset was named").remedy("Name its file, or its files."));
    }
    let mut opened = Opened::start(device, DatasetSummary::default())?;
    let mut events = opened.ask_long(Command::Open { files: read_study(files)? })?.into_iter().peekable();
    let events = match events.next_if(|event| matches!(event, Event::MappingProposed { .. })) {
        Some(Event::MappingProposed { file, mapping, questions }) => {
            let mapping = choose(&Proposed { file, mapping, questions })?;
            opened.ask_long(Command::ApplyMapping { mapping })?
        }
        _ => events.collect(),
    };
    for event in events {
        if let Event::DatasetOpened { dataset, cells, view } = event {
            (opened.dataset, opened.cells, opened.view) = (dataset, cells, view);
        }
    }
    Ok(opened)
}

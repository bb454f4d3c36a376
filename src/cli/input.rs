//! Opening the dataset that a command works on.

use super::files::read_study;
use super::opened::Opened;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use scimf::error::{Error, Result};
use scimf::protocol::{
    Column, Command, DatasetSummary, DevicePreference, DisplaySpace, Event, FileSummary, Mapping, ModelKind,
    ModelSpace, Preprocessing,
};
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

/// What the columns and arrays of a study mean.
#[derive(Args, Default)]
struct Columns {
    /// Column that holds the time of each cell [default: proposed from the names].
    #[arg(long)]
    time_column: Option<String>,
    /// Column that holds the cell type; `none` for no types [default: proposed from the names].
    #[arg(long)]
    cell_type: Option<String>,
    /// Column that holds the sample of each cell; `none` for no samples [default: proposed from the names].
    #[arg(long)]
    sample_column: Option<String>,
    /// Array of obsm in which the model works [default: proposed from the names; computed if there is none].
    #[arg(long)]
    space: Option<String>,
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
    /// points.
    ///
    /// # Errors
    /// The files cannot be read or used, or an option names something that is not in them.
    pub fn open(&self, held_out: &[usize]) -> Result<Opened> {
        open(&self.files, self.device.into(), |file, mapping| self.columns.choose(file, mapping, held_out))
    }
}

/// Starts a session and opens files; `choose` makes the mapping of a study out of the proposed one.
///
/// # Errors
/// The files cannot be read or used, or `choose` refuses.
pub fn open(
    files: &[PathBuf],
    device: DevicePreference,
    choose: impl FnOnce(&FileSummary, Mapping) -> Result<Mapping>,
) -> Result<Opened> {
    if files.is_empty() {
        return Err(Error::request("No dataset was named").remedy("Name its file, or its files."));
    }
    let mut opened = Opened::start(device, DatasetSummary::default())?;
    let mut events = opened.ask(Command::Open { files: read_study(files)? })?.into_iter().peekable();
    let events = match events.next_if(|event| matches!(event, Event::MappingProposed { .. })) {
        Some(Event::MappingProposed { file, mapping }) => {
            let mapping = choose(&file, mapping)?;
            opened.ask_long(Command::ApplyMapping { mapping })?
        }
        _ => events.collect(),
    };
    for event in events {
        if let Event::DatasetOpened { dataset, cells, .. } = event {
            (opened.dataset, opened.cells) = (dataset, cells);
        }
    }
    Ok(opened)
}

impl Columns {
    fn choose(&self, file: &FileSummary, mut mapping: Mapping, held_out: &[usize]) -> Result<Mapping> {
        choose_columns(file, &mut mapping, self.time_column.as_deref(), self.cell_type.as_deref())?;
        choose_samples(file, &mut mapping, self.sample_column.as_deref())?;
        if let Some(space) = &self.space {
            mapping.model_space = ModelSpace::Stored(space.clone());
        }
        if let ModelSpace::Computed(steps) = &mut mapping.model_space {
            *steps = Preprocessing { held_out: held_out.to_vec(), ..steps.clone() };
        }
        // Nothing is drawn here; UMAP would be computed for nobody.
        if matches!(mapping.display_space, DisplaySpace::Umap(_)) {
            mapping.display_space = DisplaySpace::Components;
        }
        Ok(mapping)
    }
}

/// Puts the named column in the place of the one that is proposed for samples.
///
/// # Errors
/// There is no such column.
pub fn choose_samples(file: &FileSummary, mapping: &mut Mapping, sample: Option<&str>) -> Result<()> {
    match sample {
        Some("none") => mapping.sample = None,
        Some(name) => {
            column(file, name)?;
            mapping.sample = Some(name.into());
        }
        None => {}
    }
    Ok(())
}

fn column<'a>(file: &'a FileSummary, name: &str) -> Result<&'a Column> {
    file.columns.iter().find(|column| column.name == name).ok_or_else(|| {
        let names: Vec<&str> = file.columns.iter().map(|column| column.name.as_str()).collect();
        Error::request("There is no such column").at(name).remedy(format!("Choose among: {}.", names.join(", ")))
    })
}

/// Puts named columns in the place of the proposed ones.
///
/// # Errors
/// There is no such column.
pub fn choose_columns(
    file: &FileSummary,
    mapping: &mut Mapping,
    time: Option<&str>,
    cell_type: Option<&str>,
) -> Result<()> {
    if let Some(name) = time {
        mapping.time_order = column(file, name)?.levels.iter().map(|level| level.label.clone()).collect();
        mapping.time = name.into();
    }
    match cell_type {
        Some("none") => mapping.cell_type = None,
        Some(name) => mapping.cell_type = Some(name.into()),
        None => {}
    }
    Ok(())
}

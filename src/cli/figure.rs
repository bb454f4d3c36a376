//! `scimf figure`: the page's figures as SVG and PNG files.

mod evidence;
mod flows;
mod loss;

use super::files::{read_file, write_file};
use super::input::Data;
use super::opened::Opened;
use super::samples::OfSample;
use clap::{Args, Subcommand, ValueEnum};
use evidence::Evidence;
use flows::Flows;
use loss::Loss;
use scimf::error::{Error, Result};
use scimf::figure::cells::ColorBy;
use scimf::figure::pairs;
use scimf::figure::plane::{self, Plane};
use scimf::figure::quantity::Quantity;
use scimf::figure::svg::Format;
use scimf::figure::{chord, comparison, heatmap, png};
use scimf::protocol::{
    Cells, Command, Communication, CommunicationQuery, DatasetSummary, DriftPart, Evaluation, Event, ModelKind,
    Predictions, Row, Score, Simulation, SimulationQuery, SpaceId, VelocityQuery,
};
use std::path::PathBuf;

/// Draw a figure of the page as an SVG or PNG file.
#[derive(Args)]
pub struct Figure {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Observed cells with the paths of simulated cells.
    Trajectories(Trajectories),
    /// Velocity of the cells of a time point.
    Velocity(Velocity),
    /// Who listens to whom at a time point, as a chord diagram.
    Chord(Pairs),
    /// Who listens to whom at a time point, as a matrix.
    Heatmap(Pairs),
    /// Who acts on whom, as far as the data and fitted models tell, as a matrix.
    Evidence(Evidence),
    /// How simulated cells change their type over all times.
    Flows(Flows),
    /// The training loss.
    Loss(Loss),
    /// Predictions at held-out time points beside the floor, staying put and interpolation.
    Comparison(Comparison),
}

/// What every figure has.
#[derive(Args)]
struct Output {
    /// File to write; its extension (.svg or .png) says in which format.
    #[arg(long)]
    output: PathBuf,
    /// Width in pixels.
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u32).range(200..=10_000))]
    width: u32,
    /// Height in pixels.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(150..=10_000))]
    height: u32,
    /// Light on dark.
    #[arg(long)]
    dark: bool,
    /// Title [default: what is drawn; empty for none].
    #[arg(long)]
    title: Option<String>,
}

impl Output {
    /// The file's format, before anything is computed for it.
    fn is_png(&self) -> Result<bool> {
        match self.output.extension().map(|e| e.to_ascii_lowercase()) {
            Some(extension) if extension == "svg" => Ok(false),
            Some(extension) if extension == "png" => Ok(true),
            _ => Err(Error::request("A figure is written as .svg or .png").at(self.output.display().to_string())),
        }
    }

    fn format(&self, title: String) -> Format {
        let title = self.title.clone().unwrap_or(title);
        Format { size: [self.width.into(), self.height.into()], dark: self.dark, title }
    }

    fn write(&self, svg: &str) -> Result<()> {
        if self.is_png()? {
            write_file(&self.output, &png::render(svg, 1.0)?)
        } else {
            write_file(&self.output, svg.as_bytes())
        }
    }
}

/// A dataset with a model.
#[derive(Args)]
struct Model {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Plane to draw in: the name of an embedding such as UMAP, two components such as 1,2 or a number that counts the planes of `scimf
    /// info` from 0 [default: the first of them].
    #[arg(long)]
    plane: Option<String>,
}

/// A session with everything that a drawing in a plane needs.
struct Drawn {
    opened: Opened,
    cells: Cells,
    plane: SpaceId,
}

impl Model {
    fn open(&self) -> Result<Opened> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        Ok(opened)
    }

    fn open_plane(&self) -> Result<Drawn> {
        let mut opened = self.open()?;
        let mut cells = std::mem::take(&mut opened.cells);
        let plane = plane_named(&opened.dataset, self.plane.as_deref())?;
        if opened.dataset.spaces.first().is_none_or(|first| first.id != plane) {
            cells.positions = opened.answer(Command::Coordinates { space: plane }, |event| match event {
                Event::Coordinates { positions, .. } => Some(positions),
                _ => None,
            })?;
        }
        Ok(Drawn { opened, cells, plane })
    }
}

/// The plane of a name; without one, the first of the dataset.
///
/// # Errors
/// There is no such plane; names those there are.
pub fn plane_named(dataset: &DatasetSummary, name: Option<&str>) -> Result<SpaceId> {
    let Some(name) = name else {
        return Ok(dataset.spaces.first().map(|space| space.id).unwrap_or_default());
    };
    let counted = || dataset.spaces.get(name.parse::<usize>().ok()?).map(|space| space.id);
    let components = || {
        let (x, y) = name.split_once(',')?;
        let component = |text: &str| text.trim().parse::<usize>().ok()?.checked_sub(1);
        Some(SpaceId::Components([component(x)?, component(y)?]))
    };
    let found = dataset.space_named(name).or_else(counted).or_else(components);
    found.filter(|id| dataset.space(*id).is_some()).ok_or_else(|| {
        let names: Vec<&str> = dataset.spaces.iter().map(|space| space.name.as_str()).collect();
        Error::request(format!("There is no plane “{name}”: this dataset has {}", names.join(", ")))
            .at("--plane")
            .remedy(format!("Name one of them, or two of its {} components, such as 1,2.", dataset.dimensions))
    })
}

impl Drawn {
    fn plane(&self) -> Plane<'_> {
        Plane { dataset: &self.opened.dataset, cells: &self.cells, space: self.plane }
    }

    fn simulate(&mut self, cells: usize, seed: u32, frames_per_interval: usize) -> Result<Simulation> {
        let query =
            SimulationQuery { space: self.plane, cells, seed, frames_per_interval, ..SimulationQuery::default() };
        self.opened.answer(Command::Simulate(query), |event| match event {
            Event::Simulation(found) => Some(found),
            _ => None,
        })
    }
}

/// Label of a time point, for a title.
fn label(opened: &Opened, time: usize) -> String {
    opened.dataset.time_points.get(time).map_or_else(String::new, |point| point.label.clone())
}

impl Figure {
    /// Computes, draws and writes.
    pub fn run(&self) -> Result<()> {
        let (output, svg) = match &self.kind {
            Kind::Trajectories(it) => (&it.output, it.draw()?),
            Kind::Velocity(it) => (&it.output, it.draw()?),
            Kind::Chord(it) => (&it.output, it.draw(true)?),
            Kind::Heatmap(it) => (&it.output, it.draw(false)?),
            Kind::Evidence(it) => (&it.output, it.draw()?),
            Kind::Flows(it) => (&it.output, it.draw()?),
            Kind::Loss(it) => (&it.output, it.draw()?),
            Kind::Comparison(it) => (&it.output, it.draw()?),
        };
        output.write(&svg)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ColorName {
    /// Cell type.
    Type,
    /// Time point.
    Time,
}

#[derive(Args)]
struct Trajectories {
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    output: Output,
    /// What the observed cells are coloured by.
    #[arg(long, value_enum, default_value_t = ColorName::Time)]
    color_by: ColorName,
    /// Simulated cells.
    #[arg(long, default_value_t = 100)]
    cells: usize,
    /// Seed of the drawn cells and the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
}

impl Trajectories {
    fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let mut drawn = self.model.open_plane()?;
        let simulation = drawn.simulate(self.cells, self.seed, 10)?;
        let color_by = match self.color_by {
            ColorName::Type => ColorBy::Type,
            ColorName::Time => ColorBy::Time,
        };
        let format = self.output.format(format!("{}: simulated trajectories", drawn.opened.dataset.name));
        plane::trajectories(&drawn.plane(), color_by, &simulation, &format)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum PartName {
    /// Intrinsic and interaction drift together.
    Total,
    /// What a cell would do alone.
    Intrinsic,
    /// What the population adds.
    Interaction,
    /// The same without the wind that all cells of a population share.
    Differing,
}

#[derive(Args)]
struct Velocity {
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    output: Output,
    /// Time point, by position counted from 0 or by label.
    #[arg(long)]
    time: String,
    #[command(flatten)]
    sample: OfSample,
    /// Part of the drift.
    #[arg(long, value_enum, default_value_t = PartName::Total)]
    part: PartName,
}

impl Velocity {
    fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let mut drawn = self.model.open_plane()?;
        let (part, word) = match self.part {
            PartName::Total => (DriftPart::Total, "velocity"),
            PartName::Intrinsic => (DriftPart::Intrinsic, "intrinsic velocity"),
            PartName::Interaction => (DriftPart::Interaction, "velocity by interaction"),
            PartName::Differing => (DriftPart::Differing, "velocity by interaction without its wind"),
        };
        let time = drawn.opened.time(&self.time)?;
        let sample = self.sample.position(&drawn.opened.dataset)?;
        let query = VelocityQuery { time, space: drawn.plane, part, model: ModelKind::default(), sample };
        let found = drawn.opened.answer(Command::Velocity(query), |event| match event {
            Event::Velocity(found) => Some(found),
            _ => None,
        })?;
        let at = label(&drawn.opened, time);
        let format = self.output.format(format!("{}: {word} at {at}", drawn.opened.dataset.name));
        plane::velocity(&drawn.plane(), &found, &format)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ScoreName {
    /// Mean attention weight over heads.
    Attention,
    /// Attention weight times length of the sender's value vector.
    Influence,
    /// log2 of the share of attention over the share of cells.
    Enrichment,
}

#[derive(Args)]
struct Pairs {
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    output: Output,
    /// Time point, by position counted from 0 or by label.
    #[arg(long)]
    time: String,
    #[command(flatten)]
    sample: OfSample,
    /// The number that stands for listening.
    #[arg(long, value_enum, default_value_t = ScoreName::Attention)]
    score: ScoreName,
    /// Leave out types with fewer cells.
    #[arg(long, default_value_t = 10)]
    minimum_cells: usize,
}

impl Pairs {
    fn draw(&self, as_chord: bool) -> Result<String> {
        self.output.is_png()?;
        let mut opened = self.model.open()?;
        let (score, quantity) = match self.score {
            ScoreName::Attention => (Score::Attention, Quantity::Mean),
            ScoreName::Influence => (Score::Influence, Quantity::Mean),
            ScoreName::Enrichment => (Score::Attention, Quantity::Enrichment),
        };
        let time = opened.time(&self.time)?;
        let sample = self.sample.position(&opened.dataset)?;
        let query = CommunicationQuery { time, score, minimum_cells: self.minimum_cells, sample };
        let found: Communication = opened.answer(Command::Communication(query), |event| match event {
            Event::Communication(found) => Some(found),
            _ => None,
        })?;
        let at = label(&opened, time);
        let format = self.output.format(format!("{}: who listens to whom at {at}", opened.dataset.name));
        let draw = if as_chord { chord::to_svg } else { heatmap::to_svg };
        Ok(draw(&opened.dataset, &found, &pairs::Pairs::all(&opened.dataset, quantity), &format))
    }
}

#[derive(Args)]
struct Comparison {
    /// The JSON that `scimf evaluate --json` wrote.
    #[arg(long)]
    input: PathBuf,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    model: Option<Model>,
    /// Simulated cells to draw.
    #[arg(long, default_value_t = 500)]
    cells: usize,
    /// Seed of the drawn cells and the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
}

impl Comparison {
    fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let evaluation: Evaluation = serde_json::from_slice(&read_file(&self.input)?).map_err(|error| {
            Error::input(format!("This is no evaluation: {error}"))
                .at(self.input.display().to_string())
                .remedy("Write the file with `scimf evaluate --json`.")
        })?;
        let Some(model) = &self.model else {
            return comparison::to_svg(&evaluation, None, &self.output.format("Held-out evaluation".into()));
        };
        let mut drawn = model.open_plane()?;
        let simulation = drawn.simulate(self.cells, self.seed, 1)?;
        let frame = 2 * self.cells;
        let at = |time: usize| {
            let index = simulation.times.iter().position(|t| (t - time as f32).abs() < 1e-3)?;
            Some(simulation.positions[index * frame..(index + 1) * frame].to_vec())
        };
        let model = ModelKind::default();
        let interacts = drawn.opened.model(model).is_none_or(|model| model.interacts);
        let row = if interacts { None } else { Row::of_twin(model) }.unwrap_or_else(|| Row::of(model)).key;
        let predictions: Vec<Predictions> = evaluation
            .held_out
            .iter()
            .filter_map(|held_out| {
                let positions = at(held_out.time)?.into();
                Some(Predictions { time: held_out.time, row: row.clone(), positions, exact: simulation.exact })
            })
            .collect();
        let format = self.output.format(format!("{}: held-out evaluation", drawn.opened.dataset.name));
        comparison::to_svg(&evaluation, Some((&drawn.plane(), &predictions)), &format)
    }
}

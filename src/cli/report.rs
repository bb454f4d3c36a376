//! `scimf report`

use super::figure::plane_named;
use super::files::{read_file, write_file};
use super::input::{Data, Model};
use super::opened::Opened;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::figure::cells::ColorBy;
use scimf::figure::comparison::Metric;
use scimf::figure::composition::{self, Composition};
use scimf::figure::pairs::Pairs;
use scimf::figure::plane::{self, Plane};
use scimf::figure::quantity::Quantity;
use scimf::figure::report::{Report as Document, Table, html};
use scimf::figure::score_table::{columns, mean_and_deviation};
use scimf::figure::svg::Format;
use scimf::figure::{chord, comparison, methods, type_flow};
use scimf::protocol::{
    Command, Communication, CommunicationQuery, DriftPart, Evaluation, Event, HeldOut, ModelKind, ModelSummary, Row,
    Score, Simulation, SimulationQuery, SpaceId, VelocityQuery,
};
use std::path::PathBuf;

/// Size of a figure, in pixels.
const SIZE: [f64; 2] = [900.0, 640.0];

/// Write one self-contained HTML document about a study and its model: figures, tables, settings, methods and citations.
#[derive(Args)]
pub struct Report {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Which model is reported.
    #[arg(long, value_enum, default_value_t = Model::default())]
    model: Model,
    /// Plane to draw in, as in `scimf figure` [default: the first of `scimf info`].
    #[arg(long)]
    plane: Option<String>,
    /// The JSON that `scimf evaluate --json` wrote, for a table and a figure of held-out distances.
    #[arg(long)]
    evaluation: Option<PathBuf>,
    /// Simulated cells.
    #[arg(long, default_value_t = 500)]
    cells: usize,
    /// Seed of the simulated cells.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// File to write.
    #[arg(long, default_value = "report.html")]
    output: PathBuf,
}

impl Report {
    /// Asks the model, draws and writes.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let kind = ModelKind::from(self.model);
        let model = opened.model(kind).cloned();
        let evaluation = self.evaluation.as_ref().map(|path| self.evaluated(path)).transpose()?;
        let space = plane_named(&opened.dataset, self.plane.as_deref())?;
        let mut figures = match &model {
            Some(model) => self.figures(&mut opened, model, space)?,
            None => Vec::new(),
        };
        if let Some(evaluation) = &evaluation {
            let format = format("Held-out evaluation");
            figures.push(("Held-out evaluation".into(), comparison::to_svg(evaluation, None, &format)?));
        }
        let dataset = &opened.dataset;
        let document = Document {
            title: format!("{}: report", dataset.name),
            facts: self.facts(&opened, model.as_ref()),
            figures,
            tables: evaluation.iter().flat_map(tables).collect(),
            methods: methods::paragraphs(dataset, model.as_ref()),
            bibliography: methods::bibliography(model.as_ref().map(|_| kind)),
        };
        write_file(&self.output, html(&document).as_bytes())?;
        say!("Wrote {} figures to {}.", document.figures.len(), self.output.display());
        Ok(())
    }

    fn evaluated(&self, path: &std::path::Path) -> Result<Evaluation> {
        serde_json::from_slice(&read_file(path)?).map_err(|error| {
            Error::input(format!("This is no evaluation: {error}"))
                .at(path.display().to_string())
                .remedy("Write the file with `scimf evaluate --json`.")
        })
    }

    /// Trajectories, flows, composition, velocity at the middle time and attention at each time, as far as the model has them.
    fn figures(&self, opened: &mut Opened, model: &ModelSummary, space: SpaceId) -> Result<Vec<(String, String)>> {
        let kind = model.model;
        let mut cells = std::mem::take(&mut opened.cells);
        cells.positions = opened.answer(Command::Coordinates { space }, |event| match event {
            Event::Coordinates { positions, .. } => Some(positions),
            _ => None,
        })?;
        let dataset = opened.dataset.clone();
        let plane = Plane { dataset: &dataset, cells: &cells, space };
        let mut figures = Vec::new();
        let query = SimulationQuery {
            model: kind,
            space,
            cells: self.cells,
            seed: self.seed,
            fates: true,
            ..SimulationQuery::default()
        };
        let simulation: Simulation = opened.answer(Command::Simulate(query), |event| match event {
            Event::Simulation(found) => Some(found),
            _ => None,
        })?;
        let mut draw = |name: &str, svg: String| figures.push((name.to_owned(), svg));
        let name = "Simulated trajectories";
        draw(name, plane::trajectories(&plane, ColorBy::Type, &simulation, &format(name))?);
        if let Some(fates) = &simulation.fates {
            let name = "Flows between cell types";
            draw(name, type_flow::to_svg(fates, &dataset, None, &format(name)));
            let kinds = dataset.cell_types.len();
            let mut counts = vec![0; kinds * dataset.time_points.len()];
            for (time, kind) in cells.times.iter().zip(cells.cell_types.iter()) {
                counts[*time as usize * kinds + *kind as usize] += 1;
            }
            let simulated = Composition {
                times: fates.times.iter().map(|time| f64::from(*time)).collect(),
                shares: fates.shares.iter().map(|share| f64::from(*share)).collect(),
            };
            let each = fates.confidence.len().checked_div(fates.times.len()).unwrap_or(1).max(1);
            let confidence: Vec<f32> =
                fates.confidence.chunks(each).map(|row| row.iter().sum::<f32>() / row.len() as f32).collect();
            let name = "Composition of cell types over time";
            let observed = Composition::of_counts(&counts, kinds);
            draw(name, composition::to_svg(&simulated, &observed, &confidence, &dataset, &format(name)));
        }
        for (time, point) in dataset.time_points.iter().enumerate() {
            let query = VelocityQuery { time, space, part: DriftPart::Total, model: kind, sample: None };
            if time == dataset.time_points.len() / 2 {
                let found = opened.answer(Command::Velocity(query), |event| match event {
                    Event::Velocity(found) => Some(found),
                    _ => None,
                })?;
                let name = format!("Velocity at {}", point.label);
                draw(&name, plane::velocity(&plane, &found, &format(&name))?);
            }
            if kind.card().can.attention && model.interacts {
                let query = CommunicationQuery { time, score: Score::Attention, minimum_cells: 10, sample: None };
                let found: Communication = opened.answer(Command::Communication(query), |event| match event {
                    Event::Communication(found) => Some(found),
                    _ => None,
                })?;
                let name = format!("Who listens to whom at {}", point.label);
                let pairs = Pairs::all(&dataset, Quantity::Mean);
                draw(&name, chord::to_svg(&dataset, &found, &pairs, &format(&name)));
            }
        }
        Ok(figures)
    }

    fn facts(&self, opened: &Opened, model: Option<&ModelSummary>) -> Vec<(String, Vec<(String, String)>)> {
        let fact = |name: &str, value: String| (name.to_owned(), value);
        let mut groups = methods::facts(&opened.dataset, model);
        let command: Vec<String> = std::env::args().collect();
        groups.push((
            "Program".into(),
            vec![
                fact("Version", env!("CARGO_PKG_VERSION").into()),
                fact("Command", command.join(" ")),
                fact("Simulated cells and seed", format!("{}, {}", self.cells, self.seed)),
            ],
        ));
        groups
    }
}

fn format(title: &str) -> Format {
    Format { size: SIZE, dark: false, title: title.into() }
}

fn tables(evaluation: &Evaluation) -> impl Iterator<Item = Table> {
    let columns = columns(evaluation);
    evaluation.held_out.iter().map(move |held_out| distances(held_out, &columns))
}

fn distances(held_out: &HeldOut, columns: &[Metric]) -> Table {
    let row = |row: &Row| {
        let found = row.distances?;
        let values = columns.iter().map(|metric| mean_and_deviation(&found, *metric));
        Some(std::iter::once(row.name.clone()).chain(values).collect())
    };
    Table {
        name: format!("Distance to the {} observed cells at {}", held_out.observed, held_out.label),
        head: std::iter::once("").chain(columns.iter().map(|metric| metric.short())).map(String::from).collect(),
        rows: held_out.rows.iter().filter_map(row).collect(),
    }
}

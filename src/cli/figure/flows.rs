//! `scimf figure flows`

use super::{Model, Output};
use crate::cli::files::{kind, write_file};
use crate::cli::input::Model as ModelName;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::figure::type_flow::{Bar, Through, TypeFlow, to_svg};
use scimf::protocol::{Command, Event, Fates, SimulationQuery, Start};
use std::path::PathBuf;

/// How simulated cells change their type over all times.
#[derive(Args)]
pub(super) struct Flows {
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    pub(super) output: Output,
    /// Which model moves the cells.
    #[arg(long = "model", value_enum, default_value_t = ModelName::default())]
    moved_by: ModelName,
    /// Simulated cells.
    #[arg(long, default_value_t = 2000)]
    cells: usize,
    /// Seed of the drawn cells and the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// Time point to begin at, counted from 0.
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// Cell types to begin with, by name [default: all].
    #[arg(long, value_delimiter = ',')]
    types: Vec<String>,
    /// Let the cells that end as this type stand out, with their ancestors.
    #[arg(long, value_name = "TYPE")]
    ending_as: Option<String>,
    /// Table of the flows to write (.csv).
    #[arg(long)]
    table: Option<PathBuf>,
}

impl Flows {
    pub(super) fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let mut opened = self.model.open()?;
        let types = self.types.iter().map(|name| kind(&opened.dataset, name)).collect::<Result<_>>()?;
        let ending = self.ending_as.as_deref().map(|name| kind(&opened.dataset, name)).transpose()?;
        let query = SimulationQuery {
            model: self.moved_by.into(),
            cells: self.cells,
            seed: self.seed,
            frames_per_interval: 1,
            fates: true,
            start: Start { time: self.from, types, ..Start::default() },
            ..SimulationQuery::default()
        };
        let fates: Fates = opened
            .answer(Command::Simulate(query), |event| match event {
                Event::Simulation(found) => Some(found.fates),
                _ => None,
            })?
            .ok_or_else(|| Error::internal("The simulated cells have no types"))?;
        let flow = TypeFlow::of(&fates);
        if let Some(path) = &self.table {
            let labels: Vec<String> = opened.dataset.time_points.iter().map(|time| time.label.clone()).collect();
            let kinds: Vec<String> = opened.dataset.cell_types.iter().map(|kind| kind.name.clone()).collect();
            write_file(path, flow.csv(&labels, &kinds).as_bytes())?;
        }
        let last = flow.times.len().saturating_sub(1);
        let through = ending.map(|kind| Through::Bar(Bar { time: last, kind }));
        let format = self.output.format(format!("{}: flows between types", opened.dataset.name));
        Ok(to_svg(&fates, &opened.dataset, through, &format))
    }
}

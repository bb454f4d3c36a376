//! `scimf readings`, `scimf landscape` and `scimf fates`: what models say of cells and of intervals, and where single cells end.

use super::files::print_json;
use super::input::{Data, Model};
use super::opened::Opened;
use clap::{Args, ValueEnum};
use scimf::error::Result;
use scimf::figure::noise;
use scimf::protocol::{
    CellFates, CellValues, Command, Event, FatesQuery, IntervalNoise, Landscape, LandscapeQuery, ValuesQuery,
};
use serde_json::json;
use std::path::PathBuf;

/// What these questions need.
#[derive(Args)]
struct Question {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Which model is asked.
    #[arg(long, value_enum)]
    model: Model,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

impl Question {
    fn open(&self) -> Result<Opened> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        Ok(opened)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum ReadingName {
    /// The potential at each cell and its own time; cells move down.
    Potential,
    /// How far the potential is from the law that it was trained to obey.
    Residual,
    /// What a start cell weighs.
    GrowthWeight,
    /// How much noise is needed in each interval, where that was learned: how much the drift leaves unexplained there.
    IntervalNoise,
}

/// A number that a model has for every cell, or for every interval.
#[derive(Args)]
pub struct Readings {
    #[command(flatten)]
    question: Question,
    /// Which number.
    #[arg(long, value_enum, default_value = "potential")]
    of: ReadingName,
}

impl Readings {
    /// Asks and prints: a line for each cell, or for each interval.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.question.open()?;
        let model = self.question.model.into();
        let query = match self.of {
            ReadingName::Potential => ValuesQuery::Potential(model),
            ReadingName::Residual => ValuesQuery::Residual(model),
            ReadingName::GrowthWeight => ValuesQuery::GrowthWeight(model),
            ReadingName::IntervalNoise => return self.noise(&mut opened),
        };
        let found: CellValues = opened.answer(Command::Values(query), |event| match event {
            Event::Values(found) => Some(found),
            _ => None,
        })?;
        if self.question.json {
            println!("{}", json!({ "values": found.values.0 }));
            return Ok(());
        }
        println!("cell\tvalue");
        found.values.iter().enumerate().for_each(|(cell, value)| println!("{cell}\t{value}"));
        Ok(())
    }

    fn noise(&self, opened: &mut Opened) -> Result<()> {
        let found: IntervalNoise = opened.answer(Command::Noise(self.question.model.into()), |event| match event {
            Event::Noise(found) => Some(found),
            _ => None,
        })?;
        if self.question.json {
            return print_json(&found);
        }
        noise::sentences(&found).iter().for_each(|line| println!("{line}"));
        print!("{}", noise::table(&found, &opened.time_labels(), '\t'));
        Ok(())
    }
}

/// The potential of a model over a plane of two axes of the model space.
#[derive(Args)]
pub struct Plane {
    #[command(flatten)]
    question: Question,
    /// The two axes, counted from 1.
    #[arg(long, value_delimiter = ',', num_args = 2, default_values_t = [1, 2])]
    axes: Vec<usize>,
    /// Time, in units of the time point's index; no matter where the potential does not change.
    #[arg(long, default_value_t = 0.0)]
    time: f64,
    /// Points along each axis.
    #[arg(long, default_value_t = 64)]
    resolution: usize,
}

impl Plane {
    /// Asks and prints: a line for each point that has cells around it.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.question.open()?;
        let axis = |index: usize| self.axes[index].wrapping_sub(1);
        let query = LandscapeQuery {
            model: self.question.model.into(),
            axes: [axis(0), axis(1)],
            time: self.time,
            resolution: self.resolution,
        };
        let found: Landscape = opened.answer(Command::Landscape(query), |event| match event {
            Event::Landscape(found) => Some(found),
            _ => None,
        })?;
        if self.question.json {
            let Landscape { query, x, y, values } = found;
            let said = json!({ "model": query.model, "axes": query.axes, "time": query.time, "x": x, "y": y, "values": values.0 });
            println!("{said}");
            return Ok(());
        }
        println!("x\ty\tpotential");
        let last = (self.resolution - 1) as f32;
        for (point, value) in found.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let along = |[low, high]: [f32; 2], index: usize| low + (high - low) * index as f32 / last;
            let [x, y] = [along(found.x, point % self.resolution), along(found.y, point / self.resolution)];
            println!("{x}\t{y}\t{value}");
        }
        Ok(())
    }
}

/// Where copies of single cells end, under a model with noise.
#[derive(Args)]
pub struct Fates {
    #[command(flatten)]
    question: Question,
    /// The cells, counted from 0. Each begins at its own time point.
    #[arg(long, value_delimiter = ',', required = true)]
    cells: Vec<u32>,
    /// Copies of each cell.
    #[arg(long, default_value_t = 200)]
    copies: u32,
    /// Time to end at, in units of the time point's index [default: the last one].
    #[arg(long)]
    until: Option<f64>,
    /// Seed of the noise.
    #[arg(long, default_value_t = 0)]
    seed: u32,
}

impl Fates {
    /// Follows the cells and prints: the share of the copies that end as each type, a line for each cell.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.question.open()?;
        let query = FatesQuery {
            model: self.question.model.into(),
            cells: self.cells.clone().into(),
            copies: self.copies,
            until: self.until,
            seed: self.seed,
            ..FatesQuery::default()
        };
        let events = opened.ask_long(Command::Fates(query))?;
        let found = events.into_iter().find_map(|event| match event {
            Event::CellFates(found) => Some(found),
            _ => None,
        });
        let found: CellFates = found.ok_or_else(|| scimf::Error::internal("The engine gave no answer"))?;
        if self.question.json {
            let types = opened.dataset.cell_types.len();
            let shares: Vec<&[f32]> = found.shares.chunks(types).collect();
            println!(
                "{}",
                json!({ "cells": self.cells, "copies": self.copies, "types": found.types.0, "shares": shares })
            );
            return Ok(());
        }
        let names: Vec<&str> = opened.dataset.cell_types.iter().map(|kind| kind.name.as_str()).collect();
        println!("cell\tmost\t{}", names.join("\t"));
        for ((cell, kind), shares) in self.cells.iter().zip(found.types.iter()).zip(found.shares.chunks(names.len())) {
            let shares: Vec<String> = shares.iter().map(|share| format!("{share:.3}")).collect();
            println!("{cell}\t{}\t{}", names[*kind as usize], shares.join("\t"));
        }
        Ok(())
    }
}

//! `scimf attention` and `scimf velocity`: questions to a trained model.

use super::input::{Data, Model};
use super::opened::Opened;
use super::samples::OfSample;
use clap::{Args, ValueEnum};
use scimf::error::Result;
use scimf::figure::quantity::equal_listening;
use scimf::protocol::{
    Command, Communication, CommunicationQuery, DriftPart, Event, Score, VelocityField, VelocityQuery,
};
use serde_json::json;
use std::path::PathBuf;

/// What every question needs.
#[derive(Args)]
struct Question {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Time point, by position counted from 0 or by label.
    #[arg(long)]
    time: String,
    #[command(flatten)]
    sample: OfSample,
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

/// Who listens to whom at a time point: cell-type attention.
#[derive(Args)]
pub struct Attention {
    #[command(flatten)]
    question: Question,
    /// The number that stands for listening.
    #[arg(long, value_enum, default_value_t = ScoreName::Attention)]
    score: ScoreName,
    /// Leave out types with fewer cells.
    #[arg(long, default_value_t = 10)]
    minimum_cells: usize,
}

/// The number that stands for listening.
#[derive(Clone, Copy, ValueEnum)]
pub enum ScoreName {
    /// Mean attention weight over heads.
    Attention,
    /// Attention weight times length of the sender's value vector.
    Influence,
}

impl From<ScoreName> for Score {
    fn from(name: ScoreName) -> Self {
        match name {
            ScoreName::Attention => Self::Attention,
            ScoreName::Influence => Self::Influence,
        }
    }
}

impl Attention {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.question.open()?;
        let query = CommunicationQuery {
            time: opened.time(&self.question.time)?,
            score: self.score.into(),
            minimum_cells: self.minimum_cells,
            sample: self.question.sample.position(&opened.dataset)?,
        };
        let found = opened.answer(Command::Communication(query), |event| match event {
            Event::Communication(found) => Some(found),
            _ => None,
        })?;
        print_attention(&opened, &found, self.question.json);
        Ok(())
    }
}

fn print_attention(opened: &Opened, found: &Communication, as_json: bool) {
    let names: Vec<&str> = opened.dataset.cell_types.iter().map(|kind| kind.name.as_str()).collect();
    let rows = |values: &[f32]| values.chunks(names.len()).map(<[f32]>::to_vec).collect::<Vec<_>>();
    if as_json {
        let result = json!({
            "time": found.query.time,
            "label": opened.dataset.time_points[found.query.time].label,
            "cell_types": names,
            "cells": found.cells,
            "mean": rows(&found.mean),
            "times_equal_listening": rows(&equal_listening(found)),
            "enrichment": rows(&found.enrichment),
            "non_reciprocity": found.non_reciprocity,
        });
        println!("{result}");
        return;
    }
    println!("receiver \\ sender\t{}", names.join("\t"));
    for (name, row) in names.iter().zip(rows(&found.mean)) {
        let row: Vec<String> = row.iter().map(|value| format!("{value:.6}")).collect();
        println!("{name}\t{}", row.join("\t"));
    }
    println!("non-reciprocity\t{:.4}", found.non_reciprocity);
}

/// Velocity of the observed cells of a time point.
#[derive(Args)]
pub struct Velocity {
    #[command(flatten)]
    question: Question,
    /// Part of the drift.
    #[arg(long, value_enum, default_value_t = PartName::Total)]
    part: PartName,
    /// Whose velocity.
    #[arg(long, value_enum, default_value_t = Model::default())]
    model: Model,
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

impl Velocity {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.question.open()?;
        let part = match self.part {
            PartName::Total => DriftPart::Total,
            PartName::Intrinsic => DriftPart::Intrinsic,
            PartName::Interaction => DriftPart::Interaction,
            PartName::Differing => DriftPart::Differing,
        };
        let space = opened.dataset.spaces[0].clone();
        let query = VelocityQuery {
            time: opened.time(&self.question.time)?,
            space: space.id,
            part,
            model: self.model.into(),
            sample: self.question.sample.position(&opened.dataset)?,
        };
        let found: VelocityField = opened.answer(Command::Velocity(query), |event| match event {
            Event::Velocity(found) => Some(found),
            _ => None,
        })?;
        if self.question.json {
            let vectors: Vec<&[f32]> = found.vectors.chunks(2).collect();
            let result = json!({
                "time": query.time,
                "label": opened.dataset.time_points[query.time].label,
                "space": space.name,
                "exact": found.exact,
                "mean_speed": found.mean_speed,
                "wind": found.wind,
                "cells": found.cells.0,
                "speeds": found.speeds.0,
                "vectors": vectors,
            });
            println!("{result}");
        } else {
            println!("cell\tx\ty\tspeed\t({}, per sampling interval)", space.name);
            for ((cell, vector), speed) in found.cells.iter().zip(found.vectors.chunks(2)).zip(found.speeds.iter()) {
                println!("{cell}\t{:.6}\t{:.6}\t{speed:.6}", vector[0], vector[1]);
            }
            println!("mean speed\t{:.6}", found.mean_speed);
            if let Some(wind) = found.wind {
                println!("share of the wind\t{wind:.3}");
            }
        }
        Ok(())
    }
}

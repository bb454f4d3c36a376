//! `scimf path`: the path of least action between two groups of cells, and the genes that move on it.

use super::files::{kind, write_file};
use super::input::{Data, Model};
use super::opened::Opened;
use super::samples::OfSample;
use clap::{Args, ValueEnum};
use scimf::error::{Error, Result};
use scimf::figure::path::{self, Rank};
use scimf::figure::time_axis;
use scimf::protocol::{CellGroup, Command, Event, LeastActionPath, PathQuery};
use serde_json::{Value, json};
use std::path::PathBuf;

/// The path of least action between the means of two groups of cells, as a model's drift says, and the genes that move on it. The action of the straight
/// line stands beside it as a control. Groups are named by type, time point or both.
#[derive(Args)]
pub struct LeastAction {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Whose drift; of models whose cells influence each other, what a cell would do alone.
    #[arg(long, value_enum)]
    model: Model,
    /// Cell types that it begins with, by name [default: all].
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    from: Vec<String>,
    /// Time point at which these cells were seen, by position counted from 0 or by label [default: all].
    #[arg(long, value_name = "TIME")]
    from_time: Option<String>,
    /// Cell types that it ends with, by name [default: all].
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    to: Vec<String>,
    /// Time point at which those cells were seen, by position counted from 0 or by label [default: all].
    #[arg(long, value_name = "TIME")]
    to_time: Option<String>,
    #[command(flatten)]
    sample: OfSample,
    /// Points of the path, its ends among them.
    #[arg(long, default_value_t = PathQuery::default().points)]
    points: usize,
    /// Sampling intervals that it takes [default: as many as make the action least].
    #[arg(long)]
    duration: Option<f64>,
    /// Genes that are listed.
    #[arg(long, default_value_t = PathQuery::default().genes)]
    genes: usize,
    /// By what genes are ranked.
    #[arg(long, value_enum, default_value_t = RankName::Range)]
    rank: RankName,
    /// Write the points with their components as a table (.csv), too.
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// By what genes are ranked.
#[derive(Clone, Copy, ValueEnum)]
enum RankName {
    /// How far they go on the path.
    Range,
    /// How far they leave the straight line between the two groups.
    Beyond,
}

impl LeastAction {
    /// Looks for the path and prints it: what was found, its points, its genes.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let query = PathQuery {
            model: self.model.into(),
            space: opened.dataset.spaces[0].id,
            from: group(&opened, &self.from, self.from_time.as_deref())?,
            to: group(&opened, &self.to, self.to_time.as_deref())?,
            sample: self.sample.position(&opened.dataset)?,
            points: self.points,
            duration: self.duration,
            genes: self.genes,
        };
        let names = opened.genes()?;
        let found = opened.ask_long(Command::Path(query))?.into_iter().find_map(|event| match event {
            Event::Path(found) => Some(*found),
            _ => None,
        });
        let found = found.ok_or_else(|| Error::internal("The engine gave no answer"))?;
        let (labels, types) = (opened.time_labels(), types(&opened));
        if let Some(file) = &self.table {
            let csv = path::points_csv(&found, &opened.dataset.axis, &types, &labels);
            write_file(file, csv.as_bytes())?;
        }
        if self.json {
            println!("{}", as_json(&found, &types, &names));
            return Ok(());
        }
        let [from, to] = [&found.query.from, &found.query.to].map(|it| path::group_words(it, &types, &labels));
        println!("from\t{from}\t{} cells", found.cells[0]);
        println!("to\t{to}\t{} cells", found.cells[1]);
        println!("action\t{:.6}", found.action);
        println!("action of the straight line\t{:.6}", found.straight_action);
        println!("action without drift\t{:.6}", found.undriven_action);
        println!("duration\t{:.4}", found.duration);
        path::sentences(&found).iter().for_each(|line| println!("{line}"));
        print_points(&found, &types, &labels);
        self.print_genes(&found, &names);
        Ok(())
    }

    fn print_genes(&self, found: &LeastActionPath, names: &[String]) {
        let rank = match self.rank {
            RankName::Range => Rank::Range,
            RankName::Beyond => Rank::Beyond,
        };
        let genes = path::ranked(found, rank);
        if !genes.is_empty() {
            println!("gene\tstart\tend\trange\tbeyond the straight line\tplace\tplace on the straight line");
        }
        for gene in genes {
            let end = |at: Option<&f32>| at.copied().unwrap_or(f32::NAN);
            println!(
                "{}\t{:.4}\t{:.4}\t{:.4}\t{:.4}\t{}\t{}",
                names.get(gene.gene).map_or("?", String::as_str),
                end(gene.values.first()),
                end(gene.values.last()),
                gene.range,
                gene.beyond,
                gene.place,
                gene.straight_place
            );
        }
    }
}

fn print_points(found: &LeastActionPath, types: &[String], labels: &[String]) {
    println!("point\ttime\taround it\tshare\tdistance from data");
    for (point, time) in path::times(found).into_iter().enumerate() {
        let kind = types.get(usize::from(found.types[point])).map_or("?", String::as_str);
        let (time, share, away) = (time_axis::words(labels, time), found.confidence[point], found.away[point]);
        println!("{}\t{time}\t{kind}\t{share:.2}\t{away:.2}", point + 1);
    }
}

/// Everything that was found, as numbers.
fn as_json(found: &LeastActionPath, types: &[String], names: &[String]) -> Value {
    let points: Vec<Value> = path::times(found)
        .into_iter()
        .enumerate()
        .map(|(point, time)| {
            let d = found.dimensions;
            json!({
                "time": time,
                "components": found.states[point * d..(point + 1) * d],
                "type": types.get(usize::from(found.types[point])),
                "share": found.confidence[point],
                "away": found.away[point],
            })
        })
        .collect();
    let genes: Vec<Value> = found
        .genes
        .iter()
        .map(|gene| {
            json!({
                "gene": names.get(gene.gene),
                "values": gene.values.0,
                "range": gene.range,
                "beyond": gene.beyond,
                "place": gene.place,
                "place_on_the_straight_line": gene.straight_place,
            })
        })
        .collect();
    json!({
        "model": found.query.model,
        "cells": found.cells,
        "seen_at": found.seen_at,
        "action": found.action,
        "straight_action": found.straight_action,
        "undriven_action": found.undriven_action,
        "duration": found.duration,
        "straight_duration": found.straight_duration,
        "longest": found.longest,
        "settled": found.settled,
        "steps": found.steps,
        "points": points,
        "genes": genes,
    })
}

fn group(opened: &Opened, types: &[String], time: Option<&str>) -> Result<CellGroup> {
    let types = types.iter().map(|name| kind(&opened.dataset, name)).collect::<Result<_>>()?;
    Ok(CellGroup { time: time.map(|time| opened.time(time)).transpose()?, types, ..CellGroup::default() })
}

fn types(opened: &Opened) -> Vec<String> {
    opened.dataset.cell_types.iter().map(|kind| kind.name.clone()).collect()
}

//! `scimf operator`, `scimf gene-network`, `scimf why` and `scimf signs`: what is read off operators.

use super::files::{file_name, kind, print_json, read_file};
use super::input::Data;
use super::opened::Opened;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{
    Command, Event, GeneNetwork, GeneNetworkQuery, Operator as Found, OperatorOf, SignAgreement, SignScore,
    Why as Reasons, WhyQuery,
};
use std::path::PathBuf;

/// A dataset with a model that has operators.
#[derive(Args)]
struct Trained {
    #[command(flatten)]
    data: Data,
    /// Weights of a model with operators (.safetensors) [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

impl Trained {
    fn open(&self) -> Result<Opened> {
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        Ok(opened)
    }
}

/// In which cells.
#[derive(Args)]
struct Cells {
    /// Time point, by position counted from 0 or by label: the mean over its cells.
    #[arg(long, default_value = "0")]
    time: String,
    /// Only cells of this type, by name.
    #[arg(long = "type")]
    kind: Option<String>,
    /// One cell, by its position in the dataset, counted from 0.
    #[arg(long, conflicts_with_all = ["time", "kind"])]
    cell: Option<u32>,
}

impl Cells {
    fn of(&self, opened: &Opened) -> Result<OperatorOf> {
        let kind = self.kind.as_ref().map(|name| kind(&opened.dataset, name)).transpose()?;
        let time = opened.time(&self.time)?;
        Ok(self.cell.map_or(OperatorOf::Cells { time, kind }, OperatorOf::Cell))
    }
}

/// The operator of a cell, or the mean over cells, with its eigenvalues.
#[derive(Args)]
pub struct Operator {
    #[command(flatten)]
    trained: Trained,
    #[command(flatten)]
    cells: Cells,
}

impl Operator {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.trained.open()?;
        let of = self.cells.of(&opened)?;
        let found: Found = opened.answer(Command::Operator { of }, |event| match event {
            Event::Operator(found) => Some(found),
            _ => None,
        })?;
        if self.trained.json {
            return print_json(&found);
        }
        println!(
            "mean operator of {} cells, per mean sampling interval; row = what changes, column = what drives",
            found.cells
        );
        for row in found.matrix.chunks(found.dimensions) {
            println!("{}", row.iter().map(|value| format!("{value:.4}")).collect::<Vec<_>>().join("\t"));
        }
        println!("eigenvalue\tgrowth\tturn");
        for (index, value) in found.eigenvalues.chunks(2).enumerate() {
            println!("{}\t{:.4}\t{:.4}", index + 1, value[0], value[1]);
        }
        Ok(())
    }
}

/// The strongest gene interactions, beside those under random operators.
#[derive(Args)]
pub struct Network {
    #[command(flatten)]
    trained: Trained,
    #[command(flatten)]
    cells: Cells,
    /// Number of links.
    #[arg(long, default_value_t = 40)]
    links: usize,
}

impl Network {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.trained.open()?;
        let query = GeneNetworkQuery { of: self.cells.of(&opened)?, links: self.links };
        let found: GeneNetwork = opened.answer(Command::GeneNetwork(query), |event| match event {
            Event::GeneNetwork(found) => Some(found),
            _ => None,
        })?;
        if self.trained.json {
            return print_json(&found);
        }
        let names = opened.genes()?;
        println!("from\tto\tweight\tunder random operators");
        for (link, control) in found.links.iter().zip(found.control.iter()) {
            println!("{}\t{}\t{:+.5}\t{control:.5}", names[link.from], names[link.to], link.weight);
        }
        Ok(())
    }
}

/// Why a gene rises or falls: the genes that push it.
#[derive(Args)]
pub struct Why {
    #[command(flatten)]
    trained: Trained,
    #[command(flatten)]
    cells: Cells,
    /// The gene, by name.
    #[arg(long)]
    gene: String,
    /// Genes in each direction.
    #[arg(long, default_value_t = 15)]
    drivers: usize,
}

impl Why {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.trained.open()?;
        let names = opened.genes()?;
        let missing = || Error::request("The loadings have no gene of this name").at(self.gene.as_str());
        let gene = names.iter().position(|name| *name == self.gene).ok_or_else(missing)?;
        let query = WhyQuery { gene, of: self.cells.of(&opened)?, drivers: self.drivers };
        let found: Reasons = opened.answer(Command::Why(query), |event| match event {
            Event::Why(found) => Some(found),
            _ => None,
        })?;
        if self.trained.json {
            return print_json(&found);
        }
        println!("{} changes by {:+.5} per mean sampling interval", self.gene, found.rate);
        println!("by\tweight\t(largest under random operators: {:.5})", found.control);
        for link in &found.drivers {
            println!("{}\t{:+.5}", names[link.from], link.weight);
        }
        Ok(())
    }
}

/// Compare read-off interactions with known signs, such as TRRUST's, beside random operators and permuted genes.
#[derive(Args)]
pub struct Signs {
    #[command(flatten)]
    trained: Trained,
    /// Table of regulator, target and Activation or Repression.
    #[arg(long)]
    known: PathBuf,
}

impl Signs {
    /// Compares and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.trained.open()?;
        let (name, bytes) = (file_name(&self.known), read_file(&self.known)?.into());
        let found: SignAgreement = opened.answer(Command::SignAgreement { name, bytes }, |event| match event {
            Event::SignAgreement(found) => Some(found),
            _ => None,
        })?;
        if self.trained.json {
            return print_json(&found);
        }
        let names = opened.genes()?;
        println!(
            "regulator\tsigns\taccuracy\tbalanced\tF1\tF1 always activation\tAUROC\trandom operators\tpermuted genes"
        );
        print_score("all", &found.all);
        found.regulators.iter().for_each(|(gene, score)| print_score(&names[*gene], score));
        Ok(())
    }
}

fn print_score(name: &str, score: &SignScore) {
    let number = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.3}"));
    println!(
        "{name}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.3}\t{}\t{} ± {:.3}\t{} ± {:.3}",
        score.count(),
        score.accuracy(),
        score.balanced_accuracy(),
        score.f1(),
        score.f1_always_activation(),
        number(score.auroc),
        number(score.random_operator),
        score.random_operator_sd,
        number(score.permuted_genes),
        score.permuted_genes_sd
    );
}

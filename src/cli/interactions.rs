//! `scimf interactions`: who acts on whom, as far as a study tells.

use super::files::print_json;
use super::input::Data;
use super::opened::Opened;
use super::recipe::Choice;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::figure::evidence::Report;
use scimf::protocol::{Command, Event, Evidence, EvidenceQuery, Link, ModelKind};
use serde_json::{Map, Value};
use std::path::PathBuf;

/// Who acts on whom: what the data determine, contrasts between samples, a linear estimate, and effects in fitted models beside those of twins.
#[derive(Args)]
#[command(mut_arg("model", |model| model.default_value(ModelKind::answering().card().key)))]
pub struct Interactions {
    #[command(flatten)]
    data: Data,
    /// Trainings of the model, with a seed each; 0 leaves effects out.
    #[arg(long, default_value_t = 0)]
    seeds: u32,
    /// Trainings on twins of the data in which nothing interacts; 0 leaves twins out.
    #[arg(long, default_value_t = 0)]
    twins: u32,
    /// Tell the effects of a linear drift, fitted to resampled cells in seconds, in place of those of a model.
    #[arg(long)]
    linear: bool,
    #[command(flatten)]
    choice: Choice,
    /// Write the study with what was found, as the page shows it, to this bundle.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

impl Interactions {
    /// Asks and prints.
    pub fn run(&self) -> Result<()> {
        let mut opened = self.data.open(&[])?;
        if opened.dataset.samples.is_empty() && self.data.asks_for_samples() {
            return Err(Error::request("This dataset has no samples, and --sample-column names a column of a study")
                .remedy("Open the study itself; a bundle keeps the samples that it was written with."));
        }
        let trains = !self.linear && self.seeds + self.twins > 0;
        let train = trains.then(|| self.choice.recipe(Vec::new(), false)).transpose()?;
        let query = EvidenceQuery { seeds: self.seeds, twins: self.twins, train, known: None };
        let events = opened.ask_long(Command::Evidence(query))?;
        let found = events.into_iter().rev().find_map(|event| match event {
            Event::Evidence(found) => Some(*found),
            _ => None,
        });
        let found = found.ok_or_else(|| Error::internal("The engine gave no evidence"))?;
        if let Some(path) = &self.bundle {
            let view = with_evidence(opened.view.as_deref(), &found)?;
            opened.save(Command::SaveBundle { view: Some(view) }, path)?;
        }
        if self.json {
            return print_json(&Report::new(&found, &opened.dataset));
        }
        print_table(&opened, &found);
        Ok(())
    }
}

/// The view of a session with this evidence in it, as the page writes it.
fn with_evidence(view: Option<&str>, found: &Evidence) -> Result<String> {
    // A view that cannot be read is no reason to keep nothing.
    let mut view: Map<String, Value> = view.and_then(|view| serde_json::from_str(view).ok()).unwrap_or_default();
    let found = serde_json::to_value(found).map_err(|error| Error::internal(error.to_string()))?;
    view.insert("evidence".into(), found);
    Ok(Value::Object(view).to_string())
}

fn print_table(opened: &Opened, found: &Evidence) {
    let name = |kind: usize| opened.dataset.cell_types[kind].name.as_str();
    let number = |value: Option<f64>, digits: usize| value.map_or("-".into(), |value| format!("{value:.digits$}"));
    println!("receiver\tsender\tdeterminability\tcontrast F\ttimes\tlinear\tt\teffect\ttwin\tverdict");
    let mut links: Vec<&Link> = found.links.iter().collect();
    let rank = |link: &Link| link.contrast.map_or(f64::NEG_INFINITY, |contrast| contrast.f);
    links.sort_by(|a, b| {
        rank(b)
            .total_cmp(&rank(a))
            .then(b.determinability.partial_cmp(&a.determinability).unwrap_or(std::cmp::Ordering::Equal))
    });
    for link in links {
        println!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            name(link.receiver),
            name(link.sender),
            number(link.determinability.map(f64::from), 3),
            number(link.contrast.map(|it| it.f), 2),
            link.contrast.map_or(0, |it| it.times),
            number(link.linear.map(|it| it.coefficient), 3),
            number(link.linear.map(|it| it.t), 1),
            number(link.effect.map(|it| it.mean), 3),
            number(link.twin.map(|it| it.mean), 3),
            link.verdict.words(),
        );
    }
    found.reasons.iter().for_each(|reason| eprintln!("{reason}"));
    for next in &found.experiments {
        let receivers: Vec<&str> = next.receivers.iter().map(|kind| name(*kind)).collect();
        println!("A sample without {} would determine its action on {}.", name(next.lacks), receivers.join(", "));
    }
}

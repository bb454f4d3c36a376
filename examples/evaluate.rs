//! Does the model predict a time point that it has not seen? Trains afresh without it and compares.
//!
//!     cargo run --release --example evaluate -- study.zip 2

use scimf::error::{Error, Result};
use scimf::protocol::{Command, DevicePreference, EvaluationSettings, Event, File, ModelKind, Recipe};
use scimf::session::Client;
use std::path::Path;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "public/demo.zip".into());
    let time = arguments.next().and_then(|time| time.parse().ok()).unwrap_or(1);
    let settings = EvaluationSettings {
        held_out: vec![time],
        train: vec![Recipe::new(ModelKind::ScImf).with("updates", 100u32)],
        seeds: 2,
        ..EvaluationSettings::default()
    };
    pollster::block_on(evaluate(Path::new(&study), settings))
}

/// Prints the exact distances to the held-out cells, best first, beside what sampling alone makes.
pub async fn evaluate(study: &Path, settings: EvaluationSettings) -> Result<()> {
    let bytes = std::fs::read(study);
    let bytes = bytes.map_err(|error| Error::input(error.to_string()).at(study.display().to_string()))?;
    let mut client = Client::start(DevicePreference::Cpu).await?;
    client.ask(Command::Open { files: vec![File { name: "study.zip".into(), bytes: bytes.into() }] }).await?;
    // The table comes again with each new row; the last one has them all.
    let events = client.ask(Command::Evaluate(settings)).await?.into_iter().rev();
    let table = events.into_iter().find_map(|event| match event {
        Event::Evaluation { evaluation, .. } => Some(evaluation),
        _ => None,
    });
    for held_out in table.unwrap_or_default().held_out {
        println!("{}", held_out.label);
        let mut rows: Vec<_> = held_out.rows.into_iter().filter_map(|row| Some((row.name, row.distances?))).collect();
        rows.sort_by(|a, b| a.1.w1.total_cmp(&b.1.w1));
        for (name, found) in rows {
            println!("  {name}: W1 {:.3} ± {:.3}, W2 {:.3} ± {:.3}", found.w1, found.w1_sd, found.w2, found.w2_sd);
        }
    }
    Ok(())
}

//! Trains scIMF on a prepared study and writes its weights.
//!
//!     cargo run --release --example train -- study.zip weights.safetensors

use scimf::error::{Error, Result};
use scimf::protocol::{Command, DevicePreference, Event, File, ModelKind, TrainSettings};
use scimf::session::Client;
use std::path::Path;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let study = arguments.next().unwrap_or_else(|| "public/demo.zip".into());
    let weights = arguments.next().unwrap_or_else(|| "weights.safetensors".into());
    let settings = TrainSettings { updates: 300, held_out: vec![], ..TrainSettings::default() };
    pollster::block_on(train(Path::new(&study), settings, Path::new(&weights)))
}

/// Trains on all time points but `settings.held_out`, prints the loss and writes the weights with the lowest one.
pub async fn train(study: &Path, settings: TrainSettings, weights: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::input(error.to_string());
    let bytes = std::fs::read(study).map_err(|error| failed(error).at(study.display().to_string()))?;
    let mut client = Client::start(DevicePreference::Cpu).await?;
    client.ask(Command::Open { files: vec![File { name: "study.zip".into(), bytes: bytes.into() }] }).await?;
    for event in client.ask(Command::Train { recipe: settings.into() }).await? {
        if let Event::Update(update) = event {
            println!("update {}: loss {:.3}", update.update, update.loss.total);
        }
    }
    let file = client
        .answer(Command::SaveWeights { model: ModelKind::ScImf }, |event| match event {
            Event::File { bytes, .. } => Some(bytes),
            _ => None,
        })
        .await?;
    std::fs::write(weights, &*file).map_err(|error| failed(error).at(weights.display().to_string()))
}

//! `scimf publish`

use super::gallery::{self, Entry};
use super::{STUDIES, page_folder, slug};
use crate::cli::files::{read_file, write_file};
use crate::cli::input::Data;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{Command, Event};
use std::path::PathBuf;

/// Put a study into a built page: one static folder whose links open it, such as a paper's supplement.
#[derive(Args)]
pub struct Publish {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) to publish with it [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Folder of the built page, as `cargo xtask build` leaves it.
    #[arg(long, value_name = "SITE")]
    into: PathBuf,
    /// Name in the address [default: that of the study].
    #[arg(long)]
    name: Option<String>,
    /// Title in the gallery [default: the study's name].
    #[arg(long)]
    title: Option<String>,
    /// What it is, in a few sentences.
    #[arg(long, default_value = "")]
    about: String,
    /// Licence of the data.
    #[arg(long, default_value = "")]
    licence: String,
    /// How to cite the data.
    #[arg(long, default_value = "")]
    citation: String,
    /// What the link shows, as behind the # of the page's address: `time=day+4&view=matrix`.
    #[arg(long, default_value = "")]
    view: String,
}

impl Publish {
    /// Writes the bundle, the list of studies and the gallery.
    pub fn run(&self) -> Result<()> {
        let site = page_folder(Some(&self.into))?;
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let bundle = opened.answer(Command::SaveBundle { view: opened.view.clone() }, |event| match event {
            Event::File { bytes, .. } => Some(bytes),
            _ => None,
        })?;
        let dataset = &opened.dataset;
        let file = format!("{}.zip", slug(self.name.as_deref().unwrap_or(&dataset.name)));
        let studies = site.join(STUDIES);
        let unwritable = |error: std::io::Error| {
            Error::request(format!("Cannot make this folder: {error}")).at(studies.display().to_string())
        };
        std::fs::create_dir_all(&studies).map_err(unwritable)?;
        write_file(&studies.join(&file), &bundle)?;

        let list = studies.join("studies.json");
        let mut entries: Vec<Entry> = if list.is_file() {
            serde_json::from_slice(&read_file(&list)?).map_err(|error| {
                Error::input(format!("This list of studies cannot be read: {error}"))
                    .at(list.display().to_string())
                    .remedy("Remove it and publish the studies again.")
            })?
        } else {
            Vec::new()
        };
        entries.retain(|entry| entry.file != file);
        let entry = Entry {
            title: self.title.clone().unwrap_or_else(|| dataset.name.clone()),
            about: self.about.clone(),
            licence: self.licence.clone(),
            citation: self.citation.clone(),
            view: self.view.trim_start_matches('#').into(),
            cells: dataset.cells,
            times: dataset.time_points.iter().map(|point| point.label.clone()).collect(),
            models: opened.models.iter().map(|model| model.model.name().to_owned()).collect(),
            simulated: dataset.simulated,
            file,
        };
        let link = entry.link();
        entries.push(entry);
        entries.sort_by(|a, b| a.title.cmp(&b.title));
        let json = serde_json::to_vec_pretty(&entries).map_err(|error| Error::internal(error.to_string()))?;
        write_file(&list, &json)?;
        let page = studies.join("index.html");
        write_file(&page, gallery::html(&entries).as_bytes())?;
        println!("{link}");
        say!("{} lists {} studies.", page.display(), entries.len());
        Ok(())
    }
}

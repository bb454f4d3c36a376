//! `scimf explore`

use super::{STUDIES, page_folder, serve, slug};
use crate::cli::input::Data;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::protocol::{Command, Event};
use std::path::PathBuf;

/// Open a study in the page, served on this machine. Nothing leaves it.
#[derive(Args)]
pub struct Explore {
    #[command(flatten)]
    data: Data,
    /// Weights (.safetensors or .pt) to show [default: those in the bundle].
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Folder of the built page [default: SCIMF_PAGE, or dist here or beside this program].
    #[arg(long, value_name = "DIST")]
    page: Option<PathBuf>,
    /// Port on 127.0.0.1 [default: any free one].
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Do not open a browser.
    #[arg(long)]
    no_browser: bool,
}

impl Explore {
    /// Prepares the study and serves the page until Ctrl-C.
    pub fn run(&self) -> Result<()> {
        let folder = page_folder(self.page.as_deref())?;
        let mut opened = self.data.open(&[])?;
        if let Some(weights) = &self.weights {
            opened.load_weights(weights)?;
        }
        let bundle = opened.answer(Command::SaveBundle { view: None }, |event| match event {
            Event::File { bytes, .. } => Some(bytes.0),
            _ => None,
        })?;
        let path = format!("{STUDIES}/{}.zip", slug(&opened.dataset.name));
        let taken = |error: std::io::Error| {
            Error::request(format!("The port cannot be used: {error}")).at("--port").remedy("Name another, or none.")
        };
        let listener = serve::listen(self.port).map_err(taken)?;
        let address = format!("http://{}/?data={path}", listener.local_addr().map_err(taken)?);
        println!("{address}");
        say!("{} is open there. Ctrl-C ends it.", opened.dataset.name);
        if !self.no_browser {
            show(&address);
        }
        std::thread::spawn(move || serve::serve(&listener, serve::Site { folder, file: (path, bundle) }));
        while !crate::cli::interrupt::asked() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        Ok(())
    }
}

/// Opens an address in the default browser, if there is one.
fn show(address: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(target_os = "windows") {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = std::process::Command::new(program).args(before).arg(address).spawn();
    if started.is_err() {
        say!("No browser could be opened with {program}: open the address by hand.");
    }
}

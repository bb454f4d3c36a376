//! `scimf figure evidence`

use super::Output;
use crate::cli::input::Data;
use clap::Args;
use scimf::error::{Error, Result};
use scimf::figure::evidence::to_svg;
use scimf::protocol::{Command, Event, Evidence as Found, EvidenceQuery};
use serde_json::{Map, Value};

/// Who acts on whom as a matrix: the best number there is with its interval, what the data determine, and what was planted in a simulated tissue.
/// Draws what `scimf interactions --bundle` or the page kept in a session, else what the data tell without any training.
#[derive(Args)]
pub(super) struct Evidence {
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    pub(super) output: Output,
}

impl Evidence {
    pub(super) fn draw(&self) -> Result<String> {
        self.output.is_png()?;
        let mut opened = self.data.open(&[])?;
        let view: Option<Map<String, Value>> = opened.view.as_deref().and_then(|view| serde_json::from_str(view).ok());
        let kept = view.and_then(|view| serde_json::from_value::<Found>(view.get("evidence")?.clone()).ok());
        let kept = kept.filter(|kept| kept.own.len() == opened.dataset.cell_types.len());
        let found = match kept {
            Some(kept) => kept,
            None => {
                let events = opened.ask_long(Command::Evidence(EvidenceQuery::default()))?;
                let last = events.into_iter().rev().find_map(|event| match event {
                    Event::Evidence(found) => Some(*found),
                    _ => None,
                });
                last.ok_or_else(|| Error::internal("The engine gave no evidence"))?
            }
        };
        let format = self.output.format(format!("{}: who acts on whom", opened.dataset.name));
        Ok(to_svg(&found, &opened.dataset, &format))
    }
}

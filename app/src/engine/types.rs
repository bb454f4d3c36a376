//! Other names for the types.

use super::{Engine, Purpose, Source};
use leptos::prelude::UpdateValue;
use scimf::protocol::Command;

impl Engine {
    /// Calls the types otherwise; an engine that comes in the place of this one does so too.
    pub fn name_types(&self, names: Vec<String>) {
        self.inner.update_value(|inner| {
            if let Some(Source::Files { mapping: Some(mapping), .. }) = &mut inner.source
                && let Some(clusters) = &mut mapping.clusters
            {
                clusters.names.clone_from(&names);
            }
        });
        self.order(Purpose::Control, Command::NameTypes(names));
    }
}

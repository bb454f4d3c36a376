//! What stands over the page or beside it: the export, the help, the tour.

use crate::view::help::Topic;
use leptos::prelude::*;

/// At most one of them is open.
#[derive(Clone, Copy, Default)]
pub struct Dialogs {
    /// The figure that is being exported, by its key in [`crate::export::FIGURES`].
    pub export: RwSignal<Option<&'static str>>,
    /// What is being explained.
    pub help: RwSignal<Option<Topic>>,
    /// The step of the tour.
    pub tour: RwSignal<Option<usize>>,
}

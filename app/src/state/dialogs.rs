//! What stands over the page or beside it: the export, the help, the tour, the drawer.

use crate::{
    signals::RwSignal,
    view::{drawer::Tab, help::Topic},
};

/// At most one of the dialogs is open.
#[derive(Clone, Copy, Default)]
pub struct Dialogs {
    /// The figure that is being exported, by its key in [`crate::export::FIGURES`].
    pub export: RwSignal<Option<&'static str>>,
    /// What is being explained.
    pub help: RwSignal<Option<Topic>>,
    /// The step of the tour.
    pub tour: RwSignal<Option<usize>>,
    /// The open panel of the drawer.
    pub drawer: RwSignal<Option<Tab>>,
}

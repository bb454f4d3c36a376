//! What a training comes to is kept on this computer, so that a closed tab, a reload or a crash loses nothing.
//!
//! A save is one dataset with what was learned on it. The dataset lies there once, as a session file; beside it lie two generations of
//! what changes (weights, the state of a training, what the page shows), written in turns, each with the checksum of all of it. A write that
//! is interrupted leaves the older generation. Each tab writes to saves of its own, and a lock that lives as long as the tab tells others that it
//! is at work. Nothing here knows the engine: [`crate::engine`] says when something is new, and goes on from a save.

mod digest;
mod head;
mod locks;
mod store;

pub use head::{Head, Part};
pub use locks::Lock;
pub use store::Store;

use crate::{page, signals::RwSignal};
use scimf::protocol::ModelKind;

/// The browser's storage under which the user's wish stands.
const WISH: &str = "scimf-autosave";

/// What a save holds, in words, for its offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Which save.
    pub id: String,
    /// What is in it; none if it was written by another version of this page, or nothing of it can be used.
    pub head: Option<Head>,
}

/// What the page knows of saves; cheap to copy.
#[derive(Clone, Copy)]
pub struct Autosave {
    /// The user wants it.
    pub wanted: RwSignal<bool>,
    /// Saves of tabs that are gone, the newest first.
    pub offers: RwSignal<Vec<Offer>>,
    /// What this tab has written last: of which model, and how many updates.
    pub written: RwSignal<Option<(ModelKind, u32)>>,
    /// Why nothing can be kept, once that has been found out.
    pub trouble: RwSignal<Option<String>>,
}

impl Autosave {
    /// As the user last wished; on where nothing was said.
    pub fn new() -> Self {
        Self {
            wanted: RwSignal::new(page::remembered(WISH).as_deref() != Some("off")),
            offers: RwSignal::default(),
            written: RwSignal::default(),
            trouble: RwSignal::default(),
        }
    }

    /// Follows the user's wish, and remembers it.
    pub fn want(&self, wanted: bool) {
        self.wanted.set(wanted);
        page::remember(WISH, if wanted { "on" } else { "off" });
    }

    /// Takes an offer away.
    pub fn withdraw(&self, id: &str) {
        self.offers.update(|offers| offers.retain(|offer| offer.id != id));
    }
}

/// The saves of tabs that are gone, and whether some belong to tabs that are not.
///
/// # Errors
/// The browser keeps nothing for this page; in words.
pub async fn abandoned() -> Result<(Vec<Offer>, bool), String> {
    let store = Store::open().await?;
    let held = locks::held().await;
    let (living, gone): (Vec<_>, Vec<_>) =
        store.list().await?.into_iter().partition(|save| held.contains(&locks::name(&save.id)));
    let mut offers = Vec::new();
    for save in gone {
        match save.newest {
            // The tab was closed before there was anything to go on from.
            None => store.forget(&save.id).await?,
            Some(head) => offers.push(Offer { id: save.id, head: head.ok() }),
        }
    }
    let age = |offer: &Offer| offer.head.as_ref().map_or(0.0, |head| -head.saved_at);
    offers.sort_by(|one, other| age(one).total_cmp(&age(other)));
    Ok((offers, !living.is_empty()))
}

//! Commands and events with the number that ties them together.

use super::{Command, Event};
use serde::{Deserialize, Serialize};

/// Number that ties answers to a request; chosen by the sender, never reused within one engine.
pub type RequestId = u32;

/// A command with its number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Repeated in every answer.
    pub id: RequestId,
    /// What to do.
    pub command: Command,
}

/// One answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Message {
    /// The request that this answers; none for [`Event::Hello`].
    pub request: Option<RequestId>,
    /// What happened.
    pub event: Event,
}

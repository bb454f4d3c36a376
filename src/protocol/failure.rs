//! Why a request failed.

use serde::{Deserialize, Serialize};

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure, for the tone of the message.
    pub kind: FailureKind,
    /// What is wrong, where, and what to do: whole sentences for the user.
    pub message: String,
    /// The engine cannot go on and must be started again.
    pub fatal: bool,
}

/// What a failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureKind {
    /// A file or its content.
    Input,
    /// A setting or an order of commands.
    Request,
    /// The compute device.
    Device,
    /// Training diverged.
    Diverged,
    /// A fault of the program.
    Internal,
}

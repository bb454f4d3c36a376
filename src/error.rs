//! What can go wrong, in words a user can act on.

use std::fmt;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Which part of the user's world an error is about; decides the exit code of the command line and the tone of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file or its content cannot be used.
    Input,
    /// A setting or command cannot be carried out as given.
    Request,
    /// The compute device failed or is missing.
    Device,
    /// Training produced numbers that are not finite.
    Diverged,
    /// A fault of this program.
    Internal,
}

/// An error that says what happened, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: Kind,
    /// What is wrong: one sentence without a full stop.
    pub what: String,
    /// Where: a file, column, array or setting; empty when there is nothing to name.
    pub place: String,
    /// What the user can do; empty when there is nothing to do.
    pub remedy: String,
}

impl Error {
    /// A file or its content cannot be used.
    pub fn input(what: impl Into<String>) -> Self {
        Self::new(Kind::Input, what)
    }

    /// A setting or command cannot be carried out as given.
    pub fn request(what: impl Into<String>) -> Self {
        Self::new(Kind::Request, what)
    }

    /// The compute device failed or is missing.
    pub fn device(what: impl Into<String>) -> Self {
        Self::new(Kind::Device, what)
    }

    /// A fault of this program.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(Kind::Internal, what)
    }

    /// An error of the given kind.
    pub fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), place: String::new(), remedy: String::new() }
    }

    /// Names the file, column, array or setting. An outer place is put before an inner one: `study.h5ad: obs/day`.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        let outer = place.into();
        self.place = if self.place.is_empty() { outer } else { format!("{outer}: {}", self.place) };
        self
    }

    /// Says what the user can do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}.", self.what)?;
        if !self.remedy.is_empty() {
            write!(f, " {}", self.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

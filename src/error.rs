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

/// Most bytes of what an error says and of the place it names: parts of a file can be in them, of any length.
const LONGEST: usize = 2000;

/// An error that says what happened, where, and what to do about it.
///
/// ```
/// use scimf::Error;
///
/// let error = Error::input("no column says when a cell was taken").at("study.h5ad").remedy("Add a column “time”.");
/// assert_eq!(error.to_string(), "study.h5ad: no column says when a cell was taken. Add a column “time”.");
/// ```
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
        Self { kind, what: shortened(what.into()), place: String::new(), remedy: String::new() }
    }

    /// Names the file, column, array or setting. An outer place is put before an inner one: `study.h5ad: obs/day`.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        let outer = place.into();
        self.place = shortened(if self.place.is_empty() { outer } else { format!("{outer}: {}", self.place) });
        self
    }

    /// Says what the user can do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Names the place where nothing more particular is known.
    #[must_use]
    pub fn or_at(self, place: &str) -> Self {
        if self.place.is_empty() { self.at(place) } else { self }
    }

    /// Says what the user can do where nothing more particular is known.
    #[must_use]
    pub fn or_remedy(self, remedy: &str) -> Self {
        if self.remedy.is_empty() { self.remedy(remedy) } else { self }
    }
}

/// The text without what is too long of it.
fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_does_not_make_an_error_long() {
        let error = Error::input("ü".repeat(1 << 20)).at("é".repeat(1 << 20)).at("file");
        assert!(error.what.len() <= LONGEST + 3 && error.what.ends_with('…'), "{}", error.what.len());
        assert!(error.place.len() <= LONGEST + 3 && error.place.starts_with("file: é"), "{}", error.place.len());
        assert_eq!(Error::input("short").at("x").to_string(), "x: short.");
    }
}

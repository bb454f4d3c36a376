//! Workers that compute parts of an update beside the one that asks.

use crate::error::{Error, Result};
use crate::protocol::{Computed, Part};
use std::future::Future;
use std::pin::Pin;

/// Helpers, with which no memory is shared. They answer in the order in which they are asked.
pub trait Helpers {
    /// How many are ready.
    fn count(&self) -> usize;

    /// One of them was lost: there are none any more, and what they were given is not answered.
    fn is_lost(&self) -> bool;

    /// Sends for them, at most `most`, if that was not done: later updates have them.
    fn call(&self, most: usize);

    /// Lets them go.
    fn dismiss(&self);

    /// Gives a part to a helper.
    ///
    /// # Errors
    /// It is lost.
    fn give(&self, helper: usize, part: Part) -> Result<()>;

    /// What a helper computed.
    ///
    /// # Errors
    /// It is lost.
    fn take(&self, helper: usize) -> Pin<Box<dyn Future<Output = Result<Computed>> + '_>>;
}

/// The numbers that a helper computed.
///
/// # Errors
/// It is lost, or computed something else.
pub async fn numbers(helpers: &dyn Helpers, helper: usize) -> Result<Vec<f32>> {
    match helpers.take(helper).await? {
        Computed::Numbers(numbers) => Ok(numbers.0),
        other => Err(unexpected(&other)),
    }
}

/// A helper computed something else than it was asked for.
pub fn unexpected(computed: &Computed) -> Error {
    let what = match computed {
        Computed::Refused(why) => why,
        _ => "a helper answered another part than it was given",
    };
    Error::internal(what)
}

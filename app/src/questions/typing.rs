//! The wanted sorting of the cells into types: sent to the engine whenever its dataset is sorted otherwise.

use crate::prelude::*;
use crate::{engine::Engine, state::State};

/// Follows what is wanted, the dataset, and the engine, which may have come anew.
pub fn keep_asking(state: State, engine: Engine) {
    Effect::new(move |_| {
        if let Some(wanted) = state.missing_typing().filter(|_| state.can_retype()) {
            engine.retype((*wanted).clone());
        }
    });
}

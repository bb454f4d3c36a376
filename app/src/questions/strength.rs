//! The future under a strength that was set for a link: asked for at once; a newer strength ends what an older one asked for.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{State, Strength},
};

/// Follows the strength that is set.
pub fn keep_asking(state: State, engine: Engine) {
    let asked = StoredValue::new(None::<Strength>);
    Effect::new(move |_| {
        let wanted = state.attention.strengths.set.get();
        let (running, busy) = (state.experiments.running.with(Option::is_some), state.busy());
        let before = asked.get_value();
        if wanted == before {
            return;
        }
        let Some(strength) = wanted else { return asked.set_value(None) };
        let Some(query) = untrack(|| state.strength_query(strength)) else {
            asked.set_value(wanted);
            return state.as_it_is();
        };
        if running && before.is_some() && !state.cancelling.get_untracked() {
            engine.cancel();
        }
        if !busy && state.ready() {
            asked.set_value(wanted);
            state.experiments.choice.update(|choice| choice.changes.clone_from(&query.changes));
            engine.experiment(query);
        }
    });
}

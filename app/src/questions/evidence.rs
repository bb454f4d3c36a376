//! What the data determine, looked for once for each dataset when the engine has rested.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{State, Tab},
};
use std::time::Duration;

/// How long the engine rests before it is asked what nobody waits for.
const REST: Duration = Duration::from_millis(2500);

/// Asks as soon as nothing else is wanted; at once where the panel is open.
pub fn keep_asking(state: State, engine: Engine) {
    let several = move || state.dataset.with(|it| it.as_ref().is_some_and(|it| it.summary.cell_types.len() > 1));
    let wanted = Memo::new(move |_| {
        let evidence = state.evidence;
        let missing = evidence.found.with(Option::is_none) && !evidence.refused.get() && !evidence.glancing.get();
        let rests = state.ready() && !state.busy() && state.verdict.running.with(Option::is_none) && engine.idle();
        (missing && rests && several()).then(|| state.dialogs.drawer.get() == Some(Tab::Evidence))
    });
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    Effect::new(move |_| {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let Some(watched) = wanted.get() else { return };
        let rest = if watched { Duration::ZERO } else { REST };
        let ask = move || {
            if wanted.get_untracked().is_some() {
                engine.glance();
            }
        };
        timer.set_value(set_timeout_with_handle(ask, rest).ok());
    });
}

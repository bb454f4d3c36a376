//! The same simulation by the models that are not shown.

use super::follow;
use crate::{
    engine::{Engine, beside},
    signals::Memo,
    state::{State, Tab},
};
use scimf::protocol::{ModelKind, SimulationQuery};

/// After the shown model has answered, asks the model beside it to simulate the same cells while somebody can see them.
pub fn keep_asking(state: State, engine: Engine) {
    let simulated = Memo::new(move |_| state.simulation.with(|it| it.as_ref().map(|it| it.query.clone())));
    for kind in ModelKind::ALL {
        let wanted = Memo::new(move |_| {
            let open = state.dialogs.drawer.get() == Some(Tab::Simulate);
            open && state.ready() && state.other() == Some(kind)
        });
        follow(state, engine, &beside(kind), move || {
            let query = wanted.get().then(|| state.beside_query(kind))?;
            let same = |shown: &SimulationQuery| {
                SimulationQuery { model: kind, attention: None, genes: Vec::new(), ..shown.clone() } == query
            };
            simulated.with(|shown| shown.as_ref().is_some_and(same)).then(|| query.clone())
        });
    }
}

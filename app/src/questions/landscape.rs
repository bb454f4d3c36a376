//! What is asked about the potential and the noise of the shown model, as far as somebody can see the answer.

use super::follow;
use crate::{
    engine::{Engine, GROWTH_WEIGHT, NOISE, POTENTIAL, RESIDUAL},
    signals::Memo,
    state::{ColorBy, LandscapeView, State, Tab},
};
use scimf::protocol::cards::Capabilities;

/// Keeps the answers as new as the weights.
pub fn keep_asking(state: State, engine: Engine) {
    let wanted = move |ability: fn(&Capabilities) -> bool, view: LandscapeView, color: ColorBy| {
        let asks = Memo::new(move |_| state.ready() && state.has_weights() && ability(state.can()));
        move || {
            let seen = state.landscape.view.get() == view || state.color_by.get() == color;
            (asks.get() && seen).then(|| state.models.chosen.get())
        }
    };
    follow(state, engine, &POTENTIAL, wanted(|can| can.potential, LandscapeView::Potential, ColorBy::Potential));
    follow(state, engine, &RESIDUAL, wanted(|can| can.residual, LandscapeView::Residual, ColorBy::Residual));
    let noise = Memo::new(move |_| {
        let seen = state.dialogs.drawer.get() == Some(Tab::Train);
        seen && state.ready() && state.has_weights() && state.can().interval_noise
    });
    follow(state, engine, &NOISE, move || noise.get().then(|| state.models.chosen.get()));
    follow(state, engine, &GROWTH_WEIGHT, wanted(|can| can.growth, LandscapeView::Growth, ColorBy::GrowthWeight));
}

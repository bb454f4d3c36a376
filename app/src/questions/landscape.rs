//! What is asked about the potential of the shown model, as far as somebody can see the answer.

use super::follow;
use crate::{
    engine::{Engine, GROWTH_WEIGHT, POTENTIAL, RESIDUAL},
    signals::Memo,
    state::{ColorBy, LandscapeView, State},
};
use leptos::prelude::*;
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
    follow(state, engine, &GROWTH_WEIGHT, wanted(|can| can.growth, LandscapeView::Growth, ColorBy::GrowthWeight));
}

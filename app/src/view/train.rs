//! Teaching the model.

mod budget;
mod controls;
mod device;
mod files;
mod hold_out;
mod keep;
mod losses;
mod noise;
mod progress;
mod settings;

use super::{loss::LossCurve, panel_tools::PanelTools};
use crate::prelude::*;
use crate::state::{State, Topic};
pub use budget::{Budgets, StartHere};
use controls::Controls;
pub use controls::recipe;
pub use device::Device;
use files::Files;
pub use files::save_settings;
use hold_out::HoldOut;
use keep::Keep;
use losses::Losses;
use noise::NoiseByInterval;
use progress::Progress;
use scimf::protocol::Budget;
use settings::Settings;

/// Settings, controls and course of a training.
#[component]
pub fn Train() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="train" aria-label="Train">
            <div class="form">
                <div class="part">
                    <HoldOut/>
                </div>
                <div class="part">
                    <Budgets/>
                    <div class="own" hidden=move || state.budgets.chosen.get() != Budget::Custom>
                        <Settings/>
                    </div>
                    <Controls/>
                </div>
                <div class="part">
                    <Progress/>
                    <Files/>
                    <Keep/>
                </div>
                <div class="part">
                    <div class="bar">
                        <PanelTools topic=Topic::Loss figure=|_| "loss" about="Training loss"/>
                    </div>
                    <div class="course">
                        {move || {
                            if state.shown().updates.with(Vec::is_empty) {
                                view! { <p class="quiet">"The loss is drawn here while the model learns."</p> }.into_any()
                            } else {
                                view! { <LossCurve/> }.into_any()
                            }
                        }}
                    </div>
                    <Show when=move || !state.shown().updates.with(Vec::is_empty)>
                        <Losses/>
                    </Show>
                    <NoiseByInterval/>
                </div>
            </div>
        </section>
    }
}

//! Teaching the model.

mod advanced;
mod controls;
mod device;
mod files;
mod hold_out;
mod losses;
mod progress;
mod settings;

use super::{help::Topic, loss::LossCurve, panel_tools::PanelTools};
use crate::state::State;
use advanced::Advanced;
use controls::Controls;
use device::{Device, WhyNotGpu};
use files::Files;
use hold_out::HoldOut;
use leptos::prelude::*;
use losses::Losses;
use progress::Progress;
use settings::Settings;

/// Settings, controls and course of a training.
#[component]
pub fn Train() -> impl IntoView {
    let state = expect_context::<State>();
    view! {
        <section class="panel train" aria-labelledby="train-title">
            <div class="bar">
                <h2 id="train-title">"Train"</h2>
                <PanelTools topic=Topic::Loss figure=|_| "loss" about="Training loss"/>
                <Device/>
            </div>
            <div class="form">
                <WhyNotGpu/>
                <HoldOut/>
                <Settings/>
                <Advanced/>
                <Controls/>
                <Progress/>
                <div class="course">
                    {move || {
                        if state.updates.with(Vec::is_empty) {
                            view! { <p class="quiet">"The loss is drawn here while the model learns."</p> }.into_any()
                        } else {
                            view! { <LossCurve/> }.into_any()
                        }
                    }}
                </div>
                <Show when=move || !state.updates.with(Vec::is_empty)>
                    <Losses/>
                </Show>
                <Files/>
            </div>
        </section>
    }
}

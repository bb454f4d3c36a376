//! What computes.

use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{EngineState, State},
};
use scimf::protocol::{Backend, DevicePreference};

/// The device in use and why, while a training runs its own; another can be chosen, which starts the engine anew.
#[component]
pub fn Device() -> impl IntoView {
    let (state, engine) = (expect_context::<State>(), expect_context::<Engine>());
    let words = move || match state.engine.get() {
        EngineState::Loading => ("Loading".into(), "The engine is being fetched and compiled.".into()),
        EngineState::Restarting => ("Restarting".into(), "The engine stopped and is being started again.".into()),
        EngineState::Failed(why) => ("No engine".to_string(), why),
        EngineState::Ready(device) => {
            let device = state.training_on.get().unwrap_or(device);
            let kind = if device.backend == Backend::Gpu { "GPU" } else { "CPU" };
            let why = device.reason.unwrap_or_else(|| "Training and simulation run on this GPU.".into());
            (format!("{kind} · {}", device.name), why)
        }
    };
    let change = move |value: String| {
        engine.use_device(match value.as_str() {
            "gpu" => DevicePreference::Gpu,
            "cpu" => DevicePreference::Cpu,
            _ => DevicePreference::Auto,
        });
    };
    let value = move || match engine.device() {
        // A browser has no CUDA: its GPU is the best there is.
        DevicePreference::Auto | DevicePreference::Cuda => "auto",
        DevicePreference::Gpu => "gpu",
        DevicePreference::Cpu => "cpu",
    };
    view! {
        <details class="device">
            <summary class:ready=move || state.ready() title=move || words().1>
                <span class="light" aria-hidden="true"></span>
                <span class="name">{move || words().0}</span>
            </summary>
            <div class="pop">
                <p>{move || words().1}</p>
                <label class="inline">
                    "Compute on"
                    <select
                        disabled=move || state.in_training()
                        prop:value=value
                        on:change:target=move |event| change(event.target().value())
                    >
                        <option value="auto">"the best there is"</option>
                        <option value="gpu">"the GPU, even a software one"</option>
                        <option value="cpu">"the CPU"</option>
                    </select>
                </label>
                <p class="quiet">"A change starts the engine anew; dataset and weights come along."</p>
            </div>
        </details>
    }
}

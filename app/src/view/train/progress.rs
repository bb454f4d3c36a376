//! How far the training is.

use crate::{state::State, words};
use leptos::prelude::*;
use scimf::protocol::{TrainingState, Update};

/// Update, time left and learning rate; where nothing is trained, the model in use.
#[component]
pub fn Progress() -> impl IntoView {
    let state = expect_context::<State>();
    let last = move || state.updates.with(|all| all.last().cloned());
    let bar = move || last().filter(|_| state.in_training()).map_or((0, 1), |update| (update.update, update.of));
    view! {
        <div class="progress">
            <progress
                aria-label="Progress of the training"
                max=move || bar().1.to_string()
                prop:value=move || f64::from(bar().0)
                class:idle=move || !state.in_training()
            ></progress>
            <p>
                {move || match last().filter(|_| state.in_training()) {
                    Some(update) => course(&update, state.training.with(|t| matches!(t, Some(TrainingState::Paused)))),
                    None if state.in_training() => "The first update is being computed.".into(),
                    None => model(state),
                }}
            </p>
        </div>
    }
}

fn course(update: &Update, paused: bool) -> String {
    let left = if paused { "paused".into() } else { format!("{} left", words::duration(update.seconds_left)) };
    format!(
        "Update {} of {} · {left} · {} s per update · learning rate {}",
        words::count(update.update as usize),
        words::count(update.of as usize),
        words::number(update.seconds as f32),
        words::number(update.learning_rate as f32)
    )
}

fn model(state: State) -> String {
    state.model.with(|model| match model {
        None => "The model has no weights yet.".into(),
        Some(model) => {
            let updates = match model.updates {
                0 => String::new(),
                n => format!(" after {} updates", words::count(n as usize)),
            };
            let source = words::source(&model.source);
            format!("In use: weights from {source}{updates}, {} parameters.", words::count(model.parameters))
        }
    })
}

//! How far the training is.

use crate::prelude::*;
use crate::{state::State, words};
use scimf::protocol::{ModelKind, TrainingState, Update};

/// Update, time left and learning rate; where nothing is trained, the model in use.
#[component]
pub fn Progress() -> impl IntoView {
    let state = expect_context::<State>();
    let last = move || state.models.of(state.models.trained()).updates.with(|all| all.last().cloned());
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
                    Some(update) => course(state.models.trained(), &update, state.training.with(|t| matches!(t, Some(TrainingState::Paused)))),
                    None if state.in_training() => format!("The first {} is being computed.", state.models.trained().card().step),
                    None => model(state),
                }}
            </p>
            {move || {
                let kind = if state.in_training() { state.models.trained() } else { state.models.chosen.get() };
                state.models.of(kind).rollback.get().map(|it| view! { <p class="rollback">{it.sentence(kind)}</p> })
            }}
        </div>
    }
}

fn course(kind: ModelKind, update: &Update, paused: bool) -> String {
    let left = if paused { "paused".into() } else { format!("{} left", words::duration(update.seconds_left)) };
    let (name, step) = (kind.name(), kind.card().step);
    format!(
        "{name}: {step} {} of {} · {left} · {} s per {step} · learning rate {}",
        words::count(update.update as usize),
        words::count(update.of as usize),
        words::number(update.seconds as f32),
        words::number(update.learning_rate as f32)
    )
}

fn model(state: State) -> String {
    let kind = state.models.chosen.get();
    state.shown().summary.with(|model| match model {
        None => format!("{} has no weights yet.", kind.name()),
        Some(model) => {
            let updates = match model.updates {
                0 => String::new(),
                n => format!(" after {} {}s", words::count(n as usize), kind.card().step),
            };
            let source = words::source(&model.source);
            format!("In use: weights from {source}{updates}, {} parameters.", words::count(model.parameters))
        }
    })
}

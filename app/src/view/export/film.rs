//! The simulated cells on their way, as a file that moves.

use super::Wish;
use crate::prelude::*;
use crate::{
    export::{self, PICTURES},
    files,
    state::State,
    words,
};
use leptos::task::spawn_local;

/// A film in the making, and the last one that was made.
#[derive(Clone, Copy)]
pub(super) struct Making {
    /// Pictures made; none while no film is made. Setting it to none ends the work.
    made: RwSignal<Option<usize>>,
    /// Address of the film that the preview shows instead of the figure.
    pub(super) shown: RwSignal<Option<String>>,
}

impl Default for Making {
    fn default() -> Self {
        Self { made: RwSignal::new(None), shown: RwSignal::new(None) }
    }
}

impl Making {
    /// Ends what is being made and shows the figure again.
    pub(super) fn end(&self) {
        self.made.set(None);
        self.show(None);
    }

    /// Shows a film, or again the figure.
    pub(super) fn show(&self, address: Option<String>) {
        let before = self.shown.get_untracked();
        if before != address {
            self.shown.set(address);
            if let Some(before) = before {
                export::revoke(&before);
            }
        }
    }
}

/// The button, how far the film is, and what became of it.
#[component]
pub(super) fn FilmOf(
    /// The choices: size, colours and title are those of the film, too.
    wish: Wish,
) -> impl IntoView {
    let state = expect_context::<State>();
    let (making, outcome) = (wish.film, RwSignal::new(String::new()));
    let made = making.made;
    let make = move |_| {
        let format = untrack(|| wish.format());
        let size = format.size.map(|side| words::count(side as usize));
        let data =
            state.dataset.with_untracked(|it| it.as_ref().map_or_else(String::new, |it| it.summary.name.clone()));
        let name = format!("{}-film.gif", words::file_stem(&data));
        making.end();
        outcome.set(String::new());
        made.set(Some(0));
        spawn_local(async move {
            let goes_on = |n: usize| {
                let wanted = made.get_untracked().is_some();
                if wanted {
                    made.set(Some(n));
                }
                wanted
            };
            let said = match export::film(state, &format, goes_on).await {
                Ok(Some(bytes)) => {
                    making.show(export::film_address(&bytes));
                    let what = format!(
                        "{PICTURES} pictures of {} × {} pixels, {}",
                        size[0],
                        size[1],
                        words::size(bytes.len())
                    );
                    files::hand_over(&name, &bytes).map_or_else(|why| why, |()| format!("{name} was saved: {what}."))
                }
                Ok(None) => "The film was cancelled.".into(),
                Err(why) => why,
            };
            made.set(None);
            // The dialog may be closed by now.
            outcome.try_set(said);
        });
    };
    let runs = move || made.with(Option::is_some);
    let there = move || export::is_moving(state);
    let why = move || {
        if there() {
            "Simulated cells on their way over the plane, as an animated GIF with this title, size and colours."
        } else {
            "There are no simulated cells in this plane: simulate first, for a film of them."
        }
    };
    view! {
        <div class="actions">
            <button type="button" title=why disabled=move || runs() || !there() on:click=make>
                "Save film (GIF)"
            </button>
            <Show when=runs>
                <progress
                    aria-label="Progress of the film"
                    max=PICTURES
                    prop:value=move || made.get().unwrap_or(0) as f64
                ></progress>
                <button type="button" on:click=move |_| made.set(None)>
                    "Cancel film"
                </button>
            </Show>
        </div>
        <p class="outcome-line" aria-live="polite">
            {move || outcome.get()}
        </p>
    }
}

//! Every figure as a file.

mod film;
mod form;
mod preview;
mod whole;

use super::modal::Modal;
use crate::prelude::*;
use crate::{export::Figure, state::State};
use film::Making;
use form::Form;
use preview::Preview;
use scimf::figure::svg::Format;
use whole::Whole;

/// Which figure, and how it is drawn; kept while the page is open.
#[derive(Clone, Copy)]
struct Wish {
    figure: RwSignal<&'static Figure>,
    title: RwSignal<String>,
    width: RwSignal<u32>,
    height: RwSignal<u32>,
    dark: RwSignal<bool>,
    /// Pixels of the PNG a pixel of the figure.
    scale: RwSignal<u32>,
    film: Making,
}

impl Wish {
    fn format(&self) -> Format {
        let size = [self.width.get().into(), self.height.get().into()];
        Format { size, dark: self.dark.get(), title: self.title.get() }
    }
}

/// The dialog, over the page while a figure is being exported.
#[component]
pub fn ExportDialog() -> impl IntoView {
    let state = expect_context::<State>();
    let export = state.dialogs.export;
    let wish = Wish {
        figure: RwSignal::new(Figure::of("cells")),
        title: RwSignal::default(),
        width: RwSignal::new(1000),
        height: RwSignal::new(750),
        dark: RwSignal::new(false),
        scale: RwSignal::new(2),
        film: Making::default(),
    };
    // Papers are white: dark is a choice, not a consequence of the page's colours.
    Effect::new(move |_| match export.get() {
        Some(key) => wish.figure.set(Figure::of(key)),
        None => wish.film.end(),
    });
    Effect::new(move |_| {
        let figure = wish.figure.get();
        if export.with(Option::is_some) {
            wish.title.set(untrack(|| figure.title(state)));
        }
    });
    // What is saved stands still, also if it began to move after the dialog was opened.
    Effect::new(move |_| {
        if export.with(Option::is_some) && state.playing.get() {
            state.playing.set(false);
        }
    });
    let open = Signal::derive(move || export.with(Option::is_some));
    view! {
        <Modal name="export" title="Export a figure" open close=move |()| export.set(None)>
            <Content wish/>
        </Modal>
    }
}

#[component]
fn Content(wish: Wish) -> impl IntoView {
    let state = expect_context::<State>();
    let document = Memo::new(move |_| wish.figure.get().draw(state, &wish.format()));
    // A film is of one title, size and colour.
    Effect::new(move |before: Option<()>| {
        document.track();
        if before.is_some() {
            wish.film.show(None);
        }
    });
    view! {
        <div class="export-parts">
            <Preview document film=wish.film.shown/>
            <Form wish document/>
        </div>
    }
}

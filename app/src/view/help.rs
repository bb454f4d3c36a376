//! What everything is: keys, and an entry for each quantity that the page shows.

mod about;
mod entry;
mod evidence;
mod keys;
mod landscape;
mod model;
mod numbers;
mod operators;
mod path;

use super::modal::Modal;
use crate::prelude::*;
use crate::state::{State, Topic};
use about::About;
use entry::{Article, Entry, Losses};
use keys::Keys;
use leptos::ev;
use wasm_bindgen::JsCast;

impl Topic {
    /// Its entry; the keys and the program have a page of their own.
    fn entry(self) -> Option<&'static Entry> {
        match self {
            Self::Keys | Self::About => None,
            Self::Drift => Some(&model::DRIFT),
            Self::Velocity => Some(&model::VELOCITY),
            Self::Trajectories => Some(&model::TRAJECTORIES),
            Self::Attention => Some(&model::ATTENTION),
            Self::Influence => Some(&model::INFLUENCE),
            Self::Enrichment => Some(&numbers::ENRICHMENT),
            Self::Evidence => Some(&evidence::EVIDENCE),
            Self::Effect => Some(&evidence::EFFECT),
            Self::NonReciprocity => Some(&numbers::NON_RECIPROCITY),
            Self::Loss => Some(&numbers::LOSS),
            Self::Evaluation => Some(&numbers::EVALUATION),
            Self::Operators => Some(&operators::OPERATORS),
            Self::Linearisation => Some(&operators::LINEARISATION),
            Self::GeneInteractions => Some(&operators::GENE_INTERACTIONS),
            Self::Perturbation => Some(&operators::PERTURBATION),
            Self::Landscape => Some(&landscape::LANDSCAPE),
            Self::Fates => Some(&landscape::FATES),
            Self::Path => Some(&path::PATH),
        }
    }

    fn title(self) -> &'static str {
        let without_entry = if self == Self::About { "About" } else { "Keys" };
        self.entry().map_or(without_entry, |entry| entry.title)
    }
}

/// The dialog; `?` opens it.
#[component]
pub fn HelpDialog() -> impl IntoView {
    let state = expect_context::<State>();
    let help = state.dialogs.help;
    let keys = window_event_listener(ev::keydown, move |event| {
        if event.key() == "?" && !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !is_elsewhere(&event) {
            event.prevent_default();
            help.set(Some(Topic::Keys));
        }
    });
    on_cleanup(move || keys.remove());
    let open = Signal::derive(move || help.with(Option::is_some));
    view! {
        <Modal name="help" title="Help" open close=move |()| help.set(None)>
            <Content/>
        </Modal>
    }
}

#[component]
fn Content() -> impl IntoView {
    let state = expect_context::<State>();
    let help = state.dialogs.help;
    let item = move |topic: Topic| {
        view! {
            <li>
                <button
                    type="button"
                    aria-current=move || (help.get() == Some(topic)).then_some("true")
                    on:click=move |_| help.set(Some(topic))
                >
                    {topic.title()}
                </button>
            </li>
        }
    };
    let tour = move |_| {
        help.set(None);
        state.dialogs.tour.set(Some(0));
    };
    view! {
        <div class="help-parts">
            <nav aria-label="Help topics">
                <ul>{Topic::ALL.into_iter().map(item).collect_view()}</ul>
                <button type="button" on:click=tour>
                    "Take the tour"
                </button>
            </nav>
            <div class="help-text" role="region" aria-label="Explanation" aria-live="polite">
                {move || {
                    help.get()
                        .map(|topic| match topic.entry() {
                            Some(entry) => view! { <Article entry/> {(topic == Topic::Loss).then(|| view! { <Losses/> })} }.into_any(),
                            None if topic == Topic::About => view! { <About/> }.into_any(),
                            None => view! { <Keys/> }.into_any(),
                        })
                }}
            </div>
        </div>
    }
}

/// The key is text, or a dialog is open.
pub fn is_elsewhere(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| {
        target.closest("input[type='text'], input[type='search'], textarea, dialog").ok().flatten().is_some()
    })
}

//! What is done with the model: a row of tabs that never moves, and a dock beside or under the views for the panel of the open one.

use super::{
    dock_grip::DockGrip,
    evaluate,
    evaluate::Evaluate,
    evidence::Evidence,
    experiments::Experiments,
    full_screen::{FullScreen, full},
    genes::Genes,
    runs::Runs,
    simulate::Simulate,
    train::Train,
};
use crate::prelude::*;
use crate::{
    page,
    state::{State, Tab},
    words,
};
use leptos::html;

/// The tabs from left to right: name for the address and ids, title, and what it is for.
const TABS: &[(Tab, &str, &str, &str)] = &[
    (Tab::Train, "train", "Train", "Teach the model on these cells"),
    (Tab::Simulate, "simulate", "Simulate", "Where the model takes cells, from any start and beyond the data"),
    (
        Tab::Experiments,
        "experiments",
        "Experiments",
        "Remove a type, mute a link or shift a gene, and see what the model predicts",
    ),
    (Tab::Genes, "genes", "Genes", "Expression along the simulated time"),
    (Tab::Evidence, "evidence", "Evidence", "Who acts on whom: what these data can tell, and what to measure next"),
    (Tab::Runs, "runs", "Runs", "Every training, evaluation and experiment so far, and two of them compared"),
    (Tab::Evaluate, "evaluate", "Evaluate", "Does the model predict time points that it has not seen?"),
];

/// The panel of a tab. It stays on the page when another tab is open, so that nothing chosen in it is lost.
fn panel(tab: Tab) -> AnyView {
    match tab {
        Tab::Train => view! { <Train/> }.into_any(),
        Tab::Simulate => view! { <section aria-label="Simulate"><Simulate/></section> }.into_any(),
        Tab::Experiments => view! { <section aria-label="Experiments"><Experiments/></section> }.into_any(),
        Tab::Genes => view! { <section aria-label="Genes"><Genes/></section> }.into_any(),
        Tab::Evidence => view! { <Evidence/> }.into_any(),
        Tab::Evaluate => view! { <Evaluate/> }.into_any(),
        Tab::Runs => view! { <Runs/> }.into_any(),
    }
}

/// How the work of a tab stands, in a few words.
fn standing(tab: Tab, state: State) -> String {
    match tab {
        Tab::Train => match state
            .models
            .of(state.models.trained())
            .updates
            .with(|all| all.last().map(|last| (last.update, last.of)))
        {
            Some((update, of)) if state.in_training() => {
                format!("{} of {}", words::count(update as usize), words::count(of as usize))
            }
            _ => String::new(),
        },
        Tab::Simulate | Tab::Genes => String::new(),
        Tab::Experiments => state.experiments.running.with(|stage| {
            stage.as_ref().map_or_else(String::new, |stage| format!("running, {:.0} %", 100.0 * stage.done))
        }),
        Tab::Evidence => state.evidence.running.with(|stage| {
            stage.as_ref().map_or_else(String::new, |stage| format!("running, {:.0} %", 100.0 * stage.done))
        }),
        Tab::Evaluate => evaluate::standing(state),
        Tab::Runs => state.runs.all.with(|all| if all.is_empty() { String::new() } else { words::count(all.len()) }),
    }
}

/// Tabs and the panel of the open one.
#[component]
pub fn Drawer() -> impl IntoView {
    let state = expect_context::<State>();
    let open = state.dialogs.drawer;
    // The one stop of the Tab key among the tabs.
    let current = RwSignal::new(TABS[0].0);
    let dock = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(tab) = open.get() {
            current.set(tab);
            // On a phone the dock lies under the views.
            if page::narrow() {
                request_animation_frame(move || {
                    if let Some(dock) = dock.get_untracked() {
                        dock.scroll_into_view();
                    }
                });
            }
        }
    });
    let choose = move |tab: Tab| {
        current.set(tab);
        open.set((open.get_untracked() != Some(tab)).then_some(tab));
    };
    let keyed = move |event: web_sys::KeyboardEvent| {
        let at = TABS.iter().position(|tab| tab.0 == current.get_untracked()).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            "Home" => 0,
            "End" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let (tab, id, ..) = TABS[to];
        current.set(tab);
        if open.get_untracked().is_some() {
            open.set(Some(tab));
        }
        focus(&format!("tab-{id}"));
    };
    let tabs = TABS.iter().map(|&(tab, id, title, purpose)| {
        view! {
            <button
                type="button"
                role="tab"
                id=format!("tab-{id}")
                title=purpose
                aria-selected=move || (open.get() == Some(tab)).to_string()
                aria-expanded=move || (open.get() == Some(tab)).to_string()
                aria-controls=format!("panel-{id}")
                tabindex=move || if current.get() == tab { "0" } else { "-1" }
                on:click=move |_| choose(tab)
            >
                {title}
                <span class="standing">{move || standing(tab, state)}</span>
            </button>
        }
    });
    let panels = TABS.iter().map(|&(tab, id, ..)| {
        // Simulate asks the engine for more than the rest of the page needs: it begins when it is first opened.
        let opened = Memo::new(move |before: Option<&bool>| {
            tab != Tab::Simulate || before == Some(&true) || open.get() == Some(tab)
        });
        view! {
            <div
                role="tabpanel"
                id=format!("panel-{id}")
                aria-labelledby=format!("tab-{id}")
                hidden=move || open.get() != Some(tab)
            >
                {move || opened.get().then(|| panel(tab))}
            </div>
        }
    });
    view! {
        <section class="drawer" class:open=move || open.get().is_some() aria-label="Work with the model">
            <div class="panel tabs">
                <div role="tablist" aria-label="Work with the model" on:keydown=keyed>
                    {tabs.collect_view()}
                </div>
                <FullScreen panel="dock" about="The open panel" idle=Signal::derive(move || open.get().is_none())/>
                <button
                    type="button"
                    class="icon close"
                    aria-label="Close the drawer"
                    title="Close the drawer"
                    class:idle=move || open.get().is_none()
                    disabled=move || open.get().is_none()
                    on:click=move |_| open.set(None)
                >
                    <svg viewBox="0 0 20 20" aria-hidden="true">
                        <path d="M4 7l6 6 6-6" fill="none" stroke="currentColor" stroke-width="2"/>
                    </svg>
                </button>
            </div>
            <div class="panel dock" class:full=full("dock") hidden=move || open.get().is_none() node_ref=dock>
                <DockGrip/>
                <div class="room">{panels.collect_view()}</div>
            </div>
        </section>
    }
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let tab = document().get_element_by_id(id).and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(tab) = tab {
        tab.focus().ok();
    }
}

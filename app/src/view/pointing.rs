//! Pointing at types and links, with one set of handlers for a whole figure: its parts carry their names in `data-part`.

use super::tooltip::beside;
use crate::state::{Part, State};
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Handlers of a figure.
pub struct Pointing<M, L, F, B, C, K> {
    /// Of `pointermove`.
    pub moved: M,
    /// Of `pointerleave`.
    pub left: L,
    /// Of `focusin`.
    pub focused: F,
    /// Of `focusout`.
    pub blurred: B,
    /// Of `click`.
    pub clicked: C,
    /// Of `keydown`.
    pub keyed: K,
}

/// The handlers of a figure; `show` hears what is pointed at, and where in the figure.
pub fn pointing(
    state: State,
    frame: NodeRef<html::Div>,
    show: impl Fn(Option<(Part, [f64; 2])>) + Copy + 'static,
) -> Pointing<
    impl Fn(PointerEvent) + Copy,
    impl Fn(PointerEvent) + Copy,
    impl Fn(FocusEvent) + Copy,
    impl Fn(FocusEvent) + Copy,
    impl Fn(MouseEvent) + Copy,
    impl Fn(KeyboardEvent) + Copy,
> {
    let leave = move || {
        state.attention.point(state, None);
        show(None);
    };
    Pointing {
        moved: move |event: PointerEvent| match part_of(&event) {
            Some((part, _)) => {
                state.attention.point(state, Some(part));
                show(beside(frame, event.client_x(), event.client_y()).map(|at| (part, at)));
            }
            None => leave(),
        },
        left: move |_| leave(),
        focused: move |event: FocusEvent| {
            // A click focuses too, and the pointer has said already where it is.
            let Some((part, element)) = part_of(&event) else { return };
            if !element.matches(":focus-visible").unwrap_or(true) {
                return;
            }
            let rect = element.get_bounding_client_rect();
            let center = [rect.x() + rect.width() / 2.0, rect.y() + rect.height() / 2.0].map(|c| c as i32);
            state.attention.point(state, Some(part));
            show(beside(frame, center[0], center[1]).map(|at| (part, at)));
        },
        blurred: move |_| leave(),
        clicked: move |event: MouseEvent| {
            if let Some((part, _)) = part_of(&event) {
                state.attention.pin(part);
            }
        },
        keyed: move |event: KeyboardEvent| {
            if let (Some((part, _)), "Enter" | " ") = (part_of(&event), event.key().as_str()) {
                event.prevent_default();
                state.attention.pin(part);
            }
        },
    }
}

/// A part as its element names it.
pub fn part_name(part: Part) -> String {
    match part {
        Part::Type(kind) => kind.to_string(),
        Part::Link { sender, receiver } => format!("{sender} {receiver}"),
    }
}

/// The part that an event is about.
fn part_of(event: &web_sys::Event) -> Option<(Part, Element)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-part]").ok()??;
    let name = element.get_attribute("data-part")?;
    let mut numbers = name.split(' ').map(str::parse);
    let first = numbers.next()?.ok()?;
    let part = match numbers.next() {
        Some(second) => Part::Link { sender: first, receiver: second.ok()? },
        None => Part::Type(first),
    };
    Some((part, element))
}

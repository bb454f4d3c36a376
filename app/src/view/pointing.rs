//! Pointing at types and links, with one set of handlers for a whole figure: its parts carry their names in `data-part`.

use super::pinned::run_without;
use super::tooltip::beside;
use crate::prelude::*;
use crate::{
    engine::Engine,
    state::{Part, State},
};
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The handlers of a figure.
#[derive(Clone, Copy)]
pub struct Pointing<S> {
    /// The state of the page.
    pub state: State,
    /// The engine, for the experiment that a part suggests.
    pub engine: Engine,
    /// The figure.
    pub frame: NodeRef<html::Div>,
    /// Hears what is pointed at, and where in the figure.
    pub show: S,
}

impl<S: Fn(Option<(Part, [f64; 2])>) + Copy> Pointing<S> {
    /// Of `pointermove`.
    pub fn moved(self, event: &PointerEvent) {
        match part_of(event) {
            Some((part, _)) => self.point(part, event.client_x(), event.client_y()),
            None => self.leave(),
        }
    }

    /// Of `pointerleave` and `focusout`.
    pub fn leave(self) {
        self.state.attention.point(self.state, None);
        (self.show)(None);
    }

    /// Of `focusin`.
    pub fn focused(self, event: &FocusEvent) {
        let Some((part, element)) = part_of(event) else { return };
        // A click focuses too, and the pointer has said already where it is.
        if element.matches(":focus-visible").unwrap_or(true) {
            let rect = element.get_bounding_client_rect();
            let [x, y] = [rect.x() + rect.width() / 2.0, rect.y() + rect.height() / 2.0].map(|center| center as i32);
            self.point(part, x, y);
        }
    }

    /// Of `click`.
    pub fn clicked(self, event: &MouseEvent) {
        if let Some((part, _)) = part_of(event) {
            self.state.attention.pin(part);
        }
    }

    /// Of `keydown`.
    pub fn keyed(self, event: &KeyboardEvent) {
        let Some((part, _)) = part_of(event) else { return };
        match event.key().as_str() {
            "Enter" | " " => self.state.attention.pin(part),
            "Delete" | "Backspace" => run_without(self.state, self.engine, part),
            _ => return,
        }
        event.prevent_default();
    }

    fn point(self, part: Part, x: i32, y: i32) {
        self.state.attention.point(self.state, Some(part));
        (self.show)(beside(self.frame, x, y).map(|at| (part, at)));
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
pub fn part_of(event: &web_sys::Event) -> Option<(Part, Element)> {
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

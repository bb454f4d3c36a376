//! A ribbon in the hand: dragged up its link is stronger, down weaker, and the ribbon is as wide as that.

use crate::prelude::*;
use crate::{
    state::{AS_IT_IS, MOST, Part, State, Strength},
    view::pointing::part_of,
};
use leptos::html;
use web_sys::PointerEvent;

/// A press that moves less than this is a click.
const STILL: i32 = 5;
/// A pixel is one per cent; strengths are whole steps of so many.
const STEP: i32 = 10;

/// Where a ribbon was taken.
#[derive(Clone, Copy)]
struct Taken {
    link: Strength,
    y: i32,
    moved: bool,
}

/// The hand on the ribbons of a chord; cheap to copy.
#[derive(Clone, Copy)]
pub struct Grab {
    state: State,
    frame: NodeRef<html::Div>,
    taken: RwSignal<Option<Taken>>,
    /// The press that ends now was a drag: the click that follows pins nothing.
    dragged: StoredValue<bool>,
}

impl Grab {
    /// An empty hand over a figure.
    pub fn new(state: State, frame: NodeRef<html::Div>) -> Self {
        Self { state, frame, taken: RwSignal::new(None), dragged: StoredValue::new(false) }
    }

    /// Of `pointerdown`: takes a ribbon. With a finger only the pinned one, so that others scroll the page.
    pub fn pressed(self, event: &PointerEvent) {
        self.dragged.set_value(false);
        let Some((Part::Link { sender, receiver }, _)) = part_of(event) else { return };
        let pinned = self.state.attention.pinned.get_untracked() == Some(Part::Link { sender, receiver });
        if event.button() != 0 || !untrack(|| self.state.can_scale()) || event.pointer_type() == "touch" && !pinned {
            return;
        }
        let percent = untrack(|| self.state.attention.strengths.of(sender, receiver));
        self.taken.set(Some(Taken { link: Strength { sender, receiver, percent }, y: event.client_y(), moved: false }));
    }

    /// Of `pointermove`: true while a ribbon is dragged.
    pub fn moved(self, event: &PointerEvent) -> bool {
        let Some(taken) = self.taken.get_untracked() else { return false };
        let by = taken.y - event.client_y();
        if !taken.moved && by.abs() < STILL {
            return false;
        }
        if !taken.moved {
            self.taken.set(Some(Taken { moved: true, ..taken }));
            self.frame.get_untracked().and_then(|frame| frame.set_pointer_capture(event.pointer_id()).ok());
        }
        let percent = (taken.link.percent as i32 + by).clamp(0, MOST as i32);
        let percent = (percent as u32).div_ceil(STEP as u32) * STEP as u32;
        self.state.attention.strengths.held.set(Some(Strength { percent: percent.min(MOST), ..taken.link }));
        true
    }

    /// Of `pointerup`: lets go, and what the hand held is set.
    pub fn released(self) {
        let held = self.state.attention.strengths.held.get_untracked();
        if let (Some(Taken { moved: true, .. }), Some(held)) = (self.taken.get_untracked(), held) {
            self.dragged.set_value(true);
            self.state.set_strength(held);
        }
        self.taken.set(None);
    }

    /// Of `pointercancel`: lets go, and nothing is set.
    pub fn cancelled(self) {
        self.taken.set(None);
        self.state.attention.strengths.held.set(None);
    }

    /// The click that ends a drag.
    pub fn was_drag(self) -> bool {
        self.dragged.try_update_value(std::mem::take).unwrap_or(false)
    }

    /// What is in the hand, in words.
    pub fn words(self) -> Option<String> {
        let held = self.state.attention.strengths.held.get()?;
        let more = if held.percent == AS_IT_IS { "as it is" } else { "let go to simulate" };
        Some(format!("{} %: {more}", held.percent))
    }
}

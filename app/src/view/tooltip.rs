//! A line of text beside the pointer.

use crate::prelude::*;
use leptos::html;

/// What a tooltip says, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Tip {
    /// CSS pixels from the top left corner of the figure.
    pub at: [f64; 2],
    /// The text.
    pub text: String,
}

/// The tooltip of a figure, which must be positioned (CSS).
#[component]
pub fn Tooltip(
    /// What it says.
    tip: RwSignal<Option<Tip>>,
    /// What stands below the text.
    #[prop(optional, into)]
    more: ViewFn,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let placed = RwSignal::new(None::<[String; 2]>);
    // Kept inside the figure: on the side of the pointer where there is more room. Its size is known once the text is there.
    let place = move || {
        let (Some(Some(tip)), Some(node)) = (tip.try_get_untracked(), node.try_get_untracked().flatten()) else {
            return;
        };
        let Some(parent) = node.offset_parent() else { return };
        let rooms = [(parent.client_width(), node.offset_width()), (parent.client_height(), node.offset_height())];
        let at = [0, 1].map(|axis| {
            let (room, own) = (f64::from(rooms[axis].0), f64::from(rooms[axis].1));
            let wanted = tip.at[axis] + 12.0;
            let at = if wanted + own <= room { wanted } else { tip.at[axis] - 12.0 - own };
            format!("{:.0}px", at.clamp(0.0, (room - own).max(0.0)))
        });
        placed.try_set(Some(at));
    };
    Effect::new(move |_| {
        if tip.with(Option::is_some) {
            request_animation_frame(place);
        } else {
            placed.set(None);
        }
    });
    let side = move |axis: usize| placed.with(|placed| placed.as_ref().map(|at| at[axis].clone()));
    view! {
        <div
            class="figure-tip"
            role="tooltip"
            node_ref=node
            class:shown=move || placed.with(Option::is_some)
            style:left=move || side(0)
            style:top=move || side(1)
        >
            {move || tip.with(|tip| tip.as_ref().map(|tip| tip.text.clone()))}
            {more.run()}
        </div>
    }
}

/// A point of the window in the coordinates of a figure.
pub fn beside(figure: NodeRef<html::Div>, x: i32, y: i32) -> Option<[f64; 2]> {
    let rect = figure.get_untracked()?.get_bounding_client_rect();
    Some([f64::from(x) - rect.x(), f64::from(y) - rect.y()])
}

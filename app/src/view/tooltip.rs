//! A line of text beside the pointer.

use leptos::html;
use leptos::prelude::*;

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
    // Kept inside the figure: on the side of the pointer where there is more room.
    let place = move |axis: usize| {
        let (tip, node) = (tip.get()?, node.get()?);
        let parent = node.offset_parent()?;
        let (room, own) = match axis {
            0 => (parent.client_width(), node.offset_width()),
            _ => (parent.client_height(), node.offset_height()),
        };
        let (room, own) = (f64::from(room), f64::from(own));
        let wanted = tip.at[axis] + 12.0;
        let placed = if wanted + own <= room { wanted } else { tip.at[axis] - 12.0 - own };
        Some(format!("{:.0}px", placed.clamp(0.0, (room - own).max(0.0))))
    };
    view! {
        <div
            class="figure-tip"
            role="tooltip"
            node_ref=node
            class:shown=move || tip.with(Option::is_some)
            style:left=move || place(0)
            style:top=move || place(1)
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

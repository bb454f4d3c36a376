//! Handlers of events.

use leptos::{ev::EventDescriptor, html::HtmlElement, prelude};

/// What a handler is boxed as: one type for all handlers of an event.
type Handler<E> = Box<dyn FnMut(<E as EventDescriptor>::EventType)>;

/// As [`leptos::prelude::OnAttribute`]: what `on:click` and its like become.
pub trait OnAttribute<E: EventDescriptor>: prelude::OnAttribute<E, Handler<E>> {
    /// Adds a handler.
    fn on(self, event: E, handle: impl FnMut(E::EventType) + 'static) -> Self::Output;
}

impl<Tag, Attributes, Children, E: EventDescriptor> OnAttribute<E> for HtmlElement<Tag, Attributes, Children>
where
    Self: prelude::OnAttribute<E, Handler<E>>,
{
    fn on(self, event: E, handle: impl FnMut(E::EventType) + 'static) -> Self::Output {
        prelude::OnAttribute::on(self, event, Box::new(handle))
    }
}

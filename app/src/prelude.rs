//! What every view uses: leptos' prelude, with thin doors before what leptos compiles anew for each closure, view or type.
//!
//! A view reads as in any program of leptos. Behind the same names closures are boxed and views become [`AnyView`] at once, so that leptos' code for
//! lists, conditions, handlers and signals is in the program once: less to load, and less to compile.

mod events;
mod list;
mod show;

pub use self::{events::OnAttribute, list::For, show::Show};
pub use leptos::prelude::*;
// They stand before those of leptos, also where no view asks for them here.
#[allow(unused_imports)]
pub use crate::signals::{Effect, Memo, RwSignal, Signal};

/// As [`leptos::prelude::view`]; what it makes has one type, whatever stands in it.
macro_rules! view {
    ($($tree:tt)*) => {
        ::leptos::prelude::IntoAny::into_any(::leptos::prelude::view! { $($tree)* })
    };
}
pub(crate) use view;

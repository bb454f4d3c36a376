//! A part of a view that is there under a condition.

use leptos::{either::Either, prelude::*};

/// As [`leptos::prelude::Show`].
#[component(transparent)]
pub fn Show<W: Fn() -> bool + Send + Sync + 'static>(
    /// What is shown.
    children: ChildrenFn,
    /// When it is.
    when: W,
    /// What is shown instead.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    boxed(Box::new(when), children, fallback)
}

type Condition = Box<dyn Fn() -> bool + Send + Sync>;

/// One copy for all conditions.
fn boxed(when: Condition, children: ChildrenFn, fallback: ViewFn) -> AnyView {
    let when = ArcMemo::new(move |_| when());
    let branch = move || if when.get() { Either::Left(children()) } else { Either::Right(fallback.run()) };
    branch.into_any()
}

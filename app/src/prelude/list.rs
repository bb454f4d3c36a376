//! A list whose rows stay as long as their keys do.

use leptos::prelude::*;
use std::{fmt::Debug, sync::Arc};

/// As [`leptos::prelude::For`]; keys are told apart by how they print.
#[component(transparent)]
pub fn For<IF, I, KF, K, EF, N>(
    /// The items.
    each: IF,
    /// What an item is known by.
    key: KF,
    /// The row of an item that is new.
    children: EF,
) -> impl IntoView
where
    IF: Fn() -> I + Send + 'static,
    I: IntoIterator<Item: Send + 'static>,
    KF: Fn(&I::Item) -> K + Send + 'static,
    K: Debug,
    EF: Fn(I::Item) -> N + Send + Sync + 'static,
    N: IntoView + 'static,
{
    let children = Arc::new(children);
    let row = move |item: I::Item| {
        let (key, children) = (format!("{:?}", key(&item)), children.clone());
        Row { key, view: Box::new(move || children(item).into_any()) }
    };
    boxed(Box::new(move || each().into_iter().map(&row).collect()))
}

/// A row that is made when its key is new.
struct Row {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

/// One copy for all lists.
fn boxed(each: Box<dyn Fn() -> Vec<Row> + Send>) -> AnyView {
    view! { <leptos::prelude::For each key=|row: &Row| row.key.clone() children=|row: Row| (row.view)()/> }.into_any()
}

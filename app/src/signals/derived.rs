//! A value that is asked for each time it is read.

use super::{Readable, Typed};
use leptos::prelude::{GetValue as _, StoredValue};
use leptos::tachys::reactive_graph::{ReactiveFunction, SharedReactiveFunction};
use std::sync::{Arc, Mutex};

/// As [`leptos::prelude::Signal`]: what a component takes when it does not matter where a value comes from.
pub struct Signal<T: 'static>(StoredValue<Arc<dyn Fn() -> T + Send + Sync>>);

impl<T> Copy for Signal<T> {}

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Signal<T> {
    /// What a function says.
    pub fn derive(says: impl Fn() -> T + Send + Sync + 'static) -> Self {
        fn boxed<T>(says: Arc<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
            Signal(StoredValue::new(says))
        }
        boxed(Arc::new(says))
    }

    /// A value that stays.
    pub fn stored(value: T) -> Self
    where
        T: Clone + Send + Sync,
    {
        Self::derive(move || value.clone())
    }

    /// The value; the reader is noted.
    pub fn get(&self) -> T {
        self.0.get_value()()
    }

    /// What is made of the value; the reader is noted.
    pub fn with<U>(&self, see: impl FnOnce(&T) -> U) -> U {
        see(&self.get())
    }
}

impl<T: Clone + Default + Send + Sync> Default for Signal<T> {
    fn default() -> Self {
        Self::stored(T::default())
    }
}

impl<T: Clone + Send + Sync> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::stored(value)
    }
}

impl From<&str> for Signal<String> {
    fn from(value: &str) -> Self {
        Self::stored(value.to_owned())
    }
}

impl<S: Readable + Send + Sync + 'static, T: Clone + 'static> From<Typed<S, T>> for Signal<T> {
    fn from(signal: Typed<S, T>) -> Self {
        Self::derive(move || signal.get())
    }
}

/// In a view it is a function.
impl<T> ReactiveFunction for Signal<T> {
    type Output = T;

    fn invoke(&mut self) -> T {
        self.get()
    }

    fn into_shared(self) -> SharedReactiveFunction<T> {
        Arc::new(Mutex::new(move || self.get()))
    }
}

//! Signals for the whole page: leptos' own, with two differences.
//!
//! * One compiled copy serves values of every type. What a signal holds is a [`Value`], and only its reader knows the type; leptos' signals would be
//!   compiled anew for each of the page's hundreds of types.
//! * They let go of readers which are no more ([`readers`]).

mod derived;
mod effect;
mod readers;
mod value;

pub use self::{derived::Signal, effect::Effect};

use self::{readers::Tidy, value::Value};
use leptos::prelude::{ReadUntracked, Track, Write as _};
use std::{marker::PhantomData, ops::Deref};

/// As [`leptos::prelude::RwSignal`].
pub type RwSignal<T> = Typed<leptos::prelude::RwSignal<Value>, T>;
/// As [`leptos::prelude::Memo`].
pub type Memo<T> = Typed<leptos::prelude::Memo<Value>, T>;

/// A signal or memo whose values have this type.
pub struct Typed<S, T> {
    held: Tidy<S>,
    of: PhantomData<fn() -> T>,
}

impl<S: Copy, T> Copy for Typed<S, T> {}

impl<S: Copy, T> Clone for Typed<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

/// What leptos offers of a signal and a memo alike.
pub trait Readable: Copy + Track + ReadUntracked<Value: Deref<Target = Value>> {}

impl<S: Copy + Track + ReadUntracked<Value: Deref<Target = Value>>> Readable for S {}

impl<S: Readable, T: 'static> Typed<S, T> {
    fn of(held: Tidy<S>) -> Self {
        Self { held, of: PhantomData }
    }

    /// Notes the reader, who is told of the next value.
    pub fn track(&self) {
        self.held.track();
    }

    /// What is made of the value; the reader is noted.
    pub fn with<U>(&self, see: impl FnOnce(&T) -> U) -> U {
        see(self.held.read().get())
    }

    /// The value; the reader is noted.
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// What is made of the value, without a note.
    pub fn with_untracked<U>(&self, see: impl FnOnce(&T) -> U) -> U {
        see(self.held.read_untracked().get())
    }

    /// The value, without a note.
    pub fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }

    /// The value, without a note; nothing when the signal is gone with its owner.
    pub fn try_get_untracked(&self) -> Option<T>
    where
        T: Clone,
    {
        self.held.try_read_untracked().map(|value| value.get::<T>().clone())
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with this value.
    pub fn new(value: T) -> Self {
        Self::of(Tidy::signal(Value::new(value)))
    }

    /// Another value. A signal that is gone stays gone.
    pub fn set(&self, value: T) {
        self.try_set(value);
    }

    /// Another value; it comes back when the signal is gone.
    pub fn try_set(&self, value: T) -> Option<T> {
        match self.held.source().try_write() {
            None => return Some(value),
            Some(mut held) => *held.get_mut() = value,
        }
        None
    }

    /// A change of the value in place. A signal that is gone stays gone.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// A change of the value in place, and what it comes to; nothing when the signal is gone.
    pub fn try_update<U>(&self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        self.held.source().try_write().map(|mut held| change(held.get_mut()))
    }
}

impl<T: Default + Send + Sync + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

/// Computes a value from the one before.
type Follows<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

impl<T: Send + Sync + PartialEq + 'static> Memo<T> {
    /// A value that follows from others.
    pub fn new(follows: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        // One copy of what comes next for each type, not for each closure.
        fn boxed<T: Send + Sync + PartialEq + 'static>(follows: Follows<T>) -> Tidy<leptos::prelude::Memo<Value>> {
            let follows = move |before: Option<&Value>| Value::new(follows(before.map(Value::get)));
            Tidy::memo(Box::new(follows), |before, now| before.map(Value::get::<T>) != now.map(Value::get))
        }
        Self::of(boxed(Box::new(follows)))
    }
}

//! Signals that let go of readers which are no more.
//!
//! A signal of leptos notes each of its readers, and lets go of them when it is next written. Of what is seldom written, such as the open dataset, the
//! notes of all panels that ever were would stay, and the readers' memory with them. These signals look through their readers now and then.

use leptos::prelude::{DefinedAt, Get, ReadUntracked, Signal, StoredValue, Track, UpdateValue};
use leptos::reactive::graph::{AnySource, AnySubscriber, Observer, Source, ToAnySource};
use std::{collections::HashSet, ops::Deref, panic::Location};

/// As [`leptos::prelude::RwSignal`].
pub type RwSignal<T> = Tidy<leptos::prelude::RwSignal<T>>;
/// As [`leptos::prelude::Memo`].
pub type Memo<T> = Tidy<leptos::prelude::Memo<T>>;

/// A signal or memo with a list of its readers.
pub struct Tidy<S> {
    source: S,
    readers: StoredValue<Readers>,
}

impl<S: Copy> Copy for Tidy<S> {}

impl<S: Copy> Clone for Tidy<S> {
    fn clone(&self) -> Self {
        *self
    }
}

/// Readers of a source, some perhaps twice, some perhaps no more.
struct Readers {
    source: AnySource,
    noted: Vec<AnySubscriber>,
    /// How many are noted when they are looked through next.
    bound: usize,
}

impl Readers {
    /// Fewer are never looked through.
    const FEW: usize = 32;

    fn of(source: AnySource) -> Self {
        Self { source, noted: Vec::new(), bound: Self::FEW }
    }

    /// Notes a reader. Twice as many as are left are let in before all are looked through, so that a note costs the same however many there are.
    fn note(&mut self, reader: AnySubscriber) {
        self.noted.push(reader);
        if self.noted.len() < self.bound {
            return;
        }
        let mut known = HashSet::new();
        let source = &self.source;
        self.noted.retain(|reader| {
            let alive = reader.1.strong_count() > 0;
            if !alive {
                source.remove_subscriber(reader);
            }
            alive && known.insert(reader.0)
        });
        self.bound = Self::FEW.max(2 * self.noted.len());
    }
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with this value.
    #[track_caller]
    pub fn new(value: T) -> Self {
        let source = leptos::prelude::RwSignal::new(value);
        Self { source, readers: StoredValue::new(Readers::of(source.to_any_source())) }
    }
}

impl<T: Default + Send + Sync + 'static> Default for RwSignal<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Send + Sync + PartialEq + 'static> Memo<T> {
    /// A value that follows from others.
    #[track_caller]
    pub fn new(follows: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let source = leptos::prelude::Memo::new(follows);
        let any = leptos::prelude::ArcMemo::from(source).to_any_source();
        Self { source, readers: StoredValue::new(Readers::of(any)) }
    }
}

/// Writing, and reading without being noted, are the source's own.
impl<S> Deref for Tidy<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.source
    }
}

impl<S> DefinedAt for Tidy<S> {
    fn defined_at(&self) -> Option<&'static Location<'static>> {
        None
    }
}

impl<S: Track> Track for Tidy<S> {
    fn track(&self) {
        if let Some(reader) = Observer::get() {
            self.readers.try_update_value(|readers| readers.note(reader));
        }
        self.source.track();
    }
}

impl<S: ReadUntracked> ReadUntracked for Tidy<S> {
    type Value = S::Value;

    fn try_read_untracked(&self) -> Option<Self::Value> {
        self.source.try_read_untracked()
    }
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

//! A signal of leptos notes each of its readers, and lets go of them when it is next written. Of what is seldom written, such as the open dataset, the
//! notes of all panels that ever were would stay, and the readers' memory with them. These signals look through their readers now and then.

use super::{Follows, Value};
use leptos::prelude::{ReadUntracked, StoredValue, Track, UpdateValue};
use leptos::reactive::graph::{AnySource, AnySubscriber, Observer, Source, ToAnySource};
use std::collections::HashSet;

/// A signal or memo with a list of its readers.
#[derive(Clone, Copy)]
pub struct Tidy<S> {
    source: S,
    readers: StoredValue<Readers>,
}

impl Tidy<leptos::prelude::RwSignal<Value>> {
    pub fn signal(value: Value) -> Self {
        let source = leptos::prelude::RwSignal::new(value);
        Self { source, readers: StoredValue::new(Readers::of(source.to_any_source())) }
    }

    /// To be written.
    pub fn source(&self) -> leptos::prelude::RwSignal<Value> {
        self.source
    }
}

/// Whether the second differs from the first.
type Differs = fn(Option<&Value>, Option<&Value>) -> bool;

impl Tidy<leptos::prelude::Memo<Value>> {
    pub fn memo(follows: Follows<Value>, differs: Differs) -> Self {
        let source = leptos::prelude::Memo::new_with_compare(follows, differs);
        let any = leptos::prelude::ArcMemo::from(source).to_any_source();
        Self { source, readers: StoredValue::new(Readers::of(any)) }
    }
}

impl<S: Track + ReadUntracked> Tidy<S> {
    pub fn track(&self) {
        if let Some(reader) = Observer::get() {
            self.readers.try_update_value(|readers| readers.note(reader));
        }
        self.source.track();
    }

    /// The value; the reader is noted.
    pub fn read(&self) -> S::Value {
        self.track();
        self.source.read_untracked()
    }

    /// The value, without a note.
    pub fn read_untracked(&self) -> S::Value {
        self.source.read_untracked()
    }

    /// The value, without a note; nothing when the signal is gone with its owner.
    pub fn try_read_untracked(&self) -> Option<S::Value> {
        self.source.try_read_untracked()
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

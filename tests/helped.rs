//! Trainings of which helpers compute parts: the same bits as without them, whatever happens to them.

use crate::support::user::User;
use scimf::models::Helper;
use scimf::protocol::{Command, Computed, Event, ModelKind, Part, Recipe, TrainSettings, Update};
use scimf::train::Helpers;
use scimf::{Error, Result};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, ready};
use std::pin::Pin;
use std::rc::Rc;

/// Helpers in this process.
struct Crew {
    /// As many as this machine has.
    size: usize,
    members: RefCell<Vec<(Helper, VecDeque<Part>)>>,
    /// Answers until one of them is lost.
    left: Cell<usize>,
    /// Answers so far, by the kind of part.
    moved: Cell<usize>,
    compared: Cell<usize>,
    dismissed: Cell<bool>,
}

impl Crew {
    fn of(size: usize, left: usize) -> Rc<Self> {
        Rc::new(Self {
            size,
            members: RefCell::default(),
            left: Cell::new(left),
            moved: Cell::default(),
            compared: Cell::default(),
            dismissed: Cell::default(),
        })
    }
}

impl Helpers for Crew {
    fn count(&self) -> usize {
        if self.is_lost() { 0 } else { self.members.borrow().len() }
    }

    fn is_lost(&self) -> bool {
        self.left.get() == 0
    }

    fn call(&self, most: usize) {
        self.members.borrow_mut().resize_with(self.size.min(most), Default::default);
    }

    fn dismiss(&self) {
        self.dismissed.set(true);
        self.members.borrow_mut().clear();
    }

    fn give(&self, helper: usize, part: Part) -> Result<()> {
        self.members.borrow_mut()[helper].1.push_back(part);
        Ok(())
    }

    fn take(&self, helper: usize) -> Pin<Box<dyn Future<Output = Result<Computed>> + '_>> {
        self.left.set(self.left.get() - 1);
        if self.is_lost() {
            return Box::pin(ready(Err(Error::internal("it is gone"))));
        }
        let (helper, parts) = &mut self.members.borrow_mut()[helper];
        let part = parts.pop_front().expect("nothing is taken that was not given");
        let counted = if matches!(part, Part::Compare { .. }) { &self.compared } else { &self.moved };
        counted.set(counted.get() + 1);
        Box::pin(ready(Ok(helper.compute(part))))
    }
}

/// More cells than two blocks hold; a step that is no power of two.
fn settings() -> TrainSettings {
    // so many updates that helpers pay; it is stopped before
    TrainSettings { updates: 1_000_000, cells: 300, dt: 0.2, ..TrainSettings::default() }
}

/// What four updates say, and the weights after them. Helpers are there from the second update on.
fn trained(mut user: User, settings: TrainSettings) -> (Vec<Update>, Vec<u8>) {
    let said = user.says(Command::Train { recipe: settings.into() });
    assert!(matches!(said[..], [Event::Training { .. }]), "{said:?}");
    let mut updates = Vec::new();
    while updates.len() < 4 {
        for event in user.waits() {
            match event {
                Event::Update(update) => updates.push(Update { seconds: 0.0, seconds_left: 0.0, ..update }),
                Event::Failed(failure) => panic!("{failure:?}"),
                _ => {}
            }
        }
    }
    user.says(Command::Stop);
    let saved = user.says(Command::SaveWeights { model: ModelKind::ScImf });
    let [Event::File { bytes, .. }, Event::Done] = &saved[..] else { panic!("{saved:?}") };
    (updates, bytes.to_vec())
}

fn helped(crew: &Rc<Crew>, workers: Option<usize>, settings: TrainSettings) -> (Vec<Update>, Vec<u8>) {
    let found = trained(User::helped(Rc::<Crew>::clone(crew), workers).and_dataset(), settings);
    assert!(crew.dismissed.get() && crew.members.borrow().is_empty(), "they end with the training");
    found
}

#[test]
fn helpers_change_no_bit() {
    let alone = trained(User::with_dataset(), settings());
    for (size, workers) in [(1, None), (2, None), (7, None), (7, Some(2))] {
        let crew = Crew::of(size, usize::MAX);
        assert!(helped(&crew, workers, settings()) == alone, "{size} helpers, {workers:?} workers");
        assert!(crew.moved.get() > 0 && crew.compared.get() > 0, "they do nothing");
    }
    let crew = Crew::of(7, usize::MAX);
    assert!(helped(&crew, Some(1), settings()) == alone);
    assert_eq!(crew.moved.get() + crew.compared.get(), 0, "one worker was asked for");

    let apart = TrainSettings { interaction: false, ..settings() };
    let crew = Crew::of(2, usize::MAX);
    assert!(helped(&crew, None, apart.clone()) == trained(User::with_dataset(), apart), "without interaction");
    assert!(crew.moved.get() > 0);
}

#[test]
fn an_update_whose_helper_is_lost_begins_anew_without_it() {
    let alone = trained(User::with_dataset(), settings());
    let whole = Crew::of(2, usize::MAX);
    helped(&whole, None, settings());
    let answers = whole.moved.get() + whole.compared.get();
    // as the rollout begins, on its way, at a comparison, on the way back
    for after in [1, 9, answers / 3 / 2, answers / 3 - 3] {
        let crew = Crew::of(2, after);
        assert!(helped(&crew, None, settings()) == alone, "lost after {after} answers");
        assert!(crew.is_lost() && crew.moved.get() + crew.compared.get() < after);
    }
}

#[test]
fn a_training_without_parts_calls_nobody() {
    let crew = Crew::of(2, usize::MAX);
    let mut user = User::helped(Rc::<Crew>::clone(&crew), None).and_dataset();
    let recipe = Recipe::new(ModelKind::OtCfm).with_steps(1_000_000);
    user.says(Command::Train { recipe });
    while !user.waits().iter().any(|event| matches!(event, Event::Update(_))) {}
    assert_eq!(crew.count(), 0);
}

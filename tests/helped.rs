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

/// More cells than two blocks hold.
fn settings() -> TrainSettings {
    // so many updates that helpers pay; it is stopped before
    TrainSettings { updates: 1_000_000, cells: 300, dt: 0.5, ..TrainSettings::default() }
}

/// What the first updates say, and the weights after them. Helpers are there from the second update on.
fn trained(mut user: User, settings: TrainSettings, updates: usize) -> (Vec<Update>, Vec<u8>) {
    let said = user.says(Command::Train { recipe: settings.into() });
    assert!(matches!(said[..], [Event::Training { .. }]), "{said:?}");
    let mut seen = Vec::new();
    while seen.len() < updates {
        for event in user.waits() {
            match event {
                Event::Update(update) => seen.push(Update { seconds: 0.0, seconds_left: 0.0, ..update }),
                Event::Failed(failure) => panic!("{failure:?}"),
                _ => {}
            }
        }
    }
    user.says(Command::Stop);
    let saved = user.says(Command::SaveWeights { model: ModelKind::ScImf });
    let [Event::File { bytes, .. }, Event::Done] = &saved[..] else { panic!("{saved:?}") };
    (seen, bytes.to_vec())
}

fn alone(settings: TrainSettings, updates: usize) -> (Vec<Update>, Vec<u8>) {
    trained(User::with_dataset(), settings, updates)
}

fn helped(crew: &Rc<Crew>, workers: usize, settings: TrainSettings, updates: usize) -> (Vec<Update>, Vec<u8>) {
    let user = User::helped(Rc::<Crew>::clone(crew), Some(workers)).and_dataset();
    let found = trained(user, settings, updates);
    assert!(crew.dismissed.get() && crew.members.borrow().is_empty(), "they end with the training");
    found
}

#[test]
fn helpers_change_no_bit() {
    let one = alone(settings(), 3);
    for workers in [2, 8] {
        let crew = Crew::of(7, usize::MAX);
        assert!(helped(&crew, workers, settings(), 3) == one, "{workers} workers");
        assert!(crew.moved.get() > 0 && crew.compared.get() > 0, "they do nothing");
    }
    let apart = TrainSettings { interaction: false, ..settings() };
    let crew = Crew::of(7, usize::MAX);
    assert!(helped(&crew, 3, apart.clone(), 2) == alone(apart, 2), "without interaction");
    assert!(crew.moved.get() > 0);
}

#[test]
fn an_update_whose_helper_is_lost_begins_anew_without_it() {
    let one = alone(settings(), 2);
    // as the rollout begins, on its way, at a comparison, on the way back
    for after in [1, 9, 19, 30] {
        let crew = Crew::of(2, after);
        assert!(helped(&crew, 3, settings(), 2) == one, "lost after {after} answers");
        assert!(crew.is_lost() && crew.moved.get() + crew.compared.get() == after - 1);
    }
}

#[test]
fn nobody_is_called_where_one_worker_is_asked_for_or_a_training_has_no_parts() {
    let quick = TrainSettings { cells: 8, dt: 1.0, ..settings() };
    for (workers, recipe) in [(1, quick.into()), (8, Recipe::new(ModelKind::OtCfm).with_steps(1_000_000))] {
        let crew = Crew::of(7, usize::MAX);
        let mut user = User::helped(Rc::<Crew>::clone(&crew), Some(workers)).and_dataset();
        user.says(Command::Train { recipe });
        while !user.waits().iter().any(|event| matches!(event, Event::Update(_))) {}
        assert_eq!(crew.count(), 0, "{workers} workers");
    }
}

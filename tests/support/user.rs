//! A front end in a test.

use super::{block_on, proposal};
use scimf::device::Adapter;
use scimf::protocol::{Command, DevicePreference, Event, File, Mapping, Message, Request, TrainSettings};
use scimf::session::Session;
use scimf::train::Helpers;
use std::rc::Rc;

/// A session that remembers what it was told.
pub struct User {
    pub session: Session,
    last: u32,
    pub heard: Vec<Message>,
}

impl User {
    pub fn new() -> Self {
        Self::at(Session::new(Self::no_adapter()), None)
    }

    /// One whose trainings helpers compute parts of, with at most so many workers.
    pub fn helped(helpers: Rc<dyn Helpers>, workers: Option<usize>) -> Self {
        Self::at(Session::new(Self::no_adapter()).with_helpers(helpers), workers)
    }

    fn no_adapter() -> Result<Adapter, String> {
        Err("there is none here".into())
    }

    fn at(session: Session, workers: Option<usize>) -> Self {
        let mut user = Self { session, last: 0, heard: Vec::new() };
        let events = user.says(Command::Start { device: DevicePreference::Auto, workers });
        let [Event::Ready { device }, Event::Done] = &events[..] else { panic!("{events:?}") };
        assert_eq!(device.reason.as_deref(), Some("there is none here"));
        user
    }

    /// Sends a command; returns the events that answer it at once.
    pub fn says(&mut self, command: Command) -> Vec<Event> {
        self.last += 1;
        let id = self.last;
        let mut heard = Vec::new();
        block_on(self.session.handle(Request { id, command }, &mut |message| heard.push(message)));
        let answers = heard.iter().filter(|message| message.request == Some(id));
        let answers = answers.map(|message| message.event.clone()).collect();
        self.heard.extend(heard);
        answers
    }

    /// Sends a command that starts long work; returns the request's number.
    #[track_caller]
    pub fn asks(&mut self, command: Command) -> u32 {
        let events = self.says(command);
        assert!(events.is_empty(), "{events:?}");
        self.last
    }

    /// Does one piece of the work that runs; returns what was heard.
    pub fn waits(&mut self) -> Vec<Event> {
        let mut heard = Vec::new();
        block_on(self.session.tick(&mut |message| heard.push(message.event)));
        heard
    }

    pub fn opens(&mut self, name: &str) -> Vec<Event> {
        let bytes = std::fs::read(super::path(&format!("h5ad/{name}"))).unwrap().into();
        self.says(Command::Open { files: vec![File { name: name.into(), bytes }] })
    }

    pub fn with_dataset() -> Self {
        Self::new().and_dataset()
    }

    /// With the same dataset.
    pub fn and_dataset(mut self) -> Self {
        let mapping = proposal(&self.opens("gzip_csr.h5ad"));
        let events = self.prepares(mapping);
        assert!(matches!(&events[..], [Event::DatasetOpened { .. }, Event::Done]), "{events:?}");
        self
    }

    pub fn prepares(&mut self, mapping: Mapping) -> Vec<Event> {
        self.works(Command::ApplyMapping { mapping })
    }

    pub fn trains(&mut self, settings: TrainSettings) -> Vec<Event> {
        self.works(Command::Train { recipe: settings.into() })
    }

    /// Sends a command and works until what it started has ended.
    pub fn works(&mut self, command: Command) -> Vec<Event> {
        let mut events = self.says(command);
        while self.session.is_busy() {
            events.extend(self.waits());
        }
        events
    }
}

/// A session with the cells of [`super::line`].
pub fn with_line() -> User {
    let mut user = User::new();
    let events = user.says(Command::Open { files: vec![super::line()] });
    assert!(matches!(&events[..], [Event::DatasetOpened { .. }, Event::Done]), "{events:?}");
    user
}

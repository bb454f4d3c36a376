//! A session with its only user in the same thread.

use super::Session;
use crate::device::Adapter;
use crate::error::{Error, Kind, Result};
use crate::protocol::{Command, DevicePreference, Event, Failure, FailureKind, Message, Request};

/// A session that is asked one thing after the other: the shortest way to the engine from Rust.
///
/// ```
/// use scimf::protocol::{Command, DevicePreference, Event, File};
/// use scimf::session::Client;
///
/// # pollster::block_on(async {
/// let mut client = Client::start(DevicePreference::Cpu).await?;
/// let file = File { name: "demo.zip".into(), bytes: std::fs::read("public/demo.zip").unwrap().into() };
/// let events = client.ask(Command::Open { files: vec![file] }).await?;
/// let Event::DatasetOpened { dataset, .. } = &events[0] else { panic!("a bundle opens at once") };
/// assert!(dataset.simulated && dataset.time_points.len() > 2);
/// # scimf::Result::Ok(())
/// # }).unwrap();
/// ```
pub struct Client {
    session: Session,
    asked: u32,
}

impl Client {
    /// A session on a device.
    ///
    /// # Errors
    /// The device failed.
    pub async fn start(device: DevicePreference) -> Result<Self> {
        let adapter = Adapter::default();
        let mut client = Self { session: Session::new(Ok(adapter)), asked: 0 };
        client.ask(Command::Start { device, workers: None }).await?;
        Ok(client)
    }

    /// Sends a command, works until it has ended, and gives its events without the last, [`Event::Done`].
    ///
    /// # Errors
    /// The command failed.
    pub async fn ask(&mut self, command: Command) -> Result<Vec<Event>> {
        self.asked += 1;
        let (mut events, mut failure) = (Vec::new(), None);
        let mut hear = |message: Message| match message.event {
            Event::Failed(reason) => failure = Some(reason),
            Event::Done => {}
            event => events.push(event),
        };
        self.session.handle(Request { id: self.asked, command }, &mut hear).await;
        while self.session.is_busy() {
            self.session.tick(&mut hear).await;
        }
        failure.map_or(Ok(events), |failure| Err(failure.into()))
    }

    /// As [`Self::ask`], for a command that has one answer.
    ///
    /// # Errors
    /// The command failed, or answered something else.
    pub async fn answer<T>(&mut self, command: Command, pick: impl FnMut(Event) -> Option<T>) -> Result<T> {
        let answer = self.ask(command).await?.into_iter().find_map(pick);
        answer.ok_or_else(|| Error::internal("The engine gave another answer"))
    }
}

/// The session's sentences, already complete with place and remedy.
impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::Input => Kind::Input,
            FailureKind::Request => Kind::Request,
            FailureKind::Device => Kind::Device,
            FailureKind::Diverged => Kind::Diverged,
            FailureKind::Internal => Kind::Internal,
        };
        Self::new(kind, failure.message.trim_end_matches('.'))
    }
}

//! A training on a device that may have to compile first, advanced while something else is done.

use crate::error::{Error, Result};
use crate::models::{AnyTraining, Completed};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

/// A piece of a training on its way, which gives the training back.
type Piece = Pin<Box<dyn Future<Output = (AnyTraining, Result<Option<Completed>>)>>>;

/// A training up to the first update or step that its device computes: afterwards the device has compiled what such a training needs.
pub(super) struct Rehearsal {
    piece: Piece,
    /// The stage at which it began.
    begun: u64,
}

/// How far a rehearsal is.
pub(super) enum Rehearsed {
    /// A piece is done, and others follow.
    More,
    /// The first update or step is there; what it completed.
    Whole(Box<AnyTraining>, Option<Completed>),
    /// The device cannot do it.
    Failed(Error),
}

impl Rehearsal {
    /// A rehearsal of a training that has just been made.
    pub(super) fn of(training: AnyTraining) -> Self {
        Self { begun: training.stage(), piece: Box::pin(piece(training)) }
    }

    /// The stage at which it began.
    pub(super) fn begun(&self) -> u64 {
        self.begun
    }

    /// Does one bounded piece, but waits for nothing: none if the device is not done yet.
    pub(super) fn look(&mut self) -> Option<Rehearsed> {
        match self.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(found) => Some(found),
            Poll::Pending => None,
        }
    }

    /// Does one bounded piece and waits for the device. Nothing is lost if nobody waits to the end: the next call goes on.
    pub(super) async fn wait(&mut self) -> Rehearsed {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Rehearsed> {
        let (training, found) = ready!(self.piece.as_mut().poll(context));
        Poll::Ready(match found {
            Err(error) => Rehearsed::Failed(error),
            Ok(completed) if training.stage() > self.begun => Rehearsed::Whole(Box::new(training), completed),
            Ok(_) => {
                self.piece = Box::pin(piece(training));
                Rehearsed::More
            }
        })
    }
}

async fn piece(mut training: AnyTraining) -> (AnyTraining, Result<Option<Completed>>) {
    let found = training.advance().await;
    (training, found)
}

#[cfg(test)]
impl Rehearsal {
    /// The same on a device that is not done at so many looks, and then fails if there is a `fault`.
    pub(super) fn slowed(self, mut looks: usize, fault: Option<Error>) -> Self {
        let Self { piece, begun } = self;
        let wait = poll_fn(move |_| {
            let left = looks;
            looks = looks.saturating_sub(1);
            if left > 0 { Poll::Pending } else { Poll::Ready(()) }
        });
        let piece = Box::pin(async {
            wait.await;
            let (training, found) = piece.await;
            (training, fault.map_or(found, Err))
        });
        Self { piece, begun }
    }
}

//! A question that comes with a file.

use super::{Engine, Order, Purpose, Question};
use crate::files;
use leptos::task::spawn_local;
use scimf::protocol::{Array, Command};

impl Engine {
    /// Compares what is read off the operators with the known signs in a file.
    pub fn compare_signs(&self, file: web_sys::File) {
        let engine = *self;
        let question = Question::SignAgreement;
        engine.pending.update(|pending| {
            pending.retain(|other| *other != question);
            pending.push(question);
        });
        spawn_local(async move {
            match files::read(&file).await {
                Ok(content) => engine.send(Order {
                    purpose: Purpose::Ask(question),
                    command: Command::SignAgreement { name: file.name(), bytes: Array::default() },
                    contents: vec![files::Body::Bytes(content)],
                }),
                Err(problem) => {
                    engine.pending.update(|pending| pending.retain(|other| *other != question));
                    engine.state.problem.set(Some(problem));
                }
            }
        });
    }
}

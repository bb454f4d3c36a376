//! Other types for the cells.

use super::{Engine, Purpose, Question};
use scimf::protocol::{Command, Typing};

impl Engine {
    /// Sorts the cells into other types, unless they are being sorted. What names types by their positions ends before.
    pub fn retype(&self, typing: Typing) {
        if !self.asked(|purpose| matches!(purpose, Purpose::Retype)).is_empty() {
            return;
        }
        let simulates = |purpose: &Purpose| matches!(purpose, Purpose::Ask(Question::Simulation | Question::Beside(_)));
        self.asked(simulates).into_iter().for_each(|request| self.end_simulation(request));
        if self.pending(Question::Markers) {
            self.order(Purpose::Cancel, Command::Cancel);
        }
        self.order(Purpose::Retype, Command::Retype(typing));
    }
}

//! What is done whenever signals change.

/// As [`leptos::prelude::Effect`].
pub struct Effect;

impl Effect {
    /// Runs a function now, after what is going on, and again whenever a signal that it read changes, with what it returned before.
    #[expect(clippy::new_ret_no_self, reason = "as leptos calls it; the effect belongs to the owner of the moment")]
    pub fn new<T: 'static>(mut run: impl FnMut(Option<T>) -> T + 'static) {
        let mut before = None;
        boxed(Box::new(move || before = Some(run(before.take()))));
    }
}

/// One copy for all effects.
fn boxed(run: Box<dyn FnMut()>) {
    leptos::prelude::Effect::new(run);
}

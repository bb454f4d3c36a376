//! A value of any type.

use std::any::Any;

/// A value whose type its signal knows.
pub struct Value(Box<dyn Any + Send + Sync>);

impl Value {
    pub fn new<T: Send + Sync + 'static>(value: T) -> Self {
        Self(Box::new(value))
    }

    pub fn get<T: 'static>(&self) -> &T {
        self.0.downcast_ref().expect(WRONG)
    }

    pub fn get_mut<T: 'static>(&mut self) -> &mut T {
        self.0.downcast_mut().expect(WRONG)
    }
}

const WRONG: &str = "a signal holds values of one type";

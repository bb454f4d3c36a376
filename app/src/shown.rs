//! What is shown, derived from the state: the view draws it on the page and the export writes it into a document.

pub mod cells;
pub mod find;
pub mod landscape;
pub mod linearisation;
pub mod links;
pub mod perturbation;
pub mod shades;
pub mod velocity;
pub mod why;

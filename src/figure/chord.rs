//! chord

//! Builds, serves and tests the explorer.
fn main() {}

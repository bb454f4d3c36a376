//! The engine in a Web Worker.

mod wire;

fn main() {}

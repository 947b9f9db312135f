//! Program `lockstep`.
fn main() {}

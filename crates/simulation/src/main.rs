//! Program `simulation`.
fn main() {}

//! Program `bench`.
fn main() {}

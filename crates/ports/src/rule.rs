//! Pure checks that the Projects app enforces and the bridge foresees.

pub mod ancestors;
pub mod name;
pub mod schedule;
pub mod title;

//! A whole installation in memory with a clock that is turned by hand: for scenarios, and for the simulator.

pub mod installation;
pub mod scene;
pub mod sources;

pub use installation::Installation;
pub use scene::Scene;

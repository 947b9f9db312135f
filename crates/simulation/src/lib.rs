//! A whole installation in memory with a clock that is turned by hand: for scenarios, and for the simulator.

pub mod faulty;
pub mod installation;
pub mod memory;
pub mod scene;
pub mod sim;
pub mod sources;

pub use installation::Installation;
pub use scene::Scene;

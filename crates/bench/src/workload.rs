//! The workloads.

pub mod delta;
pub mod planner;
pub mod saturated;

//! Room `lockstep`.

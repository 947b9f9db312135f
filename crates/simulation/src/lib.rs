//! Room `simulation`.

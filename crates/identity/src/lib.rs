//! Room `identity`.

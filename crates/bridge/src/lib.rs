//! Room `bridge`.

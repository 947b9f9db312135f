//! Room `projects`.

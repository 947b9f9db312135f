//! `/settings`: what is switched on in this installation.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::failure::Failure;
use crate::version;

#[derive(Serialize)]
struct Settings {
    native_mode: bool,
    several_connections: bool,
    mass_guard: Option<u32>,
    history_days: Option<u32>,
}

/// Nothing of it can be changed yet: one connection, everything switched on, history for ever.
pub(crate) fn get(_: &Call) -> Result<Answer, Failure> {
    let settings = Settings { native_mode: false, several_connections: false, mass_guard: None, history_days: None };
    Ok(Answer::ok(&settings)?.with_etag(version::of_content(&settings)?))
}

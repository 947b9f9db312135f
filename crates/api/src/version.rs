//! Versions of what is answered: `ETag` out, `If-Match` in.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::code::Code;
use crate::failure::Failure;

/// The ETag of a thing that counts its versions.
pub(crate) fn of_number(version: i64) -> String {
    format!("\"{version}\"")
}

/// The ETag of a thing that is put together from several: a fingerprint of what it consists of.
pub(crate) fn of_content<T: Serialize>(content: &T) -> Result<String, Failure> {
    let bytes = serde_json::to_vec(content).map_err(Failure::internal)?;
    let print: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("\"{print}\""))
}

/// Lets a write through whose `If-Match` names the present version, or says `*`.
///
/// Errors: none was sent (428), or the thing has changed since (412, with the present ETag).
pub(crate) fn check(if_match: Option<&str>, present: &str) -> Result<(), Failure> {
    let Some(given) = if_match else { return Err(Failure::of(Code::IfMatchRequired)) };
    let names_it = given.split(',').map(str::trim).any(|tag| tag == "*" || tag == present);
    if names_it { Ok(()) } else { Err(Failure::version_changed(present.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_write_names_the_present_version_or_any() {
        for (given, is_ok) in [
            (Some("\"7\""), true),
            (Some("*"), true),
            (Some("\"6\", \"7\""), true),
            (Some("\"6\""), false),
            (Some("W/\"7\""), false),
            (Some("7"), false),
            (Some(""), false),
            (None, false),
        ] {
            assert_eq!(check(given, "\"7\"").is_ok(), is_ok, "{given:?}");
        }
    }
}

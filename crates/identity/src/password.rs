//! Passwords: which ones are taken, and their hashes (argon2id, at most two at once).

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use ports::Entropy;

use crate::error::IdentityError;
use crate::secret::Secret;

/// Characters, not bytes: Chinese counts as people count.
const LENGTH_MIN: usize = 8;
/// Hashing more would only cost time.
const LENGTH_MAX: usize = 200;
/// Each hash takes 19 MiB and most of a core for some hundredths of a second.
const AT_ONCE_MAX: u32 = 2;
const WAIT: Duration = Duration::from_secs(10);

/// Passwords of eight characters and more that everybody tries first.
const KNOWN: &str = include_str!("known_passwords.txt");

/// Hashes and checks passwords.
pub(crate) struct Passwords {
    busy: Mutex<u32>,
    free: Condvar,
    /// Checked when there is no account, so that the answer takes as long as with one.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new(entropy: &dyn Entropy) -> Result<Self, IdentityError> {
        let nobody = hash(&Secret::new("nobody has this password"), entropy)?;
        Ok(Self { busy: Mutex::new(0), free: Condvar::new(), nobody })
    }

    /// The text to keep for a password.
    pub(crate) fn hash(&self, password: &Secret, entropy: &dyn Entropy) -> Result<String, IdentityError> {
        self.in_turn(|| hash(password, entropy))?
    }

    /// Whether the password is the one of the kept text; without one it never is, after the same time.
    pub(crate) fn fits(&self, password: &Secret, kept: Option<&str>) -> Result<bool, IdentityError> {
        let is_long = password.reveal().chars().count() > LENGTH_MAX;
        let password = if is_long { "" } else { password.reveal() };
        let fits = self.in_turn(|| {
            let kept = PasswordHash::new(kept.unwrap_or(&self.nobody));
            kept.is_ok_and(|kept| Argon2::default().verify_password(password.as_bytes(), &kept).is_ok())
        })?;
        Ok(fits && kept.is_some() && !is_long)
    }

    fn in_turn<T>(&self, work: impl FnOnce() -> T) -> Result<T, IdentityError> {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut busy, waited) = self
            .free
            .wait_timeout_while(busy, WAIT, |busy| *busy >= AT_ONCE_MAX)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(IdentityError::Busy);
        }
        *busy += 1;
        drop(busy);
        let place = Place(self);
        let answer = work();
        drop(place);
        Ok(answer)
    }
}

/// Gives its place back, also when the work panics.
struct Place<'a>(&'a Passwords);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.busy.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.free.notify_one();
    }
}

/// Whether a new password may be used. The code of the error: `too_short`, `too_long`, `known`.
pub fn check(password: &Secret) -> Result<(), &'static str> {
    let text = password.reveal();
    let length = text.chars().count();
    if length < LENGTH_MIN {
        return Err("too_short");
    }
    if length > LENGTH_MAX {
        return Err("too_long");
    }
    let folded = text.to_lowercase();
    let first = folded.chars().next();
    let is_one_letter = folded.chars().all(|letter| Some(letter) == first);
    if is_one_letter || KNOWN.lines().any(|known| known == folded) {
        return Err("known");
    }
    Ok(())
}

fn hash(password: &Secret, entropy: &dyn Entropy) -> Result<String, IdentityError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default());
    let hash = argon2.hash_password_with_salt(password.reveal().as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|cause| IdentityError::Internal(format!("hashing failed: {cause}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;
    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for (at, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::try_from(at % 250).unwrap();
            }
        }
    }

    #[test]
    fn short_and_known_passwords_are_not_taken() {
        for (text, answer) in [
            ("short", Err("too_short")),
            ("密码很短", Err("too_short")),
            ("Password1", Err("known")),
            ("aaaaaaaaaa", Err("known")),
            ("correct horse battery", Ok(())),
            ("八个汉字的密码好记", Ok(())),
        ] {
            assert_eq!(check(&Secret::new(text)), answer, "{text}");
        }
        assert_eq!(check(&Secret::new("ab".repeat(101))), Err("too_long"));
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new(&Counting).unwrap();
        let kept = passwords.hash(&Secret::new("correct horse"), &Counting).unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(passwords.fits(&Secret::new("correct horse"), Some(&kept)).unwrap());
        assert!(!passwords.fits(&Secret::new("Correct horse"), Some(&kept)).unwrap());
        assert!(!passwords.fits(&Secret::new("nobody has this password"), None).unwrap());
    }
}

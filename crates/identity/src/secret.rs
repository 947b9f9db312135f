//! Secrets: texts that are never printed, tokens from unpredictable bytes, hashes kept in their place.

use std::fmt;

use ports::Entropy;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A text that must not show up in logs: prints as `[hidden]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for hashing, checking, and for handing it to its owner once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept instead: SHA-256 in hexadecimal. Enough for tokens of 128 bits and more; passwords are hashed by
    /// [`crate::password`].
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[hidden]")
    }
}

/// Compares without telling by its time how much was right.
pub(crate) fn is_equal(one: &str, other: &str) -> bool {
    bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

/// `count` unpredictable bytes in hexadecimal.
pub(crate) fn random_hex(entropy: &dyn Entropy, count: usize) -> String {
    let mut bytes = vec![0; count];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// Without letters and digits that look alike.
const READABLE: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A token that a person types: three groups of four, 60 bits.
pub(crate) fn random_readable(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 12];
    entropy.fill(&mut bytes);
    let mut text = String::with_capacity(14);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        let letter = READABLE.get(usize::from(byte % 32)).copied().unwrap_or(b'A');
        text.push(char::from(letter));
    }
    text
}

/// `count` upper-case letters and digits.
pub(crate) fn random_upper(entropy: &dyn Entropy, count: usize) -> String {
    let mut bytes = vec![0; count];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(READABLE.get(usize::from(byte % 32)).copied().unwrap_or(b'A'))).collect()
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secret = Secret::new("correct horse");
        assert_eq!(format!("{secret:?}"), "[hidden]");
        assert_eq!(secret.hash(), Secret::new("correct horse").hash());
        assert!(!secret.hash().contains("correct"));
    }

    #[test]
    fn the_hash_is_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Secret::new("").hash(), empty);
    }
}

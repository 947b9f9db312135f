//! A folder of `.eml` files, for an installation without a mail server.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Delivery, Handed};
use crate::eml::{self, Outgoing};

/// Writes each letter into a file of its own. The name follows from the letter, so that writing it once more gives the
/// same file.
#[derive(Clone, Debug)]
pub struct MailFolder {
    folder: PathBuf,
}

impl MailFolder {
    /// The folder of this path; it is made with the first letter.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Written beside its place first: a file is there complete or not at all.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let unfinished = self.folder.join(format!(".{name}.part"));
        let mut file = new_file(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&unfinished, self.folder.join(name))
    }
}

impl Delivery for MailFolder {
    fn hand_over(&self, letter: &Outgoing) -> Handed {
        let message = match eml::message(letter, None) {
            Ok(message) => message,
            Err(cause) => return Handed::Refused(cause),
        };
        let name = file_name(letter);
        match self.write(&name, &message.formatted()) {
            Ok(()) => Handed::Written(name),
            Err(cause) => Handed::Later(format!("{}: {cause}", self.folder.join(&name).display())),
        }
    }
}

/// Such as `m7-ana.silva-5400000000000000123.eml`.
fn file_name(letter: &Outgoing) -> String {
    let local = letter.to.as_str().split('@').next().unwrap_or_default();
    let local: String = local
        .chars()
        .map(|sign| if sign.is_ascii_alphanumeric() || ".-_".contains(sign) { sign } else { '-' })
        .take(40)
        .collect();
    format!("{}-{local}-{}.eml", letter.code.code().to_lowercase(), letter.id)
}

/// Letters hold invitations: for the owner's eyes only.
#[cfg(unix)]
fn new_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}

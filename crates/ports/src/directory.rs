//! Who people are: name, language, time zone, and the administrators of a side.

use crate::acting::Tenant;
use crate::value::{Email, Language};

/// A person as letters and pages need one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCard {
    /// The address, also the key of the person.
    pub email: Email,
    /// The name shown.
    pub name: String,
    /// Language of pages and mails.
    pub language: Language,
    /// IANA name of the time zone, for example `Europe/London`.
    pub zone: String,
    /// Whether the person can sign in and be written to.
    pub is_active: bool,
}

/// Looks people up. Put together in the program from identity and both apps.
pub trait Directory: Send + Sync {
    /// The person with this address, if the installation knows one.
    fn person(&self, email: &Email) -> Option<PersonCard>;
    /// Owner and administrators of the portal that are active, owner first.
    fn portal_administrators(&self, tenant: &Tenant) -> Vec<Email>;
    /// Active administrators of the organisation.
    fn crm_administrators(&self, tenant: &Tenant) -> Vec<Email>;
    /// Name of the organisation, for the head of a letter; without one the program's name stands there.
    fn organisation_name(&self, tenant: &Tenant) -> Option<String> {
        let _ = tenant;
        None
    }
}

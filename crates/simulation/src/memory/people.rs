//! The people of the sides in memory.

use ports::{Directory, Email, Language, PersonCard, Tenant};

use super::Sides;

/// The address of a person, by a name such as `u4`.
pub fn email(name: &str) -> Email {
    Email::parse(&format!("{name}@zylker.example")).unwrap()
}

impl Directory for Sides {
    fn person(&self, email: &Email) -> Option<PersonCard> {
        Some(PersonCard {
            email: email.clone(),
            name: email.to_string(),
            language: Language::En,
            zone: "UTC".to_owned(),
            is_active: true,
        })
    }

    fn portal_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        vec![email("u1")]
    }

    fn crm_administrators(&self, _tenant: &Tenant) -> Vec<Email> {
        vec![email("u1")]
    }
}

//! F6: one owner in the CRM, a list in Projects; the first of the list is the one that is synced.

use ports::Email;

use super::address;
use crate::field::{FieldValue, Shown};

/// The first owner; the native form names all.
pub fn shown(owners: &[Email]) -> Shown {
    let native = (owners.len() > 1).then(|| owners.iter().map(address).collect::<Vec<_>>().join(", "));
    Shown { value: FieldValue::person(owners.first()), native }
}

/// The owners after the first was replaced: further ones stay, nobody is there twice.
pub fn with_first(owners: &[Email], first: Option<&Email>) -> Vec<Email> {
    let further = owners.iter().skip(1).filter(|owner| Some(*owner) != first).cloned();
    first.cloned().into_iter().chain(further).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f6_the_first_owner_is_replaced_and_further_ones_stay() {
        let people = |names: &str| -> Vec<Email> {
            names.chars().map(|name| Email::parse(&format!("{name}@x.example")).unwrap()).collect()
        };
        for (before, first, after) in
            [("ab", "c", "cb"), ("ab", "b", "b"), ("", "a", "a"), ("a", "c", "c"), ("abc", "", "bc")]
        {
            assert_eq!(with_first(&people(before), people(first).first()), people(after), "{before} {first}");
        }
    }
}

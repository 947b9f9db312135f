//! People: initials, avatar, name.

use askama::Template;

use crate::show::safe_parts;

/// The colour of a person or project, 1–8. It follows from the id alone and so never changes.
#[must_use]
pub fn hue(id: &str) -> u8 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u8::try_from(hash % 8).unwrap_or(0) + 1
}

/// Two letters for a name: first and last word, the first two letters of a single word, two signs of a Chinese name.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split([' ', '.', '-', '_', '@']).filter(|word| !word.is_empty()).collect();
    let first = words.first().copied().unwrap_or_default();
    let letters: String = match words.as_slice() {
        [_, .., last] => first.chars().take(1).chain(last.chars().take(1)).collect(),
        [_] | [] => first.chars().take(2).collect(),
    };
    letters.to_uppercase()
}

/// The round picture of a person. The name stands beside it, or in `label`.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="avatar{% if !size.is_empty() %} {{ size }}{% endif %}" data-hue="{{ hue }}" aria-hidden="true">{{ letters }}</span>"#,
    ext = "html"
)]
pub struct Avatar {
    letters: String,
    hue: u8,
    size: &'static str,
}

impl Avatar {
    /// `key` is what never changes of the person: the address.
    #[must_use]
    pub fn new(name: &str, key: &str) -> Self {
        Self { letters: initials(name), hue: hue(key), size: "" }
    }

    /// 18 px.
    #[must_use]
    pub fn small(self) -> Self {
        Self { size: "sm", ..self }
    }

    /// 32 px.
    #[must_use]
    pub fn large(self) -> Self {
        Self { size: "lg", ..self }
    }
}

/// A person with name, or the place where nobody stands yet.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="who{% if avatars.is_empty() %} faint{% endif %}">{% if avatars.is_empty() %}<span class="avatar none" aria-hidden="true"></span>{% else if avatars.len() == 1 %}{% for avatar in avatars %}{{ avatar }}{% endfor %}{% else %}<span class="avatars">{% for avatar in avatars %}{{ avatar }}{% endfor %}</span>{% endif %}<span>{{ text }}</span></span>"#,
    ext = "html"
)]
pub struct Who {
    avatars: Vec<Avatar>,
    text: String,
}

impl Who {
    /// One person.
    #[must_use]
    pub fn new(name: &str, key: &str) -> Self {
        Self { avatars: vec![Avatar::new(name, key)], text: name.to_owned() }
    }

    /// Nobody; `text` says so, for example "Nobody".
    #[must_use]
    pub fn nobody(text: impl Into<String>) -> Self {
        Self { avatars: Vec::new(), text: text.into() }
    }

    /// Several people, the first three as pictures, all by name in `text`. `people` are (name, address).
    #[must_use]
    pub fn several(people: &[(String, String)], nobody: &str) -> Self {
        let avatars = people.iter().take(3).map(|(name, key)| Avatar::new(name, key)).collect();
        let names: Vec<&str> = people.iter().map(|(name, _)| name.as_str()).collect();
        let text = if names.is_empty() { nobody.to_owned() } else { names.join(", ") };
        Self { avatars, text }
    }
}

safe_parts!(Avatar, Who);

#[cfg(test)]
mod tests {
    use super::{hue, initials};

    #[test]
    fn initials_are_those_of_first_and_last_word() {
        for (name, expected) in [
            ("Migration Lead", "ML"),
            ("Sales Representative China", "SC"),
            ("Administrator", "AD"),
            ("销售经理", "销售"),
            ("李 明", "李明"),
            ("", ""),
            ("sales.rep@zylker.example", "SE"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn hue_is_one_of_eight_and_spreads() {
        let mut seen = [false; 9];
        for number in 0..200 {
            let hue = hue(&format!("71000000000000{number}"));
            assert!((1..=8).contains(&hue));
            if let Some(place) = seen.get_mut(usize::from(hue)) {
                *place = true;
            }
        }
        assert_eq!(seen.iter().filter(|was| **was).count(), 8);
    }
}

//! `Words`: one method per message, made by the build script from the message files.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::{Language, Slot, number};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The messages in one language. Copied freely; a template calls `w.nav_home()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

impl Words {
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self { language }
    }

    #[must_use]
    pub fn language(self) -> Language {
        self.language
    }

    /// For the `lang` attribute of the page: `en`, `zh-CN`.
    #[must_use]
    pub fn lang_attr(self) -> &'static str {
        self.language.code()
    }

    /// The generated methods call this with an id that exists and with all its parameters; the build checked both.
    fn format<const N: usize>(self, id: &str, values: [(&'static str, FluentValue<'_>); N]) -> String {
        let bundle = bundle(self.language);
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let mut args = FluentArgs::with_capacity(N);
        for (name, value) in values {
            args.set(name, value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
        debug_assert!(errors.is_empty(), "message {id}: {errors:?}");
        text.into_owned()
    }
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static EN: OnceLock<Bundle> = OnceLock::new();
    static ZH_CN: OnceLock<Bundle> = OnceLock::new();
    match language {
        Language::En => EN.get_or_init(|| made(language)),
        Language::ZhCn => ZH_CN.get_or_init(|| made(language)),
    }
}

fn made(language: Language) -> Bundle {
    // The plural rules are found by this. Both codes can be read; "und" would only show every number as plural.
    let identifier = language.code().parse::<LanguageIdentifier>().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // The marks would end up in mails, in titles and in tests; both languages run from left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(number::grouped(&number.as_string())),
        FluentValue::String(_) | FluentValue::Custom(_) | FluentValue::None | FluentValue::Error => None,
    }));
    // What the parser cannot read, and ids that stand twice, stopped the build already: what is left is complete.
    let resource = match FluentResource::try_new(source(language).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::{Words, every_message, every_source};
    use crate::Language;

    #[test]
    fn every_message_formats_in_every_language() {
        for language in Language::ALL {
            for (id, text) in every_message(Words::new(language)) {
                assert!(!text.trim().is_empty(), "{language:?} {id} is empty");
                assert_eq!(text.trim(), text, "{language:?} {id} begins or ends with a space");
                assert!(!text.contains(['{', '}']), "{language:?} {id} kept a brace: {text}");
                assert!(!text.contains(['\u{2068}', '\u{2069}']), "{language:?} {id} has isolation marks");
            }
        }
    }

    #[test]
    fn english_is_plain_and_typographic() {
        for (id, text) in every_message(Words::new(Language::En)) {
            assert!(!text.contains(['!', '！']), "{id}: no exclamation marks: {text}");
            assert!(!text.contains(['"', '\'']), "{id}: curly quotes and apostrophes (“ ” ’): {text}");
            assert!(!text.contains("..."), "{id}: one character for the ellipsis (…): {text}");
            let folded = text.to_lowercase();
            for word in ["please", "sorry", "oops"] {
                assert!(
                    !folded.split(|c: char| !c.is_alphabetic()).any(|w| w == word),
                    "{id}: without “{word}”: {text}"
                );
            }
        }
    }

    #[test]
    fn chinese_has_full_width_punctuation() {
        for (id, text) in every_message(Words::new(Language::ZhCn)) {
            let letters: Vec<char> = text.chars().collect();
            for (at, mark) in letters.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|i| letters.get(i)).copied();
                let after = letters.get(at + 1).copied();
                let beside_chinese = before.is_some_and(is_chinese) || after.is_some_and(is_chinese);
                assert!(!"\"'!！".contains(*mark), "{id}: “{mark}” is not used in Chinese: {text}");
                assert!(!(beside_chinese && ",.:;?()".contains(*mark)), "{id}: “{mark}” must be full width: {text}");
            }
            assert!(!text.contains('你'), "{id}: 您, not 你: {text}");
        }
    }

    #[test]
    fn chinese_is_set_apart_from_latin() {
        for (id, source) in every_source(Language::ZhCn) {
            let text = source.split_once('=').map_or("", |(_, text)| text);
            let letters: Vec<char> = text.chars().collect();
            for pair in letters.windows(2) {
                let [a, b] = pair else { continue };
                let touches =
                    is_chinese(*a) && b.is_ascii_alphanumeric() || a.is_ascii_alphanumeric() && is_chinese(*b);
                let is_date = "年月日时分秒".contains(*a) || "年月日时分秒".contains(*b);
                assert!(!touches || is_date, "{id}: a space between “{a}” and “{b}”: {text}");
            }
        }
    }

    fn is_chinese(letter: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&letter)
    }
}

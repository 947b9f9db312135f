//! The languages of the product and how a request or an account names them.

/// A language that every message exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En,
    ZhCn,
}

impl Language {
    /// In the order in which a menu offers them.
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// The code as stored and as written into `lang` attributes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// The name of the language in itself, for a menu.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::ZhCn => "简体中文",
        }
    }

    /// Reads a code such as `en`, `en-GB`, `zh`, `zh-CN`, `zh_Hans`. `None` for a language that is not offered.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let first = code.trim().split(['-', '_']).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else if first.eq_ignore_ascii_case("zh") {
            Some(Self::ZhCn)
        } else {
            None
        }
    }

    /// The offered language that the header `Accept-Language` likes best, the first of equals; else English.
    #[must_use]
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0_u32, Self::default());
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(language) = pieces.next().and_then(Self::from_code) else {
                continue;
            };
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1000, weight_in_thousandths);
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// `0.8` is 800, `1` is 1000; what cannot be read counts as 0, so that it is never preferred.
fn weight_in_thousandths(text: &str) -> u32 {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u32>(), digits.parse::<u32>()) {
        (Ok(whole), Ok(part)) => (whole.min(1) * 1000 + part).min(1000),
        (Ok(_) | Err(_), _) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, En, ZhCn};

    #[test]
    fn accept_language_follows_weights_and_then_order() {
        for (header, expected) in [
            ("", En),
            ("zh-CN,zh;q=0.9,en;q=0.8", ZhCn),
            ("en-US,en;q=0.9,zh-CN;q=0.8", En),
            ("de-DE,de;q=0.9,zh;q=0.5,en;q=0.3", ZhCn),
            ("fr", En),
            ("en;q=0.1, zh-TW;q=0.7", ZhCn),
            ("zh;q=0", En),
            ("zh;q=wrong,en;q=0.001", En),
            ("zh-CN ; q=0.5 , en;q=0.5", ZhCn),
        ] {
            assert_eq!(Language::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn codes_are_read_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        assert_eq!(Language::from_code("ZH_hans"), Some(ZhCn));
        assert_eq!(Language::from_code("enough"), None);
        assert_eq!(Language::from_code("de"), None);
    }
}

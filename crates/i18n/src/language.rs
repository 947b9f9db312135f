//! The languages of the product as a request and a menu name them.

use ports::Language;

/// The name of the language in itself, for a menu.
#[must_use]
pub fn language_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::ZhCn => "简体中文",
    }
}

/// The offered language that the header `Accept-Language` likes best, the first of equals; else English.
#[must_use]
pub fn accepted_language(header: &str) -> Language {
    let mut best = (0_u32, Language::default());
    for part in header.split(',') {
        let mut pieces = part.split(';');
        let Some(language) = pieces.next().and_then(|code| Language::parse(code.trim()).ok()) else {
            continue;
        };
        let weight = pieces.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, weight_in_thousandths);
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
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
    use ports::Language::{En, ZhCn};

    use super::accepted_language;

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
            assert_eq!(accepted_language(header), expected, "{header}");
        }
    }
}

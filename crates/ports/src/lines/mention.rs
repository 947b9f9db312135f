//! Mentions (COM-4): "@Account Manager" names a person, and becomes the plain name on the other side.

/// Those of `names` that the text mentions.
pub fn mentioned<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    if !text.contains('@') {
        return Vec::new();
    }
    let is_mentioned = |name: &&str| places(text, name).next().is_some();
    names.filter(is_mentioned).map(str::to_owned).collect()
}

/// The text with plain names in the place of mentions of `names`. Any other @ stays, so do addresses.
pub fn without_mentions(text: &str, names: &[String]) -> String {
    let mut signs: Vec<usize> = names.iter().flat_map(|name| places(text, name)).collect();
    signs.sort_unstable();
    signs.dedup();
    let mut plain = String::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        if signs.binary_search(&at).is_err() {
            plain.push(sign);
        }
    }
    plain
}

/// Where the @ of each mention of a name stands.
fn places<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |sign: char| sign.is_ascii_alphanumeric();
    text.match_indices('@').map(|(at, _)| at).filter(move |at| {
        let (before, rest) = text.split_at(*at);
        let after = rest.get(1..).and_then(|rest| rest.strip_prefix(name));
        let is_whole = after.is_some_and(|after| !(after.starts_with(is_word) && name.ends_with(is_word)));
        !name.is_empty() && !before.ends_with(is_word) && is_whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let names = ["Ann", "Ann Lee", "王芳", "O'Brien"];
        without_mentions(text, &mentioned(text, names.into_iter()))
    }

    #[test]
    fn com_4_mentions_become_plain_names() {
        assert_eq!(plain("Two days, @Ann Lee"), "Two days, Ann Lee");
        assert_eq!(plain("@Ann: please ask (@O'Brien)."), "Ann: please ask (O'Brien).");
        assert_eq!(plain("请@王芳看一下"), "请王芳看一下");
    }

    #[test]
    fn com_4_any_other_at_stays() {
        for text in ["ann@Ann.example", "@Anna", "@ 5 pm", "3 @ 20 EUR", "@somebody", "@"] {
            assert_eq!(plain(text), text);
        }
    }
}

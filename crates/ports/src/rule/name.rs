//! When two companies have the same name, and when only a similar one (MAP-5).

use unicode_normalization::UnicodeNormalization;

/// The form in which names are the same: composed (NFC), blanks at the ends cut off.
///
/// Only the blanks that a keyboard slips in are cut: a full-width blank is part of what somebody wrote, and
/// makes the name similar, not the same.
pub fn exact(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.trim_matches([' ', '\t', '\n', '\r']).to_owned()
}

/// The name key: compatible forms united (NFKC), letter case folded, white space collapsed and trimmed.
pub fn key(text: &str) -> String {
    let united: String = text.nfkc().collect();
    let folded: String = caseless::default_case_fold_str(&united).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn map_5_same_and_similar_names() {
        let pairs = [
            ("H\u{f4}tel Zylker", "Ho\u{302}tel Zylker", true),
            (" Port Customer ", "Port Customer", true),
            ("ABC 客户", "ＡＢＣ 客户", false),
            ("Straße Customer", "STRASSE CUSTOMER", false),
            ("Dock  Customer", "Dock Customer", false),
            ("零售客户\u{3000}", "零售客户", false),
        ];
        for (left, right, is_same) in pairs {
            assert_eq!(exact(left) == exact(right), is_same, "{left:?} {right:?}");
            assert_eq!(key(left), key(right), "{left:?} {right:?}");
        }
        assert_ne!(key("North Reseller"), key("Northern Reseller"));
    }
}

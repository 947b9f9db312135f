//! Numbers, amounts and percentages. Both languages group by thousands with a comma and use a point.

use crate::Words;

impl Words {
    /// `8,800`, `−12`.
    #[must_use]
    pub fn number(self, number: i64) -> String {
        grouped(&number.to_string())
    }

    /// An amount with its currency: `$12,000`, `¥1,250.50`, `CHF 300`. `amount` is decimal text as stored; a text
    /// that is no number is shown as it is. Without a currency only the number is shown.
    #[must_use]
    pub fn money(self, amount: &str, currency: &str) -> String {
        let number = decimal(amount).map_or_else(|| amount.to_owned(), |text| grouped(&text));
        let (minus, digits) = number.strip_prefix('−').map_or(("", number.as_str()), |digits| ("−", digits));
        match currency {
            "" => number,
            "USD" => format!("{minus}${digits}"),
            "EUR" => format!("{minus}€{digits}"),
            "GBP" => format!("{minus}£{digits}"),
            "CNY" | "JPY" => format!("{minus}¥{digits}"),
            "INR" => format!("{minus}₹{digits}"),
            code => format!("{code}\u{a0}{number}"),
        }
    }

    /// An amount in hundredths of the currency, whole amounts without decimals.
    #[must_use]
    pub fn money_minor(self, hundredths: i64, currency: &str) -> String {
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        self.money(&format!("{sign}{whole}.{part:02}"), currency)
    }

    /// `35%`.
    #[must_use]
    pub fn percent(self, percent: i64) -> String {
        format!("{}%", self.number(percent))
    }
}

/// Reads decimal text; decimals are cut off when they are zero, and otherwise filled to two places.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !are_digits(whole) || !are_digits(part) {
        return None;
    }
    let minus = if text.starts_with('-') { "-" } else { "" };
    let part = part.trim_end_matches('0');
    if part.is_empty() { Some(format!("{minus}{whole}")) } else { Some(format!("{minus}{whole}.{part:0<2}")) }
}

/// Puts a comma before each group of three digits left of the point, and a true minus in front.
pub(crate) fn grouped(text: &str) -> String {
    let (minus, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut result = String::from(minus);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            result.push(',');
        }
        result.push(digit);
    }
    if let Some(part) = part {
        result.push('.');
        result.push_str(part);
    }
    result
}

#[cfg(test)]
mod tests {
    use crate::{Language, Words};

    #[test]
    fn numbers_are_grouped() {
        let w = Words::new(Language::En);
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (8_800, "8,800"), (-1_234_567, "−1,234,567")]
        {
            assert_eq!(w.number(number), expected);
        }
        assert_eq!(w.percent(35), "35%");
        assert!(w.number(i64::MIN).starts_with('−'));
    }

    #[test]
    fn amounts_have_their_sign() {
        let w = Words::new(Language::ZhCn);
        for (amount, currency, expected) in [
            ("12000", "USD", "$12,000"),
            ("12000.00", "EUR", "€12,000"),
            ("1250.5", "CNY", "¥1,250.50"),
            ("-300", "CHF", "CHF\u{a0}−300"),
            ("0.125", "", "0.125"),
            ("about 5", "USD", "$about 5"),
        ] {
            assert_eq!(w.money(amount, currency), expected);
        }
        assert_eq!(w.money_minor(-5, "USD"), "−$0.05");
    }
}

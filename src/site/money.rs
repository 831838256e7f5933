//! Prices as a locale writes them.

/// Currencies whose minor unit is the unit itself (ISO 4217).
const WITHOUT_MINOR: &[&str] = &["CLP", "ISK", "JPY", "KRW", "VND"];

/// Formats a price in minor units, `€1,234.50` in English or `1.234,50 €` in German.
///
/// After Unicode's CLDR for the languages that it knows; others are written as in English.
pub fn format(minor: u32, currency: &str, lang: &str) -> String {
    let language = lang.split('-').next().unwrap_or_default();
    let (decimal, group, symbol_first) = match language {
        "da" | "de" | "el" | "id" | "it" | "sl" => (',', '.', false),
        "es" | "pt" => (',', '.', false),
        "bg" | "cs" | "fi" | "fr" | "hu" | "nb" | "pl" | "ru" | "sk" | "sv" | "uk" => {
            (',', '\u{a0}', false)
        }
        "nl" | "tr" => (',', '.', true),
        _ => ('.', ',', true),
    };
    let without_minor = WITHOUT_MINOR.contains(&currency);
    let (units, cents) = if without_minor {
        (minor, None)
    } else {
        (minor / 100, Some(minor % 100))
    };
    let mut number = grouped(units, group);
    if let Some(cents) = cents {
        number.push(decimal);
        number.push_str(&format!("{cents:02}"));
    }
    let symbol = symbol(currency);
    match (symbol_first, symbol == currency) {
        (true, false) if language != "nl" => format!("{symbol}{number}"),
        (true, _) => format!("{symbol}\u{a0}{number}"),
        (false, _) => format!("{number}\u{a0}{symbol}"),
    }
}

/// A price in minor units as a number in thousandths of its currency.
pub(crate) fn thousandths(minor: u32, currency: &str) -> i64 {
    let scale = if WITHOUT_MINOR.contains(&currency) {
        1000
    } else {
        10
    };
    i64::from(minor) * scale
}

fn symbol(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "USD" => "$",
        other => other,
    }
}

fn grouped(units: u32, separator: char) -> String {
    let digits = units.to_string();
    let mut out = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_by_locale() {
        for (minor, currency, lang, expected) in [
            (1990, "EUR", "en", "€19.90"),
            (1990, "EUR", "de", "19,90\u{a0}€"),
            (123_456_789, "EUR", "de-AT", "1.234.567,89\u{a0}€"),
            (123_456, "USD", "en", "$1,234.56"),
            (500, "JPY", "en", "¥500"),
            (1990, "CHF", "en", "CHF\u{a0}19.90"),
            (5, "SEK", "sv", "0,05\u{a0}SEK"),
            (1990, "EUR", "nl", "€\u{a0}19,90"),
        ] {
            assert_eq!(format(minor, currency, lang), expected);
        }
    }
}

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

/// Reads a price as a page writes it, `1.234,50 €`, `€1,234.50` or `1234.5`, into minor units of `currency`.
///
/// `None` when it is not clear what is meant: no number, two of them without decimals, a negative one, or
/// more than 2^32 - 1 minor units.
pub fn parse(text: &str, currency: &str) -> Option<u32> {
    let decimals = if WITHOUT_MINOR.contains(&currency) {
        0
    } else {
        2
    };
    let numbers = numbers(text);
    let mut with_decimals = numbers
        .iter()
        .filter(|number| fraction_at(number).is_some());
    let number = match (numbers.as_slice(), with_decimals.next()) {
        ([one], _) | (_, Some(one)) => one,
        _ => return None,
    };
    let at = fraction_at(number).unwrap_or(number.len());
    let (whole, fraction) = number.split_at(at);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let fraction = digits(fraction);
    let mut minor: u32 = 0;
    let places = (0..decimals).map(|place| fraction.get(place).copied().unwrap_or(b'0'));
    for digit in digits(whole).into_iter().chain(places) {
        minor = minor
            .checked_mul(10)?
            .checked_add(u32::from(digit.saturating_sub(b'0')))?;
    }
    let round = fraction.get(decimals).is_some_and(|&digit| digit >= b'5');
    minor.checked_add(u32::from(round))
}

/// The runs of digits with what groups them; blanks count where three digits follow.
fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = String::new();
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let chars: Vec<char> = text.chars().take(MAX_PRICE_CHARS).collect();
    for (at, &c) in chars.iter().enumerate() {
        let next = chars.get(at + 1..).unwrap_or_default();
        let digits = next.iter().take_while(|c| c.is_ascii_digit()).count();
        match c {
            '0'..='9' => open.push(c),
            '.' | ',' if !open.is_empty() && digits > 0 => open.push(c),
            _ if is_blank(c) && !open.is_empty() && digits == 3 => {}
            '-' | '−' if digits > 0 && open.is_empty() => return Vec::new(),
            _ if !open.is_empty() => found.push(std::mem::take(&mut open)),
            _ => {}
        }
    }
    if !open.is_empty() {
        found.push(open);
    }
    found
}

/// Where a number's decimals begin, with their separator. Three digits behind the only separator are a group
/// of a thousand, unless nothing but a zero stands before it.
fn fraction_at(number: &str) -> Option<usize> {
    let at = number.rfind(['.', ','])?;
    let (whole, fraction) = number.split_at(at);
    let separator = fraction.chars().next()?;
    let is_group = fraction.len() == 4 && whole != "0" && !whole.contains(['.', ',']);
    (!is_group && !whole.contains(separator)).then_some(at)
}

/// The longest text that a price is looked for in, in characters.
const MAX_PRICE_CHARS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_as_pages_write_them() {
        for (text, currency, expected) in [
            ("1.234,56 €", "EUR", Some(123_456)),
            ("€1,234.56", "EUR", Some(123_456)),
            ("1234.5", "EUR", Some(123_450)),
            ("1 234,56\u{a0}€", "EUR", Some(123_456)),
            ("CHF 1'234.50", "CHF", Some(123_450)),
            ("1,234", "USD", Some(123_400)),
            ("1.234.567", "EUR", Some(123_456_700)),
            ("49,–", "EUR", Some(4900)),
            ("49.-", "CHF", Some(4900)),
            ("0.995", "EUR", Some(100)),
            ("1,500 JPY", "JPY", Some(1500)),
            ("1500.6", "JPY", Some(1501)),
            ("Total (3 items): £ 49.90", "GBP", Some(4990)),
            ("Summe: 49,90 € inkl. 19 % MwSt.", "EUR", Some(4990)),
            ("3 items, 20 EUR", "EUR", None),
            ("-5,00 €", "EUR", None),
            ("", "EUR", None),
            ("free", "EUR", None),
            ("99999999999", "EUR", None),
        ] {
            assert_eq!(parse(text, currency), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_can_be_read(minor: u32, lang in "(en|de|fr|nl|sv|pl|el)") {
            for currency in ["EUR", "JPY", "SEK"] {
                let written = format(minor, currency, &lang);
                proptest::prop_assert_eq!(parse(&written, currency), Some(minor), "{}", written);
            }
        }

        #[test]
        fn any_text_can_be_read(text: String) {
            let _ = parse(&text, "EUR");
        }
    }

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

//! Prices as a locale writes them.

/// Currencies whose minor unit is the unit itself (ISO 4217).
const WITHOUT_MINOR: &[&str] = &["CLP", "ISK", "JPY", "KRW", "VND"];

/// Currencies whose minor unit nobody pays with any more: where it is nothing, it is not written.
const SELDOM_MINOR: &[&str] = &["HUF", "IDR"];

/// Does not break a price over two lines.
const SPACE: char = '\u{a0}';

/// How a locale writes amounts.
struct Style {
    decimal: char,
    group: char,
    place: Place,
    /// A number of four digits is not grouped.
    short_is_whole: bool,
    /// Behind the last three digits, groups have two: 12,34,567.
    is_indian: bool,
}

/// Where the symbol stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// `€5`; a code of letters with a space.
    Before,
    /// `€ 5`
    BeforeSpaced,
    /// `5 €`
    After,
}

/// Formats a price in minor units, `€1,234.50` in English or `1.234,50 €` in German.
///
/// After Unicode's CLDR for the languages that it knows; others are written as in English. A symbol is
/// written where its country's language is spoken, or where everybody knows it; else the code.
pub fn format(minor: u32, currency: &str, lang: &str) -> String {
    let style = style(lang);
    let (units, cents) = match WITHOUT_MINOR.contains(&currency) {
        true => (minor, None),
        false => (minor / 100, Some(minor % 100)),
    };
    let cents = cents.filter(|cents| *cents != 0 || !SELDOM_MINOR.contains(&currency));
    let mut out = String::with_capacity(24);
    let symbol = symbol(currency, lang);
    if style.place != Place::After {
        out.push_str(symbol);
        let is_code = symbol.ends_with(|c: char| c.is_ascii_alphabetic());
        if style.place == Place::BeforeSpaced || is_code {
            out.push(SPACE);
        }
    }
    group(units, &style, &mut out);
    if let Some(cents) = cents {
        out.push(style.decimal);
        out.extend([cents / 10, cents % 10].map(|digit| char::from(b'0' + digit as u8)));
    }
    if style.place == Place::After {
        out.push(SPACE);
        out.push_str(symbol);
    }
    out
}

fn style(lang: &str) -> Style {
    use Place::{After, Before, BeforeSpaced};
    let narrow = '\u{202f}';
    let (decimal, group, place, short_is_whole) = match lang {
        "de-AT" | "pt-BR" => (',', '.', BeforeSpaced, false),
        "de-CH" | "de-LI" => ('.', '\'', BeforeSpaced, false),
        "it-CH" => ('.', '\'', BeforeSpaced, true),
        "fr-CH" => ('.', narrow, After, false),
        "fr-CA" => (',', SPACE, After, false),
        "pt-PT" => (',', SPACE, After, true),
        "es-MX" | "es-US" => ('.', ',', Before, false),
        _ => match language(lang) {
            "da" | "de" | "el" | "hr" | "ro" | "vi" => (',', '.', After, false),
            "es" | "it" | "sl" => (',', '.', After, true),
            "fr" => (',', narrow, After, false),
            "cs" | "fi" | "lt" | "nb" | "nn" | "no" | "ru" | "sk" | "sv" | "uk" => {
                (',', SPACE, After, false)
            }
            "bg" | "et" | "hu" | "lv" | "pl" => (',', SPACE, After, true),
            "nl" | "pt" => (',', '.', BeforeSpaced, false),
            "id" | "tr" => (',', '.', Before, false),
            _ => ('.', ',', Before, false),
        },
    };
    Style {
        decimal,
        group,
        place,
        short_is_whole,
        is_indian: lang == "en-IN" || language(lang) == "hi",
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

fn language(lang: &str) -> &str {
    lang.split('-').next().unwrap_or_default()
}

fn symbol<'c>(currency: &'c str, lang: &str) -> &'c str {
    let region = lang.rsplit('-').next().unwrap_or_default();
    match (currency, language(lang)) {
        ("BRL", _) => "R$",
        ("CNY", "zh") => "¥",
        ("CZK", "cs") => "Kč",
        ("DKK", "da") => "kr.",
        ("EUR", _) => "€",
        ("GBP", _) => "£",
        ("HUF", "hu") => "Ft",
        ("IDR", "id") => "Rp",
        ("ILS", _) => "₪",
        ("INR", _) => "₹",
        ("JPY", "zh") => "JP¥",
        ("JPY", _) => "¥",
        ("KRW", _) => "₩",
        ("NOK", "nb" | "nn" | "no") | ("SEK", "sv") => "kr",
        ("PLN", "pl") => "zł",
        ("RUB", "ru") => "₽",
        ("THB", "th") => "฿",
        ("TRY", "tr") => "₺",
        ("UAH", "uk") => "₴",
        ("VND", _) => "₫",
        // Where there is another dollar, it must be said which.
        ("USD", _) if matches!(region, "AU" | "CA" | "HK" | "MX" | "NZ" | "SG") => "US$",
        ("USD", _) => "$",
        ("AUD", _) if region == "AU" => "$",
        ("CAD", _) if region == "CA" => "$",
        ("MXN", _) if region == "MX" => "$",
        ("NZD", _) if region == "NZ" => "$",
        _ => currency,
    }
}

fn group(units: u32, style: &Style, out: &mut String) {
    let digits = units.to_string();
    let is_whole = style.short_is_whole && digits.len() <= 4;
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        let is_border = match style.is_indian && left > 3 {
            true => (left - 3).is_multiple_of(2),
            false => left.is_multiple_of(3),
        };
        if index > 0 && is_border && !is_whole {
            out.push(style.group);
        }
        out.push(digit);
    }
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

    /// What `Intl.NumberFormat` says with ICU 78 (CLDR 48), `_` for U+00A0 and `~` for U+202F.
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
            (123_456_789, "EUR", "en-GB", "€1,234,567.89"),
            (123_456, "USD", "en", "$1,234.56"),
            (1990, "USD", "en-CA", "US$19.90"),
            (1990, "CAD", "en-CA", "$19.90"),
            (1990, "GBP", "en-GB", "£19.90"),
            (500, "JPY", "en", "¥500"),
            (1990, "CHF", "en", "CHF_19.90"),
            (500, "PLN", "en", "PLN_5.00"),
            (123_456_789, "INR", "en-IN", "₹12,34,567.89"),
            (12_345, "INR", "en-IN", "₹123.45"),
            (1_234_567_890, "INR", "hi", "₹1,23,45,678.90"),
            (1990, "EUR", "de", "19,90_€"),
            (1990, "GBP", "de", "19,90_£"),
            (500, "JPY", "de", "500_¥"),
            (500, "SEK", "de", "5,00_SEK"),
            (123_456_789, "EUR", "de-AT", "€_1.234.567,89"),
            (123_456_789, "CHF", "de-CH", "CHF_1'234'567.89"),
            (123_450, "CHF", "it-CH", "CHF_1234.50"),
            (123_450, "CHF", "fr-CH", "1~234.50_CHF"),
            (123_450, "EUR", "fr", "1~234,50_€"),
            (123_450, "CAD", "fr-CA", "1_234,50_$"),
            (123_450, "EUR", "it", "1234,50_€"),
            (1_234_550, "EUR", "it", "12.345,50_€"),
            (123_450, "EUR", "es", "1234,50_€"),
            (123_450, "MXN", "es-MX", "$1,234.50"),
            (123_450, "EUR", "pt-PT", "1234,50_€"),
            (123_450, "BRL", "pt-BR", "R$_1.234,50"),
            (1990, "EUR", "nl", "€_19,90"),
            (123_450, "SEK", "sv", "1_234,50_kr"),
            (123_450, "NOK", "nb", "1_234,50_kr"),
            (123_450, "DKK", "da", "1.234,50_kr."),
            (123_450, "PLN", "pl", "1234,50_zł"),
            (1_234_550, "PLN", "pl", "12_345,50_zł"),
            (123_450, "CZK", "cs", "1_234,50_Kč"),
            (123_500, "HUF", "hu", "1235_Ft"),
            (123_450, "TRY", "tr", "₺1.234,50"),
            (1235, "KRW", "ko", "₩1,235"),
            (1235, "VND", "vi", "1.235_₫"),
            (123_500, "IDR", "id", "Rp_1.235"),
            (123_450, "RON", "ro", "1.234,50_RON"),
        ] {
            let expected = expected.replace('_', "\u{a0}").replace('~', "\u{202f}");
            assert_eq!(format(minor, currency, lang), expected, "{lang} {currency}");
        }
    }

    #[test]
    fn what_is_not_said_by_minor_units_is_written() {
        assert_eq!(format(123_450, "HUF", "hu"), "1234,50\u{a0}Ft");
        assert_eq!(format(u32::MAX, "XXX", "xx"), "XXX\u{a0}42,949,672.95");
        assert_eq!(format(5, "EUR", ""), "€0.05");
    }
}

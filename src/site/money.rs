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

#[cfg(test)]
mod tests {
    use super::*;

    /// What `Intl.NumberFormat` says with ICU 78 (CLDR 48), `_` for U+00A0 and `~` for U+202F.
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

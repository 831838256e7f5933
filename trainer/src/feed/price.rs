//! Prices as the feed writes them: `19.90 EUR`.

use crate::report::found;

/// Why a price could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// Not a number with a currency.
    #[error("expected a price such as \"19.90 EUR\", found {0}")]
    Malformed(String),
    /// Another currency than the locale's.
    #[error("expected a price in {expected}, found {found}")]
    Currency {
        /// The locale's.
        expected: String,
        /// The feed's.
        found: String,
    },
    /// More than 2^32 - 1 minor units.
    #[error("expected a price below 4294967296 minor units, found {0}")]
    TooLarge(String),
}

/// How many decimals a currency's minor unit has here: none for the currencies that the engine writes
/// without any (`tailorbird::site::money`), two for all others. ISO 4217 knows a few more without and
/// some with three; what counts is that a price is written as it was read.
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "CLP" | "ISK" | "JPY" | "KRW" | "VND" => 0,
        _ => 2,
    }
}

/// Reads a price into minor units (cents) of `currency`, rounding half up where it is finer.
///
/// The currency may be left out, and may stand before the number. A comma is refused: whether
/// `1,299` is little or much cannot be told.
///
/// # Errors
///
/// [`PriceError`], with what was expected and found.
pub fn parse_price(text: &str, currency: &str) -> Result<u32, PriceError> {
    let malformed = || PriceError::Malformed(found(text));
    let mut words = text.split_whitespace();
    let (number, code) = match (words.next(), words.next(), words.next()) {
        (Some(number), code, None) if starts_with_digit(number) => (number, code),
        (Some(code), Some(number), None) if starts_with_digit(number) => (number, Some(code)),
        _ => return Err(malformed()),
    };
    if let Some(code) = code
        && !currency.is_empty()
        && !code.eq_ignore_ascii_case(currency)
    {
        return Err(PriceError::Currency {
            expected: currency.to_owned(),
            found: found(code),
        });
    }
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) {
        return Err(malformed());
    }
    let too_large = || PriceError::TooLarge(found(text));
    let decimals = decimals(currency);
    let whole: u64 = whole.parse().map_err(|_| too_large())?;
    let mut digits = fraction.bytes().map(|byte| u64::from(byte - b'0'));
    let mut minor = Some(whole);
    for _ in 0..decimals {
        let digit = digits.next().unwrap_or(0);
        minor = minor.and_then(|minor| minor.checked_mul(10)?.checked_add(digit));
    }
    let rounding = u64::from(digits.next().is_some_and(|digit| digit >= 5));
    minor
        .and_then(|minor| minor.checked_add(rounding))
        .and_then(|minor| u32::try_from(minor).ok())
        .ok_or_else(too_large)
}

/// Writes a price as a feed does: `19.90 EUR`.
pub fn format_price(minor: u32, currency: &str) -> String {
    let decimals = decimals(currency) as usize;
    if decimals == 0 {
        return format!("{minor} {currency}");
    }
    let unit = 10u32.pow(decimals as u32);
    format!("{}.{:0decimals$} {currency}", minor / unit, minor % unit)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prices() {
        let cases = [
            ("19.90 EUR", "EUR", 1990),
            ("19.9 EUR", "EUR", 1990),
            ("EUR 19", "EUR", 1900),
            ("0.995", "EUR", 100),
            ("1500 JPY", "JPY", 1500),
            ("1.236 KWD", "KWD", 124),
            ("42949672.95 eur", "EUR", u32::MAX),
        ];
        for (text, currency, minor) in cases {
            assert_eq!(parse_price(text, currency), Ok(minor), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_one() {
        for text in [
            "",
            "EUR",
            "1,299 EUR",
            "-5 EUR",
            "1.2.3 EUR",
            "1e3 EUR",
            "5 EUR x",
            "NaN",
        ] {
            assert!(
                matches!(parse_price(text, "EUR"), Err(PriceError::Malformed(_))),
                "{text}"
            );
        }
        assert!(matches!(
            parse_price("42949672.96 EUR", "EUR"),
            Err(PriceError::TooLarge(_))
        ));
        assert!(matches!(
            parse_price(&"9".repeat(99), "EUR"),
            Err(PriceError::TooLarge(_))
        ));
        let error = parse_price("5 USD", "EUR").expect_err("another currency");
        assert_eq!(error.to_string(), "expected a price in EUR, found \"USD\"");
    }

    #[test]
    fn writes_what_it_reads() {
        for (minor, currency, text) in [
            (1990, "EUR", "19.90 EUR"),
            (5, "JPY", "5 JPY"),
            (5, "USD", "0.05 USD"),
        ] {
            assert_eq!(format_price(minor, currency), text);
            assert_eq!(parse_price(text, currency), Ok(minor));
        }
    }

    #[test]
    fn the_engine_writes_prices_as_they_were_read() {
        let currencies = [
            "AUD", "BHD", "BRL", "CHF", "CLP", "CZK", "EUR", "GBP", "HUF", "ISK", "JPY", "KRW",
            "KWD", "PLN", "SEK", "TND", "UGX", "USD", "VND", "XAF", "XOF",
        ];
        for currency in currencies {
            let price = parse_price("21", currency).expect("a price");
            let written = tailorbird::site::money::format(price, currency, "en");
            let digits: String = written
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            assert!(digits == "21" || digits == "21.00", "{currency}: {written}");
        }
    }
}

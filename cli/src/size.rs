//! Sizes as people write them.

/// Reads `2MiB`, `750KiB` or a number of bytes.
pub fn parse(text: &str) -> Result<usize, String> {
    let wrong = || format!("expected bytes, KiB or MiB, 2MiB for instance, found {text:?}");
    let (number, unit) = match text.strip_suffix("KiB") {
        Some(number) => (number, 1024.0),
        None => match text.strip_suffix("MiB") {
            Some(number) => (number, 1024.0 * 1024.0),
            None => (text, 1.0),
        },
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let bytes = number * unit;
    if bytes.is_finite() && (1.0..=1e12).contains(&bytes) {
        Ok(bytes as usize)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(parse("2MiB"), Ok(2 << 20));
        assert_eq!(parse("0.75MiB"), Ok(786_432));
        assert_eq!(parse("750 KiB"), Ok(768_000));
        assert_eq!(parse("1234"), Ok(1234));
        for bad in ["", "MiB", "-1MiB", "0", "NaN", "inf", "2MB"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}

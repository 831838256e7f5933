//! The shop's two languages, and what depends on nothing but the language.

/// A language of the shop; every page, category and product exists in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English, under `/en/`.
    En,
    /// German, under `/de/`.
    De,
}

impl Lang {
    /// Both, in the order in which the shop names them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::De];

    /// The code in addresses and in `<html lang>`: `en` or `de`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::De => "de",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The one that the language switch leads to.
    pub fn other(self) -> Self {
        match self {
            Lang::En => Lang::De,
            Lang::De => Lang::En,
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// German.
    pub de: &'static str,
}

impl Text {
    /// The text in `lang`.
    pub fn to(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::De => self.de,
        }
    }
}

/// Short for the tables of texts.
pub(crate) const fn text(en: &'static str, de: &'static str) -> Text {
    Text { en, de }
}

/// Cents as a shopper reads them: `€1,299.00` in English, `1.299,00 €` with a no-break space in German.
pub fn price(lang: Lang, cents: u32) -> String {
    let (group, point) = match lang {
        Lang::En => (',', '.'),
        Lang::De => ('.', ','),
    };
    let digits = (cents / 100).to_string();
    let mut number = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            number.push(group);
        }
        number.push(digit);
    }
    let rest = cents % 100;
    match lang {
        Lang::En => format!("€{number}{point}{rest:02}"),
        Lang::De => format!("{number}{point}{rest:02}\u{a0}€"),
    }
}

/// Cents as machines read them: `1299.00`.
pub(crate) fn decimal(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The part of an address that says what a page shows: lower-case ASCII letters and digits, joined by single hyphens.
pub(crate) fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for character in title.chars().flat_map(char::to_lowercase) {
        match character {
            'a'..='z' | '0'..='9' => slug.push(character),
            'ä' => slug.push_str("ae"),
            'ö' | 'ø' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'å' => slug.push('a'),
            'é' | 'è' => slug.push('e'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_read_as_in_each_language() {
        assert_eq!(price(Lang::En, 1990), "€19.90");
        assert_eq!(price(Lang::De, 1990), "19,90\u{a0}€");
        assert_eq!(price(Lang::En, 129_900), "€1,299.00");
        assert_eq!(price(Lang::De, 129_905), "1.299,05\u{a0}€");
        assert_eq!(price(Lang::En, 5), "€0.05");
        assert_eq!(decimal(129_905), "1299.05");
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(
            slug("Kissen »Söder« aus Leinen, groß"),
            "kissen-soeder-aus-leinen-gross"
        );
        assert_eq!(slug("--"), "");
    }
}

//! What the worker's own pages say, in English and German; German comes without an address.

use crate::condition::date;

/// The texts of one language.
pub(super) struct Words {
    pub is_german: bool,
    pub to_shop: &'static str,
    pub profile: &'static str,
    pub nothing: &'static str,
    pub views: &'static str,
    pub cart: &'static str,
    pub purchases: &'static str,
    pub likes: &'static str,
    pub dislikes: &'static str,
    pub searches: &'static str,
    pub shop_says: &'static str,
    pub segments: &'static str,
    pub gone: &'static str,
    pub visits: &'static str,
    pub visits_are: [&'static str; 4],
    pub cookie: &'static str,
    pub cookie_is: &'static str,
    pub forget: &'static str,
    pub forget_is: &'static str,
    pub like: &'static str,
    pub dislike: &'static str,
    pub clear: &'static str,
    pub preferences: &'static str,
    pub preferences_are: &'static str,
    pub kinds: [&'static str; 5],
    pub save: &'static str,
    pub why: &'static str,
    pub because: &'static str,
    pub beside: &'static str,
    pub not_because: &'static str,
    pub rank: [&'static str; 2],
    /// Whom a banner is for: those without views, and those with.
    pub audiences: [&'static str; 2],
    pub by_condition: &'static str,
}

pub(super) static ENGLISH: Words = Words {
    is_german: false,
    to_shop: "To the shop",
    profile: "What is known of you",
    nothing: "Nothing is known of you, and nothing is stored: in this browser you have not agreed to personal recommendations, or it asks not to be recognised (Global Privacy Control).",
    views: "Looked at",
    cart: "In the cart",
    purchases: "Bought",
    likes: "Liked",
    dislikes: "Not to be shown again",
    searches: "Searched for",
    shop_says: "What the shop itself says of you",
    segments: "Groups of visitors that you are in, by all of this",
    gone: "a product that the shop no longer has",
    visits: "Visits",
    visits_are: ["Visits: ", "first: ", "last: ", "shown and not looked at: "],
    cookie: "Where this is stored",
    cookie_is: "All of it is in one cookie, “tailorbird”, in this browser and nowhere else. It also holds a random number that tells this browser from others. It goes 180 days after the last visit, or with this button:",
    forget: "Forget everything",
    forget_is: "This deletes the cookie in which this browser keeps what you looked at here.",
    like: "I like this",
    dislike: "Do not show again",
    clear: "Take back",
    preferences: "What you prefer",
    preferences_are: "Up to 16 of these are kept, in the same cookie.",
    kinds: ["Brands", "Categories", "Colours", "Sizes", "Materials"],
    save: "Save",
    why: "Why this?",
    because: "It goes with what you looked at or bought. Their shares in the choice:",
    beside: "It goes with this product:",
    not_because: "Nothing that you looked at had a part in it.",
    rank: ["Best sellers of this shop: place ", " of "],
    audiences: [
        "This is for all of whom nothing is known that they looked at.",
        "This is for those who looked at products here before.",
    ],
    by_condition: "The shop chose for whom, where and when it is: by page and time, by what it says of you, or by what you looked at.",
};

pub(super) static GERMAN: Words = Words {
    is_german: true,
    to_shop: "Zum Shop",
    profile: "Was über mich bekannt ist",
    nothing: "Es ist nichts bekannt, und es wird nichts gespeichert: In diesem Browser wurde persönlichen Empfehlungen nicht zugestimmt, oder er bittet, nicht wiedererkannt zu werden (Global Privacy Control).",
    views: "Angesehen",
    cart: "Im Warenkorb",
    purchases: "Gekauft",
    likes: "Gefällt mir",
    dislikes: "Nicht mehr zeigen",
    searches: "Gesucht",
    shop_says: "Was der Shop selbst sagt",
    segments: "Besuchergruppen, zu denen ich nach alledem gehöre",
    gone: "ein Artikel, den der Shop nicht mehr hat",
    visits: "Besuche",
    visits_are: [
        "Besuche: ",
        "erster: ",
        "letzter: ",
        "gezeigt und nicht angesehen: ",
    ],
    cookie: "Wo das gespeichert ist",
    cookie_is: "Alles steht in einem Cookie, „tailorbird“, in diesem Browser und nirgends sonst. Darin steht auch eine Zufallszahl, die diesen Browser von anderen unterscheidet. Es verschwindet 180 Tage nach dem letzten Besuch, oder mit diesem Knopf:",
    forget: "Alles vergessen",
    forget_is: "Das löscht das Cookie, in dem dieser Browser behält, was hier angesehen wurde.",
    like: "Gefällt mir",
    dislike: "Nicht mehr zeigen",
    clear: "Zurücknehmen",
    preferences: "Was ich bevorzuge",
    preferences_are: "Bis zu 16 davon werden behalten, im selben Cookie.",
    kinds: ["Marken", "Kategorien", "Farben", "Größen", "Materialien"],
    save: "Speichern",
    why: "Warum sehe ich das?",
    because: "Es passt zu dem, was angesehen oder gekauft wurde. Die Anteile an der Auswahl:",
    beside: "Es passt zu diesem Artikel:",
    not_because: "Nichts, was angesehen wurde, hatte daran Anteil.",
    rank: ["Verkaufsrang in diesem Shop: Platz ", " von "],
    audiences: [
        "Das ist für alle, von denen nichts Angesehenes bekannt ist.",
        "Das ist für alle, die sich hier schon Artikel angesehen haben.",
    ],
    by_condition: "Der Shop hat bestimmt, für wen, wo und wann das ist: nach Seite und Zeit, nach dem, was er selbst sagt, oder nach dem, was angesehen wurde.",
};

impl Words {
    /// The words for a language (BCP 47).
    pub(super) fn of(lang: &str) -> &'static Self {
        match primary(lang) {
            "de" => &GERMAN,
            _ => &ENGLISH,
        }
    }

    /// The language that the words are in.
    pub(super) fn lang(&self) -> &'static str {
        if self.is_german { "de" } else { "en" }
    }
}

/// `de` of `de-AT`.
pub(super) fn primary(lang: &str) -> &str {
    lang.split('-').next().unwrap_or_default()
}

/// A day as `2026-09-21`; `day` counts from 1970.
pub(super) fn day_text(day: u32) -> String {
    let (year, month, day) = date(day.into());
    format!("{year:04}-{month:02}-{day:02}")
}

/// A minute as `2026-09-21 14:13 UTC`; `minute` counts from 1970.
pub(super) fn minute_text(minute: u32) -> String {
    let of_day = minute % 1440;
    let day = day_text(minute / 1440);
    format!("{day} {:02}:{:02} UTC", of_day / 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        for (minute, expected) in [
            (0, "1970-01-01 00:00 UTC"),
            (29_833_333, "2026-09-21 14:13 UTC"),
            (59 * 1440 + 61, "1970-03-01 01:01 UTC"),
            (11_016 * 1440, "2000-02-29 00:00 UTC"),
        ] {
            assert_eq!(minute_text(minute), expected);
        }
        assert_eq!(day_text(19_722), "2023-12-31");
        assert_eq!(day_text(19_723), "2024-01-01");
    }
}

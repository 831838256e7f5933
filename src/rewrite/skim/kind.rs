//! What names of elements mean for how a page is read.

/// A name, to be compared fast: its first [`SHORT`] bytes in lower case, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Key(pub(super) u64, pub(super) usize);

/// Names of so many bytes are known by their [`Key`].
pub(super) const SHORT: usize = 8;

impl Key {
    pub(super) const fn of(name: &[u8]) -> Self {
        let mut key = Self(0, 0);
        let mut rest = name;
        while let [byte, behind @ ..] = rest {
            key = key.and(*byte);
            rest = behind;
        }
        key
    }

    /// One of 64 bits, which most names do not share.
    #[inline(always)]
    pub(super) fn bit(self) -> u64 {
        1 << self.hash(6)
    }

    /// A number of so many bits.
    #[inline(always)]
    const fn hash(self, bits: u32) -> u64 {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        self.0.wrapping_mul(MIX) >> (u64::BITS - bits)
    }

    const fn slot(self) -> usize {
        self.hash(SLOT_BITS) as usize
    }

    #[inline(always)]
    pub(super) const fn and(self, byte: u8) -> Self {
        let Self(bytes, length) = self;
        match length < SHORT {
            true => Self(bytes << 8 | byte.to_ascii_lowercase() as u64, length + 1),
            false => Self(bytes, length + 1),
        }
    }
}

/// What an element means for how a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No content, for lol_html.
    Void,
    /// Text until its end tag.
    Raw,
    /// Text, in which there may be comments.
    Script,
    /// Text in a page; in an `<svg>` nothing special.
    Style,
    /// Text in a page; in an `<svg>` HTML, but mostly text alone.
    Title,
    /// Nothing special in a page; in an `<svg>` as [`Kind::Title`].
    Desc,
    Svg,
    /// What an `<svg>` is made of where nothing in it is HTML; nothing special in a page.
    Drawing,
    /// Left to lol_html.
    Rare,
    /// Content like most.
    Other,
}

impl Kind {
    /// Of a long name the first bytes and its length tell enough.
    pub(super) fn of(name: Key) -> Self {
        let mut slot = name.slot();
        loop {
            let at = PLACES.get(slot).copied().unwrap_or(NOWHERE);
            match KINDS.get(usize::from(at)) {
                Some((known, kind)) if *known == name => return *kind,
                Some(_) => slot = (slot + 1) % SLOTS,
                None => return Self::Other,
            }
        }
    }
}

/// Few enough are taken that most names find theirs, or a free one, at the first look.
const SLOT_BITS: u32 = 8;
const SLOTS: usize = 1 << SLOT_BITS;
const NOWHERE: u8 = u8::MAX;

/// Where in [`KINDS`] a name stands, at its own slot or a later one before the next that is free.
static PLACES: [u8; SLOTS] = {
    let mut places = [NOWHERE; SLOTS];
    let mut at = 0;
    while at < KINDS.len() {
        let mut slot = KINDS[at].0.slot();
        while places[slot] != NOWHERE {
            slot = (slot + 1) % SLOTS;
        }
        places[slot] = at as u8;
        at += 1;
    }
    places
};

static KINDS: [(Key, Kind); 53] = [
    (Key::of(b"g"), Kind::Drawing),
    (Key::of(b"br"), Kind::Void),
    (Key::of(b"hr"), Kind::Void),
    (Key::of(b"col"), Kind::Void),
    (Key::of(b"img"), Kind::Void),
    (Key::of(b"svg"), Kind::Svg),
    (Key::of(b"use"), Kind::Drawing),
    (Key::of(b"wbr"), Kind::Void),
    (Key::of(b"xmp"), Kind::Raw),
    (Key::of(b"area"), Kind::Void),
    (Key::of(b"base"), Kind::Void),
    (Key::of(b"defs"), Kind::Drawing),
    (Key::of(b"desc"), Kind::Desc),
    (Key::of(b"line"), Kind::Drawing),
    (Key::of(b"link"), Kind::Void),
    (Key::of(b"mask"), Kind::Drawing),
    (Key::of(b"math"), Kind::Rare),
    (Key::of(b"meta"), Kind::Void),
    (Key::of(b"path"), Kind::Drawing),
    (Key::of(b"rect"), Kind::Drawing),
    (Key::of(b"stop"), Kind::Drawing),
    (Key::of(b"text"), Kind::Drawing),
    (Key::of(b"embed"), Kind::Void),
    (Key::of(b"input"), Kind::Void),
    (Key::of(b"param"), Kind::Void),
    (Key::of(b"style"), Kind::Style),
    (Key::of(b"title"), Kind::Title),
    (Key::of(b"track"), Kind::Void),
    (Key::of(b"tspan"), Kind::Drawing),
    (Key::of(b"circle"), Kind::Drawing),
    (Key::of(b"filter"), Kind::Drawing),
    (Key::of(b"iframe"), Kind::Raw),
    (Key::of(b"keygen"), Kind::Void),
    (Key::of(b"marker"), Kind::Drawing),
    (Key::of(b"script"), Kind::Script),
    (Key::of(b"source"), Kind::Void),
    (Key::of(b"symbol"), Kind::Drawing),
    (Key::of(b"animate"), Kind::Drawing),
    (Key::of(b"bgsound"), Kind::Void),
    (Key::of(b"ellipse"), Kind::Drawing),
    (Key::of(b"noembed"), Kind::Raw),
    (Key::of(b"pattern"), Kind::Drawing),
    (Key::of(b"polygon"), Kind::Drawing),
    (Key::of(b"animatetransform"), Kind::Drawing),
    (Key::of(b"basefont"), Kind::Void),
    (Key::of(b"clippath"), Kind::Drawing),
    (Key::of(b"lineargradient"), Kind::Drawing),
    (Key::of(b"noframes"), Kind::Raw),
    (Key::of(b"noscript"), Kind::Raw),
    (Key::of(b"plaintext"), Kind::Rare),
    (Key::of(b"polyline"), Kind::Drawing),
    (Key::of(b"radialgradient"), Kind::Drawing),
    (Key::of(b"textarea"), Kind::Raw),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found() {
        for (name, kind) in &KINDS {
            assert_eq!(Kind::of(*name), *kind);
        }
        for (name, kind) in [
            ("BR", Kind::Void),
            ("script", Kind::Script),
            ("plaintext", Kind::Rare),
            ("plaintexs", Kind::Rare),
            ("linearGradient", Kind::Drawing),
            ("div", Kind::Other),
            ("brr", Kind::Other),
            ("textarea-x", Kind::Other),
            ("basefont-x", Kind::Other),
            ("", Kind::Other),
        ] {
            assert_eq!(Kind::of(Key::of(name.as_bytes())), kind, "{name}");
        }
    }
}

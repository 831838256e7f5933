//! What a visitor's cookie can hold, fact by fact, and how items, places and values are called in it.

use xxhash_rust::xxh3::xxh3_64;

use crate::snapshot::ItemKey;

/// An item, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Which item.
    pub item: ItemKey,
    /// When, in minutes since 1970.
    pub minute: u32,
}

/// An item that was bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    /// Which item.
    pub item: ItemKey,
    /// When, in days since 1970.
    pub day: u32,
}

/// An item that was shown in a place and not looked at since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impression {
    /// In which place.
    pub place: PlaceKey,
    /// Which item.
    pub item: ItemKey,
    /// How often; 255 stands for more, too.
    pub count: u8,
}

/// What a visitor said to prefer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preference {
    /// Of which attribute.
    pub kind: PreferenceKind,
    /// Which value.
    pub value: ValueKey,
}

/// The attributes that can be preferred. A cookie holds their numbers, so they never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the feed's columns of the same names")]
pub enum PreferenceKind {
    Brand = 1,
    Category = 2,
    Color = 3,
    Size = 4,
    Material = 5,
}

impl PreferenceKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Brand,
        Self::Category,
        Self::Color,
        Self::Size,
        Self::Material,
    ];

    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// A value of an attribute, a brand's name for instance: 32 bits of its text's hash, so that it means the
/// same in every snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ValueKey(pub u32);

impl ValueKey {
    /// The key of a text as the feed spells it.
    pub fn of(text: &str) -> Self {
        Self(xxh3_64(text.as_bytes()) as u32)
    }
}

/// A place: 16 bits of its name's hash. Two places that share one would count impressions together,
/// which does little harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceKey(pub u16);

impl PlaceKey {
    /// The key of the place with this name.
    pub fn of(name: &str) -> Self {
        Self(xxh3_64(name.as_bytes()) as u16)
    }
}

/// Seconds since 1970 as minutes; 0 outside of what a cookie can hold.
pub fn minute_of(seconds: i64) -> u32 {
    u32::try_from(seconds / 60).unwrap_or(0)
}

/// Seconds since 1970 as days; 0 outside of what a cookie can hold.
pub fn day_of(seconds: i64) -> u32 {
    u32::try_from(seconds / 86_400).unwrap_or(0)
}

//! Of visitors: when history may be used, and what the shop itself knows.

use wincode::{SchemaRead, SchemaWrite};

/// The most cookies that are adopted.
pub const MAX_ADOPTS: usize = 8;

/// The most traits.
pub const MAX_TRAITS: usize = 8;

/// The longest name of a header that a trait comes from, in bytes.
pub const MAX_HEADER_NAME_BYTES: usize = 64;

/// When a visitor's history may be read and written: when everything that is asked for here says yes. A rule
/// that asks for nothing is never met.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct ConsentRule {
    /// The shop's own consent cookie; empty when it is not asked.
    pub cookie: String,
    /// Consent is given when the cookie's percent-decoded value contains this text as a whole word; or, of
    /// the form `name:value`, when it says so of the name.
    pub grants: String,
    /// What a visitor without consent gets.
    pub without: WithoutConsent,
    /// Purposes of a TC string.
    pub tcf: TcfRule,
    /// Types of Google's consent mode.
    pub google: GoogleRule,
}

impl ConsentRule {
    /// Whether nothing is asked for, so that nobody ever consents.
    pub fn asks_nothing(&self) -> bool {
        let Self {
            cookie,
            grants,
            tcf,
            google,
            without: _,
        } = self;
        cookie.is_empty()
            && grants.is_empty()
            && *tcf == TcfRule::default()
            && *google == GoogleRule::default()
    }
}

/// Which purposes a TC string (IAB Europe's framework, version 2) must consent to.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct TcfRule {
    /// The cookie that holds it; empty when it is not asked.
    pub cookie: String,
    /// Purposes, 1 to 24; all of them.
    pub purposes: Vec<u8>,
}

/// Which types of Google's consent mode must be granted.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct GoogleRule {
    /// The cookie in which the shop's consent manager keeps the state; empty when it is not asked.
    pub cookie: String,
    /// `personalization_storage`, for instance; all of them.
    pub requires: Vec<String>,
}

/// What a visitor without consent gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum WithoutConsent {
    /// What the page and the snapshot alone give: the same for everybody.
    #[default]
    Contextual,
    /// The origin's response, to the byte.
    Untouched,
}

/// Items that the shop itself remembers in a cookie.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct Adopt {
    /// The cookie: feed ids, percent-encoded.
    pub cookie: String,
    /// What stands between two ids.
    pub separator: String,
    /// Whether the newest stands first; else it stands last.
    pub newest_first: bool,
    /// What the items are.
    pub what: Adopted,
}

/// What adopted items are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum Adopted {
    /// Items that were looked at, at a time that nobody knows.
    #[default]
    Views,
    /// Items in the cart.
    Cart,
    /// Items that were liked.
    Likes,
}

/// Something that the shop says of a visitor: a loyalty tier, a segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub struct TraitRule {
    /// What it is called.
    pub name: String,
    /// Where it says so.
    pub source: TraitSource,
}

/// Where the shop says something of a visitor.
#[derive(Debug, Clone, PartialEq, Eq, SchemaWrite, SchemaRead)]
#[cfg_attr(test, derive(bincode::Encode, bincode::Decode))]
pub enum TraitSource {
    /// In this cookie.
    Cookie(String),
    /// In this header of the request, in lower case, which the shop's CDN or gateway sets.
    Header(String),
}

impl Default for TraitSource {
    fn default() -> Self {
        Self::Cookie(String::new())
    }
}

//! What is known of a visitor: all of it in the visitor's own first-party cookie.

mod adopt;
mod bytes;
mod codec;
mod codec_v1;
mod consent;
mod cookies;
mod facts;
mod sealed;
mod sections;
mod state;
mod tcf;

pub(crate) use adopt::foreign_text;
pub use adopt::{Adoptions, MAX_ADOPTED, MAX_TRAIT_BYTES, Traits};
pub use codec::{MAX_COOKIE_BYTES, MAX_FOREIGN_BYTES, decode, encode};
pub use consent::{Consent, MAX_FOREIGN_COOKIE_BYTES, is_grant};
pub use cookies::{cookie_value, without_cookie};
pub use facts::{
    Impression, PlaceKey, Preference, PreferenceKind, Purchase, ValueKey, View, day_of, minute_of,
};
pub use sealed::{open, seal};
pub use state::{
    MAX_CART, MAX_IMPRESSIONS, MAX_OPINIONS, MAX_PREFERENCES, MAX_PURCHASES, MAX_SEARCHES,
    MAX_VIEWS, VISIT_ENDS_AFTER, VisitorState, Visits,
};
pub use tcf::MAX_PURPOSE as MAX_TCF_PURPOSE;

/// The name of the visitor's cookie.
pub const COOKIE_NAME: &str = "tailorbird";

/// How long the cookie lives after it was last written, in seconds: 180 days.
pub const COOKIE_MAX_AGE: i64 = 180 * 24 * 60 * 60;

//! site.toml as it is written: the keys and their types. What they mean is checked in `parse`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) shop: Shop,
    #[serde(default)]
    pub(super) locale: Vec<Locale>,
    #[serde(default)]
    pub(super) consent: Consent,
    #[serde(default)]
    pub(super) page: Vec<Page>,
    #[serde(default)]
    pub(super) template: Vec<Template>,
    #[serde(default)]
    pub(super) banner: Vec<Banner>,
    #[serde(default)]
    pub(super) slot: Vec<Slot>,
    #[serde(default)]
    pub(super) list: Vec<List>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shop {
    pub(super) name: String,
    pub(super) url: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Locale {
    pub(super) lang: Spanned<String>,
    #[serde(default)]
    pub(super) prefix: String,
    pub(super) currency: Spanned<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Consent {
    pub(super) cookie: String,
    pub(super) grants: String,
    pub(super) without: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) paths: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) product_link: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Template {
    pub(super) name: Spanned<String>,
    pub(super) source: Spanned<String>,
}

/// A text for all locales, or one for each.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(super) enum Text {
    Same(String),
    ByLang(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Banner {
    pub(super) name: Spanned<String>,
    pub(super) pages: Vec<Spanned<String>>,
    pub(super) selector: Spanned<String>,
    pub(super) position: Option<Spanned<String>>,
    pub(super) audience: Option<Spanned<String>>,
    pub(super) template: Spanned<String>,
    pub(super) title: Option<Spanned<Text>>,
    pub(super) text: Option<Spanned<Text>>,
    pub(super) link: Option<Spanned<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slot {
    pub(super) name: Spanned<String>,
    pub(super) pages: Vec<Spanned<String>>,
    pub(super) selector: Spanned<String>,
    pub(super) position: Option<Spanned<String>>,
    pub(super) strategies: Spanned<Vec<Spanned<String>>>,
    pub(super) min: Option<Spanned<u8>>,
    pub(super) max: Option<Spanned<u8>>,
    pub(super) template: Spanned<String>,
    pub(super) title: Option<Spanned<Text>>,
    pub(super) text: Option<Spanned<Text>>,
    #[serde(default)]
    pub(super) titles: BTreeMap<Spanned<String>, Spanned<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) name: Spanned<String>,
    pub(super) pages: Vec<Spanned<String>>,
    pub(super) selector: Spanned<String>,
    pub(super) tile: Spanned<String>,
}

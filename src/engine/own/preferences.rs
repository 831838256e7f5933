//! `GET preferences`: a form with the shop's brands, categories and so on; `POST preferences`: keeps what is ticked.
//!
//! A form names values by their keys in hexadecimal, as the cookie does, so that it stays short. What is ticked is
//! all that is preferred afterwards.

use std::collections::BTreeSet;

use super::LocalResponse;
use super::request::Request;
use crate::snapshot::Kind;
use crate::visitor::{MAX_PREFERENCES, Preference, PreferenceKind, ValueKey};

/// The most values of one attribute that the form offers: those of the best sellers.
pub const MAX_OFFERED: usize = 24;

/// How many best sellers are looked at for them.
const MAX_LOOKED_AT: usize = 4096;

/// The attributes, their columns, and what fields are called.
pub(super) const COLUMNS: [(PreferenceKind, Kind, &str); 5] = [
    (PreferenceKind::Brand, Kind::Brand, "brand"),
    (PreferenceKind::Category, Kind::Category, "category"),
    (PreferenceKind::Color, Kind::Color, "color"),
    (PreferenceKind::Size, Kind::Size, "size"),
    (PreferenceKind::Material, Kind::Material, "material"),
];

pub(super) fn page(request: &Request<'_>) -> LocalResponse {
    let words = request.words;
    let mut html = request.page(words.preferences);
    let Some(visitor) = request.visitor() else {
        html.paragraph(words.nothing);
        return html.finish();
    };
    let back = request.address("profile");
    html.paragraph(words.preferences_are)
        .form("preferences", &[("back", &back)]);
    for ((kind, column, field), name) in COLUMNS.into_iter().zip(words.kinds) {
        let preferred = visitor.state.preferences.iter();
        let preferred = preferred.filter(|p| p.kind == kind).map(|p| p.value.0);
        let preferred: Vec<u32> = preferred.collect();
        let offered = offered(request, column, &preferred);
        if offered.is_empty() {
            continue;
        }
        html.raw("<fieldset><legend>").text(name).raw("</legend>\n");
        for (key, text) in offered {
            html.raw("<label><input type=\"checkbox\" name=\"")
                .text(field);
            html.raw("\" value=\"").text(&format!("{key:x}")).raw("\"");
            if preferred.contains(&key) {
                html.raw(" checked");
            }
            html.raw("> ").text(text).raw("</label>\n");
        }
        html.raw("</fieldset>\n");
    }
    html.button(words.save);
    html.finish()
}

pub(super) fn save(request: &Request<'_>) -> LocalResponse {
    let Some(visitor) = request.visitor() else {
        return request.saved(None);
    };
    let mut state = visitor.state;
    let mut wanted = Vec::new();
    for (kind, column, field) in COLUMNS {
        let keys = request.params.all(field);
        let keys = keys.filter_map(|key| u32::from_str_radix(key, 16).ok());
        let keys: Vec<u32> = keys.take(MAX_PREFERENCES).collect();
        let found = texts(request, column, &keys).into_iter();
        wanted.extend(found.map(|(key, _)| Preference {
            kind,
            value: ValueKey(key),
        }));
    }
    wanted.truncate(MAX_PREFERENCES);
    state.preferences.clear();
    for preference in wanted.into_iter().rev() {
        state.prefer(preference);
    }
    request.saved(Some(&state))
}

/// The values of the best sellers, best first, and those that are preferred already.
fn offered<'a>(request: &Request<'a>, column: Kind, preferred: &[u32]) -> Vec<(u32, &'a str)> {
    let snapshot = request.snapshot();
    let items = 0..u32::try_from(snapshot.len().min(MAX_LOOKED_AT)).unwrap_or(0);
    let mut codes = BTreeSet::new();
    let codes = items.filter_map(|item| snapshot.code(column, item).filter(|&c| codes.insert(c)));
    let found = codes
        .filter_map(|code| snapshot.code_text(column, code))
        .take(MAX_OFFERED);
    let mut found: Vec<(u32, &str)> = found.map(|text| (ValueKey::of(text).0, text)).collect();
    for known in texts(request, column, preferred) {
        if !found.contains(&known) {
            found.push(known);
        }
    }
    found
}

/// The texts of keys that the shop still has, in one pass over the column's dictionary.
pub(super) fn texts<'a>(request: &Request<'a>, column: Kind, keys: &[u32]) -> Vec<(u32, &'a str)> {
    if keys.is_empty() {
        return Vec::new();
    }
    let snapshot = request.snapshot();
    let codes = 0..u32::try_from(snapshot.code_count(column)).unwrap_or(0);
    let all = codes.filter_map(|code| snapshot.code_text(column, code));
    let all = all.filter(|text| !text.is_empty());
    let all = all.map(|text| (ValueKey::of(text).0, text));
    let found: Vec<(u32, &str)> = all.filter(|(key, _)| keys.contains(key)).collect();
    // In the order of the keys, each once.
    let in_order = keys
        .iter()
        .enumerate()
        .filter(|(at, key)| !keys.iter().take(*at).any(|k| k == *key));
    let in_order = in_order.filter_map(|(_, key)| found.iter().find(|(found, _)| found == key));
    in_order.copied().collect()
}

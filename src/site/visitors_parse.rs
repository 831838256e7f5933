//! Of site.toml what is about visitors: consent, and what the shop itself knows.

use super::codes::Code;
use super::error::Findings;
use super::keys::{ADOPTED, SEPARATORS, WITHOUT};
use super::shape::Entry;
use super::{Adopt, ConsentRule, GoogleRule, MAX_ADOPTS, MAX_TRAITS, TcfRule, TraitRule};
use crate::visitor::COOKIE_NAME;

/// Where IAB Europe's framework says that a TC string is to be kept.
const TCF_COOKIE: &str = "euconsent-v2";

pub(super) fn consent(entry: &Entry<'_>, findings: &mut Findings) -> ConsentRule {
    let purposes: Vec<u8> = entry.counts("tcf_purposes");
    let asks_tcf = entry.has("tcf_purposes") || entry.has("tcf_cookie");
    let tcf_cookie = match entry.has("tcf_cookie") {
        true => cookie(entry, "tcf_cookie", findings),
        false => TCF_COOKIE.to_owned(),
    };
    let google = entry.table("google", findings).map(|google| GoogleRule {
        cookie: cookie(&google, "cookie", findings),
        requires: google
            .texts("requires")
            .into_iter()
            .map(|text| text.value)
            .collect(),
    });
    let tcf = asks_tcf.then_some(TcfRule {
        cookie: tcf_cookie,
        purposes,
    });
    let grants = entry.text("grants").map(|grants| grants.value);
    ConsentRule {
        cookie: cookie(entry, "cookie", findings),
        grants: grants.unwrap_or_default(),
        without: entry.word("without", &WITHOUT).unwrap_or_default(),
        tcf: tcf.unwrap_or_default(),
        google: google.unwrap_or_default(),
    }
}

pub(super) fn adopts(file: &Entry<'_>, findings: &mut Findings) -> Vec<Adopt> {
    let entries = file.tables("adopt", findings);
    let adopts = entries.iter().map(|entry| Adopt {
        cookie: cookie(entry, "cookie", findings),
        separator: entry
            .word("separator", &SEPARATORS)
            .unwrap_or("|")
            .to_owned(),
        newest_first: entry.flag("newest_first").unwrap_or_default(),
        what: entry.word("as", &ADOPTED).unwrap_or_default(),
    });
    let adopts: Vec<Adopt> = adopts.collect();
    too_many("[[adopt]]", adopts.len(), MAX_ADOPTS, file, findings);
    adopts
}

pub(super) fn traits(file: &Entry<'_>, findings: &mut Findings) -> Vec<TraitRule> {
    let mut traits: Vec<TraitRule> = Vec::new();
    for entry in file.tables("trait", findings) {
        let name = entry.text("name");
        if let Some(name) = &name
            && traits.iter().any(|known| known.name == name.value)
        {
            let message = format!("there are two traits called {:?}", name.value);
            let help = "the second one would never be read; give it another name";
            findings.add(Code::SameName, name.span.clone(), message, help);
        }
        traits.push(TraitRule {
            name: name.map(|name| name.value).unwrap_or_default(),
            cookie: cookie(&entry, "cookie", findings),
        });
    }
    too_many("[[trait]]", traits.len(), MAX_TRAITS, file, findings);
    traits
}

/// The name of a cookie of the shop's (RFC 6265, section 4.1.1: a token).
fn cookie(entry: &Entry<'_>, key: &str, findings: &mut Findings) -> String {
    let Some(name) = entry.text(key) else {
        return String::new();
    };
    let is_token = |b: u8| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b);
    let fault = if name.value.is_empty() || !name.value.bytes().all(is_token) {
        Some("a cookie's name has letters, digits and some signs, and no space, =, ; or comma")
    } else if name.value == COOKIE_NAME {
        Some("that cookie is Tailorbird's own; name one of the shop's")
    } else {
        None
    };
    if let Some(help) = fault {
        let message = format!("{:?} is not the name of a cookie of the shop", name.value);
        findings.add(Code::CookieName, name.span, message, help);
    }
    name.value
}

fn too_many(what: &str, found: usize, most: usize, file: &Entry<'_>, findings: &mut Findings) {
    if found > most {
        let message = format!("there are {found} {what}, more than {most}");
        findings.add(
            Code::TooManyCookies,
            file.span.clone(),
            message,
            "take some out",
        );
    }
}

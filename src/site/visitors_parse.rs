//! Of site.toml what is about visitors: consent, and what the shop itself knows.

use super::codes::Code;
use super::error::Findings;
use super::keys::{ADOPTED, SEPARATORS, WITHOUT};
use super::shape::{At, Entry};
use super::{
    Adopt, ConsentRule, GoogleRule, MAX_ADOPTS, MAX_HEADER_NAME_BYTES, MAX_TRAITS, TcfRule,
    TraitRule, TraitSource,
};
use crate::visitor::COOKIE_NAME;

/// Where IAB Europe's framework says that a TC string is to be kept.
const TCF_COOKIE: &str = "euconsent-v2";

/// Headers that say what a browser is, where a request comes from, or how a message is sent: nothing that a
/// shop says of a visitor. Nothing ever looks at the user agent.
const OF_HTTP: [&str; 16] = [
    "connection",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "origin",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
];
/// How the names of such headers begin.
const OF_HTTP_PREFIXES: [&str; 6] = [
    "accept",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "x-forwarded-",
];
/// Words in the names of headers that hold a secret, or say who somebody is.
const SECRET_WORDS: [&str; 18] = [
    "apikey",
    "auth",
    "authentication",
    "authorization",
    "cookie",
    "credential",
    "credentials",
    "csrf",
    "email",
    "ip",
    "jwt",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
    "xsrf",
];

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
            source: trait_source(&entry, findings),
        });
    }
    too_many("[[trait]]", traits.len(), MAX_TRAITS, file, findings);
    traits
}

fn trait_source(entry: &Entry<'_>, findings: &mut Findings) -> TraitSource {
    match (entry.has("cookie"), entry.has("header")) {
        (true, false) => TraitSource::Cookie(cookie(entry, "cookie", findings)),
        (false, true) => TraitSource::Header(header(entry, findings)),
        (has_both, _) => {
            let (message, span) = match has_both {
                true => ("this trait has two sources", entry.span_of("header")),
                false => ("this trait has no source", entry.span.clone()),
            };
            let help = "give it a cookie or a header";
            findings.add(Code::TraitSource, span, message.to_owned(), help);
            TraitSource::default()
        }
    }
}

/// The name of a header in which the shop says something of a visitor (RFC 9110, section 5.1: a token), in
/// lower case.
fn header(entry: &Entry<'_>, findings: &mut Findings) -> String {
    let Some(At { value, span }) = entry.text("header") else {
        return String::new();
    };
    let name = value.to_ascii_lowercase();
    let is_of_http = OF_HTTP.contains(&name.as_str())
        || OF_HTTP_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix));
    let fault = if !is_token(&name) || name.len() > MAX_HEADER_NAME_BYTES {
        Some(
            "a header's name has letters, digits and some signs, at most 64 of them: X-Loyalty-Tier",
        )
    } else if name
        .split(['-', '_'])
        .any(|word| SECRET_WORDS.contains(&word))
    {
        Some(
            "what may be a secret, or says who somebody is, is not read; have the gateway say in a header of \
              its own what is meant",
        )
    } else if is_of_http {
        Some(
            "that header has a meaning of its own; have the gateway set another one, like X-Loyalty-Tier",
        )
    } else {
        None
    };
    if let Some(help) = fault {
        let message = format!("a trait cannot come from a header called {value:?}");
        findings.add(Code::HeaderName, span, message, help);
    }
    name
}

/// A token (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1).
fn is_token(name: &str) -> bool {
    let is_of_token = |b: u8| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(&b);
    !name.is_empty() && name.bytes().all(is_of_token)
}

/// The name of a cookie of the shop's (RFC 6265, section 4.1.1: a token).
pub(super) fn cookie(entry: &Entry<'_>, key: &str, findings: &mut Findings) -> String {
    let Some(name) = entry.text(key) else {
        return String::new();
    };
    let fault = if !is_token(&name.value) {
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

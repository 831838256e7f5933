//! Who somebody says to be. A toy: the name is the whole login, and it lives in a cookie, as does the card.

use super::layout::Frame;
use super::texts as t;
use super::texts_service as s;
use crate::html::{escape, query_value};
use crate::http::{back, cookie, decode};
use crate::lang::Lang;
use crate::{Page, Request};
use std::fmt::{self, Write};

/// Longest name, in characters; more would break the header.
const NAME_LIMIT: usize = 40;
/// Thirty days, in seconds.
const MAX_AGE: u32 = 30 * 86_400;

/// The customer's name, if somebody is logged in.
pub(super) fn customer(header: Option<&str>) -> Option<String> {
    named(&decode(cookie(header, "customer")?))
}

fn named(text: &str) -> Option<String> {
    let plain = text.trim().chars().filter(|c| !c.is_control());
    let name: String = plain.take(NAME_LIMIT).collect();
    (!name.is_empty()).then_some(name)
}

fn has_gold(header: Option<&str>) -> bool {
    cookie(header, "loyalty") == Some("gold")
}

/// The greeting in the header, or the way to the login.
pub(super) fn link(out: &mut String, lang: Lang, header: Option<&str>) -> fmt::Result {
    write!(out, "<a class=\"account\" href=\"/{}/login\">", lang.code())?;
    match customer(header) {
        Some(name) => {
            let hello = s::HELLO.to(lang);
            write!(
                out,
                "<span class=\"hello\">{hello}, </span><span class=\"customer-name\">{}</span>",
                escape(&name)
            )?;
            if has_gold(header) {
                let gold = s::GOLD_SHORT.to(lang);
                write!(
                    out,
                    " <span class=\"loyalty\" data-tier=\"gold\">{gold}</span>"
                )?;
            }
        }
        None => out.write_str(s::LOGIN.to(lang))?,
    }
    out.write_str("</a> ")
}

/// The page at `/<lang>/login`.
pub(super) fn page(lang: Lang, request: &Request<'_>) -> Page {
    let frame = Frame {
        lang,
        class: "page-login",
        title: s::LOGIN_TITLE.to(lang),
        description: t::CLAIM.to(lang),
        paths: Lang::ALL.map(|lang| format!("/{}/login", lang.code())),
        cookie: request.cookie,
        query: "",
    };
    let code = lang.code();
    let body = frame.document(|out| {
        let title = s::LOGIN_TITLE.to(lang);
        write!(out, "<section class=\"login\">\n<h1>{title}</h1>\n")?;
        if customer(request.cookie).is_some() {
            writeln!(
                out,
                "<p>{}</p>\n<form class=\"fields\" method=\"post\" action=\"/{code}/logout\">\
                 <button class=\"button\">{}</button></form>",
                s::LOGGED_IN.to(lang),
                s::LOGOUT.to(lang)
            )?;
        } else {
            writeln!(
                out,
                "<p>{}</p>\n<form class=\"fields\" method=\"post\" action=\"/{code}/login\">\n\
                 <label>{} <input name=\"name\" required maxlength=\"{NAME_LIMIT}\" autocomplete=\"given-name\"></label>\n\
                 <label class=\"check\"><input type=\"checkbox\" name=\"loyalty\" value=\"gold\"> {}</label>\n\
                 <button class=\"button\">{}</button>\n</form>",
                s::LOGIN_TEXT.to(lang),
                s::NAME.to(lang),
                s::GOLD.to(lang),
                s::LOGIN.to(lang)
            )?;
        }
        out.write_str("</section>\n")
    });
    Page::html(200, body)
}

/// `POST /<lang>/login` with `name` and, if there is a card, `loyalty=gold`.
pub(super) fn login(lang: Lang, request: &Request<'_>) -> Page {
    let Some(name) = request.value("name").and_then(|name| named(&name)) else {
        return Page::redirect(303, &format!("/{}/login", lang.code()));
    };
    let gold = request.value("loyalty").as_deref() == Some("gold");
    let (card, age) = if gold { ("gold", MAX_AGE) } else { ("", 0) };
    answered(lang, request)
        .with("set-cookie", kept("customer", query_value(&name), MAX_AGE))
        .with("set-cookie", kept("loyalty", card, age))
}

/// `POST /<lang>/logout`.
pub(super) fn logout(lang: Lang, request: &Request<'_>) -> Page {
    answered(lang, request)
        .with("set-cookie", kept("customer", "", 0))
        .with("set-cookie", kept("loyalty", "", 0))
}

/// Back to where the form was; from the login's own page on to the home page.
fn answered(lang: Lang, request: &Request<'_>) -> Page {
    let to = back(request.referer);
    let home = format!("/{}/", lang.code());
    let own = to == "/"
        || to
            .split('?')
            .next()
            .is_some_and(|to| to.ends_with("/login"));
    Page::redirect(303, if own { &home } else { to })
}

fn kept(name: &str, value: impl fmt::Display, age: u32) -> String {
    format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax")
}

/// `POST /consent` with `consent=all`, `essential`, or `ask` to be asked again.
pub(super) fn consent(request: &Request<'_>) -> Page {
    let (value, age) = match request.value("consent").as_deref() {
        Some("all") => ("personalisation", super::CONSENT_MAX_AGE),
        Some("essential") => ("essential", super::CONSENT_MAX_AGE),
        Some("ask") => ("", 0),
        _ => {
            return Page::new(
                400,
                "text/plain; charset=utf-8",
                "The form lacks a choice: all, essential or ask.\n",
            );
        }
    };
    Page::redirect(303, back(request.referer)).with("set-cookie", kept("consent", value, age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_and_cleaned() {
        assert_eq!(
            customer(Some("customer=Anna%20B.")).as_deref(),
            Some("Anna B.")
        );
        assert_eq!(customer(Some("customer=%20%0a")), None);
        assert_eq!(customer(Some("x=1")), None);
        let long = format!("customer={}", "ü".repeat(NAME_LIMIT + 1));
        assert_eq!(
            customer(Some(&long)).map(|name| name.chars().count()),
            Some(NAME_LIMIT)
        );
    }
}

//! From the cart to an order. Nothing is stored here either: an order lives in the cookie of the browser that placed it,
//! `order=UU-123456/TB-10234:2`.

use super::cart::{Line, emptied, known, read, sum, written};
use super::cart_layer::{facts, picture};
use super::layout::Frame;
use super::texts as t;
use super::texts_service as s;
use crate::http::cookie;
use crate::lang::{Lang, decimal, price};
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// An hour, in seconds: how long the confirmation can be read again.
const MAX_AGE: u32 = 3600;

/// The form at `/<lang>/checkout`.
pub(super) fn page(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let lines = known(shop, request.cookie);
    let path = |lang: Lang| format!("/{}/checkout", lang.code());
    let frame = frame(
        lang,
        "page-checkout",
        s::CHECKOUT_TITLE.to(lang),
        path,
        request,
    );
    let code = lang.code();
    let body = frame.document(|out| {
        let title = s::CHECKOUT_TITLE.to(lang);
        write!(out, "<section class=\"checkout\">\n<h1>{title}</h1>\n")?;
        if lines.is_empty() {
            let empty = t::CART_EMPTY.to(lang);
            return write!(out, "<p>{empty}</p>\n</section>\n");
        }
        list(out, lang, &lines, "checkout")?;
        super::cart_layer::total(out, lang, sum(&lines))?;
        let name = super::account::customer(request.cookie).unwrap_or_default();
        writeln!(
            out,
            "<h2>{}</h2>\n<form class=\"fields\" method=\"post\" action=\"/{code}/checkout\">\n\
             <label>{} <input name=\"name\" required autocomplete=\"name\" value=\"{}\"></label>\n\
             <label>{} <input name=\"street\" required autocomplete=\"street-address\"></label>\n\
             <label>{} <input name=\"town\" required autocomplete=\"postal-code\"></label>\n\
             <p class=\"note\">{}</p>\n<p class=\"actions\"><a class=\"button quiet\" href=\"/{code}/cart\">{}</a> \
             <button class=\"button\">{}</button></p>\n</form>\n</section>",
            s::ADDRESS.to(lang),
            s::NAME.to(lang),
            crate::html::escape(&name),
            s::STREET.to(lang),
            s::TOWN.to(lang),
            t::CART_NOTE.to(lang),
            s::BACK_TO_CART.to(lang),
            s::ORDER.to(lang)
        )
    });
    Page::html(200, body)
}

/// `POST /<lang>/checkout`: the order's page is next, and the cart is empty. The address is not kept.
pub(super) fn order(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let lines = known(shop, request.cookie);
    if lines.is_empty() {
        return Page::redirect(303, &format!("/{}/cart", lang.code()));
    }
    let ids: Vec<(&str, u32)> = lines
        .iter()
        .map(|(product, count)| (product.id.as_str(), *count))
        .collect();
    let value = written(&ids);
    let number = number(&format!("{value}&{}", request.form));
    Page::redirect(303, &format!("/{}/order/{number}", lang.code()))
        .with("set-cookie", emptied())
        .with(
            "set-cookie",
            format!("order={number}/{value}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax"),
        )
}

/// A number made from what was ordered and by whom, so that a test knows it beforehand.
fn number(order: &str) -> String {
    let hash = order.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("UU-{}", 100_000 + hash % 900_000)
}

/// The confirmation at `/<lang>/order/<number>`, for the browser that ordered.
pub(super) fn confirmation(
    shop: &Shop,
    lang: Lang,
    wanted: &str,
    request: &Request<'_>,
) -> Option<Page> {
    let (number, value) = cookie(request.cookie, "order")?.split_once('/')?;
    if number != wanted
        || !number
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    {
        return None;
    }
    let lines: Vec<Line<'_>> = read(value)
        .into_iter()
        .filter_map(|(id, count)| Some((shop.product(id)?, count)))
        .collect();
    let path = |lang: Lang| format!("/{}/order/{number}", lang.code());
    let frame = frame(lang, "page-order", s::ORDER_TITLE.to(lang), path, request);
    let body = frame.document(|out| {
        let total = sum(&lines);
        write!(
            out,
            "<section class=\"order\" data-order=\"{number}\">\n<h1>{}</h1>\n\
             <p>{} <b class=\"order-number\">{number}</b>. {}</p>\n<h2>{}</h2>\n",
            s::ORDER_TITLE.to(lang),
            s::ORDER_NUMBER.to(lang),
            s::ORDER_TEXT.to(lang),
            s::ORDER_ITEMS.to(lang)
        )?;
        list(out, lang, &lines, "order")?;
        writeln!(
            out,
            "<p class=\"total\">{} <b class=\"order-sum\" data-amount=\"{}\">{}</b></p>\n\
             <p class=\"note\">{}</p>\n</section>",
            t::TOTAL.to(lang),
            decimal(total),
            price(lang, total),
            t::CART_NOTE.to(lang)
        )
    });
    Some(Page::html(200, body))
}

fn frame<'a>(
    lang: Lang,
    class: &'static str,
    title: &'a str,
    path: impl Fn(Lang) -> String,
    request: &'a Request<'_>,
) -> Frame<'a> {
    Frame {
        lang,
        class,
        title,
        description: t::CLAIM.to(lang),
        paths: Lang::ALL.map(path),
        cookie: request.cookie,
        query: "",
    }
}

fn list(out: &mut String, lang: Lang, lines: &[Line<'_>], name: &str) -> fmt::Result {
    writeln!(out, "<ul class=\"{name}-lines\">")?;
    for line in lines {
        write!(out, "<li class=\"{name}-line\"{}>", facts(line))?;
        picture(out, lang, line)?;
        let together = line.0.price_now() * line.1;
        writeln!(out, "<b>{}</b></li>", price(lang, together))?;
    }
    out.write_str("</ul>\n")
}

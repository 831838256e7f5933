//! The cart, which lives in a cookie: `cart=TB-10234:2,TB-10007:1`.

use super::cart_layer::{facts, total};
use super::layout::Frame;
use super::texts as t;
use super::texts_service as s;
use crate::catalogue::Product;
use crate::html::escape;
use crate::http::{back, cookie};
use crate::lang::{Lang, price};
use crate::{Page, Request, Shop};
use std::fmt::Write;

/// The sum from which delivery is free, in cents.
pub(super) const FREE_FROM: u32 = 4900;
/// How many different products fit; the cookie stays below half a kilobyte.
const MOST_LINES: usize = 30;
/// How many of one product fit.
pub(super) const MOST_OF_ONE: u32 = 9;
/// Thirty days, in seconds.
const MAX_AGE: u32 = 30 * 86_400;

/// A product, and how many of it.
pub(super) type Line<'a> = (&'a Product, u32);

/// The lines of the cookie that can be understood; the rest is left out.
fn lines(header: Option<&str>) -> Vec<(&str, u32)> {
    read(cookie(header, "cart").unwrap_or_default())
}

/// The lines that can be understood in what [`written`] wrote.
pub(super) fn read(value: &str) -> Vec<(&str, u32)> {
    value
        .split(',')
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(id, count)| Some((id, count.parse::<u32>().ok()?.min(MOST_OF_ONE))))
        .filter(|(id, count)| *count > 0 && crate::catalogue::position(id).is_some())
        .take(MOST_LINES)
        .collect()
}

/// How many things are in the cart.
pub(super) fn count(header: Option<&str>) -> u32 {
    lines(header).iter().map(|(_, count)| count).sum()
}

/// The lines of the cookie whose products there are.
pub(super) fn known<'a>(shop: &'a Shop, header: Option<&str>) -> Vec<Line<'a>> {
    lines(header)
        .into_iter()
        .filter_map(|(id, count)| Some((shop.product(id)?, count)))
        .collect()
}

/// What the lines cost together, in cents.
pub(super) fn sum(lines: &[Line<'_>]) -> u32 {
    lines
        .iter()
        .map(|(product, count)| product.price_now() * count)
        .sum()
}

pub(super) fn page(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let lines = known(shop, request.cookie);
    let frame = Frame {
        lang,
        class: "page-cart",
        title: t::CART.to(lang),
        description: t::CLAIM.to(lang),
        paths: Lang::ALL.map(|lang| format!("/{}/cart", lang.code())),
        cookie: request.cookie,
        query: "",
    };
    let code = lang.code();
    let body = frame.document(|out| {
        write!(out, "<section class=\"cart\">\n<h1>{}</h1>\n", t::CART.to(lang))?;
        if lines.is_empty() {
            let (empty, browse) = (t::CART_EMPTY.to(lang), t::CART_BROWSE.to(lang));
            write!(out, "<p>{empty}</p>\n<p><a class=\"button\" href=\"/{code}/\">{browse}</a></p>\n")?;
            return out.write_str("</section>\n");
        }
        out.write_str("<ul class=\"cart-lines\">\n")?;
        for line in &lines {
            let (product, count) = line;
            writeln!(
                out,
                "<li class=\"cart-line\" data-id=\"{id}\"{}><a href=\"{}\"><img src=\"{}\" width=\"96\" height=\"96\" alt=\"\">\
                 <span>{}</span></a> <span class=\"quantity\">{count} × {}</span> <b>{}</b>\
                 <form method=\"post\" action=\"/{code}/cart/remove\"><input type=\"hidden\" name=\"id\" value=\"{id}\">\
                 <button>{}</button></form></li>",
                facts(line),
                product.path(lang),
                product.picture_path(),
                escape(product.title(lang)),
                price(lang, product.price_now()),
                price(lang, product.price_now() * count),
                t::REMOVE.to(lang),
                id = product.id,
            )?;
        }
        out.write_str("</ul>\n")?;
        total(out, lang, sum(&lines))?;
        let checkout = s::CHECKOUT.to(lang);
        writeln!(out, "<p class=\"actions\"><a class=\"button\" href=\"/{code}/checkout\">{checkout}</a></p>")?;
        writeln!(out, "<p class=\"note\">{}</p>\n</section>", t::CART_NOTE.to(lang))
    });
    Page::html(200, body)
}

/// `POST /<lang>/cart/add` with `id` and, if it is not one, `quantity`.
pub(super) fn add(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let Some(product) = request
        .value("id")
        .and_then(|id| shop.product(&id))
        .filter(|product| product.in_stock)
    else {
        return Page::redirect(303, back(request.referer));
    };
    let wanted = request
        .value("quantity")
        .and_then(|count| count.parse::<u32>().ok())
        .unwrap_or(1)
        .clamp(1, MOST_OF_ONE);
    let mut lines = lines(request.cookie);
    if let Some((_, count)) = lines.iter_mut().find(|(id, _)| *id == product.id) {
        *count = (*count + wanted).min(MOST_OF_ONE);
    } else if lines.len() < MOST_LINES {
        lines.push((&product.id, wanted));
    }
    stored(lang, &lines)
}

/// `POST /<lang>/cart/remove` with `id`.
pub(super) fn remove(lang: Lang, request: &Request<'_>) -> Page {
    let unwanted = request.value("id").unwrap_or_default();
    let mut lines = lines(request.cookie);
    lines.retain(|(id, _)| *id != unwanted);
    stored(lang, &lines)
}

fn stored(lang: Lang, lines: &[(&str, u32)]) -> Page {
    let kept = if lines.is_empty() {
        emptied()
    } else {
        format!(
            "cart={}; Path=/; Max-Age={MAX_AGE}; SameSite=Lax",
            written(lines)
        )
    };
    Page::redirect(303, &format!("/{}/cart", lang.code())).with("set-cookie", kept)
}

/// Lines as a cookie's value.
pub(super) fn written(lines: &[(&str, u32)]) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|(id, count)| format!("{id}:{count}"))
        .collect();
    lines.join(",")
}

/// The cookie that ends a cart.
pub(super) fn emptied() -> String {
    "cart=; Path=/; Max-Age=0; SameSite=Lax".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_cookie_is_read_as_far_as_it_goes() {
        assert_eq!(
            lines(Some(
                "cart=TB-10001:2,TB-1:3,x,TB-10002:-1,TB-10003:99999999999,TB-10004:77"
            )),
            [("TB-10001", 2), ("TB-10004", 9)]
        );
        assert_eq!(count(Some("cart=")), 0);
        assert_eq!(
            lines(Some(&format!("cart={}", "TB-10001:1,".repeat(1000)))).len(),
            MOST_LINES
        );
    }
}

//! What carts have in common wherever they are shown: their sum, the way to free delivery, and the layer that shops open
//! over a page after something was added.

use super::cart::{FREE_FROM, Line, known, sum};
use super::texts as t;
use super::texts_service as s;
use crate::html::{escape, text_of};
use crate::lang::{Lang, decimal, price};
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// How many lines the layer shows: those added last.
const SHOWN: usize = 3;

/// The fragment at `/<lang>/cart/layer`: no document, only what stands in the layer.
pub(super) fn layer(shop: &Shop, lang: Lang, request: &Request<'_>) -> Page {
    let lines = known(shop, request.cookie);
    let code = lang.code();
    let body = text_of(|out| {
        write!(
            out,
            "<!-- cart layer -->\n<section class=\"cart-layer\" aria-labelledby=\"cart-layer-title\">\n\
             <h2 id=\"cart-layer-title\">{}</h2>\n",
            if lines.is_empty() {
                t::CART_EMPTY
            } else {
                s::LAYER_TITLE
            }
            .to(lang)
        )?;
        if !lines.is_empty() {
            out.write_str("<ul class=\"layer-lines\">\n")?;
            for line in lines.iter().rev().take(SHOWN) {
                write!(out, "<li class=\"layer-line\"{}>", facts(line))?;
                picture(out, lang, line)?;
                writeln!(out, "<b>{}</b>", price(lang, line.1 * line.0.price_now()))?;
            }
            out.write_str("</ul>\n")?;
            total(out, lang, sum(&lines))?;
        }
        writeln!(
            out,
            "<p class=\"actions\"><a class=\"button quiet\" href=\"/{code}/cart\">{}</a> \
             <a class=\"button\" href=\"/{code}/checkout\">{}</a></p>\n</section>",
            s::LAYER_CART.to(lang),
            s::CHECKOUT.to(lang)
        )
    });
    Page::html(200, body)
}

/// Attributes of a line: which item, how many, and what one costs.
pub(super) fn facts((product, count): &Line<'_>) -> String {
    format!(
        " data-item=\"{}\" data-quantity=\"{count}\" data-price=\"{}\"",
        product.id,
        decimal(product.price_now())
    )
}

/// Picture, name and number of a line's product.
pub(super) fn picture(out: &mut String, lang: Lang, (product, count): &Line<'_>) -> fmt::Result {
    write!(
        out,
        "<a href=\"{}\"><img src=\"{}\" width=\"72\" height=\"72\" loading=\"lazy\" alt=\"\"><span>{count}&nbsp;× {}</span></a> ",
        product.path(lang),
        product.picture_path(),
        escape(product.title(lang))
    )
}

/// The sum, and how far it is to free delivery.
pub(super) fn total(out: &mut String, lang: Lang, sum: u32) -> fmt::Result {
    let (reached, missing) = match FREE_FROM.saturating_sub(sum) {
        0 => (" reached", 0),
        missing => ("", missing),
    };
    writeln!(
        out,
        "<p class=\"total\">{} <b class=\"cart-sum\" data-amount=\"{}\">{}</b></p>\n\
         <p class=\"free-shipping{reached}\" data-missing=\"{}\"><progress value=\"{}\" max=\"{FREE_FROM}\" aria-label=\"{}\">\
         </progress> {}</p>",
        t::TOTAL.to(lang),
        decimal(sum),
        price(lang, sum),
        decimal(missing),
        sum.min(FREE_FROM),
        s::DELIVERY_BAR.to(lang),
        s::free_shipping(lang, sum)
    )
}

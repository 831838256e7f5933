//! Products in a grid, and prices.

use super::texts as t;
use crate::catalogue::Product;
use crate::html::escape;
use crate::lang::{Lang, price};
use crate::pictures::SIZE;
use std::fmt::{self, Write};

/// How many pictures of a grid are loaded at once: the first row of a wide window.
const EAGER: usize = 4;

/// A grid of products in the given order.
pub(super) fn grid<'a>(
    out: &mut String,
    lang: Lang,
    products: impl Iterator<Item = &'a Product>,
) -> fmt::Result {
    out.write_str("<ul class=\"products\">\n")?;
    for (index, product) in products.enumerate() {
        tile(
            out,
            lang,
            product,
            if index < EAGER { "eager" } else { "lazy" },
        )?;
    }
    out.write_str("</ul>\n")
}

/// The picture's `alt` is empty because the link already says what it shows; a screen reader would say it twice.
fn tile(out: &mut String, lang: Lang, product: &Product, loading: &str) -> fmt::Result {
    write!(
        out,
        "<li class=\"tile\" data-id=\"{}\"><a class=\"tile-link\" href=\"{}\">\
         <img src=\"{}\" width=\"{SIZE}\" height=\"{SIZE}\" loading=\"{loading}\" alt=\"\">\
         <span class=\"tile-brand\">{}</span> <span class=\"tile-title\">{}</span> ",
        product.id,
        product.path(lang),
        product.picture_path(),
        escape(product.brand),
        escape(product.title(lang)),
    )?;
    prices(out, lang, product)?;
    if !product.in_stock {
        write!(
            out,
            " <span class=\"sold-out\">{}</span>",
            t::SOLD_OUT.to(lang)
        )?;
    }
    out.write_str("</a></li>\n")
}

/// Today's price and, where it is reduced, the old one.
pub(super) fn prices(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    match product.sale_price {
        Some(sale) => write!(
            out,
            "<span class=\"price reduced\"><ins>{}</ins> <del><span class=\"hidden\">{} </span>{}</del></span>",
            price(lang, sale),
            t::BEFORE.to(lang),
            price(lang, product.price)
        ),
        None => write!(
            out,
            "<span class=\"price\">{}</span>",
            price(lang, product.price)
        ),
    }
}

//! The page of a product.

use super::layout::Frame;
use super::listing::breadcrumb;
use super::texts as t;
use super::tiles::prices;
use super::{brands, product_details, structured};
use crate::catalogue::Product;
use crate::html::escape;
use crate::lang::Lang;
use crate::pictures::SIZE;
use crate::{Page, Request, Shop};
use std::fmt::{self, Write};

/// The product at `/<lang>/p/<rest>`. The id decides; an outdated slug is led to the right one.
pub(super) fn page(shop: &Shop, lang: Lang, rest: &str, request: &Request<'_>) -> Option<Page> {
    let at = rest.rfind("TB-")?;
    let product = shop.product(&rest[at..])?;
    let path = product.path(lang);
    if path.rsplit('/').next() != Some(rest) {
        return Some(Page::redirect(301, &path));
    }
    let frame = Frame {
        lang,
        class: "page-product",
        title: product.title(lang),
        description: product.description(lang),
        paths: Lang::ALL.map(|lang| product.path(lang)),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document_with(|out| structured::head(out, lang, product), |out| {
        breadcrumb(out, lang, product.category.department(), Some(product.category))?;
        write!(
            out,
            "<article class=\"product\">\n<img src=\"{}\" width=\"{SIZE}\" height=\"{SIZE}\" alt=\"{}\">\n\
             <div class=\"product-info\">\n<p class=\"tile-brand\"><a href=\"{}\">{}</a></p>\n<h1>{}</h1>\n<p class=\"product-price\">",
            product.picture_path(),
            escape(product.title(lang)),
            brands::path(lang, product.brand),
            escape(product.brand),
            escape(product.title(lang)),
        )?;
        prices(out, lang, product)?;
        writeln!(out, " <small>{}</small></p>", t::TAX.to(lang))?;
        purchase(out, lang, product)?;
        siblings(out, lang, shop, product)?;
        writeln!(out, "<h2>{}</h2>\n<p>{}</p>", t::DESCRIPTION.to(lang), escape(product.description(lang)))?;
        facts(out, lang, product)?;
        out.write_str("</div>\n</article>\n")?;
        product_details::write(out, lang, product)
    });
    Some(Page::html(200, body))
}

fn purchase(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    if !product.in_stock {
        return writeln!(
            out,
            "<p class=\"availability gone\">{}</p>",
            t::SOLD_OUT.to(lang)
        );
    }
    write!(
        out,
        "<p class=\"availability\">{}</p>\n<form class=\"add\" method=\"post\" action=\"/{}/cart/add\">\
         <input type=\"hidden\" name=\"id\" value=\"{}\"><label>{} <select name=\"quantity\">",
        t::IN_STOCK.to(lang),
        lang.code(),
        product.id,
        t::QUANTITY.to(lang)
    )?;
    for quantity in 1..=super::cart::MOST_OF_ONE {
        write!(out, "<option>{quantity}</option>")?;
    }
    writeln!(
        out,
        "</select></label> <button class=\"button\">{}</button></form>",
        t::ADD.to(lang)
    )
}

/// The model's other colours.
fn siblings(out: &mut String, lang: Lang, shop: &Shop, product: &Product) -> fmt::Result {
    let mut others = shop
        .products()
        .iter()
        .filter(|other| other.group == product.group && other.id != product.id)
        .peekable();
    if others.peek().is_none() {
        return Ok(());
    }
    write!(
        out,
        "<nav class=\"colours\" aria-label=\"{}\">",
        t::MORE_COLOURS.to(lang)
    )?;
    for other in others {
        write!(
            out,
            "<a href=\"{}\"><img src=\"{}\" width=\"72\" height=\"72\" alt=\"{}\"></a> ",
            other.path(lang),
            other.picture_path(),
            escape(other.colour(lang))
        )?;
    }
    out.write_str("</nav>\n")
}

fn facts(out: &mut String, lang: Lang, product: &Product) -> fmt::Result {
    out.write_str("<dl class=\"facts\">")?;
    for (name, value) in [
        (t::COLOUR, product.colour(lang)),
        (t::MATERIAL, product.material(lang)),
        (t::ITEM_NUMBER, product.id.as_str()),
    ] {
        write!(
            out,
            "<div><dt>{}</dt><dd>{}</dd></div>",
            name.to(lang),
            escape(value)
        )?;
    }
    out.write_str("</dl>\n")
}

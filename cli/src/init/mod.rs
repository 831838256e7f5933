//! `tailorbird init`: a first site.toml, out of a shop's own feed and pages.
//!
//! Nothing about a shop's markup is known beforehand. What is known is the feed: a link that leads to one
//! of its products belongs to a product's tile, and the largest element with links to one product alone
//! *is* that tile. Tiles side by side are a list; what they have in common is a selector.

mod lists;
mod page;
mod select;
mod template;
mod write;

#[cfg(test)]
mod real_pages;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::PathBuf;

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::site::Locale;
use tailorbird_trainer::feed::Catalogue;
use tailorbird_trainer::{FeedFile, Warnings, read_feed};

use crate::inputs;
use crate::pages::{self, PageSource};
use crate::progress::print_warnings;
use page::{Page, PageKind};

/// What a shop's language is when nobody says it.
const DEFAULT_LANG: &str = "en";

/// Propose a site.toml from the shop's feed and some of its pages
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    tailorbird init --feed feed.tsv --page home=home.html --page listing=shoes.html --page product=shoe.html\n  \
    tailorbird init --feed feed.tsv --page https://shop.example/ --page https://shop.example/shoes --out site.toml\n\n\
    Save pages as the shop sends them (curl, or the browser's \"view source\"), not as a browser has changed them.\n\
    Without a kind, a page is told by its own address (<link rel=canonical>) and by what it holds.")]
pub struct Args {
    /// A product feed, as for `build`; one of a shop's languages is enough
    #[arg(long, required = true, value_name = "[LANG=]FILE", value_parser = inputs::feed)]
    feed: FeedFile,
    /// A page of the shop, with its kind where you know it: home, listing, search, product, cart
    #[arg(long, required = true, value_name = "[KIND=]URL|FILE", value_parser = pages::source)]
    page: Vec<PageSource>,
    /// The shop's language [default: the feed's, or en]
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// The currency of its prices
    #[arg(long, default_value = "EUR", value_name = "CODE")]
    currency: String,
    /// Write to this file instead of standard output; an existing file is left as it is
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn run(args: Args) -> Result<()> {
    let mut warnings = Warnings::default();
    let lang = args.lang.or_else(|| args.feed.lang.clone());
    let feed = FeedFile {
        lang: None,
        ..args.feed
    };
    let locale = Locale {
        lang: lang.unwrap_or_else(|| DEFAULT_LANG.into()),
        currency: args.currency,
        ..Locale::default()
    };
    let catalogue = read_feed(&feed, &locale, &mut warnings).into_diagnostic()?;
    print_warnings(&warnings);
    let mut pages = Vec::new();
    for page in &args.page {
        pages.push(read_page(page, &locale, &catalogue)?);
    }
    let (site, report) = propose(&locale, &catalogue, &pages);
    eprint!("{report}");
    match &args.out {
        None => print!("{site}"),
        Some(path) if path.exists() => {
            return Err(miette!(
                "{} is there already; move it away, or leave out --out and compare",
                path.display()
            ));
        }
        Some(path) => fs::write(path, site)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?,
    }
    Ok(())
}

/// A site.toml, and a line about each page.
fn propose(locale: &Locale, catalogue: &Catalogue, pages: &[Page]) -> (String, String) {
    let found: Vec<_> = pages.iter().map(lists::find).collect();
    let report = pages
        .iter()
        .zip(&found)
        .map(|(page, lists)| {
            let tiles: usize = lists.iter().map(|list| list.tiles.len()).sum();
            format!(
                "{}: {} page, {} links to products, {} tiles in {} lists\n",
                page.name,
                page.kind.name(),
                page.product_links,
                tiles,
                lists.len()
            )
        })
        .collect();
    (write::site(locale, catalogue, pages, &found), report)
}

/// Reads or fetches a page.
fn read_page(source: &PageSource, locale: &Locale, catalogue: &Catalogue) -> Result<Page> {
    let kind = source.kind.as_deref().map(|kind| {
        PageKind::parse(kind).ok_or_else(|| {
            let kinds = PageKind::ALL.map(PageKind::name).join(", ");
            miette!("--page {kind}=…: expected a kind ({kinds}), found `{kind}`")
        })
    });
    let page = pages::read(source)?;
    let (path, kind) = (page.target.as_deref(), kind.transpose()?);
    let mut page = Page::new(&page.name, &page.html, path, kind, catalogue);
    if kind.is_none() && page.is_start_in(&locale.lang) {
        page.kind = PageKind::Home;
    }
    Ok(page)
}

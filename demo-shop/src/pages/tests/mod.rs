//! The pages as their readers see them: browsers, caches, and rules written against the markup.

mod account;
mod cart;
mod discover;
mod http;
mod markup;
mod product;
mod sound;

use super::*;
use crate::{DEFAULT_SEED, TILES_PER_PAGE};

fn shop() -> Shop {
    Shop::generate(DEFAULT_SEED)
}

fn html(page: &Page) -> &str {
    std::str::from_utf8(&page.body).expect("pages are UTF-8")
}

fn tiles(page: &Page) -> usize {
    html(page)
        .matches("<li class=\"tile\" data-id=\"TB-")
        .count()
}

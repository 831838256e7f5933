//! `GET why`: why an item was shown to this visitor, recomputed from what is known of him now; whom a banner is
//! for.

use super::request::Request;
use super::{LocalResponse, text};
use crate::recommend::{MAX_SEEDS, Query};
use crate::site::{Audience, Banner, Strategy, reason_in};
use crate::snapshot::{QueryWeights, Snapshot};

/// An item that was looked at or bought, and its share in the choice of another, in percent.
pub(super) struct Share {
    pub item: u32,
    pub percent: u64,
}

/// The shares of the newest of `seen` in an item's score, the largest first; those that round to nothing are
/// left out. Each is what the item would score by that one alone, as much as steps back leave of it.
pub(super) fn shares(snapshot: &Snapshot, seen: &[u32], item: u32) -> Vec<Share> {
    let decay = u64::from(snapshot.query_weights().decay);
    let (mut query, mut weight) = (Query::new(), u64::from(QueryWeights::ONE));
    let mut scores: Vec<(u32, u64)> = Vec::with_capacity(MAX_SEEDS);
    for &seed in seen.iter().filter(|&&seed| seed != item).take(MAX_SEEDS) {
        query.run(snapshot, &[seed]);
        let score = query.score(item) >> 16;
        scores.push((seed, score.saturating_mul(weight)));
        weight = weight * decay / u64::from(QueryWeights::ONE);
    }
    let sum = scores
        .iter()
        .fold(0u64, |sum, (_, score)| sum.saturating_add(*score));
    let percent = |score: u64| {
        (u128::from(score) * 100)
            .checked_div(sum.into())
            .unwrap_or(0)
    };
    let shares = scores.into_iter().map(|(item, score)| Share {
        item,
        percent: u64::try_from(percent(score)).unwrap_or(100),
    });
    let mut shares: Vec<Share> = shares.filter(|share| share.percent > 0).collect();
    crate::sort::by_key(&mut shares, |share| std::cmp::Reverse(share.percent));
    shares
}

pub(super) fn page(request: &Request<'_>) -> LocalResponse {
    let (words, snapshot) = (request.words, request.snapshot());
    let mut banners = request.site().banners.iter();
    if let Some(name) = request.params.get("banner") {
        let banner = banners.find(|banner| banner.name == name);
        return banner.map_or_else(no_such_thing, |banner| of_banner(request, banner));
    }
    let Some(item) = request.item("item") else {
        return no_such_thing();
    };
    let strategy = request.params.get("strategy");
    let strategy = strategy.and_then(|name| Strategy::ALL.iter().find(|(known, _)| *known == name));
    let mut page = request.page(words.why);
    let html = &mut page;
    html.raw("<p><b>");
    request.item_link(html, Some(item));
    html.raw("</b></p>\n");
    if let Some((_, strategy)) = strategy {
        html.paragraph(reason_in(*strategy, words.is_german));
    }
    if let Some(product) = request.item("product").filter(|product| *product != item) {
        html.raw("<p>").text(words.beside).raw(" ");
        request.item_link(html, Some(product));
        html.raw("</p>\n");
    }
    let [place, of] = words.rank;
    html.raw("<p>")
        .text(place)
        .text(&(u64::from(item) + 1).to_string());
    html.text(of)
        .text(&snapshot.len().to_string())
        .raw("</p>\n");
    let Some(visitor) = request.visitor() else {
        html.paragraph(words.nothing);
        return page.finish();
    };
    let items = visitor.items(snapshot);
    let known = visitor.known(&items);
    let mut seen = known.seen.to_vec();
    seen.extend(
        known
            .bought
            .iter()
            .filter(|item| !known.seen.contains(item)),
    );
    let shares = shares(snapshot, &seen, item);
    match shares.is_empty() {
        true => html.paragraph(words.not_because),
        false => html.paragraph(words.because).raw("<ul>\n"),
    };
    for share in &shares {
        html.raw("<li>")
            .text(&share.percent.to_string())
            .raw(" % · ");
        request.item_link(html, Some(share.item));
        html.raw("</li>\n");
    }
    if !shares.is_empty() {
        html.raw("</ul>\n");
    }
    html.raw("<p>");
    let back = request.address("profile");
    request.opinion(html, item, "like", &back);
    request.opinion(html, item, "dislike", &back);
    html.form("forget", &[])
        .button(words.forget)
        .raw("</p>\n<p>");
    html.link(&back, words.profile).raw("</p>\n");
    page.finish()
}

fn of_banner(request: &Request<'_>, banner: &Banner) -> LocalResponse {
    let words = request.words;
    let mut page = request.page(words.why);
    let title = banner.title.get(request.locale);
    page.raw("<p><b>").text(title.map_or("", String::as_str));
    page.raw("</b></p>\n");
    let [new, returning] = words.audiences;
    match banner.audience {
        Audience::Everyone => {}
        Audience::New => _ = page.paragraph(new),
        Audience::Returning => _ = page.paragraph(returning),
    }
    if !banner.place.terms.when.is_trivial() {
        page.paragraph(words.by_condition);
    }
    page.raw("<p>")
        .link(&request.address("profile"), words.profile);
    page.raw("</p>\n");
    page.finish()
}

fn no_such_thing() -> LocalResponse {
    text(404, "There is no such item or banner.\n")
}

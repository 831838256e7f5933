//! `GET profile`: what is known of the visitor, in plain words.

use super::LocalResponse;
use super::html::Html;
use super::preferences;
use super::request::Request;
use super::words::{day_text, minute_text};
use crate::engine::{Visitor, moment};
use crate::page::{Facts, Page};
use crate::recommend::{Situation, Surroundings};
use crate::snapshot::{ItemKey, Kind};
use crate::visitor::{View, VisitorState};

pub(super) fn page(request: &Request<'_>) -> LocalResponse {
    let words = request.words;
    let mut html = request.page(words.profile);
    let Some(visitor) = request.visitor() else {
        html.paragraph(words.nothing);
        return html.finish();
    };
    let state = &visitor.state;
    let html = &mut html;
    views(request, html, words.views, &state.views);
    views(request, html, words.cart, &state.cart);
    list(html, words.purchases, &state.purchases, |html, purchase| {
        request.item_link(html, request.item_of(purchase.item));
        html.raw(" · ").text(&day_text(purchase.day));
    });
    opinions(request, html, words.likes, &state.likes);
    opinions(request, html, words.dislikes, &state.dislikes);
    let searches: Vec<u32> = state.searches.iter().map(|key| key.0).collect();
    let searches = preferences::texts(request, Kind::Category, &searches);
    list(html, words.searches, &searches, |html, (_, text)| {
        html.text(text);
    });
    preferred(request, html, state);
    shop_says(request, html, &visitor);
    segments(request, html, &visitor);
    visits(request, html, state);
    html.heading(words.cookie).paragraph(words.cookie_is);
    html.form("forget", &[]).button(words.forget);
    std::mem::replace(html, Html::part()).finish()
}

fn list<T>(html: &mut Html, heading: &str, entries: &[T], mut write: impl FnMut(&mut Html, &T)) {
    if entries.is_empty() {
        return;
    }
    html.heading(heading).raw("<ul>\n");
    for entry in entries {
        html.raw("<li>");
        write(html, entry);
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
}

fn views(request: &Request<'_>, html: &mut Html, heading: &str, views: &[View]) {
    let back = request.address("profile");
    list(html, heading, views, |html, view| {
        let item = request.item_of(view.item);
        request.item_link(html, item);
        html.raw(" · ").text(&minute_text(view.minute)).raw(" ");
        if let Some(item) = item {
            request.opinion(html, item, "like", &back);
            request.opinion(html, item, "dislike", &back);
        }
    });
}

fn opinions(request: &Request<'_>, html: &mut Html, heading: &str, items: &[ItemKey]) {
    let back = request.address("profile");
    list(html, heading, items, |html, &key| {
        let item = request.item_of(key);
        request.item_link(html, item);
        html.raw(" ");
        if let Some(item) = item {
            request.opinion(html, item, "none", &back);
        }
    });
}

fn preferred(request: &Request<'_>, html: &mut Html, state: &VisitorState) {
    let words = request.words;
    html.heading(words.preferences).raw("<ul>\n");
    for (kind, name) in preferences::COLUMNS.iter().zip(words.kinds) {
        let preferred = state.preferences.iter().filter(|p| p.kind == kind.0);
        let keys: Vec<u32> = preferred.map(|preference| preference.value.0).collect();
        for (_, text) in preferences::texts(request, kind.1, &keys) {
            html.raw("<li>").text(name).raw(": ").text(text);
            html.raw("</li>\n");
        }
    }
    html.raw("</ul>\n<p>");
    html.link(&request.address("preferences"), words.preferences);
    html.raw("</p>\n");
}

/// What is not ours to forget.
fn shop_says(request: &Request<'_>, html: &mut Html, visitor: &Visitor) {
    let words = request.words;
    let adopted = &visitor.adopted;
    let lists = [
        (words.views, &adopted.views),
        (words.cart, &adopted.cart),
        (words.likes, &adopted.likes),
    ];
    let mut said: Vec<(&str, Result<Option<u32>, &str>)> = Vec::new();
    for (name, keys) in lists {
        said.extend(keys.iter().map(|&key| (name, Ok(request.item_of(key)))));
    }
    for rule in &request.site().traits {
        let value = visitor.traits.get(&rule.name);
        said.extend(value.map(|value| (rule.name.as_str(), Err(value))));
    }
    let customer = visitor.customer.as_deref();
    said.extend(customer.map(|name| ("Name", Err(name))));
    list(html, words.shop_says, &said, |html, (name, what)| {
        html.text(name).raw(": ");
        match what {
            Ok(item) => request.item_link(html, *item),
            Err(value) => {
                html.text(value);
            }
        }
    });
}

/// The groups of visitors that this one is in, where no page is looked at.
fn segments(request: &Request<'_>, html: &mut Html, visitor: &Visitor) {
    let (snapshot, ambient) = (request.snapshot(), request.ambient);
    let items = visitor.items(snapshot);
    let known = visitor.known(&items);
    let page = Page {
        path: "",
        kind: None,
        locale: request.locale,
        product: None,
        facts: Facts::default(),
    };
    let around = Surroundings {
        country: ambient.country.as_deref(),
        region: ambient.region.as_deref(),
        ..Surroundings::default()
    };
    let moment = moment(ambient.now, Some(visitor));
    let situation = Situation::new(request.site(), snapshot, &page, &known, moment, around);
    let names: Vec<&str> = situation.segments().collect();
    list(html, request.words.segments, &names, |html, name| {
        html.text(name);
    });
}

fn visits(request: &Request<'_>, html: &mut Html, state: &VisitorState) {
    let words = request.words;
    let shown: u32 = state.impressions.iter().map(|i| u32::from(i.count)).sum();
    let values = [
        state.visits.count.to_string(),
        minute_text(state.visits.first),
        minute_text(state.visits.last),
        shown.to_string(),
    ];
    let said: Vec<_> = words.visits_are.iter().zip(values).collect();
    list(html, words.visits, &said, |html, (name, value)| {
        html.text(name).text(value);
    });
}

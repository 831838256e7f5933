//! Every kind of page is sound HTML, and every link on it leads somewhere.

use super::*;
use std::collections::HashSet;

const VOID: [&str; 5] = ["img", "input", "link", "meta", "br"];

/// One address of each kind of page, and the cookies that it needs.
fn kinds(shop: &Shop, lang: Lang) -> Vec<(String, Option<String>)> {
    let code = lang.code();
    let product = &shop.products()[0];
    let cart = format!(
        "consent=essential; customer=Anna; loyalty=gold; cart={}:2,TB-10002:1; order=UU-1/{}:2",
        product.id, product.id
    );
    let mut kinds: Vec<(String, Option<String>)> = [
        "",
        "c/x",
        "search",
        "search?q=mug",
        "search?q=xyzzy",
        "cart",
        "cart/layer",
        "checkout",
        "login",
        "advisor",
        "advisor?for=kitchen&style=fresh&budget=any",
        "brands",
        "b/avelund",
        "magazine",
        "themes",
    ]
    .into_iter()
    .map(|rest| (format!("/{code}/{rest}"), None))
    .collect();
    for rest in ["cart", "cart/layer", "checkout", "order/UU-1", "login", ""] {
        kinds.push((format!("/{code}/{rest}"), Some(cart.clone())));
    }
    kinds.push((product.path(lang), None));
    kinds.push((product.category.path(lang), None));
    kinds.push((crate::catalogue::tags::TAGS[3].path(lang), None));
    kinds.extend(crate::editorial::articles().map(|article| (article.path(lang), None)));
    kinds.extend(
        crate::editorial::THEMES
            .iter()
            .map(|theme| (theme.path(lang), None)),
    );
    kinds
}

/// The tags of a page: name, whether it ends an element, and the attributes. Comments and scripts are left out.
fn tags(body: &str) -> Vec<(&str, bool, &str)> {
    let mut tags = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->").expect("a comment ends")..];
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let (tag, tail) = (&rest[..end], &rest[end + 1..]);
        rest = tail;
        let (close, tag) = tag
            .strip_prefix('/')
            .map_or((false, tag), |tag| (true, tag));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if name == "script" && !close {
            rest = &rest[rest.find("</script>").expect("a script ends")..];
        }
        if !name.starts_with('!') {
            tags.push((name, close, attributes));
        }
    }
    tags
}

/// Elements nest; an item of a list may end where the next one begins or where the list ends.
fn assert_nested(body: &str, path: &str) {
    let mut open: Vec<&str> = Vec::new();
    for (name, close, _) in tags(body) {
        let unclosed =
            open.last() == Some(&"li") && ((name == "li" && !close) || (name == "ul" && close));
        if unclosed {
            open.pop();
        }
        match (close, VOID.contains(&name)) {
            (_, true) => assert!(!close, "</{name}> on {path}"),
            (false, false) => open.push(name),
            (true, false) => assert_eq!(open.pop(), Some(name), "on {path}"),
        }
    }
    assert!(open.is_empty(), "{open:?} are open at the end of {path}");
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let start = attributes.find(&format!("{name}=\""))? + name.len() + 2;
    attributes.get(start..)?.split('"').next()
}

#[test]
fn elements_nest_and_nothing_stands_inline() {
    let shop = shop();
    for lang in Lang::ALL {
        for (path, cookie) in kinds(&shop, lang) {
            let page = shop.respond("GET", &path, cookie.as_deref());
            let body = html(&page);
            assert_nested(body, &path);
            let mut ids = HashSet::new();
            for (name, close, attributes) in tags(body) {
                if name == "img" {
                    for wanted in ["width", "height", "alt", "src"] {
                        let found = attribute(attributes, wanted);
                        assert!(found.is_some(), "{wanted} of {attributes} on {path}");
                    }
                }
                if name == "script" && !close {
                    assert_eq!(attributes, "type=\"application/ld+json\"", "{path}");
                }
                // What stands between quotes is no name.
                let names = attributes.split('"').step_by(2);
                for name in names.flat_map(str::split_whitespace) {
                    assert!(name != "style=" && !name.starts_with("on"), "{path}");
                }
                if let Some(id) = attribute(&format!(" {attributes}"), " id") {
                    assert!(ids.insert(id.to_owned()), "{id} is twice on {path}");
                }
            }
            assert!(!body.to_lowercase().contains("tailorbird"), "{path}");
        }
    }
}

#[test]
fn pages_have_what_real_shops_have() {
    let shop = shop();
    for (path, cookie) in kinds(&shop, Lang::En) {
        let page = shop.respond("GET", &path, cookie.as_deref());
        let body = html(&page);
        assert!(body.contains("<!-- "), "a comment on {path}");
        if path.ends_with("/layer") {
            continue;
        }
        let items = tags(body).into_iter().filter(|(name, ..)| *name == "li");
        let (opened, closed): (Vec<_>, Vec<_>) = items.partition(|(_, close, _)| !close);
        assert!(opened.len() > closed.len(), "an unclosed item on {path}");
        assert!(
            body.contains("&copy;&nbsp;Ufer &amp; Ulme"),
            "entities on {path}"
        );
        assert!(
            body.contains("loading=\"lazy\""),
            "a lazy picture on {path}"
        );
        assert!(
            body.contains("<form class=\"search\""),
            "a search on {path}"
        );
        assert_eq!(body.matches("<h1").count(), 1, "one heading on {path}");
    }
}

#[test]
fn links_lead_somewhere() {
    let shop = shop();
    let mut seen = HashSet::new();
    for lang in Lang::ALL {
        for (path, cookie) in kinds(&shop, lang) {
            let page = shop.respond("GET", &path, cookie.as_deref());
            for (name, _, attributes) in tags(html(&page)) {
                let link = match name {
                    "a" | "link" => attribute(attributes, "href"),
                    "img" => attribute(attributes, "src"),
                    _ => None,
                };
                let Some(link) = link.filter(|link| link.starts_with('/')) else {
                    continue;
                };
                let link = link.replace("&amp;", "&");
                // An order's page in the other language needs the same cookies.
                if seen.insert(link.clone()) {
                    let status = shop.respond("GET", &link, cookie.as_deref()).status;
                    assert_eq!(status, 200, "{link} on {path}");
                }
            }
        }
    }
    assert!(seen.len() > 300, "{}", seen.len());
}

//! Segments, rules, experiments and the holdout on pages: who sees what.
#![cfg(feature = "authoring")]

mod common;

use common::*;
use tailorbird::Engine;
use tailorbird::snapshot::{ItemKey, write};
use tailorbird::visitor::{VisitorState, decode, encode};

const PAGE: &str = "<main><section class=hero></section>\
    <ul class=products><li class=tile><a href=/en/p/item-9>9</a></li><li class=tile><a href=/en/p/item-3>3</a></li>\
    <li class=tile><a href=/en/p/item-0>0</a></li></ul></main>";

/// The fixture's shop with more in its site.toml.
fn engine_of(more: &str) -> Engine {
    let mut source = full_source();
    let text = format!("{SITE}{more}");
    source.site = tailorbird::site::parse("site.toml", &text).unwrap_or_else(|e| panic!("{e:?}"));
    Engine::open(write(&source).expect("writes")).expect("opens")
}

/// A consenting visitor; `change` says what is known of him.
fn cookies(change: impl FnOnce(&mut VisitorState)) -> String {
    let mut state = VisitorState::default();
    state.touch(NOW - 86_400 * 40, 7);
    change(&mut state);
    format!("consent=personalisation; tailorbird={}", encode(&state))
}

fn key(item: usize) -> ItemKey {
    ItemKey::of(&format!("F-{item}"))
}

fn seen(items: &[usize]) -> String {
    cookies(|state| {
        for &item in items.iter().rev() {
            state.record_view(key(item), NOW - 86_400 * 40);
        }
    })
}

fn page(engine: &Engine, target: &str, cookie: &str) -> String {
    fetch(engine, &get(target, &[("cookie", cookie)]), PAGE).body
}

/// The numbers of the items in a slot, or of a list's tiles.
fn items(body: &str, slot: &str) -> Vec<usize> {
    let start = match slot {
        "list" => body.find("<ul").expect("a list"),
        slot => match body.find(&format!("data-slot=\"{slot}\"")) {
            Some(start) => start,
            None => return Vec::new(),
        },
    };
    let end = body[start..].find(if slot == "list" {
        "</ul>"
    } else {
        "</section>"
    });
    let part = &body[start..start + end.expect("an end")];
    let links = part.split("/p/item-").skip(1);
    let number = |link: &str| {
        link.split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    links.map(|link| number(link).expect("a number")).collect()
}

fn rule(action: &str, items: &str) -> String {
    format!("[[rule]]\nname = \"r\"\naction = \"{action}\"\nitems = '{items}'\n")
}

#[test]
fn places_are_for_those_for_whom_their_condition_holds() {
    let banner = |when: &str| {
        format!(
            "[[banner]]\nname = \"x\"\npages = [\"home\"]\nselector = \"main\"\nposition = \"append\"\n\
             template = \"banner\"\ntitle = \"Only you\"\nlink = \"/en/\"\nwhen = '{when}'\n"
        )
    };
    let buyer = cookies(|state| state.record_purchase([key(3), key(6)], NOW - 86_400 * 10));
    let cart = cookies(|state| state.record_cart([key(5)], NOW - 3600 * 30));
    let nobody = "consent=personalisation".to_owned();
    let mugs = seen(&[0, 3, 6, 9, 2]);
    for (when, cookie, expected) in [
        ("new", &nobody, true),
        ("new", &String::new(), true),
        ("new", &mugs, false),
        ("returning and days_since_last_visit >= 30", &mugs, true),
        ("buyer and days_since_purchase == 10", &buyer, true),
        (
            "purchases == 2 and bought_category(\"Mugs\") == 2",
            &buyer,
            true,
        ),
        ("buyer", &mugs, false),
        ("cart_hours >= 24 and cart_items == 1", &cart, true),
        ("cart_sum == 10.50", &cart, true),
        ("cart_hours >= 24", &mugs, false),
        (
            "views == 5 and viewed_category(\"Kitchen\") == 4",
            &mugs,
            true,
        ),
        (
            "viewed_category(\"Mugs\") >= 4 and viewed_color(\"red\") == 4",
            &mugs,
            true,
        ),
        ("viewed_brand(\"brand 2\") >= 1", &mugs, true),
        ("share_on_sale >= 20 %", &mugs, true),
        ("views >= 1", &String::new(), false),
        ("country == \"DE\"", &mugs, true),
        ("region == \"BY\" and weather == \"snow\"", &mugs, true),
        (
            "season == \"autumn\" and month == 9 and weekday == 1",
            &mugs,
            true,
        ),
        ("query(\"utm campaign\") contains \"Win\"", &mugs, true),
        ("lang == \"en\" and page == \"home\"", &mugs, true),
        ("lang == \"de\"", &mugs, false),
        ("cluster == \"Kitchen\"", &mugs, true),
        (
            "trait(\"tier\") == \"gold\"",
            &format!("{mugs}; loyalty=gold"),
            true,
        ),
        ("trait(\"tier\") == \"gold\"", &mugs, false),
        (
            "trait(\"tier\") == \"gold\"",
            &"loyalty=gold".to_owned(),
            false,
        ),
    ] {
        let tier = "[[trait]]\nname = \"tier\"\ncookie = \"loyalty\"\n";
        let engine = engine_of(&format!("{}{tier}", banner(when)));
        let ambient = tailorbird::Ambient {
            country: Some("DE".into()),
            region: Some("BY".into()),
            ..ambient()
        };
        let request = get("/en/?utm+campaign=winter%20sale", &[("cookie", cookie)]);
        let body = fetch_at(&engine, &request, PAGE, &ambient).body;
        assert_eq!(body.contains("Only you"), expected, "{when} of {cookie}");
    }
}

#[test]
fn segments_are_named_conditions() {
    let more = "[[segment]]\nname = \"mugs\"\nwhen = 'viewed_category(\"Mugs\") >= 2'\n\
        [[segment]]\nname = \"mugs again\"\nwhen = 'segment(\"mugs\") and returning'\n\
        [[rule]]\nname = \"r\"\naction = \"only\"\nitems = 'category == \"Garden\"'\nwhen = 'segment(\"mugs again\")'\n\
        places = [\"for-you\"]\n";
    let engine = engine_of(more);
    let of_mugs = items(&page(&engine, "/en/", &seen(&[0, 3])), "for-you");
    assert!(
        !of_mugs.is_empty() && of_mugs.iter().all(|item| item % 3 == 2),
        "{of_mugs:?}"
    );
    let of_one = items(&page(&engine, "/en/", &seen(&[0])), "for-you");
    assert!(of_one.iter().any(|item| item % 3 == 0), "{of_one:?}");
}

#[test]
fn rules_change_what_slots_show() {
    let top = |rules: &str| items(&page(&engine_of(rules), "/en/", ""), "for-you");
    assert_eq!(top(""), [0, 1, 2, 3, 4, 5]);
    for (rules, expected) in [
        (
            rule("hide", "id in [\"F-0\", \"F-2\"]"),
            vec![1, 3, 4, 5, 7, 8],
        ),
        (
            rule("only", "brand == \"Brand 3\""),
            vec![3, 8, 18, 23, 28, 33],
        ),
        (
            rule("boost", "id == \"F-5\"") + "by = 3\n",
            vec![0, 5, 1, 2, 3, 4],
        ),
        (rule("bury", "price < 10.20"), vec![2, 3, 5, 7, 9, 10]),
        (
            rule("pin", "id == \"F-33\"") + "position = 2\n",
            vec![0, 33, 1, 2, 3, 4],
        ),
        // 20 is sold out, and what is sold out is never shown.
        (
            rule("pin", "id in [\"F-20\", \"F-33\"]"),
            vec![33, 0, 1, 2, 3, 4],
        ),
        (
            "[[rule]]\nname = \"r\"\naction = \"at_most\"\nmost = 2\nper = \"category\"\n"
                .to_owned(),
            vec![0, 1, 2, 3, 4, 5],
        ),
        (
            rule("hide", "quantity <= 2") + "places = [\"for-you\"]\n",
            vec![1, 2, 4, 5, 7, 8],
        ),
        (
            rule("hide", "on_sale") + "when = 'page == \"product\"'\n",
            vec![0, 1, 2, 3, 4, 5],
        ),
        (
            rule("hide", "on_sale") + "enabled = false\n",
            vec![0, 1, 2, 3, 4, 5],
        ),
        (
            rule("hide", "on_sale") + "places = [\"listing\"]\n",
            vec![0, 1, 2, 3, 4, 5],
        ),
    ] {
        assert_eq!(top(&rules), expected, "{rules}");
    }
    let one = "[[rule]]\nname = \"r\"\naction = \"at_most\"\nper = \"category\"\n";
    assert_eq!(top(one), [0, 1, 2], "one of each category is all there is");
    let all = rule("hide", "price >= 0");
    assert_eq!(top(&all), [0; 0], "no empty slot");
    assert!(!page(&engine_of(&all), "/en/", "").contains("tb-slot"));
}

#[test]
fn rules_change_the_order_of_lists() {
    let order = |rules: &str| items(&page(&engine_of(rules), "/en/c/x", ""), "list");
    assert_eq!(order(""), [0, 3, 9]);
    for (rules, expected) in [
        (rule("hide", "id == \"F-0\""), [3, 9, 0]),
        (rule("bury", "id in [\"F-0\", \"F-3\"]"), [9, 0, 3]),
        (rule("boost", "id == \"F-9\"") + "by = 64\n", [9, 0, 3]),
        (rule("pin", "id == \"F-9\""), [9, 0, 3]),
        (rule("only", "id != \"F-0\""), [3, 9, 0]),
        (
            rule("bury", "id == \"F-0\"") + "places = [\"for-you\"]\n",
            [0, 3, 9],
        ),
    ] {
        assert_eq!(order(&rules), expected, "{rules}");
    }
}

#[test]
fn what_is_sensitive_is_no_reason_and_is_not_remembered() {
    let engine = engine_of(&rule("sensitive", "category == \"Mugs\""));
    let cookie = seen(&[0, 3, 6]);
    let home = page(&engine, "/en/", &cookie);
    assert_eq!(items(&home, "recent"), [0; 0]);
    assert!(items(&home, "for-you").iter().all(|item| item % 3 != 0));
    let answer = fetch(&engine, &get("/en/p/item-9", &[("cookie", &cookie)]), PAGE);
    let views = answer.cookie.map(|cookie| decode(value(&cookie)).views);
    assert!(views.is_none_or(|views| views.iter().all(|view| view.item != key(9))));
    let answer = fetch(&engine, &get("/en/p/item-10", &[("cookie", &cookie)]), PAGE);
    let views = decode(value(&answer.cookie.expect("a view"))).views;
    assert_eq!(views[0].item, key(10));
}

fn value(cookie: &str) -> &str {
    let value = cookie.strip_prefix("tailorbird=").expect("ours");
    value.split(';').next().expect("a value")
}

#[test]
fn variants_are_the_visitors_own() {
    let more = "[[experiment]]\nname = \"e\"\nvariants = [\"a\", \"b\"]\n\
        [[rule]]\nname = \"r\"\naction = \"only\"\nitems = 'category == \"Garden\"'\nwhen = 'variant(\"e\") == \"b\"'\n";
    let engine = engine_of(more);
    let of = |id: u64| {
        let mut state = VisitorState::default();
        state.touch(NOW - 100, id);
        state.record_view(key(0), NOW - 100);
        let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
        items(&page(&engine, "/en/", &cookie), "for-you")
            .iter()
            .all(|item| item % 3 == 2)
    };
    let drawn: Vec<bool> = (1..60).map(of).collect();
    let b = drawn.iter().filter(|is_b| **is_b).count();
    assert!((15..45).contains(&b), "{b}");
    assert_eq!(drawn, (1..60).map(of).collect::<Vec<_>>());
    // Without an id everybody gets the same, and nobody takes part.
    assert_eq!(
        items(&page(&engine, "/en/", ""), "for-you"),
        [0, 1, 2, 3, 4, 5]
    );
}

#[test]
fn the_holdout_gets_the_origins_bytes_and_is_remembered() {
    let engine = engine_of("[holdout]\npercentage = 50\n");
    let (mut held, mut others) = (0, 0);
    for id in 1..40 {
        let mut state = VisitorState::default();
        state.touch(NOW - 100, id);
        state.record_view(key(0), NOW - 100);
        let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
        let home = fetch(&engine, &get("/en/", &[("cookie", &cookie)]), PAGE);
        let product = fetch(&engine, &get("/en/p/item-4", &[("cookie", &cookie)]), PAGE);
        assert_eq!(home.body == PAGE, product.body == PAGE, "always or never");
        let views = decode(value(&product.cookie.expect("remembers"))).views;
        assert_eq!(views[0].item, key(4));
        match home.body == PAGE {
            true => held += 1,
            false => others += 1,
        }
    }
    assert!(held > 8 && others > 8, "{held} of {}", held + others);
    let anybody = fetch(&engine, &get("/en/", &[]), PAGE);
    assert!(anybody.changed, "nobody without an id is held out");
}

#[test]
fn what_pages_tell_is_remembered() {
    let facts = "[[fact]]\nname = \"cart_item\"\npages = [\"listing\"]\nselector = \"b.line\"\n\
        [[fact]]\nname = \"order\"\npages = [\"listing\"]\nselector = \"b.order\"\n\
        [[fact]]\nname = \"search\"\nquery = \"q\"\n[[fact]]\nname = \"category\"\nquery = \"c\"\n\
        [[fact]]\nname = \"customer\"\nselector = \"b.name\"\n\
        [[template]]\nname = \"hello\"\nsource = '<p>{{#customer}}Hello {{customer}}{{/customer}}</p>'\n\
        [[banner]]\nname = \"hello\"\npages = [\"listing\"]\nselector = \"main\"\nposition = \"prepend\"\ntemplate = \"hello\"\n";
    let engine = engine_of(facts);
    let go = |target: &str, before: &str, extra: &str| {
        let request = get(target, &[("cookie", before)]);
        let answer = fetch(&engine, &request, &format!("{PAGE}{extra}"));
        (
            decode(value(&answer.cookie.expect("remembers"))),
            answer.body,
        )
    };
    let (state, body) = go(
        "/en/c/cart",
        "consent=personalisation",
        "<b class=line>F-4</b><b class=line>F-7</b><b class=name>A&lt;b&gt;da</b>",
    );
    let cart: Vec<ItemKey> = state.cart.iter().map(|line| line.item).collect();
    assert_eq!(cart, [key(4), key(7)]);
    assert!(body.contains("<p>Hello A&lt;b&gt;da</p>"), "{body}");
    let cookie = format!("consent=personalisation; tailorbird={}", encode(&state));
    let top = items(&page(&engine, "/en/", &cookie), "for-you");
    assert!(!top.contains(&4) && !top.contains(&7), "{top:?}");
    let (state, _) = go("/en/c/thanks", &cookie, "<b class=order>No 1</b>");
    assert!(state.cart.is_empty());
    let bought: Vec<ItemKey> = state.purchases.iter().map(|bought| bought.item).collect();
    assert_eq!(bought.len(), 2);
    assert!(bought.contains(&key(4)) && bought.contains(&key(7)));
    let (state, _) = go(
        "/en/c/search?q=red+mug&c=Mugs",
        "consent=personalisation",
        "",
    );
    assert_eq!(state.searches.len(), 1);
}

#[test]
fn an_order_is_remembered_from_a_page_without_places() {
    let engine = engine_of(
        "[[page]]\nkind = \"order\"\npaths = [\"/en/order/*\"]\n\
         [[fact]]\nname = \"order_item\"\npages = [\"order\"]\nselector = \"b.line\"\n",
    );
    let page = format!("{PAGE}<b class=line>F-4</b>");
    let order = |cookie| fetch(&engine, &get("/en/order/7", &[("cookie", cookie)]), &page);
    let answer = order("consent=personalisation");
    assert_eq!(answer.body, page, "the shop's bytes");
    let bought = decode(value(&answer.cookie.expect("remembers"))).purchases;
    assert_eq!(bought.len(), 1);
    assert_eq!(bought[0].item, key(4));
    assert!(order("consent=essential").cookie.is_none());
}

//! From the cart to an order.

use super::*;

#[test]
fn what_is_sold_out_cannot_be_added() {
    let shop = shop();
    let gone = shop
        .products()
        .iter()
        .find(|product| !product.in_stock)
        .expect("something is sold out");
    assert!(
        !html(&shop.respond("GET", &gone.path(Lang::En), None)).contains("<form class=\"add\"")
    );
    let answer = shop.respond("POST", &format!("/en/cart/add?id={}", gone.id), None);
    assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
}

#[test]
fn the_cart_is_a_cookie() {
    let shop = shop();
    let mut there = shop.products().iter().filter(|product| product.in_stock);
    let (one, two) = (
        &there.next().expect("a product").id,
        &there.next().expect("a product").id,
    );
    let added = shop.answer(&Request {
        method: "POST",
        target: "/de/cart/add",
        cookie: Some(&format!("consent=essential; cart={one}:2")),
        form: &format!("id={two}&quantity=3"),
        ..Request::default()
    });
    assert_eq!(
        (added.status, added.header("location")),
        (303, Some("/de/cart"))
    );
    let stored = added.header("set-cookie").expect("a cookie");
    assert!(
        stored.starts_with(&format!("cart={one}:2,{two}:3; Path=/; Max-Age=")),
        "{stored}"
    );

    let cookie = format!("cart={one}:2,{two}:3,TB-99999:1,junk");
    let page = shop.respond("GET", "/de/cart", Some(&cookie));
    assert_eq!(html(&page).matches("<li class=\"cart-line\"").count(), 2);
    assert!(
        html(&page).contains("<b>6</b>"),
        "a line nobody knows still counts in the header until the next change"
    );
    assert_eq!(page.header("cache-control"), Some("private, no-store"));

    let removed = shop.respond(
        "POST",
        &format!("/de/cart/remove?id={one}"),
        Some(&format!("cart={one}:2")),
    );
    assert!(
        removed
            .header("set-cookie")
            .is_some_and(|cookie| cookie.starts_with("cart=; Path=/; Max-Age=0"))
    );
}

/// Two products that can be bought, the cheap one first.
fn two(shop: &Shop) -> (&crate::Product, &crate::Product) {
    let mut there: Vec<_> = shop
        .products()
        .iter()
        .filter(|product| product.in_stock)
        .collect();
    there.sort_by_key(|product| product.price_now());
    (there[0], there[there.len() - 1])
}

#[test]
fn a_cart_says_its_lines_its_sum_and_what_is_missing() {
    let shop = shop();
    let (cheap, dear) = two(&shop);
    let sum = 2 * cheap.price_now();
    assert!(sum < 4900 && dear.price_now() >= 4900);
    let line = format!(
        " data-item=\"{}\" data-quantity=\"2\" data-price=\"{}\">",
        cheap.id,
        crate::lang::decimal(cheap.price_now())
    );
    let cookie = format!("cart={}:2", cheap.id);
    for path in ["/en/cart", "/de/cart", "/en/cart/layer", "/en/checkout"] {
        let page = shop.respond("GET", path, Some(&cookie));
        assert!(html(&page).contains(&line), "{path}");
        let amount = crate::lang::decimal(sum);
        let total = format!("<b class=\"cart-sum\" data-amount=\"{amount}\">");
        assert!(html(&page).contains(&total), "{path}");
        let missing = crate::lang::decimal(4900 - sum);
        let hint = format!("<p class=\"free-shipping\" data-missing=\"{missing}\">");
        assert!(html(&page).contains(&hint), "{path}");
        assert_eq!(page.header("cache-control"), Some("private, no-store"));
    }
    let page = shop.respond("GET", "/en/cart", Some(&format!("cart={}:1", dear.id)));
    assert!(html(&page).contains("<p class=\"free-shipping reached\" data-missing=\"0.00\">"));
    assert!(!html(&shop.respond("GET", "/en/cart", None)).contains("cart-sum"));
}

#[test]
fn the_cart_layer_is_a_fragment_with_what_was_added_last() {
    let shop = shop();
    let ids: Vec<&str> = shop.products()[..5]
        .iter()
        .map(|product| product.id.as_str())
        .collect();
    let cookie = format!("cart={}:1", ids.join(":1,"));
    let page = shop.respond("GET", "/de/cart/layer", Some(&cookie));
    let body = html(&page);
    assert!(!body.contains("<html") && !body.contains("<body"));
    assert!(body.contains("<section class=\"cart-layer\""));
    let shown: Vec<&str> = body
        .split(" data-item=\"")
        .skip(1)
        .filter_map(|line| line.get(..8))
        .collect();
    assert_eq!(shown, [ids[4], ids[3], ids[2]]);
    let empty = shop.respond("GET", "/de/cart/layer", None);
    assert!(!html(&empty).contains("layer-lines"));
}

#[test]
fn an_order_is_confirmed_once_and_empties_the_cart() {
    let shop = shop();
    let (cheap, dear) = two(&shop);
    let answer = shop.answer(&Request {
        method: "POST",
        target: "/en/checkout",
        cookie: Some(&format!("cart={}:2,{}:1", cheap.id, dear.id)),
        form: "name=Anna&street=Ulmenweg+1&town=20095+Hamburg",
        ..Request::default()
    });
    assert_eq!(answer.status, 303);
    let path = answer.header("location").expect("the order's page");
    let number = path.strip_prefix("/en/order/").expect("an order's number");
    assert!(number.starts_with("UU-") && number.len() == 9, "{number}");
    let cookies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| *name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(cookies[0], "cart=; Path=/; Max-Age=0; SameSite=Lax");
    let order = cookies[1].split(';').next().expect("a cookie");
    assert!(!order.contains("Anna") && !order.contains("Ulmenweg"));

    let page = shop.respond("GET", path, Some(order));
    let body = html(&page);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert!(body.contains(&format!(
        "<section class=\"order\" data-order=\"{number}\">"
    )));
    for (product, count) in [(cheap, 2), (dear, 1)] {
        let line = format!("data-item=\"{}\" data-quantity=\"{count}\"", product.id);
        assert!(body.contains(&line), "{line}");
    }
    let sum = crate::lang::decimal(2 * cheap.price_now() + dear.price_now());
    assert!(body.contains(&format!("<b class=\"order-sum\" data-amount=\"{sum}\">")));

    assert_eq!(
        shop.respond("GET", path, None).status,
        404,
        "of another browser"
    );
    let other = shop.respond("GET", "/en/order/UU-1", Some(order));
    assert_eq!(other.status, 404, "another order");
}

#[test]
fn nothing_is_ordered_from_an_empty_cart() {
    let shop = shop();
    let answer = shop.respond("POST", "/de/checkout", None);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/de/cart"))
    );
    assert_eq!(answer.header("set-cookie"), None);
    let page = shop.respond("GET", "/de/checkout", None);
    assert_eq!(page.status, 200);
    assert!(!html(&page).contains("<button class=\"button\">Bestellen"));
}

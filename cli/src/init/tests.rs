use tailorbird::site::Locale;
use tailorbird_trainer::feed::Catalogue;
use tailorbird_trainer::{FeedFile, Warnings, read_feed};

use super::page::{Page, PageKind};
use super::{lists, propose};

fn locale() -> Locale {
    Locale {
        lang: "en".into(),
        currency: "EUR".into(),
        ..Locale::default()
    }
}

fn catalogue(items: usize) -> Catalogue {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feed.tsv");
    let rows: String = (0..items)
        .map(|i| format!("p{i}\tThing number {i}\thttps://s.example/p/{i}\t{i} EUR\n"))
        .collect();
    std::fs::write(&path, format!("id\ttitle\tlink\tprice\n{rows}")).expect("a file");
    let feed = FeedFile { lang: None, path };
    read_feed(&feed, &locale(), &mut Warnings::default()).expect("reads")
}

fn tile(tag: &str, item: usize) -> String {
    format!(
        "<{tag} class=\"tile t{item}\" onclick=\"x()\"><a href=\"/p/{item}?utm_source=a\"><img src=\"/{item}.jpg\" alt=\"Thing number {item}\"></a>\
         <a href=\"/p/{item}\">Thing number {item}</a> <b>€ {item},00</b><script>1</script></{tag}>"
    )
}

fn page(kind: Option<PageKind>, body: &str) -> Page {
    let html = format!(
        "<html><head><link rel=canonical href=\"https://s.example/shoes/red\"></head><body>{body}</body></html>"
    );
    Page::new("p.html", html.as_bytes(), None, kind, &catalogue(30))
}

#[test]
fn a_list_is_found_and_its_proposal_is_accepted() {
    let tiles: String = (0..12).map(|i| tile("li", i)).collect();
    let page = page(
        None,
        &format!(
            "<nav><ul class=menu><li><a href=/>Home</a></ul></nav><h1>Shoes</h1><ul class=\"grid grid-12345\">{tiles}</ul><footer>{}</footer>",
            tile("div", 20)
        ),
    );
    assert_eq!((page.kind, page.product_links), (PageKind::Listing, 26));
    let shop = catalogue(30);
    let found = lists::find(&page);
    assert_eq!(found.len(), 1);
    let selectors = found[0].selectors.as_ref().expect("selectors");
    assert_eq!(
        (
            selectors.list.as_str(),
            selectors.tile.as_str(),
            selectors.tiles
        ),
        ("ul.grid", "li.tile", 12)
    );
    let (site, report) = propose(&locale(), &shop, &[page]);
    assert!(
        report.contains("26 links to products, 12 tiles in 1 lists"),
        "{report}"
    );
    let parsed =
        tailorbird::site::parse("site.toml", &site).unwrap_or_else(|e| panic!("{e:?}\n{site}"));
    assert_eq!((parsed.lists.len(), parsed.slots.len()), (1, 1));
    // The shop's own markup, without what was that product's or a script's.
    for part in [
        "<li class=\"tile",
        "href=\"{{link}}\"",
        "{{image}}",
        "{{price}}",
        "{{title}}",
    ] {
        assert!(site.contains(part), "{part}: {site}");
    }
    for part in ["onclick", "<script", "utm_", "Thing number"] {
        assert!(!site.contains(part), "{part}: {site}");
    }
    // Without the list's classes the tiles would be no grid.
    assert!(site.contains("<ul class=\"grid grid-12345\">"), "{site}");
}

#[test]
fn what_every_tile_links_to_hides_no_tile() {
    let tiles: String = (0..14)
        .map(|i| tile("li", i).replace("</li>", "<a href=/p/20>Gift card</a></li>"))
        .collect();
    let page = page(None, &format!("<ul class=grid>{tiles}</ul>"));
    let found = lists::find(&page);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].tiles.len(), 14);
}

#[test]
fn tiles_without_a_class_are_told_by_their_parent() {
    let tiles: String = (0..6)
        .map(|i| {
            let tile = tile("li", i).replace(&format!(" class=\"tile t{i}\""), "");
            tile.replace("</li>", "<ul><li>red<li>blue</ul></li>")
        })
        .collect();
    let page = page(
        None,
        &format!("<div class=row><ul class=slider>{tiles}</ul></div>"),
    );
    let found = lists::find(&page);
    let selectors = found[0].selectors.as_ref().expect("selectors");
    assert_eq!(
        (
            selectors.list.as_str(),
            selectors.tile.as_str(),
            selectors.tiles
        ),
        ("div.row", "ul.slider > li", 6)
    );
}

#[test]
fn rows_of_tiles_are_one_list() {
    let rows: String = (0..4)
        .map(|row| {
            let tiles: String = (0..3).map(|i| tile("td", row * 3 + i)).collect();
            format!("<tr>{tiles}</tr>")
        })
        .collect();
    let page = page(None, &format!("<table id=products>{rows}</table>"));
    let found = lists::find(&page);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].tiles.len(), 12);
    let selectors = found[0].selectors.as_ref().expect("selectors");
    assert_eq!((selectors.tile.as_str(), selectors.tiles), ("td.tile", 12));
}

#[test]
fn two_pages_of_a_kind_share_their_places() {
    let tiles = |from: usize| -> String { (from..from + 9).map(|i| tile("li", i)).collect() };
    let listing = |from| page(None, &format!("<ul class=grid>{}</ul>", tiles(from)));
    let (site, _) = propose(&locale(), &catalogue(30), &[listing(0), listing(10)]);
    let parsed =
        tailorbird::site::parse("site.toml", &site).unwrap_or_else(|e| panic!("{e:?}\n{site}"));
    assert_eq!((parsed.lists.len(), parsed.slots.len()), (1, 1), "{site}");
    assert!(
        site.contains("9 found by the same selectors") && site.contains("the same place"),
        "{site}"
    );
}

#[test]
fn only_where_no_page_has_two_lists_the_first_is_meant() {
    let tiles = |from: usize| -> String { (from..from + 9).map(|i| tile("li", i)).collect() };
    let list = |from| format!("<ul class=grid>{}</ul>", tiles(from));
    let proposed = |bodies: &[String]| {
        let pages: Vec<_> = bodies.iter().map(|body| page(None, body)).collect();
        let (site, _) = propose(&locale(), &catalogue(30), &pages);
        let parsed = tailorbird::site::parse("site.toml", &site);
        let parsed = parsed.unwrap_or_else(|errors| panic!("{errors:?}\n{site}"));
        parsed.lists.iter().map(|list| list.nth).collect::<Vec<_>>()
    };
    assert_eq!(proposed(&[list(0), list(10)]), [1]);
    // In whatever order the pages were saved.
    let two = format!("{}<h2>More</h2>{}", list(0), list(10));
    assert_eq!(proposed(&[list(20), two.clone()]), [0]);
    assert_eq!(proposed(&[two, list(20)]), [0]);
}

#[test]
fn a_language_may_have_its_own_start_page() {
    let at = |path: &str| Page::new("p", b"<p>Shop</p>", Some(path), None, &catalogue(1));
    for (path, start) in [
        ("/en/", true),
        ("/en", true),
        ("/tv/", false),
        ("/en/tv", false),
    ] {
        assert_eq!(at(path).is_start_in("en"), start, "{path}");
    }
    let (below, _) = propose(&locale(), &catalogue(1), &[at("/en/"), at("/en/tv")]);
    assert!(below.contains("prefix = \"/en/\""), "{below}");
    let (beside, _) = propose(&locale(), &catalogue(1), &[at("/en/"), at("/tv")]);
    assert!(!beside.contains("prefix"), "{beside}");
}

#[test]
fn the_search_does_not_stand_for_what_is_beside_it() {
    let at = |kind, path| Page::new("p", b"<p>Shop</p>", Some(path), Some(kind), &catalogue(1));
    let pages = [
        at(PageKind::Search, "/en/search"),
        at(PageKind::Listing, "/en/c/mugs"),
        at(PageKind::Listing, "/en/c/living/vases"),
    ];
    let (site, _) = propose(&locale(), &catalogue(1), &pages);
    assert!(site.contains("paths = [\"/en/search\"]"), "{site}");
    assert!(site.contains("paths = [\"/en/c/**\"]"), "{site}");
}

#[test]
fn a_page_without_products_is_told_so() {
    let page = page(Some(PageKind::Cart), "<p>Your cart is empty</p>");
    let (site, report) = propose(&locale(), &catalogue(3), &[page]);
    assert!(
        report.contains("cart page, 0 links to products"),
        "{report}"
    );
    assert!(site.contains("no place for a slot was found"), "{site}");
    tailorbird::site::parse("site.toml", &site).expect("a sound file");
}

#[test]
fn without_a_tile_a_built_in_template_is_proposed() {
    let page = page(
        Some(PageKind::Product),
        "<main><h1>Thing number 1</h1></main>",
    );
    let (site, _) = propose(&locale(), &catalogue(3), &[page]);
    assert!(!site.contains("[[template]]"), "{site}");
    let parsed = tailorbird::site::parse("site.toml", &site).expect("a sound file");
    assert_eq!(parsed.templates[0].name, "tailorbird/carousel");
    assert_eq!(
        parsed.slots[0].titles,
        [["More like this"], ["Top sellers"]]
    );
}

//! What `tailorbird check` warns of, and what it finds in pages.
#![cfg(feature = "authoring")]

mod common;

use common::{NOW, SITE, SITE_WITH_TERMS};
use tailorbird::site::{
    Code, Draft, Finding, LONG_AGO, canonical_path, kind_of_path, parse, schema,
};

fn told(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|f| {
        let help = f.help.as_deref().unwrap_or_default();
        format!("{} {} ({help})", f.code, f.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn warnings(site: &str) -> String {
    let draft = Draft::read("site.toml", site);
    assert_eq!(told(draft.errors()), "");
    told(&draft.warnings(NOW))
}

/// The fixture with one text replaced.
fn warned(from: &str, to: &str) -> String {
    assert!(SITE.contains(from), "{from}");
    warnings(&SITE.replacen(from, to, 1))
}

#[test]
fn a_sound_site_has_no_warnings() {
    for site in [
        SITE,
        SITE_WITH_TERMS,
        include_str!("../demo-shop/site.toml"),
    ] {
        assert_eq!(warnings(site), "");
    }
}

#[test]
fn likely_mistakes() {
    let ended = |before: i64| {
        let day = (NOW - before) / 86_400 - 1;
        let (y, m, d) = civil(day);
        format!("max = 6\nuntil = {y:04}-{m:02}-{d:02}")
    };
    for (from, to, code, expected) in [
        (
            "\"recommended_for_you\", \"top_sellers\"",
            "\"top_sellers\", \"recommended_for_you\"",
            "TB0501",
            "top_sellers before it always has items",
        ),
        (
            "\"similar_items\", \"top_sellers\"",
            "\"zero_results\", \"similar_items\"",
            "TB0501",
            "zero_results before it always has items",
        ),
        (
            "[\"recently_viewed\"]",
            "[\"recently_viewed\", \"recently_viewed\"]",
            "TB0501",
            "never asks its strategy 2",
        ),
        (
            "kind = \"home\"\npaths = [\"/en/\", \"/de/\"]",
            "kind = \"home\"\npaths = [\"/**\"]",
            "TB0502",
            "kind \"listing\" is never reached: that of kind \"home\"",
        ),
        (
            "max = 6",
            "max = 6\nfrom = 2027-01-02\nuntil = 2027-01-01",
            "TB0503",
            "it ends before it starts",
        ),
        (
            "max = 6",
            "max = 6\npercentage = 0",
            "TB0503",
            "enabled = false",
        ),
        ("max = 6", &ended(LONG_AGO), "TB0504", "\"recent\" ended 3"),
        (
            "audience = \"returning\"",
            "audience = \"everyone\"",
            "TB0505",
            "\"welcome\" and \"back\" want the same element",
        ),
        ("\"main\"", "\".main\"", "TB0506", "name the tag: div.main"),
        (
            "en = \"/en/c/mugs\"",
            "en = \"en/c/mugs\"",
            "TB0541",
            "begin it with a slash: /en/c/mugs",
        ),
        (
            "\"main\"",
            "\"body > [role=main]\"",
            "TB0506",
            "div[role=main]",
        ),
        ("\"main\"", "\"*\"", "TB0506", ""),
        (
            "grants = \"personalisation\"",
            "",
            "TB0507",
            "name the word",
        ),
        (
            "grants = \"personalisation\"",
            "grants = \"a b\"",
            "TB0507",
            "expected one word",
        ),
        (
            "cookie = \"consent\"",
            "",
            "TB0507",
            "name the shop's own consent cookie",
        ),
        (
            "grants = \"personalisation\"",
            "grants = \"a:b:c\"",
            "TB0507",
            "two with a colon between",
        ),
        (
            "grants = \"personalisation\"",
            "grants = \"yes\"\ntcf_purposes = []",
            "TB0507",
            "name the purposes",
        ),
        (
            "cookie = \"consent\"\ngrants = \"personalisation\"",
            "google = { cookie = \"g\", requires = [] }",
            "TB0507",
            "name the types",
        ),
    ] {
        let found = warned(from, to);
        assert!(found.contains(code), "{code} for {to}: {found}");
        assert!(found.contains(expected), "{to}: {found}");
        assert_eq!(found.lines().count(), 1, "{to}: {found}");
    }
}

/// Hinnant's `civil_from_days`, for dates relative to the fixture's clock.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (
        yoe + era * 400 + i64::from(month <= 2),
        month,
        doy - (153 * mp + 2) / 5 + 1,
    )
}

#[test]
fn what_is_no_mistake() {
    for (from, to) in [
        // One after the other.
        ("from = 2026-09-20", "from = 2026-09-20 # x"),
        // Narrower rules first.
        ("paths = [\"/*/c/**\"]", "paths = [\"/**\"]"),
        ("selector = \"ul.products\"", "selector = \"body div.x\""),
        ("enabled = false", "enabled = false\nuntil = 2026-09-01"),
    ] {
        assert!(SITE_WITH_TERMS.contains(from), "{from}");
        assert_eq!(warnings(&SITE_WITH_TERMS.replacen(from, to, 1)), "", "{to}");
    }
    let other_dates = SITE
        .replacen("audience = \"new\"", "until = 2027-01-01", 1)
        .replacen("audience = \"returning\"", "from = 2027-01-02", 1);
    assert_eq!(warnings(&other_dates), "");
    // Without consent nobody has a history.
    let consent = "[consent]\ncookie = \"consent\"\ngrants = \"personalisation\"\n";
    let unasked = warnings(&SITE.replacen(consent, "", 1));
    assert!(
        unasked.contains("\"back\" is never on: it has an audience of returning"),
        "{unasked}"
    );
    assert!(
        unasked.contains("\"recent\" is never on: it has strategies that all"),
        "{unasked}"
    );
    assert_eq!(unasked.lines().count(), 2, "{unasked}");
    let unasked = warnings(&SITE_WITH_TERMS.replacen(consent, "", 1));
    assert!(
        unasked.contains("\"half\" is never on: it has a share"),
        "{unasked}"
    );
    // What replaces twice, and who wants the same tiles, is one.
    let lists = "[[list]]\nname = \"again\"\npages = [\"listing\"]\nselector = \"ul.products\"\ntile = \"li\"\n";
    assert!(warnings(&format!("{SITE}{lists}")).contains("TB0505"));
    let replaced = SITE.replace("position = \"after\"", "position = \"replace\"");
    assert!(warnings(&replaced).contains("only the last one would stay"));
    let both = |first: &str, second: &str| {
        let banner = |name, when| {
            format!(
                "[[banner]]\nname = \"{name}\"\npages = [\"home\"]\nselector = \"header.top\"\nposition = \"replace\"\n\
                 template = \"tailorbird/banner\"\ntitle = \"x\"\nlink = \"/\"\n{when}\n"
            )
        };
        let banners = format!("{}{}", banner("one", first), banner("other", second));
        warnings(&format!("{SITE}{banners}")).contains("TB0505")
    };
    assert!(!both("when = \"views > 3\"", "when = \"views <= 3\""));
    assert!(both("when = \"views > 3\"", "when = \"views > 3\""));
    assert!(both("when = \"views > 3\"", ""));
}

fn on_page(site: &str, kind: Option<&str>, html: &str) -> String {
    let draft = Draft::read("site.toml", site);
    told(
        &draft
            .check_page("page", kind, html.as_bytes())
            .expect("HTML"),
    )
}

const SOUND: &str = "<body><div></div><main><section class=hero></section></main>";

#[test]
fn places_are_looked_for_in_pages() {
    assert_eq!(on_page(SITE, Some("home"), SOUND), "");
    for (kind, html, expected) in [
        (
            Some("home"),
            "<main></main>",
            "TB0602 \"recent\": nothing in page matches \"section.hero\"",
        ),
        (
            Some("listing"),
            "<ul class=products></ul>",
            "TB0603 \"listing\": in page, nothing in \"ul.products\" matches \"li.tile\"",
        ),
        (None, SOUND, "TB0604 no [[page]] matches page"),
        (
            Some("hoem"),
            SOUND,
            "TB0604 there is no [[page]] of kind \"hoem\"",
        ),
    ] {
        let found = on_page(SITE, kind, html);
        assert!(found.contains(expected), "{html}: {found}");
    }
    let found = on_page(SITE_WITH_TERMS, Some("home"), SOUND);
    assert!(
        found.contains("\"top\": 1 elements of page match \"section.hero\", nth is 2"),
        "{found}"
    );
}

#[test]
fn lists_in_json_are_looked_for_in_documents() {
    let site = SITE.replace(
        "selector = \"ul.products\"\ntile = \"li.tile\"",
        "json = \"/data/products\"\nitem = \"/id\"",
    );
    let by_link = site.replace("item = \"/id\"", "link = \"/url\"");
    for (site, document, expected) in [
        (&site, "{\"data\":{\"products\":[{\"id\":7}]}}", ""),
        (&site, "\u{feff} {\"data\":{\"products\":{}}}", "TB0602"),
        (&site, "[]", "has no array at \"/data/products\""),
        (&site, "{\"data\":{\"products\":[{\"sku\":7}]}}", "TB0603"),
        (
            &by_link,
            "{\"data\":{\"products\":[{\"id\":7}]}}",
            "has a text or number at \"/url\"",
        ),
        // A page in HTML is not where such a list is.
        (&site, "<html></html>", ""),
    ] {
        let found = on_page(site, Some("listing"), document);
        assert!(
            found.contains(expected) && found.is_empty() == expected.is_empty(),
            "{document}: {found}"
        );
    }
    let draft = Draft::read("site.toml", &site);
    let error = draft.check_page("x.json", Some("listing"), b"{\"data\":");
    let error = error.expect_err("broken").to_string();
    assert_eq!(error, "x.json cannot be read: not JSON");
    let again = format!(
        "{site}[[list]]\nname = \"again\"\npages = [\"listing\"]\njson = \"/data/products\"\nitem = \"/id\"\n"
    );
    assert!(
        warnings(&again).contains("the first list takes the array"),
        "{}",
        warnings(&again)
    );
    let brands = again.replace(
        "[consent]\ncookie = \"consent\"\ngrants = \"personalisation\"\n",
        "",
    );
    let brands = brands.replace("item = \"/id\"", "item = \"/id\"\nby = \"brand\"");
    assert!(
        warnings(&brands).contains("an order by what was looked at"),
        "{}",
        warnings(&brands)
    );
}

#[test]
fn facts_are_looked_for_in_pages() {
    let facts = "[[fact]]\nname = \"product\"\npages = [\"product\"]\njson_ld = \"Product.sku\"\n\
                 [[fact]]\nname = \"customer\"\nselector = \"b.name\"\n\
                 [[fact]]\nname = \"search\"\nquery = \"q\"\n";
    let site = format!("{SITE}{facts}");
    let draft = Draft::read("site.toml", &site);
    let ld = "<script type='application/ld+json'>{\"@type\":\"Product\",\"sku\":1}</script>";
    let long = "<p>x</p>".repeat(9000);
    let (early, late) = (format!("{ld}<b class=name>Ada</b>"), format!("{long}{ld}"));
    let found = |pages: &[(&str, Option<&str>, &str)]| {
        let pages: Vec<_> = pages
            .iter()
            .map(|(p, k, html)| (*p, *k, html.as_bytes()))
            .collect();
        told(&draft.check_facts(&pages))
    };
    assert_eq!(found(&[]), "");
    assert_eq!(
        found(&[("a", Some("product"), &early), ("b", Some("home"), "")]),
        ""
    );
    assert_eq!(found(&[("a", None, &late)]), "");
    let behind = found(&[
        ("a", Some("product"), &early),
        ("b", Some("product"), &late),
    ]);
    assert!(behind.starts_with("TB0622 the fact \"product\" (json_ld \"Product.sku\") stands behind the first 64 KiB of b"), "{behind}");
    assert_eq!(behind.lines().count(), 1, "{behind}");
    let nowhere = found(&[("a", Some("home"), &early), ("b", Some("product"), "<p>")]);
    assert!(nowhere.contains("TB0621 the fact \"product\""), "{nowhere}");
    assert_eq!(nowhere.lines().count(), 1, "{nowhere}");
}

#[test]
fn what_a_framework_renders_again_is_refused() {
    let hero = "<main><section class=hero></section></main>";
    for (html, is_refused) in [
        (format!("<div id=__next>{hero}</div>"), true),
        (format!("<div id=__next></div>{hero}"), false),
        (format!("<div id=__nuxt><p>{hero}</div>"), true),
        (format!("<div id=root>{hero}</div>"), false),
        (
            format!("<div id=root>{hero}</div><script src=x></script>"),
            true,
        ),
        (
            format!("<div id=app data-server-rendered=true>{hero}</div>"),
            true,
        ),
        (format!("<div data-v-app>{hero}</div>"), true),
        (format!("<app-root>{hero}</app-root>"), true),
        (format!("<x-shop ng-version=17>{hero}</x-shop>"), true),
        (hero.replace("<main", "<main data-reactroot"), true),
        (
            format!("{hero}<script id=__NEXT_DATA__>{{}}</script>"),
            true,
        ),
        (format!("{hero}<script>window.__NUXT__={{}}</script>"), true),
        (
            format!("{hero}<script>(self.__next_f=[]);self.__next_f.push()</script>"),
            true,
        ),
        (format!("{hero}<script>jQuery()</script>"), false),
    ] {
        let found = on_page(SITE, Some("home"), &html);
        assert_eq!(found.contains("TB0601"), is_refused, "{html}: {found}");
        let told = SITE.replace("[[banner]]", "[[banner]]\ninside_hydrated_root = true");
        let told = told.replace("[[slot]]", "[[slot]]\ninside_hydrated_root = true");
        assert_eq!(on_page(&told, Some("home"), &html), "", "{html}");
    }
    // A list is put in order wherever it matches.
    let list = "<ul class=products><li class=tile></ul>";
    let two = format!("{list}<div id=__next>{list}</div>");
    assert!(on_page(SITE, Some("listing"), &two).contains("TB0601"));
    // Beside a root is outside of it, unless its mark stands on a child of it.
    let site = SITE
        .replace("\"section.hero\"", "\"div\"")
        .replace("\"main\"", "\"p\"");
    let beside = |html: &str| on_page(&site, Some("home"), html);
    assert_eq!(beside("<p></p><div id=__next>x</div>"), "");
    assert!(beside("<p></p><div data-reactroot>x</div>").contains("TB0601"));
}

#[test]
fn a_page_that_no_edge_could_read_is_an_error() {
    let draft = Draft::read("site.toml", SITE);
    let long = format!("<p title=\"{}", "x".repeat(600 << 10));
    let error = draft.check_page("page", Some("home"), long.as_bytes());
    assert!(
        error
            .expect_err("too long")
            .to_string()
            .starts_with("page cannot be read")
    );
}

#[test]
fn pages_have_a_kind_by_their_path() {
    let site = parse("x", SITE).expect("sound");
    for (path, kind) in [
        ("/en/", Some("home")),
        ("/de/c/x", Some("listing")),
        ("/en/p/1", Some("product")),
    ] {
        assert_eq!(kind_of_path(&site, path), kind, "{path}");
    }
    for (html, path) in [
        (
            "<link rel=canonical href='https://shop.example/en/?x'>",
            Some("/en/"),
        ),
        ("<link rel=canonical href=https://shop.example>", Some("/")),
        ("<link rel=canonical href=/de/>", Some("/de/")),
        ("<link rel=next href=/de/>", None),
    ] {
        assert_eq!(canonical_path(html.as_bytes()).as_deref(), path, "{html}");
    }
}

#[test]
fn the_schema_is_that_of_the_parser() {
    let written = include_str!("../docs/site.schema.json");
    let written: serde_json::Value = serde_json::from_str(written).expect("JSON");
    assert!(
        written == schema(),
        "write it again: tailorbird check --schema > docs/site.schema.json"
    );
}

#[test]
fn a_language_without_words_is_told() {
    let list = SITE_WITH_TERMS.replace("template = \"shelf\"", "template = \"tailorbird/list\"");
    assert_eq!(told(Draft::read("site.toml", &list).errors()), "");
    let french = list.replace("lang = \"de\"", "lang = \"fr\"");
    let draft = Draft::read("site.toml", &french);
    let found = told(draft.errors());
    assert!(
        found.contains("TB0540") && found.contains("no built-in words in \"fr\""),
        "{found}"
    );
    assert!(draft.site().is_some(), "a warning, and no error");
    let unused = SITE_WITH_TERMS.replace("lang = \"de\"", "lang = \"fr\"");
    assert_eq!(told(Draft::read("site.toml", &unused).errors()), "");
}

#[test]
fn links_that_lead_to_one_page_are_sound() {
    for link in [
        "#sale",
        "?sale=1",
        "https://shop.example/",
        "//shop.example/",
        "",
    ] {
        let found = warned("en = \"/en/c/mugs\"", &format!("en = \"{link}\""));
        assert!(!found.contains("TB0541"), "{link}: {found}");
    }
}

#[test]
fn every_code_has_a_case() {
    let cases = concat!(include_str!("check.rs"), include_str!("rules.rs"));
    for code in Code::ALL.iter().filter(|code| code.as_str() > "TB0400") {
        assert!(cases.contains(code.as_str()), "{code}");
    }
}

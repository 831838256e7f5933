//! site.toml: what is wrong is said with its place and code, and limits are limits.
#![cfg(feature = "authoring")]

mod common;

use common::{SITE, SITE_WITH_TERMS};
use proptest::prelude::*;
use tailorbird::site::{
    Code, Draft, Finding, MAX_ADOPTS, MAX_HEADER_NAME_BYTES, MAX_PLACES, MAX_SLOT_ITEMS,
    MAX_TRAITS, TraitSource, line_and_column, parse,
};

/// All that is wrong with a site.toml, in file order.
fn errors(site: &str) -> Vec<Finding> {
    Draft::read("site.toml", site).errors().to_vec()
}

/// The fixture with one text replaced, and what is said of it: line:column, code, message, help.
fn said(from: &str, to: &str) -> String {
    assert!(SITE.contains(from), "{from}");
    let site = SITE.replacen(from, to, 1);
    let errors = errors(&site);
    let said = errors.iter().map(|error| {
        let (line, column) = line_and_column(&site, error.span.start);
        let help = error.help.as_deref().unwrap_or_default();
        format!("{line}:{column} {} {} ({help})", error.code, error.message)
    });
    said.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_wrong_is_named_with_its_place_its_code_and_a_cure() {
    let (mut codes, mut missed) = (Vec::new(), Vec::new());
    for (from, to, code, expected) in [
        ("[shop]", "[shop", "TB0101", ""),
        (
            "selector = \"main\"",
            "selektor = \"main\"",
            "TB0102",
            "34:1 TB0102 [[banner]] has no key \"selektor\" (did you mean \"selector\"?",
        ),
        ("[[slot]]", "[[slots]]", "TB0102", "did you mean \"slot\"?"),
        (
            "selector = \"main\"\n",
            "",
            "TB0103",
            "31:1 TB0103 [[banner]] has no selector (A CSS selector.",
        ),
        (
            "max = 6",
            "max = \"6\"",
            "TB0104",
            "54:7 TB0104 max of [[slot]]: expected a whole number, found string",
        ),
        (
            "[\"home\"]",
            "\"home\"",
            "TB0104",
            "expected a list of texts in brackets, found string",
        ),
        (
            "[\"home\"]",
            "[1]",
            "TB0104",
            "expected a text in quotes, found integer",
        ),
        (
            "{ en = \"Seen\", de = \"Gesehen\" }",
            "{ en = 1, de = \"\" }",
            "TB0104",
            "expected a text for each language",
        ),
        (
            "[[list]]",
            "[list]",
            "TB0104",
            "expected tables in double brackets, found table",
        ),
        (
            "max = 6",
            "max = 25",
            "TB0105",
            "expected a number from 1 to 24",
        ),
        (
            "max = 6",
            "max = 6\nnth = 0",
            "TB0105",
            "expected a number from 1 to",
        ),
        (
            "max = 6",
            "max = 6\npercentage = 101",
            "TB0105",
            "expected a number from 0 to 100",
        ),
        (
            "max = 6",
            "max = 6\nfrom = \"tomorrow\"",
            "TB0106",
            "like 2026-12-01",
        ),
        (
            "max = 6",
            "max = 6\nfrom = 2026-12-01T08:00:00",
            "TB0106",
            "with its offset",
        ),
        (
            "\"recently_viewed\"",
            "\"recent_viewed\"",
            "TB0107",
            "there is no strategy \"recent_viewed\" (did you mean \"recently_viewed\"?",
        ),
        (
            "\"prepend\"",
            "\"inside\"",
            "TB0107",
            "35:12 TB0107 there is no position \"inside\" (known: before, after, prepend, append, replace)",
        ),
        (
            "\"new\"",
            "\"newcomer\"",
            "TB0107",
            "there is no audience \"newcomer\"",
        ),
        (
            "titles.top_sellers",
            "titles.topsellers",
            "TB0107",
            "did you mean \"top_sellers\"?",
        ),
        (
            "https://fixture.example",
            "fixture.example",
            "TB0201",
            "expected an address without a path",
        ),
        (
            "\"EUR\"",
            "\"Euro\"",
            "TB0203",
            "expected an ISO 4217 currency",
        ),
        (
            "prefix = \"/en/\"",
            "prefix = \"/en/\"\nfree_shipping = \"soon\"",
            "TB0218",
            "8:17 TB0218 expected a sum of money above 0",
        ),
        (
            "prefix = \"/en/\"",
            "prefix = \"/en/\"\nfree_shipping = true",
            "TB0104",
            "expected a number, or a price in quotes, found boolean",
        ),
        (
            "lang = \"en\"",
            "lang = \"\"",
            "TB0204",
            "expected a language",
        ),
        (
            "[\"home\"]",
            "[\"hoem\"]",
            "TB0205",
            "there is no [[page]] of kind \"hoem\" (did you mean \"home\"?",
        ),
        (
            "product_link = true",
            "product_link = false",
            "TB0206",
            "this page matches nothing",
        ),
        (
            "\"/*/c/**\"",
            "\"c/**\"",
            "TB0207",
            "expected a path pattern",
        ),
        (
            "template = \"banner\"",
            "template = \"baner\"",
            "TB0208",
            "there is no [[template]] called \"baner\" (did you mean \"banner\"?",
        ),
        (
            "name = \"back\"",
            "name = \"welcome\"",
            "TB0209",
            "there are two places called \"welcome\"",
        ),
        (
            "name = \"banner\"",
            "name = \"shelf\"",
            "TB0209",
            "there are two templates called \"shelf\"",
        ),
        (
            "\"section.hero\"",
            "\"a:hover\"",
            "TB0210",
            "not a selector that can be matched while streaming",
        ),
        (
            "name = \"recent\"\npages = [\"home\", \"product\"]\nselector = \"section.hero\"\nposition = \"after\"\nstrategies = [\"recently_viewed\"]\nmax = 6\ntemplate = \"shelf\"",
            "name = \"just seen\"\npages = [\"home\"]\nselector = \"p\"\nstrategies = [\"top_sellers\"]\ntemplate = \"tailorbird/list\"",
            "TB0240",
            "49:8 TB0240 \"just seen\" has white space in its name",
        ),
        (
            "\"ul.products\"",
            "\"ul, ol\"",
            "TB0211",
            "expected one selector, found a comma",
        ),
        (
            "[\"recently_viewed\"]",
            "[]",
            "TB0212",
            "expected at least one strategy",
        ),
        (
            "min = 3",
            "min = 7",
            "TB0213",
            "expected 1 <= min <= max, found min 7, max 6",
        ),
        (
            "titles.top_sellers",
            "titles.similar_items",
            "TB0214",
            "that this slot does not use",
        ),
        (
            "de = \"Willkommen\"",
            "fr = \"Bienvenue\"",
            "TB0215",
            "there is no [[locale]] with lang \"fr\"",
        ),
        (
            ", de = \"Willkommen\"",
            "",
            "TB0216",
            "the text for \"de\" is missing (add de = \"…\")",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\n\n[[list]]",
            "TB0231",
            "this fact has no source (give it one of path, query",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nquery = 'a'\njson_ld = 'Product.sku'\n[[list]]",
            "TB0231",
            "this fact has 2 sources: query, json_ld",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nquery = 'a'\nattribute = 'b'\n[[list]]",
            "TB0231",
            "an attribute goes with a selector, not with query",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"brand\"\ncookie = 'a'\n[[list]]",
            "TB0231",
            "alone, and on all pages (for items there is [[adopt]]",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"customer\"\ncookie = 'a'\npages = ['home']\n[[list]]",
            "TB0231",
            "pages say where a place is",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"customer\"\ncookie = 'tailorbird'\n[[list]]",
            "TB0221",
            "that cookie is Tailorbird's own",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\npath = '/p/*'\n[[list]]",
            "TB0232",
            "has one {}",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nquery = 'a=b'\n[[list]]",
            "TB0232",
            "the name of one parameter",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\njson_ld = 'Product'\n[[list]]",
            "TB0233",
            "expected a type and its properties",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nselector = 'a'\nattribute = 'x y'\n[[list]]",
            "TB0234",
            "expected an attribute's name",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"\n",
            "",
            "TB0241",
            "this list has neither selector and tile nor json",
        ),
        (
            "tile = \"li.tile\"",
            "json = \"/products\"\nitem = \"/id\"",
            "TB0241",
            "this list has both json and a selector or tile",
        ),
        (
            "tile = \"li.tile\"\n",
            "",
            "TB0103",
            "[[list]] has no tile (a selector below the list's)",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"/products\"",
            "TB0103",
            "does not say where an element's product stands",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"/brands\"\nby = \"brand\"",
            "TB0103",
            "[[list]] has no item (a pointer to the value",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"products\"\nitem = \"/id\"",
            "TB0242",
            "expected a JSON Pointer, which starts with / or is empty",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"\"\nlink = \"/a~2\"",
            "TB0242",
            "expected ~0 (which means ~) or ~1",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"/x\"\nitem = \"/id\"\nlink = \"/url\"",
            "TB0243",
            "expected item or link, found both",
        ),
        (
            "selector = \"ul.products\"\ntile = \"li.tile\"",
            "json = \"/x\"\nby = \"brand\"\nitem = \"/id\"\nvalue = \"x\"",
            "TB0243",
            "value does nothing here",
        ),
        (
            "tile = \"li.tile\"",
            "tile = \"li.tile\"\nvalue = \"data-brand\"",
            "TB0243",
            "for a list by something else than products",
        ),
        (
            "tile = \"li.tile\"",
            "tile = \"li.tile\"\nby = \"brand\"\nvalue = \"data brand\"",
            "TB0234",
            "expected an attribute's name",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nselector = 'a:hover'\n[[list]]",
            "TB0210",
            "while streaming",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"product\"\nquery = 'a'\npages = ['hoem']\n[[list]]",
            "TB0205",
            "did you mean \"home\"?",
        ),
        (
            "[[list]]",
            "[[fact]]\nname = \"prodct\"\nquery = 'a'\n[[list]]",
            "TB0107",
            "there is no fact \"prodct\" (did you mean \"product\"?",
        ),
        (
            "tile = \"li.tile\"",
            "tile = \"li.tile\"\nitem = \"[x]\"",
            "TB0234",
            "like data-product-id",
        ),
        (
            "tile = \"li.tile\"",
            "tile = \"li.tile\"\nby = \"marke\"",
            "TB0107",
            "there is no attribute \"marke\"",
        ),
        (
            "cookie = \"consent\"",
            "cookie = \"my consent\"",
            "TB0221",
            "is not the name of a cookie of the shop",
        ),
        (
            "cookie = \"consent\"",
            "tcf_purposes = [1]\ntcf_cookie = \"tailorbird\"",
            "TB0221",
            "that cookie is Tailorbird's own",
        ),
        (
            "cookie = \"consent\"",
            "tcf_purposes = [0]",
            "TB0105",
            "expected a number from 1 to 24",
        ),
        (
            "cookie = \"consent\"",
            "google = { cookie = \"g\", requires = [\"personalisation_storage\"] }",
            "TB0107",
            "did you mean \"personalization_storage\"?",
        ),
        (
            "[[page]]",
            "[[adopt]]\ncookie = \"c\"\nas = \"view\"\n[[page]]",
            "TB0107",
            "did you mean \"views\"?",
        ),
        (
            "[[page]]",
            "[[trait]]\nname = \"a\"\ncookie = \"c\"\n[[trait]]\nname = \"a\"\ncookie = \"d\"\n[[page]]",
            "TB0209",
            "there are two traits called \"a\"",
        ),
        (
            "[[page]]",
            "[[trait]]\nname = \"a\"\n[[page]]",
            "TB0223",
            "this trait has no source (give it a cookie or a header",
        ),
        (
            "[[page]]",
            "[[trait]]\nname = \"a\"\ncookie = \"c\"\nheader = \"X-C\"\n[[page]]",
            "TB0223",
            "this trait has two sources",
        ),
        (
            "{{/items}}</section>",
            "</section>",
            "TB0301",
            "{{#items}} is not closed",
        ),
        (
            "{{title}}</h2>",
            "{{titel}}</h2>",
            "TB0302",
            "27:61 TB0302 there is no field \"titel\" here (did you mean \"title\"?",
        ),
        (
            "<h2>{{title}}</h2>",
            "<script>{{title}}</script>",
            "TB0303",
            "<script> may not be inserted",
        ),
    ] {
        let found = said(from, to);
        if !found.contains(code) || !found.contains(expected) {
            missed.push(format!("{code} {expected:?} for {to}: {found}"));
        }
        codes.push(code);
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    // These have tests of their own.
    codes.extend(["TB0202", "TB0217", "TB0222", "TB0224", "TB0235"]);
    let of_files = |code: &&Code| code.as_str() < "TB0400";
    for code in Code::ALL.iter().filter(of_files) {
        assert!(codes.contains(&code.as_str()), "{code} has no case");
    }
}

#[test]
fn headers_of_traits_say_nothing_else() {
    let read = |header: &str| {
        let text = format!("{SITE}[[trait]]\nname = \"a\"\nheader = \"{header}\"\n");
        let draft = Draft::read("site.toml", &text);
        let codes: Vec<&str> = draft.errors().iter().map(|f| f.code.as_str()).collect();
        assert!(
            codes.is_empty() || codes == ["TB0224"],
            "{header}: {codes:?}"
        );
        let sources = draft.site().map(|site| site.traits[0].source.clone());
        assert_eq!(sources.is_some(), codes.is_empty());
        sources
    };
    for header in [
        "X-Loyalty-Tier",
        "segment",
        "x_club",
        &"x".repeat(MAX_HEADER_NAME_BYTES),
    ] {
        let source = TraitSource::Header(header.to_ascii_lowercase());
        assert_eq!(read(header), Some(source), "{header}");
    }
    for header in [
        "",
        "X Tier",
        "X-Tier:",
        "X-Größe",
        &"x".repeat(MAX_HEADER_NAME_BYTES + 1),
        "Cookie",
        "Set-Cookie",
        "User-Agent",
        "Sec-CH-UA",
        "Accept-Language",
        "Authorization",
        "X-Auth-Token",
        "X-Api-Key",
        "X-Forwarded-For",
        "X-Real-IP",
        "CF-Connecting-IP",
        "X-Customer-Email",
        "From",
        "Host",
        "Content-Type",
        "If-None-Match",
    ] {
        assert_eq!(read(header), None, "{header}");
    }
}

#[test]
fn no_more_of_the_shops_cookies_are_read_than_named_limits_say() {
    for (table, most) in [
        ("[[adopt]]\ncookie = \"c\"\nas = \"views\"\n", MAX_ADOPTS),
        ("[[trait]]\nname = \"N\"\ncookie = \"c\"\n", MAX_TRAITS),
    ] {
        let file = |count: usize| {
            let tables = (0..count).map(|n| table.replace('N', &n.to_string()));
            format!("{SITE}{}", tables.collect::<String>())
        };
        assert!(parse("site.toml", &file(most)).is_ok());
        let draft = Draft::read("site.toml", &file(most + 1));
        let codes: Vec<&str> = draft.errors().iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["TB0222"]);
    }
}

#[test]
fn free_delivery_from_a_number_or_a_price() {
    for (written, currency, expected) in [
        ("49", "EUR", Some(4900)),
        ("49.9", "EUR", Some(4990)),
        ("1_000", "EUR", Some(100_000)),
        ("1234.567", "EUR", Some(123_457)),
        ("\"49,90 €\"", "EUR", Some(4990)),
        ("\"1.000 €\"", "EUR", Some(100_000)),
        ("5000", "JPY", Some(5000)),
        ("0", "EUR", None),
        ("-1", "EUR", None),
        ("nan", "EUR", None),
        ("1e12", "EUR", None),
        ("\"\"", "EUR", None),
        ("\"free\"", "EUR", None),
    ] {
        let key = format!("currency = \"{currency}\"\nfree_shipping = {written}");
        let site = SITE.replacen("currency = \"EUR\"", &key, 1);
        let read = parse("site.toml", &site);
        assert_eq!(read.is_ok(), expected.is_some(), "{written}: {read:?}");
        let sums = read.map(|site| site.locales.iter().map(|l| l.free_shipping).collect());
        assert_eq!(
            sums.unwrap_or(vec![None, None]),
            [expected, None],
            "{written}"
        );
    }
}

#[test]
fn every_code_is_explained() {
    let page = include_str!("../docs/check.md");
    for code in Code::ALL {
        let row = format!(
            "| {code} | {} | {} |",
            code.severity().name(),
            code.summary()
        );
        assert!(page.contains(&row), "docs/check.md lacks: {row}");
    }
    let rows = page.lines().filter(|line| line.starts_with("| TB")).count();
    assert_eq!(rows, Code::ALL.len());
}

#[test]
fn all_problems_are_told_at_once_and_with_their_place() {
    let site = SITE.replace("\"after\"", "\"behind\"");
    let found = errors(&site);
    assert_eq!(found.len(), SITE.matches("\"after\"").count());
    for problem in &found {
        assert_eq!(&site[problem.span.clone()], "\"behind\"");
    }
    let error = parse("site.toml", &site).expect_err("something is wrong");
    assert_eq!(error.errors.len(), found.len());

    let codes: Vec<&str> =
        errors("[shopp]\n[[slot]]\nmin = 0\npages = [\"x\"]\n[[locale]]\nlang = 1\n")
            .iter()
            .map(|found| found.code.as_str())
            .collect();
    assert!(
        codes.is_sorted_by_key(|_| 0) && codes.len() >= 8,
        "{codes:?}"
    );
    assert_eq!(errors("[shop]\nname = \"x\"\n")[0].code, Code::NoLocale);
}

#[test]
fn syntax_errors_are_told_together() {
    let found = errors("[shop]\nname = \"x\nurl = 1 2\n");
    assert!(found.len() >= 2, "{found:?}");
    assert!(found.iter().all(|found| found.code == Code::Syntax));
}

#[test]
fn a_hole_in_a_template_is_found_behind_folded_lines() {
    let source = "source = \"\"\"\n<p>\\\n   ä\\u00e4\n{{titel}}</p>\"\"\"";
    let line = SITE
        .lines()
        .find(|line| line.contains("<aside"))
        .expect("a template");
    let site = SITE.replacen(line, source, 1);
    let found = errors(&site);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(&site[found[0].span.clone()], "{{titel}}");
}

#[test]
fn a_slot_shows_so_many_items_and_no_more() {
    let most = SITE.replacen("max = 6", &format!("max = {MAX_SLOT_ITEMS}"), 1);
    assert!(parse("x", &most).is_ok());
    let found = said("max = 6", &format!("max = {}", MAX_SLOT_ITEMS + 1));
    assert!(found.contains("expected a number from 1 to 24"), "{found}");
}

#[test]
fn a_site_has_so_many_places_and_no_more() {
    let known = SITE.matches("[[banner]]").count()
        + SITE.matches("[[slot]]").count()
        + SITE.matches("[[list]]").count();
    let with = |more: usize| {
        let list = |n: usize| {
            format!(
                "[[list]]\nname = \"l{n}\"\npages = [\"home\"]\nselector = \"ul\"\ntile = \"li\"\n"
            )
        };
        format!("{SITE}{}", (0..more).map(list).collect::<String>())
    };
    assert!(parse("x", &with(MAX_PLACES - known)).is_ok());
    let found = errors(&with(MAX_PLACES - known + 1));
    assert_eq!(found[0].code, Code::TooManyPlaces);
    assert!(found[0].message.contains("more than 256"));
}

#[test]
fn terms_are_read() {
    let site = parse("x", SITE_WITH_TERMS).expect("sound");
    let winter = &site.banners[0].place.terms;
    assert_eq!(winter.owner, "Ada, campaigns");
    assert_eq!(winter.from, Some(1_789_862_400));
    assert_eq!(winter.until, Some(1_789_984_800));
    assert!(!site.banners[1].place.terms.enabled);
    assert_eq!(site.slots[0].place.nth, 2);
    assert_eq!(site.slots[1].place.terms.percentage, 50);
    assert_eq!(
        (site.lists[0].order.first, &site.lists[0].order.pinned[..]),
        (4, &[1, 3][..])
    );
    let day = SITE_WITH_TERMS.replace(
        "until = 2026-09-21T12:00:00+02:00",
        "until = \"2026-09-21\"",
    );
    let site = parse("x", &day).expect("sound");
    let end = site.banners[0].place.terms.until;
    assert_eq!(end, Some(1_789_862_400 + 2 * 86_400), "to the day's end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is cut out of a file and put in elsewhere: findings with a place in it, never a panic.
    #[test]
    fn any_file_is_read(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), "\\PC{0,6}"), 1..4),
        with_terms: bool,
    ) {
        let mut text = if with_terms { SITE_WITH_TERMS } else { SITE }.to_owned();
        for (from, length, put) in cuts {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let from = from.index(starts.len());
            let to = (from + length.index(20)).min(starts.len() - 1);
            text.replace_range(starts[from]..starts[to], &put);
        }
        let draft = Draft::read("x", &text);
        let page = b"<main><section class=hero></section><ul class=products></ul></main>";
        let on_page = draft.check_page("page", Some("home"), page).unwrap_or_default();
        for finding in draft.errors().iter().chain(&draft.warnings(0)).chain(&on_page) {
            prop_assert!(finding.span.start <= finding.span.end && finding.span.end <= text.len());
            let (line, column) = line_and_column(&text, finding.span.start);
            prop_assert!(line >= 1 && column >= 1);
        }
        prop_assert_eq!(draft.site().is_some(), parse("x", &text).is_ok());
    }
}

//! `tailorbird try`: what would change on a page, and why.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const SITE: &str = r#"[shop]
name = "S"
url = "https://s.example"
[[locale]]
lang = "en"
currency = "EUR"
[consent]
cookie = "consent"
grants = "yes"
[[page]]
kind = "home"
paths = ["/"]
[[page]]
kind = "listing"
paths = ["/c/**"]
[[template]]
name = "t"
source = '<aside data-slot="{{name}}">{{#items}}<a href="{{link}}">{{title}}</a>{{/items}}</aside>'
[[banner]]
name = "new"
pages = ["home"]
selector = "main"
position = "prepend"
audience = "new"
template = "t"
[[slot]]
name = "for-you"
pages = ["home"]
selector = "main"
position = "append"
strategies = ["recommended_for_you", "top_sellers"]
min = 2
template = "t"
[[slot]]
name = "off"
pages = ["home"]
selector = "section"
strategies = ["top_sellers"]
template = "t"
enabled = false
[[list]]
name = "tiles"
pages = ["listing"]
selector = "ul"
tile = "li"
[[page]]
kind = "json"
paths = ["/search.json"]
[[list]]
name = "found"
pages = ["json"]
json = "/products"
link = "/url"
[[fact]]
name = "product"
pages = ["listing"]
json_ld = "Product.sku"
[[fact]]
name = "search"
query = "q"
"#;

const FEED: &str =
    "id\ttitle\tlink\tprice\na\tA\t/a\t9 EUR\nb\tB\t/b\t9 EUR\nc\tC\t/c\t9 EUR\nd\tD\t/d\t9 EUR\n";

/// A shop whose visitors look at a, b and c together, at c most.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut events = String::new();
    for visitor in 0..30 {
        for (at, item) in ["a", "b", "c"].iter().enumerate().skip(visitor % 3) {
            let time = 1_789_990_000 + 60 * at;
            events.push_str(&format!(
                "{{\"event_name\":\"view_item\",\"event_timestamp\":{time},\"user_pseudo_id\":\"u{visitor}\",\
                 \"items\":[{{\"item_id\":\"{item}\"}}]}}\n"
            ));
        }
    }
    for (name, text) in [
        ("site.toml", SITE),
        ("f.tsv", FEED),
        ("e.jsonl", &events),
        (
            "home.html",
            "<link rel=canonical href=https://s.example/><main>x</main>",
        ),
        ("next.html", "<div id=__next><main>x</main></div>"),
        (
            "fact.html",
            "<script type=application/ld+json>{\"@type\":\"Product\",\"sku\":\"b\"}</script><ul></ul>",
        ),
        (
            "list.html",
            "<ul><li><a href=/d>D</a></li><li><a href=/c>C</a></li></ul>",
        ),
        (
            "search.json",
            "{\"products\":[{\"url\":\"/d\"},{\"url\":\"/c\"}]}",
        ),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let (code, out) = run(
        folder.path(),
        "build --site site.toml --feed f.tsv --events e.jsonl --out snap --created 1790000000",
    );
    assert_eq!(code, 0, "{out}");
    folder
}

/// Exit code and all output; the flags are divided by spaces.
fn run(folder: &Path, flags: &str) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .args(flags.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().expect("an exit code");
    (code, text(&output.stdout) + &text(&output.stderr))
}

#[test]
fn what_changes_and_why() {
    let shop = shop();
    for (flags, code, expected) in [
        (
            "home.html",
            0,
            &[
                "\n+<aside data-slot=\"new\"></aside>x\n+<aside data-slot=\"for-you\">\n+<a href=\"/c\">",
                "decided in",
            ][..],
        ),
        (
            "home.html --explain",
            0,
            &[
                "no consent, so nothing is known",
                "recommended_for_you    0 items, min 2: too few\n    top_sellers            4 items, min 2: fills it\n      c                  number 1 of the shop",
                "off                  \"section\": 0 matches; switched off",
            ],
        ),
        (
            "home.html --explain --viewed a",
            0,
            &[
                "looked at a (newest first)",
                "new                  \"main\": 1 match; for another audience",
                "recommended_for_you    2 items, min 2: fills it",
                "with a (seen",
            ],
        ),
        (
            "home.html --explain --cookie consent=yes",
            0,
            &["consent, but no views yet"],
        ),
        (
            "list.html --path /c/x --explain",
            0,
            &["2 of 2 tiles stand elsewhere", "\"ul\": 1 match, 2 tiles"],
        ),
        (
            "search.json --path /search.json?q=x --explain",
            0,
            &[
                "2 of 2 tiles stand elsewhere",
                "found                \"/products\": 1 match, 2 tiles",
                "\n {\"products\":[\n",
                "{\"url\":\"/c\"}\n",
            ],
        ),
        ("search.json --path /c/x", 0, &["nothing changes: not HTML"]),
        ("search.json", 1, &["say which page it is: --path"]),
        (
            "next.html --path /",
            1,
            &[
                "error[TB0601]: new is inside <div> (#__next), Next.js",
                "error[TB0601]: for-you is inside",
                "help: choose an element outside of it",
                "\n+<aside data-slot=\"for-you\">",
            ],
        ),
        (
            "fact.html --path /c/x?q=red+mugs --explain --viewed a",
            0,
            &[
                "fact search          query \"q\": \"red mugs\"\n",
                "fact product         json_ld \"Product.sku\": \"b\", b\n",
                "page       listing, en, product b",
            ],
        ),
        (
            "list.html --path /c/x",
            0,
            &["fact product         json_ld \"Product.sku\": nothing there\n"],
        ),
        ("list.html --path /x", 0, &["nothing changes: "]),
        ("list.html", 1, &["say which page it is: --path"]),
        ("nowhere.html", 1, &["cannot read the page"]),
        ("home.html --viewed zz", 1, &["there is no item \"zz\""]),
        ("home.html --path x", 2, &["expected a path"]),
    ] {
        let (found, out) = run(shop.path(), &format!("try --snapshot snap {flags}"));
        assert_eq!(found, code, "{flags}: {out}");
        for expected in expected {
            assert!(out.contains(expected), "{flags}: {expected:?} in {out}");
        }
    }
}

const RULES: &str = r#"
[[list]]
name = "brands"
pages = ["listing"]
selector = "ol"
tile = "li"
by = "brand"
[[segment]]
name = "curious"
when = "views >= 1"
[[rule]]
name = "no c"
action = "hide"
items = 'id == "c"'
[[rule]]
name = "d first"
action = "pin"
position = 1
items = 'id == "d"'
places = ["for-you"]
when = 'query("ad") == "x" and segment("curious")'
"#;

#[test]
fn rules_are_named_with_what_they_do() {
    let shop = shop();
    let site = SITE.replace("audience = \"new\"", "when = 'views >= 3'");
    let feed = FEED.replace("price\n", "price\tbrand\n");
    let feed = feed.replace(" EUR\n", " EUR\tAcme\n");
    for (name, text) in [("site.toml", format!("{site}{RULES}")), ("f.tsv", feed)] {
        fs::write(shop.path().join(name), text).expect("a file");
    }
    let (code, out) = run(
        shop.path(),
        "build --site site.toml --feed f.tsv --events e.jsonl --out ruled --created 1790000000",
    );
    assert_eq!(code, 0, "{out}");
    for (flags, expected) in [
        (
            "home.html --viewed a",
            &[
                "new                  \"main\": 1 match; its condition is false; when views >= 3: false (views >= 3 is false, found 1)\n",
                "    rule no c              hide: c\n",
                "    rule d first           pin at position 1: off, its condition is false\n",
                "\nsegments   curious\nrules\n  no c                 hide id == \"c\": on\n",
                "  d first              pin at position 1 id == \"d\": its condition is false; when query(\"ad\") == \"x\" and segment(\"curious\"): false",
                "query(\"ad\") == \"x\" is false, found unknown",
            ][..],
        ),
        (
            "home.html --viewed a --path /?ad=x",
            &[
                "    rule d first           pin at position 1: d\n",
                "      d  ",
            ],
        ),
        (
            "list.html --path /c/x --viewed a",
            &[
                "    rule no c              hide: c\n",
                "    Acme                   100\n",
            ],
        ),
    ] {
        let (code, out) = run(
            shop.path(),
            &format!("try --snapshot ruled --explain {flags}"),
        );
        assert_eq!(code, 0, "{flags}: {out}");
        for expected in expected {
            assert!(out.contains(expected), "{flags}: {expected:?} in {out}");
        }
    }
}

#[test]
fn the_changed_page_is_written() {
    let shop = shop();
    let path = shop.path().join("out.html");
    let (code, _) = run(
        shop.path(),
        "try list.html --path /c/x --snapshot snap --write out.html",
    );
    assert_eq!(code, 0);
    let html = fs::read_to_string(&path).expect("a page");
    assert_eq!(
        html,
        "<ul><li><a href=/c>C</a></li><li><a href=/d>D</a></li></ul>"
    );
    let (code, _) = run(
        shop.path(),
        "try list.html --path /x --snapshot snap --write out.html",
    );
    assert_eq!(code, 0);
    let html = fs::read_to_string(&path).expect("a page");
    assert_eq!(
        html,
        fs::read_to_string(shop.path().join("list.html")).expect("the page")
    );
}

#[test]
fn what_may_stand_inside_a_root_is_not_refused() {
    let shop = shop();
    let site = SITE.replace(
        "selector = \"main\"",
        "selector = \"main\"\ninside_hydrated_root = true",
    );
    fs::write(shop.path().join("site.toml"), site).expect("a file");
    let (code, out) = run(
        shop.path(),
        "build --site site.toml --feed f.tsv --events e.jsonl --out inside --created 1790000000",
    );
    assert_eq!(code, 0, "{out}");
    let (code, out) = run(shop.path(), "try next.html --path / --snapshot inside");
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("note: new is inside <div> (#__next)"), "{out}");
}

#[test]
fn both_pages_are_shown_side_by_side() {
    let shop = shop();
    let script = "<main>x</main><script>alert(\"1\")</script>";
    fs::write(shop.path().join("scripts.html"), script).expect("a file");
    let (code, out) = run(
        shop.path(),
        "try scripts.html --path / --snapshot snap --viewed a --html out.html",
    );
    assert_eq!(code, 0, "{out}");
    let html = fs::read_to_string(shop.path().join("out.html")).expect("a page");
    assert_eq!(html.matches("<iframe sandbox=\"\" ").count(), 2);
    for part in [
        "srcdoc=\"&lt;base href=&quot;https://s.example/&quot;&gt;",
        "&lt;aside data-tailorbird=&quot;changed&quot; data-slot=&quot;for-you&quot;&gt;",
        "recommended_for_you: 2 of at least 2, fills it",
        "<li>top_sellers: not asked</li>",
        "<td><code>main</code>, 1 match</td>",
        "for another audience",
        "held back",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<script"), "{html}");
    let (code, _) = run(
        shop.path(),
        "try next.html --path / --snapshot snap --html out.html",
    );
    assert_eq!(code, 1);
    let html = fs::read_to_string(shop.path().join("out.html")).expect("a page");
    assert!(
        html.contains("TB0601") && html.contains("inside &lt;div&gt; (#__next)"),
        "{html}"
    );
}

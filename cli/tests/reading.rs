//! What the command reads, and what it says of what it cannot read.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const SITE: &str = "[shop]\nname = \"S\"\nurl = \"https://s.example\"\n[[locale]]\nlang = \"en\"\ncurrency = \"EUR\"\n";
const FEED: &str = "id\ttitle\tlink\tprice\na\tA\t/a\t9 EUR\nb\tB\t/b\t9 EUR\n";
const CSV: &str = "id;title;link;price\nc;\"C; large\";/c;9 EUR\n";
const RSS: &str = "<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel>\
    <item><g:id>d</g:id><title>D</title><link>/d</link><g:price>9 EUR</g:price></item></channel></rss>";
const EVENTS: &str = concat!(
    "{\"event_name\":\"view_item\",\"event_timestamp\":1789990000,\"user_pseudo_id\":\"u\",\"items\":[{\"item_id\":\"a\"}]}\n",
    "{\"event_name\":\"view_item\",\"event_timestamp\":1789990060,\"user_pseudo_id\":\"u\",\"items\":[{\"item_id\":\"b\"}]}\n",
);
const LOG: &str = "who;sku;day;name\nu;a;2026-09-20;A\nu;b;2026-09-20;B\n";
const MAPPING: &str = "[input]\ndelimiter = \";\"\n[event]\nuser = \"{who}\"\nitem = \"{sku}\"\ntime = \"{day}\"\n\
    time_format = \"%Y-%m-%d\"\nemit = [{ event = \"view_item\" }]\n[feed]\ntitle = \"{name}\"\nlink = \"/p/{item}\"\n\
    currency = \"EUR\"\n";

/// A shop's files in a folder of their own.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("site.toml", SITE),
        ("f.tsv", FEED),
        ("g.csv", CSV),
        ("h.xml", RSS),
        ("e.jsonl", EVENTS),
        ("log.csv", LOG),
        ("m.toml", MAPPING),
        ("empty", ""),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Runs the command in a folder; the flags are divided by spaces.
fn run(folder: &Path, flags: &str, stdin: &str) -> (Output, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .args(flags.split(' '))
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    // A command that ends over its flags does not read.
    let _ = pipe.write_all(stdin.as_bytes());
    drop(pipe);
    let output = child.wait_with_output().expect("ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

#[track_caller]
fn succeeds(folder: &Path, flags: &str, stdin: &str) -> (String, String) {
    let (output, out, err) = run(folder, flags, stdin);
    assert!(output.status.success(), "{flags}: {err}");
    (out, err)
}

/// The exit code, and what was said with its lines joined.
fn fails(folder: &Path, flags: &str, stdin: &str) -> (Option<i32>, String) {
    let (output, _, err) = run(folder, flags, stdin);
    let words: Vec<&str> = err.split_whitespace().filter(|word| *word != "│").collect();
    (output.status.code(), words.join(" "))
}

#[test]
fn feeds_of_all_formats_are_one_feed() {
    let shop = shop();
    let flags = "build --site site.toml --feed f.tsv --feed en=g.csv --feed h.xml --events e.jsonl --created 1790000000";
    let (out, err) = succeeds(shop.path(), flags, "");
    assert!(out.contains("items      4,"), "{out}");
    assert!(!err.contains("warning"), "{err}");
    let (out, _) = succeeds(shop.path(), "verify", "");
    assert!(!out.is_empty());
}

#[test]
fn what_cannot_be_embedded_leaves_no_file() {
    let shop = shop();
    let (_, said) = fails(shop.path(), "embed f.tsv --out o.wasm", "");
    assert!(
        said.contains("`tailorbird build` writes snapshots"),
        "{said}"
    );
    succeeds(shop.path(), "build --site site.toml --feed f.tsv", "");
    for (flags, why) in [
        ("embed f.tsv --out o.wasm", "found no WASM at all"),
        (
            "embed f.tsv --snapshots empty --out o.wasm",
            "empty is not sound",
        ),
        ("embed missing --out o.wasm", "cannot read missing"),
        ("embed f.tsv --out ./f.tsv", "name another file with --out"),
    ] {
        let (code, said) = fails(shop.path(), flags, "");
        assert_eq!(code, Some(1), "{flags}: {said}");
        assert!(said.contains(why), "{flags}: {said}");
    }
    assert!(!shop.path().join("o.wasm").exists());
    let kept = fs::read_to_string(shop.path().join("f.tsv")).expect("there");
    assert_eq!(kept, FEED);
}

#[test]
fn one_input_may_be_standard_input() {
    let shop = shop();
    for (flags, stdin) in [
        ("build --site site.toml --feed - --events e.jsonl", FEED),
        ("build --site site.toml --feed f.tsv --events -", EVENTS),
        ("build --site site.toml --events - --mapping m.toml", LOG),
        ("import --mapping m.toml --out imported -", LOG),
        (
            "data check --site site.toml --feed f.tsv --events -",
            EVENTS,
        ),
    ] {
        succeeds(shop.path(), flags, stdin);
    }
    for flags in [
        "build --site site.toml --feed - --events -",
        "data check --site site.toml --feed - --events -",
        "evaluate --events - --events -",
        "import --mapping m.toml --out imported - -",
    ] {
        let (code, said) = fails(shop.path(), flags, "");
        assert_eq!(code, Some(2), "{flags}: {said}");
        assert!(
            said.contains("expected `-` (standard input) for one input at most"),
            "{said}"
        );
    }
}

#[test]
fn a_shop_without_a_feed_gets_a_snapshot_and_a_warning() {
    let shop = shop();
    let (out, err) = succeeds(shop.path(), "build --site site.toml --events e.jsonl", "");
    assert!(
        out.contains("items      2, of them 2 with neighbours"),
        "{out}"
    );
    assert!(
        err.contains("no item has a title and a link: pages get no slots"),
        "{err}"
    );
    succeeds(shop.path(), "verify", "");
    let (_, err) = succeeds(shop.path(), "build --site site.toml --feed f.tsv", "");
    assert!(err.contains("warning: no events"), "{err}");
    let (code, said) = fails(shop.path(), "build --site site.toml", "");
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn rules_that_no_product_fits_are_named() {
    let shop = shop();
    let rule = |name: &str, items: &str| {
        format!("[[rule]]\nname = \"{name}\"\naction = \"hide\"\nitems = '{items}'\n")
    };
    let rules = [
        rule("fits", "title == \"A\""),
        rule("slip", "title == \"AA\""),
    ]
    .concat();
    fs::write(shop.path().join("site.toml"), format!("{SITE}{rules}")).expect("a file");
    let (_, err) = succeeds(shop.path(), "build --site site.toml --feed f.tsv", "");
    assert!(
        err.contains("rule \"slip\" does nothing: none of the feed's 2 products"),
        "{err}"
    );
    assert!(!err.contains("\"fits\""), "{err}");
}

#[test]
fn who_reads_the_first_lines_alone_sees_no_panic() {
    let shop = shop();
    succeeds(shop.path(), "build --site site.toml --feed f.tsv", "");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .arg("inspect")
        .current_dir(shop.path())
        .stdout(writer)
        .output()
        .expect("ends");
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_feed_of_a_named_language_is_that_languages() {
    let shop = shop();
    fs::write(shop.path().join("p.html"), "<p>Shop</p>").expect("a file");
    for (flags, lang) in [
        ("--feed f.tsv", "en"),
        ("--feed de=f.tsv", "de"),
        ("--lang fr --feed de=f.tsv", "fr"),
    ] {
        let (site, _) = succeeds(shop.path(), &format!("init {flags} --page home=p.html"), "");
        assert!(
            site.contains(&format!("lang = \"{lang}\"")),
            "{flags}: {site}"
        );
    }
}

#[test]
fn a_log_is_read_by_its_mapping_as_if_it_were_imported() {
    let shop = shop();
    let fixed = "--created 1790000000 --sequence 1";
    let snapshot = |out: &str| {
        let name = fs::read_to_string(shop.path().join(out).join("current")).expect("a name");
        fs::read(shop.path().join(out).join(name.trim())).expect("a snapshot")
    };
    succeeds(
        shop.path(),
        "import --mapping m.toml --out imported log.csv",
        "",
    );
    let flags = format!(
        "build --site site.toml --feed imported/feed.tsv --events imported/events.jsonl --out one {fixed}"
    );
    succeeds(shop.path(), &flags, "");
    let flags =
        format!("build --site site.toml --events log.csv --mapping m.toml --out two {fixed}");
    succeeds(shop.path(), &flags, "");
    assert_eq!(snapshot("one"), snapshot("two"));
    let (code, said) = fails(
        shop.path(),
        "evaluate --events log.csv --mapping m.toml",
        "",
    );
    assert_eq!(code, Some(1));
    assert!(said.contains("expected sessions to learn from"), "{said}");
}

#[test]
fn inputs_without_content_say_so() {
    let shop = shop();
    let (code, said) = fails(shop.path(), "build --site site.toml --feed empty", "");
    assert_eq!(code, Some(1));
    assert!(
        said.contains("empty: expected a product feed, found an empty file"),
        "{said}"
    );
    let flags = "build --site site.toml --feed f.tsv --events empty";
    let (_, err) = succeeds(shop.path(), flags, "");
    assert!(err.contains("1 inputs without content"), "{err}");
    assert!(
        err.contains("empty:1: expected events, found none"),
        "{err}"
    );
    let (code, said) = fails(shop.path(), "build --site site.toml --events empty", "");
    assert_eq!(code, Some(1));
    assert!(said.contains("expected at least one item"), "{said}");
}

#[test]
fn data_check_reports_cleans_and_fails() {
    let shop = shop();
    let check = "data check --site site.toml --now 1790000000";
    let flags = format!("{check} --feed f.tsv --events e.jsonl --clean clean");
    let (out, _) = succeeds(shop.path(), &flags, "");
    assert!(out.contains("PASS  event lines "), "{out}");
    assert!(out.contains("WARN  purchases "), "{out}");
    assert!(
        out.contains("cleaned: 2 events (0 left out), 2 feed rows"),
        "{out}"
    );
    assert!(out.contains(" 0 failed\n"), "{out}");
    let flags = "build --site site.toml --feed clean/feed.tsv --events clean/events.jsonl";
    let (_, err) = succeeds(shop.path(), flags, "");
    assert!(!err.contains("warning"), "{err}");

    let flags = format!("{check} --feed g.csv --events e.jsonl --format json");
    let (output, out, err) = run(shop.path(), &flags, "");
    assert_eq!(output.status.code(), Some(1), "{err}");
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(report["failed"], 1);
    let mut findings = report["findings"].as_array().expect("a list").iter();
    let unknown = findings.find(|finding| finding["check"] == "unknown items");
    let unknown = unknown.expect("the finding");
    assert_eq!(
        (&unknown["verdict"], &unknown["count"]),
        (&"fail".into(), &2.into())
    );
    assert_eq!(unknown["examples"][0], "e.jsonl:1: no feed has \"a\"");

    let flags = format!("{check} --feed f.tsv --events - --clean clean");
    let (code, said) = fails(shop.path(), &flags, EVENTS);
    assert_eq!(code, Some(2));
    assert!(said.contains("which reads them twice"), "{said}");
}

//! `tailorbird check`: exit codes, formats, pages, and the schema for editors.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const SITE: &str = r#"[shop]
name = "S"
[[locale]]
lang = "en"
currency = "EUR"
[[page]]
kind = "home"
paths = ["/"]
[[template]]
name = "t"
source = "<p>{{title}}</p>"
[[banner]]
name = "b"
pages = ["home"]
selector = "main"
template = "t"
title = "Hi"
"#;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-shop/site.toml");

/// A folder with a site.toml and pages.
fn shop(site: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("site.toml", site),
        (
            "home.html",
            "<link rel=canonical href=https://s.example/><main></main>",
        ),
        ("react.html", "<div id=__next><main></main></div>"),
        ("other.html", "<p>"),
    ] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Exit code and standard output; the flags are divided by spaces.
fn check(folder: &Path, flags: &str) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .arg("check")
        .args(flags.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("starts");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().expect("an exit code"), out)
}

#[test]
fn exit_codes() {
    let broken = SITE.replace("\"main\"", "\"main");
    let warned = SITE.replace("\"main\"", "\".main\"");
    for (site, flags, code, expected) in [
        (SITE, "", 0, "0 errors, 0 warnings\n"),
        (&warned, "", 0, "warning[TB0506]"),
        (&warned, "--deny-warnings", 1, "0 errors, 1 warning\n"),
        (&broken, "", 1, "error[TB0101]"),
        (SITE, "--site nowhere.toml", 2, ""),
        (SITE, "--page home=nowhere.html", 2, ""),
        (SITE, "--page home=", 2, ""),
        (SITE, "--what", 2, ""),
        (
            SITE,
            "--page home.html --deny-warnings",
            0,
            "0 errors, 0 warnings\n",
        ),
        (
            SITE,
            "--page other.html",
            0,
            "warning[TB0604]: no [[page]] matches other.html",
        ),
        (
            SITE,
            "--page home=other.html --deny-warnings",
            1,
            "warning[TB0602]",
        ),
        (
            SITE,
            "--page home=react.html",
            1,
            " --> site.toml:15:12\n   |\n15 | selector = \"main\"\n   |            ^^^^^^",
        ),
        (SITE, "--now 0", 0, ""),
    ] {
        let folder = shop(site);
        let (found, out) = check(folder.path(), flags);
        assert_eq!(found, code, "{flags}: {out}");
        assert!(out.contains(expected), "{flags}: {out}");
    }
}

#[test]
fn the_demo_shop_is_sound() {
    let folder = shop(SITE);
    let flags = format!("--site {DEMO} --deny-warnings");
    assert_eq!(check(folder.path(), &flags).0, 0);
}

#[test]
fn facts_that_no_page_tells() {
    let fact = "[[fact]]\nname = \"product\"\nselector = \"main\"\nattribute = \"data-sku\"\n";
    let shop = shop(&format!("{SITE}{fact}"));
    let (code, out) = check(shop.path(), "--page home.html --deny-warnings");
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("warning[TB0621]: the fact \"product\""),
        "{out}"
    );
    let told = "<main data-sku=1></main>";
    fs::write(shop.path().join("told.html"), told).expect("a file");
    let (code, out) = check(
        shop.path(),
        "--page home.html --page home=told.html --deny-warnings",
    );
    assert_eq!(code, 0, "{out}");
}

#[test]
fn json_is_an_array_of_findings() {
    let folder = shop(&SITE.replace("selector", "selektor"));
    let (code, out) = check(folder.path(), "--format json");
    assert_eq!(code, 1);
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let first = &found[0];
    assert_eq!(first["code"], "TB0102");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["file"], "site.toml");
    assert_eq!((&first["line"], &first["column"]), (&15.into(), &1.into()));
    assert!(first["message"].is_string() && first["help"].is_string());
}

#[test]
fn sarif_has_what_the_standard_asks_for() {
    let folder = shop(&SITE.replace("\"main\"", "\".main\""));
    let (_, out) = check(folder.path(), "--format sarif");
    let log: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(
        log["$schema"]
            .as_str()
            .expect("a schema")
            .contains("sarif-2.1.0")
    );
    let run = &log["runs"][0];
    assert!(run["tool"]["driver"]["name"].is_string());
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "TB0506");
    assert_eq!(result["level"], "warning");
    let rule = result["ruleIndex"].as_u64().expect("an index") as usize;
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], "TB0506");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "site.toml");
    assert_eq!(place["region"]["startLine"], 15);
    // Nothing found is a run without results, not without a run.
    let (_, out) = check(shop(SITE).path(), "--format sarif");
    let log: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(log["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn a_page_is_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        for kind in ["text/html; charset=utf-8", "image/png"] {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut head = [0; 2048];
            let _ = stream.read(&mut head).expect("a request");
            let body = "<p>";
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
            );
            stream.write_all((head + body).as_bytes()).expect("sent");
        }
    });
    let folder = shop(SITE);
    let flags = format!("--page http://{address}/?a=b");
    let (code, out) = check(folder.path(), &flags);
    assert_eq!(code, 0);
    assert!(
        out.contains("nothing in http://") && out.contains("TB0602"),
        "{out}"
    );
    assert_eq!(check(folder.path(), &flags).0, 2, "a picture is no page");
    server.join().expect("served");
    assert_eq!(check(folder.path(), &flags).0, 2, "nobody there");
}

/// What the schema says of a site.toml, by a validator that knows nothing of this parser.
fn validates(site: &str, schema: &Value) -> bool {
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler
        .add_resource("schema.json", schema.clone())
        .expect("a schema");
    let index = compiler
        .compile("schema.json", &mut schemas)
        .expect("sound");
    let site: toml::Table = site.parse().expect("TOML");
    let site = serde_json::to_value(site).expect("JSON");
    schemas.validate(&dates_as_text(site), index).is_ok()
}

/// As editors hand dates over.
fn dates_as_text(value: Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("$__toml_private_datetime") => {
            map["$__toml_private_datetime"].clone()
        }
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, dates_as_text(value)))
            .collect(),
        Value::Array(all) => all.into_iter().map(dates_as_text).collect(),
        other => other,
    }
}

#[test]
fn the_schema_takes_what_the_parser_takes() {
    let folder = shop(SITE);
    let (code, out) = check(folder.path(), "--schema");
    assert_eq!(code, 0);
    let schema: Value = serde_json::from_str(&out).expect("JSON");
    let written = include_str!("../../docs/site.schema.json");
    assert_eq!(
        written, out,
        "write it again: tailorbird check --schema > docs/site.schema.json"
    );
    let demo = fs::read_to_string(DEMO).expect("the demo's file");
    let all = SITE.replace(
        "title = \"Hi\"",
        "nth = 2\nowner = \"A\"\nenabled = true\nfrom = 2026-12-01\nuntil = \"2026-12-24\"\npercentage = 100",
    );
    for (site, is_sound) in [
        (demo.clone(), true),
        (SITE.to_owned(), true),
        (all, true),
        (SITE.replace("selector", "selektor"), false),
        (SITE.replace("[\"home\"]", "\"home\""), false),
        (demo.replace("\"recently_viewed\"", "\"recent\""), false),
        (demo.replace("max = 6", "max = 25"), false),
        (SITE.replace("title = \"Hi\"", "from = \"soon\""), false),
    ] {
        assert_eq!(validates(&site, &schema), is_sound, "{site}");
        let folder = shop(&site);
        assert_eq!(check(folder.path(), "").0 == 0, is_sound, "{site}");
    }
}

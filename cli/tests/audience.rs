//! What `tailorbird audience` writes, and how it ends.

use std::fs;
use std::path::Path;
use std::process::Command;

const SITE: &str = "[shop]\nname = \"S\"\nurl = \"https://s.example\"\n[[locale]]\nlang = \"en\"\ncurrency = \"EUR\"\n";
const FEED: &str = "id,title,link,price,brand,product_type\n\
    a,Lamp A,/a,9 EUR,Ulme,Lamps\nb,Rug B,/b,9 EUR,Ufer,Rugs\nn,Lamp N,/n,9 EUR,Ulme,Lamps\n";

/// The exit code, standard output and standard error.
fn run(folder: &Path, flags: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .args(flags.split(' '))
        .current_dir(folder)
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .expect("starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().expect("ends");
    (code, text(&output.stdout), text(&output.stderr))
}

fn event(user: &str, item: &str) -> String {
    format!(
        "{{\"event_name\":\"view_item\",\"event_timestamp\":1789990000,\"user_pseudo_id\":\"{user}\",\
         \"items\":[{{\"item_id\":\"{item}\"}}]}}\n"
    )
}

#[test]
fn lists_visitors_in_three_forms() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let events = [event("=lamps, all", "a"), event("rugs", "b")].concat();
    for (name, text) in [
        ("site.toml", SITE),
        ("f.csv", FEED),
        ("e.jsonl", &events),
        ("none", ""),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
    let feed = "audience --item n --events e.jsonl --site site.toml --feed f.csv";
    let (code, table, error) = run(folder, feed);
    assert_eq!(code, 0, "{error}");
    assert!(
        table.contains("category 17 %") && table.contains("2 visitors seen"),
        "{table}"
    );
    assert!(
        !table.contains("lamps, all"),
        "hashed unless asked for: {table}"
    );
    let (_, csv, _) = run(folder, &format!("{feed} --format csv --plain-ids --top 1"));
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "visitor,score,category,brand,price,similar,days_ago,events"
    );
    assert!(
        lines.len() == 2 && lines[1].starts_with("\"'=lamps, all\",0."),
        "{csv}"
    );
    // A snapshot says the same.
    let (code, _, error) = run(
        folder,
        "build --site site.toml --feed f.csv --out out --created 1789990000",
    );
    assert_eq!(code, 0, "{error}");
    let snapshot = "audience --item n --events e.jsonl --snapshot out --format json";
    let (_, json, _) = run(folder, snapshot);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (json["seen"].as_u64(), json["item"].as_str()),
        (Some(2), Some("n"))
    );
    assert_eq!(json["visitors"][0]["days_ago"].as_u64(), Some(0));
    let (_, again, _) = run(folder, &format!("{feed} --format json"));
    let again: serde_json::Value = serde_json::from_str(&again).expect("JSON");
    assert_eq!(again, json);

    for (flags, code, says) in [
        (
            "--item gone --events e.jsonl --snapshot out",
            1,
            "found `gone`",
        ),
        ("--item n --events none --snapshot out", 1, "nobody"),
        (
            "--item n --events gone.jsonl --snapshot out",
            1,
            "gone.jsonl",
        ),
        ("--item n --events e.jsonl", 2, "--snapshot"),
        ("--item n --events e.jsonl --feed f.csv", 2, "--site"),
        (
            "--item n --events e.jsonl --snapshot out --top 0",
            2,
            "--top",
        ),
    ] {
        let (found, _, error) = run(folder, &format!("audience {flags}"));
        assert!(
            found == code && error.contains(says),
            "{flags}: {found} {error}"
        );
    }
}

#[test]
fn a_build_carries_on_what_was_live_and_takes_the_weather() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let cheaper = FEED.replace("Lamp A,/a,9", "Lamp A,/a,5");
    let weather = "country,date,class\nDE,2026-09-22,rain\nDE,soon,x\n";
    for (name, text) in [
        ("site.toml", SITE),
        ("f.csv", FEED),
        ("g.csv", &cheaper),
        ("w.csv", weather),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
    let first = "build --site site.toml --feed f.csv --out out --created 1789990000";
    assert_eq!(run(folder, first).0, 0);
    let second = "build --site site.toml --feed g.csv --out out --created 1790000000 --previous out --weather w.csv";
    let (code, _, error) = run(folder, second);
    assert!(
        code == 0 && error.contains("weather rows skipped"),
        "{error}"
    );
    let (_, shown, _) = run(folder, "inspect out --item a");
    assert!(shown.contains("price before  €9.00"), "{shown}");
    let (_, shown, _) = run(folder, "inspect out");
    for part in ["price before", "weather", "price drops\n  a "] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (code, _, error) = run(folder, &format!("{first} --previous out"));
    assert!(
        code == 1 && error.contains("made at 1789990000 or before"),
        "{error}"
    );
}

//! What the documents say and show, against what there is.

use std::fs;
use std::path::Path;

use tailorbird::site::Strategy;

const STRATEGIES: &str = include_str!("../docs/strategies.md");

#[test]
fn each_strategy_is_described_and_has_its_picture() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for (name, _) in Strategy::ALL {
        let row = |line: &str| line.starts_with("| `") && line.contains(&format!("`{name}`"));
        assert!(STRATEGIES.lines().any(row), "{name} has no row");
        let file = format!("strategies/{name}.webp");
        let shown = STRATEGIES
            .lines()
            .filter_map(|line| {
                line.strip_prefix("![")?
                    .split_once("](")?
                    .1
                    .strip_suffix(')')
            })
            .filter(|link| *link == file)
            .count();
        assert_eq!(shown, 1, "{file} in docs/strategies.md");
        let bytes = fs::read(docs.join(&file)).expect(&file);
        assert_eq!(
            (bytes.get(..4), bytes.get(8..12)),
            (Some(&b"RIFF"[..]), Some(&b"WEBP"[..])),
            "{file} is no WebP"
        );
    }
}

#[test]
fn each_picture_has_words_for_who_does_not_see_it() {
    for line in STRATEGIES.lines().filter(|line| line.starts_with("![")) {
        let (words, _) = line[2..].split_once("](").expect(line);
        assert!(words.len() >= 20, "{line}");
    }
}

#[test]
fn no_picture_is_left_of_a_strategy_that_is_gone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/strategies");
    for entry in fs::read_dir(folder).expect("docs/strategies") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str());
        assert!(
            Strategy::ALL.iter().any(|(known, _)| Some(*known) == name),
            "{}",
            path.display()
        );
    }
}

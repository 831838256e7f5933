//! What `tailorbird demo-shop` writes is what `tailorbird build` takes.

use std::fs;
use std::path::Path;
use std::process::Command;

use tailorbird::snapshot::{Kind, Snapshot};

/// Standard error of a run that ends well.
fn run(folder: &Path, flags: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tailorbird"))
        .args(flags.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{flags}: {text}");
    text
}

#[test]
fn articles_know_their_categories_and_products() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    run(folder, "demo-shop --out demo --events 1000");
    let said = run(
        folder,
        "build --site demo/site.toml --feed en=demo/feed.en.tsv --feed de=demo/feed.de.tsv \
         --content en=demo/articles.en.tsv --content de=demo/articles.de.tsv --events demo/events.jsonl --created 1790000000",
    );
    assert!(!said.contains("articles."), "{said}");
    let current = fs::read_to_string(folder.join("model-snapshots/current")).expect("a name");
    let file = folder
        .join("model-snapshots")
        .join(current.lines().next().unwrap_or_default());
    let snapshot = Snapshot::open(fs::read(file).expect("a snapshot")).expect("opens");
    assert_eq!(snapshot.articles(), 16);
    for (locale, title) in ["A mug for every morning", "Ein Becher für jeden Morgen"]
        .into_iter()
        .enumerate()
    {
        let article = snapshot.article(0, locale).expect("both languages have it");
        assert_eq!(article.title, title);
    }
    let mugs = snapshot
        .code_of(Kind::Category, "Kitchen > Mugs")
        .expect("the shop sells mugs");
    assert!(
        snapshot
            .articles_of_category(mugs)
            .any(|number| number == 0)
    );
    let items = (0..snapshot.len() as u32)
        .filter(|item| snapshot.articles_of_item(*item).any(|number| number == 0));
    assert_eq!(items.count(), 12);
}

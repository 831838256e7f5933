//! The pictures of docs/: the demo shop's home page, and a slot of each strategy as a shopper gets it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::PICTURES_LIMIT;
use crate::{build, paths, process, setup};

/// The kinds of pictures that docs/ has; GitHub shows both.
const SUFFIXES: [&str; 2] = ["png", "webp"];

/// Takes all of them, and puts them into docs/ when they weigh no more than they may.
pub fn run() -> Result<(), String> {
    setup::run(Some(setup::Part::Browser))?;
    build::native()?;
    let taken = paths::target().join("pictures");
    if taken.exists() {
        fs::remove_dir_all(&taken).map_err(|error| format!("{}: {error}", taken.display()))?;
    }
    process::run(
        process::command("node")
            .current_dir(paths::e2e())
            .arg("pictures.mjs")
            .arg(&taken),
    )?;
    let pictures = within(&taken)?;
    let weight = checked(&pictures)?;
    for picture in &pictures {
        let name = picture
            .strip_prefix(&taken)
            .map_err(|error| error.to_string())?;
        let place = docs().join(name);
        fs::copy(picture, &place).map_err(|error| format!("{}: {error}", place.display()))?;
    }
    println!(
        "pictures: {} in docs/, {weight} bytes of at most {PICTURES_LIMIT}",
        pictures.len()
    );
    Ok(())
}

fn docs() -> PathBuf {
    paths::root().join("docs")
}

/// The pictures in `folder` and in the folders within it.
fn within(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            out.extend(within(&path)?);
        } else if path
            .extension()
            .is_some_and(|suffix| SUFFIXES.iter().any(|known| suffix == *known))
        {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// What they weigh together, in bytes; an error above [`PICTURES_LIMIT`].
fn checked(pictures: &[PathBuf]) -> Result<u64, String> {
    let mut sum = 0;
    for picture in pictures {
        sum += fs::metadata(picture)
            .map_err(|error| format!("{}: {error}", picture.display()))?
            .len();
    }
    if sum > PICTURES_LIMIT {
        return Err(format!(
            "the pictures weigh {sum} bytes, expected at most {PICTURES_LIMIT}: lower QUALITY or WIDTH in tests/e2e/pictures.mjs"
        ));
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_of_the_documents_weigh_no_more_than_they_may() {
        let pictures = within(&docs()).expect("docs/ can be read");
        assert!(pictures.len() > 1, "{pictures:?}");
        let weight = checked(&pictures).expect("they are light enough");
        assert!(weight > 0);
    }

    #[test]
    fn pictures_above_the_limit_are_refused() {
        let file = std::env::temp_dir().join(format!("tailorbird-{}.png", std::process::id()));
        let made = fs::File::create(&file).and_then(|file| file.set_len(PICTURES_LIMIT + 1));
        let found = checked(std::slice::from_ref(&file));
        fs::remove_file(&file).expect("it can be removed");
        made.expect("a sparse file can be made");
        assert!(found.is_err_and(|error| error.contains("expected at most 1200000")));
    }
}

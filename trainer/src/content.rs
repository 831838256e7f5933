//! The content feed: guides, stories and theme worlds that a shop has beside its products.
//!
//! ```csv
//! id;title;link;image_link;topics;items;type
//! tea;Tea for two;/en/stories/tea;/img/tea.jpg;Kitchen > Mugs|Teapots;TB-10234|TB-10301;article
//! ```
//!
//! TSV, or CSV with `,` or `;`. `topics` (or `product_type`) are categories with `|` between them: whole
//! paths or the names of single levels, in the first locale's words. `items` are ids of products. `type` is `theme`
//! for a theme world; whatever else it says is an article. These three and `image_link` may be missing. What a file of another language says of them counts where the
//! first one's does not have the article.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use csv::ReaderBuilder;
use tailorbird::snapshot::{ArticleRecord, ArticleText, MAX_ARTICLES};

use crate::FeedFile;
use crate::feed::{MAX_FIELD_BYTES, MAX_ID_BYTES, is_web_link};
use crate::input::{self, text_of};
use crate::report::{WarningKind, Warnings, found};

/// The longest content feed in bytes, far beyond [`MAX_ARTICLES`] rows.
pub const MAX_CONTENT_BYTES: u64 = 32 << 20;

/// Why a content feed cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// It cannot be opened or read on.
    #[error("{file}: cannot read the articles: {reason}")]
    Read {
        /// The file.
        file: String,
        /// The system's or the decoder's reason.
        reason: String,
    },
    /// A column is missing.
    #[error(
        "{file}:1: expected the columns id, title and link, and perhaps image_link, topics, items and type, found {found}"
    )]
    Columns {
        /// The file.
        file: String,
        /// The first line.
        found: String,
    },
    /// More than a snapshot holds.
    #[error("{file}: expected at most {MAX_ARTICLES} different articles; leave out the oldest")]
    TooMany {
        /// The file.
        file: String,
    },
}

/// Reads content feeds, each with the position of its locale, of `locales`.
///
/// # Errors
///
/// [`ContentError`] when a file cannot be used as a whole; a damaged row is a warning.
pub(crate) fn read_content(
    files: &[(usize, &FeedFile)],
    locales: usize,
    warnings: &mut Warnings,
) -> Result<Vec<ArticleRecord>, ContentError> {
    let mut articles: Vec<ArticleRecord> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for &(locale, feed) in files {
        let file = feed.path.display().to_string();
        let failed = |reason: String| ContentError::Read {
            file: file.clone(),
            reason,
        };
        let mut text = Vec::new();
        let input = input::open(&feed.path).map_err(|error| failed(error.to_string()))?;
        let read = input.take(MAX_CONTENT_BYTES + 1).read_to_end(&mut text);
        read.map_err(|error| failed(error.to_string()))?;
        if text.len() as u64 > MAX_CONTENT_BYTES {
            return Err(failed(format!(
                "expected at most {MAX_CONTENT_BYTES} bytes"
            )));
        }
        let first = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| first.iter().filter(|&&byte| byte == wanted).count();
        let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&d| count(d));
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b'\t'))
            .flexible(true)
            .from_reader(Cursor::new(&text));
        let header = reader.byte_headers().map_err(|e| failed(e.to_string()))?;
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                text_of(name)
                    .trim_start_matches('\u{feff}')
                    .trim()
                    .to_lowercase()
            })
            .collect();
        let column = |wanted: &str| names.iter().position(|name| name == wanted);
        let (Some(id), Some(title), Some(link)) = (column("id"), column("title"), column("link"))
        else {
            let found = found(&names.join(", "));
            return Err(ContentError::Columns { file, found });
        };
        let image = column("image_link");
        let topics = column("topics").or(column("product_type"));
        let items = column("items");
        let kind = column("type");
        for row in reader.into_byte_records() {
            let row = row.map_err(|error| failed(error.to_string()))?;
            let line = row.position().map_or(0, csv::Position::line);
            let get = |at: usize| text_of(row.get(at).unwrap_or_default()).trim().to_owned();
            let optional = |at: Option<usize>| at.map(get).unwrap_or_default();
            let list = |at: Option<usize>| -> Vec<String> {
                let text = optional(at);
                let parts = text
                    .split('|')
                    .map(str::trim)
                    .filter(|part| !part.is_empty());
                parts.map(str::to_owned).collect()
            };
            let (id, mut text) = (
                get(id),
                ArticleText {
                    title: get(title),
                    link: get(link),
                    image: optional(image),
                },
            );
            let is_short = [&text.title, &text.link, &text.image]
                .iter()
                .all(|field| field.len() <= MAX_FIELD_BYTES);
            let is_sound = (1..=MAX_ID_BYTES).contains(&id.len())
                && !text.title.is_empty()
                && is_web_link(&text.link)
                && is_short;
            let known = positions.get(&id).copied();
            let is_again = known
                .and_then(|at| articles.get(at)?.texts.get(locale))
                .is_some_and(|text| !text.title.is_empty());
            if !is_sound || is_again {
                warnings.add(WarningKind::ContentRow, &file, line, || {
                    format!(
                        "expected an id that is new, a title and a link that is http(s) or starts with `/`, found {}",
                        found(&format!("{id}, {}, {}", text.title, text.link))
                    )
                });
                continue;
            }
            if !is_web_link(&text.image) {
                text.image.clear();
            }
            if known.is_none() && articles.len() >= MAX_ARTICLES {
                return Err(ContentError::TooMany { file });
            }
            let at = known.unwrap_or_else(|| {
                positions.insert(id.clone(), articles.len());
                articles.push(ArticleRecord {
                    id,
                    is_theme: optional(kind).eq_ignore_ascii_case("theme"),
                    topics: list(topics).iter().map(|topic| path(topic)).collect(),
                    items: list(items),
                    texts: vec![ArticleText::default(); locales],
                });
                articles.len() - 1
            });
            let article = articles.get_mut(at);
            if let Some(place) = article.and_then(|article| article.texts.get_mut(locale)) {
                *place = text;
            }
        }
    }
    Ok(articles)
}

/// A category with ` > ` between its levels, whatever spaces the feed has around `>`.
fn path(topic: &str) -> String {
    let levels = topic.split('>').map(str::trim);
    let levels: Vec<&str> = levels.filter(|level| !level.is_empty()).collect();
    levels.join(" > ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(texts: &[&str]) -> Result<(Vec<ArticleRecord>, Warnings), ContentError> {
        let files: Vec<_> = texts
            .iter()
            .map(|text| {
                let mut file = tempfile::NamedTempFile::new().expect("a file");
                file.write_all(text.as_bytes()).expect("writes");
                file
            })
            .collect();
        let feeds: Vec<FeedFile> = files
            .iter()
            .map(|file| FeedFile {
                lang: None,
                path: file.path().to_owned(),
            })
            .collect();
        let placed: Vec<_> = feeds.iter().enumerate().collect();
        let mut warnings = Warnings::default();
        Ok((read_content(&placed, texts.len(), &mut warnings)?, warnings))
    }

    #[test]
    fn languages_are_one_article() {
        let (articles, warnings) = read(&[
            "id\ttitle\tlink\timage_link\ttopics\titems\ttype\ntea\tTea, for two\t/en/tea\t/t.jpg\tKitchen>Mugs | Pots\ta|b\tTheme \n",
            "id;title;link;product_type;type\ntea;Tee;/de/tee;X;article\nrug;Teppiche;/de/rug;Living;guide\n",
        ])
        .expect("reads");
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(articles.len(), 2);
        assert_eq!(articles[0].topics, ["Kitchen > Mugs", "Pots"]);
        assert_eq!(articles[0].items, ["a", "b"]);
        let titles = articles[0].texts.iter().map(|text| text.title.as_str());
        assert_eq!(titles.collect::<Vec<_>>(), ["Tea, for two", "Tee"]);
        assert_eq!(articles[0].texts[0].image, "/t.jpg");
        assert_eq!(articles[1].texts[0], ArticleText::default());
        assert_eq!(articles[1].topics, ["Living"]);
        assert_eq!(
            articles.iter().map(|of| of.is_theme).collect::<Vec<_>>(),
            [true, false]
        );
    }

    #[test]
    fn odd_rows_are_warnings_and_odd_files_errors() {
        let (articles, warnings) = read(&[
            "id,title,link,image_link\na,A,/a,javascript:x\n,B,/b,\nc,,/c,\nd,D,javascript:d,\na,again,/a,\n",
        ])
        .expect("reads");
        assert_eq!(
            (articles.len(), articles[0].texts[0].image.as_str()),
            (1, "")
        );
        assert_eq!(warnings.count(WarningKind::ContentRow), 4);
        let error = read(&["id,name\n"]).expect_err("no title").to_string();
        assert!(error.contains("found \"id, name\""), "{error}");
        let rows: String = (0..=MAX_ARTICLES).map(|n| format!("{n},T,/t\n")).collect();
        let error = read(&[&format!("id,title,link\n{rows}")]).expect_err("too many");
        assert!(matches!(error, ContentError::TooMany { .. }), "{error}");
    }
}

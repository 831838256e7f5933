//! Pages to look at: files, or fetched from a shop.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use miette::{IntoDiagnostic, Result, WrapErr, miette};
use tailorbird::site::is_json;
use tailorbird_trainer::input;

/// The longest page that is read.
const MAX_PAGE_BYTES: u64 = 16 << 20;

/// How long fetching a page may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(30);

const HTML: &str = "text/html";
const JSON: &str = "application/json";

/// A page as a flag names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSource {
    /// The page's kind, where it is said.
    pub kind: Option<String>,
    /// A URL or a file.
    pub at: String,
}

/// A page.
pub struct Page {
    /// For messages.
    pub name: String,
    /// Path and query of its URL, when it has one.
    pub target: Option<String>,
    pub content_type: String,
    /// HTML, or JSON.
    pub html: Vec<u8>,
}

/// Reads the flag of a page.
pub fn source(text: &str) -> Result<PageSource, String> {
    let is_kind = |kind: &str| !kind.is_empty() && !kind.contains(['/', ':', '.', '?', '\\']);
    let (kind, at) = match text.split_once('=') {
        Some((kind, at)) if is_kind(kind) => (Some(kind.to_owned()), at),
        _ => (None, text),
    };
    if at.is_empty() {
        return Err("expected a URL or a file, as in product=mug.html".into());
    }
    Ok(PageSource {
        kind,
        at: at.to_owned(),
    })
}

/// Reads or fetches a page.
pub fn read(source: &PageSource) -> Result<Page> {
    let at = &source.at;
    let (content_type, html) = match is_url(at) {
        true => fetch(at)?,
        false => {
            let body = read_file(Path::new(at))?;
            let kind = if is_json(&body) { JSON } else { HTML };
            (kind.to_owned(), body)
        }
    };
    Ok(Page {
        name: at.clone(),
        target: is_url(at).then(|| target(at)),
        content_type,
        html,
    })
}

pub fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// A URL's path and query.
fn target(url: &str) -> String {
    let behind_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let behind_host = behind_scheme
        .find(['/', '?', '#'])
        .and_then(|at| behind_scheme.get(at..));
    let target = behind_host.unwrap_or_default().split('#').next();
    let target = target.unwrap_or_default();
    let root = if target.starts_with('/') { "" } else { "/" };
    format!("{root}{target}")
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let mut html = Vec::new();
    let read =
        input::open(path).and_then(|file| file.take(MAX_PAGE_BYTES + 1).read_to_end(&mut html));
    let length = read
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read the page {}", path.display()))?;
    if length as u64 > MAX_PAGE_BYTES {
        let path = path.display();
        return Err(miette!(
            "expected a page of at most {MAX_PAGE_BYTES} bytes, found more in {path}"
        ));
    }
    Ok(html)
}

fn fetch(url: &str) -> Result<(String, Vec<u8>)> {
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(FETCH_TIMEOUT))
        .user_agent(concat!("tailorbird/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let fetched = agent
        .get(url)
        .header("accept", "text/html, application/json;q=0.9, */*;q=0.1")
        .call();
    let mut response = fetched
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot fetch {url}"))?;
    let kind = response.headers().get("content-type");
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let is_json =
        essence == JSON || essence.starts_with("application/") && essence.ends_with("+json");
    if essence != HTML && !is_json {
        return Err(miette!(
            "expected {url} to be text/html or application/json, found {kind:?}"
        ));
    }
    let body = response.body_mut().with_config().limit(MAX_PAGE_BYTES);
    let html = body.read_to_vec();
    let html = html
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {url}"))?;
    Ok((kind, html))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_with_and_without_their_kind() {
        for (text, kind, at) in [
            ("product=mug.html", Some("product"), "mug.html"),
            (
                "home=https://x.example/?a=b",
                Some("home"),
                "https://x.example/?a=b",
            ),
            ("https://x.example/?a=b", None, "https://x.example/?a=b"),
            ("a.html?x=1", None, "a.html?x=1"),
            ("mug.html", None, "mug.html"),
        ] {
            let found = source(text).expect(text);
            assert_eq!((found.kind.as_deref(), found.at.as_str()), (kind, at));
        }
        assert!(source("home=").is_err());
        assert!(source("").is_err());
    }

    #[test]
    fn the_limit_is_a_limit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("page.html");
        for (length, is_read) in [(MAX_PAGE_BYTES, true), (MAX_PAGE_BYTES + 1, false)] {
            std::fs::write(&path, vec![b'x'; length as usize]).expect("a file");
            assert_eq!(read_file(&path).is_ok(), is_read, "{length}");
        }
    }

    #[test]
    fn targets_of_urls() {
        for (url, expected) in [
            ("https://x.example", "/"),
            ("https://x.example/en/?q=/x#y", "/en/?q=/x"),
            ("https://x.example?q=/x", "/?q=/x"),
            ("http://x.example:80/a", "/a"),
        ] {
            assert_eq!(target(url), expected);
        }
    }
}

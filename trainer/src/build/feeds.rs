//! Which feed is whose, and a feed that no file has.

use tailorbird::site::Locale;

use super::{FeedFile, TrainError};
use crate::feed::{Catalogue, FeedError, FeedName, Record, RowFate};
use crate::import::{ImportError, Mapping, Products};
use crate::report::Warnings;

/// What stands for a file's name in messages about a mapping's products.
pub(crate) const MAPPED_FEED: &str = "the mapping's [feed]";

/// All feeds with the positions of their locales, the first locale's first.
pub(crate) fn by_locale<'a>(
    feeds: &'a [FeedFile],
    locales: &[Locale],
) -> Result<Vec<(usize, &'a FeedFile)>, TrainError> {
    let primary = locales.first().ok_or(TrainError::NoLocale)?;
    let place = |feed: &'a FeedFile| {
        let lang = feed.lang.as_deref().unwrap_or(&primary.lang);
        let mut langs = locales.iter().map(|locale| locale.lang.as_str());
        let position = langs.position(|known| known.eq_ignore_ascii_case(lang));
        position.map(|at| (at, feed)).ok_or_else(|| {
            let langs: Vec<&str> = locales.iter().map(|locale| locale.lang.as_str()).collect();
            TrainError::UnknownLocale {
                file: feed.path.display().to_string(),
                expected: langs.join(", "),
                found: lang.to_owned(),
            }
        })
    };
    let mut placed = feeds.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    placed.sort_by_key(|&(at, _)| at);
    Ok(placed)
}

/// Why a mapping's products could not be taken over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DescribeError {
    #[error(transparent)]
    Write(#[from] ImportError),
    #[error(transparent)]
    Read(#[from] FeedError),
}

impl From<DescribeError> for TrainError {
    fn from(error: DescribeError) -> Self {
        match error {
            DescribeError::Write(error) => error.into(),
            DescribeError::Read(error) => error.into(),
        }
    }
}

/// Reads a foreign log's products as if `import` had written them to the first locale's feed.
pub(crate) fn describe(
    mapping: &Mapping,
    products: &Products,
    currency: &str,
    catalogue: &mut Catalogue,
    warnings: &mut Warnings,
    observe: &mut dyn FnMut(&Record, RowFate),
) -> Result<u64, DescribeError> {
    let mut feed = Vec::new();
    products.write(mapping, &mut feed)?;
    let name = FeedName {
        file: MAPPED_FEED,
        locale: 0,
        currency,
    };
    Ok(catalogue.read_with(name, &feed[..], warnings, &mut |_| (), observe)?)
}

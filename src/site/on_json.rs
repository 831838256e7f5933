//! The JSON lists of a site.toml, looked for in a real document.

use super::codes::Code;
use super::draft::Draft;
use super::error::{Finding, Findings};
use super::lint::{Filling, PlaceView};
use super::on_page::{PageError, Sighting};
use crate::rewrite::{JsonSighting, look_for_json};

/// Whether a response's body is meant to be JSON, not HTML.
pub fn is_json(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.trim_ascii_start().starts_with(b"{") || body.trim_ascii_start().starts_with(b"[")
}

/// What an edge would find at a place of a document.
fn look(page: &str, place: &PlaceView<'_>, json: &[u8]) -> Result<JsonSighting, PageError> {
    let Filling::Json(at) = place.filling else {
        return Ok(JsonSighting::default());
    };
    look_for_json(json, place.selector, at).map_err(|reason| PageError {
        page: page.to_owned(),
        reason: reason.to_owned(),
    })
}

impl Draft {
    /// Looks for JSON lists; other places are not for such a document.
    pub(super) fn check_json(
        &self,
        page: &str,
        places: &[PlaceView<'_>],
        json: &[u8],
    ) -> Result<Vec<Finding>, PageError> {
        let mut findings = Findings::default();
        for place in places {
            let Filling::Json(at) = place.filling else {
                continue;
            };
            let JsonSighting { elements, known } = look(page, place, json)?;
            let (name, array) = (place.name, place.selector);
            match elements {
                None => {
                    let message = format!("{name:?}: {page} has no array at {array:?}");
                    let help = "a name that stands twice is none; \"\" is the document itself";
                    findings.add(Code::NoMatch, place.mark.of("json"), message, help);
                }
                Some(_) if known == 0 => {
                    let message = format!(
                        "{name:?}: in {page}, no element of {array:?} has a text or number at {at:?}"
                    );
                    let help = "the pointer begins at the element: /id";
                    let key = if place.mark.has("link").is_some() {
                        "link"
                    } else {
                        "item"
                    };
                    findings.add(Code::NoTiles, place.mark.of(key), message, help);
                }
                Some(_) => {}
            }
        }
        Ok(findings.into_sorted())
    }
}

/// What was found of the JSON lists among `places`.
pub(super) fn sightings<'s>(
    page: &str,
    places: &[PlaceView<'s>],
    json: &[u8],
) -> Result<Vec<Sighting<'s>>, PageError> {
    let lists = places
        .iter()
        .filter(|place| matches!(place.filling, Filling::Json(_)));
    let sighting = |place: &PlaceView<'s>| {
        let found = look(page, place, json)?;
        Ok(Sighting {
            name: place.name,
            selector: place.selector,
            matches: usize::from(found.elements.is_some()),
            tiles: Some(found.elements.unwrap_or(0)),
            root: None,
            is_refused: false,
        })
    };
    lists.map(sighting).collect()
}

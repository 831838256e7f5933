//! What lol_html is set up with for a plan, and which start tags matter to the plan's selectors.

use std::sync::Arc;

use lol_html::send::{HtmlRewriter, Settings};
use lol_html::{AsciiCompatibleEncoding, MemorySettings};

use super::handlers::{self, Handler};
use super::{MAX_PARSER_BYTES, Shared, Sink, ends, lock};
use crate::plan::{Interest, Matters, Plan};
use crate::site::Position;

/// The start tags that matter to the plan's selectors; `None` for all.
pub(super) fn interests(
    plan: &Plan,
    charset: Option<AsciiCompatibleEncoding>,
) -> Option<Vec<Interest>> {
    let places = plan.insertions.iter().map(|it| &it.selectors.interests);
    let lists = plan.lists.iter().map(|it| &it.shape.selectors.interests);
    let mut all = Vec::new();
    for interests in places.chain(lists) {
        all.extend_from_slice(interests.as_ref()?);
    }
    if charset.is_none() {
        // It may name the charset.
        all.extend(Interest::all([("meta", Matters::Always)].into_iter())?);
    }
    Some(all)
}

/// lol_html with the handlers of a plan.
pub(super) fn html_rewriter(
    plan: Plan,
    charset: Option<AsciiCompatibleEncoding>,
    output: &Shared,
) -> HtmlRewriter<'static, Sink> {
    let memory = MemorySettings::new()
        .with_max_allowed_memory_usage(MAX_PARSER_BYTES)
        .with_graceful_bail_out_on_memory_limit_exceeded(true);
    let mut settings = Settings::new_send()
        .with_memory_settings(memory)
        .with_graceful_bail_out_on_content_handler_error(true)
        .with_strict(false)
        .with_encoding(charset.unwrap_or_else(AsciiCompatibleEncoding::utf_8))
        .with_adjust_charset_on_meta_tag(charset.is_none());
    for (selector, handler) in handlers(plan, charset, output) {
        settings = settings.append_element_content_handler((selector, handler));
    }
    // lol_html's output goes where the handlers say: on its way out, or into a held list.
    let output = Arc::clone(output);
    HtmlRewriter::new(settings, Box::new(move |chunk| lock(&output).write(chunk)))
}

fn handlers(plan: Plan, charset: Option<AsciiCompatibleEncoding>, output: &Shared) -> Vec<Handler> {
    let charset = charset.map(Into::into);
    // What is inserted last after a tag stands first there, so those go in backwards: places at the
    // same element stand in the order of the file. Behind a start tag, what begins a replaced content
    // must stand last.
    let insertions = plan.insertions.into_iter().enumerate();
    let (replaces, insertions): (Vec<_>, Vec<_>) =
        insertions.partition(|(_, i)| i.position == Position::Replace);
    let has_ends = insertions
        .iter()
        .any(|(_, i)| matches!(i.position, Position::After | Position::Append));
    let (backwards, forwards): (Vec<_>, Vec<_>) = insertions
        .into_iter()
        .partition(|(_, i)| matches!(i.position, Position::After | Position::Prepend));
    let mut handlers: Vec<_> = replaces
        .into_iter()
        .chain(forwards)
        .chain(backwards.into_iter().rev())
        .flat_map(|(id, insertion)| handlers::insertion(insertion, id, output))
        .collect();
    if has_ends {
        handlers.extend(ends::at_page_end(output));
    }
    for (index, list) in plan.lists.into_iter().enumerate() {
        handlers.extend(handlers::list(list, index, charset, output));
    }
    lock(output).counts.handlers = handlers.len();
    handlers
}

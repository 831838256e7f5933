//! The advisor: three questions, and what fits the answers.

use super::collection::{heading, trail};
use super::layout::Frame;
use super::texts_stories as t;
use super::tiles::grid;
use crate::catalogue::Product;
use crate::catalogue::tags::{TAGS, Tag};
use crate::catalogue::taxonomy::{DEPARTMENTS, Department};
use crate::html::escape;
use crate::http::field;
use crate::lang::{Lang, Text, text};
use crate::{Page, Request, Shop, TILES_PER_PAGE};
use std::fmt::{self, Write};

/// Answers to what it may cost: the value in the address, the dearest in cents, the words.
static BUDGETS: &[(&str, u32, Text)] = &[
    ("30", 3000, text("Up to €30", "Bis 30 €")),
    ("80", 8000, text("Up to €80", "Bis 80 €")),
    ("200", 20_000, text("Up to €200", "Bis 200 €")),
    ("any", u32::MAX, text("It does not matter", "Egal")),
];

/// The answers in an address; one that nobody could have chosen is none.
#[derive(Default)]
struct Answers {
    purpose: Option<&'static Department>,
    style: Option<&'static Tag>,
    budget: Option<&'static (&'static str, u32, Text)>,
}

impl Answers {
    fn read(query: &str) -> Self {
        let answer = |name| field(query, name).unwrap_or_default();
        let (purpose, style, budget) = (answer("for"), answer("style"), answer("budget"));
        Self {
            purpose: DEPARTMENTS
                .iter()
                .find(|department| department.slug.en == purpose),
            style: styles().find(|tag| tag.slug.en == style),
            budget: BUDGETS.iter().find(|(value, ..)| *value == budget),
        }
    }

    /// The answers as a query, the same in every language.
    fn query(&self) -> String {
        let answers = [
            ("for", self.purpose.map(|department| department.slug.en)),
            ("style", self.style.map(|tag| tag.slug.en)),
            ("budget", self.budget.map(|(value, ..)| *value)),
        ];
        let given: Vec<String> = answers
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)))
            .collect();
        let mark = if given.is_empty() { "" } else { "?" };
        format!("{mark}{}", given.join("&"))
    }
}

fn styles() -> impl Iterator<Item = &'static Tag> {
    TAGS.iter().filter(|tag| tag.is_style())
}

/// The questions at `/<lang>/advisor` and, once all three are answered, what fits.
pub(super) fn page(shop: &Shop, lang: Lang, query: &str, request: &Request<'_>) -> Page {
    let answers = Answers::read(query);
    let frame = Frame {
        lang,
        class: "page-advisor",
        title: t::ADVISOR.to(lang),
        description: t::ADVISOR_LEAD.to(lang),
        paths: Lang::ALL.map(|lang| format!("/{}/advisor{}", lang.code(), answers.query())),
        cookie: request.cookie,
        query: "",
    };
    let body = frame.document(|out| {
        let path = format!("/{}/advisor", lang.code());
        trail(out, lang, &[(&path, t::ADVISOR.to(lang))])?;
        heading(out, t::ADVISOR_TITLE.to(lang), t::ADVISOR_LEAD.to(lang))?;
        out.write_str("</header>\n")?;
        form(out, lang, &answers)?;
        match (answers.purpose, answers.style, answers.budget) {
            (Some(purpose), Some(style), Some(budget)) => {
                result(out, shop, lang, (purpose, style, budget.1))
            }
            _ => Ok(()),
        }
    });
    Page::html(200, body)
}

fn form(out: &mut String, lang: Lang, answers: &Answers) -> fmt::Result {
    let code = lang.code();
    writeln!(
        out,
        "<form class=\"advisor-form\" action=\"/{code}/advisor\">"
    )?;
    let purposes = DEPARTMENTS.iter().map(|department| {
        let chosen = answers
            .purpose
            .is_some_and(|it| std::ptr::eq(it, department));
        (department.slug.en, department.name, chosen)
    });
    question(out, lang, "for", t::ADVISOR_FOR, purposes)?;
    let colours = styles().map(|tag| {
        let chosen = answers.style.is_some_and(|it| std::ptr::eq(it, tag));
        (tag.slug.en, tag.name, chosen)
    });
    question(out, lang, "style", t::ADVISOR_STYLE, colours)?;
    let budgets = BUDGETS.iter().map(|budget| {
        let chosen = answers.budget.is_some_and(|it| std::ptr::eq(it, budget));
        (budget.0, budget.2, chosen)
    });
    question(out, lang, "budget", t::ADVISOR_BUDGET, budgets)?;
    let show = t::ADVISOR_SHOW.to(lang);
    writeln!(
        out,
        "<p><button class=\"button\">{show}</button></p>\n</form>"
    )
}

fn question(
    out: &mut String,
    lang: Lang,
    name: &str,
    question: Text,
    choices: impl Iterator<Item = (&'static str, Text, bool)>,
) -> fmt::Result {
    write!(out, "<fieldset>\n<legend>{}</legend>\n", question.to(lang))?;
    for (value, words, chosen) in choices {
        let checked = if chosen { " checked" } else { "" };
        writeln!(
            out,
            "<label><input type=\"radio\" name=\"{name}\" value=\"{value}\" required{checked}> {}</label>",
            escape(words.to(lang))
        )?;
    }
    out.write_str("</fieldset>\n")
}

/// What fits all answers; if nothing does, what fits all but the style.
fn result(
    out: &mut String,
    shop: &Shop,
    lang: Lang,
    (purpose, style, most): (&Department, &Tag, u32),
) -> fmt::Result {
    let within: Vec<&Product> = shop
        .products()
        .iter()
        .filter(|product| product.in_stock && product.price_now() <= most)
        .filter(|product| product.category.department == purpose.slug.en)
        .collect();
    let mut fitting: Vec<&Product> = within
        .iter()
        .copied()
        .filter(|product| style.holds(product))
        .collect();
    let title = t::ADVISOR_RESULT.to(lang);
    write!(
        out,
        "<section class=\"advisor-result\">\n<h2>{title}</h2>\n"
    )?;
    if fitting.is_empty() {
        let text = if within.is_empty() {
            t::ADVISOR_NONE
        } else {
            t::ADVISOR_NEARLY
        };
        writeln!(out, "<p class=\"note\">{}</p>", text.to(lang))?;
        fitting = within;
    }
    if !fitting.is_empty() {
        grid(out, lang, fitting.into_iter().take(TILES_PER_PAGE))?;
    }
    out.write_str("</section>\n")
}

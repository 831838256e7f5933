//! Mustache syntax into segments and holes.
//!
//! Known: `{{field}}`, `{{#items}}…{{/items}}`, `{{#field}}…{{/field}}` (when it is not empty),
//! `{{^field}}…{{/field}}` (when it is), `{{words.name}}`, `{{! comment }}`. There is no unescaped
//! `{{{field}}}`. All mistakes are told at once.

use std::fmt;

use super::codes::Code;
use super::markup::State;
use super::shape::did_you_mean;
use super::suggest::nearest;
use super::template::{Escape, Field, MAX_OPS, Op, Template};
use super::words::{WORDS, Words};

/// So many mistakes of a template are told; the rest is not read.
const MAX_ERRORS: usize = 100;

/// How a hole begins that stands for a word.
const WORD_PREFIX: &str = "words.";

/// What is wrong with a template, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TemplateError {
    pub(super) code: Code,
    /// The bytes of the source from here …
    pub(super) at: usize,
    /// … to here.
    pub(super) end: usize,
    message: String,
    pub(super) help: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

const UNSAFE_HELP: &str = "values can be escaped between tags and in quoted attributes; no scripts, styles or event handlers";

/// An open block.
struct Block<'s> {
    name: &'s str,
    op: usize,
    at: usize,
    state: State,
    is_items: bool,
}

struct Compiler<'s> {
    source: &'s str,
    words: &'s Words,
    ops: Vec<Op>,
    state: State,
    blocks: Vec<Block<'s>>,
    errors: Vec<TemplateError>,
}

/// Compiles a template, or says all that is wrong with it.
pub(super) fn compile(
    name: &str,
    source: &str,
    words: &Words,
) -> Result<Template, Vec<TemplateError>> {
    let mut compiler = Compiler {
        source,
        words,
        ops: Vec::new(),
        state: State::Text,
        blocks: Vec::new(),
        errors: Vec::new(),
    };
    let mut at = 0;
    while let Some(open) = source[at..].find("{{").map(|found| at + found) {
        compiler.text(&source[at..open], at);
        let close = source[open..].find("}}").map(|found| open + found);
        let Some(close) = close else {
            compiler.wrong(open, "`{{` without `}}`", "");
            return Err(compiler.errors);
        };
        if compiler.ops.len() >= MAX_OPS {
            let message = format!("more than {MAX_OPS} parts");
            compiler.wrong(open, message, "split the template");
            return Err(compiler.errors);
        }
        if compiler.errors.len() >= MAX_ERRORS {
            return Err(compiler.errors);
        }
        compiler.tag(&source[open + 2..close], open);
        at = close + 2;
    }
    compiler.text(&source[at..], at);
    compiler.finish(name)
}

impl<'s> Compiler<'s> {
    fn wrong(&mut self, at: usize, message: impl Into<String>, help: &str) {
        let error = self.coded(Code::TemplateSyntax, at, message, help);
        self.errors.push(error);
    }

    /// Something in a text that begins at `at`, which was understood at the end of the word at `offset`.
    fn unsafe_word(&self, text: &str, at: usize, offset: usize, message: String) -> TemplateError {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '<' | '/' | '-' | ':');
        let before = text.get(..offset).unwrap_or_default();
        let word = before.trim_end_matches(is_word).len();
        TemplateError {
            end: at + offset.max(word + 1),
            ..self.coded(Code::TemplateUnsafe, at + word, message, UNSAFE_HELP)
        }
    }

    fn coded(
        &self,
        code: Code,
        at: usize,
        message: impl Into<String>,
        help: &str,
    ) -> TemplateError {
        let rest = &self.source[at..];
        let tag = rest.starts_with("{{").then(|| rest.find("}}")).flatten();
        let next = rest.chars().next().map_or(0, char::len_utf8);
        TemplateError {
            code,
            at,
            end: at + tag.map_or(next, |close| close + 2),
            message: message.into(),
            help: help.to_owned(),
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        let state = std::mem::replace(&mut self.state, State::Text);
        let mut refused = Vec::new();
        self.state = state.read(text, &mut refused);
        for (offset, message) in refused.into_iter().take(MAX_ERRORS) {
            let error = self.unsafe_word(text, at, offset, message);
            self.errors.push(error);
        }
        if !text.is_empty() {
            self.ops.push(Op::Text(text.to_owned()));
        }
    }

    fn tag(&mut self, tag: &'s str, at: usize) {
        let (sigil, name) = match tag.trim().split_at_checked(1) {
            Some((sigil @ ("#" | "^" | "/" | "!" | "{" | "&" | ">" | "="), name)) => {
                (sigil, name.trim())
            }
            _ => ("", tag.trim()),
        };
        match sigil {
            "!" => {}
            "#" => self.open(name, false, at),
            "^" => self.open(name, true, at),
            "/" => self.close(name, at),
            "" => self.hole(name, at),
            _ => self.wrong(
                at,
                format!("`{{{{{sigil}` is not known here"),
                "values are always escaped; partials and other delimiters are not supported",
            ),
        }
    }

    fn hole(&mut self, name: &str, at: usize) {
        let (escape, state) = match self.state.clone().hole() {
            Ok(found) => found,
            Err(message) => {
                let error = self.coded(Code::TemplateUnsafe, at, message, UNSAFE_HELP);
                self.errors.push(error);
                (Escape::Text, self.state.clone())
            }
        };
        self.state = state;
        match name.strip_prefix(WORD_PREFIX) {
            Some(word) => match self.words.get(word) {
                Some(text) => self.ops.push(Op::Local(text.clone(), escape)),
                None => {
                    let known: Vec<&str> = WORDS.iter().map(|(name, ..)| *name).collect();
                    let help = did_you_mean(word, &known);
                    let message = format!("there is no word {word:?}");
                    let error = self.coded(Code::TemplateField, at, message, &help);
                    self.errors.push(error);
                }
            },
            None => {
                let field = self.field(name, at);
                self.ops.extend(field.map(|field| Op::Hole(field, escape)));
            }
        }
    }

    fn open(&mut self, name: &'s str, inverted: bool, at: usize) {
        let is_items = name == "items";
        if is_items && (inverted || self.in_items()) {
            self.wrong(at, "{{#items}} may stand once, and not in itself", "");
        }
        // An unknown field's block is read on, so that its end is not told to close nothing.
        let field = match is_items {
            true => None,
            false => self.field(name, at),
        };
        self.blocks.push(Block {
            name,
            op: self.ops.len(),
            at,
            state: self.state.clone(),
            is_items,
        });
        self.ops.push(match field {
            None => Op::Items { end: 0 },
            Some(field) => Op::When {
                field,
                inverted,
                end: 0,
            },
        });
    }

    fn close(&mut self, name: &str, at: usize) {
        let Some(own) = self.blocks.iter().rposition(|block| block.name == name) else {
            self.wrong(at, format!("`{{{{/{name}}}}}` closes nothing"), "");
            return;
        };
        let inner = self.blocks.split_off(own + 1);
        self.not_closed(&inner);
        let Some(block) = self.blocks.pop() else {
            return;
        };
        if block.state != self.state {
            self.wrong(
                at,
                format!("the block {name} must end in the markup where it began"),
                "close the tags and quotes that it opens",
            );
        }
        let behind = u32::try_from(self.ops.len()).unwrap_or(u32::MAX);
        if let Some(Op::Items { end } | Op::When { end, .. }) = self.ops.get_mut(block.op) {
            *end = behind;
        }
    }

    fn not_closed(&mut self, blocks: &[Block<'s>]) {
        for block in blocks {
            self.wrong(
                block.at,
                format!("{{{{#{}}}}} is not closed", block.name),
                "",
            );
        }
    }

    fn in_items(&self) -> bool {
        self.blocks.iter().any(|block| block.is_items)
    }

    fn field(&mut self, name: &str, at: usize) -> Option<Field> {
        let find = |in_item: bool| {
            Field::ALL
                .iter()
                .find(|(known, of_item, _)| *known == name && *of_item == in_item)
        };
        let found = if self.in_items() {
            find(true).or(find(false))
        } else {
            find(false)
        };
        if found.is_none() {
            let names = |of_item: bool| {
                let all = Field::ALL.iter().filter(move |known| known.1 == of_item);
                all.map(|(name, ..)| *name)
            };
            let here = names(false).chain(names(true).filter(|_| self.in_items()));
            let guess = nearest(name, here);
            let guess = guess.map_or(String::new(), |guess| format!("did you mean {guess:?}? "));
            let list = |of_item| names(of_item).collect::<Vec<_>>().join(", ");
            let help = format!(
                "{guess}Known: {}; within {{{{#items}}}}: {}",
                list(false),
                list(true)
            );
            let message = format!("there is no field {name:?} here");
            let error = self.coded(Code::TemplateField, at, message, &help);
            self.errors.push(error);
        }
        found.map(|(_, _, field)| *field)
    }

    fn finish(mut self, name: &str) -> Result<Template, Vec<TemplateError>> {
        let open = std::mem::take(&mut self.blocks);
        self.not_closed(&open);
        if open.is_empty() && self.state != State::Text {
            let end = self.source.len();
            self.wrong(end, "the template ends within a tag or comment", "");
        }
        if !self.errors.is_empty() {
            self.errors.sort_by_key(|error| error.at);
            return Err(self.errors);
        }
        Ok(Template {
            name: name.to_owned(),
            ops: self.ops,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compile(source: &str) -> Result<Template, Vec<TemplateError>> {
        super::compile("t", source, &Words::default())
    }

    #[test]
    fn compiles_to_segments_and_holes() {
        let source = "<ul>{{#items}}<li><a href=\"{{link}}\">{{title}}</a>{{/items}}</ul>{{title}}";
        let template = compile(source).expect("a template");
        assert_eq!(
            template.ops,
            [
                Op::Text("<ul>".into()),
                Op::Items { end: 7 },
                Op::Text("<li><a href=\"".into()),
                Op::Hole(Field::ItemLink, Escape::Url),
                Op::Text("\">".into()),
                Op::Hole(Field::ItemTitle, Escape::Text),
                Op::Text("</a>".into()),
                Op::Text("</ul>".into()),
                Op::Hole(Field::Title, Escape::Text),
            ]
        );
    }

    #[test]
    fn errors_name_their_place() {
        for (source, expected) in [
            ("<p>\n  {{titel}}", "6: there is no field \"titel\" here"),
            ("{{price}}", "0: there is no field \"price\" here"),
            ("{{{title}}}", "0: `{{{` is not known here"),
            ("x{{#title}}x", "1: {{#title}} is not closed"),
            ("x{{/title}}", "1: `{{/title}}` closes nothing"),
            (
                "{{#title}}<p {{/title}}>",
                "13: the block title must end in the markup where it began",
            ),
            (
                "<script>{{title}}</script>",
                "0: <script> may not be inserted",
            ),
            (
                "<p>é\n<b onclick=\"",
                "9: the attribute onclick may not be inserted",
            ),
            ("{{title", "0: `{{` without `}}`"),
        ] {
            let errors = compile(source).expect_err(source);
            assert_eq!(format!("{}: {}", errors[0].at, errors[0]), expected);
        }
    }

    #[test]
    fn all_errors_are_told_and_each_once() {
        for (source, expected) in [
            (
                "<p onclick=\"x\">{{titel}}</p><script>{{a}}</script>{{#items}}{{prise}}",
                &[
                    "3: the attribute onclick may not be inserted",
                    "15: there is no field \"titel\" here",
                    "28: <script> may not be inserted",
                    "36: there is no field \"a\" here",
                    "50: {{#items}} is not closed",
                    "60: there is no field \"prise\" here",
                ][..],
            ),
            (
                "{{#titel}}x{{/titel}}{{#title}}{{#text}}{{/title}}{{/name}}{{words.x}}",
                &[
                    "0: there is no field \"titel\" here",
                    "31: {{#text}} is not closed",
                    "50: `{{/name}}` closes nothing",
                    "59: there is no word \"x\"",
                ],
            ),
            (
                "<a href=\"/x/{{link}}/{{link}}\">{{title",
                &[
                    "12: a hole in href must be its whole beginning",
                    "21: a hole in href must be its whole beginning",
                    "31: `{{` without `}}`",
                ],
            ),
        ] {
            let errors = compile(source).expect_err(source);
            let found: Vec<String> = errors.iter().map(|e| format!("{}: {e}", e.at)).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn so_many_errors_are_told_and_no_more() {
        for (count, told) in [
            (MAX_ERRORS - 1, MAX_ERRORS - 1),
            (MAX_ERRORS + 9, MAX_ERRORS),
        ] {
            let errors = compile(&"{{x}}".repeat(count)).expect_err("no fields");
            assert_eq!(errors.len(), told);
            let errors = compile(&"<p style=''>".repeat(count)).expect_err("no styles");
            assert_eq!(errors.len(), told);
        }
    }
}

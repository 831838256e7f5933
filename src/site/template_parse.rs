//! Mustache syntax into segments and holes.
//!
//! Known: `{{field}}`, `{{#items}}…{{/items}}`, `{{#field}}…{{/field}}` (when it is not empty),
//! `{{^field}}…{{/field}}` (when it is), `{{! comment }}`. There is no unescaped `{{{field}}}`.

use std::fmt;

use super::codes::Code;
use super::markup::State;
use super::suggest::nearest;
use super::template::{Field, MAX_OPS, Op, Template};

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
    state: State,
    is_items: bool,
}

struct Compiler<'s> {
    source: &'s str,
    ops: Vec<Op>,
    state: State,
    blocks: Vec<Block<'s>>,
}

/// Compiles a template.
pub(super) fn compile(name: &str, source: &str) -> Result<Template, TemplateError> {
    let mut compiler = Compiler {
        source,
        ops: Vec::new(),
        state: State::Text,
        blocks: Vec::new(),
    };
    let mut at = 0;
    while let Some(open) = source[at..].find("{{").map(|found| at + found) {
        compiler.text(&source[at..open], at)?;
        let close = source[open..].find("}}").map(|found| open + found);
        let close = close.ok_or_else(|| compiler.error(open, "`{{` without `}}`", ""))?;
        compiler.tag(&source[open + 2..close], open)?;
        at = close + 2;
    }
    compiler.text(&source[at..], at)?;
    compiler.finish(name)
}

impl<'s> Compiler<'s> {
    fn error(&self, at: usize, message: impl Into<String>, help: &str) -> TemplateError {
        self.coded(Code::TemplateSyntax, at, message, help)
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

    fn text(&mut self, text: &str, at: usize) -> Result<(), TemplateError> {
        let state = std::mem::replace(&mut self.state, State::Text);
        self.state = state
            .read(text)
            .map_err(|(offset, message)| self.unsafe_word(text, at, offset, message))?;
        if !text.is_empty() {
            self.ops.push(Op::Text(text.to_owned()));
        }
        Ok(())
    }

    fn tag(&mut self, tag: &'s str, at: usize) -> Result<(), TemplateError> {
        if self.ops.len() >= MAX_OPS {
            return Err(self.error(
                at,
                format!("more than {MAX_OPS} parts"),
                "split the template",
            ));
        }
        let (sigil, name) = match tag.trim().split_at_checked(1) {
            Some((sigil @ ("#" | "^" | "/" | "!" | "{" | "&" | ">" | "="), name)) => {
                (sigil, name.trim())
            }
            _ => ("", tag.trim()),
        };
        match sigil {
            "!" => Ok(()),
            "#" => self.open(name, false, at),
            "^" => self.open(name, true, at),
            "/" => self.close(name, at),
            "" => self.hole(name, at),
            _ => Err(self.error(
                at,
                format!("`{{{{{sigil}` is not known here"),
                "values are always escaped; partials and other delimiters are not supported",
            )),
        }
    }

    fn hole(&mut self, name: &str, at: usize) -> Result<(), TemplateError> {
        let field = self.field(name, at)?;
        let state = std::mem::replace(&mut self.state, State::Text);
        let (escape, state) = state
            .hole()
            .map_err(|message| self.coded(Code::TemplateUnsafe, at, message, UNSAFE_HELP))?;
        self.state = state;
        self.ops.push(Op::Hole(field, escape));
        Ok(())
    }

    fn open(&mut self, name: &'s str, inverted: bool, at: usize) -> Result<(), TemplateError> {
        let is_items = name == "items";
        if is_items && (inverted || self.in_items()) {
            return Err(self.error(at, "{{#items}} may stand once, and not in itself", ""));
        }
        let op = match is_items {
            true => Op::Items { end: 0 },
            false => Op::When {
                field: self.field(name, at)?,
                inverted,
                end: 0,
            },
        };
        self.blocks.push(Block {
            name,
            op: self.ops.len(),
            state: self.state.clone(),
            is_items,
        });
        self.ops.push(op);
        Ok(())
    }

    fn close(&mut self, name: &str, at: usize) -> Result<(), TemplateError> {
        let Some(block) = self.blocks.pop().filter(|block| block.name == name) else {
            return Err(self.error(at, format!("`{{{{/{name}}}}}` closes nothing"), ""));
        };
        if block.state != self.state {
            return Err(self.error(
                at,
                format!("the block {name} must end in the markup where it began"),
                "close the tags and quotes that it opens",
            ));
        }
        let behind = u32::try_from(self.ops.len()).unwrap_or(u32::MAX);
        if let Some(Op::Items { end } | Op::When { end, .. }) = self.ops.get_mut(block.op) {
            *end = behind;
        }
        Ok(())
    }

    fn in_items(&self) -> bool {
        self.blocks.iter().any(|block| block.is_items)
    }

    fn field(&self, name: &str, at: usize) -> Result<Field, TemplateError> {
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
        found.map(|(_, _, field)| *field).ok_or_else(|| {
            let here = Field::ALL.iter().filter(|(_, of_item, _)| self.in_items() || !of_item);
            let guess = nearest(name, here.map(|(known, _, _)| *known));
            let guess = guess.map_or(String::new(), |guess| format!("did you mean {guess:?}? "));
            let help = format!(
                "{guess}Known: name, title, text, link, lang, strategy; within {{{{#items}}}}: id, title, \
                 link, image, brand, price, old_price, position"
            );
            let message = format!("there is no field {name:?} here");
            self.coded(Code::TemplateField, at, message, &help)
        })
    }

    fn finish(self, name: &str) -> Result<Template, TemplateError> {
        let end = self.source.len();
        if let Some(block) = self.blocks.last() {
            return Err(self.error(end, format!("{{{{#{}}}}} is not closed", block.name), ""));
        }
        if self.state != State::Text {
            return Err(self.error(end, "the template ends within a tag or comment", ""));
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
    use crate::site::template::Escape;

    #[test]
    fn compiles_to_segments_and_holes() {
        let source = "<ul>{{#items}}<li><a href=\"{{link}}\">{{title}}</a>{{/items}}</ul>{{title}}";
        let template = compile("t", source).expect("a template");
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
            ("{{#title}}x", "11: {{#title}} is not closed"),
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
            let error = compile("t", source).expect_err(source);
            assert_eq!(format!("{}: {error}", error.at), expected);
        }
    }
}

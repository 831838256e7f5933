//! From what a merchandiser writes to what an edge runs.

use std::ops::Range;

use thiserror::Error;

use super::tokens::{Token, tokens};
use super::{Ask, Condition, Field, FieldInfo, FieldType, MAX_DEPTH, MAX_STEPS, Scope, Step, Test};
use crate::site::nearest;

/// What is wrong with a condition, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ConditionError {
    /// The bytes of the condition that it is about.
    pub at: Range<usize>,
    /// What was expected and what was found.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl ConditionError {
    pub(super) fn new(at: Range<usize>, message: String, help: &str) -> Self {
        Self {
            at,
            message,
            help: help.to_owned(),
        }
    }
}

const WORDS: [&str; 5] = ["and", "or", "not", "in", "contains"];

/// The most brackets and `not`s within each other: a parser's stack is short.
const MAX_NESTING: usize = 32;

/// Parses a condition and checks it against the fields of its scope.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str, scope: Scope) -> Result<Condition, ConditionError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        end: text.len(),
        scope,
        nesting: 0,
        steps: Vec::new(),
    };
    parser.any_of()?;
    if let Some((found, at)) = parser.peek() {
        let message = format!("expected the end, \"and\" or \"or\", found {}", show(found));
        return Err(ConditionError::new(at.clone(), message, ""));
    }
    let steps = parser.steps;
    if steps.len() > MAX_STEPS || depth(&steps) > MAX_DEPTH {
        let message = format!("a condition of {} steps is too long", steps.len());
        let help = "make segments of its parts: segment(\"…\")";
        return Err(ConditionError::new(0..text.len(), message, help));
    }
    Ok(Condition { steps })
}

fn depth(steps: &[Step]) -> u32 {
    let (mut now, mut most) = (0u32, 0);
    for step in steps {
        match step {
            Step::Test(_) => now += 1,
            Step::And | Step::Or => now = now.saturating_sub(1),
            Step::Not => {}
        }
        most = most.max(now);
    }
    most
}

fn show(token: &Token) -> String {
    match token {
        Token::Word(word) => format!("{word:?}"),
        Token::Number(_) => "a number".to_owned(),
        Token::Text(text) => format!("the text {text:?}"),
        Token::Sign(sign) => format!("{sign:?}"),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    end: usize,
    scope: Scope,
    nesting: usize,
    steps: Vec<Step>,
}

type Parsed<T = ()> = Result<T, ConditionError>;

impl Parser {
    fn peek(&self) -> Option<&(Token, Range<usize>)> {
        self.tokens.get(self.next)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let is_here = self.peek().is_some_and(|(token, _)| token == wanted);
        self.next += usize::from(is_here);
        is_here
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take(&Token::Word(word.to_owned()))
    }

    fn fail<T>(&self, expected: &str, help: &str) -> Parsed<T> {
        let (found, at) = match self.peek() {
            Some((token, at)) => (show(token), at.clone()),
            None => ("the end".to_owned(), self.end..self.end),
        };
        let message = format!("expected {expected}, found {found}");
        Err(ConditionError::new(at, message, help))
    }

    fn any_of(&mut self) -> Parsed {
        self.all_of()?;
        while self.take_word("or") {
            self.all_of()?;
            self.steps.push(Step::Or);
        }
        Ok(())
    }

    fn all_of(&mut self) -> Parsed {
        self.one()?;
        while self.take_word("and") {
            self.one()?;
            self.steps.push(Step::And);
        }
        Ok(())
    }

    fn one(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return self.fail("fewer brackets within each other", "make segments of parts");
        }
        if self.take_word("not") {
            self.one()?;
            self.steps.push(Step::Not);
        } else if self.take(&Token::Sign("(")) {
            self.any_of()?;
            if !self.take(&Token::Sign(")")) {
                return self.fail("\")\"", "");
            }
        } else {
            self.test()?;
        }
        self.nesting -= 1;
        Ok(())
    }

    fn test(&mut self) -> Parsed {
        let info = self.field()?;
        let argument = self.argument(info)?;
        let is_negated = self.take_word("not");
        let (ask, is_other) = match info.kind {
            FieldType::Flag => (self.flag(info)?, false),
            FieldType::Number => self.number_ask(info, is_negated)?,
            FieldType::Text | FieldType::Path => self.text_ask(info, is_negated)?,
        };
        self.steps.push(Step::Test(Test {
            field: info.field,
            argument,
            ask,
        }));
        if is_other != is_negated {
            self.steps.push(Step::Not);
        }
        Ok(())
    }

    fn field(&mut self) -> Parsed<&'static FieldInfo> {
        let Some((Token::Word(name), at)) = self.peek().cloned() else {
            return self.fail("a field", "like visits >= 3, or country == \"DE\"");
        };
        let fields = || Field::ALL.iter().filter(|info| info.scope == self.scope);
        let Some(info) = fields().find(|info| info.name == name) else {
            let names: Vec<&str> = fields().map(|info| info.name).collect();
            let help = match nearest(&name, names.iter().copied().chain(WORDS)) {
                Some(meant) => format!("did you mean {meant:?}? Known: {}", names.join(", ")),
                None => format!("known: {}", names.join(", ")),
            };
            let message = format!("there is no field {name:?} here");
            return Err(ConditionError::new(at, message, &help));
        };
        self.next += 1;
        Ok(info)
    }

    fn argument(&mut self, info: &FieldInfo) -> Parsed<String> {
        if info.argument.is_empty() {
            return Ok(String::new());
        }
        let help = format!("like {}(\"…\"): {}", info.name, info.doc);
        if !self.take(&Token::Sign("(")) {
            return self.fail(&format!("the {} in brackets", info.argument), &help);
        }
        let value = match self.peek().cloned() {
            Some((Token::Text(text), _)) => text,
            Some((Token::Number(number), _)) => (number / super::SCALE).to_string(),
            _ => return self.fail("a text in quotes", &help),
        };
        self.next += 1;
        if !self.take(&Token::Sign(")")) {
            return self.fail("\")\"", &help);
        }
        Ok(value)
    }

    fn flag(&self, info: &FieldInfo) -> Parsed<Ask> {
        match self.peek() {
            Some((Token::Sign("==" | "=" | "!=" | "<" | ">" | "<=" | ">="), _)) => {
                let name = info.name;
                let help = format!("write {name}, or not {name}");
                self.fail("nothing behind a field that is yes or no", &help)
            }
            _ => Ok(Ask::Holds),
        }
    }

    /// What is asked, and whether the opposite is meant.
    fn number_ask(&mut self, info: &FieldInfo, is_negated: bool) -> Parsed<(Ask, bool)> {
        let help = format!("{} is a number: {}", info.name, info.doc);
        if self.take_word("in") {
            let all = self.bracketed(&help, |token| match token {
                Token::Number(number) => Some(*number),
                _ => None,
            })?;
            return Ok((Ask::Numbers(all), false));
        }
        let sign = match self.peek() {
            Some((Token::Sign(sign), _)) if !is_negated => *sign,
            _ => return self.fail("<, <=, ==, !=, >=, > or in", &help),
        };
        self.next += 1;
        let Some((Token::Number(number), _)) = self.peek().cloned() else {
            return self.fail("a number", &help);
        };
        self.next += 1;
        Ok(match sign {
            "<" => (Ask::Less(number), false),
            "<=" => (Ask::AtMost(number), false),
            ">" => (Ask::More(number), false),
            ">=" => (Ask::AtLeast(number), false),
            "!=" => (Ask::Numbers(vec![number]), true),
            _ => (Ask::Numbers(vec![number]), false),
        })
    }

    fn text_ask(&mut self, info: &FieldInfo, is_negated: bool) -> Parsed<(Ask, bool)> {
        let help = format!("{} is a text: {}", info.name, info.doc);
        let text = |token: &Token| match token {
            Token::Text(text) => Some(text.clone()),
            _ => None,
        };
        if self.take_word("in") {
            return Ok((Ask::Texts(self.bracketed(&help, text)?), false));
        }
        let is_contained = self.take_word("contains");
        let is_other = match self.peek() {
            _ if is_contained => false,
            Some((Token::Sign("==" | "="), _)) if !is_negated => false,
            Some((Token::Sign("!="), _)) if !is_negated => true,
            _ => return self.fail("==, !=, in or contains", &help),
        };
        self.next += usize::from(!is_contained);
        let Some(value) = self.peek().and_then(|(token, _)| text(token)) else {
            return self.fail("a text in quotes", &help);
        };
        self.next += 1;
        Ok(match is_contained {
            true => (Ask::Contains(value), false),
            false => (Ask::Texts(vec![value]), is_other),
        })
    }

    fn bracketed<T>(&mut self, help: &str, value: impl Fn(&Token) -> Option<T>) -> Parsed<Vec<T>> {
        if !self.take(&Token::Sign("[")) {
            return self.fail("\"[\"", help);
        }
        let mut all = Vec::new();
        loop {
            let Some(found) = self.peek().and_then(|(token, _)| value(token)) else {
                return self.fail("a value", help);
            };
            self.next += 1;
            all.push(found);
            if self.take(&Token::Sign("]")) {
                return Ok(all);
            }
            if !self.take(&Token::Sign(",")) {
                return self.fail("\",\" or \"]\"", help);
            }
        }
    }
}

//! Findings for people: the place, the line, and what to do.

use std::fmt::Write;

use tailorbird::site::Severity;

use super::located::Located;

/// The most of a line that is shown, in characters. Templates are long.
const SHOWN_CHARS: usize = 120;

/// How much of a long line is shown before the place.
const SHOWN_BEFORE: usize = 40;

/// All findings, and how many there are.
pub fn render(text: &str, findings: &[Located]) -> String {
    let mut out = String::new();
    for found in findings {
        // Writing to a String cannot fail.
        let _ = one(text, found, &mut out);
    }
    let count = |severity: Severity| findings.iter().filter(|f| f.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let _ = writeln!(
        out,
        "{}, {}",
        plural(errors, "error"),
        plural(warnings, "warning")
    );
    out
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn one(text: &str, found: &Located, out: &mut String) -> std::fmt::Result {
    let Located {
        code,
        message,
        file,
        line,
        column,
        ..
    } = found;
    writeln!(out, "{}[{code}]: {message}", found.severity().name())?;
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    writeln!(out, "{margin}--> {file}:{line}:{column}")?;
    let whole = text.lines().nth(line - 1).unwrap_or_default();
    let skipped = match whole.chars().count() {
        length if length <= SHOWN_CHARS => 0,
        _ => (column - 1).saturating_sub(SHOWN_BEFORE),
    };
    let shown = whole.chars().skip(skipped).take(SHOWN_CHARS);
    // A tab has no width of its own, and a caret below it must find its column.
    let shown: String = shown
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let end = if found.end_line == *line {
        found.end_column
    } else {
        whole.chars().count() + 1
    };
    let before = column - 1 - skipped;
    let room = SHOWN_CHARS.saturating_sub(before);
    let carets = end.saturating_sub(*column).clamp(1, room.max(1));
    writeln!(out, "{margin} |")?;
    writeln!(out, "{number} | {}", shown.trim_end())?;
    writeln!(
        out,
        "{margin} | {}{}",
        " ".repeat(before),
        "^".repeat(carets)
    )?;
    if let Some(help) = &found.help {
        writeln!(out, "{margin} = help: {help}")?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::site::Draft;

    #[test]
    fn the_line_and_a_caret_below_the_place() {
        let text = "[shop]\nname = \"ä\" # é\n\tname2 = 1\n[[locale]]\nlang = \"en\"\ncurrency = \"EUR\"\n";
        let draft = Draft::read("s.toml", text);
        let errors = draft.errors().iter().cloned();
        let found: Vec<Located> = errors.map(|e| Located::new("s.toml", text, e)).collect();
        assert_eq!(
            render(text, &found),
            "error[TB0102]: [shop] has no key \"name2\"\n --> s.toml:3:2\n  |\n3 |  name2 = 1\n  |  ^^^^^\n  \
             = help: did you mean \"name\"? Known: name, url, picture, stylesheet\n\n1 error, 0 warnings\n"
        );
    }

    #[test]
    fn of_a_long_line_a_part_is_shown() {
        let text = format!("[shop]\nname = \"x\"\nurl = \"{}\"\nx = 1", "y".repeat(500));
        let at = text.find("yyy").unwrap_or_default() + 300;
        let finding = tailorbird::site::Finding {
            code: tailorbird::site::Code::ShopUrl,
            message: String::new(),
            help: None,
            span: at..at + 400,
        };
        let out = render(&text, &[Located::new("s.toml", &text, finding)]);
        let longest = out.lines().map(|line| line.chars().count()).max();
        assert_eq!(longest, Some(SHOWN_CHARS + 4));
    }
}

//! Test runners of three kinds: their output is passed on, and their closing lines are read.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::process;

/// Tests that ran; a part that is no test runner counts as one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

/// Runs it, passes its output on, and reads the runner's closing lines from it.
pub fn followed(runner: &mut Command) -> Result<(Count, Option<String>), String> {
    let line = process::line(runner);
    // nextest prints to standard error, the others to standard output.
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    let copy = writer.try_clone().map_err(|error| error.to_string())?;
    let mut child = runner
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(copy)
        .spawn()
        .map_err(|error| format!("cannot start `{line}`: {error}"))?;
    // Our own ends of the pipe live in the command; the reader sees the end only when they are closed.
    runner.stdout(Stdio::null()).stderr(Stdio::null());
    let mut count = Count::default();
    for text in BufReader::new(reader).split(b'\n') {
        let text = text.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&text);
        println!("{text}");
        let found = closing_line(&text);
        count.passed += found.passed;
        count.failed += found.failed;
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    Ok((
        count,
        (!status.success()).then(|| format!("`{line}` ended with {status}")),
    ))
}

/// The count in the last lines of nextest, cargo test and node's test runner.
fn closing_line(line: &str) -> Count {
    let line = without_colours(line);
    let line = line.trim_end();
    let number = |label: &str| {
        let before = line
            .split(label)
            .next()
            .filter(|before| before.len() < line.len())?;
        before
            .rsplit(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    let mut count = Count::default();
    // nextest indents its own summary, and by four the output of a test that failed, which may hold a runner's lines.
    if line.starts_with("     Summary [") || line.starts_with("test result:") {
        count.passed = number(" passed").unwrap_or(0);
        count.failed = number(" failed").unwrap_or(0);
    } else if let Some(passed) = line.strip_prefix("ℹ pass ") {
        count.passed = passed.parse().unwrap_or(0);
    } else if let Some(failed) = line.strip_prefix("ℹ fail ") {
        count.failed = failed.parse().unwrap_or(0);
    }
    count
}

fn without_colours(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\x1b') {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{Count, closing_line};

    #[test]
    fn the_closing_lines_of_three_runners_are_read() {
        let count = |passed, failed| Count { passed, failed };
        let nextest = "     \x1b[32;1mSummary\x1b[0m [   0.012s] \x1b[1m41\x1b[0m tests run: \x1b[1m40\x1b[0m passed, \x1b[1m1\x1b[0m failed, 2 skipped";
        assert_eq!(closing_line(nextest), count(40, 1));
        let cargo = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s";
        assert_eq!(closing_line(cargo), count(3, 0));
        assert_eq!(closing_line("ℹ pass 120"), count(120, 0));
        assert_eq!(closing_line("\x1b[34mℹ fail 7\x1b[39m"), count(0, 7));
        assert_eq!(
            closing_line("    test result: FAILED. 0 passed; 1 failed; 0 ignored"),
            count(0, 0)
        );
        assert_eq!(closing_line("a test says: 5 passed, 5 failed"), count(0, 0));
    }
}

//! What a check says.

use serde::Serialize;

use crate::report::WarningGroup;

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Worth a look; a build works.
    Warn,
    /// What is built from such data is wrong or of no use.
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What was looked at, `event duplicates` for instance. Stays the same from version to version.
    pub check: &'static str,
    /// How it is to be taken.
    pub verdict: Verdict,
    /// How many there are of what is counted.
    pub count: u64,
    /// Of how many. 0 when nothing could be looked at.
    pub of: u64,
    /// `count` as a share of `of`, from 0 to 1; 0 when there is nothing.
    pub share: f64,
    /// One line that says what was found.
    pub what: String,
    /// The first that were met, with file and line.
    pub examples: Vec<String>,
    /// What to do about it; empty when it passed.
    pub advice: &'static str,
}

/// From which share on a count is worth a look, and from which it is fatal. A count of 0 passes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) warn: f64,
    pub(super) fail: f64,
}

/// Never fatal, however many there are.
pub(super) const NEVER: f64 = f64::INFINITY;

/// How many there are of something bad, of how many, and examples.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub(super) bad: WarningGroup,
    pub(super) of: u64,
}

impl Tally {
    /// Looks at one more thing; `what` says what is wrong with it, if something is.
    pub(super) fn look<T: FnOnce() -> String>(&mut self, file: &str, line: u64, what: Option<T>) {
        self.of += 1;
        if let Some(what) = what {
            self.bad.add(file, line, what);
        }
    }

    /// The finding, with `what` after the numbers.
    pub(super) fn finding(
        &self,
        check: &'static str,
        bounds: Bounds,
        what: &str,
        advice: &'static str,
    ) -> Finding {
        let count = self.bad.count;
        let (some, all) = (grouped(count), grouped(self.of));
        let numbers = match (count, self.of) {
            (_, 0) => "nothing to look at".to_owned(),
            (0, _) => format!("0 of {all} {what}"),
            _ => format!(
                "{some} of {all} ({}) {what}",
                percent(share(count, self.of))
            ),
        };
        let verdict = match share(count, self.of) {
            _ if count == 0 => Verdict::Pass,
            share if share > bounds.fail => Verdict::Fail,
            share if share > bounds.warn => Verdict::Warn,
            _ => Verdict::Pass,
        };
        finding(check, verdict, count, self.of, numbers, advice).with(&self.bad)
    }
}

/// A finding without examples.
pub(super) fn finding(
    check: &'static str,
    verdict: Verdict,
    count: u64,
    of: u64,
    what: String,
    advice: &'static str,
) -> Finding {
    Finding {
        check,
        verdict,
        count,
        of,
        share: share(count, of),
        what,
        examples: Vec::new(),
        advice: if verdict == Verdict::Pass { "" } else { advice },
    }
}

impl Finding {
    /// Adds examples, unless all is well.
    pub(super) fn with(mut self, bad: &WarningGroup) -> Self {
        if self.verdict != Verdict::Pass {
            self.examples = bad.examples.iter().map(ToString::to_string).collect();
        }
        self
    }
}

/// A count as a share of another; 0 of 0 is 0.
pub(super) fn share(count: u64, of: u64) -> f64 {
    if of == 0 {
        return 0.0;
    }
    (count as f64 / of as f64).min(1.0)
}

/// A share in percent, little but not nothing told from nothing.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent < 0.1 {
        return "under 0.1 %".to_owned();
    }
    format!("{percent:.1} %")
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_the_share() {
        let verdict = |bad: u64, of: u64| {
            let mut tally = Tally::default();
            for at in 0..of {
                tally.look("f", at, (at < bad).then_some(|| "bad".to_owned()));
            }
            let bounds = Bounds {
                warn: 0.1,
                fail: 0.5,
            };
            tally.finding("c", bounds, "things", "mend them")
        };
        assert_eq!(verdict(0, 0).verdict, Verdict::Pass);
        assert_eq!(verdict(1, 10).verdict, Verdict::Pass);
        assert_eq!(verdict(2, 10).verdict, Verdict::Warn);
        assert_eq!(verdict(5, 10).verdict, Verdict::Warn);
        let failed = verdict(6, 10);
        assert_eq!((failed.verdict, failed.examples.len()), (Verdict::Fail, 5));
        assert_eq!((failed.share, failed.advice), (0.6, "mend them"));
        assert_eq!(failed.what, "6 of 10 (60.0 %) things");
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}

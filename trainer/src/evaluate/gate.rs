//! What CI requires of a model: `hr20>=0.5,shop-mrr20>=0.18,vs-previous>=-1%`.

use super::{Evaluation, ModelScores, Scores};

/// The requirement that compares with an earlier evaluation of the same data.
pub const VS_PREVIOUS: &str = "vs-previous";

/// A metric's name, and how it is read from the product's results.
pub type Metric = (&'static str, fn(&ModelScores) -> f64);

/// All metrics that can be required, but for [`VS_PREVIOUS`].
pub const METRICS: [Metric; 13] = [
    ("hr20", |m| m.academic.hr20.value),
    ("mrr20", |m| m.academic.mrr20.value),
    ("ndcg20", |m| m.academic.ndcg20.value),
    ("coverage20", |m| m.academic.coverage20),
    ("popularity20", |m| m.academic.popularity20),
    ("fallback", |m| m.academic.fallback),
    ("shop-hr20", |m| m.shop.hr20.value),
    ("shop-mrr20", |m| m.shop.mrr20.value),
    ("shop-ndcg20", |m| m.shop.ndcg20.value),
    ("shop-coverage20", |m| m.shop.coverage20),
    ("shop-popularity20", |m| m.shop.popularity20),
    ("shop-fallback", |m| m.shop.fallback),
    ("bytes", |m| m.bytes as f64),
];

/// One condition.
#[derive(Debug, Clone, Copy)]
pub struct Requirement {
    what: What,
    operator: Operator,
    /// A share where it was written in per cent.
    bound: f64,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Metric(&'static str, fn(&ModelScores) -> f64),
    VsPrevious,
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    AtLeast,
    AtMost,
    Above,
    Below,
}

/// Longer ones first, since the short ones begin them.
const OPERATORS: [(&str, Operator); 4] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    (">", Operator::Above),
    ("<", Operator::Below),
];

/// Why requirements cannot be understood, or not be checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequirementError {
    /// No comparison.
    #[error("expected a comparison like hr20>=0.5, found `{0}`")]
    NoOperator(String),
    /// Not a metric.
    #[error("expected one of {known}, found `{0}`", known = known())]
    UnknownMetric(String),
    /// Not a number.
    #[error("expected a number or a percentage after the comparison, found `{0}`")]
    NotANumber(String),
    /// Nothing to compare with.
    #[error(
        "{VS_PREVIOUS} needs an earlier evaluation: expected --previous with a file that --json wrote"
    )]
    NoPrevious,
    /// The earlier evaluation is of other data, and says nothing about this one.
    #[error("{VS_PREVIOUS}: expected an evaluation of the same form with the product's scores")]
    UnlikePrevious,
}

fn known() -> String {
    let names: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
    format!("{}, {VS_PREVIOUS}", names.join(", "))
}

/// Reads requirements with commas between them.
///
/// # Errors
///
/// [`RequirementError`] that says which part is wrong and what may stand there.
pub fn parse_requirements(text: &str) -> Result<Vec<Requirement>, RequirementError> {
    text.split(',').map(|part| parse(part.trim())).collect()
}

fn parse(text: &str) -> Result<Requirement, RequirementError> {
    let (name, operator, bound) = OPERATORS
        .iter()
        .find_map(|(sign, operator)| {
            let (name, bound) = text.split_once(sign)?;
            Some((name.trim(), *operator, bound.trim()))
        })
        .ok_or_else(|| RequirementError::NoOperator(text.to_owned()))?;
    let what = if name == VS_PREVIOUS {
        What::VsPrevious
    } else {
        METRICS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(name, read)| What::Metric(name, read))
            .ok_or_else(|| RequirementError::UnknownMetric(name.to_owned()))?
    };
    let (digits, unit) = match bound.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), 100.0),
        None => (bound, 1.0),
    };
    let number = digits.parse::<f64>().ok().filter(|n| n.is_finite());
    let number = number.ok_or_else(|| RequirementError::NotANumber(bound.to_owned()))?;
    Ok(Requirement {
        what,
        operator,
        bound: number / unit,
    })
}

/// What became of a requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is met.
    pub met: bool,
    /// A line for people: the requirement and what was found.
    pub line: String,
}

impl Requirement {
    /// Whether it compares with an earlier evaluation.
    pub fn needs_previous(&self) -> bool {
        matches!(self.what, What::VsPrevious)
    }

    /// Compares.
    ///
    /// # Errors
    ///
    /// [`RequirementError::NoPrevious`] and [`RequirementError::UnlikePrevious`].
    pub fn check(
        &self,
        evaluation: &Evaluation,
        previous: Option<&Evaluation>,
    ) -> Result<Verdict, RequirementError> {
        let product = evaluation
            .product()
            .ok_or(RequirementError::UnlikePrevious)?;
        let (name, found, note) = match self.what {
            What::Metric(name, read) => (name, read(product), String::new()),
            What::VsPrevious => {
                let previous = previous.ok_or(RequirementError::NoPrevious)?;
                let before = previous.product().ok_or(RequirementError::UnlikePrevious)?;
                if previous.format != evaluation.format {
                    return Err(RequirementError::UnlikePrevious);
                }
                let (metric, change) = worst_change(before, product);
                let same = previous.data == evaluation.data;
                let other = if same { "" } else { ", of other data" };
                (VS_PREVIOUS, change, format!(" ({metric}{other})"))
            }
        };
        let met = match self.operator {
            Operator::AtLeast => found >= self.bound,
            Operator::AtMost => found <= self.bound,
            Operator::Above => found > self.bound,
            Operator::Below => found < self.bound,
        };
        let sign = OPERATORS
            .iter()
            .find(|(_, o)| std::mem::discriminant(o) == std::mem::discriminant(&self.operator))
            .map_or("", |(sign, _)| sign);
        let number = |value: f64| match self.what {
            What::VsPrevious => format!("{:+.2}%", value * 100.0),
            What::Metric("bytes", _) => format!("{value}"),
            What::Metric(..) => format!("{value:.4}"),
        };
        Ok(Verdict {
            met,
            line: format!(
                "{} {name} {sign} {}: found {}{note}",
                if met { "met    " } else { "NOT MET" },
                number(self.bound),
                number(found),
            ),
        })
    }
}

/// The scores that must not fall: which of them fell most, relative to what it was, and by how much.
fn worst_change(before: &ModelScores, now: &ModelScores) -> (&'static str, f64) {
    let guarded = |scores: &Scores| [scores.hr20.value, scores.mrr20.value];
    let names = ["hr20", "mrr20", "shop-hr20", "shop-mrr20"];
    let before = [guarded(&before.academic), guarded(&before.shop)];
    let now = [guarded(&now.academic), guarded(&now.shop)];
    let changes = before.iter().flatten().zip(now.iter().flatten());
    names
        .into_iter()
        .zip(changes.map(|(&before, &now)| {
            if before > 0.0 {
                now / before - 1.0
            } else {
                0.0
            }
        }))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or(("hr20", 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::tests::evaluation;

    fn line(text: &str, previous: Option<&Evaluation>) -> (bool, String) {
        let requirements = parse_requirements(text).expect("sound");
        let verdict = requirements[0]
            .check(&evaluation(0.5, 0.2), previous)
            .expect("comparable");
        (verdict.met, verdict.line)
    }

    #[test]
    fn each_comparison() {
        for (text, met) in [
            ("hr20>=0.5", true),
            ("hr20 > 50%", false),
            ("hr20<=0.5", true),
            ("mrr20<0.2", false),
            ("bytes<=1e6", true),
        ] {
            assert_eq!(line(text, None).0, met, "{text}");
        }
        assert_eq!(
            line("hr20>=0.6", None).1,
            "NOT MET hr20 >= 0.6000: found 0.5000"
        );
    }

    #[test]
    fn the_worst_change_counts() {
        let before = evaluation(0.49, 0.21);
        let (met, text) = line("vs-previous>=-1%", Some(&before));
        assert_eq!(
            (met, text.as_str()),
            (false, "NOT MET vs-previous >= -1.00%: found -4.76% (mrr20)")
        );
        assert!(line("vs-previous>=-5%", Some(&before)).0);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |text: &str| parse_requirements(text).expect_err(text);
        assert_eq!(wrong("hr20"), RequirementError::NoOperator("hr20".into()));
        assert_eq!(wrong("mrr20>=x"), RequirementError::NotANumber("x".into()));
        assert_eq!(
            wrong("hr20>=inf"),
            RequirementError::NotANumber("inf".into())
        );
        let message = wrong("hr20>=0.5, hr10>=0.5").to_string();
        assert!(
            message.contains("shop-hr20") && message.ends_with("found `hr10`"),
            "{message}"
        );
        let requirements = parse_requirements("vs-previous>=-1%").expect("sound");
        assert!(requirements[0].needs_previous());
        assert_eq!(
            requirements[0].check(&evaluation(0.5, 0.2), None),
            Err(RequirementError::NoPrevious)
        );
    }
}

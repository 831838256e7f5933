//! Cookie headers: one value out, one cookie removed, the rest to the byte.

/// The value of the first cookie called `name` among the request's `Cookie` lines.
pub fn cookie_value<'a>(mut lines: impl Iterator<Item = &'a str>, name: &str) -> Option<&'a str> {
    lines.find_map(|line| {
        line.split(';')
            .filter_map(|pair| pair.split_once('='))
            .find(|(n, _)| n.trim() == name)
            .map(|(_, value)| value.trim())
    })
}

/// A `Cookie` line without the cookies called `name`; `None` when it has none of them. The others
/// keep their bytes. An empty string means that nothing is left.
pub fn without_cookie(line: &str, name: &str) -> Option<String> {
    let is_ours = |pair: &str| pair.split('=').next().is_some_and(|n| n.trim() == name);
    if !line.split(';').any(is_ours) {
        return None;
    }
    let kept: Vec<&str> = line.split(';').filter(|pair| !is_ours(pair)).collect();
    Some(kept.join(";").trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cookie_on_any_line() {
        let lines = ["a=1; b=2", "c=3;tailorbird = x=y "];
        let value = |name| cookie_value(lines.into_iter(), name);
        assert_eq!(value("b"), Some("2"));
        assert_eq!(value("tailorbird"), Some("x=y"));
        assert_eq!(value("d"), None);
    }

    #[test]
    fn removes_ours_and_nothing_else() {
        let without = |line| without_cookie(line, "tailorbird");
        assert_eq!(without("a=1; b"), None);
        assert_eq!(without("tailorbird=x"), Some(String::new()));
        assert_eq!(
            without("tailorbird=x; a=1;  b=\"2\""),
            Some("a=1;  b=\"2\"".into())
        );
        assert_eq!(without("a=1; tailorbird=x; b=2"), Some("a=1; b=2".into()));
        assert_eq!(without("a=1; tailorbird=x"), Some("a=1".into()));
        assert_eq!(without("xtailorbird=1; tailorbird2=2"), None);
    }
}

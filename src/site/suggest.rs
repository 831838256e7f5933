//! "Did you mean": the nearest of the words that would have been right.

/// The word of `known` that `found` is likely a slip of (at most a third of its letters differ), or the
/// beginning of (at least three letters).
pub(crate) fn nearest<'a>(
    found: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let known: Vec<&str> = known.into_iter().collect();
    let most = (found.chars().count() / 3).max(1);
    let distances = known.iter().map(|word| (distance(found, word), *word));
    let (distance, word) = distances.min_by_key(|(distance, _)| *distance)?;
    if distance <= most {
        return Some(word);
    }
    let mut begun = known.into_iter().filter(|word| word.starts_with(found));
    begun.next().filter(|_| found.len() >= 3)
}

/// Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(from != to);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                let swapped: &Vec<usize> = &before;
                least = least.min(swapped[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_and_other_words() {
        let known = ["selector", "strategies", "home", "max", "min"];
        for (found, expected) in [
            ("selektor", Some("selector")),
            ("strategie", Some("strategies")),
            ("hoem", Some("home")),
            ("homes", Some("home")),
            ("mux", Some("max")),
            ("colour", None),
            ("sel", Some("selector")),
            ("se", None),
            ("", None),
        ] {
            assert_eq!(nearest(found, known), expected, "{found}");
        }
        assert_eq!(nearest("x", []), None);
        assert_eq!(distance("abc", "acb"), 1);
        assert_eq!(distance("", "äöü"), 3);
    }
}

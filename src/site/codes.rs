//! The stable codes of what `check` finds. A code is never used again for something else;
//! `docs/check.md` says of each what it means and how to cure it.

use std::fmt;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No snapshot is built.
    Error,
    /// Likely not what was meant.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $summary:literal,)*) => {
        /// What was found.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "each has its summary beside it")]
        pub enum Code {
            $($variant,)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// `TB0101`, for instance.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// Error or warning.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }

            /// In a few words.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => $summary,)*
                }
            }
        }
    };
}

codes! {
    // The file's shape.
    Syntax "TB0101" Error "not TOML",
    UnknownKey "TB0102" Error "unknown key",
    MissingKey "TB0103" Error "missing key",
    WrongType "TB0104" Error "value of another type",
    OutOfRange "TB0105" Error "number out of range",
    BadDate "TB0106" Error "unreadable date",
    UnknownWord "TB0107" Error "unknown word",
    // What it says.
    ShopUrl "TB0201" Error "the shop's address",
    NoLocale "TB0202" Error "no locale",
    Currency "TB0203" Error "unreadable currency",
    NoLang "TB0204" Error "empty language",
    UnknownPageKind "TB0205" Error "page kind without a rule",
    EmptyPageRule "TB0206" Error "page rule that matches nothing",
    PathPattern "TB0207" Error "unreadable path pattern",
    UnknownTemplate "TB0208" Error "unknown template",
    SameName "TB0209" Error "name used twice",
    Selector "TB0210" Error "selector that cannot be matched while streaming",
    SelectorList "TB0211" Error "several selectors for one list",
    NoStrategy "TB0212" Error "slot without strategies",
    MinMax "TB0213" Error "min above max",
    TitleOfOther "TB0214" Error "title for a strategy that the slot does not use",
    TextForOther "TB0215" Error "text in a language that the shop does not have",
    TextMissing "TB0216" Error "text missing in a language",
    TooManyPlaces "TB0217" Error "too many places",
    Money "TB0218" Error "unreadable sum of money",
    CookieName "TB0221" Error "not a cookie's name",
    TooManyCookies "TB0222" Error "too many cookies to read",
    TraitSource "TB0223" Error "trait without exactly one source",
    HeaderName "TB0224" Error "header that no trait may come from",
    // What pages tell.
    FactSource "TB0231" Error "fact without exactly one source",
    FactPattern "TB0232" Error "unreadable pattern of a fact",
    FactProperty "TB0233" Error "unreadable path of properties",
    AttributeName "TB0234" Error "unreadable attribute name",
    TooManyFacts "TB0235" Error "too many facts",
    // Lists.
    SpacedName "TB0240" Error "name with white space",
    ListForm "TB0241" Error "list that is neither in HTML nor in JSON",
    JsonPointer "TB0242" Error "unreadable JSON Pointer",
    ListKey "TB0243" Error "key for another kind of list",
    // Templates.
    TemplateSyntax "TB0301" Error "template that cannot be read",
    TemplateField "TB0302" Error "unknown field in a template",
    TemplateUnsafe "TB0303" Error "place in a template where no escaping is safe",
    // Conditions, segments, rules, experiments.
    Condition "TB0401" Error "condition that cannot be read",
    UnknownName "TB0402" Error "name that nothing has",
    RuleKeys "TB0403" Error "rule without what its action needs, or with what it does not",
    Variants "TB0404" Error "experiment without two variants of some weight",
    LayerOverfull "TB0405" Error "experiments of one layer for more than all visitors",
    TooManyRules "TB0406" Error "too many segments, rules or experiments",
    // Likely mistakes in the file.
    UnreachableStrategy "TB0501" Warning "strategy that is never asked",
    ShadowedPage "TB0502" Warning "page rule that an earlier one covers",
    NeverOn "TB0503" Warning "place that is never on",
    LongOver "TB0504" Warning "place whose time is long over",
    SamePlace "TB0505" Warning "two places at the same element",
    BroadSelector "TB0506" Warning "selector without a tag's name",
    NobodyConsents "TB0507" Warning "consent that nobody can give",
    NeverHolds "TB0508" Warning "condition that never holds",
    AlwaysHolds "TB0509" Warning "condition that always holds",
    DeadRule "TB0510" Warning "rule that another one makes idle",
    NoWords "TB0540" Warning "language without built-in words",
    LooseLink "TB0541" Warning "link that leads elsewhere from each page",
    // What only a page shows.
    HydratedRoot "TB0601" Error "place inside what the browser renders again",
    NoMatch "TB0602" Warning "selector that matches nothing on a page",
    NoTiles "TB0603" Warning "list without tiles on a page",
    UnknownPage "TB0604" Warning "page of no known kind",
    FactMissing "TB0621" Warning "fact that no page tells",
    FactLate "TB0622" Warning "fact behind what is read of a page",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Code::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    }
}

//! Every finding there is, on one screen. Adding a rule is: one row here, its sentences in `static/i18n/{ko,en}.toml`,
//! one condition in the module of its subject, one fixture pair.

use super::rulebook::row_of;
use crate::finding::{
    Confidence::{self, Default, Documented, Observed},
    Finding,
    Severity::{self, Error, Info, Warning},
};

/// One row: a stable code, the R-rule it stands on, how bad it is, how well it is known.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Kebab-case, part of the API. `NNN` stands for a number.
    pub code: &'static str,
    /// The R-rule behind it.
    pub rule: Option<&'static str>,
    /// How bad it is.
    pub severity: Severity,
    /// How well it is known.
    pub confidence: Confidence,
}

const fn rule(code: &'static str, rule: &'static str, severity: Severity, confidence: Confidence) -> Rule {
    Rule { code, rule: Some(rule), severity, confidence }
}

/// The table, in the order in which to mend: what hides what comes later stands first (R-rules, "no image").
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    // Delivery: the way to the page. Most of these codes are also the report's `outcome`; the first two say what is behind it.
    rule("challenge-page",         "R9",  Error,   Observed),
    rule("ua-blocked",             "R1",  Error,   Observed),
    rule("blocked-page",           "R9",  Error,   Observed),
    rule("address-private",        "R4",  Error,   Documented),
    rule("port-refused",           "R4",  Error,   Default),
    rule("dns-failed",             "R4",  Error,   Documented),
    rule("dns-timeout",            "R5",  Error,   Default),
    rule("ipv6-only",              "R4",  Error,   Observed),
    rule("connect-refused",        "R4",  Error,   Documented),
    rule("connect-unreachable",    "R4",  Error,   Documented),
    rule("connect-timeout",        "R5",  Error,   Default),
    rule("connect-reset",          "R4",  Error,   Documented),
    rule("address-dead",           "R4",  Error,   Default),
    rule("tls-untrusted",          "R3",  Error,   Default),
    rule("tls-name-mismatch",      "R3",  Error,   Default),
    rule("tls-expired",            "R3",  Error,   Default),
    rule("tls-incomplete-chain",   "R3",  Error,   Default),
    rule("tls-old-version",        "R3",  Error,   Default),
    rule("tls-failed",             "R3",  Error,   Default),
    rule("timeout",                "R5",  Error,   Default),
    rule("response-malformed",     "R5",  Error,   Default),
    rule("response-cut",           "R5",  Error,   Default),
    rule("encoding-unsupported",   "R5",  Error,   Default),
    rule("redirect-loop",          "R3",  Error,   Default),
    rule("redirect-too-many",      "R3",  Error,   Default),
    rule("redirect-bad",           "R3",  Error,   Default),
    rule("status-NNN",             "R6",  Error,   Observed),
    rule("not-html",               "R7",  Error,   Default),
    rule("extraction-failed",      "R8",  Error,   Default),
    rule("answer-intermittent",    "R6",  Error,   Default),
    rule("login-redirect",         "R3",  Warning, Observed),
    rule("ua-differs",             "R1",  Warning, Observed),
    rule("ua-redirected",          "R3",  Warning, Default),
    rule("ua-other-body",          "R1",  Warning, Default),
    rule("ua-spelling-blocked",    "R1",  Warning, Observed),
    rule("facebook-blocked",       "R1",  Warning, Default),
    rule("dns-kind-failed",        "R4",  Warning, Default),
    rule("tls-expires-soon",       "R3",  Warning, Default),
    rule("tls-13-only",            "R3",  Info,    Default),
    rule("script-only",            "R9",  Error,   Observed),
    rule("meta-refresh",           "R9",  Warning, Observed),
    rule("redirect-many",          "R3",  Warning, Default),
    rule("redirect-downgrade",     "R3",  Info,    Observed),
    rule("slow-page",              "R5",  Warning, Default),
    rule("first-byte-slow",        "R5",  Warning, Default),
    rule("ua-slower",              "R5",  Warning, Default),
    rule("page-truncated",         "R5",  Warning, Default),
    rule("charset-mismatch",       "R8",  Warning, Default),
    rule("charset-undeclared",     "R8",  Info,    Default),
    rule("robots-disallow",        "R1",  Info,    Default),
    // Tags: the page's source.
    rule("meta-in-body",           "R10", Error,   Observed),
    rule("meta-displaced",         "R10", Warning, Default),
    rule("readings-differ",        "R10", Info,    Default),
    rule("og-image-missing",       "R23", Error,   Documented),
    rule("image-url-invalid",      "R24", Error,   Default),
    rule("image-from-body",        "R23", Warning, Documented),
    rule("og-title-missing",       "R14", Warning, Documented),
    rule("og-description-missing", "R15", Warning, Documented),
    rule("og-empty",               "R12", Warning, Default),
    rule("og-duplicate",           "R12", Warning, Observed),
    rule("og-url-mismatch",        "R20", Warning, Observed),
    rule("og-url-followed",        "R20", Warning, Observed),
    rule("og-url-relative",        "R18", Warning, Default),
    rule("image-relative",         "R24", Warning, Observed),
    rule("og-name-attribute",      "R11", Info,    Default),
    rule("title-cut",              "R14", Info,    Default),
    rule("description-cut",        "R16", Info,    Observed),
    rule("entity-double-encoded",  "R13", Warning, Observed),
    rule("kakao-tag-ignored",      "R21", Info,    Observed),
    rule("tags-truncated",         "R5",  Warning, Default),
    // Image: the file that the card's image names. The first codes are also an image's `outcome`.
    rule("image-private",          "R4",  Error,   Documented),
    rule("image-unreachable",      "R25", Error,   Documented),
    rule("image-login-redirect",   "R25", Error,   Observed),
    rule("image-status-NNN",       "R25", Error,   Documented),
    rule("image-not-image",        "R25", Error,   Default),
    rule("image-too-large",        "R25", Error,   Documented),
    rule("image-undecodable",      "R25", Error,   Default),
    rule("image-too-many-pixels",  "R25", Warning, Default),
    rule("image-url-expires",      "R25", Warning, Observed),
    rule("image-format-risky",     "R27", Warning, Default),
    rule("image-small",            "R28", Warning, Default),
    rule("image-type-lies",        "R25", Warning, Default),
    rule("image-redirects",        "R25", Info,    Default),
    rule("image-heavy",            "R28", Info,    Default),
    rule("image-ratio",            "R28", Info,    Documented),
    rule("image-size-lies",        "R26", Info,    Default),
    rule("image-insecure",         "R24", Info,    Default),
    rule("image-animated",         "R27", Info,    Observed),
    // Share: what cannot be seen from one page.
    rule("stale-image-possible",   "R30", Info,    Documented),
    rule("sent-messages-stay",     "R31", Info,    Observed),
    rule("cannot-see-ip-rules",    "R4",  Info,    Documented),
];

/// Worst first; among equals in the order of the table, which is the order in which to mend. A code without a row, a
/// mistake of ours, comes last among its equals.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_cached_key(|finding| (finding.severity, position(&finding.code)));
}

/// Where the row of a code stands in the table.
fn position(code: &str) -> usize {
    let row = row_of(code).0.map_or("", |row| row.code);
    RULES.iter().position(|rule| rule.code == row).unwrap_or(RULES.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_sorted_by_severity_and_then_by_what_to_mend_first() {
        let book = crate::rules::Rulebook::embedded().unwrap();
        let codes =
            ["title-cut", "image-status-403", "og-title-missing", "status-403", "meta-displaced", "challenge-page"];
        let mut findings: Vec<Finding> = codes.into_iter().map(|code| book.finding(code, &[])).collect();
        sort(&mut findings);
        let sorted: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
        assert_eq!(
            sorted,
            ["challenge-page", "status-403", "image-status-403", "meta-displaced", "og-title-missing", "title-cut"]
        );
    }

    #[test]
    fn every_code_stands_once_and_is_kebab_case() {
        for (position, row) in RULES.iter().enumerate() {
            assert!(
                row.code.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric())),
                "{}",
                row.code
            );
            assert!(RULES.iter().skip(position + 1).all(|other| other.code != row.code), "{} stands twice", row.code);
        }
    }
}

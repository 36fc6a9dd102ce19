//! What a site's robots.txt says to Kakao's scraper (RFC 9309). Nothing shows that Kakao reads it, so this is a remark;
//! no page is kept from the report by it.

use texting_robots::Robot;
use url::{Position, Url};

use super::Rulebook;
use crate::finding::Finding;

/// The product token of Kakao's `User-Agent` (R1).
const KAKAO: &str = "kakaotalk-scrap";

/// Facebook's, which Kakao's `User-Agent` carries too.
const FACEBOOK: &str = "facebookexternalhit";

/// Bytes that are read, which is what RFC 9309, 2.5 asks of a crawler at least.
const MAX_BYTES: usize = 500 * 1024;

/// Rules of an agent that are weighed.
const MAX_RULES: usize = 500;

/// A rule in the file.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    allow: bool,
    pattern: &'a str,
}

/// The remark that robots.txt forbids `url` to Kakao's scraper, if it does.
pub fn judge(robots_txt: &[u8], url: &Url, rulebook: &Rulebook) -> Option<Finding> {
    let read = robots_txt.get(..MAX_BYTES).unwrap_or(robots_txt);
    let text = String::from_utf8_lossy(read);
    let groups = match lines(&text, KAKAO) {
        Some(rules) => vec![(KAKAO, KAKAO, rules)],
        // Without a group of its own the rules for everyone hold; a reader that goes by the first name in Kakao's
        // `User-Agent` takes those for Facebook.
        None => [(KAKAO, "*"), (FACEBOOK, FACEBOOK)]
            .into_iter()
            .filter_map(|(agent, group)| Some((agent, group, lines(&text, group)?)))
            .collect(),
    };
    let (agent, group, line) =
        groups.into_iter().find_map(|(agent, group, rules)| Some((agent, group, forbidding(&rules, url)?)))?;
    let number = line.number.to_string();
    let pattern: String = line.pattern.chars().take(160).collect();
    let finding = rulebook.finding("robots-disallow", &[("agent", agent), ("number", &number)]);
    Some(finding.with_evidence(format!("robots.txt, line {number}: Disallow: {pattern} (User-agent: {group})")))
}

/// The rules of the groups that name `agent`, taken together (RFC 9309, 2.2.1); `None` if no group does.
fn lines<'a>(text: &'a str, agent: &str) -> Option<Vec<Line<'a>>> {
    let (mut rules, mut found) = (Vec::new(), false);
    let (mut ours, mut naming) = (false, false);
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((key, value)) = line.split_once(':') else { continue };
        let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
        match key.as_str() {
            "user-agent" | "useragent" => {
                ours = (ours && naming) || product(value).eq_ignore_ascii_case(agent);
                naming = true;
                found |= ours;
            }
            "allow" | "disallow" => {
                naming = false;
                // An empty pattern matches nothing (RFC 9309, 2.2.2).
                if ours && !value.is_empty() && rules.len() < MAX_RULES {
                    rules.push(Line { number: index + 1, allow: key == "allow", pattern: value });
                }
            }
            _ => {}
        }
    }
    found.then_some(rules)
}

/// `kakaotalk-scrap` of `kakaotalk-scrap/1.0`: a product token is letters, `_` and `-` (RFC 9309, 2.2.1).
fn product(value: &str) -> &str {
    if value.starts_with('*') {
        return "*";
    }
    let end = value.find(|c: char| !(c.is_ascii_alphabetic() || c == '_' || c == '-')).unwrap_or(value.len());
    value.get(..end).unwrap_or_default()
}

/// The line that forbids the URL: of the rules that match, the longest, if it is a `Disallow` (RFC 9309, 2.2.2).
fn forbidding<'a>(rules: &[Line<'a>], url: &Url) -> Option<Line<'a>> {
    let matching: Vec<Line<'a>> = rules.iter().copied().filter(|rule| matches(rule, url)).collect();
    let text: String = matching.iter().map(|rule| spelled(rule, rule.allow)).collect();
    let together = Robot::new("*", format!("User-agent: *\n{text}").as_bytes()).ok()?;
    if together.allowed(url.as_str()) {
        return None;
    }
    matching.into_iter().filter(|rule| !rule.allow).max_by_key(|rule| (rule.pattern.len(), usize::MAX - rule.number))
}

/// True if the rule's pattern matches the URL. A pattern that is too large to be compiled matches nothing.
fn matches(rule: &Line<'_>, url: &Url) -> bool {
    // Most rules are about other paths, which their beginning tells without compiling anything.
    let beginning = rule.pattern.split(['*', '$', '%']).next().unwrap_or_default();
    if beginning.is_ascii() && !url[Position::BeforePath..].starts_with(beginning) {
        return false;
    }
    let alone = format!("User-agent: *\n{}", spelled(rule, false));
    Robot::new("*", alone.as_bytes()).is_ok_and(|robot| !robot.allowed(url.as_str()))
}

fn spelled(rule: &Line<'_>, allow: bool) -> String {
    format!("{}: {}\n", if allow { "Allow" } else { "Disallow" }, rule.pattern)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn evidence(robots: &str, url: &str) -> Option<String> {
        let finding = judge(robots.as_bytes(), &Url::parse(url).unwrap(), &Rulebook::embedded().unwrap())?;
        finding.evidence
    }

    #[test]
    fn the_line_that_forbids_is_named() {
        for (robots, line) in [
            ("User-agent: *\nDisallow: /", "line 2: Disallow: / (User-agent: *)"),
            (
                "User-agent: *\nAllow: /\n\nUser-agent: kakaotalk-scrap/1.0\nDisallow: /post # why",
                "line 5: Disallow: /post (User-agent: kakaotalk-scrap)",
            ),
            (
                "user-agent: Yeti\nUSER-AGENT: KakaoTalk-Scrap\nDisallow: /*/7$\nDisallow: /p",
                "line 3: Disallow: /*/7$ (User-agent: kakaotalk-scrap)",
            ),
            (
                "User-agent: facebookexternalhit\nDisallow: /\n\nUser-agent: *\nDisallow: /admin",
                "line 2: Disallow: / (User-agent: facebookexternalhit)",
            ),
        ] {
            let said = evidence(robots, "https://a.example/post/7").unwrap();
            assert_eq!(said, format!("robots.txt, {line}"), "{robots}");
        }
    }

    #[test]
    fn a_file_that_lets_the_scraper_in_is_worth_no_word() {
        for robots in [
            "",
            "User-agent: *\nDisallow:",
            "User-agent: *\nDisallow: /\n\nUser-agent: kakaotalk-scrap\nAllow: /",
            "User-agent: *\nDisallow: /\nAllow: /post",
            "User-agent: Googlebot\nDisallow: /",
            "User-agent: *\nDisallow: /posts\nDisallow: /post/7/$",
            "User-agent: kakaobot\nDisallow: /",
            "<!doctype html><title>404</title>",
        ] {
            assert_eq!(evidence(robots, "https://a.example/post/7"), None, "{robots}");
        }
    }

    #[test]
    fn a_huge_file_is_read_up_to_its_bound() {
        let rules = "Disallow: /x*y$\n".repeat(100_000);
        assert_eq!(evidence(&format!("User-agent: *\n{rules}Disallow: /"), "https://a.example/post"), None);
    }

    proptest! {
        #[test]
        fn no_file_breaks_it(robots in "([uU]ser-agent: |Disallow: |Allow: |\\*|\\$|/|\n|#|:|가|\u{0}|kakaotalk-scrap|x){0,40}") {
            evidence(&robots, "https://a.example/x/y");
        }
    }
}

//! What a style sheet in an SVG can cost: how long its selectors take, and which elements it has refer to others.
//! Not an implementation of CSS: where a rule is not simple, it counts for every element, and tricks are refused.

use resvg::usvg::roxmltree::{Document, Node};

use super::weigh::large_number;

/// Style sheets of a document, in bytes.
const MAX_BYTES: usize = 65536;
/// Steps of comparing selectors with elements.
const MAX_STEPS: u64 = 4_000_000;

/// The rules that refer to elements by `url(#...)`.
pub(super) struct Sheet {
    rules: Vec<Rule>,
}

struct Rule {
    /// Classes, ids and element names of which one must fit; none: the rule is for every element.
    any_of: Vec<String>,
    urls: Vec<String>,
}

impl Sheet {
    /// Reads all `<style>` elements; refuses those that are too long, or that inherit what is not inherited by itself.
    pub(super) fn of(document: &Document<'_>, max_depth: usize) -> Result<Self, String> {
        // A selector is compared with each element, and there with each class.
        let classes = |it: Node<'_, '_>| 1 + it.attribute("class").unwrap_or_default().len() / 8;
        let elements: usize = document.descendants().filter(Node::is_element).map(classes).sum();
        let elements = u64::try_from(elements).unwrap_or(u64::MAX);
        let depth = u64::try_from(max_depth).unwrap_or(u64::MAX);
        let (mut rules, mut bytes, mut steps) = (Vec::new(), 0, 0u64);
        let styles = document.descendants().filter(|it| it.tag_name().name() == "style");
        for text in styles.flat_map(|style| style.descendants().filter(Node::is_text)).filter_map(|it| it.text()) {
            bytes += text.len();
            if bytes > MAX_BYTES {
                return Err(format!("its style sheet has more than {MAX_BYTES} bytes"));
            }
            let text = plain(text)?;
            for rule in text.split('}') {
                let (selectors, declarations) = rule.rsplit_once('{').unwrap_or((rule, ""));
                for selector in selectors.split([',', '{']) {
                    // Each step to an ancestor may be tried with every ancestor.
                    let words = selector.split([' ', '\t', '\n', '\r', '>', '+', '~']).filter(|it| !it.is_empty());
                    let steps_up = u32::try_from(words.count()).unwrap_or(u32::MAX).saturating_sub(1);
                    steps = steps.saturating_add(depth.saturating_pow(steps_up).saturating_mul(elements));
                }
                rules.extend(read(selectors, declarations));
            }
            if steps > MAX_STEPS {
                return Err("its style sheet takes too long to apply".to_owned());
            }
        }
        Ok(Self { rules })
    }

    /// The ids that the rules for this element refer to.
    pub(super) fn urls(&self, element: Node<'_, '_>) -> impl Iterator<Item = &str> {
        let fits = move |rule: &&Rule| {
            let classes = element.attribute("class").unwrap_or_default().split_ascii_whitespace();
            let mut names = classes.chain(element.attribute("id")).chain([element.tag_name().name()]);
            rule.any_of.is_empty() || names.any(|name| rule.any_of.iter().any(|it| it == name))
        };
        self.rules.iter().filter(fits).flat_map(|rule| rule.urls.iter().map(String::as_str))
    }
}

/// The text without comments. What could make it mean something else than its braces say is refused.
fn plain(text: &str) -> Result<String, String> {
    let refuse = || Err("its style sheet is not simple enough to be weighed".to_owned());
    let quoted = text.contains(['"', '\'']);
    if text.contains('\\') || text.contains("inherit") || large_number(text, true) || quoted && text.contains("/*") {
        return refuse();
    }
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(_), '{' | '}' | '\n') => return refuse(),
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            _ => {}
        }
    }
    if quote.is_some() {
        return refuse();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        // A comment parts words like a space.
        plain.push(' ');
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    Ok(plain)
}

/// A rule, if it refers to elements.
fn read(selectors: &str, declarations: &str) -> Option<Rule> {
    let urls: Vec<_> = urls(declarations).map(str::to_owned).collect();
    let mut any_of = Vec::new();
    for selector in selectors.split([',', '{']) {
        // The last part is the element itself; the others stand around it.
        let last = selector.split([' ', '\t', '\n', '\r', '>', '+', '~']).rfind(|part| !part.is_empty());
        let mut names = last.unwrap_or("*").split(['.', '#']).filter(|name| !name.is_empty()).peekable();
        if names.peek().is_none() || last.unwrap_or("*").contains([':', '*', '|', '[', '@']) {
            return (!urls.is_empty()).then_some(Rule { any_of: Vec::new(), urls });
        }
        any_of.extend(names.map(str::to_owned));
    }
    (!urls.is_empty()).then_some(Rule { any_of, urls })
}

/// The ids in `url(#...)`, wherever it stands in a value.
pub(super) fn urls(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        loop {
            let at = rest.as_bytes().windows(4).position(|word| word.eq_ignore_ascii_case(b"url("))?;
            rest = rest.get(at + 4..)?;
            let inside = rest.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\''));
            let Some(id) = inside.strip_prefix('#') else { continue };
            let end = id.find([')', '"', '\'']).unwrap_or(id.len());
            return id.get(..end).map(str::trim_end);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(style: &str, element: &str) -> Result<Vec<String>, String> {
        let text = format!("<svg><style>{style}</style>{element}</svg>");
        let document = Document::parse(&text).unwrap();
        let sheet = Sheet::of(&document, 64)?;
        Ok(sheet.urls(document.root_element().last_element_child().unwrap()).map(str::to_owned).collect())
    }

    #[test]
    fn a_rule_counts_for_the_elements_it_may_select() {
        let style = ".a{fill:url(#x)} #b{mask:url( '#y' )} rect,g .c{stroke:URL(\"#z\")}";
        for (element, expected) in [
            ("<g/>", &[][..]),
            ("<g class='q a'/>", &["x"]),
            ("<g id='b'/>", &["y"]),
            ("<rect/>", &["z"]),
            ("<g class='c'/>", &["z"]),
            ("<rect id='b' class='a'/>", &["x", "y", "z"]),
        ] {
            assert_eq!(targets(style, element).unwrap(), expected, "{element}");
        }
    }

    #[test]
    fn a_rule_that_is_not_simple_counts_for_every_element() {
        for style in ["*{fill:url(#x)}", "[a]{fill:url(#x)}", "g:hover{fill:url(#x)}", "@media print{{fill:url(#x)}}"] {
            assert_eq!(targets(style, "<path/>").unwrap(), ["x"], "{style}");
        }
    }

    #[test]
    fn tricks_are_refused() {
        let tricks = [
            "\\70{}",
            "a{b:'}'}",
            "a{b:'}",
            "a{b:'/*'}",
            "g{fill:inherit}",
            "g{stroke-width:99999999}",
            "a b c d e f{}",
        ];
        for style in tricks {
            assert!(targets(style, "<g/>").is_err(), "{style}");
        }
    }

    #[test]
    fn the_ids_of_a_value_are_found() {
        let found: Vec<_> = urls("url(#a) URL( \"#b\" ) url(http://x/#c) url(#d").collect();
        assert_eq!(found, ["a", "b", "d"]);
    }
}

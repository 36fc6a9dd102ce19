//! Text made safe for the place it is written to, and addresses judged before they become links. HTML is escaped by `maud`; this is for
//! XML, where a control character is an error and not merely ugly.

use std::borrow::Cow;

use url::Url;

/// Text for XML content or a quoted attribute (XML 1.0, 2.2 and 2.4): markup is escaped, characters XML does not have are dropped.
pub(super) fn xml(text: &str) -> Cow<'_, str> {
    let plain =
        |character: char| !matches!(character, '&' | '<' | '>' | '"' | '\'') && (character >= ' ' && is_xml(character));
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars().filter(|&character| is_xml(character)) {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// `Char` of XML 1.0, 2.2.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The address in its canonical form if it is one a browser may be sent to: `http` or `https`. `javascript:` and its kin are not.
pub(super) fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_what_xml_does_not_have_is_dropped() {
        assert_eq!(xml("a<b>&\"'\u{0}\u{8}\u{FFFF}가"), "a&lt;b&gt;&amp;&quot;&#39;가");
        assert!(matches!(xml("글 text"), Cow::Borrowed(_)));
    }

    #[test]
    fn only_http_and_https_are_web_addresses() {
        assert_eq!(web_address("https://a.example/\"x").as_deref(), Some("https://a.example/%22x"));
        for address in
            ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//a.example", "/a", "", "ftp://a.example"]
        {
            assert_eq!(web_address(address), None, "{address}");
        }
    }
}

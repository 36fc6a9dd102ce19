//! URLs as the rules see them: the effective URL with sorted query (R18), two URLs compared (R20), and addresses of a page
//! resolved against its base (R24).

use std::borrow::Cow;

use url::Url;

/// Why an address of a page cannot be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is none, even relative to the base.
    #[error("not an address: {0}")]
    Malformed(#[from] url::ParseError),
    /// Neither http nor https.
    #[error("a {0}: address; only http and https are fetched")]
    Scheme(String),
    /// Longer than is asked for.
    #[error("longer than {0} bytes")]
    TooLong(usize),
}

/// The URL with its query pairs in the order of their names; pairs of one name keep theirs (R18). Nothing is decoded.
pub fn with_sorted_query(url: &Url) -> String {
    match url.query() {
        Some(query) if query.contains('&') => {
            let mut sorted = url.clone();
            // The parts were a query already, so setting them encodes nothing anew.
            sorted.set_query(Some(&sorted_pairs(query)));
            sorted.into()
        }
        _ => url.as_str().to_owned(),
    }
}

fn sorted_pairs(query: &str) -> String {
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_by_key(|pair| pair.split('=').next());
    pairs.join("&")
}

/// True if both name the same page: scheme, host, port, path and query are equal (R20). The order of query pairs is not
/// compared because Kakao's own url sorts them, nor is the case of percent-encoding (RFC 3986, 6.2.2.1).
pub fn is_same_page(one: &Url, other: &Url) -> bool {
    let query = |url: &Url| upper_percent(&sorted_pairs(url.query().unwrap_or_default())).into_owned();
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
        && upper_percent(one.path()) == upper_percent(other.path())
        && query(one) == query(other)
}

/// The two characters behind each `%` in upper case.
fn upper_percent(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut digits = 0;
    let upper = text.chars().map(|character| {
        let is_digit = digits > 0;
        digits = if character == '%' { 2 } else { digits - i32::from(is_digit) };
        if is_digit { character.to_ascii_uppercase() } else { character }
    });
    Cow::Owned(upper.collect())
}

/// `og:url` if it is an absolute http or https URL.
pub fn absolute(value: &str) -> Option<Url> {
    Url::parse(value).ok().filter(is_web)
}

/// What addresses of a page are relative to: the first `<base href>` if it leads to http or https, else the page's URL.
pub fn base(page: &Url, href: Option<&str>) -> Url {
    href.and_then(|href| page.join(href).ok()).filter(is_web).unwrap_or_else(|| page.clone())
}

/// An address of a page made absolute (R24).
pub fn resolve(base: &Url, value: &str, max_bytes: usize) -> Result<Url, AddressError> {
    if value.len() > max_bytes {
        return Err(AddressError::TooLong(max_bytes));
    }
    let url = base.join(value)?;
    if !is_web(&url) {
        return Err(AddressError::Scheme(url.scheme().to_owned()));
    }
    if url.as_str().len() > max_bytes {
        return Err(AddressError::TooLong(max_bytes));
    }
    Ok(url)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn query_pairs_are_sorted_by_name_and_nothing_else_changes() {
        for (from, to) in [
            ("https://a.kr/?ui=1&rs=2&ad=3", "https://a.kr/?ad=3&rs=2&ui=1"),
            ("https://a.kr/?CVEID=b&jvn=1&CVEID=a&dilen=%ea#f", "https://a.kr/?CVEID=b&CVEID=a&dilen=%ea&jvn=1#f"),
            ("https://a.kr/?b&a==&&b=0", "https://a.kr/?&a==&b&b=0"),
            ("https://a.kr/?", "https://a.kr/?"),
            ("https://a.kr/?b=+%20\u{ac00}&a='", "https://a.kr/?a=%27&b=+%20%EA%B0%80"),
        ] {
            assert_eq!(with_sorted_query(&url(from)), to);
        }
    }

    #[test]
    fn pages_are_compared_by_what_a_server_sees() {
        for (one, other, same) in [
            ("https://a.kr", "https://a.kr/#x", true),
            ("https://A.kr:443/b", "https://a.kr/b", true),
            ("https://a.kr/%ea%b0%80?b=1&a=2", "https://a.kr/\u{ac00}?a=2&b=1", true),
            ("https://a.kr/?", "https://a.kr/", true),
            ("http://a.kr/", "https://a.kr/", false),
            ("https://a.kr/b/", "https://a.kr/b", false),
            ("https://www.a.kr/", "https://a.kr/", false),
            ("https://a.kr/?a=1", "https://a.kr/?a=2", false),
            ("https://a.kr/A", "https://a.kr/a", false),
        ] {
            assert_eq!(is_same_page(&url(one), &url(other)), same, "{one} {other}");
        }
    }

    #[test]
    fn addresses_are_resolved_against_the_base() {
        let page = url("https://a.kr/b/c?d");
        let based = |href| base(&page, href);
        assert_eq!(based(Some("/x/")).as_str(), "https://a.kr/x/");
        assert_eq!(based(Some("javascript:0")), page);
        assert_eq!(resolve(&based(Some("//img.kr/y/")), "z.png", 99).unwrap().as_str(), "https://img.kr/y/z.png");
        assert_eq!(
            resolve(&page, "//img.kr/가 나.png", 99).unwrap().as_str(),
            "https://img.kr/%EA%B0%80%20%EB%82%98.png"
        );
        assert_eq!(resolve(&page, "ftp://a/", 99), Err(AddressError::Scheme("ftp".to_owned())));
        assert_eq!(resolve(&page, "가가가", 30), Err(AddressError::TooLong(30)));
        assert!(matches!(resolve(&page, "http://[", 99), Err(AddressError::Malformed(_))));
    }
}

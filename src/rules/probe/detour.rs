//! Where a redirect leads that only one user agent is sent on. It looks at addresses only.

use url::Url;

/// A place other than where others are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detour {
    /// An app store, or a link service that leads to one.
    Store,
    /// The same site's address for phones.
    Mobile,
    /// A page for a region or a language.
    Geo,
    /// Somewhere else.
    Elsewhere,
}

/// Where `theirs` is, seen from where `others` are; `None` if it is the same place. Queries do not count: they often carry
/// what is new each time.
pub(super) fn of(theirs: &str, others: &str) -> Option<Detour> {
    let (theirs, others) = (Url::parse(theirs).ok()?, Url::parse(others).ok()?);
    let (host, other_host) = (theirs.host_str()?, others.host_str()?);
    if host == other_host && theirs.path() == others.path() {
        return None;
    }
    if STORES.iter().any(|store| host == *store || host.strip_suffix(store).is_some_and(|front| front.ends_with('.'))) {
        return Some(Detour::Store);
    }
    if is_mobile(host) && !is_mobile(other_host) || is_mobile_path(&theirs) && !is_mobile_path(&others) {
        return Some(Detour::Mobile);
    }
    let places = |url: &Url| -> Vec<String> {
        let first = url.host_str().and_then(|host| host.split('.').next()).unwrap_or_default().to_ascii_lowercase();
        let path = url.path().to_ascii_lowercase();
        std::iter::once(first).chain(path.split('/').map(str::to_owned)).filter(|word| is_region(word)).collect()
    };
    let (theirs, others) = (places(&theirs), places(&others));
    Some(if theirs.iter().any(|word| !others.contains(word)) { Detour::Geo } else { Detour::Elsewhere })
}

fn is_mobile(host: &str) -> bool {
    matches!(host.split('.').next(), Some("m" | "mobile" | "mo" | "touch"))
}

fn is_mobile_path(url: &Url) -> bool {
    matches!(url.path_segments().and_then(|mut segments| segments.next()), Some("m" | "mobile"))
}

/// True for words that stand for a region or a language, and for languages themselves: `en`, `en-us`.
fn is_region(word: &str) -> bool {
    REGION_WORDS.contains(&word) || LANGUAGES.contains(&word.split(['-', '_']).next().unwrap_or_default())
}

const STORES: [&str; 8] = [
    "play.google.com",
    "apps.apple.com",
    "itunes.apple.com",
    "onestore.co.kr",
    "onesto.re",
    "app.link",
    "onelink.me",
    "page.link",
];

const REGION_WORDS: [&str; 11] = [
    "global",
    "intl",
    "international",
    "region",
    "regions",
    "country",
    "overseas",
    "geo",
    "geoblock",
    "unavailable",
    "not-available",
];

const LANGUAGES: [&str; 10] = ["en", "us", "ja", "jp", "zh", "cn", "tw", "de", "fr", "es"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detour_is_told_by_its_address() {
        for (theirs, others, expected) in [
            ("https://a.kr/post?x=1", "https://a.kr/post?x=2", None),
            ("https://play.google.com/store/apps/details?id=kr.a", "https://a.kr/post", Some(Detour::Store)),
            ("https://a.onelink.me/x", "https://a.kr/post", Some(Detour::Store)),
            ("https://notonelink.me/x", "https://a.kr/post", Some(Detour::Elsewhere)),
            ("https://m.a.kr/post", "https://www.a.kr/post", Some(Detour::Mobile)),
            ("https://a.kr/m/post", "https://a.kr/post", Some(Detour::Mobile)),
            ("https://m.a.kr/x", "https://m.a.kr/y", Some(Detour::Elsewhere)),
            ("https://a.kr/en/post", "https://a.kr/post", Some(Detour::Geo)),
            ("https://global.a.kr/", "https://a.kr/", Some(Detour::Geo)),
            ("https://a.kr/en-US/post", "https://a.kr/ko/post", Some(Detour::Geo)),
            ("https://a.kr/enter", "https://a.kr/post", Some(Detour::Elsewhere)),
        ] {
            assert_eq!(of(theirs, others), expected, "{theirs} beside {others}");
        }
    }
}

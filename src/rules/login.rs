//! Tells a login page by its address. It reads no page: a login page without such an address is not recognised.

use url::Url;

/// True if the address is that of a login page. Matches whole words of the path and the host's first label, so that
/// `/blogging` or `catalog.in` is none.
pub fn is_login(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let first_label = url.domain().and_then(|domain| domain.split('.').next()).unwrap_or_default();
    path.split(['/', '.', '-', '_']).chain([first_label]).any(|word| LOGIN_WORDS.contains(&word))
}

/// True if the way from `first` to `last` ends at a login page that was not asked for.
pub fn led_to_login(first: &str, last: &str) -> bool {
    let is = |url: &str| Url::parse(url).is_ok_and(|url| is_login(&url));
    first != last && is(last) && !is(first)
}

const LOGIN_WORDS: [&str; 9] = ["login", "signin", "logon", "nidlogin", "sso", "websso", "auth", "oauth", "authorize"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_page_is_told_from_words_that_only_contain_login() {
        for (url, login) in [
            ("https://a.example/login?next=/post", true),
            ("https://a.example/member/login.php", true),
            ("https://nid.a.example/nidlogin.login", true),
            ("https://sso.a.example/x", true),
            ("https://a.example/Sign-In", false),
            ("https://a.example/blogging", false),
            ("https://author.example/", false),
            ("https://a.example/signing", false),
        ] {
            assert_eq!(is_login(&Url::parse(url).unwrap()), login, "{url}");
        }
    }

    #[test]
    fn a_login_page_that_was_asked_for_is_no_detour() {
        assert!(led_to_login("https://a.example/post", "https://a.example/login"));
        assert!(!led_to_login("https://a.example/login", "https://a.example/ko/login"));
        assert!(!led_to_login("https://a.example/post", "https://a.example/ko/post"));
    }
}

//! From where an app key may be used: a JavaScript key from registered web domains, a native key from registered apps. Pure: an app
//! and a `KA` header in, a verdict out.

use url::Url;

use super::{
    App, KapiError,
    ka::{Ka, Os},
};

/// The kinds of app keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Native app key.
    Native,
    /// JavaScript key.
    JavaScript,
    /// REST API key.
    Rest,
    /// Admin key.
    Admin,
}

impl App {
    /// Its keys with their kinds.
    pub fn keys(&self) -> [(&str, KeyKind); 4] {
        [
            (self.native_key.as_str(), KeyKind::Native),
            (self.javascript_key.as_str(), KeyKind::JavaScript),
            (self.rest_key.as_str(), KeyKind::Rest),
            (self.admin_key.as_str(), KeyKind::Admin),
        ]
    }

    /// Whether a caller may use a key of this kind from where it says it is. `header` is the `Origin` header, which browsers send
    /// of themselves; it stands in for a `KA` header without an origin.
    pub fn admits(&self, kind: KeyKind, ka: &Ka, header: Option<&str>) -> Result<(), KapiError> {
        match kind {
            KeyKind::JavaScript => self.admits_page(ka.origin.as_deref().or(header)),
            KeyKind::Native => self.admits_native(ka),
            // Keys of servers: they have no origin.
            KeyKind::Rest | KeyKind::Admin => Ok(()),
        }
    }

    /// kakaotalk-message/trouble-shooting: scheme, host and port must be those of a registered domain.
    fn admits_page(&self, origin: Option<&str>) -> Result<(), KapiError> {
        let registered = origin
            .and_then(|origin| Url::parse(origin).ok())
            .is_some_and(|url| self.web_domains.iter().any(|domain| domain.covers(&url)));
        if registered {
            return Ok(());
        }
        let caller = shown(origin.unwrap_or_default());
        let refused = mismatch(&caller);
        // What Kakao says to a caller without any origin is not public.
        Err(if origin.is_none() { refused.inferred("origin-missing") } else { refused })
    }

    fn admits_native(&self, ka: &Ka) -> Result<(), KapiError> {
        let is_of =
            |list: &[String]| ka.origin.as_deref().is_some_and(|origin| list.iter().any(|known| known == origin));
        let (android, ios) = (&self.android_key_hashes, &self.ios_bundle_ids);
        let admitted = match ka.os() {
            Some(Os::Android) => android.is_empty() || is_of(android),
            Some(Os::Ios) => ios.is_empty() || is_of(ios),
            // It does not say what it runs on: then any registered app will do.
            Some(Os::JavaScript) | None => android.is_empty() && ios.is_empty() || is_of(android) || is_of(ios),
        };
        if admitted { Ok(()) } else { Err(KapiError::new(-401, MISCONFIGURED).inferred("native-origin")) }
    }
}

/// Kakao's text for a page of another domain.
fn mismatch(caller: &str) -> KapiError {
    KapiError::new(-401, format!("domain mismatched! caller={caller}. check out registered web domains."))
}

/// What the sharer says (KOE009); what `kapi.kakao.com` says to a native app that is not registered is not public.
pub const MISCONFIGURED: &str = "invalid android_key_hash or ios_bundle_id or web_site_url";

/// A caller's own words, short enough for an answer.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect()
}

const MOST_SHOWN: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn app(extra: &str) -> App {
        let key = |digit: &str| digit.repeat(32);
        toml::from_str(&format!(
            "id = 1\nname = \"a\"\nnative_key = \"{}\"\njavascript_key = \"{}\"\nrest_key = \"{}\"\nadmin_key = \"{}\"\n{extra}",
            key("1"),
            key("2"),
            key("3"),
            key("4"),
        ))
        .unwrap()
    }

    #[test]
    fn a_page_must_be_of_a_registered_domain_with_its_scheme_and_port() {
        let app = app("web_domains = [\"https://example.com\", \"http://localhost:3000\"]");
        for (origin, admitted) in [
            ("https%3A%2F%2Fexample.com", true),
            ("https://example.com", true),
            ("http://localhost:3000", true),
            ("http://example.com", false),
            ("https://www.example.com", false),
            ("http://localhost:3001", false),
            ("null", false),
            ("https://example.com@evil.example", false),
        ] {
            let ka = Ka::parse(&format!("os/javascript origin/{origin}"));
            assert_eq!(app.admits(KeyKind::JavaScript, &ka, None).is_ok(), admitted, "{origin}");
        }
    }

    #[test]
    fn the_refusal_names_the_caller_in_kakaos_words() {
        let error = app("").admits(KeyKind::JavaScript, &Ka::parse("origin/https%3A%2F%2Fexample.com"), None);
        let error = error.unwrap_err();
        assert_eq!(error.msg, "domain mismatched! caller=https://example.com. check out registered web domains.");
        assert_eq!((error.code, error.inferred.is_empty()), (-401, true));
    }

    #[test]
    fn a_browser_says_its_origin_itself() {
        let app = app("web_domains = [\"https://example.com\"]");
        assert_eq!(app.admits(KeyKind::JavaScript, &Ka::default(), Some("https://example.com")), Ok(()));
        let other = Ka::parse("origin/https%3A%2F%2Fother.example");
        assert!(app.admits(KeyKind::JavaScript, &other, Some("https://example.com")).is_err(), "KA counts first");
        assert_eq!(app.admits(KeyKind::JavaScript, &Ka::default(), None).unwrap_err().inferred, ["origin-missing"]);
    }

    #[test]
    fn a_native_app_must_be_registered_where_any_is() {
        let open = app("");
        assert_eq!(open.admits(KeyKind::Native, &Ka::default(), None), Ok(()));
        let app = app("android_key_hashes = [\"ab/cd=\"]\nios_bundle_ids = [\"com.example\"]");
        for (ka, admitted) in [
            ("os/android-34 origin/ab/cd=", true),
            ("os/android-34 origin/com.example", false),
            ("os/ios-17.0 origin/com.example", true),
            ("os/ios-17.0", false),
            ("origin/com.example", true),
            ("", false),
        ] {
            assert_eq!(app.admits(KeyKind::Native, &Ka::parse(ka), None).is_ok(), admitted, "{ka}");
        }
    }
}

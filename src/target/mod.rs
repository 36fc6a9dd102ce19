//! A URL that someone may ask us to scrape: http or https, with a host, without a password, not endless.
//! Not a promise that it may be fetched: which addresses are permitted is for `egress` to say.

mod error;

use std::fmt;

use url::{Host, ParseError, Url};

pub use self::error::TargetError;

/// A URL as it was asked for, read by the rules of the WHATWG URL standard.
///
/// The host is final: IDNA and the many spellings of an IPv4 address are behind it, so whoever judges it
/// looks at [`Target::host`] and never at the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    requested: String,
    url: Url,
    host: Host,
    port: u16,
    max_bytes: usize,
}

impl Target {
    /// Reads what a person pasted. `max_bytes` bounds the text and the URL, which is longer where
    /// characters had to be percent-encoded.
    pub fn parse(input: &str, max_bytes: usize) -> Result<Self, TargetError> {
        let text = input.trim_matches(is_invisible);
        if text.is_empty() {
            return Err(TargetError::Empty);
        }
        check_length(text.len(), max_bytes)?;
        let url = Url::parse(text).map_err(|reason| match reason {
            ParseError::RelativeUrlWithoutBase => without_scheme(text),
            reason => unparsable(reason),
        })?;
        if is_host_and_port(&url) {
            return Err(without_scheme(text));
        }
        let target = Self::from_url(url, max_bytes)?;
        Ok(Self { requested: text.to_owned(), ..target })
    }

    /// The same rules for a URL that is already parsed.
    pub fn from_url(mut url: Url, max_bytes: usize) -> Result<Self, TargetError> {
        let default_port = match url.scheme() {
            "http" => 80,
            "https" => 443,
            scheme => {
                return Err(TargetError::Scheme { scheme: excerpt(scheme) });
            }
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Userinfo);
        }
        if let Some(name) = url.domain() {
            let name = name.strip_suffix('.').unwrap_or(name).to_owned();
            check_name(&name)?;
            url.set_host(Some(&name)).map_err(unparsable)?;
        }
        // Asked after `set_host`, which reads the name once more.
        let host = url.host().ok_or(TargetError::NoHost)?.to_owned();
        let port = url.port().unwrap_or(default_port);
        if port == 0 {
            return Err(TargetError::PortZero);
        }
        check_length(url.as_str().len(), max_bytes)?;
        Ok(Self { requested: url.to_string(), url, host, port, max_bytes })
    }

    /// The next hop, from the bytes of a `Location` header (RFC 9110, 10.2.2). Servers send raw UTF-8 there.
    pub fn join(&self, location: &[u8]) -> Result<Self, TargetError> {
        check_length(location.len(), self.max_bytes)?;
        let Ok(text) = str::from_utf8(location) else {
            return Err(TargetError::NotUtf8);
        };
        if text.trim_matches(is_blank).is_empty() {
            return Err(TargetError::Empty);
        }
        let mut url = self.url.join(text).map_err(unparsable)?;
        if let (None, Some(fragment)) = (url.fragment(), self.url.fragment()) {
            // It is never sent, so it must not make a good redirect too long.
            if url.as_str().len() + fragment.len() < self.max_bytes {
                url.set_fragment(Some(fragment));
            }
        }
        Self::from_url(url, self.max_bytes)
    }

    /// The URL with its fragment.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The URL without its fragment: what is sent, and the key of the cache. http and https are two keys,
    /// and so are two queries (R29).
    pub fn request_url(&self) -> Url {
        let mut url = self.url.clone();
        url.set_fragment(None);
        url
    }

    /// The same target without its fragment.
    #[must_use]
    pub fn without_fragment(&self) -> Self {
        let url = self.request_url();
        Self { requested: url.to_string(), url, ..self.clone() }
    }

    /// The text as it was asked for, trimmed; after a redirect the URL itself.
    pub fn requested(&self) -> &str {
        &self.requested
    }

    /// The host: a name in its ASCII form and without the dot of the root, or an address.
    pub fn host(&self) -> Host {
        self.host.clone()
    }

    /// The port, which is that of the scheme if the URL names none.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.url.fmt(f)
    }
}

fn check_length(bytes: usize, limit: usize) -> Result<(), TargetError> {
    if bytes > limit { Err(TargetError::TooLong { bytes, limit }) } else { Ok(()) }
}

/// The URL standard leaves the lengths of DNS to us.
fn check_name(name: &str) -> Result<(), TargetError> {
    if name.is_empty() {
        return Err(TargetError::NoHost);
    }
    if name.len() > 253 {
        return Err(TargetError::NameTooLong { bytes: name.len() });
    }
    let mut labels = name.split('.').map(str::len);
    match labels.find(|bytes| !(1..=63).contains(bytes)) {
        None => Ok(()),
        Some(0) => Err(TargetError::EmptyLabel),
        Some(bytes) => Err(TargetError::LabelTooLong { bytes }),
    }
}

fn unparsable(reason: ParseError) -> TargetError {
    match reason {
        ParseError::EmptyHost => TargetError::NoHost,
        reason => TargetError::NotAUrl { reason },
    }
}

/// `example.com:8080/x` parses, with `example.com` for a scheme.
fn is_host_and_port(url: &Url) -> bool {
    url.cannot_be_a_base() && (url.scheme().contains('.') || url.scheme() == "localhost")
}

/// Repeats the text only if it would be a URL with `https://` before it and hides nothing there.
fn without_scheme(text: &str) -> TargetError {
    let text = text.strip_prefix("//").unwrap_or(text);
    if text.starts_with(['/', '\\']) {
        return unparsable(ParseError::RelativeUrlWithoutBase);
    }
    match Url::parse(&format!("https://{text}")) {
        Err(reason) => unparsable(reason),
        Ok(url) if !url.username().is_empty() || url.password().is_some() => TargetError::Userinfo,
        Ok(_) => TargetError::NoScheme { text: excerpt(text.split(['?', '#']).next().unwrap_or(text)) },
    }
}

/// Enough to recognise a text by, on one line.
fn excerpt(text: &str) -> String {
    let is_visible = |c: &char| !c.is_control() && !is_invisible(*c);
    let mut visible = text.chars().filter(is_visible);
    let mut short: String = visible.by_ref().take(80).collect();
    if visible.next().is_some() {
        short.push('…');
    }
    short
}

/// What the URL standard takes off both ends: C0 control or space.
fn is_blank(c: char) -> bool {
    c <= ' '
}

/// Also what clings to text that was copied out of a chat or a document and cannot be seen:
/// zero-width characters, direction marks, the byte order mark.
fn is_invisible(c: char) -> bool {
    is_blank(c) || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;

    const MAX: usize = 2048;

    fn target(text: &str) -> Target {
        Target::parse(text, MAX).unwrap()
    }

    #[test]
    fn a_url_is_kept_as_asked_and_sent_without_its_fragment() {
        let target = target(" https://Example.com/a?b=c#d ");

        assert_eq!(target.requested(), "https://Example.com/a?b=c#d");
        assert_eq!(target.url().as_str(), "https://example.com/a?b=c#d");
        assert_eq!(target.to_string(), "https://example.com/a?b=c#d");
        assert_eq!(target.request_url().as_str(), "https://example.com/a?b=c");
        assert_eq!(target.host(), Host::Domain("example.com".to_owned()));
        assert_eq!(target.port(), 443);
    }

    #[test]
    fn every_spelling_of_a_url_becomes_the_one_that_is_sent() {
        for (text, sent) in [
            ("http://example.com", "http://example.com/"),
            ("HTTP://EXAMPLE.COM:80/", "http://example.com/"),
            ("https://example.com:8443", "https://example.com:8443/"),
            ("http:example.com", "http://example.com/"),
            ("http:\\\\example.com\\x", "http://example.com/x"),
            ("http://example.com./x", "http://example.com/x"),
            ("http://example.com.:8080/", "http://example.com:8080/"),
            ("http://localhost.", "http://localhost/"),
            ("http://example.com/?", "http://example.com/?"),
            ("http://a.com/?a=1&a=2", "http://a.com/?a=1&a=2"),
            ("http://a.com/한?값#끝", "http://a.com/%ED%95%9C?%EA%B0%92"),
            ("http://한국.kr", "http://xn--3e0b707e.kr/"),
            ("http://한국。kr", "http://xn--3e0b707e.kr/"),
            ("http://xn--3e0b707e.kr", "http://xn--3e0b707e.kr/"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
            ("\u{FEFF}\u{200B}http://a/\u{200D}\u{200E}\r\n", "http://a/"),
        ] {
            assert_eq!(target(text).request_url().as_str(), sent, "{text}");
        }
    }

    #[test]
    fn every_spelling_of_an_ipv4_address_is_an_ipv4_host() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0X7F.0x0.0x0.0x1",
            "0x7f.1",
            "017700000001",
            "0177.0.0.01",
            "%31%32%37.0.0.1",
            "１２７．０．０．１",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
        ] {
            let read: Host = target(&format!("http://{host}/")).host();
            assert_eq!(read, Host::<String>::Ipv4(Ipv4Addr::LOCALHOST), "{host}");
        }
    }

    #[test]
    fn http_and_https_and_two_queries_are_different_requests() {
        let sent = |text: &str| target(text).request_url();
        assert_ne!(sent("http://example.com/"), sent("https://example.com/"));
        assert_ne!(sent("http://example.com/?a"), sent("http://example.com/?b"));
        assert_eq!(sent("http://example.com/#a"), sent("http://example.com/#b"));
    }

    #[test]
    fn a_redirect_leads_where_a_browser_would_go() {
        let page = target("https://example.com/a/b?c#here");
        for (location, expected) in [
            ("/x", "https://example.com/x#here"),
            ("x", "https://example.com/a/x#here"),
            ("?d", "https://example.com/a/b?d#here"),
            ("//example.net/", "https://example.net/#here"),
            (" http://example.net \r", "http://example.net/#here"),
            ("http://example.net./", "http://example.net/#here"),
            ("/x#there", "https://example.com/x#there"),
            ("/x#", "https://example.com/x#"),
            ("#there", "https://example.com/a/b?c#there"),
            ("/한글", "https://example.com/%ED%95%9C%EA%B8%80#here"),
            ("http://0x7f.1/", "http://127.0.0.1/#here"),
            ("\\\\example.net/", "https://example.net/#here"),
        ] {
            let hop = page.join(location.as_bytes()).unwrap();
            assert_eq!(hop.url().as_str(), expected, "{location}");
            assert_eq!(hop.requested(), expected, "{location}");
        }
        let plain = target("http://a/").join(b"/x").unwrap();
        assert_eq!(plain.url().as_str(), "http://a/x");
    }

    #[test]
    fn a_redirect_obeys_the_same_rules_as_the_first_url() {
        let page = target("https://example.com/");
        let long = vec![b'a'; MAX + 1];
        for (location, code) in [
            (b"".as_slice(), "url-empty"),
            (b" \t", "url-empty"),
            (b"/\xC7\xD1", "url-not-utf-8"), // Hangul in EUC-KR
            (b"http://", "url-no-host"),
            (b"http://[", "url-invalid"),
            (b"//example.net:99999/", "url-invalid"),
            (b"//example.net:0/", "url-port-zero"),
            (b"//user:hunter2@example.net/", "url-userinfo"),
            (b"file:///etc/passwd", "url-scheme"),
            (b"javascript:alert(1)", "url-scheme"),
            (b"kakaotalk://inappbrowser", "url-scheme"),
            (&long, "url-too-long"),
        ] {
            let error = page.join(location).unwrap_err();
            assert_eq!(error.code(), code, "{}", String::from_utf8_lossy(location));
        }
    }

    #[test]
    fn an_inherited_fragment_does_not_make_a_redirect_too_long() {
        let page = Target::parse("http://a/#0123456789", 20).unwrap();
        let join = |location: &str| page.join(location.as_bytes()).unwrap().to_string();
        assert_eq!(join("/"), "http://a/#0123456789");
        assert_eq!(join("/x"), "http://a/x");
    }

    fn anything_like_a_url() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            r"(http|https|HTTP|ftp|a\.b)?:?[/\\]{0,3}(\PC{0,8}:?\PC{0,4}@)?\PC{0,12}(:[0-9]{0,6})?([/?#]\PC{0,9}){0,3}",
            r"https?://[0-9a-fx.%。①１한\[\]:-]{1,24}\.{0,2}(:[0-9]{1,5})?[/?#]?.{0,8}",
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_plain_http_and_reads_the_same_again(
            text in anything_like_a_url(), location in anything_like_a_url(), limit in 0_usize..200,
        ) {
            let Ok(target) = Target::parse(&text, limit) else { return Ok(()) };
            let hop = target.join(location.as_bytes()).ok();
            for target in [Some(target), hop].into_iter().flatten() {
                let url = target.url();
                prop_assert!(matches!(url.scheme(), "http" | "https"));
                prop_assert!(url.username().is_empty() && url.password().is_none());
                prop_assert!(url.as_str().len() <= limit && target.port() != 0);
                prop_assert_eq!(url.host().map(|host| host.to_owned()), Some(target.host()));

                let again = Target::parse(&target.to_string(), limit).unwrap();
                prop_assert_eq!(again.url(), url);
                prop_assert_eq!((again.host(), again.port()), (target.host(), target.port()));
            }
        }

        #[test]
        fn a_refusal_always_has_words(text in anything_like_a_url(), location in any::<Vec<u8>>()) {
            let refusals = [Target::parse(&text, 100).err(), target("http://a/").join(&location).err()];
            for error in refusals.into_iter().flatten() {
                prop_assert!(error.code().starts_with("url-"));
                prop_assert!(!error.to_string().is_empty() && !error.advice().is_empty());
                prop_assert!(!error.to_string().contains(char::is_control));
            }
        }
    }
}

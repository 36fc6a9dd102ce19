//! The `KA` header, with which Kakao's SDKs say what they are and from where they call:
//! `sdk/1.43.5 os/javascript sdk_type/javascript lang/ko device/Win32 origin/https%3A%2F%2Fexample.com`.
//! Pure: text in, words out. Whether the origin may call is `origin`'s to say.

use percent_encoding::percent_decode_str;

/// What a `KA` header says. Absent and empty words are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ka {
    /// `sdk`: its version.
    pub sdk: Option<String>,
    /// `sdk_type`: such as `javascript`, `kotlin`, `flutter`.
    pub sdk_type: Option<String>,
    /// `os`: such as `javascript`, `android-34`, `ios-17.0`.
    pub os: Option<String>,
    /// `lang`.
    pub lang: Option<String>,
    /// `origin`: a web origin, an Android key hash, or an iOS bundle id; decoded.
    pub origin: Option<String>,
}

/// What an SDK runs on, as far as `os` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Os {
    /// A browser.
    JavaScript,
    /// Android.
    Android,
    /// iOS.
    Ios,
}

impl Ka {
    /// Reads a header. Never fails: words it does not know are passed over, as are words without a value.
    pub fn parse(text: &str) -> Self {
        let mut ka = Self::default();
        // Further words are no SDK's: a header has about eight.
        for word in text.split_ascii_whitespace().take(MOST_WORDS) {
            // An Android key hash is Base64 and may have a slash itself: only the first one separates.
            let Some((name, value)) = word.split_once('/').filter(|(_, value)| !value.is_empty()) else { continue };
            let field = match name {
                "sdk" => &mut ka.sdk,
                "sdk_type" => &mut ka.sdk_type,
                "os" => &mut ka.os,
                "lang" => &mut ka.lang,
                "origin" => &mut ka.origin,
                _ => continue,
            };
            let decoded = percent_decode_str(value).decode_utf8_lossy().into_owned();
            field.get_or_insert(decoded);
        }
        ka
    }

    /// What it runs on, where it says so.
    pub fn os(&self) -> Option<Os> {
        let os = self.os.as_deref()?.to_ascii_lowercase();
        match os.split('-').next().unwrap_or_default() {
            "javascript" => Some(Os::JavaScript),
            "android" => Some(Os::Android),
            "ios" | "ipados" | "iphone" => Some(Os::Ios),
            _ => None,
        }
    }
}

const MOST_WORDS: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_header_of_the_javascript_sdk_is_read() {
        let ka = Ka::parse(
            "sdk/1.43.5 os/javascript sdk_type/javascript lang/ko device/Win32 origin/https%3A%2F%2Fexample.com",
        );
        assert_eq!(ka.origin.as_deref(), Some("https://example.com"));
        assert_eq!((ka.sdk.as_deref(), ka.os()), (Some("1.43.5"), Some(Os::JavaScript)));
    }

    #[test]
    fn the_headers_of_native_sdks_are_read() {
        let android = Ka::parse("sdk/2.19.0 sdk_type/kotlin os/android-34 lang/ko-KR origin/ab/cd+ef= app_ver/1.0");
        assert_eq!((android.os(), android.origin.as_deref()), (Some(Os::Android), Some("ab/cd+ef=")));
        let ios = Ka::parse(
            "sdk/2.27.3 sdk_type/swift os/ios-17.0 lang/ko-KR res/390x844 device/iPhone origin/com.example.app",
        );
        assert_eq!((ios.os(), ios.origin.as_deref()), (Some(Os::Ios), Some("com.example.app")));
    }

    #[test]
    fn empty_words_say_nothing_and_the_first_of_two_counts() {
        assert_eq!(Ka::parse("origin/ sdk / /x os"), Ka::default());
        assert_eq!(Ka::parse("origin/a origin/b").origin.as_deref(), Some("a"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,300}") {
            let _read = Ka::parse(&text);
        }
    }
}

//! Any text is refused in words or becomes a plain http URL that reads the same again; so does any `Location` behind it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scraplens::target::{Target, TargetError};

const MAX: usize = 512;

fn check(read: Result<Target, TargetError>) -> Option<Target> {
    match read {
        Ok(target) => {
            let url = target.url();
            assert!(matches!(url.scheme(), "http" | "https"));
            assert!(url.username().is_empty() && url.password().is_none());
            assert!(url.as_str().len() <= MAX && target.port() != 0);
            assert!(target.request_url().fragment().is_none());
            let again = Target::parse(url.as_str(), MAX).unwrap();
            assert_eq!((again.url(), again.host(), again.port()), (url, target.host(), target.port()));
            Some(target)
        }
        Err(error) => {
            assert!(error.code().starts_with("url-") && !error.advice().is_empty());
            assert!(!error.to_string().contains(char::is_control), "{error:?}");
            None
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let cut = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (text, location) = input.split_at(cut);
    let base = str::from_utf8(text).ok().and_then(|text| check(Target::parse(text, MAX)));
    let base = base.unwrap_or_else(|| Target::parse("https://example.com/a/b?c#d", MAX).unwrap());
    check(base.join(location.strip_prefix(b"\n").unwrap_or(location)));
});

//! Which `<img>` of a body can be an image of the card, as far as its tag tells (R22): not what cannot be fetched, not
//! drawings, not what declares itself tiny. The bounds are our defaults; 80x57 pixels were seen to pass, icons were not.

use std::borrow::Cow;

/// Why an image with this address and these declared sides is no candidate, if so. `small` is the number of pixels below
/// which a side rules it out.
pub fn refusal(src: &str, sides: [Option<&str>; 2], small: u32, max_bytes: usize) -> Option<Cow<'static, str>> {
    let scheme = src.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
    if let Some(scheme) = scheme.map(str::to_ascii_lowercase).filter(|scheme| scheme != "http" && scheme != "https") {
        return Some(format!("a {scheme}: address; only http and https are fetched").into());
    }
    if src.len() > max_bytes {
        return Some(format!("longer than {max_bytes} bytes").into());
    }
    let path = src.split(['?', '#']).next().unwrap_or_default();
    if path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("svg")) {
        return Some("an SVG file".into());
    }
    let tiny = sides.into_iter().flatten().filter_map(pixels).any(|side| side < small);
    tiny.then(|| format!("declares a side below {small} pixels").into())
}

/// A declared side in pixels, read as HTML does: leading digits count, a percentage does not (HTML, 2.3.4.4).
fn pixels(declared: &str) -> Option<u32> {
    let declared = declared.trim_ascii_start();
    let digits = declared.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = declared.split_at_checked(digits)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    if rest.starts_with('%') { None } else { number.parse().ok() }
}

/// RFC 3986, 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_refused_by_its_address() {
        for (src, refused) in [
            ("/a.png", false),
            ("a/b:c.png", false),
            ("HTTPS://a.kr/", false),
            ("/a.svg.png?x.svg", false),
            ("/a.SVG#x", true),
            ("Data:image/png,", true),
            ("javascript:0", true),
            ("/aaaaaaaaaaaaaaaaaaaa.png", true),
        ] {
            assert_eq!(refusal(src, [None, None], 50, 20).is_some(), refused, "{src}");
        }
    }

    #[test]
    fn an_image_is_refused_by_its_declared_size() {
        for (declared, refused) in [
            ("49", true),
            (" 1px", true),
            ("0.5", true),
            ("50", false),
            ("", false),
            ("auto", false),
            ("10%", false),
            ("10.5%", false),
            ("99999999999", false),
        ] {
            assert_eq!(refusal("/a.png", [Some(declared), None], 50, 99).is_some(), refused, "{declared}");
            assert_eq!(refusal("/a.png", [Some("80"), Some(declared)], 50, 99).is_some(), refused, "{declared}");
        }
    }
}

//! Tells a page that says no with status 200 from the page that was asked for. It knows sentences, not causes.

use encoding_rs::EUC_KR;

/// The sentence with which a page says no, if it is such a page: one of few words, without og tags, in UTF-8 or EUC-KR. More than
/// 64 KiB of it is not looked at.
pub fn notice(body: &[u8]) -> Option<&'static str> {
    let body = body.get(..LOOKED_AT).unwrap_or(body);
    let lossy = String::from_utf8_lossy(body);
    seen_in(&lossy).or_else(|| match std::str::from_utf8(body) {
        Ok(_) => None,
        Err(_) => seen_in(&EUC_KR.decode_without_bom_handling(body).0),
    })
}

fn seen_in(text: &str) -> Option<&'static str> {
    let sentence = SENTENCES.iter().find(|sentence| text.contains(**sentence))?;
    let lower = text.to_ascii_lowercase();
    let talks_of_itself = ["og:title", "og:image", "og:description"].iter().any(|key| lower.contains(key));
    (!talks_of_itself && visible(&lower) <= FEW_CHARACTERS).then_some(sentence)
}

/// Visible characters outside of tags, scripts and styles, counted as far as it matters. `lower` is in lower case.
fn visible(lower: &str) -> usize {
    let mut count = 0;
    let mut rest = lower;
    while let Some((text, markup)) = rest.split_once('<') {
        count += text.chars().filter(|c| !c.is_whitespace()).count();
        if count > FEW_CHARACTERS {
            return count;
        }
        let end = ["script", "style"].into_iter().find(|tag| markup.starts_with(tag));
        let after = match end {
            Some("script") => markup.split_once("</script"),
            Some(_) => markup.split_once("</style"),
            None => Some(("", markup)),
        };
        rest = after.and_then(|(_, after)| after.split_once('>')).map_or("", |(_, after)| after);
    }
    count + rest.chars().filter(|c| !c.is_whitespace()).count()
}

const LOOKED_AT: usize = 64 * 1024;

/// Characters from which a page is more than a notice.
const FEW_CHARACTERS: usize = 400;

/// What such pages say. The first two are gnuboard's own words (common.php: allowed IP, refused IP); the others are common in
/// security plug-ins and web firewalls, and count only where there is little else.
const SENTENCES: [&str; 14] = [
    "접근이 가능하지 않습니다.",
    "접근 불가합니다.",
    "접근이 차단되었습니다",
    "접근이 제한되었습니다",
    "접속이 차단되었습니다",
    "접속이 제한되었습니다",
    "차단된 IP",
    "허용되지 않은 IP",
    "비정상적인 접근입니다",
    "해외에서의 접속은 차단",
    "Access denied",
    "Access Denied",
    "You have been blocked",
    "Your IP address has been blocked",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_of_few_words_that_says_no_is_told_from_one_that_writes_about_it() {
        let long = format!("<p>{}</p><p>접근 불가합니다.</p>", "본문 ".repeat(300));
        let (euc_kr, _, _) = EUC_KR.encode("<html>접근 불가합니다.</html>");
        for (body, expected, why) in [
            ("접근이 가능하지 않습니다.".as_bytes(), Some("접근이 가능하지 않습니다."), "gnuboard's whole answer"),
            (&*euc_kr, Some("접근 불가합니다."), "an older board"),
            (b"<h1>Access Denied</h1><script>var a = '<b>';</script>", Some("Access Denied"), "in English"),
            (long.as_bytes(), None, "an article"),
            ("<meta property=\"og:title\" content=\"x\">접근 불가합니다.".as_bytes(), None, "a page with a card"),
            ("<p>환영합니다</p>".as_bytes(), None, "another page"),
            (b"", None, "nothing"),
        ] {
            assert_eq!(notice(body), expected, "{why}");
        }
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(body in proptest::collection::vec(any::<u8>(), 0..300), text in any::<String>()) {
            let _ = notice(&body);
            let _ = notice(format!("{text}<script Access Denied<style {text}").as_bytes());
        }
    }
}

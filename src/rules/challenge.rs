//! Tells a page that checks for robots from the page that was asked for, by the fingerprints of those who make such checks
//! (R9: KakaoTalk's scraper runs no scripts, so it never gets past one). It judges one answer; it tries nothing.

use std::{cell::OnceCell, collections::BTreeMap};

use memchr::memmem;

use super::Rulebook;
use crate::finding::Finding;

/// What a site answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The status code.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: &'a BTreeMap<String, String>,
    /// The start of the body, decoded from any `Content-Encoding`. More than 64 KiB of it is not looked at.
    pub body: &'a [u8],
}

/// A check for robots that came instead of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Whose check it is.
    pub vendor: &'static str,
    /// What gave it away.
    pub evidence: String,
}

/// One thing that an answer can show.
enum Sign {
    /// A header has a value that begins so, without regard to case.
    Header(&'static str, &'static str),
    /// The title is this, whole.
    Title(&'static str),
    /// The body holds these bytes.
    Body(&'static str),
    /// The body holds one of these.
    AnyOf(&'static [&'static str]),
    /// There is no `og` tag and little text: no article that only writes about such checks.
    Thin,
    /// There is no `og` tag, no text, and no script from elsewhere: no page that a script fills in.
    Bare,
}

use Sign::{AnyOf, Bare, Body, Header, Thin, Title};

/// Who makes such checks and what all must be seen to name one. Adding one is adding a row; the first that fits is taken.
#[rustfmt::skip]
const FINGERPRINTS: &[(&str, &[Sign])] = &[
    // developers.cloudflare.com/cloudflare-challenges: every challenge carries this header. The script
    // /cdn-cgi/challenge-platform/scripts/jsd/ stands in ordinary pages too, so it proves nothing.
    ("Cloudflare", &[Header("cf-mitigated", "challenge")]),
    ("Cloudflare", &[Title("Just a moment..."), AnyOf(&["_cf_chl_opt", "/cdn-cgi/challenge-platform/h/"])]),
    ("Cloudflare", &[AnyOf(&["window._cf_chl_opt", "cf-browser-verification", "/cdn-cgi/l/chk_jschl"]), Thin]),
    ("Cloudflare", &[Title("Attention Required! | Cloudflare"), Body("cf-error-details")]),
    // docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
    ("AWS WAF", &[Header("x-amzn-waf-action", "challenge")]),
    ("AWS WAF", &[Header("x-amzn-waf-action", "captcha")]),
    ("AWS WAF", &[Body("awsWafCookieDomainList"), Body("gokuProps"), Thin]),
    ("Akamai", &[Title("Access Denied"), AnyOf(&["Reference&#32;&#35;", "Reference #"]), Thin]),
    ("Akamai", &[AnyOf(&["/_sec/cp_challenge/", "sec-if-cpt-container", "bm-verify="]), Thin]),
    ("Imperva", &[Body("/_Incapsula_Resource"), AnyOf(&["main-iframe", "Incapsula incident ID"]), Thin]),
    ("Imperva", &[Body("Pardon Our Interruption"), AnyOf(&["distil_", "interstitial-inprogress"]), Thin]),
    ("DataDome", &[Body("captcha-delivery.com"), Thin]),
    ("HUMAN (PerimeterX)", &[Body("_pxAppId"), Body("px-captcha"), Thin]),
    ("Sucuri", &[Body("sucuri_cloudproxy_js"), Thin]),
    ("Sucuri", &[Title("Sucuri WebSite Firewall - Access Denied")]),
    ("DDoS-Guard", &[Title("DDoS-Guard"), Thin]),
    ("DDoS-Guard", &[Header("server", "ddos-guard"), AnyOf(&["/.well-known/ddos-guard/", "check.ddos-guard.net"]), Thin]),
    ("F5 BIG-IP", &[Title("Request Rejected"), Body("Your support ID is")]),
    ("F5 BIG-IP", &[Body("window[\"bobcmn\"]"), Thin]),
    // The block page of a web firewall common in Korea, answered with 200: seen at courts, kofia.or.kr and newspapers.
    ("Web Firewall", &[Body("contrary to the Web firewall security policies have been blocked"), Thin]),
    // gnuboard's bbs/alert.php: a message in place of the page, such as "no right to read this", with status 200.
    ("gnuboard", &[Body("id=\"validation_check\""), Body("alert("), Thin]),
    // A page that sets a cookie and asks for itself again, as shared hosts and small firewalls do.
    ("JavaScript cookie check", &[Body("document.cookie"), AnyOf(&["location.reload", "location.href", "location.replace", "location ="]), Bare]),
];

/// Bytes of a body that are looked at.
const LOOKED_AT: usize = 64 * 1024;

/// Visible characters from which a page is more than a notice.
const THIN_CHARACTERS: usize = 1_000;

/// Visible characters from which a page is more than nothing.
const BARE_CHARACTERS: usize = 120;

/// Whose check for robots an answer is, if it is one.
pub fn challenge(answer: &Answer<'_>) -> Option<Challenge> {
    let body = answer.body.get(..LOOKED_AT).unwrap_or(answer.body);
    let page = Seen { body, texts: OnceCell::new() };
    FINGERPRINTS.iter().find_map(|(vendor, signs)| {
        let evidence: Option<Vec<String>> = signs.iter().map(|sign| sign.seen(answer, &page)).collect();
        let evidence: Vec<String> = evidence?.into_iter().filter(|part| !part.is_empty()).collect();
        Some(Challenge { vendor, evidence: format!("HTTP {}; {}", answer.status, evidence.join("; ")) })
    })
}

/// The finding for a check that came instead of the page.
pub fn judge(challenge: &Challenge, rulebook: &Rulebook) -> Finding {
    rulebook.finding("challenge-page", &[("vendor", challenge.vendor)]).with_evidence(&challenge.evidence)
}

/// A body, read only as far as signs need it: most pages show none of the bytes that make a sign, and cost no more than
/// the search for them.
struct Seen<'a> {
    body: &'a [u8],
    texts: OnceCell<Texts>,
}

/// The body as text.
struct Texts {
    text: String,
    /// The same in lower case, byte for byte.
    lower: String,
}

impl Seen<'_> {
    fn has(&self, needle: &str) -> bool {
        memmem::find(self.body, needle.as_bytes()).is_some()
    }

    fn texts(&self) -> &Texts {
        self.texts.get_or_init(|| {
            let text = String::from_utf8_lossy(self.body).into_owned();
            Texts { lower: text.to_ascii_lowercase(), text }
        })
    }

    fn has_title(&self, expected: &str) -> bool {
        self.has(expected) && title(self.texts()).is_some_and(|title| title == expected)
    }

    fn has_og(&self) -> bool {
        ["og:title", "og:image", "og:description"].iter().any(|key| self.texts().lower.contains(key))
    }

    /// Visible characters, counted up to `THIN_CHARACTERS`.
    fn characters(&self) -> usize {
        visible(&self.texts().lower)
    }

    fn has_script_file(&self) -> bool {
        self.texts().lower.split("<script").skip(1).any(|rest| {
            let tag = rest.split('>').next().unwrap_or_default();
            tag.contains("src=") && !tag.contains("aes.js")
        })
    }
}

impl Sign {
    /// What is seen of the sign, in words for the evidence; `None` if it is not there.
    fn seen(&self, answer: &Answer<'_>, page: &Seen<'_>) -> Option<String> {
        match self {
            Header(name, value) => {
                let actual = answer.headers.get(*name)?;
                let begins = actual.get(..value.len()).is_some_and(|start| start.eq_ignore_ascii_case(value));
                begins.then(|| format!("{name}: {}", actual.chars().take(80).collect::<String>()))
            }
            Title(title) => page.has_title(title).then(|| format!("<title>{title}</title>")),
            Body(needle) => page.has(needle).then(|| (*needle).to_owned()),
            AnyOf(needles) => needles.iter().find(|needle| page.has(needle)).map(|needle| (*needle).to_owned()),
            Thin => (page.characters() < THIN_CHARACTERS && !page.has_og()).then(String::new),
            Bare => {
                (page.characters() < BARE_CHARACTERS && !page.has_og() && !page.has_script_file()).then(String::new)
            }
        }
    }
}

/// The text of the first `<title>`, ends trimmed.
fn title(texts: &Texts) -> Option<&str> {
    let lower = &texts.lower;
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    Some(texts.text.get(start..end)?.trim())
}

/// Visible characters outside of tags, scripts, styles and comments. `lower` is in lower case.
fn visible(lower: &str) -> usize {
    let mut rest = lower;
    let mut count = 0;
    while count < THIN_CHARACTERS && !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        count += text.chars().filter(|c| !c.is_whitespace()).count();
        let hidden = [("<script", "</script"), ("<style", "</style"), ("<title", "</title"), ("<!--", "-->")];
        let end = hidden.iter().find(|(open, _)| markup.starts_with(open)).map_or(">", |(_, end)| end);
        rest = match markup.find(end) {
            Some(at) => markup.get(at + end.len()..).unwrap_or_default(),
            None => "",
        };
        // What is left of `</script` is `>`.
        rest = if end == ">" || end == "-->" { rest } else { rest.split_once('>').map_or("", |(_, rest)| rest) };
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vendor(status: u16, headers: &[(&str, &str)], body: &str) -> Option<&'static str> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        challenge(&Answer { status, headers: &headers, body: body.as_bytes() }).map(|challenge| challenge.vendor)
    }

    #[test]
    fn each_check_is_told_by_its_fingerprint() {
        for (expected, status, headers, body) in [
            ("Cloudflare", 403, &[("cf-mitigated", "challenge")][..], ""),
            (
                "Cloudflare",
                200,
                &[],
                "<html><head><title>Just a moment...</title></head><body><script>(function(){window._cf_chl_opt = {cvId: '3'};var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1';}());</script></body></html>",
            ),
            (
                "Cloudflare",
                403,
                &[("server", "cloudflare")],
                "<title>Attention Required! | Cloudflare</title><div id=\"cf-error-details\">Sorry, you have been blocked</div>",
            ),
            ("AWS WAF", 202, &[("x-amzn-waf-action", "challenge")], ""),
            ("AWS WAF", 405, &[("x-amzn-waf-action", "captcha")], "<title>Human Verification</title>"),
            (
                "AWS WAF",
                200,
                &[],
                "<title></title><script>window.awsWafCookieDomainList = [];window.gokuProps = {\"key\":\"AQ\"};</script><script src=\"https://1c.token.awswaf.com/1c/challenge.js\"></script><div id=\"challenge-container\"></div>",
            ),
            (
                "Akamai",
                403,
                &[("server", "AkamaiGHost")],
                "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have permission to access \"http&#58;&#47;&#47;shop&#46;example&#47;\" on this server.<P>Reference&#32;&#35;18&#46;6c0c</BODY></HTML>",
            ),
            (
                "Akamai",
                200,
                &[],
                "<html><head><meta http-equiv=\"refresh\" content=\"5; URL='/?bm-verify=AAQ'\" /></head><body></body></html>",
            ),
            (
                "Imperva",
                200,
                &[("x-iinfo", "4-1")],
                "<html style=\"height:100%\"><head><META NAME=\"ROBOTS\" CONTENT=\"NOINDEX, NOFOLLOW\"></head><body><iframe id=\"main-iframe\" src=\"/_Incapsula_Resource?SWUDNSAI=31\">Request unsuccessful. Incapsula incident ID: 1-2</iframe></body></html>",
            ),
            (
                "DataDome",
                403,
                &[("x-datadome", "protected")],
                "<html><head><title>shop</title></head><body><p id=\"cmsg\">Please enable JS</p><script>var dd={'host':'geo.captcha-delivery.com'}</script></body></html>",
            ),
            (
                "HUMAN (PerimeterX)",
                403,
                &[],
                "<title>Access to this page has been denied</title><script>window._pxAppId='PX1';</script><div id=\"px-captcha\"></div>",
            ),
            (
                "Sucuri",
                200,
                &[],
                "<title>You are being redirected...</title><script>var s={};sucuri_cloudproxy_js='';</script>",
            ),
            (
                "DDoS-Guard",
                403,
                &[("server", "ddos-guard")],
                "<!doctype html><html><head><title>DDoS-Guard</title></head><body></body></html>",
            ),
            (
                "F5 BIG-IP",
                200,
                &[],
                "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 123</body></html>",
            ),
            (
                "Web Firewall",
                200,
                &[],
                "<br><center><h2>\nThe request / response that are contrary to the Web firewall security policies have been blocked.\n</h2><table><tr><td>Detect time</td></tr></table></center>",
            ),
            (
                "gnuboard",
                200,
                &[],
                "<!doctype html><html lang=\"ko\"><head><title>오류안내 페이지</title></head><body><script>alert(\"글을 읽을 권한이 없습니다.\");document.location.replace(\"/\");</script><noscript><div id=\"validation_check\"><h1>다음 항목에 오류가 있습니다.</h1></div></noscript></body></html>",
            ),
            (
                "JavaScript cookie check",
                200,
                &[],
                "<html><body><script type=\"text/javascript\" src=\"/aes.js\" ></script><script>function toNumbers(d){}document.cookie=\"__test=\"+toHex(1)+\"; path=/\";location.href=\"http://a.example/?i=1\";</script><noscript>This site requires Javascript to work</noscript></body></html>",
            ),
            ("JavaScript cookie check", 200, &[], "<script>document.cookie='k=1;path=/';location.reload();</script>"),
        ] {
            assert_eq!(vendor(status, headers, body), Some(expected), "{body}");
        }
    }

    #[test]
    fn a_page_that_only_resembles_a_check_is_none() {
        let article = "Cloudflare의 Just a moment... 화면에는 <code>window._cf_chl_opt</code>가 있습니다. ".repeat(60);
        let og = "<meta property=\"og:title\" content=\"글\">";
        for (why, headers, body) in [
            ("an article about checks", &[][..], format!("<title>Just a moment... 없애기</title>{og}<p>{article}")),
            ("a long page about them without tags", &[], format!("<title>방화벽</title><p>{article}")),
            ("a similar title", &[], "<title>Just a moment in time</title><p>x</p>".to_owned()),
            ("the title of a song, alone", &[], "<title>Just a moment...</title><p>lyrics</p>".to_owned()),
            ("Cloudflare's script in an ordinary page", &[("server", "cloudflare")], format!("<title>글</title>{og}<p>글</p><script>(function(){{window.__CF$cv$params={{}};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';}})();</script>")),
            ("the same in an empty shell", &[], "<title>앱</title><div id=root></div><script src=/app.js></script><script>a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>".to_owned()),
            ("Imperva's script in an ordinary page", &[("x-iinfo", "1-2")], "<title>shop</title><script src=\"/_Incapsula_Resource?SWJIYLWA=7\"></script><p>상품</p>".to_owned()),
            ("a shell that keeps a cookie", &[], "<div id=root></div><script>document.cookie='a=1';if(x)location.reload()</script><script src=\"/app.js\"></script>".to_owned()),
            ("a mitigation that is none", &[("cf-mitigated", "none")], "<title>글</title>".to_owned()),
            ("AWS that only counts", &[("x-amzn-waf-action", "count")], "<title>글</title>".to_owned()),
            ("gnuboard's page of an article", &[], format!("<title>게시판</title>{og}<div id=\"validation_check\"></div><script>alert('1')</script>")),
            ("nothing", &[], String::new()),
        ] {
            assert_eq!(vendor(200, headers, &body), None, "{why}");
        }
    }

    #[test]
    fn only_the_start_of_a_body_is_looked_at() {
        let late = format!("<title>a</title>{}<script>window._cf_chl_opt={{}}</script>", " ".repeat(LOOKED_AT));
        assert_eq!(vendor(200, &[], &late), None);
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(body in proptest::collection::vec(any::<u8>(), 0..300), tags in "(<title>|</title|<script|</script>|<!--|<|>|가|-->){0,20}") {
            let headers = BTreeMap::from([("cf-mitigated".to_owned(), "가".to_owned())]);
            challenge(&Answer { status: 200, headers: &headers, body: &body });
            challenge(&Answer { status: 200, headers: &headers, body: tags.as_bytes() });
        }
    }
}

//! What comparisons show, and when they are worth asking for.

use super::*;
use crate::rules::samples;

fn book() -> Rulebook {
    Rulebook::embedded().unwrap()
}

fn answer(of: Subject, who: Asker, outcome: &str, status: u16) -> Comparison {
    let url = if of == Subject::Image { samples::IMAGE } else { "https://a.example/post" };
    Comparison {
        of,
        who,
        url: url.to_owned(),
        effective_url: url.to_owned(),
        outcome: outcome.to_owned(),
        status: Some(status),
        content_type: Some(if of == Subject::Image { "image/jpeg" } else { "text/html" }.to_owned()),
        format: None,
        bytes: Some(81_193),
        title: Some("제목".to_owned()),
        image: None,
        challenge: None,
    }
}

fn subject<'a>(card: &'a Card, image: Option<&'a ImageReport>, others: &'a [Comparison]) -> ComparisonSubject<'a> {
    ComparisonSubject {
        url: "https://a.example/post",
        effective_url: "https://a.example/post",
        user_agent: &UserAgent::Kakao,
        outcome: "ok",
        status: Some(200),
        content_type: Some("text/html"),
        bytes: Some(412),
        challenge: None,
        card: Some(card),
        image,
        comparisons: others,
    }
}

fn judged(subject: &ComparisonSubject<'_>, codes: &[&'static str]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = codes.iter().map(|code| book().finding(*code, &[]).at(14, 3)).collect();
    judge(subject, &mut findings, &book());
    findings.drain(..codes.len());
    findings
}

#[test]
fn a_page_refused_to_kakao_only_is_told_with_a_table() {
    let card = samples::card();
    let others =
        [answer(Subject::Page, Asker::Browser, "ok", 200), answer(Subject::Page, Asker::Facebook, "status-403", 403)];
    let subject = ComparisonSubject { outcome: "status-403", status: Some(403), ..subject(&card, None, &others) };
    let findings = judged(&subject, &["status-403"]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].code, "ua-blocked");
    assert_eq!(
        findings[0].evidence.as_deref(),
        Some(
            "kakaotalk-scrap      403  text/html     412 B\n\
             browser              200  text/html  81,193 B\n\
             facebookexternalhit  403  text/html  81,193 B"
        )
    );
    assert!(findings[0].message.en.contains("answers 403 to Kakao but 200 to a browser"), "{}", findings[0].message.en);
    assert!(findings[0].message.en.contains("facebookexternalhit"), "the shared name is suspected");
}

#[test]
fn a_rule_on_addresses_is_not_suspected_where_the_user_agent_decides() {
    let card = samples::card();
    let left = |browser: &str, status| {
        let others = [answer(Subject::Page, Asker::Browser, browser, status)];
        let refused = ComparisonSubject { outcome: "status-403", status: Some(403), ..subject(&card, None, &others) };
        let mut findings = vec![book().finding("cannot-see-ip-rules", &[])];
        judge(&refused, &mut findings, &book());
        findings.into_iter().map(|finding| finding.code.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(left("ok", 200), ["ua-blocked"]);
    assert_eq!(left("status-403", 403), ["cannot-see-ip-rules"]);
}

#[test]
fn a_page_refused_to_everyone_is_not_blamed_on_the_user_agent() {
    let card = samples::card();
    let others = [
        answer(Subject::Page, Asker::Browser, "status-403", 403),
        answer(Subject::Page, Asker::Facebook, "status-403", 403),
    ];
    let refused = ComparisonSubject { outcome: "status-403", status: Some(403), ..subject(&card, None, &others) };
    assert!(judged(&refused, &["status-403"]).is_empty());
    let served = [answer(Subject::Page, Asker::Browser, "ok", 200)];
    assert!(judged(&subject(&card, None, &served), &[]).is_empty(), "nobody is refused");
}

#[test]
fn a_check_for_robots_that_a_browser_also_meets_is_for_everyone() {
    let card = samples::card();
    let check = Challenge { vendor: "Cloudflare", evidence: String::new() };
    let mut browser = answer(Subject::Page, Asker::Browser, "ok", 200);
    browser.challenge = Some("Cloudflare".to_owned());
    let both = [browser];
    let met = ComparisonSubject { challenge: Some(&check), ..subject(&card, None, &both) };
    assert!(judged(&met, &["challenge-page"]).is_empty());
    let alone = [answer(Subject::Page, Asker::Browser, "ok", 200)];
    let met = ComparisonSubject { comparisons: &alone, ..met };
    assert_eq!(judged(&met, &["challenge-page"])[0].code, "ua-blocked");
}

#[test]
fn a_login_for_kakao_alone_is_told() {
    let card = samples::card();
    let mut browser = answer(Subject::Page, Asker::Browser, "ok", 200);
    let open = [browser.clone()];
    let found = judged(&subject(&card, None, &open), &["login-redirect"]);
    assert!(found[0].message.en.contains("login page"), "{}", found[0].message.en);
    browser.effective_url = "https://a.example/login".to_owned();
    assert!(judged(&subject(&card, None, &[browser]), &["login-redirect"]).is_empty(), "everyone has to log in");
}

#[test]
fn an_image_refused_to_kakao_only_is_told_at_its_tag() {
    let (card, mut image) = (samples::card(), samples::image());
    (image.outcome, image.status) = ("image-status-403".to_owned(), Some(403));
    (image.content_type, image.bytes) = (Some("text/html".to_owned()), Some(412));
    let others = [answer(Subject::Image, Asker::Browser, "ok", 200)];
    let found = judged(&subject(&card, Some(&image), &others), &["image-status-403"]);
    assert_eq!((&*found[0].code, found[0].line, found[0].column), ("ua-blocked", Some(14), Some(3)));
    assert_eq!(
        found[0].evidence.as_deref(),
        Some(
            "https://img.example/a.jpg\n\
             kakaotalk-scrap  403  text/html      412 B\n\
             browser          200  image/jpeg  81,193 B"
        )
    );
    assert!(found[0].message.ko.contains("14행의 og:image 주소가 카카오에는 403, 브라우저에는 200"));
    let mut page = answer(Subject::Image, Asker::Browser, "ok", 200);
    page.content_type = Some("text/html".to_owned());
    assert!(
        judged(&subject(&card, Some(&image), &[page]), &["image-status-403"]).is_empty(),
        "a browser gets no picture either"
    );
}

#[test]
fn an_image_that_only_others_are_given_is_an_error_where_there_is_none() {
    let mut card = samples::card();
    let mut facebook = answer(Subject::Page, Asker::Facebook, "ok", 200);
    facebook.image = Some("https://img.example/other.jpg".to_owned());
    let others = [answer(Subject::Page, Asker::Browser, "ok", 200), facebook];
    assert!(judged(&subject(&card, None, &others), &[]).is_empty(), "Kakao has an og:image of its own");
    let found = judged(&subject(&card, None, &others), &["og-image-missing"]);
    assert_eq!((&*found[0].code, found[0].severity), ("ua-differs", Severity::Warning));
    card.images.clear();
    let found = judged(&subject(&card, None, &others), &["meta-in-body"]);
    assert_eq!((&*found[0].code, found[0].severity), ("ua-differs", Severity::Error));
    assert!(found[0].message.en.contains("Facebook"), "{}", found[0].message.en);
}

#[test]
fn the_page_og_url_names_explains_the_mismatch() {
    let card = samples::card();
    let explained = |theirs: Comparison| {
        let mut findings = vec![book().finding("og-url-mismatch", &[]).with_evidence("og:url x; page y")];
        judge(&subject(&card, None, &[theirs]), &mut findings, &book());
        findings.remove(0)
    };
    let mut theirs = answer(Subject::OgUrl, Asker::Same, "ok", 200);
    theirs.image = Some(samples::IMAGE.to_owned());
    assert_eq!(explained(theirs.clone()).severity, Severity::Info, "the same card");
    theirs.title = Some("쇼핑몰 홈".to_owned());
    let other = explained(theirs.clone());
    assert_eq!(other.severity, Severity::Warning);
    assert!(other.message.ko.ends_with("그 페이지의 제목은 “쇼핑몰 홈”입니다."), "{}", other.message.ko);
    assert_eq!(other.evidence.as_deref(), Some("og:url x; page y; that page: 쇼핑몰 홈 | https://img.example/a.jpg"));
    theirs.outcome = "status-404".to_owned();
    assert!(explained(theirs).message.en.ends_with("That address answers status-404."));
}

#[test]
fn a_shell_for_everyone_says_so() {
    let card = samples::card();
    let more = |browser: Comparison| {
        let mut findings = vec![book().finding("script-only", &[])];
        judge(&subject(&card, None, &[browser]), &mut findings, &book());
        findings[0].message.en.ends_with("A browser is sent the same empty HTML.")
    };
    let mut browser = answer(Subject::Page, Asker::Browser, "ok", 200);
    assert!(more(browser.clone()));
    browser.image = Some("https://img.example/b.jpg".to_owned());
    assert!(!more(browser));
}

#[test]
fn a_healthy_page_asks_nobody() {
    let (card, image) = (samples::card(), samples::image());
    let healthy = subject(&card, Some(&image), &[]);
    assert!(decide(&healthy, &[]).is_empty());
    let remarks = ["image-heavy", "og-title-missing", "robots-disallow"].map(|code| book().finding(code, &[]));
    assert!(decide(&healthy, &remarks).is_empty());
}

#[test]
fn each_trouble_asks_what_would_explain_it() {
    use Asker::{Browser, Facebook, Same};
    use Subject::{Image, OgUrl, Page};
    let (card, mut image) = (samples::card(), samples::image());
    let asked = |outcome: &str, code: &'static str, image: &ImageReport, user_agent: &UserAgent| -> Vec<_> {
        let findings = [book().finding(code, &[])];
        let subject = ComparisonSubject { user_agent, outcome, ..subject(&card, Some(image), &[]) };
        decide(&subject, &findings).into_iter().map(|wanted| (wanted.of, wanted.who)).collect()
    };
    let kakao = UserAgent::Kakao;
    let both = [(Page, Browser), (Page, Facebook)];
    for outcome in ["status-403", "status-404", "connect-reset", "not-html", "redirect-loop"] {
        assert_eq!(asked(outcome, "slow-page", &image, &kakao), both, "{outcome}");
    }
    for outcome in ["dns-failed", "tls-expired", "connect-refused", "address-private", "extraction-failed", "timeout"] {
        assert!(asked(outcome, "slow-page", &image, &kakao).is_empty(), "{outcome}: that is no answer to a user agent");
    }
    for code in SUSPICIOUS_CODES {
        assert_eq!(asked("ok", code, &image, &kakao), both, "{code}");
    }
    assert_eq!(asked("ok", "script-only", &image, &UserAgent::Browser), [(Page, Facebook)]);
    assert_eq!(asked("ok", "og-url-mismatch", &image, &kakao), [(OgUrl, Same)]);
    for outcome in ["image-status-403", "image-not-image"] {
        outcome.clone_into(&mut image.outcome);
        assert_eq!(asked("ok", "slow-page", &image, &kakao), [(Image, Browser), (Image, Facebook)], "{outcome}");
    }
    for outcome in ["image-too-large", "image-unreachable"] {
        outcome.clone_into(&mut image.outcome);
        assert!(asked("ok", "slow-page", &image, &kakao).is_empty(), "{outcome}");
    }
    image.evidence = Some("connect-reset".to_owned());
    assert_eq!(asked("ok", "slow-page", &image, &kakao).len(), 2, "a firewall may cut the connection");
}

const SUSPICIOUS_CODES: [&str; 4] = ["login-redirect", "script-only", "meta-in-body", "og-image-missing"];

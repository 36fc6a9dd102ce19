//! What was wrong on the way to the page: the failure itself, detours, slowness, cuts.
//! It judges values that `fetch` brought home; it asks nobody.

use std::borrow::Cow;

use url::Url;

use super::{Rulebook, login::led_to_login};
use crate::{finding::Finding, kakao::Limits, page::Hop};

/// The way to a page, as far as it went.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    /// `ok` or the failure's code.
    pub outcome: Cow<'static, str>,
    /// What proves the failure.
    pub evidence: Option<String>,
    /// The requests in order.
    pub hops: &'a [Hop],
    /// Decoded bytes that were kept, and whether there were more.
    pub bytes: usize,
    /// True if the cap cut the page.
    pub capped: bool,
}

/// Everything worth saying about the way.
pub fn judge(delivery: &Delivery<'_>, limits: &Limits, rulebook: &Rulebook) -> Vec<Finding> {
    [
        failure(delivery, rulebook),
        login_redirect(delivery, rulebook),
        redirect_many(delivery, limits, rulebook),
        redirect_downgrade(delivery, rulebook),
        slow_page(delivery, limits, rulebook),
        page_truncated(delivery, rulebook),
        cannot_see_ip_rules(delivery, rulebook),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn failure(delivery: &Delivery<'_>, rulebook: &Rulebook) -> Option<Finding> {
    if delivery.outcome == "ok" {
        return None;
    }
    let host = last_host(delivery);
    let finding = rulebook.finding(delivery.outcome.clone(), &[("host", &host)]);
    Some(match &delivery.evidence {
        Some(evidence) => finding.with_evidence(evidence),
        None => finding,
    })
}

/// A redirect that ends at a login page: the card will be the login page's (R3).
fn login_redirect(delivery: &Delivery<'_>, rulebook: &Rulebook) -> Option<Finding> {
    let (first, last) = (delivery.hops.first()?, delivery.hops.last()?);
    led_to_login(&first.url, &last.url)
        .then(|| rulebook.finding("login-redirect", &[("url", &last.url)]).with_evidence(&last.url))
}

fn redirect_many(delivery: &Delivery<'_>, limits: &Limits, rulebook: &Rulebook) -> Option<Finding> {
    let redirects = delivery.hops.len().saturating_sub(1);
    let limit = limits.redirects_warn.value;
    (redirects > limit).then(|| {
        let chain: Vec<&str> = delivery.hops.iter().map(|hop| hop.url.as_str()).collect();
        rulebook
            .finding(
                "redirect-many",
                &[("count", &redirects.to_string()), ("limit", &limits.redirects.value.to_string())],
            )
            .with_evidence(chain.join(" -> "))
    })
}

fn redirect_downgrade(delivery: &Delivery<'_>, rulebook: &Rulebook) -> Option<Finding> {
    let down = delivery.hops.windows(2).find_map(|pair| match pair {
        [from, to] if from.url.starts_with("https:") && to.url.starts_with("http:") => Some((from, to)),
        _ => None,
    });
    down.map(|(from, to)| {
        rulebook.finding("redirect-downgrade", &[]).with_evidence(format!("{} -> {}", from.url, to.url))
    })
}

fn slow_page(delivery: &Delivery<'_>, limits: &Limits, rulebook: &Rulebook) -> Option<Finding> {
    let seconds = delivery.hops.iter().map(|hop| hop.timing_ms.total()).sum::<f64>() / 1000.0;
    let limit = limits.slow_page_seconds.value;
    let slow = delivery.outcome == "ok" && seconds > f64::from(limit);
    slow.then(|| {
        let stages: Vec<String> = delivery
            .hops
            .iter()
            .flat_map(|hop| hop.timing_ms.stages())
            .filter_map(|(name, ms)| ms.filter(|ms| *ms >= 100.0).map(|ms| format!("{name} {ms:.0} ms")))
            .collect();
        rulebook
            .finding("slow-page", &[("seconds", &format!("{seconds:.1}")), ("limit", &limit.to_string())])
            .with_evidence(stages.join(", "))
    })
}

fn page_truncated(delivery: &Delivery<'_>, rulebook: &Rulebook) -> Option<Finding> {
    delivery.capped.then(|| rulebook.finding("page-truncated", &[("bytes", &delivery.bytes.to_string())]))
}

fn cannot_see_ip_rules(delivery: &Delivery<'_>, rulebook: &Rulebook) -> Option<Finding> {
    smells_of_address_rules(&delivery.outcome).then(|| rulebook.finding("cannot-see-ip-rules", &[]))
}

/// True if a failure with this delivery code may come from a filter on addresses or countries, which answers Kakao
/// differently from us.
pub(super) fn smells_of_address_rules(code: &str) -> bool {
    matches!(
        code,
        "connect-refused"
            | "connect-timeout"
            | "connect-reset"
            | "connect-unreachable"
            | "timeout"
            | "status-401"
            | "status-403"
            | "status-406"
            | "status-429"
            | "status-451"
            | "status-503"
    )
}

fn last_host(delivery: &Delivery<'_>) -> String {
    delivery
        .hops
        .last()
        .and_then(|hop| Url::parse(&hop.url).ok())
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kakao::Kakao, page::Timing};

    fn hop(url: &str, wait: f64) -> Hop {
        Hop {
            url: url.to_owned(),
            status: Some(200),
            location: None,
            address: None,
            timing_ms: Timing { wait: Some(wait), ..Timing::default() },
            tls: None,
            server: None,
        }
    }

    fn codes(outcome: &'static str, hops: &[Hop]) -> Vec<String> {
        let delivery = Delivery { outcome: outcome.into(), evidence: None, hops, bytes: 0, capped: false };
        judge(&delivery, &Kakao::embedded().unwrap().limits, &Rulebook::embedded().unwrap())
            .into_iter()
            .map(|finding| finding.code.into_owned())
            .collect()
    }

    #[test]
    fn a_straight_quick_way_is_worth_no_word() {
        assert!(codes("ok", &[hop("https://a.example/", 120.0)]).is_empty());
    }

    #[test]
    fn a_redirect_to_a_login_page_is_told_from_words_that_only_contain_login() {
        let way = |last: &str| codes("ok", &[hop("https://a.example/post", 1.0), hop(last, 1.0)]);
        for login in [
            "https://a.example/login?next=/post",
            "https://a.example/member/login.php",
            "https://nid.a.example/nidlogin.login",
            "https://sso.a.example/x",
        ] {
            assert_eq!(way(login), ["login-redirect"], "{login}");
        }
        for other in ["https://a.example/blogging", "https://author.example/", "https://a.example/signing"] {
            assert!(way(other).is_empty(), "{other}");
        }
        assert!(
            codes("ok", &[hop("https://a.example/login", 1.0), hop("https://a.example/ko/login", 1.0)]).is_empty(),
            "the login page itself was asked for"
        );
    }

    #[test]
    fn three_redirects_are_many_and_two_are_not() {
        let way: Vec<Hop> = (0..4).map(|n| hop(&format!("https://a.example/{n}"), 1.0)).collect();
        assert_eq!(codes("ok", &way), ["redirect-many"]);
        assert!(codes("ok", &way[..3]).is_empty());
    }

    #[test]
    fn a_downgrade_and_a_slow_page_are_named() {
        assert_eq!(
            codes("ok", &[hop("https://a.example/", 1.0), hop("http://a.example/", 1.0)]),
            ["redirect-downgrade"]
        );
        assert_eq!(codes("ok", &[hop("https://a.example/", 3001.0)]), ["slow-page"]);
    }

    #[test]
    fn a_forbidden_page_says_that_address_rules_cannot_be_seen_from_here() {
        assert_eq!(codes("status-403", &[hop("https://a.example/", 1.0)]), ["status-403", "cannot-see-ip-rules"]);
        assert_eq!(codes("status-404", &[hop("https://a.example/", 1.0)]), ["status-404"]);
    }
}

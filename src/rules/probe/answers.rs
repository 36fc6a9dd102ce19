//! What the answers to several askers show: who is refused, who is sent elsewhere, what fails now and then, what is slow.

use super::{
    ProbeSubject,
    detour::{self, Detour},
    got_all, got_some, median,
};
use crate::{
    finding::{Finding, Severity},
    probe::report::Visit,
    rules::{
        Rulebook, delivery,
        evidence::{cut, short, thousands},
    },
};

/// Adds everything worth saying about the answers.
pub(super) fn judge(subject: &ProbeSubject<'_>, findings: &mut Vec<Finding>, rulebook: &Rulebook) {
    if let Some(delivery) = &subject.delivery {
        findings.extend(delivery::judge(delivery, subject.limits, rulebook));
    }
    let Some(kakao) = subject.page("kakao") else { return };
    if let Some(vendor) = &kakao.challenge {
        let finding = rulebook.finding("challenge-page", &[("vendor", vendor)]);
        findings.push(finding.with_evidence(kakao.evidence.as_deref().unwrap_or_default()));
    }
    let refused = refused(subject, kakao, rulebook);
    if refused.as_ref().is_some_and(|finding| !is_for_everyone(finding, subject)) {
        // From the very same address others are served: no rule on addresses has to be suspected.
        findings.retain(|finding| finding.code != "cannot-see-ip-rules");
    }
    findings.extend(refused);
    findings.extend(facebook(subject, kakao, rulebook));
    findings.extend(spelling(subject, kakao, rulebook));
    findings.extend(intermittent(subject, kakao, rulebook));
    let sent = sent_elsewhere(subject, kakao, rulebook);
    findings.extend(other_body(subject, kakao, sent.as_ref(), rulebook));
    findings.extend(sent);
    findings.extend(slow(subject, kakao, rulebook));
    images(subject, findings, rulebook);
}

/// True if Kakao's user agent is led to an app store.
pub(super) fn is_sent_to_a_store(finding: &Finding) -> bool {
    finding.code == "ua-redirected" && finding.severity == Severity::Error
}

/// True if it is led to a page that is not the page of others.
pub(super) fn is_sent_elsewhere(finding: &Finding) -> bool {
    finding.code == "ua-redirected" && finding.severity == Severity::Warning
}

fn is_for_everyone(finding: &Finding, subject: &ProbeSubject<'_>) -> bool {
    finding.code == "blocked-page" && subject.reference().is_none()
}

/// The page is refused to Kakao's user agent every time.
fn refused(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Option<Finding> {
    if got_some(kakao) {
        return None;
    }
    let reference = subject.reference();
    if kakao.notice.is_some() {
        // What the page says stands in the table.
        let finding = match reference {
            Some(_) => rulebook.finding("blocked-page", &[]),
            None => rulebook.finding_in("everyone", "blocked-page", &[]),
        };
        return Some(finding.with_evidence(table(subject, "page")));
    }
    let by = reference?;
    let answer = answer(kakao);
    let values = [("answer", answer.as_str())];
    let mut finding = match kakao.outcome.as_str() {
        "login-redirect" => rulebook.finding_in("login", "ua-blocked", &values),
        "connect-reset" if by.who == "browser" => rulebook.finding_in("closed", "ua-blocked", &values),
        _ if by.who == "facebook" => rulebook.finding_in("facebook", "ua-blocked", &values),
        _ => rulebook.finding("ua-blocked", &values),
    };
    if subject.page("facebook").is_some_and(|facebook| !got_some(facebook)) {
        rulebook.add(&mut finding, "ua-facebook-too", &[]);
    }
    Some(finding.with_evidence(table(subject, "page")))
}

/// A rule on Facebook's name stands by; Kakao's begins with it.
fn facebook(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Option<Finding> {
    let (facebook, browser) = (subject.page("facebook")?, subject.page("browser")?);
    let alone = !got_some(facebook) && got_some(kakao) && got_some(browser);
    alone.then(|| {
        rulebook.finding("facebook-blocked", &[("answer", &answer(facebook))]).with_evidence(table(subject, "page"))
    })
}

fn spelling(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Option<Finding> {
    let older = subject.page("kakao-older")?;
    let finding = match (got_some(kakao), got_some(older)) {
        (true, false) => rulebook.finding("ua-spelling-blocked", &[]),
        (false, true) => rulebook.finding_in("present", "ua-spelling-blocked", &[]).with_severity(Severity::Error),
        _ => return None,
    };
    Some(finding.with_evidence(format!("{}\n{}\n{}", kakao.user_agent, older.user_agent, table(subject, "page"))))
}

/// Some runs fail and others do not.
fn intermittent(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Option<Finding> {
    let mixed = |visit: &Visit| got_some(visit) && !got_all(visit);
    let count = |visits: &[&Visit]| {
        let runs = || visits.iter().flat_map(|visit| &visit.runs);
        (runs().filter(|run| run.outcome != "ok").count().to_string(), runs().count().to_string())
    };
    let finding = if mixed(kakao) {
        let (failed, runs) = count(&[kakao]);
        let values = [("failed", failed.as_str()), ("runs", runs.as_str())];
        // First answered, then refused: our own repeating may have met a limit.
        let first_bad = kakao.runs.iter().position(|run| run.outcome != "ok").unwrap_or_default();
        let late = kakao.runs.iter().skip(first_bad).all(|run| matches!(run.status, Some(403 | 429)));
        if first_bad > 0 && late {
            rulebook.finding_in("rate", "answer-intermittent", &values).with_severity(Severity::Warning)
        } else {
            rulebook.finding("answer-intermittent", &values)
        }
    } else {
        let others: Vec<&Visit> = subject.visits.iter().filter(|visit| visit.of == "page" && mixed(visit)).collect();
        if others.is_empty() || !got_all(kakao) {
            return None;
        }
        let (failed, runs) = count(&others);
        let values = [("failed", failed.as_str()), ("runs", runs.as_str())];
        rulebook.finding_in("others", "answer-intermittent", &values).with_severity(Severity::Warning)
    };
    Some(finding.with_evidence(table(subject, "page")))
}

/// Everyone is answered, but Kakao's user agent at another address.
fn sent_elsewhere(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Option<Finding> {
    let reference = subject.reference().filter(|_| got_some(kakao) && kakao.differs.contains(&"redirect"))?;
    let values = [("url", kakao.effective_url.as_str())];
    let finding = match detour::of(&kakao.effective_url, &reference.effective_url)? {
        Detour::Store => rulebook.finding_in("store", "ua-redirected", &values).with_severity(Severity::Error),
        Detour::Mobile => rulebook.finding_in("mobile", "ua-redirected", &values).with_severity(Severity::Info),
        Detour::Geo => rulebook.finding_in("geo", "ua-redirected", &values),
        Detour::Elsewhere => rulebook.finding("ua-redirected", &values),
    };
    let ways = [kakao, reference].map(|visit| format!("{}: {}", name(visit.who), short(&visit.effective_url)));
    Some(finding.with_evidence(ways.join("\n")))
}

/// Everyone is answered at the same place, but with another page.
fn other_body(
    subject: &ProbeSubject<'_>,
    kakao: &Visit,
    sent: Option<&Finding>,
    rulebook: &Rulebook,
) -> Option<Finding> {
    // Of a page at another address it is known that it is another one.
    let alike = sent.is_none_or(|sent| sent.severity == Severity::Info);
    let browser = subject.page("browser").filter(|_| alike && kakao.differs.contains(&"body"))?;
    // At another host the same relative address names another image.
    if sent.is_some() && kakao.title == browser.title && kakao.image.is_some() == browser.image.is_some() {
        return None;
    }
    let finding = match (&kakao.image, &browser.image) {
        (None, Some(theirs)) => {
            rulebook.finding("ua-differs", &[("image", &short(theirs))]).with_severity(Severity::Error)
        }
        _ => rulebook.finding("ua-other-body", &[]),
    };
    let rows = [kakao, browser].map(|visit| {
        let (title, image) = (visit.title.as_deref().unwrap_or("-"), visit.image.as_deref().unwrap_or("-"));
        let bytes = visit.bytes.map_or_else(|| "-".to_owned(), |bytes| format!("{} B", thousands(bytes)));
        format!("{}: {} | {} | {bytes}", name(visit.who), cut(title, 120), short(image))
    });
    Some(finding.with_evidence(rows.join("\n")))
}

fn slow(subject: &ProbeSubject<'_>, kakao: &Visit, rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = Vec::new();
    let good = |visit: &Visit| visit.runs.iter().filter(|run| run.outcome == "ok").cloned().collect::<Vec<_>>();
    let first = median(good(kakao).iter().filter_map(|run| run.first_byte_ms).collect());
    if let Some(first) = first.filter(|first| *first > subject.thresholds.slow_first_byte_ms) {
        findings.push(rulebook.finding("first-byte-slow", &[("ms", &thousands(first))]).with_evidence(times(kakao)));
    }
    if let Some(browser) = subject.page("browser").filter(|_| kakao.differs.contains(&"slower")) {
        let middle =
            |visit| median(good(visit).iter().map(|run| run.total_ms).collect()).map(thousands).unwrap_or_default();
        let values = [("ms", middle(kakao)), ("browser_ms", middle(browser))];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let evidence = [kakao, browser].map(times).join("\n");
        findings.push(rulebook.finding("ua-slower", &values).with_evidence(evidence));
    }
    findings
}

/// What became of the image that the page names.
fn images(subject: &ProbeSubject<'_>, findings: &mut Vec<Finding>, rulebook: &Rulebook) {
    let Some(kakao) = subject.image("kakao").filter(|image| !got_all(image)) else { return };
    let (tag, line, column) = subject.image_tag.unwrap_or(("og:image", 0, 0));
    let tag = if tag == "img" { "<img>" } else { tag };
    let line_text = line.to_string();
    let host = url::Url::parse(&kakao.effective_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let content_type = kakao.content_type.clone().unwrap_or_else(|| "-".to_owned());
    let values = [
        ("tag", tag),
        ("line", line_text.as_str()),
        ("host", host.as_deref().unwrap_or("-")),
        ("content_type", content_type.as_str()),
        ("url", kakao.effective_url.as_str()),
    ];
    let place = |finding: Finding| if line > 0 { finding.at(line, column) } else { finding };
    let failure = rulebook.finding(image_code(&kakao.outcome), &values);
    let proof = kakao.evidence.clone().unwrap_or_else(|| answer(kakao));
    findings.push(place(failure.with_evidence(format!("{}: {proof}", short(&kakao.url)))));
    if subject.image("browser").is_some_and(got_some) && !got_some(kakao) {
        let answer = answer(kakao);
        let values = [("answer", answer.as_str()), ("tag", tag), ("line", line_text.as_str())];
        let finding = rulebook.finding_in("image", "ua-blocked", &values);
        findings.push(place(finding.with_evidence(format!("{}\n{}", short(&kakao.url), table(subject, "image")))));
    }
}

/// The code of an image's finding, from its delivery code.
fn image_code(outcome: &str) -> String {
    match outcome {
        "address-private" | "port-refused" => "image-private".to_owned(),
        "image-not-image" | "not-html" => "image-not-image".to_owned(),
        "login-redirect" => "image-login-redirect".to_owned(),
        status if status.starts_with("status-") => format!("image-{status}"),
        _ => "image-unreachable".to_owned(),
    }
}

/// A status where there is one, else what happened.
fn answer(visit: &Visit) -> String {
    match (&visit.challenge, visit.status) {
        (Some(vendor), _) => vendor.clone(),
        (None, Some(status)) if visit.outcome.starts_with("status-") => status.to_string(),
        _ => visit.outcome.clone(),
    }
}

/// The name of an asker, as short as in a log.
fn name(who: &str) -> &str {
    match who {
        "kakao" => "kakaotalk-scrap",
        "kakao-older" => "kakaotalk-scrap (2018)",
        "facebook" => "facebookexternalhit",
        other => other,
    }
}

/// Milliseconds of each run.
fn times(visit: &Visit) -> String {
    let runs: Vec<String> = visit
        .runs
        .iter()
        .map(|run| {
            let first = run.first_byte_ms.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
            format!("{first}/{} ms", run.total_ms)
        })
        .collect();
    format!("{}: {}", name(visit.who), runs.join(", "))
}

/// Who got what, run by run; columns line up in a fixed-width font.
fn table(subject: &ProbeSubject<'_>, of: &str) -> String {
    let rows: Vec<[String; 4]> = subject
        .visits
        .iter()
        .filter(|visit| visit.of == of)
        .map(|visit| {
            let mut answers: Vec<String> = visit
                .runs
                .iter()
                .map(|run| match run.status {
                    Some(status) if run.outcome == "ok" || run.outcome.starts_with("status-") => status.to_string(),
                    _ => run.outcome.clone(),
                })
                .collect();
            if answers.windows(2).all(|pair| matches!(pair, [one, other] if one == other)) {
                answers.truncate(1);
            }
            let kind = visit.content_type.as_deref().unwrap_or("-");
            let note = visit.challenge.as_deref().or(visit.notice.as_deref());
            let kind = note.map_or_else(|| kind.to_owned(), |note| format!("{kind} ({note})"));
            let bytes = visit.bytes.map_or_else(|| "-".to_owned(), |bytes| format!("{} B", thousands(bytes)));
            [name(visit.who).to_owned(), answers.join(" "), kind, bytes]
        })
        .collect();
    let width =
        |pick: fn(&[String; 4]) -> &String| rows.iter().map(|row| pick(row).chars().count()).max().unwrap_or_default();
    let (who, answers, kind, bytes) = (width(|r| &r[0]), width(|r| &r[1]), width(|r| &r[2]), width(|r| &r[3]));
    let line = |[a, b, c, d]: &[String; 4]| format!("{a:who$}  {b:answers$}  {c:kind$}  {d:>bytes$}");
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

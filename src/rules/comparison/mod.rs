//! Findings from what others were answered: the same address asked as a browser or as Facebook's crawler, and the page that
//! `og:url` names. It compares values that were brought home; which to bring is `decide`'s to say.

mod decide;

pub use decide::{Wanted, decide};

use super::{
    Challenge, Rulebook,
    evidence::{cut, short, thousands},
    login::led_to_login,
};
use crate::{
    comparison::{Asker, Comparison, Subject},
    extract::Card,
    finding::{Finding, Severity},
    image::ImageReport,
    user_agent::UserAgent,
};

/// What Kakao's user agent got, and what others did.
#[derive(Debug, Clone, Copy)]
pub struct ComparisonSubject<'a> {
    /// The address that was asked for.
    pub url: &'a str,
    /// The address after the last redirect.
    pub effective_url: &'a str,
    /// As whom the report was made.
    pub user_agent: &'a UserAgent,
    /// The report's outcome: `ok`, or a delivery code.
    pub outcome: &'a str,
    /// Status of the page's last answer.
    pub status: Option<u16>,
    /// Its media type.
    pub content_type: Option<&'a str>,
    /// Bytes that were read of it.
    pub bytes: Option<u64>,
    /// The check for robots that came instead of the page, if one did.
    pub challenge: Option<&'a Challenge>,
    /// The card.
    pub card: Option<&'a Card>,
    /// The image a message would show.
    pub image: Option<&'a ImageReport>,
    /// What others were answered; empty when it is still to be decided whom to ask.
    pub comparisons: &'a [Comparison],
}

/// Adds what the comparisons show to the findings, and says more in those that they explain.
pub fn judge(subject: &ComparisonSubject<'_>, findings: &mut Vec<Finding>, rulebook: &Rulebook) {
    let blocked = page_blocked(subject, findings, rulebook).or_else(|| image_blocked(subject, findings, rulebook));
    let differs = differs(subject, findings, rulebook);
    explain_script_only(subject, findings, rulebook);
    explain_og_url(subject, findings, rulebook);
    if blocked.is_some() {
        // From the very same address others are served: no rule on addresses has to be suspected.
        findings.retain(|finding| finding.code != "cannot-see-ip-rules");
    }
    findings.extend(blocked);
    findings.extend(differs);
}

/// The page is refused to Kakao's user agent and given to another.
fn page_blocked(subject: &ComparisonSubject<'_>, findings: &[Finding], rulebook: &Rulebook) -> Option<Finding> {
    let login = findings.iter().any(|finding| finding.code == "login-redirect");
    let refused = decide::is_refused(subject) || login;
    let others: Vec<&Comparison> = subject.of(Subject::Page).collect();
    let served = |other: &&&Comparison| {
        other.outcome == "ok" && other.challenge.is_none() && !led_to_login(&other.url, &other.effective_url)
    };
    let by = others.iter().find(served).filter(|_| refused)?;
    let answer = match (subject.challenge, subject.status) {
        (Some(challenge), _) => challenge.vendor.to_owned(),
        (None, Some(status)) if subject.outcome.starts_with("status-") => status.to_string(),
        _ => subject.outcome.to_owned(),
    };
    let values = [("answer", answer.as_str())];
    let mut finding = match by.who {
        _ if login && subject.outcome == "ok" => rulebook.finding_in("login", "ua-blocked", &values),
        Asker::Facebook => rulebook.finding_in("facebook", "ua-blocked", &values),
        Asker::Browser | Asker::Same => rulebook.finding("ua-blocked", &values),
    };
    let note = |other: &Comparison| served(&&other).then_some(()).is_none();
    suspect_facebook(&mut finding, &others, note, rulebook);
    let same = Row {
        who: subject.name(),
        status: subject.status,
        outcome: subject.outcome,
        content_type: subject.content_type,
        bytes: subject.bytes,
        note: subject.challenge.map(|challenge| challenge.vendor),
    };
    Some(finding.with_evidence(table(same, &others)))
}

/// The image is refused to Kakao's user agent and given to another.
fn image_blocked(subject: &ComparisonSubject<'_>, findings: &[Finding], rulebook: &Rulebook) -> Option<Finding> {
    let image = subject.image.filter(|image| decide::is_image_refused(image))?;
    let others: Vec<&Comparison> = subject.of(Subject::Image).collect();
    let is_picture = |other: &Comparison| {
        let claims = other.content_type.as_deref().is_some_and(|claim| claim.starts_with("image/"));
        other.outcome == "ok" && other.challenge.is_none() && (other.format.is_some() || claims)
    };
    let by = others.iter().find(|other| is_picture(other))?;
    let failure = findings.iter().find(|finding| finding.code == image.outcome);
    let line = failure.and_then(|failure| failure.line);
    let answer = match (image.status, image.outcome.as_str()) {
        (Some(status), outcome) if outcome.starts_with("image-status-") => status.to_string(),
        (_, outcome) => outcome.to_owned(),
    };
    let tag = if image.source == "img" { "<img>" } else { &*image.source };
    let shown_line = line.map_or_else(|| "?".to_owned(), |line| line.to_string());
    let values = [("answer", answer.as_str()), ("tag", tag), ("line", &shown_line)];
    let case = if by.who == Asker::Facebook { "image-facebook" } else { "image" };
    let mut finding = rulebook.finding_in(case, "ua-blocked", &values);
    suspect_facebook(&mut finding, &others, |other| !is_picture(other), rulebook);
    let same = Row {
        who: subject.name(),
        status: image.status,
        outcome: &image.outcome,
        content_type: image.content_type.as_deref(),
        bytes: image.bytes,
        note: None,
    };
    let evidence = format!("{}\n{}", short(&image.url), table(same, &others));
    (finding.line, finding.column) = (line, failure.and_then(|failure| failure.column));
    Some(finding.with_evidence(evidence))
}

/// Where Facebook's crawler is refused as well, a rule on its name may be what refuses Kakao's, which carries it.
fn suspect_facebook(
    finding: &mut Finding,
    others: &[&Comparison],
    refused: impl Fn(&Comparison) -> bool,
    rulebook: &Rulebook,
) {
    if others.iter().any(|other| other.who == Asker::Facebook && refused(other)) {
        rulebook.add(finding, "ua-facebook-too", &[]);
    }
}

/// Everyone is served, but another is given an image that Kakao's user agent is not.
fn differs(subject: &ComparisonSubject<'_>, findings: &[Finding], rulebook: &Rulebook) -> Option<Finding> {
    let card = subject.card.filter(|_| subject.outcome == "ok" && subject.challenge.is_none())?;
    let lacks_image =
        findings.iter().any(|finding| matches!(&*finding.code, "og-image-missing" | "meta-in-body" | "script-only"));
    let ours = card.images.first().map(|image| image.url.as_str());
    let by = subject.of(Subject::Page).filter(|_| lacks_image).find(|other| {
        other.outcome == "ok" && other.challenge.is_none() && other.image.is_some() && other.image.as_deref() != ours
    })?;
    let theirs = short(by.image.as_deref().unwrap_or_default());
    let values = [("image", theirs.as_str())];
    let finding = match by.who {
        Asker::Facebook => rulebook.finding_in("facebook", "ua-differs", &values),
        Asker::Browser | Asker::Same => rulebook.finding("ua-differs", &values),
    };
    let rows = [(subject.name(), Some(&*card.title), ours), (name(by.who), by.title.as_deref(), Some(theirs.as_str()))];
    let rows: Vec<String> = rows
        .into_iter()
        .map(|(who, title, image)| {
            format!("{who}: {} | {}", cut(title.unwrap_or("-"), 120), short(image.unwrap_or("-")))
        })
        .collect();
    let finding = finding.with_evidence(rows.join("\n"));
    Some(if ours.is_none() { finding.with_severity(Severity::Error) } else { finding })
}

/// A page that only a script fills is not Kakao's fault alone if a browser is sent the same.
fn explain_script_only(subject: &ComparisonSubject<'_>, findings: &mut [Finding], rulebook: &Rulebook) {
    let served: Vec<&Comparison> = subject.of(Subject::Page).filter(|other| other.outcome == "ok").collect();
    let same =
        served.iter().any(|other| other.who == Asker::Browser) && served.iter().all(|other| other.image.is_none());
    if let Some(finding) = findings.iter_mut().find(|finding| finding.code == "script-only" && same) {
        rulebook.add(finding, "script-everyone", &[]);
    }
}

/// What the page that `og:url` names says of itself (R20).
fn explain_og_url(subject: &ComparisonSubject<'_>, findings: &mut [Finding], rulebook: &Rulebook) {
    let Some(theirs) = subject.of(Subject::OgUrl).next() else { return };
    let Some(finding) = findings.iter_mut().find(|finding| finding.code == "og-url-mismatch") else { return };
    let evidence = finding.evidence.take().unwrap_or_default();
    if theirs.outcome != "ok" || theirs.challenge.is_some() {
        let answer = theirs.challenge.as_deref().unwrap_or(&theirs.outcome);
        rulebook.add(finding, "og-url-broken", &[("answer", answer)]);
        finding.evidence = Some(format!("{evidence}; og:url answers {answer}"));
        return;
    }
    let title = cut(theirs.title.as_deref().unwrap_or("-"), 120);
    let image = short(theirs.image.as_deref().unwrap_or("-"));
    let same = subject.card.is_some_and(|card| {
        theirs.title.as_deref() == Some(&*card.title)
            && card.images.first().map(|image| image.url.as_str()) == theirs.image.as_deref()
    });
    if same {
        rulebook.add(finding, "og-url-same", &[]);
        finding.severity = Severity::Info;
    } else {
        rulebook.add(finding, "og-url-other", &[("title", &title)]);
    }
    finding.evidence = Some(format!("{evidence}; that page: {title} | {image}"));
}

impl<'a> ComparisonSubject<'a> {
    /// What others were answered to the same question.
    fn of(&self, of: Subject) -> impl Iterator<Item = &'a Comparison> {
        self.comparisons.iter().filter(move |other| other.of == of)
    }

    /// Whom the report was made as, as short as in a log.
    fn name(&self) -> &'static str {
        match self.user_agent {
            UserAgent::Kakao => "kakaotalk-scrap",
            UserAgent::Browser => name(Asker::Browser),
            UserAgent::Facebook => name(Asker::Facebook),
            UserAgent::Custom(_) => name(Asker::Same),
        }
    }
}

fn name(who: Asker) -> &'static str {
    match who {
        Asker::Same => "this user agent",
        Asker::Browser => "browser",
        Asker::Facebook => "facebookexternalhit",
    }
}

/// One line of the table that proves a difference.
struct Row<'a> {
    who: &'static str,
    status: Option<u16>,
    outcome: &'a str,
    content_type: Option<&'a str>,
    bytes: Option<u64>,
    note: Option<&'a str>,
}

/// Who got which status, type and number of bytes; columns line up in a fixed-width font.
fn table(same: Row<'_>, others: &[&Comparison]) -> String {
    let others = others.iter().map(|other| Row {
        who: name(other.who),
        status: other.status,
        outcome: &other.outcome,
        content_type: other.content_type.as_deref(),
        bytes: other.bytes,
        note: other.challenge.as_deref(),
    });
    let rows: Vec<[String; 4]> = std::iter::once(same)
        .chain(others)
        .map(|row| {
            let answer = row.status.map_or_else(|| row.outcome.to_owned(), |status| status.to_string());
            let kind = row.content_type.unwrap_or("-");
            let kind = row.note.map_or_else(|| kind.to_owned(), |note| format!("{kind} ({note})"));
            let bytes = row.bytes.map_or_else(|| "-".to_owned(), |bytes| format!("{} B", thousands(bytes)));
            [row.who.to_owned(), answer, kind, bytes]
        })
        .collect();
    let width =
        |pick: fn(&[String; 4]) -> &String| rows.iter().map(|row| pick(row).chars().count()).max().unwrap_or_default();
    let (who, answer, kind, bytes) = (width(|r| &r[0]), width(|r| &r[1]), width(|r| &r[2]), width(|r| &r[3]));
    let line = |[a, b, c, d]: &[String; 4]| format!("{a:who$}  {b:answer$}  {c:kind$}  {d:>bytes$}");
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;

//! What a probe's answers mean: names, connections and TLS in `way`, pages and images in `answers`, and one verdict over all of it.
//! It judges values that `probe` brought home; it asks nobody.

mod answers;
mod detour;
mod differ;
mod notice;
#[cfg(test)]
mod tests;
mod way;

use super::{Delivery, Rulebook, sort};
use crate::{
    finding::Finding,
    kakao::Limits,
    probe::report::{Connection, Names, Passage, Visit},
};

pub use differ::{Glimpse, differences, median};
pub use notice::notice;

/// All that a probe saw.
#[derive(Debug, Clone)]
pub struct ProbeSubject<'a> {
    /// The host of the page.
    pub host: &'a str,
    /// Why nobody could be dialled, if so: a delivery code and its proof.
    pub stopped: Option<(&'a str, Option<&'a str>)>,
    /// What the name servers said.
    pub dns: Option<&'a Names>,
    /// What came of each address.
    pub connections: &'a [Connection],
    /// What each asker was answered.
    pub visits: &'a [Visit],
    /// The way that Kakao's user agent went to the page.
    pub delivery: Option<Delivery<'a>>,
    /// The tag that names the image, its line and its column.
    pub image_tag: Option<(&'a str, u32, u32)>,
    /// What is known of Kakao's patience.
    pub limits: &'a Limits,
    /// What this program thinks worth a warning.
    pub thresholds: Thresholds,
}

/// From where on something is worth a warning; section `[probe]`.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    /// Days before a certificate's end.
    pub expiry_days: i64,
    /// Milliseconds to the first byte.
    pub slow_first_byte_ms: u64,
    /// Milliseconds a page may take longer for Kakao than for a browser.
    pub slower_ms: u64,
}

/// Everything worth saying, worst first.
pub fn judge(subject: &ProbeSubject<'_>, rulebook: &Rulebook) -> Vec<Finding> {
    let mut findings = way::judge(subject, rulebook);
    answers::judge(subject, &mut findings, rulebook);
    sort(&mut findings);
    findings.dedup_by(|next, first| next.code == first.code && next.message == first.message);
    findings
}

/// All of it in one word, given what was found.
pub fn passage(subject: &ProbeSubject<'_>, findings: &[Finding]) -> Passage {
    if let Some((code, _)) = subject.stopped {
        // The guard's list of ports and our own name servers say nothing about the site.
        let ours =
            matches!(code, "port-refused" | "extraction-failed") || subject.dns.is_some_and(way::nobody_was_asked);
        return if ours { Passage::NotChecked } else { Passage::Closed };
    }
    let Some(kakao) = subject.page("kakao") else {
        let unseen = subject.connections.iter().all(way::no_route_for_ipv6);
        return if unseen { Passage::NotChecked } else { Passage::Closed };
    };
    if kakao.outcome == "extraction-failed" {
        return Passage::NotChecked;
    }
    if !got_some(kakao) {
        // Before TLS stands nobody has said who is asking; here another address of the same name is good.
        if kakao.outcome.starts_with("tls-") && !subject.was_led_away(kakao) {
            return Passage::Partly;
        }
        return if subject.reference().is_some() { Passage::RefusedForKakao } else { Passage::Closed };
    }
    let has = |codes: &[&str]| findings.iter().any(|finding| codes.contains(&&*finding.code));
    if findings.iter().any(answers::is_sent_to_a_store) {
        return Passage::RefusedForKakao;
    }
    let image_lost = subject.image("kakao").is_some_and(|image| !got_all(image));
    let dead = findings.iter().any(way::costs_an_address);
    let other = has(&["ua-differs", "ua-other-body"]) || findings.iter().any(answers::is_sent_elsewhere);
    if !got_all(kakao) || image_lost || dead || other || has(&["ipv6-only"]) { Passage::Partly } else { Passage::Open }
}

impl<'a> ProbeSubject<'a> {
    /// What `who` got of the page.
    fn page(&self, who: &str) -> Option<&'a Visit> {
        self.visits.iter().find(|visit| visit.of == "page" && visit.who == who)
    }

    /// What `who` got of the image.
    fn image(&self, who: &str) -> Option<&'a Visit> {
        self.visits.iter().find(|visit| visit.of == "image" && visit.who == who)
    }

    /// True if the visit ended at another host than the probe's own.
    fn was_led_away(&self, visit: &Visit) -> bool {
        let last = url::Url::parse(&visit.effective_url).ok();
        last.and_then(|url| url.host_str().map(|host| host != self.host)).unwrap_or(true)
    }

    /// Another who gets the page: a browser, or else Facebook's crawler.
    fn reference(&self) -> Option<&'a Visit> {
        ["browser", "facebook"].into_iter().filter_map(|who| self.page(who)).find(|visit| got_some(visit))
    }
}

/// True if the page or image came at least once.
fn got_some(visit: &Visit) -> bool {
    visit.runs.iter().any(|run| run.outcome == "ok")
}

/// True if it came every time.
fn got_all(visit: &Visit) -> bool {
    visit.runs.iter().all(|run| run.outcome == "ok")
}

//! What the probe says, stage by stage. From here is not from Kakao: it can prove that a stage fails for everybody, or that the
//! user agent is refused, but never what becomes of Kakao's addresses.

use super::{
    Case, command,
    report::{Evidence, Says},
};
use crate::{
    finding::{Finding, Severity},
    probe::report::{Connection, Passage, ProbeReport, Visit},
};

/// One stage.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub says: Says,
    /// The code of its sentence.
    pub code: &'static str,
    /// The delivery code that says how it failed, such as `connect-timeout`.
    pub outcome: Option<String>,
    /// The status, where one was answered.
    pub status: Option<u16>,
    pub proof: Option<String>,
    /// A browser fares better here than Kakao's user agent.
    pub for_kakao: bool,
    /// The page says no with a good status: only an application writes such.
    pub is_notice: bool,
}

impl Stage {
    fn new(says: Says, code: &'static str) -> Self {
        Self { says, code, outcome: None, status: None, proof: None, for_kakao: false, is_notice: false }
    }

    /// What fails here may be a rule about addresses: then Kakao may fare differently.
    pub fn may_be_about_addresses(&self) -> bool {
        match (self.outcome.as_deref(), self.status) {
            (Some("connect-timeout" | "connect-unreachable" | "timeout" | "blocked-page" | "challenge-page"), _) => {
                true
            }
            (_, Some(status)) => matches!(status, 401 | 403 | 405 | 406 | 429 | 451),
            (_, None) => false,
        }
    }
}

/// All stages.
#[derive(Debug)]
pub(super) struct Probing<'a> {
    pub report: Option<&'a ProbeReport>,
    pub dns: Stage,
    pub connect: Stage,
    pub tls: Stage,
    pub http: Stage,
    pub image: Stage,
}

impl<'a> Probing<'a> {
    pub fn of(report: Option<&'a ProbeReport>) -> Self {
        let Some(probe) = report else {
            let missing = || Stage::new(Says::Missing, "missing");
            let [dns, connect, tls, http, image] = [missing(), missing(), missing(), missing(), missing()];
            return Self { report, dns, connect, tls, http, image };
        };
        let mut stages = [dns(probe), connect(probe), tls(probe), http(probe), image(probe)];
        if probe.verdict == Passage::NotChecked {
            // Our own guard or limits: that is no failure of the site's.
            for stage in stages.iter_mut().filter(|stage| stage.says == Says::Stops) {
                (stage.says, stage.code) = (Says::Silent, "not-checked");
            }
        }
        let [dns, connect, tls, http, image] = stages;
        Self { report, dns, connect, tls, http, image }
    }

    /// Kakao's user agent gets the page from here.
    pub fn is_open(&self) -> bool {
        self.http.says == Says::Passes
    }

    /// The finding that says most about why, as the probe words it.
    pub fn worst(&self) -> Option<&'a Finding> {
        self.report?.findings.iter().find(|finding| finding.severity == Severity::Error)
    }
}

const OK: &str = "ok";

fn dns(probe: &ProbeReport) -> Stage {
    match &probe.dns {
        None => Stage::new(Says::Passes, "literal"),
        Some(names) if names.outcome == OK => {
            let addresses = names.records.iter().filter(|record| record.kind != "CNAME");
            let shown: Vec<&str> = addresses.map(|record| record.value.as_str()).collect();
            Stage { proof: Some(few(&shown)), ..Stage::new(Says::Passes, "ok") }
        }
        Some(names) => Stage {
            outcome: Some(names.outcome.clone()),
            proof: Some(said(&names.outcome, names.evidence.as_deref())),
            ..Stage::new(Says::Stops, "stops")
        },
    }
}

fn connected(connection: &Connection) -> bool {
    connection.connect_ms.is_some() || connection.outcome == OK
}

fn connect(probe: &ProbeReport) -> Stage {
    let failed: Vec<&Connection> = probe.connections.iter().filter(|one| !connected(one)).collect();
    match (probe.connections.len(), failed.as_slice()) {
        (0, _) => Stage::new(Says::Silent, "not-reached"),
        (all, []) => {
            let shown: Vec<&str> = probe.connections.iter().map(|one| one.address.as_str()).collect();
            Stage { proof: Some(few(&shown)), ..Stage::new(Says::Passes, if all == 1 { "ok" } else { "ok-all" }) }
        }
        (all, [first, ..]) => {
            let whole = failed.len() == all;
            let (says, code) = if whole { (Says::Stops, "stops") } else { (Says::Partly, "partly") };
            // One address that refuses says more than one that times out: somebody is there.
            let tells = failed.iter().find(|one| one.outcome == "connect-refused").unwrap_or(first);
            Stage {
                outcome: Some(tells.outcome.clone()),
                proof: Some(format!("{}: {}", tells.address, said(&tells.outcome, tells.evidence.as_deref()))),
                ..Stage::new(says, code)
            }
        }
    }
}

fn tls(probe: &ProbeReport) -> Stage {
    let made: Vec<_> = probe.connections.iter().filter_map(|one| Some((one, one.tls.as_ref()?))).collect();
    let failed: Vec<_> = made.iter().filter(|(_, tls)| tls.outcome != OK).collect();
    match (made.as_slice(), failed.as_slice()) {
        ([], _) if probe.connections.iter().any(connected) && !probe.requested_url.starts_with("https") => {
            Stage::new(Says::Passes, "none")
        }
        ([], _) => Stage::new(Says::Silent, "not-reached"),
        ([(_, tls), ..], []) => {
            let days = tls.days_left.map(|days| format!("{days} d"));
            let shown: Vec<&str> = [tls.version.as_deref(), days.as_deref()].into_iter().flatten().collect();
            Stage { proof: (!shown.is_empty()).then(|| shown.join(", ")), ..Stage::new(Says::Passes, "ok") }
        }
        (all, [(connection, tls), ..]) => {
            let whole = failed.len() == all.len();
            let (says, code) = if whole { (Says::Stops, "stops") } else { (Says::Partly, "partly") };
            Stage {
                outcome: Some(tls.outcome.clone()),
                proof: Some(format!("{}: {}", connection.address, said(&tls.outcome, connection.evidence.as_deref()))),
                ..Stage::new(says, code)
            }
        }
    }
}

fn visit<'a>(probe: &'a ProbeReport, of: &str, who: &str) -> Option<&'a Visit> {
    probe.visits.iter().find(|visit| visit.of == of && visit.who == who)
}

/// Whether every run got what it asked for, some did, or none.
fn fared(visit: &Visit) -> Says {
    if visit.challenge.is_some() || visit.notice.is_some() {
        return Says::Stops;
    }
    let good = visit.runs.iter().filter(|run| run.outcome == OK).count();
    match (visit.outcome.as_str(), good) {
        (OK, _) => Says::Passes,
        (_, 0) => Says::Stops,
        (_, _) => Says::Partly,
    }
}

fn http(probe: &ProbeReport) -> Stage {
    let Some(kakao) = visit(probe, "page", "kakao") else { return Stage::new(Says::Silent, "not-reached") };
    let browser = visit(probe, "page", "browser").map(fared);
    // The probe sees refusals that look like answers, such as a page that says no with status 200.
    let refused = probe.verdict == Passage::RefusedForKakao;
    let says = if refused { Says::Stops } else { fared(kakao) };
    let for_kakao = refused || (says == Says::Stops && browser == Some(Says::Passes));
    let code = match says {
        Says::Passes => "ok",
        Says::Partly => "partly",
        _ if for_kakao => "stops-kakao",
        _ => "stops",
    };
    answered(kakao, says, code, for_kakao)
}

fn image(probe: &ProbeReport) -> Stage {
    let Some(kakao) = visit(probe, "image", "kakao") else { return Stage::new(Says::Silent, "none") };
    let says = fared(kakao);
    let for_kakao = says == Says::Stops && visit(probe, "image", "browser").map(fared) == Some(Says::Passes);
    let code = match says {
        Says::Passes => "ok",
        Says::Partly => "partly",
        _ if for_kakao => "stops-kakao",
        _ => "stops",
    };
    answered(kakao, says, code, for_kakao)
}

fn answered(visit: &Visit, says: Says, code: &'static str, for_kakao: bool) -> Stage {
    let status = visit.status.map(|status| status.to_string());
    let seen = visit.challenge.as_deref().or(visit.notice.as_deref());
    let outcome = if visit.outcome == OK { seen.unwrap_or(OK) } else { &visit.outcome };
    let shown: Vec<&str> = [status.as_deref(), (outcome != OK).then_some(outcome), Some(&visit.effective_url)]
        .into_iter()
        .flatten()
        .collect();
    Stage {
        outcome: (says != Says::Passes).then(|| visit.outcome.clone()),
        status: visit.status,
        proof: Some(shown.join(" ")),
        for_kakao,
        is_notice: visit.notice.is_some() || visit.outcome == "blocked-page",
        ..Stage::new(says, code)
    }
}

fn said(outcome: &str, evidence: Option<&str>) -> String {
    match evidence {
        Some(evidence) => format!("{outcome} ({evidence})"),
        None => outcome.to_owned(),
    }
}

/// The first few of many.
fn few(all: &[&str]) -> String {
    let more = all.len().saturating_sub(FEW);
    let shown: Vec<&str> = all.iter().take(FEW).copied().collect();
    if more > 0 { format!("{} (+{more})", shown.join(", ")) } else { shown.join(", ") }
}

const FEW: usize = 4;

pub(super) fn evidence(case: &Case<'_>) -> [Evidence; 5] {
    let Probing { dns, connect, tls, http, image, .. } = &case.probing;
    [("dns", dns), ("connect", connect), ("tls", tls), ("http", http), ("image", image)].map(|(kind, stage)| {
        let ask = || format!("scraplens probe {}", command::quoted(&case.parts.requested_url));
        Evidence {
            proof: stage.proof.clone(),
            command: (stage.says == Says::Missing).then(ask),
            ..case.row(kind, stage.says, stage.code, &[])
        }
    })
}

//! A probe's report for people: the verdict, the stages in the order in which a visit meets them, who was answered what, and
//! what to do. Pure: a report in, text out.

use anstyle::Style;

use super::{
    super::{
        grid::{Column, Grid},
        report::{self, paper::Paper, text::Span},
        style::{BOLD, DIM, ERROR, GOOD, Screen, WARNING},
    },
    words::Words,
};
use crate::{
    probe::report::{Connection, Handshake, Names, OutboundReport, Passage, ProbeReport, Visit},
    rules::thousands,
};

/// The report.
pub(super) fn render(report: &ProbeReport, screen: &Screen) -> String {
    let words = Words::of(screen.language);
    let mut paper = Paper::new(screen.width);
    let (style, mark) = match report.verdict {
        Passage::Open => (GOOD, "✓"),
        Passage::Partly | Passage::NotChecked => (WARNING, "!"),
        Passage::RefusedForKakao | Passage::Closed => (ERROR, "✗"),
    };
    paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[Span::new(style, words.pick(&report.headline))]);
    paper.address(&[Span::blank(2)], &Span::ink(&report.requested_url));
    if let Some(names) = &report.dns {
        write_names(names, &mut paper, words);
    }
    write_connections(words.connections, &report.connections, &mut paper, words);
    write_visits(words.pages, "page", &report.visits, &mut paper, words);
    write_visits(words.images, "image", &report.visits, &mut paper, words);
    report::write_findings(&report.findings, &mut paper, screen.language);
    write_limits(report, &mut paper, words);
    paper.gap();
    let at = report.probed_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    paper.line(&[Span::bold(words.asked), Span::blank(2), Span::ink(at)]);
    paper.finish()
}

/// The report about Kakao's hosts.
pub(super) fn render_outbound(report: &OutboundReport, screen: &Screen) -> String {
    let words = Words::of(screen.language);
    let mut paper = Paper::new(screen.width);
    let (style, mark) = if report.reachable { (GOOD, "✓") } else { (ERROR, "✗") };
    paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &[Span::new(style, words.pick(&report.headline))]);
    paper.block(&[Span::blank(2)], 2, &[Span::ink(words.pick(&report.advice))]);
    paper.heading(words.hosts, &[]);
    let widest = report.hosts.iter().map(|host| Span::ink(&host.host).columns()).max().unwrap_or_default();
    for host in &report.hosts {
        let lead = [outcome_mark(&host.outcome), Span::blank(1), Span::bold(&host.host).padded(widest), Span::blank(2)];
        let mut facts: Vec<Span> = not_ok(&host.outcome).into_iter().collect();
        facts.extend(host.connections.iter().map(|connection| {
            let ms = connection.connect_ms.map(|ms| format!(" {} ms", thousands(ms))).unwrap_or_default();
            let style = if connection.outcome == "ok" { DIM } else { ERROR };
            Span::new(style, format!("{}{ms}", connection.address))
        }));
        paper.items(&[&[Span::blank(2)][..], &lead].concat(), 6, &facts, " · ");
        let failed = host.connections.iter().filter_map(|connection| connection.evidence.as_deref());
        for evidence in host.dns.evidence.as_deref().into_iter().chain(failed).take(EVIDENCE) {
            paper.quote(&Span::dim("      │ "), &[Span::ink(evidence)], QUOTED_LINES);
        }
        if let Some(advice) = &host.advice {
            paper.block(&[Span::blank(6)], 6, &[Span::ink(words.pick(advice))]);
        }
    }
    paper.finish()
}

fn write_names(names: &Names, paper: &mut Paper, words: &Words) {
    let mut notes: Vec<Span> = not_ok(&names.outcome).into_iter().collect();
    notes.extend(words.source(names.source).map(Span::dim));
    // What there is none of is not in the records.
    notes.extend(
        names
            .kinds
            .iter()
            .filter(|lookup| lookup.outcome != "ok")
            .map(|lookup| Span::dim(format!("{} {}", lookup.kind, lookup.outcome))),
    );
    notes.push(Span::dim(format!("{} ms", thousands(names.ms))));
    paper.heading(words.names, &notes);
    quote(names.evidence.as_deref(), paper);
    let mut grid =
        Grid::new([Column::shrinking("", 5), Column::text("", 9), Column::shrinking("", 8), Column::number("", 2)]);
    for record in &names.records {
        let ttl = words.seconds.replacen("{}", &thousands(u64::from(record.ttl)), 1);
        grid.row([Span::dim(&record.name), Span::dim(record.kind), Span::bold(&record.value), Span::dim(ttl)]);
    }
    grid.write(2, paper);
}

fn write_connections(title: &str, connections: &[Connection], paper: &mut Paper, words: &Words) {
    if connections.is_empty() {
        return;
    }
    paper.heading(title, &[]);
    let mut grid = Grid::new([
        Column::text("", 9),
        Column::text(words.address, 9),
        Column::number("TCP", 5),
        Column::number(words.tls, 5),
        Column::text(words.version, 3),
        Column::number(words.days, 4),
        Column::text(words.outcome, 8),
    ]);
    let ms = |ms: Option<u64>| Span::ink(ms.map(|ms| format!("{} ms", thousands(ms))).unwrap_or_default());
    for connection in connections {
        let tls = connection.tls.as_ref();
        let outcome = outcome_of(connection);
        let days = tls.and_then(|tls| tls.days_left);
        grid.row([
            outcome_mark(outcome),
            Span::bold(&connection.address),
            ms(connection.connect_ms),
            ms(tls.and_then(|tls| tls.ms)),
            Span::ink(tls.and_then(|tls| tls.version.as_deref()).unwrap_or_default()),
            Span::ink(days.map(|days| words.days_left.replacen("{}", &days.to_string(), 1)).unwrap_or_default()),
            not_ok(outcome).unwrap_or_else(|| Span::blank(0)),
        ]);
    }
    grid.write(2, paper);
    let mut shown: Vec<&Handshake> = Vec::new();
    for connection in connections {
        if outcome_of(connection) != "ok" {
            // Where nobody is there, the address is all the proof there is, and it stands above.
            quote(connection.evidence.as_deref().filter(|evidence| *evidence != connection.address), paper);
        }
        // Most addresses of a name show one certificate; it is told once.
        if let Some(tls) = connection.tls.as_ref()
            && !shown.iter().any(|known| known.chain == tls.chain && known.versions == tls.versions)
        {
            write_chain(tls, paper, words);
            shown.push(tls);
        }
    }
}

fn write_chain(tls: &Handshake, paper: &mut Paper, words: &Words) {
    for (depth, certificate) in tls.chain.iter().take(MOST_CERTIFICATES).enumerate() {
        let mut facts = vec![Span::ink(&certificate.subject), Span::dim(format!("← {}", certificate.issuer))];
        facts.push(Span::dim(format!("{} – {}", certificate.not_before, certificate.not_after)));
        let lead = if depth == 0 { Span::dim(words.certificate) } else { Span::dim("+") };
        paper.items(&[Span::blank(4), lead, Span::blank(1)], 6, &facts, " · ");
    }
    let mut facts: Vec<Span> = Vec::new();
    if let Some(missing) = &tls.missing {
        facts.push(Span::new(ERROR, words.missing.replacen("{}", missing, 1)));
    }
    if !tls.versions.is_empty() {
        facts.push(Span::dim(words.takes.replacen("{}", &tls.versions.join(", "), 1)));
    }
    if !facts.is_empty() {
        paper.items(&[Span::blank(4)], 6, &facts, " · ");
    }
}

fn write_visits(title: &str, of: &str, visits: &[Visit], paper: &mut Paper, words: &Words) {
    let visits: Vec<&Visit> = visits.iter().filter(|visit| visit.of == of).collect();
    let Some(first) = visits.first() else { return };
    paper.gap();
    paper.address(&[Span::bold(title), Span::blank(2)], &Span::ink(&first.url));
    let mut grid = Grid::new([
        Column::text("", 9),
        Column::text(words.asker, 9),
        Column::number(words.status, 9),
        Column::number(words.size, 7),
        Column::number(words.spread, 5),
        Column::number(words.runs, 1),
        Column::text(words.differs, 8),
        Column::shrinking(words.title, 4),
    ]);
    for visit in &visits {
        grid.row(row(visit, words));
    }
    grid.write(2, paper);
    for visit in visits {
        let who = || Span::dim(format!("{}: ", words.who(visit.who)));
        if visit.effective_url != visit.url {
            paper.address(&[Span::blank(4), who(), Span::dim("→ ")], &Span::ink(&visit.effective_url));
        }
        if let Some(challenge) = &visit.challenge {
            let said = Span::new(WARNING, words.challenge.replacen("{}", challenge, 1));
            paper.block(&[Span::blank(4), who()], 6, &[said]);
        }
        if let Some(notice) = &visit.notice {
            paper.block(&[Span::blank(4), who()], 6, &[Span::new(WARNING, notice)]);
        }
        if let Some(evidence) = visit.evidence.as_deref().filter(|evidence| !evidence.is_empty()) {
            paper.block(&[Span::blank(4), who()], 6, &[Span::dim(evidence)]);
        }
    }
}

fn row(visit: &Visit, words: &Words) -> [Span; 8] {
    let ok = visit.outcome == "ok";
    let status = visit.status.map(|status| status.to_string());
    let refused = visit.status.is_none_or(|status| status >= 400);
    let answered = visit.runs.iter().filter(|run| run.outcome == "ok").count();
    let spread = visit.spread.map(|spread| {
        let [min, median, max] = [spread.min, spread.median, spread.max].map(thousands);
        format!("{min} · {median} · {max} ms")
    });
    // A status says it all; other failures have a name only.
    let differs: Vec<&str> = visit.differs.iter().map(|code| words.difference(code)).collect();
    let named = (!ok && !visit.outcome.starts_with("status-")).then_some(visit.outcome.as_str());
    let said: Vec<&str> = named.into_iter().chain(differs).collect();
    [
        outcome_mark(&visit.outcome),
        Span::bold(words.who(visit.who)),
        Span::new(if refused { ERROR } else { BOLD }, status.unwrap_or_else(|| "✗".to_owned())),
        Span::ink(visit.bytes.map(|bytes| format!("{} B", thousands(bytes))).unwrap_or_default()),
        Span::ink(spread.unwrap_or_default()),
        Span::new(if answered < visit.runs.len() { WARNING } else { DIM }, format!("{answered}/{}", visit.runs.len())),
        Span::new(if ok { WARNING } else { ERROR }, said.join(", ")),
        Span::ink(visit.title.as_deref().unwrap_or_default()),
    ]
}

fn write_limits(report: &ProbeReport, paper: &mut Paper, words: &Words) {
    if report.limits.is_empty() {
        return;
    }
    paper.heading(words.limits, &[]);
    for limit in &report.limits {
        paper.block(&[Span::blank(2), Span::dim("– ")], 4, &[Span::ink(words.pick(limit))]);
    }
}

/// The outcome of the first stage that failed.
fn outcome_of(connection: &Connection) -> &str {
    match &connection.tls {
        Some(tls) if connection.outcome == "ok" => &tls.outcome,
        _ => &connection.outcome,
    }
}

fn outcome_mark(outcome: &str) -> Span {
    let (style, mark): (Style, &str) = if outcome == "ok" { (GOOD, "✓") } else { (ERROR, "✗") };
    Span::new(style, mark)
}

fn not_ok(outcome: &str) -> Option<Span> {
    (outcome != "ok").then(|| Span::new(ERROR, outcome))
}

fn quote(evidence: Option<&str>, paper: &mut Paper) {
    if let Some(evidence) = evidence.filter(|evidence| !evidence.is_empty()) {
        paper.quote(&Span::dim("    │ "), &[Span::ink(evidence)], QUOTED_LINES);
    }
}

/// Rows that a quoted answer may take.
const QUOTED_LINES: usize = 3;
/// Failed connections of one host that are quoted.
const EVIDENCE: usize = 3;
/// Certificates of a chain that are told; more are sent by mistake or in malice, and `--json` has them.
const MOST_CERTIFICATES: usize = 4;

#[cfg(test)]
mod tests;

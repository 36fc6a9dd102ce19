//! The rules that weigh the evidence. The first rule that holds decides.
//!
//! | # | what is known | verdict | layer |
//! |---|---|---|---|
//! | 1 | log, recent: Kakao's requests were refused, all of them, those for this page, or every page at last | blocked | by status and dump, see [`by_log`] |
//! | 2 | log, recent: some were refused | partly | likewise |
//! | 3 | log, recent: the page is not there (404, 410) | partly | application |
//! | 4 | log, recent: served, but a dump refuses part of the ranges | partly | the dump's |
//! | 5 | log, recent: served, but images were refused; or they fail from here, too | partly | web server or application |
//! | 6 | log, recent: served. A dump or a probe that says otherwise is a conflict | reachable | |
//! | 7 | probe: no names | blocked | dns |
//! | 8 | dump of a network layer: every range is refused | blocked | network |
//! | 9 | probe: no connection for anybody; but where it times out and a dump lets every range in: cannot tell | blocked | network |
//! | 10 | probe: no TLS for anybody | blocked | tls |
//! | 11 | dump of a web server: every range is refused | blocked | web server |
//! | 12 | probe: Kakao's user agent is refused, a browser is not | blocked | web server; application where a dump of the web server allows it |
//! | 13 | probe: nobody gets the page; but where it may be a rule about addresses and a dump lets every range in: cannot tell | blocked | web server; application for 404, 410, 5xx |
//! | 14 | dump of an application: every range is refused | blocked | application |
//! | 15 | log, old: refused, partly, or not there, as 1 to 3 | as 1 to 3 | as 1 to 3 |
//! | 16 | dump: part of the ranges is refused | partly | the dump's |
//! | 17 | probe: some addresses, some handshakes, some answers, or the image fail | partly | network, tls, web server or application |
//! | 18 | log, old: served | reachable | |
//! | 19 | dump: every range is let in, probe: Kakao's user agent gets the page, and no log speaks against it | reachable | |
//! | 20 | anything else | cannot tell | |
//!
//! 1 to 6 come first because nothing weighs as much as a request that really came; 7 to 14 stand in the order of a packet's way.

use super::{
    Case,
    arrivals::{Arrivals, Fared},
    dumps::Refusal,
    probing::Stage,
    report::{Blocker, LayerKind, Reachability, Says},
};
use crate::{acl::report::Standing, finding::Text};

/// What was decided.
#[derive(Debug)]
pub(super) struct Decision {
    pub verdict: Reachability,
    pub headline: Text,
    pub blocker: Option<Blocker>,
    /// The code of the reason, which advice goes by.
    pub reason: &'static str,
}

/// Weighs the evidence by the rules above.
pub(super) fn decide(case: &Case<'_>) -> Decision {
    by_recent_log(case)
        .or_else(|| stopped(case))
        .or_else(|| case.arrivals.as_ref().and_then(|arrivals| by_log(case, arrivals)))
        .or_else(|| partly(case))
        .or_else(|| let_in(case))
        .unwrap_or_else(|| unknown(case))
}

/// Rules 1 to 6.
fn by_recent_log(case: &Case<'_>) -> Option<Decision> {
    let arrivals = case.arrivals.as_ref().filter(|arrivals| !arrivals.old)?;
    if let Some(refused) = by_log(case, arrivals) {
        return Some(refused);
    }
    if arrivals.fared != Fared::Served {
        return None;
    }
    let image = &case.probing.image;
    let refusal = case.dumps.as_ref().filter(|dumps| dumps.standing() == Standing::Partial);
    Some(match refusal.and_then(|dumps| dumps.refusals.first()) {
        Some(refusal) => by_dump(case, Reachability::Partly, refusal),
        None if arrivals.images_refused() => {
            stop(case, Reachability::Partly, web_or_application(case, None), "log-images", &[])
        }
        None if image.says == Says::Stops => by_stage(case, Reachability::Partly, image, "image"),
        None => passes(case, "served"),
    })
}

/// Rules 1 to 3: what the log shows to be refused.
fn by_log(case: &Case<'_>, arrivals: &Arrivals<'_>) -> Option<Decision> {
    let verdict = match arrivals.fared {
        Fared::Refused => Reachability::Blocked,
        Fared::Partly => Reachability::Partly,
        Fared::NotFound => return Some(stop(case, Reachability::Partly, LayerKind::Application, "log-not-found", &[])),
        Fared::Served | Fared::Absent | Fared::Silent => return None,
    };
    let status = arrivals.status.unwrap_or_default();
    let shown = arrivals.status.map_or_else(|| "?".to_owned(), |status| status.to_string());
    let values = [("status", shown.as_str())];
    let rule = |layer| case.dumps.as_ref().and_then(|dumps| dumps.refusal(layer));
    Some(match (status, rule(LayerKind::WebServer), rule(LayerKind::Application)) {
        // Kakao hung up and servers that break are no rule's doing, whatever rules there are.
        (499 | 408 | 460, ..) => stop(case, verdict, LayerKind::Application, "log-slow", &values),
        (500.., ..) => stop(case, verdict, LayerKind::Application, "log-broken", &values),
        (_, Some(refusal), _) | (_, None, Some(refusal)) => {
            let mut decision = by_dump(case, verdict, refusal);
            decision.reason = "log-rule";
            if let Some(blocker) = &mut decision.blocker {
                blocker.reason = case.say("reason", "log-rule", &values);
            }
            decision
        }
        (444, ..) => stop(case, verdict, LayerKind::WebServer, "log-closed", &values),
        (_, None, None) => {
            let http = &case.probing.http;
            let layer = web_or_application(case, None);
            let code = match (layer, http.says, http.for_kakao) {
                (LayerKind::Application, ..) => "log-application",
                (_, Says::Stops, true) => "log-agent",
                (_, Says::Passes, _) => "log-address",
                _ => "log-refused",
            };
            stop(case, verdict, layer, code, &values)
        }
    })
}

/// Rules 7 to 14, in the order of a packet's way.
fn stopped(case: &Case<'_>) -> Option<Decision> {
    let probing = &case.probing;
    let denied = case.dumps.as_ref().filter(|dumps| dumps.standing() == Standing::Denied);
    let refusal = denied.and_then(|dumps| dumps.refusals.first());
    let by_rule = |layer| {
        refusal.filter(|refusal| refusal.layer == layer).map(|refusal| by_dump(case, Reachability::Blocked, refusal))
    };
    let by_probe = |stage: &Stage, code| {
        (stage.says == Says::Stops).then(|| {
            if stage.may_be_about_addresses() && !stage.for_kakao && rules_allow(case) {
                return doubt(case, "contradiction");
            }
            by_stage(case, Reachability::Blocked, stage, code)
        })
    };
    by_probe(&probing.dns, "dns")
        .or_else(|| by_rule(LayerKind::Network))
        .or_else(|| by_probe(&probing.connect, "connect"))
        .or_else(|| by_probe(&probing.tls, "tls"))
        .or_else(|| by_rule(LayerKind::WebServer))
        .or_else(|| by_probe(&probing.http, if probing.http.for_kakao { "agent" } else { "http" }))
        .or_else(|| by_rule(LayerKind::Application))
        // A dump of several layers may refuse everything without one line that does.
        .or_else(|| refusal.map(|refusal| by_dump(case, Reachability::Blocked, refusal)))
}

/// Rules 16 and 17.
fn partly(case: &Case<'_>) -> Option<Decision> {
    let partial = case.dumps.as_ref().filter(|dumps| dumps.standing() == Standing::Partial);
    if let Some(refusal) = partial.and_then(|dumps| dumps.refusals.first()) {
        return Some(by_dump(case, Reachability::Partly, refusal));
    }
    let probing = &case.probing;
    let stages = [
        (&probing.connect, "connect-partly"),
        (&probing.tls, "tls-partly"),
        (&probing.http, "http-partly"),
        (&probing.image, "image"),
    ];
    let mut failing = stages.into_iter().filter(|(stage, _)| matches!(stage.says, Says::Partly | Says::Stops));
    failing.next().map(|(stage, code)| by_stage(case, Reachability::Partly, stage, code))
}

/// Rules 18 and 19.
fn let_in(case: &Case<'_>) -> Option<Decision> {
    match case.arrivals.as_ref().map(|arrivals| arrivals.fared) {
        Some(Fared::Served) => Some(passes(case, "served-before")),
        Some(Fared::Absent) => None,
        _ => (rules_allow(case) && case.probing.is_open()).then(|| passes(case, "rules")),
    }
}

/// Rule 20: what would have to be known.
fn unknown(case: &Case<'_>) -> Decision {
    let fared = case.arrivals.as_ref().map(|arrivals| arrivals.fared);
    let standing = case.dumps.as_ref().map(super::dumps::Dumps::standing);
    doubt(
        case,
        match (fared, standing, case.probing.is_open()) {
            (Some(Fared::Absent), ..) => "absent",
            (_, Some(Standing::Undetermined), _) => "undetermined",
            (_, Some(Standing::Allowed), _) => "rules-only",
            (_, _, true) => "probe-only",
            (..) => "nothing",
        },
    )
}

fn rules_allow(case: &Case<'_>) -> bool {
    case.dumps.as_ref().is_some_and(|dumps| dumps.standing() == Standing::Allowed)
}

/// Whose refusal a status is, if no line is known to be: the application's where the web server's rules let Kakao in.
fn web_or_application(case: &Case<'_>, status: Option<u16>) -> LayerKind {
    let broken = status.is_some_and(|status| matches!(status, 404 | 410 | 500..));
    let allowed = case.dumps.as_ref().is_some_and(|dumps| dumps.allows(LayerKind::WebServer));
    if broken || allowed { LayerKind::Application } else { LayerKind::WebServer }
}

fn passes(case: &Case<'_>, code: &'static str) -> Decision {
    let headline = case.say("headline", code, &[]);
    Decision { verdict: Reachability::Reachable, headline, blocker: None, reason: code }
}

fn doubt(case: &Case<'_>, code: &'static str) -> Decision {
    let headline = case.say("headline", code, &[]);
    Decision { verdict: Reachability::CannotTell, headline, blocker: None, reason: code }
}

fn by_dump(case: &Case<'_>, verdict: Reachability, refusal: &Refusal<'_>) -> Decision {
    let networks = refusal.networks.len().to_string();
    let values = [("how", refusal.how.unwrap_or("?")), ("networks", &networks), ("layer", &refusal.by.layer)];
    let code = if verdict == Reachability::Blocked { "rule" } else { "rule-partly" };
    let mut decision = stop(case, verdict, refusal.layer, code, &values);
    if let Some(blocker) = &mut decision.blocker {
        blocker.name = Some(refusal.by.layer.clone());
        blocker.place = refusal.place();
        blocker.line.clone_from(&refusal.by.text);
    }
    decision
}

fn by_stage(case: &Case<'_>, verdict: Reachability, stage: &Stage, code: &'static str) -> Decision {
    let layer = match code {
        "dns" => LayerKind::Dns,
        "connect" | "connect-partly" => LayerKind::Network,
        "tls" | "tls-partly" => LayerKind::Tls,
        _ if stage.is_notice => LayerKind::Application,
        _ => web_or_application(case, stage.status),
    };
    stop(case, verdict, layer, code, &[("proof", stage.proof.as_deref().unwrap_or_default())])
}

fn stop(
    case: &Case<'_>,
    verdict: Reachability,
    layer: LayerKind,
    code: &'static str,
    values: &[(&str, &str)],
) -> Decision {
    let verdict_word = if verdict == Reachability::Blocked { "blocked" } else { "partly" };
    // Without a line that decides nobody can tell a web server's rule from one of the application behind it; nginx's 444 can.
    let where_to = match (layer, code) {
        (LayerKind::WebServer, "rule" | "rule-partly" | "log-closed") => layer.word(),
        (LayerKind::WebServer, _) => "web-server-or-application",
        _ => layer.word(),
    };
    Decision {
        verdict,
        headline: case.say("headline", &format!("{verdict_word}-{where_to}"), &[]),
        blocker: Some(Blocker { layer, name: None, reason: case.say("reason", code, values), place: None, line: None }),
        reason: code,
    }
}

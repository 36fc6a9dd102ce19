//! Evidence that does not fit together. It is told, never hidden: somebody's picture of the way in is wrong.

use super::{
    Case,
    arrivals::Fared,
    report::{LayerKind, Says},
};
use crate::{acl::report::Standing, finding::Text};

pub(super) fn conflicts(case: &Case<'_>) -> Vec<Text> {
    codes(case).into_iter().map(|code| case.say("conflict", code, &[])).collect()
}

fn codes(case: &Case<'_>) -> Vec<&'static str> {
    let probing = &case.probing;
    let arrived = case.arrivals.as_ref().is_some_and(super::arrivals::Arrivals::came);
    let fared = case.arrivals.as_ref().map(|arrivals| arrivals.fared);
    let served = matches!(fared, Some(Fared::Served | Fared::NotFound));
    let denied = case.dumps.as_ref().filter(|dumps| dumps.standing() == Standing::Denied);
    let denied_at = denied.and_then(|dumps| dumps.refusals.first()).map(|refusal| refusal.layer);
    let closed_to_all = [&probing.dns, &probing.connect, &probing.tls, &probing.http]
        .into_iter()
        .any(|stage| stage.says == Says::Stops && !stage.for_kakao);
    let web_allows = case.dumps.as_ref().is_some_and(|dumps| dumps.allows(LayerKind::WebServer));
    let refused = matches!(fared, Some(Fared::Refused | Fared::Partly));
    // A server that breaks or is slow is no rule's doing.
    let by_rule = case
        .arrivals
        .as_ref()
        .and_then(|arrivals| arrivals.status)
        .is_some_and(|status| !matches!(status, 408 | 460 | 499 | 500..));
    let rules_allow = case.dumps.as_ref().is_some_and(|dumps| dumps.standing() == Standing::Allowed);
    let rows = [
        (denied_at == Some(LayerKind::Network) && arrived, "network-denied-but-came"),
        (denied_at == Some(LayerKind::WebServer) && served, "web-denied-but-served"),
        (web_allows && refused && by_rule, "web-allows-but-refused"),
        (probing.http.says == Says::Stops && probing.http.for_kakao && served, "agent-refused-but-served"),
        (closed_to_all && served, "closed-here-but-served"),
        (probing.is_open() && fared == Some(Fared::Refused) && by_rule, "open-here-but-refused"),
        (closed_to_all && rules_allow && !arrived, "closed-here-but-allowed"),
    ];
    rows.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect()
}
